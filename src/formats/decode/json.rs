//! Owns JSON in values: whether a text is some, and Laravel's envelope.
//! Does not change it: it stays as it was written.

use serde::Deserialize;
use serde::de::IgnoredAny;

use crate::formats::decode::layer::{Kind, Layer};
use crate::formats::decode::{Inner, Peeled, Piece};

/// An object or an array; a number or a word is JSON as well, and no more than what it is.
pub fn structure(octets: &[u8]) -> Option<&str> {
    let begins = matches!(octets.trim_ascii_start().first(), Some(b'{' | b'['));
    let text = begins.then(|| std::str::from_utf8(octets).ok()).flatten()?;
    serde_json::from_str::<IgnoredAny>(text).ok().map(|_| text)
}

/// Laravel's envelope, by the fields that its encrypter writes.
pub fn laravel(piece: Piece) -> Option<Peeled> {
    if piece.octets.first() != Some(&b'{') {
        return None;
    }
    let envelope: Envelope = serde_json::from_slice(piece.octets).ok()?;
    let is_hex = envelope.mac.len() == 64 && envelope.mac.bytes().all(|octet| octet.is_ascii_hexdigit());
    // AES-GCM has a tag in the place of a MAC.
    let is_tagged = envelope.mac.is_empty() && envelope.tag.is_some_and(|tag| !tag.is_empty());
    let is_whole = !envelope.iv.is_empty() && !envelope.value.is_empty();
    let layer = Layer::certain(Kind::Laravel);
    (is_whole && (is_hex || is_tagged)).then_some(Peeled { layer, inner: Inner::Encrypted })
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Envelope {
    iv: String,
    value: String,
    mac: String,
    tag: Option<String>,
}
