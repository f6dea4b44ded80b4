//! Owns the way of many cookies into a jar at once, from a file or from another jar.
//! Does not let them push others out unless that was asked for.

use chrono::{DateTime, Utc};

use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::cookie::change::{Applied, Change, Place};
use crate::cookie::context::Origin;
use crate::cookie::jar::Jar;
use crate::cookie::record::Cookie;
use crate::formats::imported::Rejected;
use crate::output::deeds::{Intake, RejectedEntry};
use crate::output::list::counted;

/// What became of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Outcome {
    pub new: usize,
    pub replaced: usize,
    pub evicted: usize,
}

/// Puts them in by the order of their creation, which they keep among themselves.
pub fn all(
    mut cookies: Vec<Cookie>,
    jar: &mut Jar,
    may_evict: bool,
    now: DateTime<Utc>,
) -> Result<Outcome, CommandError> {
    let count = cookies.len();
    cookies.sort_by_key(|cookie| cookie.created);
    let mut outcome = Outcome::default();
    for cookie in cookies {
        let put = Change::Put { cookie, from: Origin::Secure, place: Place::Kept };
        if let Applied::Done { existed, evicted, .. } = jar.apply(put, now) {
            outcome.evicted += evicted.len();
            *(if existed { &mut outcome.replaced } else { &mut outcome.new }) += 1;
        }
    }
    if outcome.evicted > 0 && !may_evict {
        let limits = jar.limits;
        let message = format!(
            "{} would push {} out by the limits ({} per domain, {} in all); nothing was changed",
            counted(count),
            outcome.evicted,
            limits.per_domain,
            limits.total
        );
        let hint = "--evict lets them go, --domain takes fewer, and kuki jar limits makes room";
        return Err(CommandError::new(Exit::REFUSED, message).hint(hint));
    }
    Ok(outcome)
}

/// The same for programs, with the rows of a file that were not taken.
pub fn intake(
    outcome: Outcome,
    left_behind: usize,
    source: Option<&'static str>,
    rejected: &[Rejected],
) -> Intake {
    let Outcome { new, replaced, evicted } = outcome;
    let row = |Rejected { at, why }: &Rejected| RejectedEntry { at: at.to_string(), message: why.clone() };
    Intake { new, replaced, evicted, left_behind, source, rejected: rejected.iter().map(row).collect() }
}

/// `3 new, 1 replaced, 2 evicted`: what did not happen is not said.
pub fn told(outcome: Outcome) -> String {
    let parts = [(outcome.new, "new"), (outcome.replaced, "replaced"), (outcome.evicted, "evicted")];
    let parts: Vec<_> =
        parts.iter().filter(|(count, _)| *count > 0).map(|(count, what)| format!("{count} {what}")).collect();
    if parts.is_empty() { "nothing changed".to_owned() } else { parts.join(", ") }
}
