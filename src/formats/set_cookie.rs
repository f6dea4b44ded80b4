//! Owns Set-Cookie lines as a list of cookies: read by the rules, as answers from one URL, and written as a server
//! would have to send them.
//! Does not find the lines in a dump; that is `header`.

use std::collections::HashMap;

use crate::cookie::attribute::SameSite;
use crate::cookie::context::{Context, Rules};
use crate::cookie::host::Host;
use crate::cookie::jar::Jar;
use crate::cookie::limits::Limits;
use crate::cookie::receive::receive;
use crate::cookie::record::{Cookie, Key};
use crate::cookie::verdict::Verdict;
use crate::formats::exported::{Loss, Writing, Written};
use crate::formats::header;
use crate::formats::imported::{Imported, NotOfFormat, Place, Reading, Record};

/// How many cookies there may be, is for the jar to say that they go to.
const NONE: Limits = Limits { per_domain: usize::MAX, total: usize::MAX, cookie_bytes: usize::MAX };

/// Reads a dump of heads, or bare values, one a line. The lines follow each other as answers do: a later one replaces
/// an earlier one, or deletes it; a deletion of nothing is neither a cookie nor a fault.
pub fn read(text: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    let Some(url) = &reading.url else {
        let why = "Set-Cookie lines do not name their host; say with --url which URL they came from";
        return Err(NotOfFormat { why: why.to_owned() });
    };
    let rules = Rules { suffixes: reading.suffixes.clone(), ..Rules::default() };
    let context = Context::new(url, reading.now)
        .ok_or_else(|| NotOfFormat { why: "the URL of --url has no host".to_owned() })?
        .under(rules);
    let mut imported = Imported::default();
    let mut records: Vec<Option<Record>> = Vec::new();
    let mut places: HashMap<Key, usize> = HashMap::new();
    for (line, value) in header::set_cookies(text) {
        let at = Place::Line(line);
        // Nothing that one URL may set depends on what it has set before, and a jar is slow with more than it is for.
        let receipt = receive(&value, &context, &mut Jar::new(NONE));
        match (receipt.verdict, receipt.cookie) {
            (Verdict::Refused(refusal), _) => {
                imported.take(at, Err(format!("{}: {refusal}", refusal.code())));
            }
            (_, Some(cookie)) if cookie.is_expired(reading.now) => {
                if let Some(slot) = places.remove(&cookie.key()).and_then(|place| records.get_mut(place)) {
                    *slot = None;
                }
            }
            (_, Some(cookie)) => {
                let place = *places.entry(cookie.key()).or_insert(records.len());
                let record = Some(Record { at, cookie });
                match records.get_mut(place) {
                    Some(slot) => *slot = record,
                    None => records.push(record),
                }
            }
            (_, None) => {}
        }
    }
    imported.records = records.into_iter().flatten().collect();
    imported.date_in_order(reading.now);
    Ok(imported)
}

/// Writes lines that are read back as the same cookies with `--url` and the right URL, if there is one for all.
pub fn write(cookies: &[&Cookie], writing: &Writing) -> Written {
    let mut written = Written::default();
    let mut cookies = cookies.to_vec();
    cookies.sort_by_key(|cookie| cookie.created);
    let host = common_host(&cookies);
    for cookie in cookies {
        // A default path may hold what an attribute can't.
        if cookie.path.contains(&b';') {
            written.lose(Loss::Cookie);
            continue;
        }
        if !host.is_some_and(|host| reaches(cookie, host)) {
            written.lose(Loss::Host);
        }
        if cookie.pinned {
            written.lose(Loss::Pinned);
        }
        line(cookie, writing, &mut written);
    }
    written
}

/// The host whose answers could have set the most special of the cookies.
fn common_host<'a>(cookies: &[&'a Cookie]) -> Option<&'a Host> {
    let by_length = |cookie: &&&Cookie| (cookie.host_only, cookie.domain.as_str().len());
    cookies.iter().max_by_key(by_length).map(|cookie| &cookie.domain)
}

