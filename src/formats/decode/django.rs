//! Owns what Django's signing writes: `VALUE:TIME:SIGNATURE`, and without a time where JSON shows what it is.
//! Does not check signatures.

use chrono::{DateTime, Utc};

use crate::formats::decode::layer::{Certainty, Kind, Layer};
use crate::formats::decode::payload::{inner, is_digest, is_serialized, plausible};
use crate::formats::decode::{Peeled, Piece};

pub fn read(piece: Piece) -> Option<Peeled> {
    let text = std::str::from_utf8(piece.octets).ok()?;
    let (signed, signature) = text.rsplit_once(':')?;
    is_digest(signature).then_some(())?;
    let timed = signed.rsplit_once(':').and_then(|(value, at)| Some((value, Some(time(at)?))));
    let (value, at) = timed.unwrap_or((signed, None));
    let certainty = match (is_serialized(value), at) {
        (true, _) => Certainty::Certain,
        (false, Some(_)) => Certainty::Likely,
        // Any text may have a colon.
        (false, None) => return None,
    };
    let layer = Layer { certainty, ..Layer::certain(Kind::Django) }.signed(signature, at);
    Some(Peeled { layer, inner: inner(value) })
}

/// Seconds in base 62: digits, capitals, small letters.
fn time(text: &str) -> Option<DateTime<Utc>> {
    if text.is_empty() || text.len() > 8 {
        return None;
    }
    let seconds = text.bytes().try_fold(0u64, |seconds, octet| {
        let digit = match octet {
            b'0'..=b'9' => octet - b'0',
            b'A'..=b'Z' => octet - b'A' + 10,
            b'a'..=b'z' => octet - b'a' + 36,
            _ => return None,
        };
        Some(seconds * 62 + u64::from(digit))
    });
    plausible(seconds?)
}
