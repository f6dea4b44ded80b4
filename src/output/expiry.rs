//! Owns the telling of a time left, in words.
//! Does not read a clock.

use chrono::{DateTime, Utc};

/// `session`, `expired`, `in 14 min`: the largest unit that holds at least two of itself, rounded down.
pub fn words(expires: Option<DateTime<Utc>>, now: DateTime<Utc>) -> String {
    let Some(at) = expires else { return "session".to_owned() };
    let seconds = (at - now).num_seconds();
    if at <= now {
        return "expired".to_owned();
    }
    let (unit, name) = match seconds {
        ..120 => (1, "s"),
        120..7_200 => (60, "min"),
        7_200..172_800 => (3_600, "h"),
        _ => (86_400, "d"),
    };
    format!("in {} {name}", seconds / unit)
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
            (7_199, "in 119 min"),
            (7_200, "in 2 h"),
            (172_800, "in 2 d"),
            (34_560_000, "in 400 d"),
        ] {
            assert_eq!(words(Some(now + TimeDelta::seconds(seconds)), now), expected, "{seconds}");
        }
        assert_eq!(words(None, now), "session");
    }
}
