//! Owns cookies.txt, the file of curl, wget and Python: a cookie a line, oldest first.
//! Does not take a line apart; that is `netscape_line`.

use std::collections::HashMap;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};

use crate::cookie::attribute::SameSite;
use crate::cookie::record::Cookie;
use crate::cookie::suffix::Suffixes;
use crate::formats::exported::{Loss, Writing, Written};
use crate::formats::header;
use crate::formats::imported::{Imported, NotOfFormat, Place, Reading};
use crate::formats::netscape_line::Line;

/// The first line is what Python looks for.
const HEAD: &[u8] = b"# Netscape HTTP Cookie File\n\
    # Made by kuki, and can be edited: a cookie a line, oldest first; seven fields with a TAB between them.\n\n";

/// What begins the file of every program that writes one.
const MAGIC: &[u8] = b"# Netscape HTTP Cookie File";

/// curl skips a line of 5000 octets; the marks, flags and digits around these have fewer than 50.
const OCTETS: usize = 4950;

/// A line of a jar that is no cookie.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BadLine {
    /// Counts from one.
    pub line: usize,
    /// Half a sentence that never holds a value.
    pub why: String,
}

/// Reads a file of any program. A line that is no cookie never stops the rest; a file with a NUL in it and no cookie
/// is no text at all.
pub fn read(text: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    let mut imported = Imported::default();
    for (number, line) in lines(text) {
        if let Some(line) = Line::read(line) {
            imported.take(Place::Line(number), line.and_then(|line| line.cookie(reading)));
        }
    }
    if imported.records.is_empty() && text.contains(&0) {
        return Err(NotOfFormat { why: "it holds NUL octets, so it is no text".to_owned() });
    }
    imported.date_in_order(reading.now);
    Ok(imported)
}

/// Reads a file that is a jar: a line that is no cookie refuses the whole, since saving would lose it. What has expired
/// is dropped. Of two lines of one cookie the later one counts, in the place of the earlier.
///
/// The file knows no times, so its cookies are dated from 1970 on: in their order, and older than any answer.
pub fn read_strict(text: &[u8], now: DateTime<Utc>) -> Result<Vec<Cookie>, BadLine> {
    let reading = Reading { suffixes: Arc::new(Unlisted), ..Reading::at(now) };
    let mut cookies: Vec<Cookie> = Vec::new();
    let mut places = HashMap::new();
    let mut is_of_format = text.trim_ascii().is_empty() || text.starts_with(MAGIC);
    for (number, line) in lines(text) {
        let Some(line) = Line::read(line) else { continue };
        is_of_format = true;
        let bad = |why| BadLine { line: number, why };
        let line = line.map_err(bad)?;
        if line.draft.expires.is_some_and(|expires| expires <= now) {
            continue;
        }
        let mut cookie = line.cookie(&reading).map_err(bad)?;
        let place = *places.entry(cookie.key()).or_insert(cookies.len());
        let age = TimeDelta::microseconds(i64::try_from(place).unwrap_or(i64::MAX));
        let dated = DateTime::UNIX_EPOCH + age;
        (cookie.created, cookie.updated, cookie.last_access) = (dated, dated, dated);
        match cookies.get_mut(place) {
            Some(earlier) => *earlier = cookie,
            None => cookies.push(cookie),
        }
    }
    if !is_of_format {
        // Saving would be the end of somebody's notes.
        return Err(BadLine {
            line: 1,
            why: "there is neither the head of a cookies.txt nor a cookie".to_owned(),
        });
    }
    Ok(cookies)
}

/// Writes cookies in the order of their creation, which is what the order of lines stands for.
pub fn write(cookies: &[&Cookie], writing: &Writing) -> Written {
    let mut written = Written { octets: HEAD.to_vec(), ..Written::default() };
    let mut cookies = cookies.to_vec();
    cookies.sort_by_key(|cookie| cookie.created);
    for cookie in cookies {
        if can_hold(cookie) {
            line(cookie, writing, &mut written);
        } else {
            written.lose(Loss::Cookie);
        }
    }
    written
}

/// Would this program and curl read the cookie back as it is? curl takes several TABs for one, so there is no TAB in
/// a field and no field but the last is empty.
pub fn can_hold(cookie: &Cookie) -> bool {
    let Cookie { name, value, path, domain, .. } = cookie;
    let has_tab = [name, value, path].into_iter().any(|text| text.contains(&b'\t'));
    let octets = domain.as_str().len() + path.len() + cookie.octets();
    !name.is_empty() && !has_tab && octets <= OCTETS
}

