//! Owns compressed values: gzip and zlib, which both have a head and a checksum to be known by.
//! Does not let one grow without bounds.

use std::io::Read;

use flate2::read::{GzDecoder, ZlibDecoder};

use crate::formats::decode::layer::{Kind, Layer};
use crate::formats::decode::{Inner, MOST_OCTETS, Peeled, Piece};

pub fn read(piece: Piece) -> Option<Peeled> {
    let octets = piece.octets;
    match octets {
        [0x1f, 0x8b, 8, ..] => bounded(Kind::Gzip, GzDecoder::new(octets)),
        _ if is_zlib(octets) => bounded(Kind::Zlib, ZlibDecoder::new(octets)),
        _ => None,
    }
}

/// By its first two octets (RFC 1950 2.2), with no dictionary.
pub fn is_zlib(octets: &[u8]) -> bool {
    matches!(octets, [method, flags, _, ..]
        if method & 0x0f == 8 && method >> 4 <= 7 && flags & 0x20 == 0
            && (u16::from(*method) << 8 | u16::from(*flags)) % 31 == 0)
}

/// What is broken is not taken for compressed: two octets are soon met by chance.
fn bounded(kind: Kind, decoder: impl Read) -> Option<Peeled> {
    let mut inner = Vec::new();
    let limit = u64::try_from(MOST_OCTETS).unwrap_or(u64::MAX);
    decoder.take(limit + 1).read_to_end(&mut inner).ok()?;
    let inner = if inner.len() > MOST_OCTETS { Inner::TooLarge } else { Inner::Payload(inner) };
    Some(Peeled { layer: Layer::certain(kind), inner })
}
