//! Owns the reading of times and spans as people type them.
//! Does not read a clock.

use std::ffi::OsStr;

use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};

use crate::commands::error::CommandError;

/// RFC 3339, or a date, which means its first moment in UTC.
pub fn moment(given: &OsStr, flag: &str) -> Result<DateTime<Utc>, CommandError> {
    let read = |text: &str| {
        let moment = DateTime::parse_from_rfc3339(text).map(|time| time.with_timezone(&Utc)).ok();
        moment.or_else(|| Some(text.parse::<NaiveDate>().ok()?.and_time(NaiveTime::MIN).and_utc()))
    };
    given.to_str().and_then(read).ok_or_else(|| {
        CommandError::usage(format!("{flag}: `{}` is not a time", given.display()))
            .hint("write it as RFC 3339 has it, for example 2027-01-31T12:00:00Z, or as a date, 2027-01-31")
    })
}

/// A time, or so much later.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum When {
    After(TimeDelta),
    At(DateTime<Utc>),
}

/// A time, or a span with or without a `+` in front.
pub fn when(given: &OsStr, flag: &str) -> Result<When, CommandError> {
    let text = given.to_string_lossy();
    let later = OsStr::new(text.strip_prefix('+').unwrap_or(&text));
    match moment(given, flag) {
        Ok(time) => Ok(When::At(time)),
        Err(_) => span(later, flag).map(When::After).map_err(|_| {
            CommandError::usage(format!("{flag}: `{text}` is neither a time nor a span of time"))
                .hint("for example 2027-01-31T12:00:00Z, 2027-01-31, or +30d for thirty days later")
        }),
    }
}

/// `45min`, `12h`, `3d`, `1d 6h`; a number alone counts seconds.
pub fn span(given: &OsStr, flag: &str) -> Result<TimeDelta, CommandError> {
    let read = |text: &str| match text.parse::<i64>() {
        Ok(seconds) => TimeDelta::try_seconds(seconds).filter(|_| seconds >= 0),
        Err(_) => TimeDelta::from_std(humantime::parse_duration(text).ok()?).ok(),
    };
    given.to_str().and_then(read).ok_or_else(|| {
        CommandError::usage(format!("{flag}: `{}` is not a span of time", given.display()))
            .hint("for example 90s, 45min, 12h or 3d")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_moment_is_a_time_or_the_beginning_of_a_day() {
        let moment = |text: &str| moment(OsStr::new(text), "--at").map(|time| time.to_rfc3339()).ok();
        assert_eq!(moment("2027-01-31T12:00:00+01:00").as_deref(), Some("2027-01-31T11:00:00+00:00"));
        assert_eq!(moment("2027-01-31").as_deref(), Some("2027-01-31T00:00:00+00:00"));
        assert_eq!(moment("tomorrow"), None);
    }

    #[test]
    fn what_is_no_time_may_be_a_span_from_now() {
        let when = |text: &str| when(OsStr::new(text), "--at").ok();
        assert_eq!(when("+30d"), Some(When::After(TimeDelta::days(30))));
        assert_eq!(when("2h"), Some(When::After(TimeDelta::hours(2))));
        assert!(matches!(when("2027-01-31"), Some(When::At(_))));
        assert_eq!(["", "+", "-1d", "tomorrow"].map(when), [None; 4]);
    }

    #[test]
    fn a_span_has_a_unit_or_counts_seconds() {
        let seconds = |text: &str| span(OsStr::new(text), "--within").map(|span| span.num_seconds()).ok();
        assert_eq!(
            ["90", "90s", "45min", "12h", "3d", "1d 6h", "-1", "soon", "9999999999999999"].map(seconds),
            [Some(90), Some(90), Some(2_700), Some(43_200), Some(259_200), Some(108_000), None, None, None]
        );
    }
}
