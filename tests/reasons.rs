//! Owns `docs/reasons.md`: every code that the rules can say, with its reason and a real example, made by the rules.
//! Does not decide anything. `KUKI_UPDATE=1 cargo test --test reasons` writes it anew.

use std::collections::BTreeSet;
use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use url::Url;

use kuki::cookie::attribute::SameSite;
use kuki::cookie::context::{Context, Rules};
use kuki::cookie::host::Host;
use kuki::cookie::jar::Jar;
use kuki::cookie::policy::Policy;
use kuki::cookie::receive::receive;
use kuki::cookie::record::Cookie;
use kuki::cookie::remark::remarks;
use kuki::cookie::select::select;
use kuki::cookie::site::Kind;
use kuki::formats::netscape::can_hold;
use kuki::output::explain;
use kuki::output::explanation::{Answer, Asked, Judged};
use kuki::output::judgement::Look;
use kuki::output::redact::Secrets;
use kuki::output::style::Palette;

/// A code, why it is there, and how to meet it.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reason {
    code: String,
    why: String,
    #[serde(default)]
    policy: String,
    /// What the jar held before: `Set-Cookie` lines in answer to this URL.
    #[serde(default)]
    before: Vec<(String, String)>,
    #[serde(default)]
    limit: Option<usize>,
    /// Seconds that pass in between.
    #[serde(default)]
    later: i64,
    url: String,
    /// The name and domain of a cookie that only a file could have brought.
    row: Option<(String, String)>,
    #[serde(default)]
    set_cookie: String,
    #[serde(default)]
    initiator: String,
    /// The jar is a cookies.txt.
    #[serde(default)]
    netscape: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Reasons {
    verdicts: Vec<Reason>,
    withheld: Vec<Reason>,
    notes: Vec<Reason>,
    evictions: Vec<Reason>,
}

const HEAD: &str = "\
# Every reason

What kuki says of a cookie has a code that stays the same from release to release. This page is made by
`KUKI_UPDATE=1 cargo test --test reasons`: the examples are what the rules really say. The section numbers are those of RFC 6265bis; the names
after `DevTools` are those that Chrome's developer tools give the same reason.
";

#[test]
fn every_code_has_a_paragraph_and_an_example_that_reaches_it() {
    let reasons: Reasons = serde_json::from_str(&read("fixtures/reasons.json")).expect("reasons");
    let mut page = HEAD.to_owned();
    for (title, reasons) in [
        ("What becomes of a Set-Cookie", &reasons.verdicts),
        ("Why a stored cookie is not sent", &reasons.withheld),
        ("What is tolerated, and told", &reasons.notes),
        ("Why a cookie was evicted", &reasons.evictions),
    ] {
        writeln!(page, "\n## {title}").expect("a string takes all");
        reasons.iter().for_each(|reason| page.push_str(&section(reason)));
    }
    if std::env::var_os("KUKI_UPDATE").is_some() {
        fs::write(path("docs/reasons.md"), &page).expect("the docs can be written");
    }
    assert_eq!(read("docs/reasons.md"), page, "KUKI_UPDATE=1 cargo test --test reasons writes it anew");
}

#[test]
fn no_code_of_the_rules_is_left_out() {
    let reasons: Reasons = serde_json::from_str(&read("fixtures/reasons.json")).expect("reasons");
    let Reasons { verdicts, withheld, notes, evictions } = reasons;
    let told: BTreeSet<String> =
        [verdicts, withheld, notes, evictions].into_iter().flatten().map(|reason| reason.code).collect();
    let mut known = BTreeSet::new();
    for file in ["src/cookie/verdict.rs", "src/cookie/note.rs"] {
        for line in read(file).lines() {
            if let Some((_, code)) = line.split_once("=> \"")
                && let Some(code) = code.strip_suffix("\",")
                && code.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
            {
                known.insert(code.to_owned());
            }
        }
    }
    // Only another process's newer answer makes it; no single command can show it.
    known.remove("superseded");
    assert_eq!(told, known);
}

