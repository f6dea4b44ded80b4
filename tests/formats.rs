//! Owns the runner of `fixtures/formats`: files as other programs write them, and what must be read from each.
//! Does not hold an expectation; those stand beside the files, written from what the other program says it means.
//!
//! A fixture is two files of one folder: `NAME.EXTENSION`, the text, octet for octet, and `NAME.expected.json`:
//!
//! ```json
//! {
//!   "format": "netscape",             the format to read it as (its word on the command line)
//!   "detected": "netscape",           what it is taken for by its looks; null or absent: it can't be told
//!   "now": "2026-01-01T00:00:00Z",    when it is read
//!   "url": "https://www.example.com", optional: what --url says
//!   "records": [                      the cookies, in the order of the text, as rows of our JSON but for the times
//!     {"at": "line 3", "name": "a", "value": "b", "domain": "h.example", "host_only": true, "path": "/",
//!      "expires": "2026-02-01T00:00:00.000000Z", "secure": true, "http_only": true, "same_site": "Lax"}
//!   ],
//!   "rejected": [{"at": "line 5", "why": "it has 3 fields, where a cookie has 7"}],
//!   "not_of_format": "why"            in place of the two lists: the text as a whole is refused
//! }
//! ```
//!
//! Left out of a row: `created`, `updated` and `last_access` always, `at` where the place does not matter, and whatever
//! is `false` or `null`. Octets that are not UTF-8 are `name_base64`, `value_base64`, `path_base64`.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::{Map, Value, json};
use url::Url;

use kuki::cookie::record::Cookie;
use kuki::formats::detect::detect;
use kuki::formats::exported::{Loss, Writing};
use kuki::formats::format::{ALL, Format, read, write};
use kuki::formats::imported::{Imported, NotOfFormat, Reading, Record};
use kuki::formats::row::RowOf;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Expected {
    format: String,
    detected: Option<String>,
    now: String,
    url: Option<String>,
    #[serde(default)]
    records: Vec<Map<String, Value>>,
    #[serde(default)]
    rejected: Vec<Value>,
    not_of_format: Option<String>,
}

const EXPECTED: &str = ".expected.json";
const TIMES: [&str; 3] = ["created", "updated", "last_access"];

