//! Owns the comparison of the jar with two others under random operations: a naive one, told here rule by rule, and the
//! one of the `cookie_store` crate; and the promise that a saved jar is the same when it is read again.
//! Does not know how the jar works inside; the seed of a run that differs is printed, and is enough to repeat it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use cookie_store::CookieStore;
use url::Url;

use kuki::cookie::context::Context;
use kuki::cookie::jar::Jar;
use kuki::cookie::limits::Limits;
use kuki::cookie::receive::receive;
use kuki::cookie::select::select;
use kuki::store::schema::{Document, read, write};

const SEEDS: u64 = 200;
const OPERATIONS: u32 = 120;

/// SplitMix64: a few lines that give the same numbers everywhere.
struct Dice(u64);

impl Dice {
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).expect("a small number");
        usize::try_from(self.roll() % end).expect("a small number")
    }

    fn one_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    fn of<T: Copy>(&mut self, choices: &[T]) -> T {
        choices[self.below(choices.len())]
    }
}

const SCHEMES: [&str; 2] = ["http", "https"];
const HOSTS: [&str; 6] =
    ["example.com", "a.example.com", "b.example.com", "x.a.example.com", "notexample.com", "example.org"];
const DOMAINS: [&str; 3] = ["example.com", "a.example.com", "example.org"];
const PATHS: [&str; 6] = ["/", "/p", "/p/", "/p/q", "/p/q/r", "/pq"];

/// A URL in its parts, so that the model needs no parser.
#[derive(Clone, Copy, Debug)]
struct Place {
    scheme: &'static str,
    host: &'static str,
    path: &'static str,
}

impl Place {
    fn random(dice: &mut Dice) -> Place {
        Place { scheme: dice.of(&SCHEMES), host: dice.of(&HOSTS), path: dice.of(&PATHS) }
    }

    fn url(self) -> Url {
        Url::parse(&format!("{}://{}{}", self.scheme, self.host, self.path)).expect("a good URL")
    }

    fn context(self, now: DateTime<Utc>) -> Context {
        Context::new(&self.url(), now).expect("a URL with a host")
    }
}

/// A `Set-Cookie` in its parts.
#[derive(Clone, Debug)]
struct Wish {
    name: &'static str,
    value: u32,
    domain: Option<&'static str>,
    path: Option<&'static str>,
    secure: bool,
    max_age: Option<i64>,
}

impl Wish {
    fn random(dice: &mut Dice, value: u32) -> Wish {
        let domain = dice.of(&DOMAINS);
        let path = dice.of(&PATHS);
        Wish {
            name: dice.of(&["a", "b", "A"]),
            value,
            domain: dice.one_in(2).then_some(domain),
            path: (!dice.one_in(3)).then_some(path),
            secure: dice.one_in(3),
            max_age: dice.of(&[None, None, None, Some(0), Some(-1), Some(5), Some(30)]),
        }
    }

    fn line(&self) -> String {
        let part = |name: &str, value: Option<String>| {
            value.map_or(String::new(), |value| format!("; {name}={value}"))
        };
        let domain = part("Domain", self.domain.map(str::to_owned));
        let path = part("Path", self.path.map(str::to_owned));
        let max_age = part("Max-Age", self.max_age.map(|age| age.to_string()));
        let secure = if self.secure { "; Secure" } else { "" };
        format!("{}={}{domain}{path}{max_age}{secure}", self.name, self.value)
    }
}

type Identity = (String, String, bool, String);

#[derive(Clone, Debug)]
struct Held {
    identity: Identity,
    value: u32,
    secure: bool,
    expires: Option<i64>,
    born: usize,
    used: i64,
}

/// A jar as one would tell it: a list, and every rule in a sentence of its own. Times are seconds.
#[derive(Default)]
struct Naive {
    held: Vec<Held>,
    births: usize,
    limits: Limits,
}

fn domain_covers(domain: &str, host: &str) -> bool {
    host == domain || host.ends_with(&format!(".{domain}"))
}

