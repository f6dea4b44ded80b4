//! Owns the JSON document of `kuki decode`, version 1 (`docs/decode.schema.json`).
//! Does not decode, and masks nothing: the values are what was asked for.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::value::RawValue;

use crate::cookie::record::Key;
use crate::formats::decode::layer::{Certainty, Content, Decoded, Layer, Stop};
use crate::output::vocabulary::{CookieEntry, document as written, moment};

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u8,
    at: String,
    values: Vec<Value<'a>>,
}

#[derive(Serialize)]
struct Value<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    cookie: Option<CookieEntry>,
    layers: Vec<LayerEntry<'a>>,
    content: ContentEntry<'a>,
    #[serde(skip_serializing_if = "Option::is_none")]
    stopped: Option<&'static str>,
}

#[derive(Serialize)]
struct LayerEntry<'a> {
    kind: &'static str,
    certainty: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    signature: Option<Signature<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    signed_at: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    header: Option<&'a RawValue>,
    #[serde(skip_serializing_if = "Option::is_none")]
    times: Option<Times>,
}

#[derive(Serialize)]
struct Signature<'a> {
    text: &'a str,
    /// Always `false`: that needs the key.
    checked: bool,
}

#[derive(Serialize)]
struct Times {
    #[serde(skip_serializing_if = "Option::is_none")]
    auth_time: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    iat: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    nbf: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    exp: Option<String>,
    state: &'static str,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "lowercase")]
enum ContentEntry<'a> {
    Encrypted,
    Json { json: &'a RawValue },
    Octets { base64: String },
    Text { text: &'a str },
}

/// Each value, with the cookie that it is of, if it is one's.
pub fn document(values: &[(Option<Key>, Decoded)], now: DateTime<Utc>) -> String {
    let values = values.iter().map(|(key, decoded)| Value {
        cookie: key.as_ref().map(CookieEntry::identified),
        layers: decoded.layers.iter().map(|layer| entry(layer, now)).collect(),
        content: content(&decoded.content),
        stopped: decoded.stop.map(|stop| match stop {
            Stop::TooDeep => "too-deep",
            Stop::TooLarge => "too-large",
        }),
    });
    let document = Document { format: "kuki-decode", version: 1, at: moment(now), values: values.collect() };
    written(&document)
}

fn entry(layer: &Layer, now: DateTime<Utc>) -> LayerEntry<'_> {
    LayerEntry {
        kind: layer.kind.code(),
        certainty: match layer.certainty {
            Certainty::Certain => "certain",
            Certainty::Likely => "likely",
        },
        signature: layer.signature.as_deref().map(|text| Signature { text, checked: false }),
        signed_at: layer.signed_at.map(moment),
        header: layer.header.as_deref().and_then(raw),
        times: (!layer.claims.is_empty()).then(|| times(layer, now)),
    }
}

fn times(layer: &Layer, now: DateTime<Utc>) -> Times {
    let of = |name| layer.claim(name);
    let state = match (of("exp"), of("nbf")) {
        (Some(exp), _) if exp <= now => "expired",
        (_, Some(nbf)) if nbf > now => "not-yet-valid",
        _ => "current",
    };
    Times {
        auth_time: of("auth_time").map(moment),
        iat: of("iat").map(moment),
        nbf: of("nbf").map(moment),
        exp: of("exp").map(moment),
        state,
    }
}

fn content(content: &Content) -> ContentEntry<'_> {
    match content {
        Content::Encrypted => ContentEntry::Encrypted,
        Content::Json(text) => match raw(text) {
            Some(json) => ContentEntry::Json { json },
            None => ContentEntry::Text { text },
        },
        Content::Octets(octets) => ContentEntry::Octets { base64: STANDARD.encode(octets) },
        Content::Text(text) => ContentEntry::Text { text },
    }
}

/// As it was written.
fn raw(text: &str) -> Option<&RawValue> {
    serde_json::from_str(text).ok()
}