fn reaches(cookie: &Cookie, host: &Host) -> bool {
    if cookie.host_only { cookie.domain == *host } else { host.lies_under(&cookie.domain) }
}

fn line(cookie: &Cookie, writing: &Writing, written: &mut Written) {
    let expires = writing.expiry(cookie, written);
    let octets = &mut written.octets;
    octets.extend_from_slice(b"Set-Cookie: ");
    octets.extend_from_slice(&[&*cookie.name, b"=", &*cookie.value].concat());
    if !cookie.host_only {
        octets.extend_from_slice(format!("; Domain={}", cookie.domain).as_bytes());
    }
    octets.extend_from_slice(b"; Path=");
    octets.extend_from_slice(&cookie.path);
    if let Some(expires) = expires {
        octets
            .extend_from_slice(expires.format("; Expires=%a, %d %b %Y %H:%M:%S GMT").to_string().as_bytes());
    }
    for (is_set, word) in [(cookie.secure, "; Secure"), (cookie.http_only, "; HttpOnly")] {
        if is_set {
            octets.extend_from_slice(word.as_bytes());
        }
    }
    if cookie.same_site != SameSite::Unset {
        octets.extend_from_slice(format!("; SameSite={}", cookie.same_site.word()).as_bytes());
    }
    octets.push(b'\n');
}

#[cfg(test)]
mod tests {
    use chrono::{DateTime, Utc};

    use super::*;

    fn reading(url: &str) -> Reading {
        let now: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().expect("a time");
        Reading { url: url.parse().ok(), ..Reading::at(now) }
    }

    fn cookies(url: &str, lines: &str) -> Vec<Cookie> {
        let Imported { records, rejected } = read(lines.as_bytes(), &reading(url)).expect("lines");
        assert_eq!(rejected, []);
        records.into_iter().map(|record| record.cookie).collect()
    }

    fn written(cookies: &[Cookie]) -> (String, Vec<(Loss, usize)>) {
        let written = write(&cookies.iter().collect::<Vec<_>>(), &Writing::default());
        (String::from_utf8(written.octets).expect("UTF-8"), written.lost)
    }

    #[test]
    fn what_is_written_is_read_back_as_it_was() {
        let lines = "Set-Cookie: sid=31d4; Path=/; Secure; HttpOnly; SameSite=Lax\n\
                     Set-Cookie: lang=de; Domain=example.com; Path=/docs; Expires=Mon, 01 Jun 2026 00:00:00 GMT\n\
                     Set-Cookie: =no name; Path=/; SameSite=None\n\
                     Set-Cookie: __Host-a=; Path=/; Secure\n";
        let read = cookies("https://www.example.com/a/b", lines);
        assert_eq!(written(&read), (lines.to_owned(), Vec::new()));
    }

    #[test]
    fn a_host_that_no_one_url_can_stand_for_is_lost() {
        let host = |url, line| cookies(url, line).remove(0);
        let of_host = host("https://www.example.com", "a=1; Path=/");
        let of_domain = host("https://www.example.com", "a=1; Path=/; Domain=example.com");
        let of_other = host("https://h.example", "a=1; Path=/");
        for (cookies, lost) in [
            (vec![of_host.clone(), of_domain.clone()], vec![]),
            (vec![of_domain.clone(), of_other.clone()], vec![(Loss::Host, 1)]),
            (vec![of_host, of_domain, of_other], vec![(Loss::Host, 1)]),
        ] {
            assert_eq!(written(&cookies).1, lost);
        }
    }

    #[test]
    fn a_path_that_no_attribute_can_hold_loses_the_cookie() {
        let read = cookies("https://h.example/a;b/c", "a=1");
        assert_eq!(written(&read), (String::new(), vec![(Loss::Cookie, 1)]));
    }

    #[test]
    fn a_deletion_takes_an_earlier_line_away_and_nothing_else() {
        let read = cookies("http://h.example", "a=1\nb=2\na=; Max-Age=0\nc=; Max-Age=0");
        assert_eq!(read.iter().map(Cookie::pair).collect::<Vec<_>>(), [b"b=2"]);
    }
}
