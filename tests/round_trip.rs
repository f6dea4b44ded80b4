//! Owns the promise of every format that is read and written: what it gives back is what it was given, but for what it
//! said that it can't hold.
//! Does not know how the formats look; `formats` has files of each.

use chrono::{DateTime, SubsecRound, TimeDelta, Utc};

use kuki::cookie::attribute::SameSite;
use kuki::cookie::fault::fault;
use kuki::cookie::host::Host;
use kuki::cookie::record::Cookie;
use kuki::formats::cookie_store;
use kuki::formats::exported::{Loss, Writing, Written};
use kuki::formats::format::{Format, read, write};
use kuki::formats::imported::{Imported, Reading};

/// A format, how many digits of a second it keeps, and what it may say that it lost.
const FORMATS: [(Format, u16, &[Loss]); 5] = [
    (Format::CookieStore, 0, &[Loss::Cookie]),
    (Format::Extension, 6, &[]),
    (Format::Httpie, 0, &[Loss::HttpOnly, Loss::HostOnly, Loss::SameSite]),
    (Format::Playwright, 6, &[Loss::SameSite]),
    (Format::Xh, 0, &[Loss::HttpOnly, Loss::SameSite, Loss::HostOnly]),
];

/// Each list has a length of its own without a common factor, so that counting through them meets every pair.
const NAMES: [&str; 7] = ["sid", "", "__Secure-a", "naïve", "a b", "\"q\"", "🍪\u{2028}"];
const VALUES: [&str; 11] = [
    "1",
    "",
    "a=b&c",
    "tab\there",
    "\"quoted\"",
    "back\\slash",
    "grün",
    "{\"x\":[1]}",
    "%3B%20",
    "\u{a0}hard\u{a0}",
    "</script>",
];
const HOSTS: [(&str, bool); 5] = [
    ("example.com", true),
    ("example.com", false),
    ("127.0.0.1", true),
    ("[::1]", true),
    ("xn--bcher-kva.example", false),
];
const PATHS: [&str; 3] = ["/", "/a/b c", "/semi;colon"];
const SAME_SITES: [SameSite; 4] = [SameSite::Unset, SameSite::None, SameSite::Lax, SameSite::Strict];
const LIVES: [Option<i64>; 13] = {
    let micros = [1_000_001, 2_000_000, 86_400_000_007, 34_559_999_999_900];
    let mut lives = [None; 13];
    let mut at = 0;
    while at < 12 {
        lives[at] = if at % 3 == 2 { None } else { Some(micros[at % 4] + at as i64) };
        at += 1;
    }
    lives
};

fn now() -> DateTime<Utc> {
    "2026-06-01T00:00:00.000001Z".parse().expect("a time")
}

fn cookies() -> Vec<Cookie> {
    let cookie = |number: usize| {
        let (host, host_only) = HOSTS[number % HOSTS.len()];
        Cookie {
            name: NAMES[number % NAMES.len()].into(),
            value: VALUES[number % VALUES.len()].into(),
            domain: Host::canonical(host).expect("a host"),
            host_only,
            path: PATHS[number % PATHS.len()].into(),
            expires: LIVES[number % LIVES.len()].map(|life| now() + TimeDelta::microseconds(life)),
            secure: (number / 4).is_multiple_of(2),
            http_only: (number / 8).is_multiple_of(2),
            same_site: SAME_SITES[number % SAME_SITES.len()],
            created: now(),
            updated: now(),
            last_access: now(),
            pinned: false,
            set_over_http: false,
        }
    };
    (0..5_000).map(cookie).filter(|cookie| fault(cookie).is_none()).collect()
}

fn given_back(format: Format, cookie: &Cookie, writing: &Writing) -> (Imported, Vec<(Loss, usize)>) {
    let Written { octets, lost } = write(format, &[cookie], writing).expect("a format that is written");
    (read(format, &octets, &Reading::at(now())).expect("its own text"), lost)
}

