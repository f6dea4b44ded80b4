//! Owns base64 in both of its alphabets, with and without padding.
//! Does not take a text for it that only has the right letters: what comes out must make sense.

use base64::Engine;
use base64::alphabet;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};

use crate::formats::decode::json::structure;
use crate::formats::decode::layer::{Kind, Layer};
use crate::formats::decode::{Inner, Peeled, Piece, compression};

const LENIENT: GeneralPurposeConfig =
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
const STANDARD: GeneralPurpose = GeneralPurpose::new(&alphabet::STANDARD, LENIENT);
const URL_SAFE: GeneralPurpose = GeneralPurpose::new(&alphabet::URL_SAFE, LENIENT);

/// Shorter texts come out as letters by chance too often.
const LEAST_FOR_TEXT: usize = 16;
const LEAST_FOR_JSON: usize = 8;

/// The head of what ASP.NET Core's Data Protection writes, and its id of a key.
const MAGIC: [u8; 4] = [0x09, 0xf0, 0xc9, 0xf0];
const KEY_ID: usize = 16;

pub fn standard(text: &str) -> Option<Vec<u8>> {
    STANDARD.decode(text).ok()
}

pub fn url_safe(text: &str) -> Option<Vec<u8>> {
    URL_SAFE.decode(text).ok()
}

pub fn either(text: &str) -> Option<Vec<u8>> {
    if text.contains(['-', '_']) { url_safe(text) } else { standard(text) }
}

pub fn aspnet(piece: Piece) -> Option<Peeled> {
    let octets = either(std::str::from_utf8(piece.octets).ok()?)?;
    let is_whole = octets.starts_with(&MAGIC) && octets.len() > MAGIC.len() + KEY_ID;
    is_whole.then(|| Peeled { layer: Layer::certain(Kind::AspNet), inner: Inner::Encrypted })
}

pub fn read(piece: Piece) -> Option<Peeled> {
    let text = std::str::from_utf8(piece.octets).ok()?;
    let inner = either(text)?;
    let is_long = |least| text.len() >= least;
    // A signer's own JSON may be as short as `{}`.
    let is_certain = structure(&inner).is_some() && (piece.is_payload || is_long(LEAST_FOR_JSON))
        || compression::read(Piece { octets: &inner, is_payload: false }).is_some();
    let layer = match is_certain {
        true => Layer::certain(kind(text)),
        false if is_long(LEAST_FOR_TEXT) && is_readable(&inner) => Layer::likely(kind(text)),
        false => return None,
    };
    Some(Peeled { layer, inner: Inner::Payload(inner) })
}

/// A text that uses neither alphabet's own letters could be of both; those who leave the padding out mean URLs.
fn kind(text: &str) -> Kind {
    let is_for_urls = text.contains(['-', '_']) || !text.len().is_multiple_of(4);
    if is_for_urls { Kind::Base64Url } else { Kind::Base64 }
}

fn is_readable(octets: &[u8]) -> bool {
    let is_shown = |letter: char| !letter.is_control() || matches!(letter, '\t' | '\n' | '\r');
    std::str::from_utf8(octets).is_ok_and(|text| text.chars().all(is_shown))
}
