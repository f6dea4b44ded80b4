//! Owns the page of `kuki explain`: what each `Set-Cookie` would do, then what would be sent where.
//! Does not decide; it is given the verdicts.

use url::Url;

use crate::cookie::select::Selection;
use crate::cookie::verdict::Receipt;
use crate::output::judgement::{Look, fact, name, verdict, withheld};
use crate::output::list::domain;
use crate::output::sanitize;
use crate::output::style::Meaning;

/// The verdicts on what an answer from this URL would set.
pub fn received(url: &Url, receipts: &[Receipt], look: Look) -> String {
    let heading = look.palette.paint(Meaning::Heading, &format!("an answer from {url}"));
    let lines = receipts.iter().flat_map(|receipt| verdict(receipt, look));
    page(heading, lines)
}

/// What would go with a request for this URL, and what would stay; `others` cookies have nothing to do with it.
pub fn sent(url: &Url, selection: &Selection, others: usize, look: Look) -> String {
    let heading = look.palette.paint(Meaning::Heading, &format!("a request for {url}"));
    let goes = selection.sent.iter().map(|cookie| {
        let text = format!("{}  {}{}", name(&cookie.name), domain(cookie), sanitize::line(&cookie.path));
        fact("sent", Meaning::Good, &text, look)
    });
    let stays = selection.withheld.iter().map(|(cookie, why)| withheld(&cookie.key(), *why, look));
    let others = (others > 0).then(|| {
        let text = format!("{others} of domains that the host does not belong to");
        fact("others", Meaning::Quiet, &text, look)
    });
    let nothing = selection.sent.is_empty().then(|| "no Cookie header".to_owned());
    page(heading, goes.chain(stays).chain(others).chain(nothing))
}

fn page(heading: String, lines: impl Iterator<Item = String>) -> String {
    let lines: String = lines.map(|line| format!("  {line}\n")).collect();
    format!("{heading}\n{lines}")
}
