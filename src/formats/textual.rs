//! Owns the choice of the cookies that a JSON text can hold, and what every such text loses of them.
//! Does not write any format.

use chrono::{DateTime, Utc};

use crate::cookie::attribute::SameSite;
use crate::cookie::record::Cookie;
use crate::formats::exported::{Loss, Writing, Written};

/// A cookie whose octets are all text.
#[derive(Clone, Copy, Debug)]
pub struct Textual<'a> {
    pub cookie: &'a Cookie,
    pub name: &'a str,
    pub value: &'a str,
    pub path: &'a str,
    /// The cookie's own, or the one that was asked for in its place.
    pub expires: Option<DateTime<Utc>>,
}

/// The cookies that are text. Octets that are none would have to be changed, and a changed value opens no door: such
/// a cookie is left out, and counted.
pub fn textual<'a>(cookies: &[&'a Cookie], writing: &Writing, written: &mut Written) -> Vec<Textual<'a>> {
    let text = |octets: &'a [u8]| std::str::from_utf8(octets).ok();
    let mut all = Vec::new();
    for cookie in cookies {
        let texts = (text(&cookie.name), text(&cookie.value), text(&cookie.path));
        let (Some(name), Some(value), Some(path)) = texts else {
            written.lose(Loss::Cookie);
            continue;
        };
        if cookie.pinned {
            written.lose(Loss::Pinned);
        }
        all.push(Textual { cookie, name, value, path, expires: writing.expiry(cookie, written) });
    }
    all
}

impl Textual<'_> {
    /// The domain in the spelling of browsers: with a dot in front, unless it is for that host only.
    pub fn dotted_domain(&self) -> String {
        let dot = if self.cookie.host_only { "" } else { "." };
        format!("{dot}{}", self.cookie.domain)
    }

    /// For a format that has no field for these.
    pub fn lose_what_only_browsers_keep(&self, written: &mut Written) {
        if self.cookie.http_only {
            written.lose(Loss::HttpOnly);
        }
        if self.cookie.same_site != SameSite::Unset {
            written.lose(Loss::SameSite);
        }
    }
}

/// Seconds since 1970 as a JSON number, whole where they are whole.
pub fn seconds(time: DateTime<Utc>) -> serde_json::Number {
    let whole = time.timestamp();
    if time.timestamp_subsec_micros() == 0 {
        return whole.into();
    }
    // A microsecond is told from the next until the year 2242.
    let pieces = time.timestamp_micros() as f64 / 1e6;
    serde_json::Number::from_f64(pieces).unwrap_or(whole.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::fields;

    #[test]
    fn a_time_in_seconds_is_the_same_time_when_read() {
        for micros in [0, 1, 1_800_000_000_000_000, 1_800_000_000_123_457, 8_000_000_000_123_457] {
            let time = DateTime::from_timestamp_micros(micros).expect("a time");
            assert_eq!(seconds(time).as_f64().map(fields::time), Some(time), "{micros}");
        }
    }
}
