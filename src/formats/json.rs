//! Owns lists of cookies in kuki's own JSON, exact and complete, with the field names of the jar's file: an array, one
//! object a line, or the jar's file itself.
//! Does not mask anything; whoever asks for JSON wants the values.

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::cookie::record::Cookie;
use crate::formats::draft::Draft;
use crate::formats::exported::Written;
use crate::formats::imported::{Imported, NotOfFormat, Place, Reading};
use crate::formats::row::{Row, RowOf};

/// A valid array that is still one cookie a line.
pub fn array<'a>(cookies: impl IntoIterator<Item = &'a Cookie>) -> serde_json::Result<Vec<u8>> {
    let rows = rows(cookies)?;
    if rows.is_empty() {
        return Ok(b"[]\n".to_vec());
    }
    Ok([b"[\n", &*rows.join(&b",\n"[..]), b"\n]\n"].concat())
}

/// Writes an array; nothing is ever lost in it.
pub fn write(cookies: &[&Cookie]) -> Written {
    let octets = array(cookies.iter().copied()).expect("a row has no key but strings");
    Written { octets, ..Written::default() }
}

/// Writes an object a line, for programs that read lines.
pub fn write_lines(cookies: &[&Cookie]) -> Written {
    let rows = rows(cookies.iter().copied()).expect("a row has no key but strings");
    let octets = rows.into_iter().flat_map(|row| [row, b"\n".to_vec()].concat()).collect();
    Written { octets, ..Written::default() }
}

/// Reads an array of cookies, or those of a jar's file; of a row that is none the others do not suffer.
pub fn read(text: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    let rows = match text.trim_ascii_start().first() {
        Some(b'{') => serde_json::from_slice(text).map(|File { cookies }| cookies),
        _ => serde_json::from_slice(text),
    };
    let rows: Vec<&RawValue> = rows.map_err(|error| NotOfFormat { why: said(&error, Where::Document) })?;
    let mut imported = Imported::default();
    for (number, row) in (1..).zip(rows) {
        imported.take(Place::Entry(number), cookie(row.get().as_bytes(), reading));
    }
    Ok(imported)
}

/// Reads an object a line.
pub fn read_lines(text: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    let mut imported = Imported::default();
    for (number, line) in (1..).zip(text.split(|octet| *octet == b'\n')) {
        if !line.trim_ascii().is_empty() {
            imported.take(Place::Line(number), cookie(line, reading));
        }
    }
    Ok(imported)
}

/// All of a jar's file that an import wants.
#[derive(Deserialize)]
struct File<'a> {
    #[serde(borrow)]
    cookies: Vec<&'a RawValue>,
}

fn rows<'a>(cookies: impl IntoIterator<Item = &'a Cookie>) -> serde_json::Result<Vec<Vec<u8>>> {
    cookies.into_iter().map(|cookie| serde_json::to_vec(&RowOf(cookie, &[]))).collect()
}

/// A cookie that keeps all it was, but that this is when it was last written; a time in the future is not believed.
fn cookie(row: &[u8], reading: &Reading) -> Result<Cookie, String> {
    let Row { cookie, .. } = serde_json::from_slice(row).map_err(|error| said(&error, Where::Row))?;
    let Cookie { created, last_access, pinned, set_over_http, host_only, .. } = cookie;
    let draft = Draft {
        name: cookie.name,
        value: cookie.value,
        domain: cookie.domain.to_string(),
        host_only: Some(host_only),
        path: cookie.path,
        expires: cookie.expires,
        secure: cookie.secure,
        http_only: cookie.http_only,
        same_site: cookie.same_site,
        created: Some(created),
    };
    let checked = draft.cookie(reading)?;
    // Nothing lies below an address, but the flag is a part of the cookie's identity.
    Ok(Cookie { host_only, pinned, set_over_http, last_access: last_access.min(reading.now), ..checked })
}

/// What an error was said in.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Where {
    Document,
    Row,
}

/// The parser's own words without what they quote, which may be a cookie's value; of a row its place is known.
fn said(error: &serde_json::Error, place: Where) -> String {
    let said = error.to_string();
    let at = format!(" at line {} column {}", error.line(), error.column());
    let bare = said.strip_suffix(&at).unwrap_or(&said);
    let quotes = ["invalid type: ", "invalid value: ", "invalid length "];
    let bare = match bare.rsplit_once(", expected ") {
        Some((_, expected)) if quotes.iter().any(|quote| bare.starts_with(quote)) => {
            format!("a field is of another type, where {expected} is expected")
        }
        _ => bare.to_owned(),
    };
    match place {
        Where::Row => bare,
        Where::Document => format!("{bare}{at}"),
    }
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    const ROW: &str = r#"{"name":"a","value":"1","domain":"h.example","host_only":true,"path":"/x","expires":"2026-06-01T00:00:00.500000Z","secure":true,"http_only":true,"same_site":"Lax","created":"2025-12-01T00:00:00.000001Z","updated":"2025-12-02T00:00:00.000000Z","last_access":"2025-12-03T00:00:00.000000Z","pinned":true}"#;

    fn reading() -> Reading {
        Reading::at("2026-01-01T00:00:00Z".parse::<DateTime<Utc>>().expect("a time"))
    }

    fn cookies(imported: Imported) -> Vec<Cookie> {
        assert_eq!(imported.rejected, []);
        imported.records.into_iter().map(|record| record.cookie).collect()
    }

    #[test]
    fn what_is_written_is_read_back_with_all_its_fields_as_an_edit_of_now() {
        let odd = ROW.replace(r#""name":"a","value":"1""#, r#""name":"b","value_base64":"/w==""#);
        let text = format!("[{ROW},{odd}]")
            .replace("\"h.example\",\"host_only\":true", "\"10.0.0.1\",\"host_only\":false");
        let read_once = cookies(read(text.as_bytes(), &reading()).expect("an array"));
        let all: Vec<_> = read_once.iter().collect();
        assert_eq!(read_once.len(), 2);
        assert!(all.iter().all(|cookie| cookie.pinned && cookie.updated == reading().now));
        let array = write(&all).octets;
        assert_eq!(
            String::from_utf8_lossy(&array),
            text.replace("2025-12-02", "2026-01-01")
                .replace("[", "[\n")
                .replace("},", "},\n")
                .replace("]", "\n]\n")
        );
        assert_eq!(cookies(read(&array, &reading()).expect("an array")), read_once);
        let lines = write_lines(&all).octets;
        assert_eq!(cookies(read_lines(&lines, &reading()).expect("lines")), read_once);
    }

    #[test]
    fn a_reason_never_quotes_a_value() {
        for (field, why) in [
            (r#""value":"1""#, "missing field `value`"),
            (r#""secure":true"#, "a field is of another type, where a boolean is expected"),
        ] {
            let changed =
                if field.contains("secure") { r#""secure":"hush, expected x""# } else { r#""other":"hush""# };
            let line = ROW.replace(field, changed);
            let found = read_lines(line.as_bytes(), &reading()).expect("lines").rejected;
            assert_eq!(found.iter().map(|row| &*row.why).collect::<Vec<_>>(), [why]);
        }
    }

    #[test]
    fn a_document_that_is_no_list_says_where_it_stops_being_one() {
        let why = |text: &str| read(text.as_bytes(), &reading()).expect_err("no list").why;
        assert_eq!(why("[1,\n"), "EOF while parsing a value at line 2 column 0");
        assert_eq!(why(r#"{"a":1}"#), "missing field `cookies` at line 1 column 7");
        assert_eq!(
            why(r#""hush""#),
            "a field is of another type, where a sequence is expected at line 1 column 6"
        );
    }
}
