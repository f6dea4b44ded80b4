//! Owns the telling of a moment: when it is, and how far from now.
//! Does not read a clock.

use chrono::{DateTime, Utc};

use crate::output::expiry;

/// `2026-05-01 12:00:00 UTC, 3 d ago`.
pub fn told(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    format!("{}, {}", at.format("%Y-%m-%d %H:%M:%S UTC"), distance(at, now))
}

fn distance(at: DateTime<Utc>, now: DateTime<Utc>) -> String {
    if at > now {
        return expiry::words(Some(at), now);
    }
    // The same words, seen from the other side.
    let mirrored = expiry::words(Some(now), at);
    match mirrored.strip_prefix("in ") {
        Some(span) => format!("{span} ago"),
        None => "now".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn a_moment_lies_before_or_behind() {
        let now = DateTime::<Utc>::UNIX_EPOCH + TimeDelta::days(20_000);
        for (seconds, expected) in [
            (90, "2024-10-04 00:01:30 UTC, in 90 s"),
            (0, "2024-10-04 00:00:00 UTC, now"),
            (-90, "2024-10-03 23:58:30 UTC, 90 s ago"),
            (-259_200, "2024-10-01 00:00:00 UTC, 3 d ago"),
        ] {
            assert_eq!(told(now + TimeDelta::seconds(seconds), now), expected);
        }
    }
}
