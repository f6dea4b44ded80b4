//! Owns the runner of the vectors in `fixtures/cookie`: exchanges and what the rules must say of them, as data.
//! Does not hold a rule; what is expected was written from RFC 6265bis, never taken from the program.
//!
//! In a vector `<x*3>` stands for `xxx`, and `<n>` for the round of a step with `each`; `at` is a time, or seconds
//! after the start, and without it the time stands still; a step with `each` takes one second a round.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use kuki::cookie::change::Applied;
use kuki::cookie::context::{Context, Rules};
use kuki::cookie::host::Host;
use kuki::cookie::jar::Jar;
use kuki::cookie::limits::Limits;
use kuki::cookie::policy::Policy;
use kuki::cookie::receive::receive;
use kuki::cookie::record::Cookie;
use kuki::cookie::remark::remarks;
use kuki::cookie::select::{of_other_hosts, select};
use kuki::cookie::site::Kind;
use kuki::cookie::verdict::Receipt;
use kuki::formats::netscape::can_hold;
use kuki::formats::row::RowOf;

const START: &str = "2026-01-01T00:00:00Z";

/// What can become of a `Set-Cookie`. `superseded` needs two processes: it has a test of its own below.
const VERDICTS: [&str; 26] = [
    "control-character",
    "deleted",
    "domain-above-suffix",
    "domain-is-public-suffix",
    "domain-mismatch",
    "domain-not-ascii",
    "empty",
    "evicted-at-once",
    "format-cannot-hold",
    "nameless-with-equals",
    "nothing-to-delete",
    "overwrites-secure",
    "partitioned-without-secure",
    "path-too-long",
    "prefix-host",
    "prefix-host-http",
    "prefix-http",
    "prefix-in-value",
    "prefix-secure",
    "replaced",
    "same-site-from-cross-site",
    "same-site-none-without-secure",
    "secure-from-insecure-origin",
    "stored",
    "superseded",
    "too-large",
];
const NOTES: [&str; 26] = [
    "attribute-misspelt",
    "attribute-repeated",
    "attribute-too-long",
    "attribute-unknown",
    "comma-before-attribute",
    "cookies-joined",
    "domain-is-address",
    "domain-is-suffix",
    "expires-at-once",
    "expires-unreadable",
    "expiries-disagree",
    "expiry-capped",
    "flag-has-value",
    "loopback-is-secure",
    "max-age-unreadable",
    "name-odd",
    "nameless",
    "near-limit",
    "none-without-secure",
    "path-elsewhere",
    "path-not-absolute",
    "prefix-almost",
    "same-name-twice",
    "same-site-unknown",
    "semicolon-missing",
    "value-quoted",
];
const CAUSES: [&str; 3] = ["domain-full", "expired", "jar-full"];
const WITHHELD: [&str; 11] = [
    "domain-mismatch",
    "expired",
    "header-full",
    "host-only",
    "not-on-path",
    "public-suffix",
    "same-site-lax",
    "same-site-strict",
    "same-site-unset",
    "secure-only",
    "third-party",
];

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Vector {
    description: String,
    #[serde(default)]
    latin1: bool,
    #[serde(default)]
    policy: Named,
    /// The jar is a cookies.txt.
    #[serde(default)]
    netscape: bool,
    #[serde(default)]
    limits: BTreeMap<String, usize>,
    steps: Vec<Step>,
    #[serde(default)]
    probes: Vec<Probe>,
}

/// `classic` unless it says otherwise.
#[derive(Default, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Named {
    Browser,
    #[default]
    Classic,
}

/// The page that makes a request, and how: `fetch`, `navigation` or `unsafe-navigation`.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Initiator {
    url: String,
    kind: String,
}

