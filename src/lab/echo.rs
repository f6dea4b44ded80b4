//! Owns `/echo`: the request told back as JSON, so that a client can see what it really sent.
//! Does not promise the case of header names, nor the order among different names when one is repeated: hyper keeps neither.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::{Request, StatusCode};
use serde_json::{Value, json};

use super::answer::{self, Answer};
use super::cookie;

pub(super) fn answer(request: &Request<Bytes>) -> Answer {
    answer::pretty_json(StatusCode::OK, &description(request))
}

fn description(request: &Request<Bytes>) -> Value {
    let headers = request.headers();
    let header_pairs = headers.iter().map(|(name, value)| pair(name.as_str().as_bytes(), value.as_bytes()));
    let cookies = cookie::pairs(headers).map(|(name, value)| pair(name, value));
    let mut value = json!({
        "method": request.method().as_str(),
        "target": request.uri().to_string(),
        "version": format!("{:?}", request.version()),
        "headers": header_pairs.collect::<Value>(),
        "cookies": cookies.collect::<Value>(),
    });
    match str::from_utf8(request.body()) {
        Ok(text) => value["body"] = text.into(),
        Err(_) => value["body_base64"] = STANDARD.encode(request.body()).into(),
    }
    value
}

fn pair(name: &[u8], value: &[u8]) -> Value {
    json!([String::from_utf8_lossy(name), String::from_utf8_lossy(value)])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(body: &'static [u8]) -> Request<Bytes> {
        Request::post("/echo?q=%20")
            .header("x-one", "1")
            .header("cookie", "a=1; b")
            .body(Bytes::from_static(body))
            .expect("a legal request")
    }

    #[test]
    fn a_request_is_told_back_in_full() {
        let expected = json!({
            "method": "POST",
            "target": "/echo?q=%20",
            "version": "HTTP/1.1",
            "headers": [["x-one", "1"], ["cookie", "a=1; b"]],
            "cookies": [["a", "1"], ["", "b"]],
            "body": "ü",
        });
        assert_eq!(description(&request("ü".as_bytes())), expected);
    }

    #[test]
    fn a_body_that_is_not_text_comes_as_base64() {
        let value = description(&request(b"\xff\x00"));
        assert_eq!(value["body_base64"], "/wA=");
        assert_eq!(value.get("body"), None);
    }
}