#[test]
fn a_cookie_comes_back_as_it_was_but_for_what_was_said_to_be_lost() {
    for (format, digits, may_lose) in FORMATS {
        let (mut whole, mut without) = (0, 0);
        for cookie in cookies() {
            let (imported, lost) = given_back(format, &cookie, &Writing::default());
            let lost: Vec<_> = lost.into_iter().map(|(loss, _)| loss).collect();
            assert!(lost.iter().all(|loss| may_lose.contains(loss)), "{format:?} {cookie:?} {lost:?}");
            assert_eq!(imported.rejected, [], "{format:?} {cookie:?}");
            if lost.contains(&Loss::Cookie) {
                assert_eq!(imported.records, [], "{format:?} {cookie:?}");
                without += 1;
                continue;
            }
            let mut expected = cookie.clone();
            expected.expires = expected.expires.map(|expires| expires.trunc_subsecs(digits));
            let [record] = &*imported.records else { panic!("{format:?} {cookie:?}: {imported:?}") };
            let found = &record.cookie;
            for loss in &lost {
                match loss {
                    Loss::HostOnly => expected.host_only = found.host_only,
                    Loss::HttpOnly => expected.http_only = found.http_only,
                    Loss::SameSite => expected.same_site = found.same_site,
                    _ => {}
                }
            }
            assert_eq!(*found, expected, "{format:?}");
            whole += 1;
        }
        assert!(whole > 2_000, "{format:?}: {whole} of them came back");
        assert_eq!(without > 0, may_lose.contains(&Loss::Cookie), "{format:?}");
    }
}

#[test]
fn many_cookies_come_back_in_their_order() {
    let all = cookies();
    let some: Vec<_> = all.iter().step_by(23).collect();
    for (format, ..) in FORMATS {
        let Written { octets, lost } = write(format, &some, &Writing::default()).expect("a written format");
        let left_out: usize =
            lost.iter().filter(|(loss, _)| *loss == Loss::Cookie).map(|(_, count)| count).sum();
        let imported = read(format, &octets, &Reading::at(now())).expect("its own text");
        assert_eq!(imported.records.len() + left_out, some.len(), "{format:?}");
        assert!(imported.records.is_sorted_by(|one, next| one.cookie.created < next.cookie.created));
    }
}

#[test]
fn octets_that_are_no_text_cost_the_cookie_and_not_its_neighbours() {
    let good = cookies().remove(0);
    let bad = Cookie { value: b"\xff".to_vec(), ..good.clone() };
    for (format, ..) in FORMATS {
        let written = write(format, &[&bad, &good], &Writing::default()).expect("a written format");
        assert_eq!(written.lost.iter().find(|(loss, _)| *loss == Loss::Cookie), Some(&(Loss::Cookie, 1)));
        let imported = read(format, &written.octets, &Reading::at(now())).expect("its own text");
        assert_eq!(imported.records.len(), 1, "{format:?}");
    }
}

#[test]
fn a_pin_and_a_session_that_gets_an_expiry_are_said_to_be_lost() {
    let session = Cookie { expires: None, pinned: true, ..cookies().remove(0) };
    let expiry = now().trunc_subsecs(0) + TimeDelta::days(1);
    let writing = Writing { session_expiry: Some(expiry), ..Writing::default() };
    for (format, ..) in FORMATS {
        let (imported, lost) = given_back(format, &session, &writing);
        for loss in [Loss::Pinned, Loss::Session] {
            assert!(lost.contains(&(loss, 1)), "{format:?} {loss:?}");
        }
        assert_eq!(imported.records[0].cookie.expires, Some(expiry), "{format:?}");
    }
}

#[test]
fn nothing_at_all_comes_back_as_nothing() {
    for (format, ..) in FORMATS {
        let written = write(format, &[], &Writing::default()).expect("a written format");
        assert_eq!(read(format, &written.octets, &Reading::at(now())), Ok(Imported::default()), "{format:?}");
    }
}

#[test]
fn a_torn_or_twisted_text_never_costs_more_than_itself() {
    let all = cookies();
    let some: Vec<_> = all.iter().step_by(301).collect();
    for (format, ..) in FORMATS {
        let whole = write(format, &some, &Writing::default()).expect("a written format").octets;
        for end in (0..whole.len()).step_by(23) {
            drop(read(format, &whole[..end], &Reading::at(now())));
            for octet in [b'"', b'{', b']', b'9', b'\\', 0xff] {
                let mut twisted = whole.clone();
                twisted[end] = octet;
                drop(read(format, &twisted, &Reading::at(now())));
            }
        }
    }
}