fn line(cookie: &Cookie, writing: &Writing, written: &mut Written) {
    if cookie.http_only && writing.no_http_only_prefix {
        written.lose(Loss::HttpOnly);
    } else if cookie.http_only {
        written.octets.extend_from_slice(b"#HttpOnly_");
    }
    if cookie.same_site != SameSite::Unset {
        written.lose(Loss::SameSite);
    }
    if cookie.pinned {
        written.lose(Loss::Pinned);
    }
    let seconds = match writing.expiry(cookie, written) {
        // A zero would be a session.
        Some(expires) => expires.timestamp().max(1),
        None => 0,
    };
    // curl writes an IPv6 address without its brackets, and knows it only so.
    let host = cookie.domain.as_str().trim_matches(['[', ']']);
    // To Python the dot and the flag have to say the same, or the whole file is none.
    let dot = if cookie.host_only { "" } else { "." };
    let flag = |is_set: bool| if is_set { "TRUE" } else { "FALSE" };
    let (domain, wide, secure) = (format!("{dot}{host}"), flag(!cookie.host_only), flag(cookie.secure));
    let fields: [&[u8]; 7] = [
        domain.as_bytes(),
        wide.as_bytes(),
        &cookie.path,
        secure.as_bytes(),
        &seconds.to_string().into_bytes(),
        &cookie.name,
        &cookie.value,
    ];
    written.octets.extend_from_slice(&fields.join(&b'\t'));
    written.octets.push(b'\n');
}

fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    header::lines(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text))
}

/// What a jar holds was received by some list, perhaps another one, and is asked again before it is sent.
#[derive(Debug)]
struct Unlisted;

