//! Owns one line of a jar's file: a cookie or a remembered deletion, as JSON, with the fields it does not know.
//! Does not know the document around it.

use std::borrow::Cow;
use std::fmt;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use serde::de::{Error, MapAccess, Visitor};
use serde::ser::SerializeMap;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

use crate::cookie::attribute::SameSite;
use crate::cookie::change::Removal;
use crate::cookie::fault::fault;
use crate::cookie::host::Host;
use crate::cookie::record::{Cookie, Key};
use crate::formats::time;

/// The fields of a newer release, in their own spelling, so that they survive a rewrite.
pub type Unknown = Vec<(String, Box<RawValue>)>;

/// A cookie as it stands in the file.
pub struct Row {
    pub cookie: Cookie,
    pub unknown: Unknown,
}

/// Writes a cookie, then what else its line held.
pub struct RowOf<'a>(pub &'a Cookie, pub &'a [(String, Box<RawValue>)]);

/// Writes a deletion.
pub struct RemovalOf<'a>(pub &'a Removal);

/// Reads a deletion.
pub struct RemovalRow(pub Removal);

impl Serialize for RowOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let RowOf(cookie, unknown) = self;
        let mut map = serializer.serialize_map(None)?;
        octets(&mut map, "name", "name_base64", &cookie.name)?;
        octets(&mut map, "value", "value_base64", &cookie.value)?;
        map.serialize_entry("domain", cookie.domain.as_str())?;
        map.serialize_entry("host_only", &cookie.host_only)?;
        octets(&mut map, "path", "path_base64", &cookie.path)?;
        map.serialize_entry("expires", &cookie.expires.map(Moment))?;
        map.serialize_entry("secure", &cookie.secure)?;
        map.serialize_entry("http_only", &cookie.http_only)?;
        map.serialize_entry("same_site", &same_site_word(cookie.same_site))?;
        map.serialize_entry("created", &Moment(cookie.created))?;
        map.serialize_entry("updated", &Moment(cookie.updated))?;
        map.serialize_entry("last_access", &Moment(cookie.last_access))?;
        map.serialize_entry("pinned", &cookie.pinned)?;
        if cookie.set_over_http {
            map.serialize_entry("set_over_http", &true)?;
        }
        for (field, value) in *unknown {
            map.serialize_entry(field, value)?;
        }
        map.end()
    }
}

impl Serialize for RemovalOf<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Removal { key, at } = self.0;
        let mut map = serializer.serialize_map(None)?;
        octets(&mut map, "name", "name_base64", &key.name)?;
        map.serialize_entry("domain", key.domain.as_str())?;
        map.serialize_entry("host_only", &key.host_only)?;
        octets(&mut map, "path", "path_base64", &key.path)?;
        map.serialize_entry("at", &Moment(*at))?;
        map.end()
    }
}

impl<'de> Deserialize<'de> for Row {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Row, D::Error> {
        deserializer.deserialize_map(RowVisitor)
    }
}

impl<'de> Deserialize<'de> for RemovalRow {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<RemovalRow, D::Error> {
        deserializer.deserialize_map(RemovalVisitor)
    }
}

/// A text as UTF-8 under its own name, or as base64 under the other.
fn octets<M: SerializeMap>(
    map: &mut M,
    text: &'static str,
    base64: &'static str,
    octets: &[u8],
) -> Result<(), M::Error> {
    match std::str::from_utf8(octets) {
        Ok(utf8) => map.serialize_entry(text, utf8),
        Err(_) => map.serialize_entry(base64, &STANDARD.encode(octets)),
    }
}

fn same_site_word(same_site: SameSite) -> Option<&'static str> {
    (same_site != SameSite::Unset).then(|| same_site.word())
}

/// The fields of a line, as they come; what is missing shows when they are put together.
#[derive(Default)]
struct Fields<'de> {
    at: Option<DateTime<Utc>>,
    created: Option<DateTime<Utc>>,
    domain: Option<Host>,
    expires: Option<Option<DateTime<Utc>>>,
    host_only: Option<bool>,
    http_only: Option<bool>,
    last_access: Option<DateTime<Utc>>,
    name: Option<Vec<u8>>,
    path: Option<Vec<u8>>,
    pinned: Option<bool>,
    same_site: Option<SameSite>,
    secure: Option<bool>,
    set_over_http: Option<bool>,
    unknown: Vec<(Cow<'de, str>, Box<RawValue>)>,
    updated: Option<DateTime<Utc>>,
    value: Option<Vec<u8>>,
}

impl Fields<'_> {
    fn key<E: Error>(&mut self) -> Result<Key, E> {
        let missing = |field| move || E::missing_field(field);
        Ok(Key {
            domain: self.domain.take().ok_or_else(missing("domain"))?,
            path: self.path.take().ok_or_else(missing("path"))?,
            name: self.name.take().ok_or_else(missing("name"))?,
            host_only: self.host_only.ok_or_else(missing("host_only"))?,
        })
    }

    fn into_row<E: Error>(mut self) -> Result<Row, E> {
        let key = self.key()?;
        let created = self.created.ok_or_else(|| E::missing_field("created"))?;
        let cookie = Cookie {
            name: key.name,
            value: self.value.ok_or_else(|| E::missing_field("value"))?,
            domain: key.domain,
            host_only: key.host_only,
            path: key.path,
            expires: self.expires.flatten(),
            secure: self.secure.unwrap_or_default(),
            http_only: self.http_only.unwrap_or_default(),
            same_site: self.same_site.unwrap_or_default(),
            created,
            updated: self.updated.unwrap_or(created),
            last_access: self.last_access.unwrap_or(created),
            pinned: self.pinned.unwrap_or_default(),
            set_over_http: self.set_over_http.unwrap_or_default(),
        };
        if let Some(fault) = fault(&cookie) {
            return Err(E::custom(format!("a cookie that no response could have set: {fault}")));
        }
        let unknown = self.unknown.into_iter().map(|(field, value)| (field.into_owned(), value)).collect();
        Ok(Row { cookie, unknown })
    }

    fn into_removal<E: Error>(mut self) -> Result<Removal, E> {
        Ok(Removal { key: self.key()?, at: self.at.ok_or_else(|| E::missing_field("at"))? })
    }
}

