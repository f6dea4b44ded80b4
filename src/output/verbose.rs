//! Owns what `-v` tells of a hop: the heads that went out and came in, and what became of each cookie.
//! Does not decide; it reads the trace.

use http::{HeaderMap, HeaderName};
use url::Position;

use crate::exchange::trace::Hop;
use crate::output::judgement::{Look, fact, name, verdict, withheld};
use crate::output::style::Meaning;
use crate::output::{head, sanitize};

/// The request, while it goes out.
pub fn request(hop: &Hop, look: Look) -> String {
    let url = &hop.request.url;
    let target = &url[Position::BeforePath..Position::AfterQuery];
    // Over https the version is settled only in the handshake.
    let version = match (hop.request.version, url.scheme()) {
        (Some(version), _) => format!(" {}", head::version(version)),
        (None, "http") => " HTTP/1.1".to_owned(),
        (None, _) => String::new(),
    };
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let mut lines = vec![format!("> {} {target}{version}", hop.request.method)];
    if !hop.request.headers.contains_key(http::header::HOST) {
        lines.push(format!("> Host: {host}"));
    }
    lines.extend(headers('>', &hop.request.headers, |name, value| look.secrets.request_header(name, value)));
    lines.push(">".to_owned());
    lines.extend(facts(hop, look).into_iter().map(starred));
    lines.join("\n") + "\n"
}

/// The response's head, and the verdict on each `Set-Cookie`.
pub fn response(hop: &Hop, look: Look) -> String {
    let Some(response) = &hop.response else { return String::new() };
    let mut lines = vec![format!("< {}", sanitize::line(&head::status_line(response)))];
    lines.extend(headers('<', &response.headers, |name, value| look.secrets.header(name, value)));
    lines.push("<".to_owned());
    lines.extend(hop.receipts.iter().flat_map(|receipt| verdict(receipt, look)).map(starred));
    lines.join("\n") + "\n"
}

/// What is worth knowing of the request's cookies and headers.
fn facts(hop: &Hop, look: Look) -> Vec<String> {
    let quiet = |word, text: String| fact(word, Meaning::Quiet, &text, look);
    let cookies = &hop.cookies;
    let on_loopback = cookies.secure_on_loopback.iter().map(|key| {
        quiet("note", format!("{} is Secure, and sent because the host is loopback", name(&key.name)))
    });
    let by_hand = cookies
        .replaced_by_hand
        .iter()
        .map(|key| quiet("by hand", format!("{} takes the place of the jar's", name(&key.name))));
    let withheld = cookies.withheld.iter().map(|(key, why)| withheld(key, *why, look));
    let held_back = hop
        .held_back
        .iter()
        .map(|name| quiet("held back", format!("{} was given for another origin", head::title_case(name))));
    on_loopback.chain(by_hand).chain(withheld).chain(held_back).collect()
}

fn headers(
    mark: char,
    headers: &HeaderMap,
    shown: impl Fn(&HeaderName, &[u8]) -> String,
) -> impl Iterator<Item = String> {
    headers.iter().map(move |(name, value)| {
        format!("{mark} {}: {}", head::title_case(name), shown(name, value.as_bytes()))
    })
}

fn starred(line: String) -> String {
    format!("* {line}")
}