fn path_covers(path: &str, other: &str) -> bool {
    let below = if path.ends_with('/') { path.to_owned() } else { format!("{path}/") };
    other == path || other.starts_with(&below)
}

fn directory(path: &str) -> &str {
    match path.rfind('/') {
        None | Some(0) => "/",
        Some(slash) => &path[..slash],
    }
}

impl Naive {
    /// What has expired is gone at once (RFC 6265bis 5.7); the real jar may keep it longer, but must not show it.
    fn forget(&mut self, now: i64) {
        self.held.retain(|held| held.expires.is_none_or(|expires| expires > now));
    }

    fn receive(&mut self, wish: &Wish, place: Place, now: i64) {
        self.forget(now);
        let insecure = place.scheme == "http";
        let domain = wish.domain.unwrap_or(place.host);
        let path = wish.path.unwrap_or(directory(place.path));
        if !domain_covers(domain, place.host) || (insecure && wish.secure) {
            return;
        }
        let is_protected = |held: &Held| {
            let (name, other, _, above) = &held.identity;
            let related = domain_covers(other, domain) || domain_covers(domain, other);
            held.secure && name == wish.name && related && path_covers(above, path)
        };
        if insecure && self.held.iter().any(is_protected) {
            return;
        }
        let identity = (wish.name.to_owned(), domain.to_owned(), wish.domain.is_none(), path.to_owned());
        let old = self.held.iter().position(|held| held.identity == identity).map(|at| self.held.remove(at));
        if wish.max_age.is_some_and(|age| age <= 0) {
            return;
        }
        self.births += 1;
        self.held.push(Held {
            identity,
            value: wish.value,
            secure: wish.secure,
            expires: wish.max_age.map(|age| now + age),
            born: old.map_or(self.births, |old| old.born),
            used: now,
        });
        self.make_room(domain);
    }

    /// Where two were used at the same time the contract is silent, and the older goes.
    fn make_room(&mut self, domain: &str) {
        let of_domain = |held: &&Held| held.identity.1 == domain;
        while self.held.iter().filter(of_domain).count() > self.limits.per_domain {
            let first =
                self.held.iter().filter(of_domain).min_by_key(|held| (held.secure, held.used, held.born));
            let first = first.expect("a domain over its limit holds some").identity.clone();
            self.held.retain(|held| held.identity != first);
        }
        while self.held.len() > self.limits.total {
            let first = self.held.iter().min_by_key(|held| (held.used, held.born));
            let first = first.expect("a jar over its limit holds some").identity.clone();
            self.held.retain(|held| held.identity != first);
        }
    }

    /// The Cookie header; what is in it is thereby used.
    fn send(&mut self, place: Place, now: i64) -> Option<String> {
        self.forget(now);
        let mut sent: Vec<_> = self
            .held
            .iter_mut()
            .filter(|held| {
                let (_, domain, host_only, path) = &held.identity;
                let right_host =
                    if *host_only { domain == place.host } else { domain_covers(domain, place.host) };
                right_host && path_covers(path, place.path) && (!held.secure || place.scheme == "https")
            })
            .collect();
        sent.iter_mut().for_each(|held| held.used = now);
        sent.sort_by_key(|held| (usize::MAX - held.identity.3.len(), held.born));
        let pairs: Vec<_> = sent.iter().map(|held| format!("{}={}", held.identity.0, held.value)).collect();
        (!pairs.is_empty()).then(|| pairs.join("; "))
    }

    fn identities(&self) -> BTreeSet<Identity> {
        self.held.iter().map(|held| held.identity.clone()).collect()
    }
}

fn start() -> DateTime<Utc> {
    "2026-01-01T00:00:00Z".parse().expect("a good time")
}

fn send(jar: &mut Jar, context: &Context) -> Option<String> {
    let selection = select(context, jar);
    let (header, touches) = (selection.header(), selection.touches(context, jar));
    for touch in touches {
        jar.apply(touch, context.now);
    }
    header.map(|octets| String::from_utf8(octets).expect("plain cookies"))
}

