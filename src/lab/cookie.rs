//! Owns the reading of a request's Cookie header, as octets, the way a server sees it.
//! Does not judge a cookie: a server is not told its path, its domain or its age.

use http::HeaderMap;
use http::header::COOKIE;

/// Each cookie as (name, value), in the order received; one without `=` has no name.
pub(super) fn pairs(headers: &HeaderMap) -> impl Iterator<Item = (&[u8], &[u8])> {
    headers
        .get_all(COOKIE)
        .into_iter()
        .flat_map(|header| header.as_bytes().split(|&octet| octet == b';'))
        .map(<[u8]>::trim_ascii)
        .filter(|pair| !pair.is_empty())
        .map(split)
}

fn split(pair: &[u8]) -> (&[u8], &[u8]) {
    match pair.iter().position(|&octet| octet == b'=') {
        Some(equals) => (&pair[..equals], &pair[equals + 1..]),
        None => (b"", pair),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    #[test]
    fn cookies_of_all_headers_are_read_in_order() {
        let mut headers = HeaderMap::new();
        headers.append(COOKIE, HeaderValue::from_static("a=1; b=x=y;; bare"));
        headers.append(COOKIE, HeaderValue::from_bytes(b"c=\xff").expect("legal"));
        let read: Vec<_> = pairs(&headers).collect();
        let expected: [(&[u8], &[u8]); 4] = [(b"a", b"1"), (b"b", b"x=y"), (b"", b"bare"), (b"c", b"\xff")];
        assert_eq!(read, expected);
    }
}