/// An exchange: the Cookie header that the request takes along, where that is of interest, and what comes back.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Step {
    url: String,
    at: Option<At>,
    each: Option<(usize, usize)>,
    initiator: Option<Initiator>,
    cookie: Option<String>,
    #[serde(default)]
    set_cookie: Vec<String>,
    #[serde(default)]
    verdicts: Vec<Said>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Probe {
    url: String,
    at: Option<At>,
    initiator: Option<Initiator>,
    #[serde(deserialize_with = "Option::deserialize")]
    cookie: Option<String>,
    withheld: Option<BTreeMap<String, String>>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum At {
    Time(String),
    Seconds(i64),
}

/// The code alone, or the code with all that stands beside it.
#[derive(Deserialize)]
#[serde(untagged)]
enum Said {
    Code(String),
    Full(Full),
}

#[derive(Clone, Debug, Default, Deserialize, PartialEq)]
#[serde(deny_unknown_fields)]
struct Full {
    code: String,
    #[serde(default)]
    notes: Vec<String>,
    /// The notes and the near misses, where they are of interest.
    remarks: Option<Vec<String>>,
    #[serde(default)]
    evicted: BTreeMap<String, String>,
    /// Fields of the stored cookie, as far as the vector names them.
    #[serde(default)]
    stored: BTreeMap<String, Value>,
}

impl Said {
    fn full(&self) -> Full {
        match self {
            Said::Code(code) => Full { code: code.clone(), ..Full::default() },
            Said::Full(full) => full.clone(),
        }
    }
}

/// One vector on its way.
struct Run<'a> {
    vector: &'a Vector,
    jar: Jar,
    now: DateTime<Utc>,
    differences: Vec<String>,
}

