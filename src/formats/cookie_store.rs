//! Owns the JSON of the `cookie_store` crate, the list of its `serde` module and the older form of a cookie a line.
//! Does not use the crate's own reader, which forgets octets, nameless cookies and the place of what it refuses.

use chrono::{DateTime, Utc};
use serde::Serialize;
use serde_json::Value;
use serde_json::value::RawValue;

use crate::cookie::attribute::SameSite;
use crate::cookie::policy::Policy;
use crate::cookie::record::Cookie;
use crate::cookie::syntax;
use crate::formats::document::{Document, pretty};
use crate::formats::draft::Draft;
use crate::formats::exported::{Loss, Writing, Written};
use crate::formats::fields::Fields;
use crate::formats::imported::{Imported, NotOfFormat, Place, Reading};
use crate::formats::textual::{Textual, textual};

pub fn read(text: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    let mut imported = Imported::default();
    if text.trim_ascii_start().starts_with(b"{") {
        for (index, line) in text.split(|octet| *octet == b'\n').enumerate() {
            if !line.trim_ascii().is_empty() {
                let row = serde_json::from_slice(line).map_err(|_| "the line is not JSON".to_owned());
                imported.take(Place::Line(index + 1), row.and_then(|row| cookie(row, reading)));
            }
        }
    } else {
        let Document::List(rows) = Document::read(text)? else {
            return Err(NotOfFormat { why: "it is not a list of cookies".to_owned() });
        };
        for (index, row) in rows.into_iter().enumerate() {
            imported.take(Place::Entry(index + 1), cookie(row, reading));
        }
    }
    imported.date_in_order(reading.now);
    Ok(imported)
}

fn cookie(row: &RawValue, reading: &Reading) -> Result<Cookie, String> {
    let fields = Fields::read(row)?;
    let raw = fields.needed("raw_cookie")?;
    // Its domain, path and expiry are what was asked for; what became of that stands in fields of their own.
    let parsed = syntax::parse(raw.as_bytes(), Policy::Classic).map_err(|refusal| refusal.to_string())?;
    let (domain, host_only) = domain(fields.get("domain"))?;
    let draft = Draft {
        name: parsed.name.to_vec(),
        value: parsed.value.to_vec(),
        domain: domain.to_owned(),
        host_only: Some(host_only),
        path: fields.get("path").and_then(|path| path.get(0)?.as_str()).unwrap_or_default().into(),
        expires: expires(fields.get("expires"))?,
        secure: parsed.attributes.secure,
        http_only: parsed.attributes.http_only,
        same_site: parsed.attributes.same_site,
        created: None,
    };
    draft.cookie(reading)
}

fn domain(field: Option<&Value>) -> Result<(&str, bool), String> {
    let of = |kind| field.and_then(|domain| domain.get(kind)?.as_str());
    match (of("HostOnly"), of("Suffix"), field.and_then(Value::as_str)) {
        (Some(host), ..) => Ok((host, true)),
        (_, Some(suffix), _) => Ok((suffix, false)),
        (.., Some("NotPresent" | "Empty")) => Ok(("", true)),
        _ => Err("its `domain` is neither HostOnly nor Suffix".to_owned()),
    }
}

fn expires(field: Option<&Value>) -> Result<Option<DateTime<Utc>>, String> {
    let at = field.and_then(|expires| expires.get("AtUtc")?.as_str());
    match (at, field.and_then(Value::as_str)) {
        (_, Some("SessionEnd")) => Ok(None),
        // The crate's own greatest time is beyond what a jar of ours can write; it is cut down anyway.
        (Some(at), _) => match DateTime::parse_from_rfc3339(at) {
            Ok(at) => Ok(Some(at.with_timezone(&Utc))),
            Err(_) => Err("its `expires` is not a time".to_owned()),
        },
        _ => Err("its `expires` is neither AtUtc nor SessionEnd".to_owned()),
    }
}

#[derive(Serialize)]
struct Row<'a> {
    raw_cookie: String,
    path: (&'a str, bool),
    domain: Domain<'a>,
    expires: Expires,
}

#[derive(Serialize)]
enum Domain<'a> {
    HostOnly(&'a str),
    Suffix(&'a str),
}

#[derive(Serialize)]
enum Expires {
    AtUtc(String),
    SessionEnd,
}

pub fn write(cookies: &[&Cookie], writing: &Writing) -> Written {
    let mut written = Written::default();
    let mut rows = Vec::new();
    for textual in textual(cookies, writing, &mut written) {
        if is_readable(&textual) {
            rows.push(row(&textual));
        } else {
            written.lose(Loss::Cookie);
        }
    }
    Written { octets: pretty(&rows), ..written }
}

/// The crate reads no nameless cookie, refusing the whole file for it, and trims by Unicode what we do by octets.
fn is_readable(textual: &Textual) -> bool {
    !textual.name.is_empty() && [textual.name, textual.value].iter().all(|text| text.trim() == *text)
}

fn row<'a>(textual: &Textual<'a>) -> Row<'a> {
    let cookie = textual.cookie;
    let domain = cookie.domain.as_str();
    let expires = textual.expires.map(|expires| expires.format("%Y-%m-%dT%H:%M:%SZ").to_string());
    Row {
        raw_cookie: raw(textual),
        path: (textual.path, true),
        domain: if cookie.host_only { Domain::HostOnly(domain) } else { Domain::Suffix(domain) },
        expires: expires.map_or(Expires::SessionEnd, Expires::AtUtc),
    }
}

/// The cookie as the crate would have received it, in the order in which it prints one.
fn raw(textual: &Textual) -> String {
    let cookie = textual.cookie;
    let mut raw = format!("{}={}", textual.name, textual.value);
    if cookie.http_only {
        raw += "; HttpOnly";
    }
    if cookie.same_site != SameSite::Unset {
        raw += &format!("; SameSite={}", cookie.same_site.word());
    }
    if cookie.secure {
        raw += "; Secure";
    }
    // A default path may hold what ends an attribute; the crate goes by the field beside.
    if !textual.path.contains(';') {
        raw += &format!("; Path={}", textual.path);
    }
    if !cookie.host_only {
        raw += &format!("; Domain={}", cookie.domain);
    }
    if let Some(expires) = textual.expires {
        raw += &expires.format("; Expires=%a, %d %b %Y %H:%M:%S GMT").to_string();
    }
    raw
}
