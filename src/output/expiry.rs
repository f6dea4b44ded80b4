//! Owns the telling of a time left, in words.
//! Does not read a clock.

use chrono::{DateTime, Utc};

/// `session`, `expired`, `in 14 min`: the largest unit that holds at least two of itself, to the nearest.
pub fn words(expires: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    let Some(at) = expires else { return "session".to_owned() };
    let seconds = (at - now).num_seconds();
    if at <= now {
        return "expired".to_owned();
    }
    let (unit, name) = match seconds {
        ..120 => (1, "s"),
        120..7_170 => (60, "min"),
        7_170..171_000 => (3_600, "h"),
        _ => (86_400, "d"),
    };
    format!("in {} {name}", (seconds + unit / 2) / unit)
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    #[test]
    fn the_unit_suits_the_time() {
        let now = DateTime::<Utc>::UNIX_EPOCH;
        for (seconds, expected) in [
            (-1, "expired"),
            (0, "expired"),
            (1, "in 1 s"),
            (119, "in 119 s"),
            (120, "in 2 min"),
            (149, "in 2 min"),
            (150, "in 3 min"),
            (7_169, "in 119 min"),
            (7_170, "in 2 h"),
            (10_799, "in 3 h"),
            (170_999, "in 47 h"),
            (171_000, "in 2 d"),
            (34_560_000, "in 400 d"),
        ] {
            assert_eq!(words(Some(now + TimeDelta::seconds(seconds)), now), expected, "{seconds}");
        }
        assert_eq!(words(None, now), "session");
    }
}
