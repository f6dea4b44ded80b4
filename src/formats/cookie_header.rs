//! Owns the text of a Cookie header, which is names and values and nothing else.
//! Does not know whose cookies they are; the reading's URL says that.

use std::collections::HashSet;

use crate::cookie::prefix::Prefix;
use crate::cookie::record::Cookie;
use crate::formats::draft::Draft;
use crate::formats::exported::{Loss, Written};
use crate::formats::header;
use crate::formats::imported::{Imported, NotOfFormat, Place, Reading};

/// Reads `a=1; b=2`, one header or several, with or without `Cookie:` in front; of the head of a request the Cookie
/// lines alone. They become session cookies of the URL's host and directory.
pub fn read(text: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    if reading.url.is_none() {
        let why = "a Cookie header does not name its host; say with --url which URL it was sent to";
        return Err(NotOfFormat { why: why.to_owned() });
    }
    let mut imported = Imported::default();
    let mut names = HashSet::new();
    for (number, header) in header::cookies(text) {
        for pair in header.split(|octet| *octet == b';').map(<[u8]>::trim_ascii) {
            if pair.is_empty() {
                continue;
            }
            let draft = draft(pair);
            let row = if names.insert(draft.name.clone()) {
                draft.cookie(reading)
            } else {
                Err("an earlier one has its name, and a header does not say how their paths differ"
                    .to_owned())
            };
            imported.take(Place::Line(number), row);
        }
    }
    imported.date_in_order(reading.now);
    Ok(imported)
}

/// Writes what a request would carry that all the cookies fit: longer paths first, then older cookies.
pub fn write(cookies: &[&Cookie]) -> Written {
    let mut cookies = cookies.to_vec();
    cookies.sort_by_key(|cookie| cookie.place());
    let mut written = Written::default();
    let pairs: Vec<_> = cookies.iter().map(|cookie| cookie.pair()).collect();
    cookies.iter().for_each(|_| written.lose(Loss::Attributes));
    written.octets = pairs.join(&b"; "[..]);
    if !pairs.is_empty() {
        written.octets.push(b'\n');
    }
    written
}

/// Whoever stored a cookie of such a name has seen to what the name promises.
fn draft(pair: &[u8]) -> Draft {
    let (name, value) = match pair.iter().position(|octet| *octet == b'=') {
        Some(at) => (pair[..at].trim_ascii_end(), pair[at + 1..].trim_ascii_start()),
        None => (&b""[..], pair),
    };
    let draft = Draft { name: name.to_vec(), value: value.to_vec(), ..Draft::default() };
    match Prefix::of(name) {
        Some(prefix) => Draft {
            secure: true,
            http_only: matches!(prefix, Prefix::Http | Prefix::HostHttp),
            path: if prefix.demands_path() { b"/".to_vec() } else { Vec::new() },
            ..draft
        },
        None => draft,
    }
}

#[cfg(test)]
mod tests {
    use chrono::DateTime;

    use super::*;

    fn reading(url: &str) -> Reading {
        Reading { url: url.parse().ok(), ..Reading::at(DateTime::UNIX_EPOCH) }
    }

    fn cookies(url: &str, text: &str) -> Imported {
        read(text.as_bytes(), &reading(url)).expect("a header")
    }

    #[test]
    fn longer_paths_are_written_first_then_older_cookies() {
        let mut all = cookies("https://h.example/", "b=1; a=2; v").records;
        all.extend(cookies("https://h.example/docs/page", "long=3").records);
        let all: Vec<_> = all.iter().map(|record| &record.cookie).collect();
        let Written { octets, lost } = write(&all);
        assert_eq!(octets, b"long=3; b=1; a=2; v\n");
        assert_eq!(lost, [(Loss::Attributes, 4)]);
        assert_eq!(write(&[]), Written::default());
    }

    #[test]
    fn a_name_with_a_promise_brings_what_it_promises() {
        let found = cookies("https://h.example/docs/page", "__Secure-a=1; __host-b=2; __Http-c=3");
        assert_eq!(found.rejected, []);
        let found: Vec<_> = found
            .records
            .iter()
            .map(|record| (record.cookie.secure, record.cookie.http_only, &*record.cookie.path))
            .collect();
        let expected: [(bool, bool, &[u8]); 3] =
            [(true, false, b"/docs"), (true, false, b"/"), (true, true, b"/docs")];
        assert_eq!(found, expected);
    }
}
