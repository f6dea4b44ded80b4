//! Owns the rules of trying again, which are curl's: what may pass by itself, and how long to wait.
//! Does not wait or send.

use std::time::Duration;

use chrono::{DateTime, Utc};
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use crate::cookie::date;
use crate::cookie::policy::Policy;
use crate::exchange::transport::Head;
use crate::transport::error::Phase;

/// What the user allows.
#[derive(Clone, Debug, Default)]
pub struct Retries {
    pub most: u64,
    /// Before each of them; without it the first waits a second, and each further one twice as long.
    pub delay: Option<Duration>,
    /// From the beginning of the first attempt to the beginning of the last.
    pub max_time: Option<Duration>,
    pub all_errors: bool,
    pub refused: bool,
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug)]
pub enum Outcome<'a> {
    Answered(&'a Head),
    Failed(Phase),
    /// The chain of redirects came to a bad end.
    Astray,
    TimedOut,
}

const FIRST_WAIT: Duration = Duration::from_secs(1);
const LONGEST_WAIT: Duration = Duration::from_secs(600);
/// A server that asks for more is not waited for any longer.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(6 * 3600);

impl Retries {
    /// How long to wait before the next attempt, after `done` retries and so much time; `None` if this was the last.
    pub fn wait(
        &self,
        outcome: Outcome,
        done: u64,
        elapsed: Duration,
        fails_on_error: bool,
        now: DateTime<Utc>,
    ) -> Option<Duration> {
        if done >= self.most || !self.may_pass(outcome, fails_on_error) {
            return None;
        }
        let doubled = FIRST_WAIT.saturating_mul(1 << done.min(10));
        let own = self.delay.unwrap_or(doubled.min(LONGEST_WAIT));
        let asked = match outcome {
            Outcome::Answered(head) => {
                head.headers.get(RETRY_AFTER).and_then(|value| retry_after(value, now))
            }
            _ => None,
        };
        let wait = asked.unwrap_or_default().min(LONGEST_RETRY_AFTER).max(own);
        let is_in_time = self.max_time.is_none_or(|limit| elapsed.saturating_add(wait) <= limit);
        is_in_time.then_some(wait)
    }

    fn may_pass(&self, outcome: Outcome, fails_on_error: bool) -> bool {
        match outcome {
            Outcome::Answered(head) => {
                let is_failure = fails_on_error && head.status.as_u16() >= 400;
                is_transient(head.status) || (is_failure && self.all_errors)
            }
            Outcome::TimedOut
            | Outcome::Failed(
                Phase::ConnectTimeout | Phase::ProxyResolve | Phase::Resolve | Phase::TooSlow,
            ) => true,
            Outcome::Failed(Phase::ConnectRefused) => self.refused || self.all_errors,
            Outcome::Failed(_) | Outcome::Astray => self.all_errors,
        }
    }
}

impl Outcome<'_> {
    /// No connection was there that anything could have been sent on.
    pub fn is_unsent(&self) -> bool {
        matches!(self, Outcome::Failed(Phase::ConnectRefused | Phase::ProxyResolve | Phase::Resolve))
    }
}

fn is_transient(status: StatusCode) -> bool {
    [408, 429, 500, 502, 503, 504].contains(&status.as_u16())
}

/// A number of seconds, or a date.
fn retry_after(value: &HeaderValue, now: DateTime<Utc>) -> Option<Duration> {
    let text = value.as_bytes().trim_ascii();
    if !text.is_empty() && text.iter().all(u8::is_ascii_digit) {
        let seconds = value.to_str().ok()?.trim().parse().unwrap_or(u64::MAX);
        return Some(Duration::from_secs(seconds));
    }
    (date::parse(text, Policy::Classic)? - now).to_std().ok()
}

#[cfg(test)]
mod tests {
    use http::{HeaderMap, Version};

    use super::*;