impl Run<'_> {
    fn of(vector: &Vector) -> Vec<String> {
        let limit = |name: &str, usual| vector.limits.get(name).copied().unwrap_or(usual);
        let Limits { per_domain, total, cookie_bytes } = Limits::default();
        let limits = Limits {
            per_domain: limit("per_domain", per_domain),
            total: limit("total", total),
            cookie_bytes: limit("cookie_bytes", cookie_bytes),
        };
        let policy = match vector.policy {
            Named::Browser => Policy::Browser,
            Named::Classic => Policy::Classic,
        };
        let mut jar = Jar::new(limits);
        jar.policy = policy;
        jar.holds = vector.netscape.then_some(can_hold as fn(&Cookie) -> bool);
        let mut run = Run { vector, jar, now: start(), differences: Vec::new() };
        vector.steps.iter().for_each(|step| run.step(step));
        for probe in &vector.probes {
            run.move_to(probe.at.as_ref());
            let context = run.context(&probe.url, 0, probe.initiator.as_ref());
            run.send(&context, 0, probe.cookie.as_deref(), probe.withheld.as_ref());
        }
        run.differences
    }

    fn step(&mut self, step: &Step) {
        assert_eq!(step.set_cookie.len(), step.verdicts.len(), "{}", self.vector.description);
        self.move_to(step.at.as_ref());
        let (from, to) = step.each.unwrap_or((0, 0));
        for round in from..=to {
            self.now += TimeDelta::seconds(i64::from(round > from));
            let context = self.context(&step.url, round, step.initiator.as_ref());
            if let Some(cookie) = &step.cookie {
                self.send(&context, round, Some(cookie), None);
            }
            for (line, said) in step.set_cookie.iter().zip(&step.verdicts) {
                self.receive(&context, round, line, &said.full());
            }
        }
    }

    fn context(&self, url: &str, round: usize, initiator: Option<&Initiator>) -> Context {
        let context = context(&expand(url, round), self.now);
        let rules = Rules { policy: self.jar.policy, ..Rules::default() };
        let context = context.under(rules);
        let Some(Initiator { url, kind }) = initiator else { return context };
        let kind = match kind.as_str() {
            "fetch" => Kind::Fetch,
            "navigation" => Kind::Navigation,
            "unsafe-navigation" => Kind::UnsafeNavigation,
            other => panic!("no kind of request: {other}"),
        };
        context.made_by(&Url::parse(url).expect("a URL"), kind)
    }

    fn receive(&mut self, context: &Context, round: usize, line: &str, expected: &Full) {
        let receipt = receive(&self.octets(line, round), context, &mut self.jar);
        let mut found = self.heard(&receipt, expected);
        let codes =
            || remarks(&receipt, context, &self.jar).iter().map(|r| r.note.code().to_owned()).collect();
        found.remarks = expected.remarks.as_ref().map(|_| codes());
        self.compare(&format!("{} answers {line:?}", context.url), expected, &found);
    }

    /// What the rules said, with those fields of the stored cookie that the vector asks for.
    fn heard(&self, receipt: &Receipt, expected: &Full) -> Full {
        let text = |name: &[u8]| String::from_utf8_lossy(name).into_owned();
        let stored = receipt.cookie.as_ref().and_then(|cookie| self.jar.get(&cookie.key()));
        let row = stored.map_or(Value::Null, |cookie| {
            serde_json::to_value(RowOf(cookie, &[])).expect("a cookie can be written")
        });
        let field = |name: &String| (name.clone(), row.get(name).cloned().unwrap_or("nothing".into()));
        Full {
            code: receipt.verdict.code().to_owned(),
            notes: receipt.notes.iter().map(|note| note.code().to_owned()).collect(),
            evicted: receipt
                .evicted
                .iter()
                .map(|eviction| (text(&eviction.key.name), eviction.cause.code().to_owned()))
                .collect(),
            remarks: None,
            stored: expected.stored.keys().map(field).collect(),
        }
    }

    fn send(
        &mut self,
        context: &Context,
        round: usize,
        cookie: Option<&str>,
        withheld: Option<&BTreeMap<String, String>>,
    ) {
        let selection = select(context, &self.jar);
        let header = selection.header();
        let stayed: BTreeMap<_, _> = selection
            .withheld
            .iter()
            .map(|(cookie, why)| (String::from_utf8_lossy(&cookie.name).into_owned(), why.code().to_owned()))
            .collect();
        for touch in selection.touches(context, &self.jar) {
            self.jar.apply(touch, self.now);
        }
        let what = format!("{} at {} gets", context.url, self.now);
        let printable = |octets: Vec<u8>| octets.escape_ascii().to_string();
        let expected = cookie.map(|cookie| printable(self.octets(cookie, round)));
        self.compare(&what, &expected, &header.map(printable));
        if let Some(withheld) = withheld {
            self.compare(&format!("{what} not"), withheld, &stayed);
        }
    }

    fn compare<T: PartialEq + std::fmt::Debug>(&mut self, what: &str, expected: &T, found: &T) {
        if expected != found {
            self.differences.push(format!("{what}\n    expected {expected:?}\n    found    {found:?}"));
        }
    }

    fn move_to(&mut self, at: Option<&At>) {
        self.now = match at {
            Some(At::Time(time)) => moment(time),
            Some(At::Seconds(seconds)) => start() + TimeDelta::seconds(*seconds),
            None => self.now,
        };
    }

    fn octets(&self, text: &str, round: usize) -> Vec<u8> {
        let text = expand(text, round);
        if !self.vector.latin1 {
            return text.into_bytes();
        }
        text.chars().map(|c| u8::try_from(c).expect("a Latin-1 vector holds octets only")).collect()
    }
}

#[test]
fn every_vector_holds() {
    let mut failures = Vec::new();
    for (file, vectors) in all() {
        for vector in &vectors {
            let differences = Run::of(vector);
            let place = format!("{}: {}", file.display(), vector.description);
            failures.extend(differences.into_iter().map(|difference| format!("{place}\n  {difference}")));
        }
    }
    assert!(failures.is_empty(), "{} differences\n{}", failures.len(), failures.join("\n"));
}