#[test]
fn every_fixture_is_read_as_it_is_meant() {
    let mut wrong = Vec::new();
    for (text, expected) in fixtures() {
        let name = text.display();
        let octets = fs::read(&text).expect("a readable fixture");
        let expected = fs::read(&expected).expect("a readable expectation");
        let expected: Expected =
            serde_json::from_slice(&expected).unwrap_or_else(|error| panic!("{name}: {error}"));
        wrong.extend(differences(&octets, &expected).into_iter().map(|what| format!("{name}: {what}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_fixture_has_its_expectation_and_every_expectation_its_fixture() {
    let stem = |path: &Path, end: &str| {
        let name = path.file_name().and_then(|name| name.to_str()).expect("a plain name").to_owned();
        path.with_file_name(name.strip_suffix(end).map_or(name.clone(), str::to_owned))
    };
    let (expectations, texts): (Vec<_>, Vec<_>) =
        files().into_iter().partition(|path| path.to_str().is_some_and(|path| path.ends_with(EXPECTED)));
    let expected: BTreeSet<_> = expectations.iter().map(|path| stem(path, EXPECTED)).collect();
    let texts: Vec<_> = texts.into_iter().map(|path| path.with_extension("")).collect();
    assert_eq!(texts.len(), texts.iter().collect::<BTreeSet<_>>().len(), "two fixtures of one name");
    assert_eq!(texts.into_iter().collect::<BTreeSet<_>>(), expected);
}

#[test]
fn what_is_written_is_taken_for_its_format_and_read_back() {
    let octets = fs::read(root().join("json/jar.json")).expect("a readable fixture");
    let now = "2026-01-01T00:00:00Z".parse().expect("a time");
    let url = Url::parse("https://www.example.com/").ok();
    let reading = Reading { url, ..Reading::at(now) };
    let cookies = |format, octets: &[u8]| {
        let Imported { records, rejected } = read(format, octets, &reading).expect("a text of the format");
        assert_eq!(rejected, [], "{}", format.word());
        records.into_iter().map(|record| record.cookie).collect::<Vec<_>>()
    };
    let text = String::from_utf8(octets).expect("UTF-8").replace("\"h.example\"", "\"www.example.com\"");
    let stored = cookies(Format::Json, text.as_bytes());
    for format in ALL {
        let all: Vec<_> = stored.iter().collect();
        let Some(written) = write(format, &all, &Writing::default()) else { continue };
        assert_eq!(detect(&written.octets), Some(format), "{}", format.word());
        let left_out: usize =
            written.lost.iter().filter(|(loss, _)| *loss == Loss::Cookie).map(|(_, count)| count).sum();
        let names =
            |cookies: &[Cookie]| cookies.iter().map(|cookie| cookie.name.clone()).collect::<BTreeSet<_>>();
        let found = names(&cookies(format, &written.octets));
        assert!(found.is_subset(&names(&stored)), "{}", format.word());
        assert_eq!(found.len() + left_out, stored.len(), "{}", format.word());
    }
}

/// The instrument itself: a comparison that is always content would never fail.
#[test]
fn a_difference_is_seen() {
    let expected = |text: Value| serde_json::from_value::<Expected>(text).expect("an expectation");
    let now = "2026-01-01T00:00:00Z";
    let refused = differences(b"", &expected(json!({"format": "har", "detected": "har", "now": now})));
    assert_eq!(refused.len(), 2, "{refused:?}");
    let as_meant = json!({"name": "a", "secure": false, "expires": null});
    let found = json!({"name": "a", "created": "2026", "http_only": false});
    let (as_meant, found) = (bare(as_meant.as_object().cloned()), bare(found.as_object().cloned()));
    assert_eq!(as_meant, found);
    assert_ne!(bare(json!({"name": "b"}).as_object().cloned()), found);
    assert_ne!(bare(json!({"name": "a", "secure": true}).as_object().cloned()), found);
}

fn differences(octets: &[u8], expected: &Expected) -> Vec<String> {
    let mut wrong = Vec::new();
    let format = Format::parse(&expected.format).expect("the word of a format");
    let detected = detect(octets).map(|format| format.word().to_owned());
    if detected != expected.detected {
        wrong.push(format!("taken for {detected:?}, expected {:?}", expected.detected));
    }
    let now: DateTime<Utc> = expected.now.parse().expect("`now` is a time");
    let url = expected.url.as_ref().map(|url| Url::parse(url).expect("`url` is a URL"));
    let reading = Reading { url, ..Reading::at(now) };
    let imported = match (read(format, octets, &reading), &expected.not_of_format) {
        (Ok(imported), None) => imported,
        (Err(NotOfFormat { why }), Some(expected)) if why == *expected => return wrong,
        (outcome, expected) => {
            wrong.push(format!("read as {outcome:?}, expected to be refused: {expected:?}"));
            return wrong;
        }
    };
    let Imported { records, rejected } = imported;
    for (number, expected) in expected.records.iter().enumerate() {
        let has_place = expected.contains_key("at");
        let found = records.get(number).map(|record| row(record, has_place));
        let expected = bare(Some(expected.clone()));
        if found.as_ref() != Some(&expected) {
            let found = found.map_or("nothing".to_owned(), |row| Value::from(row).to_string());
            wrong.push(format!(
                "record {}:\n  found    {found}\n  expected {}",
                number + 1,
                Value::from(expected)
            ));
        }
    }
    for more in records.iter().skip(expected.records.len()) {
        wrong.push(format!("one record more: {}", Value::from(row(more, true))));
    }
    let rejected: Vec<_> =
        rejected.iter().map(|row| json!({"at": row.at.to_string(), "why": row.why})).collect();
    if rejected != expected.rejected {
        let (found, expected) = (Value::from(rejected), Value::from(expected.rejected.clone()));
        wrong.push(format!("rejected:\n  found    {found}\n  expected {expected}"));
    }
    wrong
}

fn row(record: &Record, has_place: bool) -> Map<String, Value> {
    let row = serde_json::to_value(RowOf(&record.cookie, &[])).expect("a row");
    let mut row = bare(row.as_object().cloned());
    if has_place {
        row.insert("at".to_owned(), Value::from(record.at.to_string()));
    }
    row
}

/// Without the times, and without what says nothing.
fn bare(row: Option<Map<String, Value>>) -> Map<String, Value> {
    let says_nothing = |value: &Value| value.is_null() || *value == Value::Bool(false);
    let mut row = row.expect("an object");
    row.retain(|field, value| !TIMES.contains(&field.as_str()) && !says_nothing(value));
    row
}

/// Each text with its expectation.
fn fixtures() -> Vec<(PathBuf, PathBuf)> {
    let is_text = |path: &PathBuf| !path.to_str().is_some_and(|path| path.ends_with(EXPECTED));
    files()
        .into_iter()
        .filter(is_text)
        .map(|text| {
            let expected = text.with_extension(EXPECTED.trim_start_matches('.'));
            (text, expected)
        })
        .collect()
}

fn files() -> Vec<PathBuf> {
    let all = |folder: PathBuf| {
        fs::read_dir(folder).expect("a readable folder").map(|entry| entry.expect("a readable entry").path())
    };
    let mut files: Vec<_> = all(root()).filter(|path| path.is_dir()).flat_map(all).collect();
    files.sort();
    files
}

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/formats")
}
