//! Owns the wrappings of text: URL-encoding, and quotes that are part of a value.
//! Does not know what the text is.

use percent_encoding::percent_decode;

use crate::formats::decode::layer::{Kind, Layer};
use crate::formats::decode::{Inner, Peeled, Piece};

/// Every `%` stands before two hexadecimal digits, and what comes out is text.
pub fn url(piece: Piece) -> Option<Peeled> {
    let octets = piece.octets;
    let mut escapes = octets.iter().enumerate().filter(|(_, octet)| **octet == b'%').peekable();
    escapes.peek()?;
    let is_escape =
        |at: usize| octets.get(at + 1..at + 3).is_some_and(|digits| digits.iter().all(u8::is_ascii_hexdigit));
    escapes.all(|(at, _)| is_escape(at)).then_some(())?;
    let decoded: Vec<u8> = percent_decode(octets).collect();
    std::str::from_utf8(&decoded).ok()?;
    Some(Peeled { layer: Layer::certain(Kind::Url), inner: Inner::Octets(decoded) })
}

/// `"…"`, as JSON or as Python's http.cookies writes it, which escapes by octal numbers.
pub fn quotes(piece: Piece) -> Option<Peeled> {
    let inside = piece.octets.strip_prefix(b"\"")?.strip_suffix(b"\"")?;
    let text = match serde_json::from_slice::<String>(piece.octets) {
        Ok(text) => text.into_bytes(),
        Err(_) => unescaped(inside)?,
    };
    Some(Peeled { layer: Layer::certain(Kind::Quotes), inner: Inner::Octets(text) })
}

/// `\054` is an octet, `\"` and `\\` are themselves; a quote alone would have ended it.
fn unescaped(mut text: &[u8]) -> Option<Vec<u8>> {
    let mut plain = Vec::with_capacity(text.len());
    while let Some((first, rest)) = text.split_first() {
        let (octet, after) = match (first, rest) {
            (b'\\', [a @ b'0'..=b'3', b @ b'0'..=b'7', c @ b'0'..=b'7', after @ ..]) => {
                ((a - b'0') << 6 | (b - b'0') << 3 | (c - b'0'), after)
            }
            (b'\\', [itself, after @ ..]) => (*itself, after),
            (b'\\' | b'"', _) => return None,
            (octet, after) => (*octet, after),
        };
        plain.push(octet);
        text = after;
    }
    Some(plain)
}
