//! Owns one line of a cookies.txt: its seven fields, in all the ways in which programs write them.
//! Does not decide what becomes of a line that is none; a file that is imported and a jar differ there.

use chrono::{DateTime, Utc};

use crate::cookie::fault::fault;
use crate::cookie::record::Cookie;
use crate::formats::draft::Draft;
use crate::formats::imported::Reading;

const HTTP_ONLY: &[u8] = b"#HttpOnly_";

/// A line that is neither empty nor a comment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    pub draft: Draft,
}

impl Line {
    /// Takes a line without its end apart: `None` for a comment or nothing, else half a sentence if it is no cookie.
    pub fn read(line: &[u8]) -> Option<Result<Line, String>> {
        if line.trim_ascii().is_empty() {
            return None;
        }
        let (http_only, row) = match line.strip_prefix(HTTP_ONLY) {
            Some(row) => (true, row),
            None if line.trim_ascii_start().starts_with(b"#") => return None,
            None => (false, line),
        };
        let fields = if row.contains(&b'\t') { by_tabs(row) } else { by_blanks(row) };
        Some(Line::of(&fields, http_only))
    }

    /// The cookie, as if it had been received now.
    pub fn cookie(self, reading: &Reading) -> Result<Cookie, String> {
        let wide = self.draft.host_only == Some(false);
        let mut cookie = self.draft.cookie(reading)?;
        // Nothing lies below an address, but the flag is a part of the identity that the cookie had in a jar.
        cookie.host_only &= !(wide && cookie.domain.is_address());
        fault(&cookie).map_or(Ok(cookie), |fault| Err(fault.to_owned()))
    }

    fn of(fields: &[&[u8]], http_only: bool) -> Result<Line, String> {
        let (domain, wide, path, secure, expires, name, value) = match *fields {
            [domain, wide, path, secure, expires, name] => {
                (domain, wide, path, secure, expires, name, &b""[..])
            }
            [domain, wide, path, secure, expires, name, value] => {
                (domain, wide, path, secure, expires, name, value)
            }
            _ => return Err(miscounted(fields.len())),
        };
        let domain = std::str::from_utf8(domain.trim_ascii()).map_err(|_| "its domain is not a host")?;
        let wide = flag(wide).ok_or("its second field is neither TRUE nor FALSE")?;
        let draft = Draft {
            name: name.to_vec(),
            value: value.to_vec(),
            domain: domain.to_owned(),
            host_only: Some(!wide),
            path: path.to_vec(),
            expires: expiry(expires.trim_ascii()).ok_or("its expiry is not a number of seconds")?,
            secure: flag(secure).ok_or("its fourth field is neither TRUE nor FALSE")?,
            http_only,
            ..Draft::default()
        };
        Ok(Line { draft })
    }
}

/// Older files leave the path out. TABs behind the value say nothing, and editors take those of an empty one away.
fn by_tabs(row: &[u8]) -> Vec<&[u8]> {
    let mut fields: Vec<_> = row.split(|octet| *octet == b'\t').collect();
    if fields.len() < 7 && fields.get(2).is_some_and(|field| flag(field).is_some()) {
        fields.insert(2, b"/");
    }
    while fields.len() > 7 && fields.last().is_some_and(|field| field.is_empty()) {
        fields.pop();
    }
    fields
}

/// A file that was copied from a screen has blanks for its TABs; whatever follows the name is the value.
fn by_blanks(row: &[u8]) -> Vec<&[u8]> {
    let mut fields = Vec::with_capacity(7);
    let mut rest = row.trim_ascii();
    while !rest.is_empty() && fields.len() < 6 {
        let end = rest.iter().position(|octet| *octet == b' ').unwrap_or(rest.len());
        fields.push(&rest[..end]);
        rest = rest[end..].trim_ascii_start();
    }
    if !rest.is_empty() {
        fields.push(rest);
    }
    fields
}

fn miscounted(fields: usize) -> String {
    let s = if fields == 1 { "" } else { "s" };
    format!("it has {fields} field{s}, where a cookie has 7")
}

fn flag(field: &[u8]) -> Option<bool> {
    let field = field.trim_ascii();
    let is = |word: &str| field.eq_ignore_ascii_case(word.as_bytes());
    if is("TRUE") { Some(true) } else { is("FALSE").then_some(false) }
}