fn live_identities(jar: &Jar, now: DateTime<Utc>) -> BTreeSet<Identity> {
    let text = |octets: &[u8]| String::from_utf8(octets.to_vec()).expect("plain cookies");
    jar.iter()
        .filter(|cookie| !cookie.is_expired(now))
        .map(|cookie| (text(&cookie.name), cookie.domain.to_string(), cookie.host_only, text(&cookie.path)))
        .collect()
}

/// One run: after each operation both jars send the same header and hold the same cookies.
fn agrees_with_the_naive_jar(seed: u64) {
    let mut dice = Dice(seed);
    let limits = Limits { per_domain: 3, total: 6, ..Limits::default() };
    let (mut jar, mut naive) = (Jar::new(limits), Naive { limits, ..Naive::default() });
    let (mut seconds, mut story) = (0, Vec::new());
    for value in 0..OPERATIONS {
        // Time never stands still, and nothing expires in the very moment it is asked for: the contract leaves both open.
        seconds += dice.of(&[1, 1, 1, 2, 7, 40]);
        let moment = TimeDelta::seconds(seconds) + TimeDelta::microseconds(i64::from(value));
        let (now, place) = (start() + moment, Place::random(&mut dice));
        if dice.one_in(4) {
            story.push(format!("{seconds}: {} {}{} asks", place.scheme, place.host, place.path));
        } else {
            let wish = Wish::random(&mut dice, value);
            story.push(format!(
                "{seconds}: {} {}{} sets {}",
                place.scheme,
                place.host,
                place.path,
                wish.line()
            ));
            receive(wish.line().as_bytes(), &place.context(now), &mut jar);
            naive.receive(&wish, place, seconds);
        }
        let found = (send(&mut jar, &place.context(now)), live_identities(&jar, now));
        let expected = (naive.send(place, seconds), naive.identities());
        assert_eq!(found, expected, "seed {seed}, after\n{}", story.join("\n"));
    }
}

#[test]
fn the_jar_agrees_with_a_naive_one_after_every_operation() {
    (0..SEEDS).for_each(agrees_with_the_naive_jar);
}

/// What both jars would send, as a set: `cookie_store` has no order.
fn agrees_with_cookie_store(seed: u64) {
    let mut dice = Dice(seed);
    let limits = Limits { per_domain: usize::MAX, total: usize::MAX, ..Limits::default() };
    let (mut jar, mut oracle, mut story) = (Jar::new(limits), CookieStore::new(), Vec::new());
    for value in 0..OPERATIONS {
        let now = start() + TimeDelta::seconds(i64::from(value));
        let mut wish = Wish::random(&mut dice, value);
        // The oracle reads the real clock, so cookies live for ever or not at all.
        wish.max_age = wish.max_age.filter(|age| *age <= 0);
        // Host-only is no part of the oracle's identity: a domain is named by nobody, or by all.
        wish.domain =
            wish.domain.map(|domain| if domain == "a.example.com" { "example.com" } else { domain });
        let host = dice.of(&["a.example.com", "b.example.com", "x.a.example.com", "www.example.org"]);
        // It neither refuses Secure from plain http nor leaves Secure cookies alone: all is set over https.
        let setter = Place { scheme: "https", host, path: dice.of(&PATHS) };
        story.push(format!("{} sets {}", setter.url(), wish.line()));
        receive(wish.line().as_bytes(), &setter.context(now), &mut jar);
        // Its refusals are errors, and show in what it sends.
        let _ = oracle.parse(&wish.line(), &setter.url());
        let asker = Place::random(&mut dice);
        let selection = select(&asker.context(now), &jar);
        let pair = |name: &str, value: &str| format!("{name}={value}");
        let found: BTreeSet<_> = selection
            .sent
            .iter()
            .map(|cookie| String::from_utf8(cookie.pair()).expect("plain cookies"))
            .collect();
        let expected: BTreeSet<_> =
            oracle.get_request_values(&asker.url()).map(|(name, value)| pair(name, value)).collect();
        assert_eq!(found, expected, "seed {seed}, {} asks after\n{}", asker.url(), story.join("\n"));
    }
}