#[test]
fn httpie_is_given_a_host_without_a_dot_as_python_spells_it() {
    let host = |name: &str| Host::canonical(name).expect("a host");
    let cookie = Cookie { domain: host("web"), host_only: true, ..cookies().remove(0) };
    let written = write(Format::Httpie, &[&cookie], &Writing::default()).expect("a written format");
    for (url, expected) in [(None, "web.local"), (Some("http://web:8080/"), "web")] {
        let url = url.map(|url| url.parse().expect("a URL"));
        let imported = read(Format::Httpie, &written.octets, &Reading { url, ..Reading::at(now()) });
        assert_eq!(imported.expect("its own text").records[0].cookie.domain, host(expected));
    }
}

#[test]
fn the_crate_itself_reads_every_cookie_that_is_written_for_it() {
    let all = cookies();
    let mut read = 0;
    for cookie in &all {
        let Written { octets, lost } = cookie_store::write(&[cookie], &Writing::default());
        let store = ::cookie_store::serde::json::load_all(&*octets).expect("what the crate can read");
        let Some(found) = store.iter_any().next() else {
            assert_eq!(lost, [(Loss::Cookie, 1)], "{cookie:?}");
            continue;
        };
        let text = |octets: &[u8]| String::from_utf8(octets.to_vec()).expect("text");
        assert_eq!(found.name(), text(&cookie.name));
        assert_eq!(found.value(), text(&cookie.value));
        assert_eq!(String::from(&found.domain), cookie.domain.to_string());
        assert_eq!(String::from(&found.path), text(&cookie.path));
        assert_eq!(found.secure().unwrap_or_default(), cookie.secure);
        assert_eq!(found.http_only().unwrap_or_default(), cookie.http_only);
        assert_eq!(found.same_site().map(|word| word.to_string()), same_site(cookie));
        assert_eq!(found.is_persistent(), cookie.expires.is_some());
        read += 1;
    }
    assert!(read > 1_000, "{read} were read");
}

#[test]
fn what_the_crate_itself_writes_is_read_in_both_of_its_forms() {
    let url = "https://app.example.com/a/b".parse().expect("a URL");
    let mut store = ::cookie_store::CookieStore::new();
    for line in
        ["sid=1; HttpOnly", "wide=2; Domain=example.com; Path=/; Max-Age=9999999999; SameSite=Strict; Secure"]
    {
        store.parse(line, &url).expect("a cookie for the crate");
    }
    let (mut list, mut lines) = (Vec::new(), Vec::new());
    ::cookie_store::serde::json::save_incl_expired_and_nonpersistent(&store, &mut list).expect("a list");
    #[expect(deprecated, reason = "files of this form are what is out there")]
    store.save_incl_expired_and_nonpersistent_json(&mut lines).expect("lines");
    for text in [list, lines] {
        let imported = cookie_store::read(&text, &Reading::at(now())).expect("the crate's text");
        assert_eq!(imported.rejected, []);
        let mut cookies: Vec<_> = imported.records.into_iter().map(|record| record.cookie).collect();
        cookies.sort_by(|one, other| one.name.cmp(&other.name));
        let [sid, wide] = &*cookies else { panic!("{cookies:?}") };
        assert_eq!((sid.domain.as_str(), sid.host_only, &*sid.path), ("app.example.com", true, &b"/a"[..]));
        assert!(sid.http_only && !sid.secure && sid.expires.is_none());
        assert_eq!((wide.domain.as_str(), wide.host_only, &*wide.path), ("example.com", false, &b"/"[..]));
        assert_eq!(wide.expires, Some(now() + TimeDelta::days(400)));
        assert!(wide.secure && wide.same_site == SameSite::Strict);
    }
}

fn same_site(cookie: &Cookie) -> Option<String> {
    (cookie.same_site != SameSite::Unset).then(|| cookie.same_site.word().to_owned())
}
