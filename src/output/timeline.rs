//! Owns the timeline of `--explain`: hop by hop what was sent and withheld, what each answer set, and what that did to the jar.
//! Does not decide; it reads the trace.

use unicode_width::UnicodeWidthStr;

use crate::cookie::jar::Jar;
use crate::cookie::record::Key;
use crate::cookie::remark::Remark;
use crate::cookie::verdict::{Receipt, Verdict};
use crate::exchange::trace::{Hop, Trace};
use crate::output::facts::{judged, judged_in_short, site, withheld};
use crate::output::head;
use crate::output::judgement::{Look, name};
use crate::output::page::{Fact, Layout, render};
use crate::output::sanitize;
use crate::output::style::Meaning;

/// How much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Depth {
    Short,
    Whole,
}

/// What becomes of what the chain did to the jar.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Lost,
    NotSaved,
    Saved,
}

/// How a timeline is told.
#[derive(Clone, Copy, Debug)]
pub struct Telling {
    pub look: Look,
    pub columns: Option<usize>,
    pub depth: Depth,
}

/// More domains are too many for one line.
const DOMAINS: usize = 3;

/// The hops; `remarks` are those on a receipt.
pub fn hops(trace: &Trace, remarks: impl Fn(&Hop, &Receipt) -> Vec<Remark>, telling: Telling) -> String {
    let method = trace.hops.iter().map(|hop| hop.request.method.as_str().len()).max().unwrap_or_default();
    let lines: Vec<_> = trace.hops.iter().map(|hop| request_line(hop, method)).collect();
    let widest = lines.iter().map(|line| line.width()).max().unwrap_or_default();
    let layout = Layout { palette: telling.look.palette, columns: telling.columns };
    let fits = telling.columns.is_none_or(|columns| widest + "  200 OK".len() <= columns);
    let page = |(hop, line): (&Hop, String)| {
        let gap = if fits { widest - line.width() } else { 0 };
        let heading = format!("{line}{}  {}", " ".repeat(gap), status(hop));
        render(&heading, &facts(hop, &remarks, telling), layout)
    };
    trace.hops.iter().zip(lines).map(page).collect()
}

/// What the chain did to the jar, which is as it is after it.
pub fn jar(called: &str, trace: &Trace, jar: &Jar, fate: Fate) -> String {
    let receipts = || trace.hops.iter().flat_map(|hop| &hop.receipts);
    let verdicts = |wanted: Verdict| receipts().filter(|receipt| receipt.verdict == wanted).count();
    let refused = receipts().filter(|receipt| matches!(receipt.verdict, Verdict::Refused(_))).count();
    let evicted = receipts().map(|receipt| receipt.evicted.len()).sum();
    let counts = [
        (verdicts(Verdict::Stored), "new"),
        (verdicts(Verdict::Replaced), "replaced"),
        (verdicts(Verdict::Deleted), "deleted"),
        (evicted, "evicted"),
        (refused, "refused"),
    ];
    let told: Vec<_> = counts
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
    let told = if told.is_empty() { "nothing changed".to_owned() } else { told.join(", ") };
    let mut domains: Vec<_> =
        receipts().filter_map(|receipt| Some(&receipt.cookie.as_ref()?.domain)).collect();
    domains.sort();
    domains.dedup();
    let of_domain = domains.iter().take(DOMAINS).map(|domain| {
        let count = jar.of_domain(domain.as_str()).len();
        format!(", {count} of {} for {domain}", jar.limits.per_domain)
    });
    let of_domains: String = of_domain.collect();
    let called = sanitize::line(called.as_bytes());
    let fate = match fate {
        Fate::Lost => " (could not be saved)",
        Fate::NotSaved => " (not saved: --read-only)",
        Fate::Saved => "",
    };
    format!("jar '{called}': {told}{fate}; {} of {} cookies{of_domains}\n", jar.len(), jar.limits.total)
}

/// With the URL behind the longest method of the chain.
fn request_line(hop: &Hop, method: usize) -> String {
    format!("{:<method$} {}", hop.request.method.as_str(), hop.request.url)
}

fn status(hop: &Hop) -> String {
    hop.response.as_ref().map_or_else(|| "no answer".to_owned(), |answer| head::status(answer.status))
}

fn facts(hop: &Hop, remarks: impl Fn(&Hop, &Receipt) -> Vec<Remark>, telling: Telling) -> Vec<Fact> {
    let mut facts = of_request(hop, telling.depth);
    for receipt in &hop.receipts {
        let remarks = remarks(hop, receipt);
        facts.extend(match telling.depth {
            Depth::Short => judged_in_short(receipt, &remarks, telling.look),
            Depth::Whole => judged(receipt, &remarks, telling.look),
        });
    }
    facts
}

/// What went out, and what did not.
fn of_request(hop: &Hop, depth: Depth) -> Vec<Fact> {
    let quiet = |word, text| Fact::new(word, Meaning::Quiet, String::new(), text);
    let named = |keys: &[Key]| keys.iter().map(|key| name(&key.name)).collect::<Vec<_>>().join(", ");
    let cookies = &hop.cookies;
    let mut facts = Vec::new();
    if !cookies.sent.is_empty() {
        facts.push(Fact::new("sent", Meaning::Good, String::new(), named(&cookies.sent)));
    }
    if !cookies.replaced_by_hand.is_empty() {
        let text = format!("{}, in the place of the jar's", named(&cookies.replaced_by_hand));
        facts.push(quiet("by hand", text));
    }
    if depth == Depth::Whole && !cookies.secure_on_loopback.is_empty() {
        let text = format!(
            "sent over http though Secure, since the host is loopback: {}",
            named(&cookies.secure_on_loopback)
        );
        facts.push(quiet("note", text));
    }
    for (key, why) in &cookies.withheld {
        let whole = withheld(key, *why);
        facts.push(match depth {
            Depth::Whole => whole,
            Depth::Short => {
                Fact { text: format!("{}  {}", site(key), why.code()), below: Vec::new(), ..whole }
            }
        });
    }
    if cookies.others > 0 {
        facts.push(quiet("others", format!("{} of the jar belong elsewhere", cookies.others)));
    }
    if !hop.held_back.is_empty() {
        let names: Vec<_> = hop.held_back.iter().map(head::title_case).collect();
        facts.push(quiet("held back", format!("{}: given for another origin", names.join(", "))));
    }
    facts
}