/// Seconds since 1970, of which programs write fractions too; nothing, and zero, stand for a session cookie.
fn expiry(field: &[u8]) -> Option<Option<DateTime<Utc>>> {
    let (negative, number) = match field {
        [] => return Some(None),
        [b'-', number @ ..] => (true, number),
        number => (false, number),
    };
    let whole = number.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let is_fraction = |rest: &[u8]| match rest {
        [b'.', digits @ ..] => digits.iter().all(u8::is_ascii_digit),
        rest => rest.is_empty(),
    };
    if whole == 0 || !is_fraction(&number[whole..]) {
        return None;
    }
    let seconds = number[..whole]
        .iter()
        .fold(0i64, |seconds, digit| seconds.saturating_mul(10).saturating_add(i64::from(digit - b'0')));
    Some(match (seconds, negative) {
        (0, _) => None,
        (seconds, false) => Some(DateTime::from_timestamp(seconds, 0).unwrap_or(DateTime::<Utc>::MAX_UTC)),
        (seconds, true) => Some(DateTime::from_timestamp(-seconds, 0).unwrap_or(DateTime::<Utc>::MIN_UTC)),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(line: &str, expected: Result<(&str, &str, &str), &str>) {
        let line_read = Line::read(line.as_bytes()).expect("no comment");
        let text = |octets: &[u8]| String::from_utf8(octets.to_vec()).expect("UTF-8");
        let found = line_read.map(|Line { draft, .. }| (draft.domain, text(&draft.name), text(&draft.value)));
        let expected =
            expected.map(|(domain, name, value)| (domain.to_owned(), name.to_owned(), value.to_owned()));
        assert_eq!(found, expected.map_err(str::to_owned), "{line:?}");
    }

    #[test]
    fn seven_fields_are_a_cookie_and_the_value_may_be_missing() {
        reads("h.example\tTRUE\t/\tFALSE\t0\tn\tv", Ok(("h.example", "n", "v")));
        reads("h.example\ttrue\t/\tFalse\t0\tn\tv w", Ok(("h.example", "n", "v w")));
        reads("h.example\tTRUE\t/\tFALSE\t0\tn\t", Ok(("h.example", "n", "")));
        reads("h.example\tTRUE\t/\tFALSE\t0\tn", Ok(("h.example", "n", "")));
        reads("h.example\tTRUE\t/\tFALSE\t0\t\tv", Ok(("h.example", "", "v")));
        reads("h.example\tTRUE\t/\tFALSE\t0\tn\tv\t\t", Ok(("h.example", "n", "v")));
        reads("h.example\tTRUE\tFALSE\t0\tn\tv", Ok(("h.example", "n", "v")));
    }

    #[test]
    fn blanks_do_for_tabs_where_there_is_no_tab() {
        reads("h.example  TRUE  /  FALSE  0  n  v w ", Ok(("h.example", "n", "v w")));
        reads("h.example TRUE / FALSE 0 n", Ok(("h.example", "n", "")));
        reads("h.example TRUE / FALSE 0", Err("it has 5 fields, where a cookie has 7"));
    }

    #[test]
    fn what_is_no_cookie_says_why() {
        reads("hello", Err("it has 1 field, where a cookie has 7"));
        reads("h.example\tTRUE\t/\tFALSE\t0\tn\tv\tw", Err("it has 8 fields, where a cookie has 7"));
        reads("h.example\tYES\t/\tFALSE\t0\tn\tv", Err("its second field is neither TRUE nor FALSE"));
        reads("h.example\tTRUE\t/\t1\t0\tn\tv", Err("its fourth field is neither TRUE nor FALSE"));
        reads("h.example\tTRUE\t/\tFALSE\tsoon\tn\tv", Err("its expiry is not a number of seconds"));
    }

    #[test]
    fn a_comment_is_nothing_and_the_mark_of_http_only_is_no_comment() {
        for line in ["", "  ", "\t", "# x", " # x", "#", "#httponly_h\tTRUE\t/\tFALSE\t0\tn\tv"] {
            assert_eq!(Line::read(line.as_bytes()), None, "{line:?}");
        }
        let line = Line::read(b"#HttpOnly_h.example\tTRUE\t/\tFALSE\t0\tn\tv").expect("no comment");
        assert!(line.expect("a cookie").draft.http_only);
    }

    #[test]
    fn an_expiry_is_seconds_and_zero_is_a_session() {
        let at = |seconds| Some(Some(DateTime::from_timestamp(seconds, 0).expect("a time")));
        for (field, expected) in [
            ("", Some(None)),
            ("0", Some(None)),
            ("0.0", Some(None)),
            ("-0", Some(None)),
            ("1800000000", at(1_800_000_000)),
            ("1800000000.75", at(1_800_000_000)),
            ("1800000000.", at(1_800_000_000)),
            ("-1", at(-1)),
            ("99999999999999999999", Some(Some(DateTime::<Utc>::MAX_UTC))),
            ("-99999999999999999999", Some(Some(DateTime::<Utc>::MIN_UTC))),
            (".5", None),
            ("-", None),
            ("1e9", None),
            ("1 2", None),
        ] {
            assert_eq!(expiry(field.as_bytes()), expected, "{field:?}");
        }
    }
}
