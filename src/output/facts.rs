//! Owns the facts of a page: a verdict with the line and the part at fault, a remark, an eviction, a cookie withheld.
//! Does not lay them out; `page` does.

use std::rc::Rc;

use crate::cookie::record::Key;
use crate::cookie::remark::Remark;
use crate::cookie::verdict::{Eviction, Receipt, Verdict, Withheld};
use crate::output::caret::ShownLine;
use crate::output::judgement::{Look, about, name};
use crate::output::page::{Below, Fact};
use crate::output::sanitize;
use crate::output::style::Meaning;

/// What became of a `Set-Cookie`, with the line unless a remark shows that.
fn received(receipt: &Receipt, shows_line: bool, look: Look) -> Fact {
    let subject = name(&receipt.name);
    let fact = match &receipt.verdict {
        Verdict::Refused(refusal) => {
            let reason = sanitize::line(refusal.to_string().as_bytes());
            let text = format!("{}: {reason}", refusal.code());
            let fact = accused(Fact::new("refused", Meaning::Bad, subject, text), receipt, look);
            return fixed(fact, Some(refusal.fix()), refusal.rfc(), refusal.devtools());
        }
        Verdict::EvictedAtOnce => {
            let text = format!("{}: {}", receipt.verdict.code(), receipt.verdict);
            Fact::new("evicted", Meaning::Bad, subject, text)
        }
        Verdict::NothingToDelete => {
            let text = format!("{}: {}", receipt.verdict.code(), receipt.verdict);
            Fact::new("nothing", Meaning::Quiet, subject, text)
        }
        verdict => {
            let text = receipt.cookie.as_ref().map(|cookie| about(cookie, look)).unwrap_or_default();
            Fact::new(verdict.code(), Meaning::Good, subject, text)
        }
    };
    if shows_line { fact.with(Below::Line(line(receipt, look), None)) } else { fact }
}

/// All that is said of a `Set-Cookie`.
pub fn judged(receipt: &Receipt, remarks: &[Remark], look: Look) -> Vec<Fact> {
    let shown = line(receipt, look);
    let mut facts = vec![received(receipt, remarks.iter().all(|remark| remark.part.is_none()), look)];
    facts.extend(remarks.iter().map(|remark| noted(remark, &shown)));
    facts.extend(receipt.evicted.iter().map(eviction));
    facts
}

/// The same in short: the line stands once, and no remark shows its place in it.
pub fn judged_in_short(receipt: &Receipt, remarks: &[Remark], look: Look) -> Vec<Fact> {
    let mut facts = vec![received(receipt, true, look)];
    facts.extend(remarks.iter().map(|remark| mended(told(remark), remark)));
    facts.extend(receipt.evicted.iter().map(eviction));
    facts
}

fn line(receipt: &Receipt, look: Look) -> Rc<ShownLine> {
    Rc::new(ShownLine::of(&receipt.line, look.secrets))
}

/// The line of a refusal, with marks under the part at fault.
pub fn accused(fact: Fact, receipt: &Receipt, look: Look) -> Fact {
    fact.with(Below::Line(line(receipt, look), receipt.part()))
}

/// What would mend it, by which rule, and what others call it.
pub fn fixed(fact: Fact, fix: Option<String>, rule: &str, devtools: Option<&str>) -> Fact {
    let devtools = devtools.map(|name| format!(" · DevTools: {name}")).unwrap_or_default();
    let aside = format!("(RFC 6265bis {rule}{devtools})");
    let text = match fix {
        Some(fix) => format!("fix: {fix}  {aside}"),
        None => aside,
    };
    fact.with(Below::Text(sanitize::line(text.as_bytes())))
}

/// A remark, with marks under what it is about in the line.
fn noted(remark: &Remark, line: &Rc<ShownLine>) -> Fact {
    let fact = match &remark.part {
        Some(part) => told(remark).with(Below::Line(Rc::clone(line), Some(part.clone()))),
        None => told(remark),
    };
    mended(fact, remark)
}

fn told(remark: &Remark) -> Fact {
    let note = &remark.note;
    let text = format!("{}: {}", note.code(), sanitize::line(note.to_string().as_bytes()));
    Fact::new("note", Meaning::Name, String::new(), text)
}

fn mended(fact: Fact, remark: &Remark) -> Fact {
    match remark.note.fix() {
        Some(fix) => fact.with(Below::Text(sanitize::line(format!("fix: {fix}").as_bytes()))),
        None => fact,
    }
}

fn eviction(eviction: &Eviction) -> Fact {
    let Eviction { key, cause } = eviction;
    let text = format!("{}  {}: {cause}", site(key), cause.code());
    Fact::new("evicted", Meaning::Bad, name(&key.name), text)
}

/// Where a cookie belongs.
pub fn site(key: &Key) -> String {
    format!("{}{}", key.domain, sanitize::line(&key.path))
}

pub fn withheld(key: &Key, why: Withheld) -> Fact {
    let text = format!("{}  {}: {why}", site(key), why.code());
    let fact = Fact::new("withheld", Meaning::Quiet, name(&key.name), text);
    fixed(fact, Some(why.fix().to_owned()), why.rfc(), why.devtools())
}