fn section(reason: &Reason) -> String {
    let page = example(reason);
    let policy = if reason.policy.is_empty() { "" } else { " (policy `browser`)" };
    assert!(page.contains(&reason.code), "{}:\n{page}", reason.code);
    format!("\n### `{}`{policy}\n{}\n\n```\n{page}```\n", reason.code, reason.why)
}

/// What `kuki explain` prints of it.
fn example(reason: &Reason) -> String {
    let policy = if reason.policy == "browser" { Policy::Browser } else { Policy::Classic };
    let mut jar = Jar::default();
    jar.policy = policy;
    jar.holds = reason.netscape.then_some(can_hold as fn(&Cookie) -> bool);
    if let Some(limit) = reason.limit {
        (jar.limits.per_domain, jar.limits.total) = (limit, limit.max(2));
    }
    let start: DateTime<Utc> = "2026-01-01T00:00:00Z".parse().expect("a time");
    for (url, line) in &reason.before {
        let _ = receive(
            line.replace("<4000>", &"x".repeat(4000)).as_bytes(),
            &context(url, start, policy),
            &mut jar,
        );
    }
    if let Some((name, domain)) = &reason.row {
        assert!(jar.restore(row(name, domain, start)));
    }
    let now = start + chrono::TimeDelta::seconds(reason.later);
    let mut context = context(&reason.url.replace("<p*1100>", &"p".repeat(1100)), now, policy);
    if !reason.initiator.is_empty() {
        context = context.made_by(&Url::parse(&reason.initiator).expect("a URL"), Kind::Fetch);
    }
    // What is too long to be read may as well be hidden.
    let secrets = if reason.set_cookie.contains("000>") { Secrets::Masked } else { Secrets::Revealed };
    let look = Look { palette: Palette::Plain, secrets, now };
    if reason.set_cookie.is_empty() {
        let selection = select(&context, &jar);
        let asked = Asked {
            url: context.url.clone(),
            method: "GET".to_owned(),
            at: now,
            header: selection.header(),
            sent: selection.sent.into_iter().cloned().collect(),
            withheld: selection.withheld.into_iter().map(|(cookie, why)| (cookie.clone(), why)).collect(),
            unrelated: 0,
            otherwise: Vec::new(),
        };
        return explain::request(&asked, policy, look, None);
    }
    let line = ["<4000>", "<5000>"].into_iter().fold(reason.set_cookie.clone(), |line, spell| {
        let length = if spell == "<4000>" { 4000 } else { 5000 };
        line.replace(spell, &"x".repeat(length))
    });
    let receipt = receive(line.as_bytes(), &context, &mut jar);
    let remarks = remarks(&receipt, &context, &jar);
    let answer = Answer {
        url: context.url.clone(),
        method: "GET".to_owned(),
        status: None,
        at: now,
        sent: Vec::new(),
        judged: vec![Judged { receipt, remarks, otherwise: None }],
    };
    explain::answer(&answer, policy, look, None).replace(&"p".repeat(1100), "ppp…")
}

fn row(name: &str, domain: &str, at: DateTime<Utc>) -> Cookie {
    Cookie {
        name: name.into(),
        value: b"1".to_vec(),
        domain: Host::canonical(domain).expect("a domain"),
        host_only: false,
        path: b"/".to_vec(),
        expires: None,
        secure: false,
        http_only: false,
        same_site: SameSite::Unset,
        created: at,
        updated: at,
        last_access: at,
        pinned: false,
    }
}

fn context(url: &str, now: DateTime<Utc>, policy: Policy) -> Context {
    let url = Url::parse(url).expect("a URL");
    Context::new(&url, now).expect("a host").under(Rules { policy, ..Rules::default() })
}

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn read(file: &str) -> String {
    fs::read_to_string(path(file)).unwrap_or_default()
}
