//! Owns the shape of an answer: a status, a whole body, and the headers that each answer carries.
//! Does not know any route, nor what a body says; Content-Length and HEAD are hyper's.

use bytes::Bytes;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HeaderName, HeaderValue, LOCATION};
use http::{Response, StatusCode};
use http_body_util::Full;
use serde_json::Value;

pub(super) type Answer = Response<Full<Bytes>>;

pub(super) fn text(status: StatusCode, body: impl Into<Bytes>) -> Answer {
    answer(status, "text/plain; charset=utf-8", body.into())
}

pub(super) fn html(status: StatusCode, page: String) -> Answer {
    answer(status, "text/html; charset=utf-8", page.into())
}

/// One line, as an API answers.
pub(super) fn json(status: StatusCode, value: &Value) -> Answer {
    answer(status, "application/json", format!("{value}\n").into())
}

/// Laid out over many lines, for a reader.
pub(super) fn pretty_json(status: StatusCode, value: &Value) -> Answer {
    answer(status, "application/json", format!("{value:#}\n").into())
}

pub(super) fn redirect(status: StatusCode, location: HeaderValue) -> Answer {
    let body = [b"on to ", location.as_bytes(), b"\n"].concat();
    with(text(status, body), LOCATION, location)
}

/// The answer with one more header; one of the same name stays.
pub(super) fn with(mut answer: Answer, name: HeaderName, value: HeaderValue) -> Answer {
    answer.headers_mut().append(name, value);
    answer
}

fn answer(status: StatusCode, content_type: &'static str, body: Bytes) -> Answer {
    let mut answer = Response::new(Full::new(body));
    *answer.status_mut() = status;
    let headers = answer.headers_mut();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}
