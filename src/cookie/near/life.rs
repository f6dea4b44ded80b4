//! Owns the near misses of times: two that disagree, and a life that is over before it begins.
//! Does not read dates.

use chrono::{DateTime, Datelike, TimeDelta, Utc};

use crate::cookie::attribute::MaxAge;
use crate::cookie::near::asked::{Asked, Remark};
use crate::cookie::note::Note;
use crate::cookie::receive::LONGEST_LIFE;
use crate::cookie::verdict::Verdict;

/// Clocks and slow answers part the two times of an honest line by less.
const SAME: TimeDelta = TimeDelta::days(1);

/// What servers write for the value of a cookie that they mean to delete.
const OF_THE_DELETED: [&str; 9] =
    ["deleted", "delete", "deleteme", "removed", "expired", "none", "null", "-", "0"];

pub fn remarks(asked: &Asked) -> Vec<Remark> {
    disagreement(asked).into_iter().chain(at_once(asked)).collect()
}

fn disagreement(asked: &Asked) -> Option<Remark> {
    let now = asked.context.now;
    let (age, expires) = (asked.attributes.max_age?, asked.attributes.expires?);
    let furthest = now + LONGEST_LIFE;
    let by_age = match age {
        MaxAge::Delete => now,
        MaxAge::Seconds(seconds) => i64::try_from(seconds)
            .ok()
            .and_then(TimeDelta::try_seconds)
            .filter(|life| *life < LONGEST_LIFE)
            .map_or(furthest, |life| now + life),
    };
    let clamped = |at: DateTime<Utc>| at.clamp(now, furthest);
    let (by_age, by_date) = (clamped(by_age), clamped(expires));
    let is_alive = |at| at > now;
    let disagree = is_alive(by_age) != is_alive(by_date) || (by_age - by_date).abs() > SAME;
    disagree.then(|| asked.on("expires", Note::ExpiriesDisagree))
}

/// A value is set, and is gone at once, though nothing says that this was meant.
fn at_once(asked: &Asked) -> Option<Remark> {
    let value = asked.value().trim_ascii_start();
    let value = value.strip_prefix(b"\"").map_or(value, |rest| rest.strip_suffix(b"\"").unwrap_or(rest));
    let deletes = matches!(asked.receipt.verdict, Verdict::Deleted | Verdict::NothingToDelete);
    let is_meant = OF_THE_DELETED.iter().any(|word| value.eq_ignore_ascii_case(word.as_bytes()));
    if !deletes || value.is_empty() || is_meant {
        return None;
    }
    let attributes = &asked.attributes;
    // `Max-Age=0` and the year 1970 are how a cookie is deleted on purpose; -1 is how Java says "a session".
    let by = match (attributes.max_age, attributes.expires) {
        (Some(MaxAge::Delete), _) => {
            asked.parts.last("max-age").filter(|found| found.value.starts_with(b"-")).map(|_| "Max-Age")
        }
        (None, Some(at)) if at.year() > 1971 => Some("Expires"),
        _ => None,
    }?;
    Some(asked.on(by, Note::ExpiresAtOnce { by }))
}
