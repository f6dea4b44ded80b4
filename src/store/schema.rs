//! Owns the jar's file as text: version 1, a header, then one cookie a line (docs/jar-format.md).
//! Does not open files.

use std::collections::{BTreeMap, HashMap};
use std::fmt;

use serde::de::{DeserializeSeed, Error, MapAccess, SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::Value;

use crate::cookie::jar::Jar;
use crate::cookie::limits::Limits;
use crate::cookie::policy::Policy;
use crate::cookie::record::Key;
use crate::formats::row::{RemovalOf, RemovalRow, Row, RowOf, Text, Unknown};
use crate::store::error::Fault;

const FORMAT: &str = "kuki-jar";
const VERSION: u64 = 1;

/// A jar's file, understood.
#[derive(Clone, Debug, Default)]
pub struct Document {
    pub jar: Jar,
    /// What a newer release wrote into the header, its limits and its cookies.
    unknown: Unknown,
    unknown_limits: BTreeMap<String, Value>,
    unknown_of: HashMap<Key, Unknown>,
}

impl Document {
    /// A jar, with nothing that only a newer release knows.
    pub fn of(jar: Jar) -> Document {
        Document { jar, ..Document::default() }
    }
}

/// Reads a jar's file; whatever is wrong with it refuses the whole.
pub fn read(text: &[u8]) -> Result<Document, Fault> {
    if text.is_empty() {
        return Err(Fault { what: "it is empty, where a jar has at least a header".to_owned(), at: None });
    }
    serde_json::from_slice::<Document>(text).map_err(|error| fault(text, &error))
}

/// Writes what `read` reads.
pub fn write(document: &Document) -> serde_json::Result<Vec<u8>> {
    let jar = &document.jar;
    // A cookie's line has some 300 octets.
    let mut out = Vec::with_capacity(512 + 384 * jar.len());
    let limits = LimitsRow {
        per_domain: jar.limits.per_domain,
        total: jar.limits.total,
        cookie_bytes: jar.limits.cookie_bytes,
        unknown: document.unknown_limits.clone(),
    };
    field(&mut out, b"{", "format", &FORMAT)?;
    field(&mut out, b",", "version", &VERSION)?;
    field(&mut out, b",", "limits", &limits)?;
    field(&mut out, b",", "policy", &jar.policy.word())?;
    for (name, value) in &document.unknown {
        field(&mut out, b",", name, value)?;
    }
    out.extend_from_slice(b",\n\"removed\":[");
    lines(&mut out, jar.removed().iter().map(RemovalOf))?;
    out.extend_from_slice(b"],\n\"cookies\":[");
    let unknown_of = |key| document.unknown_of.get(&key).map_or(&[][..], Vec::as_slice);
    let has_unknown = !document.unknown_of.is_empty();
    lines(
        &mut out,
        jar.sorted().into_iter().map(|cookie| {
            let unknown = if has_unknown { unknown_of(cookie.key()) } else { &[] };
            RowOf(cookie, unknown)
        }),
    )?;
    out.extend_from_slice(b"]}\n");
    Ok(out)
}

fn field(out: &mut Vec<u8>, before: &[u8], name: &str, value: &impl Serialize) -> serde_json::Result<()> {
    out.extend_from_slice(before);
    serde_json::to_writer(&mut *out, name)?;
    out.push(b':');
    serde_json::to_writer(out, value)
}

fn lines<T: Serialize>(out: &mut Vec<u8>, rows: impl Iterator<Item = T>) -> serde_json::Result<()> {
    let mut before: &[u8] = b"\n";
    for row in rows {
        out.extend_from_slice(before);
        serde_json::to_writer(&mut *out, &row)?;
        before = b",\n";
    }
    if before == b",\n" {
        out.push(b'\n');
    }
    Ok(())
}

/// Says of a newer jar that it is newer, wherever the reading stumbled.
fn fault(text: &[u8], error: &serde_json::Error) -> Fault {
    #[derive(Deserialize)]
    struct Header {
        version: u64,
    }
    if let Ok(Header { version }) = serde_json::from_slice(text)
        && version > VERSION
    {
        return newer(version);
    }
    let said = error.to_string();
    let place = format!(" at line {} column {}", error.line(), error.column());
    Fault {
        what: without_quotes(said.strip_suffix(&place).unwrap_or(&said)),
        at: (error.line() > 0).then(|| (error.line(), error.column())),
    }
}

/// What the parser quotes may be a cookie's value; of which kind it is may be said.
fn without_quotes(said: &str) -> String {
    match said.rsplit_once(", expected ") {
        Some((found, expected)) if found.starts_with("invalid ") => {
            let kind = found.split(['`', '"']).next().unwrap_or_default().trim_end();
            format!("{kind}, expected {expected}")
        }
        _ => said.to_owned(),
    }
}

fn newer(version: u64) -> Fault {
    let what =
        format!("it is of version {version}, and this release reads version {VERSION}: use a newer kuki");
    Fault { what, at: None }
}

#[derive(Serialize, Deserialize)]
struct LimitsRow {
    per_domain: usize,
    total: usize,
    cookie_bytes: usize,
    #[serde(flatten)]
    unknown: BTreeMap<String, Value>,
}

impl<'de> Deserialize<'de> for Document {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Document, D::Error> {
        deserializer.deserialize_map(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a kuki jar (an object with `format`, `version` and `cookies`)")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Document, M::Error> {
        let mut document = Document::default();
        let (mut format, mut version, mut cookies) = (false, false, false);
        while let Some(Text(field)) = map.next_key()? {
            match &*field {
                "format" => {
                    let Text(name) = map.next_value()?;
                    if name != FORMAT {
                        return Err(M::Error::custom(format!("`format` is `{name}`, expected `{FORMAT}`")));
                    }
                    format = true;
                }
                "version" => {
                    let found: u64 = map.next_value()?;
                    if found != VERSION {
                        return Err(M::Error::custom(format!("`version` is {found}, expected {VERSION}")));
                    }
                    version = true;
                }
                "limits" => {
                    let row: LimitsRow = map.next_value()?;
                    let LimitsRow { per_domain, total, cookie_bytes, unknown } = row;
                    document.jar.limits = Limits { per_domain, total, cookie_bytes };
                    document.unknown_limits = unknown;
                }
                "policy" => {
                    let Text(policy) = map.next_value()?;
                    document.jar.policy = Policy::parse(&policy).ok_or_else(|| {
                        M::Error::custom(format!("`policy` is `{policy}`, expected `classic` or `browser`"))
                    })?;
                }
                "removed" => {
                    let rows: Vec<RemovalRow> = map.next_value()?;
                    rows.into_iter().for_each(|row| document.jar.restore_removal(row.0));
                }
                "cookies" => {
                    map.next_value_seed(Cookies(&mut document))?;
                    cookies = true;
                }
                _ => document.unknown.push((field.into_owned(), map.next_value()?)),
            }
        }
        for (found, field) in [(format, "format"), (version, "version"), (cookies, "cookies")] {
            if !found {
                return Err(M::Error::missing_field(field));
            }
        }
        Ok(document)
    }
}

/// Reads the rows straight into the jar, so that a fault has its line.
struct Cookies<'a>(&'a mut Document);

impl<'de> DeserializeSeed<'de> for Cookies<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_seq(self)
    }
}

impl<'de> Visitor<'de> for Cookies<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an array of cookies")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut rows: S) -> Result<(), S::Error> {
        let Cookies(document) = self;
        while rows.next_element_seed(Shelved(document))?.is_some() {}
        Ok(())
    }
}

/// Reads one row and puts it into the jar.
struct Shelved<'a>(&'a mut Document);

impl<'de> DeserializeSeed<'de> for Shelved<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        let Shelved(document) = self;
        let Row { cookie, unknown } = Row::deserialize(deserializer)?;
        if !unknown.is_empty() {
            document.unknown_of.insert(cookie.key(), unknown);
        }
        if document.jar.restore(cookie) {
            return Ok(());
        }
        Err(D::Error::custom("a second cookie of the same name, domain, host-only and path"))
    }
}
