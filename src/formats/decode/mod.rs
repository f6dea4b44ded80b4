//! Owns what a cookie's value says: its layers are undone one after another, each named, until nothing more is certain.
//! Does not check signatures, which needs keys, and takes nothing for what it only might be.

mod base64;
mod compression;
mod django;
mod express;
mod itsdangerous;
mod json;
mod jwt;
pub mod layer;
mod payload;
mod text;

use crate::formats::decode::layer::{Content, Decoded, Layer, Stop};

/// No value in use comes near; a bomb would.
const MOST_OCTETS: usize = 4 << 20;
const MOST_LAYERS: usize = 16;

/// One layer, and what it was around.
struct Peeled {
    layer: Layer,
    inner: Inner,
}

enum Inner {
    Encrypted,
    Octets(Vec<u8>),
    /// What a signer wrote: where it looks like its way to write, it is.
    Payload(Vec<u8>),
    TooLarge,
}

/// What lies before a reader: the octets, and whether a signer wrote them.
#[derive(Clone, Copy)]
struct Piece<'a> {
    octets: &'a [u8],
    is_payload: bool,
}

/// The strictest come first, and base64, which so much text looks like, comes last.
const READERS: [fn(Piece) -> Option<Peeled>; 11] = [
    json::laravel,
    express::signed,
    express::json,
    jwt::read,
    django::read,
    itsdangerous::read,
    text::quotes,
    text::url,
    compression::read,
    base64::aspnet,
    base64::read,
];

pub fn decode(value: &[u8]) -> Decoded {
    let (mut layers, mut octets, mut is_payload) = (Vec::new(), value.to_vec(), false);
    loop {
        if octets.len() > MOST_OCTETS {
            return Decoded { layers, content: content(octets), stop: Some(Stop::TooLarge) };
        }
        let piece = Piece { octets: &octets, is_payload };
        let Some(Peeled { layer, inner }) = peel(piece) else {
            return Decoded { layers, content: content(octets), stop: None };
        };
        if layers.len() == MOST_LAYERS {
            return Decoded { layers, content: content(octets), stop: Some(Stop::TooDeep) };
        }
        layers.push(layer);
        (octets, is_payload) = match inner {
            Inner::Encrypted => return Decoded { layers, content: Content::Encrypted, stop: None },
            Inner::Octets(octets) => (octets, false),
            Inner::Payload(octets) => (octets, true),
            Inner::TooLarge => {
                return Decoded { layers, content: Content::Octets(Vec::new()), stop: Some(Stop::TooLarge) };
            }
        };
    }
}

fn peel(piece: Piece) -> Option<Peeled> {
    READERS.iter().find_map(|read| read(piece))
}

fn content(octets: Vec<u8>) -> Content {
    if let Some(text) = json::structure(&octets) {
        return Content::Json(text.to_owned());
    }
    match String::from_utf8(octets) {
        Ok(text) => Content::Text(text),
        Err(error) => Content::Octets(error.into_bytes()),
    }
}

#[cfg(test)]
#[path = "tests.rs"]
mod tests;
