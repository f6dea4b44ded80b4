//! Owns the query of `/set`: from its pairs to the Set-Cookie lines, octet by octet.
//! Does not judge a cookie: the odd and the broken are what people practise with.

use std::fmt;

use http::HeaderValue;
use percent_encoding::percent_decode;

#[derive(Debug, PartialEq)]
pub(super) enum Refusal {
    /// An attribute stands before any cookie that it could belong to.
    AttributeFirst { attribute: String },
    /// No header can carry this octet.
    Control { line: Vec<u8>, octet: u8 },
    /// The query names no cookie.
    Empty,
}

/// The Set-Cookie values a query asks for: an attribute joins the cookie before it, `line` is a whole one.
pub(super) fn lines(query: &str) -> Result<Vec<HeaderValue>, Refusal> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (key, value) = decode_pair(pair);
        if is_attribute(&key) {
            let Some(line) = lines.last_mut() else {
                let attribute = key.escape_ascii().to_string();
                return Err(Refusal::AttributeFirst { attribute });
            };
            line.extend_from_slice(b"; ");
            line.extend(join(key, value));
        } else if key == b"line" {
            lines.push(value.unwrap_or_default());
        } else {
            lines.push(join(key, value));
        }
    }
    if lines.is_empty() {
        return Err(Refusal::Empty);
    }
    lines.into_iter().map(header).collect()
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::AttributeFirst { attribute } => {
                write!(f, "the attribute {attribute} stands before any cookie; put a name=value before it")
            }
            Refusal::Control { line, octet } => write!(
                f,
                "the cookie \"{}\" holds the control octet 0x{octet:02x}, which no header can carry",
                line.escape_ascii()
            ),
            Refusal::Empty => f.write_str("name a cookie, as in /set?theme=dark&Path=/&HttpOnly"),
        }
    }
}

fn header(line: Vec<u8>) -> Result<HeaderValue, Refusal> {
    match line.iter().find(|&&octet| is_control(octet)) {
        Some(&octet) => Err(Refusal::Control { line, octet }),
        None => Ok(HeaderValue::from_bytes(&line).expect("all but control octets are legal")),
    }
}

fn is_control(octet: u8) -> bool {
    octet.is_ascii_control() && octet != b'\t'
}

fn is_attribute(key: &[u8]) -> bool {
    ATTRIBUTES.iter().any(|name| key.eq_ignore_ascii_case(name.as_bytes()))
}

fn decode_pair(pair: &str) -> (Vec<u8>, Option<Vec<u8>>) {
    match pair.split_once('=') {
        Some((key, value)) => (decode(key), Some(decode(value))),
        None => (decode(pair), None),
    }
}

/// `form_urlencoded` would replace what is not UTF-8; a cookie may hold any octet.
fn decode(text: &str) -> Vec<u8> {
    percent_decode(text.replace('+', " ").as_bytes()).collect()
}

fn join(mut key: Vec<u8>, value: Option<Vec<u8>>) -> Vec<u8> {
    if let Some(value) = value {
        key.push(b'=');
        key.extend(value);
    }
    key
}

const ATTRIBUTES: [&str; 8] =
    ["Domain", "Expires", "HttpOnly", "Max-Age", "Partitioned", "Path", "SameSite", "Secure"];

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn sets(query: &str, expected: &[&[u8]]) {
        let lines = lines(query).expect("accepted");
        let lines: Vec<_> = lines.iter().map(HeaderValue::as_bytes).collect();
        assert_eq!(lines, expected);
    }

    #[track_caller]
    fn refused(query: &str, sentence: &str) {
        let refusal = lines(query).expect_err("refused");
        assert_eq!(refusal.to_string(), sentence);
    }

    #[test]
    fn an_attribute_belongs_to_the_cookie_before_it() {
        sets(
            "a=1&pATH=/x&Secure&b=2&Max-Age=60&&HttpOnly=",
            &[b"a=1; pATH=/x; Secure", b"b=2; Max-Age=60; HttpOnly="],
        );
    }

    #[test]
    fn a_cookie_may_lack_its_name_or_its_sign() {
        sets("=v&bare&a=b=c", &[b"=v", b"bare", b"a=b=c"]);
    }

    #[test]
    fn a_line_is_sent_as_it_is() {
        sets(
            "line=a%3D1;+path=%2f;%20X%3dy&line=%ff%09&Secure&line=",
            &[b"a=1; path=/; X=y", b"\xff\t; Secure", b""],
        );
    }

    #[test]
    fn octets_that_are_not_text_are_kept() {
        sets("%ff=%E9+%2B%zz", &[b"\xff=\xe9 +%zz"]);
    }

    #[test]
    fn what_cannot_be_sent_is_refused_by_name() {
        refused("", "name a cookie, as in /set?theme=dark&Path=/&HttpOnly");
        refused("Path=/&a=1", "the attribute Path stands before any cookie; put a name=value before it");
        refused(
            "a=1&b=%0D%0Ax",
            "the cookie \"b=\\r\\nx\" holds the control octet 0x0d, which no header can carry",
        );
        refused("a=%7f", "the cookie \"a=\\x7f\" holds the control octet 0x7f, which no header can carry");
    }
}
