//! Owns what itsdangerous and Django have in common: digests, and values that are JSON, compressed behind a dot.
//! Does not know how each of them joins the parts.

use chrono::{DateTime, TimeDelta, Utc};

use crate::formats::decode::base64::url_safe;
use crate::formats::decode::json::structure;
use crate::formats::decode::{Inner, compression};

/// SHA-1, SHA-256, SHA-384 and SHA-512.
const DIGESTS: [usize; 4] = [20, 32, 48, 64];

/// Is it a digest in base64url, without padding?
pub fn is_digest(text: &str) -> bool {
    url_safe(text).is_some_and(|octets| DIGESTS.contains(&octets.len()) && !text.ends_with('='))
}

/// A time at which these programs can have signed something.
pub fn plausible(seconds: u64) -> Option<DateTime<Utc>> {
    let at = DateTime::from_timestamp(i64::try_from(seconds).ok()?, 0)?;
    let first = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(365 * 40);
    let last = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(365 * 100);
    (first..last).contains(&at).then_some(at)
}

/// The value inside: the dot before a compressed one is the signer's, any other is the value's own.
pub fn inner(value: &str) -> Inner {
    match value.strip_prefix('.').filter(|rest| holds_zlib(rest)) {
        Some(compressed) => Inner::Payload(compressed.as_bytes().to_vec()),
        None => Inner::Payload(value.as_bytes().to_vec()),
    }
}

/// Is it what a serializer wrote, and not just any text?
pub fn is_serialized(value: &str) -> bool {
    match value.strip_prefix('.') {
        Some(compressed) => holds_zlib(compressed),
        None => url_safe(value).is_some_and(|octets| structure(&octets).is_some()),
    }
}

fn holds_zlib(text: &str) -> bool {
    url_safe(text).is_some_and(|octets| compression::is_zlib(&octets))
}
