//! Owns the timing of the cookie rules and of the jar's text, at sizes that show what grows with the jar.
//! Does not time a process, a file or a network; against_curl.py does.

use std::hint::black_box;
use std::time::Duration;

use chrono::{DateTime, Utc};
use cookie_store::CookieStore;
use criterion::measurement::WallTime;
use criterion::{BatchSize, BenchmarkGroup, BenchmarkId, Criterion, criterion_group, criterion_main};
use kuki::cookie::change::{Applied, Change, Place};
use kuki::cookie::context::Context;
use kuki::cookie::jar::Jar;
use kuki::cookie::limits::Limits;
use kuki::cookie::policy::Policy;
use kuki::cookie::receive::receive;
use kuki::cookie::select::select;
use kuki::cookie::syntax::parse;
use kuki::cookie::verdict::Verdict;
use kuki::store::schema::{self, Document};
use url::Url;

const SIZES: [usize; 3] = [300, 3_000, 100_000];
const FILED_SIZES: [usize; 2] = [300, 3_000];
const A_DOMAIN: usize = 5;
/// Of the host that asks: those of its own domain, and those of the one above.
const MATCHING: usize = 2 * A_DOMAIN;
const LONGEST_LINE: usize = 4096;

const HOST: &str = "www.shop.example";
const USUAL: &str = "session=0123456789abcdef0123456789abcdef; Expires=Wed, 21 Oct 2026 07:28:00 GMT; Path=/; \
                     Domain=shop.example; Secure; HttpOnly; SameSite=Lax";
/// Not Secure, so that http may set it too, and of a name that no stored cookie has.
const FRESH: &str = "fresh=0123456789abcdef0123456789abcdef; Path=/; Max-Age=86400; HttpOnly; SameSite=Lax";
const UNLIMITED: Limits = Limits { per_domain: usize::MAX, total: usize::MAX, cookie_bytes: 4096 };

fn parsing(c: &mut Criterion) {
    let mut group = group(c, "parse");
    for (name, line) in [("usual", USUAL.to_owned()), ("4096 octets", longest())] {
        assert!(parse(line.as_bytes(), Policy::Classic).is_ok());
        group.bench_function(name, |b| b.iter(|| parse(black_box(line.as_bytes()), Policy::Classic).is_ok()));
    }
}

fn receiving(c: &mut Criterion) {
    let mut group = group(c, "receive");
    for size in SIZES {
        let jar = jar(size, UNLIMITED);
        for scheme in ["https", "http"] {
            receiving_by(&mut group, scheme, &jar);
        }
        receiving_elsewhere(&mut group, size);
    }
}

fn receiving_by(group: &mut BenchmarkGroup<WallTime>, scheme: &str, jar: &Jar) {
    let context = context(scheme);
    assert_eq!(receive(FRESH.as_bytes(), &context, &mut jar.clone()).verdict, Verdict::Stored);
    group.bench_function(BenchmarkId::new(scheme, jar.len()), |b| {
        b.iter_batched_ref(
            || jar.clone(),
            |jar| receive(black_box(FRESH.as_bytes()), &context, jar),
            BatchSize::LargeInput,
        );
    });
}

fn receiving_elsewhere(group: &mut BenchmarkGroup<WallTime>, size: usize) {
    let (store, url) = (store(size), url("https", HOST));
    group.bench_function(BenchmarkId::new("cookie_store", size), |b| {
        b.iter_batched_ref(
            || store.clone(),
            |store| store.parse(black_box(FRESH), &url).is_ok(),
            BatchSize::LargeInput,
        );
    });
}

fn selecting(c: &mut Criterion) {
    let mut group = group(c, "select");
    let (context, url) = (context("https"), url("https", HOST));
    for size in SIZES {
        let (jar, store) = (jar(size, UNLIMITED), store(size));
        assert_eq!(select(&context, &jar).sent.len(), MATCHING);
        assert_eq!(store.get_request_values(&url).count(), MATCHING);
        group.bench_function(BenchmarkId::new("https", size), |b| {
            b.iter(|| select(black_box(&context), &jar).header());
        });
        group.bench_function(BenchmarkId::new("cookie_store", size), |b| {
            b.iter(|| header(&store, black_box(&url)));
        });
    }
}

/// The same text as `Selection::header` makes, which the other crate leaves to its user.
fn header(store: &CookieStore, url: &Url) -> String {
    let pairs: Vec<_> =
        store.get_request_values(url).map(|(name, value)| format!("{name}={value}")).collect();
    pairs.join("; ")
}