#[test]
fn every_vector_proves_something_and_its_description_is_its_own() {
    let vectors: Vec<_> = all().into_iter().flat_map(|(_, vectors)| vectors).collect();
    let idle: Vec<_> = vectors
        .iter()
        .filter(|vector| vector.probes.is_empty() && vector.steps.iter().all(|step| step.verdicts.is_empty()))
        .map(|vector| &vector.description)
        .collect();
    let descriptions: BTreeSet<_> = vectors.iter().map(|vector| &vector.description).collect();
    assert_eq!((idle, descriptions.len()), (Vec::new(), vectors.len()));
}

#[test]
fn the_lists_of_codes_are_those_of_the_source() {
    let [notes] = codes_in("src/cookie/note.rs").try_into().expect("one enum of notes");
    let [verdicts, refusals, causes, withheld] =
        codes_in("src/cookie/verdict.rs").try_into().expect("four enums of reasons");
    let found = [verdicts.into_iter().chain(refusals).collect(), notes, causes, withheld];
    assert_eq!(found, [&VERDICTS[..], &NOTES, &CAUSES, &WITHHELD].map(owned));
}

#[test]
fn every_code_is_reached_by_a_vector_and_no_vector_names_another() {
    let [mut verdicts, mut notes, mut causes, mut withheld] = [const { BTreeSet::new() }; 4];
    for vector in all().into_iter().flat_map(|(_, vectors)| vectors) {
        for said in vector.steps.iter().flat_map(|step| &step.verdicts).map(Said::full) {
            verdicts.insert(said.code);
            notes.extend(said.notes);
            notes.extend(said.remarks.into_iter().flatten());
            causes.extend(said.evicted.into_values());
        }
        withheld.extend(
            vector.probes.into_iter().filter_map(|probe| probe.withheld).flat_map(|m| m.into_values()),
        );
    }
    let by_one_process: Vec<_> = VERDICTS.into_iter().filter(|code| *code != "superseded").collect();
    // What belongs to another host is nothing that a request is asked about.
    let by_nobody = ["domain-mismatch", "public-suffix"];
    let by_answers: Vec<_> = WITHHELD.into_iter().filter(|code| !by_nobody.contains(code)).collect();
    assert_eq!(
        [verdicts, notes, causes, withheld],
        [&by_one_process[..], &NOTES, &CAUSES, &by_answers].map(owned)
    );
}

/// The one verdict that no order of answers to a single process can bring about.
#[test]
fn an_older_answer_of_a_slower_process_loses_to_a_newer_one() {
    let url = "http://www.example.com/";
    let (early, late) = (start(), start() + TimeDelta::seconds(5));
    let mut slow = Jar::default();
    receive(b"a=old", &context(url, early), &mut slow);
    let mut jar = Jar::default();
    receive(b"a=new", &context(url, late), &mut jar);
    let applied: Vec<_> = slow.journal().iter().map(|change| jar.apply(change.clone(), late)).collect();
    let header = select(&context(url, late), &jar).header();
    assert_eq!((applied, header), (vec![Applied::Superseded], Some(b"a=new".to_vec())));
}

/// No answer can bring it into a jar, but a file can.
#[test]
fn a_cookie_of_a_public_suffix_from_a_file_is_not_sent() {
    let context = context("https://www.example.com/", start());
    let mut jar = Jar::default();
    let cookie = receive(b"evil=1; Domain=example.com", &context, &mut Jar::default()).cookie.expect("good");
    jar.restore(Cookie { domain: Host::canonical("com").expect("a host"), ..cookie });
    let selection = select(&context, &jar);
    let withheld: Vec<_> = selection.withheld.iter().map(|(_, why)| why.code()).collect();
    assert_eq!((selection.header(), withheld), (None, vec!["public-suffix"]));
}

