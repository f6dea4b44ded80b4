//! Owns what itsdangerous writes, and so the sessions of Flask and Starlette: `VALUE.TIME.SIGNATURE`, and without a time
//! where JSON shows what it is.
//! Does not check signatures.

use chrono::{DateTime, Utc};

use crate::formats::decode::base64::{either, url_safe};
use crate::formats::decode::json::structure;
use crate::formats::decode::layer::{Certainty, Kind, Layer};
use crate::formats::decode::payload::{inner, is_digest, is_serialized, plausible};
use crate::formats::decode::{Peeled, Piece};

pub fn read(piece: Piece) -> Option<Peeled> {
    let text = std::str::from_utf8(piece.octets).ok()?;
    let (signed, signature) = text.rsplit_once('.')?;
    is_digest(signature).then_some(())?;
    let timed = signed.rsplit_once('.').and_then(|(value, at)| Some((value, Some(time(at)?))));
    let (value, at) = timed.unwrap_or((signed, None));
    let certainty = match (is_serialized(value) || is_of_starlette(value), at) {
        (true, _) => Certainty::Certain,
        (false, Some(_)) => Certainty::Likely,
        // Any text may have a dot.
        (false, None) => return None,
    };
    let layer = Layer { certainty, ..Layer::certain(Kind::ItsDangerous) }.signed(signature, at);
    Some(Peeled { layer, inner: inner(value) })
}

fn is_of_starlette(value: &str) -> bool {
    either(value).is_some_and(|octets| structure(&octets).is_some())
}

/// Seconds as a number of a few octets, the highest first.
fn time(text: &str) -> Option<DateTime<Utc>> {
    let octets = url_safe(text).filter(|octets| (4..=5).contains(&octets.len()))?;
    plausible(octets.iter().fold(0, |seconds, octet| seconds << 8 | u64::from(*octet)))
}