fn evicting(c: &mut Criterion) {
    let mut group = group(c, "evict");
    for size in SIZES {
        evicting_under(&mut group, "domain", &jar(size, Limits { per_domain: A_DOMAIN, ..UNLIMITED }));
        evicting_under(&mut group, "jar", &jar(size, Limits { total: size, ..UNLIMITED }));
    }
}

fn evicting_under(group: &mut BenchmarkGroup<WallTime>, name: &str, jar: &Jar) {
    let (put, now) = (put(), now());
    let applied = jar.clone().apply(put.clone(), now);
    assert!(matches!(applied, Applied::Done { survives: true, evicted, .. } if evicted.len() == 1));
    group.bench_function(BenchmarkId::new(name, jar.len()), |b| {
        b.iter_batched_ref(
            || (jar.clone(), Some(put.clone())),
            |(jar, put)| put.take().map(|put| jar.apply(put, now)),
            BatchSize::LargeInput,
        );
    });
}

/// The change that `FRESH` asks for over https.
fn put() -> Change {
    let context = context("https");
    let cookie = receive(FRESH.as_bytes(), &context, &mut Jar::new(UNLIMITED)).cookie;
    Change::Put { cookie: cookie.expect("a cookie"), from: context.origin, place: Place::Kept }
}

fn filing(c: &mut Criterion) {
    let mut group = group(c, "file");
    for size in FILED_SIZES {
        let mut document = Document::default();
        document.jar = jar(size, UNLIMITED);
        let text = schema::write(&document).expect("a jar has a text");
        assert!(schema::read(&text).is_ok_and(|document| document.jar.len() == size));
        group.bench_function(BenchmarkId::new("load", size), |b| b.iter(|| schema::read(black_box(&text))));
        group.bench_function(BenchmarkId::new("save", size), |b| {
            b.iter(|| schema::write(black_box(&document)))
        });
    }
}

/// Few and short samples: each of the large jars is copied for each time that it is changed.
fn group<'a>(c: &'a mut Criterion, name: &str) -> BenchmarkGroup<'a, WallTime> {
    let mut group = c.benchmark_group(name);
    group.sample_size(10).warm_up_time(Duration::from_millis(300)).measurement_time(Duration::from_secs(1));
    group
}

/// A jar as it is after loading, since the journal of its filling would be copied with it.
fn jar(size: usize, limits: Limits) -> Jar {
    let mut filled = Jar::new(UNLIMITED);
    for (url, line) in lines(size) {
        let receipt = receive(line.as_bytes(), &context_of(&url), &mut filled);
        assert_eq!(receipt.verdict, Verdict::Stored, "{line}");
    }
    let mut jar = Jar::new(limits);
    for cookie in filled.sorted() {
        assert!(jar.restore(cookie.clone()));
    }
    jar
}

/// The same cookies in the other crate's store.
fn store(size: usize) -> CookieStore {
    let mut store = CookieStore::new();
    for (url, line) in lines(size) {
        store.parse(&line, &url).expect("a good cookie");
    }
    store
}

/// `size` lines with the URLs they come from. Every second one is Secure, so that http meets some.
fn lines(size: usize) -> impl Iterator<Item = (Url, String)> {
    (0..size).map(|number| {
        let (host, domain) = home(number / A_DOMAIN);
        let secure = if number % 2 == 0 { "; Secure" } else { "" };
        let value = number * 7919;
        let line = format!(
            "cookie{number:06}={value:032x}; Path=/; Max-Age=31536000{domain}{secure}; HttpOnly; SameSite=Lax"
        );
        (url("https", &host), line)
    })
}

/// Who sets the cookies of one domain, and their `Domain`: those of the first two go to `HOST`, no others do.
fn home(domain: usize) -> (String, &'static str) {
    match domain {
        0 => (HOST.to_owned(), "; Domain=shop.example"),
        1 => (HOST.to_owned(), ""),
        _ => (format!("host{}.site{:05}.com", domain % 3, domain / 3), ""),
    }
}

fn longest() -> String {
    let pad = "x".repeat(LONGEST_LINE - USUAL.len());
    USUAL.replacen("session=", &format!("session={pad}"), 1)
}

fn context(scheme: &str) -> Context {
    context_of(&url(scheme, HOST))
}

fn context_of(url: &Url) -> Context {
    Context::new(url, now()).expect("a host")
}

fn url(scheme: &str, host: &str) -> Url {
    Url::parse(&format!("{scheme}://{host}/account/orders")).expect("a good URL")
}

/// One moment for all; the other crate reads the clock itself, so the lines have a `Max-Age`.
fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_767_225_600, 0).expect("2026-01-01")
}

criterion_group!(rules, parsing, receiving, selecting, evicting, filing);
criterion_main!(rules);