#[test]
fn the_jar_sends_what_cookie_store_sends_where_the_rules_agree() {
    (0..SEEDS).for_each(agrees_with_cookie_store);
}

/// Octets of every sort, with those that mean something to a parser or to JSON more often than the rest.
fn octets(dice: &mut Dice) -> Vec<u8> {
    let pieces: [&[u8]; 16] = [
        b"a",
        b"/",
        b"=",
        b";",
        b" ",
        b"\t",
        b"\"",
        b"\\",
        b"\x00",
        "é".as_bytes(),
        "\u{2028}".as_bytes(),
        "🍪".as_bytes(),
        b"\xff",
        b"\xc3",
        b"\xed\xa0\x80",
        b"{\"x\":[1]}",
    ];
    let mut octets = Vec::new();
    for _ in 0..dice.below(7) {
        match u8::try_from(dice.below(512)) {
            Ok(octet) => octets.push(octet),
            Err(_) => octets.extend_from_slice(dice.of(&pieces)),
        }
    }
    octets
}

/// A line that may be anything, most often a cookie.
fn any_line(dice: &mut Dice) -> Vec<u8> {
    let mut line = [octets(dice), b"=".to_vec(), octets(dice), b"; Path=/".to_vec(), octets(dice)].concat();
    let attributes: [&[u8]; 8] = [
        b"; Secure",
        b"; HttpOnly",
        b"; SameSite=Lax",
        b"; SameSite=Strict",
        b"; SameSite=None",
        b"; Max-Age=99",
        b"; Expires=Tue, 31 Dec 9999 23:59:59 GMT",
        b"; Domain=example.com",
    ];
    for attribute in attributes {
        if dice.one_in(3) {
            line.extend_from_slice(attribute);
        }
    }
    line
}

/// A jar of whatever random lines the rules accepted, with deletions and uses.
fn any_jar(dice: &mut Dice) -> Jar {
    let mut jar = Jar::new(Limits { per_domain: 12, total: 30, cookie_bytes: 4096 });
    for _ in 0..40 {
        let now = start() + TimeDelta::microseconds(i64::try_from(dice.below(1 << 40)).expect("41 bits"));
        let place = Place::random(dice);
        let mut line = any_line(dice);
        receive(&line, &place.context(now), &mut jar);
        if dice.one_in(5) {
            line.extend_from_slice(b"; Max-Age=0");
            receive(&line, &place.context(now), &mut jar);
        }
        let touches = select(&place.context(now), &jar).touches(&place.context(now), &jar);
        touches.into_iter().for_each(|touch| drop(jar.apply(touch, now)));
    }
    jar
}

#[test]
fn a_saved_jar_is_the_same_when_it_is_read_again() {
    let (mut cookies, mut not_utf8) = (0, 0);
    for seed in 0..SEEDS {
        let mut document = Document::default();
        document.jar = any_jar(&mut Dice(seed));
        let text = write(&document).unwrap_or_else(|error| panic!("seed {seed}: {error}"));
        let again = read(&text).unwrap_or_else(|fault| panic!("seed {seed}: {fault:?}"));
        let whole = |jar: &Jar| {
            (jar.limits, jar.sorted().into_iter().cloned().collect::<Vec<_>>(), jar.removed().to_vec())
        };
        assert_eq!(whole(&again.jar), whole(&document.jar), "seed {seed}");
        assert_eq!(write(&again).ok(), Some(text), "seed {seed}");
        let is_text = |octets: &[u8]| std::str::from_utf8(octets).is_ok();
        cookies += again.jar.len();
        not_utf8 +=
            again.jar.iter().filter(|c| ![&c.name, &c.value, &c.path].iter().all(|o| is_text(o))).count();
    }
    assert!(cookies > 1000 && not_utf8 > 200, "too few: {cookies} cookies, {not_utf8} of them no text");
}
