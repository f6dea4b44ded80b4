//! Owns `docs/reasons.md`: every code that the rules can say, with its reason and a command that makes the real program say it.
//! Does not decide anything. `KUKI_UPDATE=1 cargo test --test reasons` writes it anew.

mod support;

use std::fmt::Write;
use std::fs;
use std::path::PathBuf;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;

use crate::support::Home;
use crate::support::pages::said;

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
`KUKI_UPDATE=1 cargo test --test reasons`: the output is the program's own, each time in an empty home, on 1 January 2026. Only runs of one letter are
cut short. Values are masked unless `--reveal` is given. The section numbers are those of RFC 6265bis; the names after `DevTools` are those that Chrome's
developer tools give the same reason. Where to begin, from a symptom: [debugging-set-cookie.md](debugging-set-cookie.md).
";

const NOW: &str = "2026-01-01T00:00:00Z";

/// What is wrong with these has no place in the line.
const OF_THE_WHOLE: [&str; 2] = ["empty", "path-too-long"];

/// What was meant well needs no mending.
const NOTHING_TO_MEND: [&str; 1] = ["loopback-is-secure"];

#[test]
fn every_code_has_a_paragraph_and_a_command_that_reaches_it() {
    let reasons = reasons();
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
fn what_can_be_mended_is_told_how_and_what_a_line_is_at_fault_for_is_marked_in_it() {
    let Reasons { verdicts, withheld, notes, .. } = reasons();
    let is_marked =
        |reason: &&Reason| !reason.set_cookie.is_empty() && !OF_THE_WHOLE.contains(&&*reason.code);
    let is_refusal = |reason: &&Reason| last_said(reason).contains("\n  refused ");
    for reason in verdicts.iter().filter(is_refusal).chain(&notes).filter(is_marked) {
        assert!(last_said(reason).contains("  ^"), "{}", last_said(reason));
    }
    for reason in verdicts.iter().filter(is_refusal).chain(&notes).chain(&withheld) {
        let is_mended = last_said(reason).contains("  fix: ");
        assert_eq!(is_mended, !NOTHING_TO_MEND.contains(&&*reason.code), "{}", last_said(reason));
    }
}

#[test]
fn no_code_of_the_rules_is_left_out() {
    let Reasons { verdicts, withheld, notes, evictions } = reasons();
    let all = [verdicts, withheld, notes, evictions].into_iter().flatten();
    let mut told: Vec<String> = all.map(|reason| reason.code).collect();
    let mut known = Vec::new();
    for file in ["src/cookie/verdict.rs", "src/cookie/note.rs"] {
        for line in read(file).lines() {
            if let Some((_, code)) = line.split_once("=> \"")
                && let Some(code) = code.strip_suffix("\",")
                && code.chars().all(|letter| letter.is_ascii_lowercase() || letter == '-')
            {
                known.push(code.to_owned());
            }
        }
    }
    // Only another process's newer answer makes it; no single command can show it.
    known.retain(|code| code != "superseded");
    told.sort();
    known.sort();
    assert_eq!(told, known);
}

fn section(reason: &Reason) -> String {
    let policy = if reason.policy.is_empty() { "" } else { " (policy `browser`)" };
    let mut shown = String::new();
    for (typed, said) in session(reason) {
        write!(shown, "$ {typed}\n{said}").expect("a string takes all");
    }
    assert!(last_said(reason).contains(&reason.code), "{}:\n{shown}", reason.code);
    format!("\n### `{}`{policy}\n{}\n\n```console\n{}```\n", reason.code, reason.why, cut_short(&shown))
}

fn last_said(reason: &Reason) -> String {
    session(reason).pop().expect("a command").1
}

/// What is typed, one line after the other in an empty home, and what is said.
fn session(reason: &Reason) -> Vec<(String, String)> {
    let home = Home::new();
    let run = |typed: String| {
        let said = said(&home, &typed, NOW);
        (typed, said)
    };
    typed(reason).into_iter().map(run).collect()
}

fn typed(reason: &Reason) -> Vec<String> {
    let is_set_here =
        !reason.set_cookie.is_empty() && reason.before.iter().all(|(url, _)| *url == reason.url);
    let is_one_answer = reason.limit.is_none()
        && reason.initiator.is_empty()
        && (is_set_here || reason.set_cookie.is_empty() && reason.row.is_none());
    let mut lines = Vec::new();
    if let Some(limit) = reason.limit {
        lines.push(format!("kuki jar limits --per-domain {limit} --total {}", limit.max(2)));
    }
    if let Some((name, domain)) = &reason.row {
        lines.push(format!(r"umask 077; printf '.{domain}\tTRUE\t/\tFALSE\t0\t{name}\t1\n' > old.txt"));
    }
    if !is_one_answer {
        lines.extend(
            reason.before.iter().map(|(url, line)| format!("kuki jar set --url {url} {}", quoted(line))),
        );
    }
    lines.push(explain(reason, is_one_answer));
    lines
}

/// `is_one_answer`: what was there before is set by the same command.
fn explain(reason: &Reason, is_one_answer: bool) -> String {
    let before = if is_one_answer { &*reason.before } else { &[] };
    let first = before.first().map_or(&reason.url, |(url, _)| url);
    let mut line = format!("kuki explain {}", quoted(first));
    let mut add = |text: String| {
        line.push(' ');
        line.push_str(&text);
    };
    let own = [&reason.set_cookie].into_iter().filter(|line| !line.is_empty());
    before
        .iter()
        .map(|(_, line)| line)
        .chain(own)
        .for_each(|line| add(format!("--set-cookie {}", quoted(line))));
    if *first != reason.url {
        add(format!("--next-url {}", reason.url));
    }
    match reason.later {
        0 => {}
        later if is_one_answer => add(format!("--at +{later}s")),
        later => {
            let now: DateTime<Utc> = NOW.parse().expect("a time");
            add(format!("--at {}", (now + TimeDelta::seconds(later)).format("%FT%TZ")));
        }
    }
    if !reason.initiator.is_empty() {
        add(format!("--initiator {} --fetch", reason.initiator));
    }
    if !reason.policy.is_empty() {
        add(format!("--policy {}", reason.policy));
    }
    if reason.row.is_some() {
        add("--jar ./old.txt".to_owned());
    }
    if reason.netscape {
        add("--jar ./cookies.txt".to_owned());
    }
    line
}

/// As a shell reads it; what is long is made where it is typed.
fn quoted(text: &str) -> String {
    if text.contains('\x07') {
        return format!(r#""$(printf '{}')""#, text.replace('\x07', r"\a"));
    }
    for (spell, length, letter) in [("<4000>", 4000, 'x'), ("<5000>", 5000, 'x'), ("<p*1100>", 1100, 'p')] {
        if text.contains(spell) {
            let made = format!("$(printf %{length}s | tr ' ' {letter})");
            return format!("\"{}\"", text.replace(spell, &made));
        }
    }
    let is_plain = text
        .chars()
        .all(|letter| letter.is_ascii_alphanumeric() || "-_.:/".contains(letter) || !letter.is_ascii());
    if is_plain { text.to_owned() } else { format!("'{text}'") }
}

/// A run of one letter, of more than sixty, is as good as its first eight.
fn cut_short(text: &str) -> String {
    let mut shown = String::new();
    let mut rest = text;
    while let Some(letter) = rest.chars().next() {
        let run = rest.chars().take_while(|other| *other == letter).count();
        let is_long = run > 60 && letter != ' ';
        shown.extend(std::iter::repeat_n(letter, if is_long { 8 } else { run }));
        if is_long {
            shown.push('…');
        }
        rest = &rest[run * letter.len_utf8()..];
    }
    shown
}

fn reasons() -> Reasons {
    serde_json::from_str(&read("fixtures/reasons.json")).expect("reasons")
}

fn path(file: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file)
}

fn read(file: &str) -> String {
    fs::read_to_string(path(file)).unwrap_or_default()
}