/// Being pinned is no attribute of a `Set-Cookie`, so that no vector can say it.
#[test]
fn a_pinned_cookie_is_pushed_out_last() {
    let at = |seconds| context("https://www.example.com/", start() + TimeDelta::seconds(seconds));
    let mut jar = Jar::new(Limits { per_domain: 2, ..Limits::default() });
    let mut other = Jar::default();
    let pinned = receive(b"pinned=1", &at(1), &mut other).cookie.expect("a good cookie");
    jar.restore(Cookie { pinned: true, ..pinned });
    receive(b"secure=1; Secure", &at(2), &mut jar);
    let receipt = receive(b"new=1; Secure", &at(3), &mut jar);
    let evicted: Vec<_> = receipt.evicted.iter().map(|eviction| eviction.key.name.clone()).collect();
    assert_eq!(evicted, [b"secure"]);
}

fn start() -> DateTime<Utc> {
    moment(START)
}

fn moment(text: &str) -> DateTime<Utc> {
    text.parse().expect("an RFC 3339 time")
}

fn context(url: &str, now: DateTime<Utc>) -> Context {
    let url = Url::parse(url).unwrap_or_else(|error| panic!("{url}: {error}"));
    Context::new(&url, now).expect("a URL with a host")
}

fn expand(text: &str, round: usize) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, (spell, after))) =
        rest.split_once('<').and_then(|(before, rest)| Some((before, rest.split_once('>')?)))
    {
        out += before;
        match spell.split_once('*') {
            Some((piece, count)) => out += &piece.repeat(count.parse().expect("a count")),
            None => out += &round.to_string(),
        }
        rest = after;
    }
    out + rest
}

fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Every file of vectors.
fn all() -> Vec<(PathBuf, Vec<Vector>)> {
    let root = project().join("fixtures/cookie");
    let mut files = Vec::new();
    for room in entries(&root) {
        files.extend(entries(&room).into_iter().filter(|file| file.extension().is_some_and(|e| e == "json")));
    }
    assert!(!files.is_empty(), "no vectors below {}", root.display());
    let read = |file: PathBuf| {
        let text = fs::read(&file).expect("a readable file");
        let vectors =
            serde_json::from_slice(&text).unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        (file.strip_prefix(&root).expect("a file below the root").to_owned(), vectors)
    };
    files.into_iter().map(read).collect()
}

fn entries(directory: &Path) -> Vec<PathBuf> {
    let read = fs::read_dir(directory).unwrap_or_else(|error| panic!("{}: {error}", directory.display()));
    let mut paths: Vec<_> = read.map(|entry| entry.expect("a readable entry").path()).collect();
    paths.sort();
    paths
}

/// The strings in the bodies of the `fn code` of a source file, by function.
fn codes_in(path: &str) -> Vec<BTreeSet<String>> {
    let source = fs::read_to_string(project().join(path)).expect("a source file");
    let bodies =
        source.split("pub fn code(").skip(1).map(|rest| rest.split("\n    }").next().unwrap_or(rest));
    bodies.map(|body| body.split('"').skip(1).step_by(2).map(str::to_owned).collect()).collect()
}

fn owned(codes: &[&str]) -> BTreeSet<String> {
    codes.iter().map(|code| (*code).to_owned()).collect()
}

/// They are not sent, and may be meant by whoever asks why.
#[test]
fn cookies_of_the_other_hosts_of_a_site_are_known_apart_from_those_of_strangers() {
    let mut jar = Jar::default();
    for url in
        ["https://www.example.com/", "https://api.example.com/", "https://example.com/", "https://a.test/"]
    {
        let _ = receive(b"own=1", &context(url, start()), &mut jar);
    }
    let _ = receive(b"all=1; Domain=example.com", &context("https://example.com/", start()), &mut jar);
    let found = |url| {
        let others = of_other_hosts(&context(url, start()), &jar);
        others.iter().map(|cookie| cookie.domain.to_string()).collect::<Vec<_>>()
    };
    assert_eq!(found("https://www.example.com/"), ["api.example.com"]);
    assert_eq!(found("https://example.com/"), ["api.example.com", "www.example.com"]);
    assert_eq!(found("https://b.test/"), [""; 0]);
    assert_eq!(found("https://com/"), [""; 0]);
}
