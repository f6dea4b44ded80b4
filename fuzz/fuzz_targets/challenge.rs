//! Owns the way of `WWW-Authenticate`, whatever a server writes, to the answer by Digest.
//! Does not check the answer; the vectors of the RFC do.

#![no_main]

use http::header::WWW_AUTHENTICATE;
use http::{HeaderMap, HeaderValue, Method};
use kuki::exchange::challenge::of_head;
use kuki::exchange::digest::Session;
use kuki::exchange::login::Credentials;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|lines: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in lines.split(|octet| *octet == b'\n').take(64) {
        if let Ok(line) = HeaderValue::from_bytes(line) {
            headers.append(WWW_AUTHENTICATE, line);
        }
    }
    let challenges = of_head(&headers);
    assert!(challenges.len() <= 32, "more than is looked at");
    if let Some(mut session) = Session::best(&challenges) {
        let who = Credentials { user: b"ada".to_vec(), password: b"lovelace".to_vec() };
        let first = session.answer(&who, &Method::GET, "/a?b", "0123");
        assert!(first.is_none_or(|line| line.as_bytes().starts_with(b"Digest ")));
    }
});
