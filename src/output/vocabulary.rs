//! Owns the JSON vocabulary of judgements, version 1: cookies, what became of a `Set-Cookie`, what is sent and withheld.
//! Does not own the documents that use it; each has its own frame, and says its format and version there.

use std::ops::Range;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, SecondsFormat, Utc};
use serde::Serialize;

use crate::cookie::attribute::SameSite;
use crate::cookie::record::{Cookie, Key};
use crate::cookie::remark::Remark;
use crate::cookie::verdict::{Eviction, Receipt, Verdict, Withheld};
use crate::output::caret::ShownLine;
use crate::output::redact::Secrets;

/// A cookie by its identity, with what else is known of it: the fields are those of the jar's file.
#[derive(Debug, Serialize)]
pub struct CookieEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_base64: Option<String>,
    domain: String,
    host_only: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    path: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    path_base64: Option<String>,
    #[serde(flatten)]
    contents: Option<Contents>,
}

/// A jar, by what the user calls it and by where it is.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct JarEntry<'a> {
    pub name: &'a str,
    pub path: &'a str,
}

/// What a cookie holds beyond its identity.
#[derive(Debug, Serialize)]
struct Contents {
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_base64: Option<String>,
    expires: Option<String>,
    secure: bool,
    http_only: bool,
    same_site: Option<&'static str>,
    created: String,
    updated: String,
    last_access: String,
    pinned: bool,
}

/// What became of one `Set-Cookie`.
#[derive(Debug, Serialize)]
pub struct ReceiptEntry {
    #[serde(flatten)]
    line: LineEntry,
    /// As far as one could be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    name_base64: Option<String>,
    verdict: &'static str,
    /// The verdict's own word, or why it was refused.
    code: &'static str,
    message: String,
    rule: String,
    devtools: Option<&'static str>,
    fix: Option<String>,
    /// What of the line it was refused for.
    part: Option<PartEntry>,
    /// As the rules read it, if it came that far.
    cookie: Option<CookieEntry>,
    notes: Vec<NoteEntry>,
    evicted: Vec<EvictionEntry>,
}

/// The line that was judged.
#[derive(Debug, Serialize)]
struct LineEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    line: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    line_base64: Option<String>,
}

/// A part of the line, by octets of it as it is given here: from the first one to the one behind the last.
#[derive(Debug, Serialize)]
pub struct PartEntry {
    start: usize,
    end: usize,
}

/// Something that is tolerated, and told.
#[derive(Debug, Serialize)]
pub struct NoteEntry {
    code: &'static str,
    message: String,
    fix: Option<String>,
    part: Option<PartEntry>,
}

#[derive(Debug, Serialize)]
pub struct EvictionEntry {
    cookie: CookieEntry,
    code: &'static str,
    message: String,
}

/// A stored cookie that does not go along.
#[derive(Debug, Serialize)]
pub struct WithheldEntry {
    cookie: CookieEntry,
    code: &'static str,
    message: String,
    rule: String,
    devtools: Option<&'static str>,
    fix: String,
}

impl CookieEntry {
    pub fn of(cookie: &Cookie, secrets: Secrets) -> CookieEntry {
        let (value, value_base64) = match secrets {
            Secrets::Masked => (Some(secrets.value(&cookie.value)), None),
            Secrets::Revealed => octets(&cookie.value),
        };
        let contents = Contents {
            value,
            value_base64,
            expires: cookie.expires.map(moment),
            secure: cookie.secure,
            http_only: cookie.http_only,
            same_site: (cookie.same_site != SameSite::Unset).then(|| cookie.same_site.word()),
            created: moment(cookie.created),
            updated: moment(cookie.updated),
            last_access: moment(cookie.last_access),
            pinned: cookie.pinned,
        };
        CookieEntry { contents: Some(contents), ..CookieEntry::identified(&cookie.key()) }
    }

    /// Where no more is known, or it does not matter.
    pub fn identified(key: &Key) -> CookieEntry {
        let (name, name_base64) = octets(&key.name);
        let (path, path_base64) = octets(&key.path);
        CookieEntry {
            name,
            name_base64,
            domain: key.domain.to_string(),
            host_only: key.host_only,
            path,
            path_base64,
            contents: None,
        }
    }
}

impl ReceiptEntry {
    /// With the notes that the rules made, and not where in the line they belong.
    pub fn of(receipt: &Receipt, secrets: Secrets) -> ReceiptEntry {
        let remarks: Vec<_> =
            receipt.notes.iter().map(|note| Remark { note: note.clone(), part: None }).collect();
        ReceiptEntry::with(receipt, &remarks, secrets)
    }

    pub fn with(receipt: &Receipt, remarks: &[Remark], secrets: Secrets) -> ReceiptEntry {
        let line = Line::of(&receipt.line, secrets);
        let (name, name_base64) = octets(&receipt.name);
        let refusal = match &receipt.verdict {
            Verdict::Refused(refusal) => Some(refusal),
            _ => None,
        };
        ReceiptEntry {
            line: line.entry(),
            name,
            name_base64,
            verdict: refusal.map_or_else(|| receipt.verdict.code(), |_| "refused"),
            code: receipt.verdict.code(),
            message: receipt.verdict.to_string(),
            rule: rule(receipt.verdict.rfc()),
            devtools: refusal.and_then(|refusal| refusal.devtools()),
            fix: refusal.map(|refusal| refusal.fix()),
            part: receipt.part().map(|part| line.part(&part)),
            cookie: receipt.cookie.as_ref().map(|cookie| CookieEntry::of(cookie, secrets)),
            notes: remarks.iter().map(|remark| NoteEntry::of(remark, &line)).collect(),
            evicted: receipt.evicted.iter().map(EvictionEntry::of).collect(),
        }
    }
}