impl Suffixes for Unlisted {
    fn public_suffix<'a>(&self, _name: &'a str) -> &'a str {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::host::Host;

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
    }

    fn cookie(name: &[u8], value: &[u8]) -> Cookie {
        Cookie {
            name: name.to_vec(),
            value: value.to_vec(),
            domain: Host::canonical("h.example").expect("a host"),
            host_only: true,
            path: b"/".to_vec(),
            expires: None,
            secure: false,
            http_only: false,
            same_site: SameSite::Unset,
            created: now(),
            updated: now(),
            last_access: now(),
            pinned: false,
            set_over_http: false,
        }
    }

    fn rows(cookies: &[Cookie], writing: &Writing) -> (String, Vec<(Loss, usize)>) {
        let written = write(&cookies.iter().collect::<Vec<_>>(), writing);
        let text = String::from_utf8(written.octets).expect("UTF-8");
        (text.split_once("\n\n").expect("a head").1.to_owned(), written.lost)
    }

    #[test]
    fn what_it_can_not_hold_is_counted() {
        let held = Cookie { http_only: true, same_site: SameSite::Lax, pinned: true, ..cookie(b"a", b"1") };
        let cookies = [held, cookie(b"b", b"x\ty"), cookie(b"", b"v")];
        let lost = vec![(Loss::SameSite, 1), (Loss::Pinned, 1), (Loss::Cookie, 2)];
        let expected = "#HttpOnly_h.example\tFALSE\t/\tFALSE\t0\ta\t1\n".to_owned();
        assert_eq!(rows(&cookies, &Writing::default()), (expected, lost));
    }

    #[test]
    fn for_other_readers_the_mark_is_left_out_and_sessions_get_an_expiry() {
        let cookies = [Cookie { http_only: true, ..cookie(b"a", b"1") }];
        let writing = Writing { session_expiry: Some(now()), no_http_only_prefix: true };
        let expected = "h.example\tFALSE\t/\tFALSE\t1800000000\ta\t1\n".to_owned();
        assert_eq!(rows(&cookies, &writing), (expected, vec![(Loss::HttpOnly, 1), (Loss::Session, 1)]));
    }

    #[test]
    fn the_expiry_is_rounded_down_and_never_to_a_session() {
        let expiring = |nanoseconds, seconds| {
            let expires = DateTime::from_timestamp(seconds, nanoseconds);
            rows(&[Cookie { expires, ..cookie(b"a", b"1") }], &Writing::default()).0
        };
        assert_eq!(expiring(999_000_000, 1_900_000_000), "h.example\tFALSE\t/\tFALSE\t1900000000\ta\t1\n");
        assert_eq!(expiring(999_000_000, 0), "h.example\tFALSE\t/\tFALSE\t1\ta\t1\n");
    }

    #[test]
    fn lines_stand_in_the_order_of_creation() {
        let aged =
            |name, seconds| Cookie { created: now() - TimeDelta::seconds(seconds), ..cookie(name, b"1") };
        let (text, _) = rows(&[aged(b"young", 1), aged(b"old", 3), aged(b"middle", 2)], &Writing::default());
        let names: Vec<_> = text.lines().filter_map(|line| line.split('\t').nth(5)).collect();
        assert_eq!(names, ["old", "middle", "young"]);
        let read = read(text.as_bytes(), &Reading::at(now())).expect("a text");
        let created: Vec<_> = read.records.iter().map(|record| now() - record.cookie.created).collect();
        assert_eq!(created, [2, 1, 0].map(TimeDelta::microseconds));
    }

    #[test]
    fn an_address_is_written_as_curl_knows_it_and_keeps_its_identity() {
        for (address, host_only, line) in [
            ("[::1]", true, "::1\tFALSE\t/\tFALSE\t0\ta\t1\n"),
            ("[::1]", false, ".::1\tTRUE\t/\tFALSE\t0\ta\t1\n"),
            ("127.0.0.1", false, ".127.0.0.1\tTRUE\t/\tFALSE\t0\ta\t1\n"),
        ] {
            let domain = Host::canonical(address).expect("a host");
            let cookie = Cookie { domain, host_only, ..cookie(b"a", b"1") };
            let (text, _) = rows(std::slice::from_ref(&cookie), &Writing::default());
            assert_eq!(text, line);
            let jar = read_strict(text.as_bytes(), now()).expect("a jar");
            assert_eq!(jar.iter().map(Cookie::key).collect::<Vec<_>>(), [cookie.key()]);
        }
    }

    #[test]
    fn a_jar_is_dated_before_any_answer_and_in_its_order() {
        let text = "h.example\tFALSE\t/\tFALSE\t0\ta\t1\nh.example\tFALSE\t/\tFALSE\t0\tb\t1\n\
                    h.example\tFALSE\t/\tFALSE\t1\tgone\t1\nh.example\tFALSE\t/\tFALSE\t0\ta\t2\n\
                    .github.io\tTRUE\t/\tFALSE\t0\tc\t1\n";
        let jar = read_strict(text.as_bytes(), now()).expect("a jar");
        let found: Vec<_> =
            jar.iter().map(|cookie| (cookie.pair(), cookie.updated.timestamp_micros())).collect();
        assert_eq!(found, [(b"a=2".to_vec(), 0), (b"b=1".to_vec(), 1), (b"c=1".to_vec(), 2)]);
        assert!(jar.iter().all(|cookie| cookie.created == cookie.updated));
    }

    #[test]
    fn a_jar_with_a_line_that_is_no_cookie_is_refused_with_its_line() {
        let bad = |text: &str| read_strict(text.as_bytes(), now()).expect_err("no jar");
        let why = "it has 1 field, where a cookie has 7".to_owned();
        assert_eq!(bad("# x\n\nhello\n"), BadLine { line: 3, why });
        let why = "its domain is not a host".to_owned();
        assert_eq!(bad("a..b\tFALSE\t/\tFALSE\t0\ta\t1"), BadLine { line: 1, why });
    }

    #[test]
    fn a_binary_file_is_no_text_and_a_bad_octet_spoils_its_line_only() {
        assert!(read(b"SQLite format 3\0\x10\n\0", &Reading::at(now())).is_err());
        let text = b"h.example\tFALSE\t/\tFALSE\t0\ta\t1\nh.example\tFALSE\t/\tFALSE\t0\tb\tx\0y\n";
        let read = read(text, &Reading::at(now())).expect("a text");
        assert_eq!((read.records.len(), read.rejected.len()), (1, 1));
    }

    /// Deterministic, so that a failure is found again.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: usize) -> usize {
            self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(self.0 >> 33).expect("31 bits") % sides
        }

        fn one<T: Clone>(&mut self, of: &[T]) -> T {
            of[self.roll(of.len())].clone()
        }

        fn octets(&mut self) -> Vec<u8> {
            let odd = b"#=\"' \t,.$_%aZ0\x80\xc3\xa9\xff[]{}\\/:";
            (0..self.roll(8)).map(|_| self.one(odd)).collect()
        }

        fn cookie(&mut self) -> Cookie {
            let seconds = i64::try_from(self.roll(30_000_000)).expect("small") + 1;
            let domain =
                self.one(&["h.example", "a.b.example", "xn--bcher-kva.example", "[::1]", "10.0.0.1"]);
            let expires = (self.roll(2) == 0).then(|| now() + TimeDelta::seconds(seconds));
            Cookie {
                domain: Host::canonical(domain).expect("a host"),
                host_only: self.roll(2) == 0,
                path: [b"/".to_vec(), self.octets()].concat(),
                expires,
                secure: self.roll(2) == 0,
                http_only: self.roll(2) == 0,
                ..cookie(&self.octets(), &self.octets())
            }
        }
    }

    #[test]
    fn what_can_be_held_is_read_back_as_it_was() {
        let mut dice = Dice(20_260_101);
        let mut held = 0;
        for _ in 0..20_000 {
            let cookie = dice.cookie();
            if crate::cookie::fault::fault(&cookie).is_some() || !can_hold(&cookie) {
                continue;
            }
            held += 1;
            let text = write(&[&cookie], &Writing::default()).octets;
            let read = read(&text, &Reading::at(now())).expect("a text");
            let read: Vec<_> = read.records.into_iter().map(|record| record.cookie).collect();
            assert_eq!(read, std::slice::from_ref(&cookie));
            let mut jar = read_strict(&text, now()).expect("a jar");
            for again in &mut jar {
                (again.created, again.updated, again.last_access) = (now(), now(), now());
            }
            assert_eq!(jar, [cookie]);
        }
        assert!(held > 2_000, "only {held} cookies were tried");
    }
}
