//! Owns JSON Web Tokens in their compact form: signed (RFC 7515) and encrypted (RFC 7516).
//! Does not check signatures, nor decrypt.

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::formats::decode::base64::url_safe;
use crate::formats::decode::layer::{Claim, Kind, Layer};
use crate::formats::decode::{Inner, Peeled, Piece};

/// The times that a token may state (RFC 7519 4.1; auth_time is OpenID Connect's).
const TIMES: [&str; 4] = ["auth_time", "iat", "nbf", "exp"];

#[derive(Deserialize)]
struct Header {
    #[serde(rename = "alg")]
    _algorithm: String,
    enc: Option<String>,
}

pub fn read(piece: Piece) -> Option<Peeled> {
    let text = std::str::from_utf8(piece.octets).ok()?;
    // Longer than any header is, and shorter than it takes to look for dots in everything.
    let parts: Vec<&str> = text.splitn(6, '.').collect();
    match *parts {
        [header, payload, signature] => signed(header, payload, signature),
        [header, key, iv, text, tag] => encrypted(header, [key, iv, text, tag]),
        _ => None,
    }
}

fn signed(header: &str, payload: &str, signature: &str) -> Option<Peeled> {
    let (_, header) = head(header)?;
    let payload = url_safe(payload)?;
    signature.bytes().all(is_letter).then_some(())?;
    let layer = Layer { header: Some(header), claims: claims(&payload), ..Layer::certain(Kind::Jwt) };
    Some(Peeled { layer: layer.signed(signature, None), inner: Inner::Payload(payload) })
}

/// Of base64url: a signature that was cut short while it was copied still is one.
fn is_letter(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || matches!(octet, b'-' | b'_')
}

fn encrypted(header: &str, parts: [&str; 4]) -> Option<Peeled> {
    let (read, header) = head(header)?;
    read.enc?;
    parts.iter().all(|part| url_safe(part).is_some()).then_some(())?;
    Some(Peeled {
        layer: Layer { header: Some(header), ..Layer::certain(Kind::Jwe) },
        inner: Inner::Encrypted,
    })
}

fn head(part: &str) -> Option<(Header, String)> {
    let octets = url_safe(part)?;
    let header = serde_json::from_slice(&octets).ok()?;
    Some((header, String::from_utf8(octets).ok()?))
}

fn claims(payload: &[u8]) -> Vec<Claim> {
    let Ok(payload) = serde_json::from_slice::<Map<String, Value>>(payload) else { return Vec::new() };
    let claim = |name| Some(Claim { name, at: time(payload.get(name)?)? });
    TIMES.into_iter().filter_map(claim).collect()
}

/// A number of seconds, which may have a fraction.
fn time(value: &Value) -> Option<DateTime<Utc>> {
    match value.as_i64() {
        Some(seconds) => DateTime::from_timestamp(seconds, 0),
        None => {
            let micros = value.as_f64()? * 1e6;
            // What is out of range saturates, and is no time then either.
            DateTime::from_timestamp_micros(micros as i64)
        }
    }
}