    fn head(status: u16, retry_after: Option<&str>) -> Head {
        let value = |text: &str| HeaderValue::from_str(text).expect("a header value");
        Head {
            version: Version::HTTP_11,
            status: StatusCode::from_u16(status).expect("a status"),
            reason: None,
            headers: HeaderMap::from_iter(retry_after.map(|text| (RETRY_AFTER, value(text)))),
        }
    }

    fn retries(most: u64) -> Retries {
        Retries { most, ..Retries::default() }
    }

    fn now() -> DateTime<Utc> {
        DateTime::from_timestamp(1_800_000_000, 0).expect("a time")
    }

    fn seconds(retries: &Retries, outcome: Outcome, done: u64) -> Option<u64> {
        Some(retries.wait(outcome, done, Duration::from_secs(10), false, now())?.as_secs())
    }

    #[test]
    fn what_may_pass_by_itself_is_tried_again() {
        for (status, is_retried) in
            [(200, false), (404, false), (408, true), (429, true), (500, true), (501, false), (503, true)]
        {
            let head = head(status, None);
            assert_eq!(seconds(&retries(1), Outcome::Answered(&head), 0).is_some(), is_retried, "{status}");
        }
        for (phase, by_default, refused, all) in [
            (Phase::Resolve, true, true, true),
            (Phase::ConnectTimeout, true, true, true),
            (Phase::ConnectRefused, false, true, true),
            (Phase::Connect, false, false, true),
            (Phase::TlsCertificate, false, false, true),
        ] {
            let tried = [
                retries(1),
                Retries { refused: true, ..retries(1) },
                Retries { all_errors: true, ..retries(1) },
            ]
            .map(|retries| seconds(&retries, Outcome::Failed(phase), 0).is_some());
            assert_eq!(tried, [by_default, refused, all], "{phase:?}");
        }
        assert!(seconds(&retries(1), Outcome::TimedOut, 0).is_some());
    }

    #[test]
    fn an_answer_is_an_error_only_where_it_fails_the_command() {
        let (head, all) = (head(404, None), Retries { all_errors: true, ..retries(1) });
        let tried = [false, true]
            .map(|fails| all.wait(Outcome::Answered(&head), 0, Duration::ZERO, fails, now()).is_some());
        assert_eq!(tried, [false, true]);
    }

    #[test]
    fn each_wait_is_twice_as_long_up_to_ten_minutes_unless_a_delay_is_given() {
        let waits = |retries: &Retries| {
            [0, 1, 2, 9, 10, 98].map(|done| seconds(retries, Outcome::TimedOut, done).unwrap_or_default())
        };
        assert_eq!(waits(&retries(99)), [1, 2, 4, 512, 600, 600]);
        let fixed = Retries { delay: Some(Duration::from_secs(7)), ..retries(99) };
        assert_eq!(waits(&fixed), [7; 6]);
        assert_eq!(seconds(&retries(2), Outcome::TimedOut, 2), None);
    }

    #[test]
    fn a_longer_retry_after_is_honoured() {
        for (text, expected) in [
            ("30", 30),
            ("0", 1),
            ("Fri, 15 Jan 2027 08:00:50 GMT", 50),
            ("Fri, 15 Jan 2027 07:00:00 GMT", 1),
            ("soon", 1),
            ("-5", 1),
            ("99999999999999999999999", 21_600),
        ] {
            let head = head(503, Some(text));
            assert_eq!(seconds(&retries(1), Outcome::Answered(&head), 0), Some(expected), "{text}");
        }
    }

    #[test]
    fn no_retry_begins_after_the_time_for_them() {
        let head = head(503, Some("30"));
        for (limit, expected) in [(39, None), (40, Some(30))] {
            let retries = Retries { max_time: Some(Duration::from_secs(limit)), ..retries(1) };
            assert_eq!(seconds(&retries, Outcome::Answered(&head), 0), expected, "{limit}");
        }
    }
}