/// Puts the fields together while the parser is still at their line, so that a fault has its place.
struct RowVisitor;

impl<'de> Visitor<'de> for RowVisitor {
    type Value = Row;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a cookie")
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<Row, M::Error> {
        Fields::read(map, Kind::Cookie)?.into_row()
    }
}

struct RemovalVisitor;

impl<'de> Visitor<'de> for RemovalVisitor {
    type Value = RemovalRow;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a deletion")
    }

    fn visit_map<M: MapAccess<'de>>(self, map: M) -> Result<RemovalRow, M::Error> {
        Fields::read(map, Kind::Removal)?.into_removal().map(RemovalRow)
    }
}

/// What a line is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Cookie,
    Removal,
}

impl<'de> Fields<'de> {
    fn read<M: MapAccess<'de>>(mut map: M, kind: Kind) -> Result<Fields<'de>, M::Error> {
        let mut fields = Fields::default();
        while let Some(Text(field)) = map.next_key()? {
            match &*field {
                "at" if kind == Kind::Removal => once(&mut fields.at, map.next_value::<Moment>()?.0, "at")?,
                "created" => once(&mut fields.created, map.next_value::<Moment>()?.0, "created")?,
                "domain" => once(&mut fields.domain, map.next_value::<Domain>()?.0, "domain")?,
                "expires" => once(
                    &mut fields.expires,
                    map.next_value::<Option<Moment>>()?.map(|time| time.0),
                    "expires",
                )?,
                "host_only" => once(&mut fields.host_only, map.next_value()?, "host_only")?,
                "http_only" => once(&mut fields.http_only, map.next_value()?, "http_only")?,
                "last_access" => once(&mut fields.last_access, map.next_value::<Moment>()?.0, "last_access")?,
                "name" => once(&mut fields.name, map.next_value::<Text>()?.into_octets(), "name")?,
                "name_base64" => once(&mut fields.name, map.next_value::<Base64>()?.0, "name")?,
                "path" => once(&mut fields.path, map.next_value::<Text>()?.into_octets(), "path")?,
                "path_base64" => once(&mut fields.path, map.next_value::<Base64>()?.0, "path")?,
                "pinned" => once(&mut fields.pinned, map.next_value()?, "pinned")?,
                "same_site" => {
                    once(&mut fields.same_site, same_site(map.next_value::<Option<Text>>()?)?, "same_site")?
                }
                "secure" => once(&mut fields.secure, map.next_value()?, "secure")?,
                "set_over_http" => once(&mut fields.set_over_http, map.next_value()?, "set_over_http")?,
                "updated" => once(&mut fields.updated, map.next_value::<Moment>()?.0, "updated")?,
                "value" => once(&mut fields.value, map.next_value::<Text>()?.into_octets(), "value")?,
                "value_base64" => once(&mut fields.value, map.next_value::<Base64>()?.0, "value")?,
                _ => fields.unknown.push((field, map.next_value()?)),
            }
        }
        Ok(fields)
    }
}

/// A second value for a field would silently be the end of the first.
fn once<T, E: Error>(slot: &mut Option<T>, value: T, field: &'static str) -> Result<(), E> {
    if slot.replace(value).is_some() {
        return Err(E::duplicate_field(field));
    }
    Ok(())
}

fn same_site<E: Error>(word: Option<Text>) -> Result<SameSite, E> {
    let Some(Text(word)) = word else { return Ok(SameSite::Unset) };
    SameSite::parse(word.as_bytes()).ok_or_else(|| {
        E::custom(format!("`same_site` is `{word}`, expected `Strict`, `Lax`, `None` or null"))
    })
}

/// A string that borrows from the file where it can.
pub struct Text<'de>(pub Cow<'de, str>);

impl Text<'_> {
    fn into_octets(self) -> Vec<u8> {
        self.0.into_owned().into_bytes()
    }
}

impl<'de> Deserialize<'de> for Text<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Text<'de>, D::Error> {
        struct AnyText;
        impl<'de> Visitor<'de> for AnyText {
            type Value = Text<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a string")
            }

            fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Borrowed(text)))
            }

            fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
                Ok(Text(Cow::Owned(text.to_owned())))
            }
        }
        deserializer.deserialize_str(AnyText)
    }
}

struct Moment(DateTime<Utc>);

impl Serialize for Moment {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(time::write(self.0).as_str())
    }
}

impl<'de> Deserialize<'de> for Moment {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Moment, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        time::read(&text)
            .map(Moment)
            .ok_or_else(|| D::Error::custom(format!("`{text}` is not an RFC 3339 time")))
    }
}

struct Domain(Host);

impl<'de> Deserialize<'de> for Domain {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Domain, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        Host::canonical(&text)
            .map(Domain)
            .ok_or_else(|| D::Error::custom(format!("the domain `{text}` is not a host in its normal form")))
    }
}

struct Base64(Vec<u8>);

impl<'de> Deserialize<'de> for Base64 {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Base64, D::Error> {
        let Text(text) = Text::deserialize(deserializer)?;
        STANDARD
            .decode(text.as_bytes())
            .map(Base64)
            .map_err(|_| D::Error::custom("a field that ends in `_base64` is not base64"))
    }
}
