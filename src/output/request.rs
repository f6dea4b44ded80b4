//! Owns a request's head as text: exact, or with its secrets masked where people read it.
//! Does not decide which of them it is.

use http::HeaderName;
use http::header::{HOST, TRANSFER_ENCODING};
use url::Position;

use crate::exchange::request::Outgoing;
use crate::output::head::{title_case, version};
use crate::output::redact::Secrets;

/// The request line, the headers, and the blank line; `None` masks nothing.
pub fn head(request: &Outgoing, secrets: Option<Secrets>) -> Vec<u8> {
    let url = &request.url;
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let version = request.version.map_or("HTTP/1.1", version);
    let mut head = format!("{} {target} {version}\r\n", request.method).into_bytes();
    let mut line = |name: &HeaderName, value: &[u8]| {
        head.extend_from_slice(title_case(name).as_bytes());
        head.extend_from_slice(b": ");
        match secrets {
            Some(secrets) => head.extend_from_slice(secrets.request_header(name, value).as_bytes()),
            None => head.extend_from_slice(value),
        }
        head.extend_from_slice(b"\r\n");
    };
    if !request.headers.contains_key(HOST) {
        line(&HOST, url[Position::BeforeHost..Position::AfterPort].as_bytes());
    }
    for (name, value) in &request.headers {
        line(name, value.as_bytes());
    }
    if request.body.as_ref().is_some_and(|body| body.length().is_none()) {
        line(&TRANSFER_ENCODING, b"chunked");
    }
    head.extend_from_slice(b"\r\n");
    head
}