impl NoteEntry {
    fn of(remark: &Remark, line: &Line) -> NoteEntry {
        let Remark { note, part } = remark;
        let part = part.as_ref().map(|part| line.part(part));
        NoteEntry { code: note.code(), message: note.to_string(), fix: note.fix(), part }
    }
}

/// A line as it is given: exact, or as it is shown where its value is masked.
enum Line<'a> {
    Exact(&'a [u8]),
    Masked(ShownLine),
}

impl Line<'_> {
    fn of(line: &[u8], secrets: Secrets) -> Line<'_> {
        match secrets {
            Secrets::Masked => Line::Masked(ShownLine::of(line, secrets)),
            Secrets::Revealed => Line::Exact(line),
        }
    }

    fn entry(&self) -> LineEntry {
        let (line, line_base64) = match self {
            Line::Exact(line) => octets(line),
            Line::Masked(shown) => (Some(shown.text.clone()), None),
        };
        LineEntry { line, line_base64 }
    }

    fn part(&self, part: &Range<usize>) -> PartEntry {
        let Range { start, end } = match self {
            Line::Exact(_) => part.clone(),
            Line::Masked(shown) => shown.part(part),
        };
        PartEntry { start, end }
    }
}

impl EvictionEntry {
    fn of(eviction: &Eviction) -> EvictionEntry {
        let Eviction { key, cause } = eviction;
        EvictionEntry { cookie: CookieEntry::identified(key), code: cause.code(), message: cause.to_string() }
    }
}

impl WithheldEntry {
    pub fn of(cookie: CookieEntry, why: Withheld) -> WithheldEntry {
        WithheldEntry {
            cookie,
            code: why.code(),
            message: why.to_string(),
            rule: rule(why.rfc()),
            devtools: why.devtools(),
            fix: why.fix().to_owned(),
        }
    }
}

/// A text of a document, in the layout that people can read too.
pub fn document(value: &impl Serialize) -> String {
    let mut text = serde_json::to_string_pretty(value).expect("texts, numbers and flags are JSON");
    text.push('\n');
    text
}

/// As the jar's file writes it.
pub fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Micros, true)
}

/// UTF-8 as it is, or else base64 under another name.
pub(super) fn octets(octets: &[u8]) -> (Option<String>, Option<String>) {
    match std::str::from_utf8(octets) {
        Ok(text) => (Some(text.to_owned()), None),
        Err(_) => (None, Some(STANDARD.encode(octets))),
    }
}

fn rule(section: &str) -> String {
    format!("RFC 6265bis {section}")
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};
    use url::Url;

    use super::*;
    use crate::cookie::context::Context;
    use crate::cookie::jar::Jar;
    use crate::cookie::receive::receive;

    fn receipt(line: &[u8], secrets: Secrets) -> Value {
        let url = Url::parse("https://a.test/").expect("a URL");
        let context = Context::new(&url, DateTime::UNIX_EPOCH).expect("a host");
        let receipt = receive(line, &context, &mut Jar::default());
        serde_json::to_value(ReceiptEntry::of(&receipt, secrets)).expect("JSON")
    }

    #[test]
    fn a_refusal_has_its_code_and_all_that_is_said_of_it() {
        let entry = receipt(b"a=1; Domain=b.test", Secrets::Revealed);
        for (field, expected) in [
            ("verdict", json!("refused")),
            ("code", json!("domain-mismatch")),
            ("message", json!("Domain=b.test does not cover a.test")),
            ("rule", json!("RFC 6265bis 5.7")),
            ("devtools", json!("InvalidDomain")),
            ("fix", json!("leave Domain out, or set this cookie from b.test")),
            ("cookie", Value::Null),
        ] {
            assert_eq!(entry[field], expected, "{field}");
        }
    }

    #[test]
    fn a_stored_cookie_has_the_fields_of_the_jars_file() {
        let entry = receipt(b"a=0123456789ab; HttpOnly; SameSite=Lax", Secrets::Revealed);
        assert_eq!((&entry["verdict"], &entry["code"]), (&json!("stored"), &json!("stored")));
        let cookie = &entry["cookie"];
        assert_eq!(
            [&cookie["value"], &cookie["domain"], &cookie["same_site"], &cookie["expires"]],
            [&json!("0123456789ab"), &json!("a.test"), &json!("Lax"), &Value::Null]
        );
        let masked = receipt(b"a=0123456789ab", Secrets::Masked);
        assert_eq!(masked["cookie"]["value"], "012… (12 B)");
    }

    #[test]
    fn the_part_at_fault_is_given_by_octets_of_the_line_as_it_is_given() {
        for (secrets, line, part) in [
            (Secrets::Revealed, "a=0123456789ab; Domain=b.test", json!({"start": 16, "end": 29})),
            (Secrets::Masked, "a=012… (12 B); Domain=b.test", json!({"start": 17, "end": 30})),
        ] {
            let entry = receipt(b"a=0123456789ab; Domain=b.test", secrets);
            assert_eq!((&entry["line"], &entry["part"]), (&json!(line), &part));
        }
    }

    #[test]
    fn octets_that_are_no_text_are_base64_under_another_name() {
        let entry = receipt(b"\xff=\xfe", Secrets::Revealed);
        assert_eq!((&entry["name"], &entry["name_base64"]), (&Value::Null, &json!("/w==")));
        assert_eq!(entry["cookie"]["value_base64"], "/g==");
        assert_eq!(receipt(b"a=\xfe", Secrets::Masked)["cookie"]["value"], "… (1 B)");
    }
}
