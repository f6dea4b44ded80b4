//! Owns the condition of `-z`: a document is wanted only if it is newer, or older, than a time.
//! Does not read a clock, nor what was typed.

use chrono::{DateTime, Utc};
use http::header::{IF_MODIFIED_SINCE, IF_UNMODIFIED_SINCE, LAST_MODIFIED};
use http::{HeaderMap, HeaderName, HeaderValue};

use crate::cookie::date;
use crate::cookie::policy::Policy;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Condition {
    Newer(DateTime<Utc>),
    Older(DateTime<Utc>),
}

impl Condition {
    /// The header that says it to the server.
    pub fn header(self) -> (HeaderName, HeaderValue) {
        let (name, time) = match self {
            Condition::Newer(time) => (IF_MODIFIED_SINCE, time),
            Condition::Older(time) => (IF_UNMODIFIED_SINCE, time),
        };
        let text = time.format("%a, %d %b %Y %H:%M:%S GMT").to_string();
        (name, HeaderValue::try_from(text).expect("a date is ASCII"))
    }

    /// Is this answer wanted? A server need not heed the header.
    pub fn is_met(self, headers: &HeaderMap) -> bool {
        let Some(modified) = last_modified(headers) else { return true };
        match self {
            // Servers count whole seconds.
            Condition::Newer(time) => modified.timestamp() > time.timestamp(),
            Condition::Older(time) => modified.timestamp() <= time.timestamp(),
        }
    }
}

/// When the document was changed, in any form that a date may have there.
pub fn last_modified(headers: &HeaderMap) -> Option<DateTime<Utc>> {
    date::parse(headers.get(LAST_MODIFIED)?.as_bytes(), Policy::Classic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_condition_goes_out_and_is_held_to_what_comes() {
        let time = |text: &str| text.parse::<DateTime<Utc>>().expect("a time");
        let typed = time("2020-01-02T03:04:05.678Z");
        for (condition, name, met) in [
            (Condition::Newer(typed), "if-modified-since", [false, false, true, true]),
            (Condition::Older(typed), "if-unmodified-since", [true, true, false, true]),
        ] {
            let expected = (HeaderName::from_static(name), "Thu, 02 Jan 2020 03:04:05 GMT");
            let (name, value) = condition.header();
            assert_eq!((name, value.to_str().expect("ASCII")), expected);
            for (modified, is_met) in [
                "Thu, 02 Jan 2020 03:04:04 GMT",
                "Thursday, 02-Jan-20 03:04:05 GMT",
                "Thu Jan  2 03:04:06 2020",
                "yesterday",
            ]
            .into_iter()
            .zip(met)
            {
                let headers = [(LAST_MODIFIED, HeaderValue::from_static(modified))].into_iter().collect();
                assert_eq!(condition.is_met(&headers), is_met, "{condition:?} {modified}");
            }
            assert!(condition.is_met(&HeaderMap::new()));
        }
    }
}
