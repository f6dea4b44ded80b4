//! Owns how data is written as a form, and how it joins a URL's query.
//! Does not know where the data comes from.

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, percent_encode};
use url::Url;

/// All but what RFC 3986 leaves as it is everywhere; a space becomes a `+` afterwards.
const VALUE: &AsciiSet = &NON_ALPHANUMERIC.remove(b' ').remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// A value as `application/x-www-form-urlencoded` has it.
pub fn encoded(octets: &[u8]) -> Vec<u8> {
    percent_encode(octets, VALUE).to_string().replace(' ', "+").into_bytes()
}

/// Puts this behind what a URL's query holds already.
pub fn extend_query(url: &mut Url, added: &[u8]) {
    // The URL's own rules encode spaces and quotes, but would leave line ends out.
    let added = percent_encode(added, CONTROLS).to_string();
    let query = match url.query() {
        Some(query) if !query.is_empty() && query.ends_with('&') => format!("{query}{added}"),
        Some(query) if !query.is_empty() => format!("{query}&{added}"),
        _ => added,
    };
    url.set_query(Some(&query));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_keeps_what_is_unreserved_and_writes_a_space_as_a_plus() {
        let text = |octets: &[u8]| String::from_utf8(encoded(octets)).expect("ASCII");
        assert_eq!(text("a b&c=ü+/~_.-*".as_bytes()), "a+b%26c%3D%C3%BC%2B%2F~_.-%2A");
        assert_eq!(text(b"\r\n\xff"), "%0D%0A%FF");
    }

    #[test]
    fn a_query_grows_behind_what_it_holds() {
        for (url, added, expected) in [
            ("http://h/", "a=1", "http://h/?a=1"),
            ("http://h/?", "a=1", "http://h/?a=1"),
            ("http://h/?z", "a=1&b", "http://h/?z&a=1&b"),
            ("http://h/?z&", "a", "http://h/?z&a"),
            ("http://h/", "a b#\"\n", "http://h/?a%20b%23%22%0A"),
        ] {
            let mut url = Url::parse(url).expect("a URL");
            extend_query(&mut url, added.as_bytes());
            assert_eq!(url.as_str(), expected);
        }
    }
}
