//! Owns what the author of an unreadable time probably meant, for the fix that is offered.
//! Does not read anything for the rules; nothing is stored by a guess.

use chrono::{DateTime, NaiveDate, NaiveDateTime, Utc};

use crate::cookie::date;
use crate::cookie::policy::Policy;

/// A guess is not worth much text.
const LONGEST: usize = 64;

/// Months that do not begin as the English ones do: German, French, Spanish, Italian, Portuguese, Dutch.
const MONTHS: [(&str, &str); 26] = [
    ("janv", "Jan"),
    ("ene", "Jan"),
    ("gen", "Jan"),
    ("fév", "Feb"),
    ("fev", "Feb"),
    ("mär", "Mar"),
    ("mrt", "Mar"),
    ("maa", "Mar"),
    ("avr", "Apr"),
    ("abr", "Apr"),
    ("mai", "May"),
    ("mei", "May"),
    ("mag", "May"),
    ("giu", "Jun"),
    ("juin", "Jun"),
    ("juil", "Jul"),
    ("lug", "Jul"),
    ("aoû", "Aug"),
    ("ago", "Aug"),
    ("set", "Sep"),
    ("okt", "Oct"),
    ("out", "Oct"),
    ("ott", "Oct"),
    ("dez", "Dec"),
    ("déc", "Dec"),
    ("dic", "Dec"),
];

/// What to write instead of `Expires=value`.
pub fn expires(value: &[u8]) -> Option<String> {
    let text = text_of(value)?;
    match text.to_ascii_lowercase().as_str() {
        "" | "session" | "never" | "null" | "none" | "undefined" => {
            return Some("leave Expires out: that is what makes a cookie last a session".to_owned());
        }
        "0" | "-1" | "now" => return Some("write `Max-Age=0` to delete the cookie".to_owned()),
        _ => {}
    }
    if text.len() < 9 && text.parse::<u32>().is_ok() {
        return Some(format!("write `Max-Age={text}` for a number of seconds"));
    }
    let at = iso(text).or_else(|| unix(text)).or_else(|| nearly(text))?;
    Some(format!("write `Expires={}`", at.format("%a, %d %b %Y %H:%M:%S GMT")))
}

/// What to write instead of `Max-Age=value`.
pub fn max_age(value: &[u8]) -> Option<String> {
    let text = text_of(value)?;
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let (number, unit) = text.split_at(digits);
    let number: u64 = number.parse().ok()?;
    let seconds = match unit.trim().to_ascii_lowercase().as_str() {
        "" | "s" | "sec" | "seconds" => 1,
        "m" | "min" | "minutes" => 60,
        "h" | "hours" => 3600,
        "d" | "day" | "days" => 86400,
        "w" | "weeks" => 604_800,
        fraction if fraction.strip_prefix('.').is_some_and(|f| f.bytes().all(|d| d.is_ascii_digit())) => 1,
        _ => return None,
    };
    Some(format!("write `Max-Age={}`", number.checked_mul(seconds)?))
}

fn text_of(value: &[u8]) -> Option<&str> {
    let text = std::str::from_utf8(value).ok()?.trim_matches(['"', '\'', ' ', '\t']);
    (text.len() <= LONGEST).then_some(text.strip_prefix('+').unwrap_or(text))
}

fn iso(text: &str) -> Option<DateTime<Utc>> {
    let with_zone = || DateTime::parse_from_rfc3339(text).ok().map(|at| at.to_utc());
    let naive = |form: &str| NaiveDateTime::parse_from_str(text, form).ok().map(|at| at.and_utc());
    let day = || NaiveDate::parse_from_str(text, "%Y-%m-%d").ok()?.and_hms_opt(0, 0, 0);
    with_zone()
        .or_else(|| ["%Y-%m-%dT%H:%M:%S%.f", "%Y-%m-%d %H:%M:%S%.f"].into_iter().find_map(naive))
        .or_else(|| day().map(|at| at.and_utc()))
}

/// Seconds or milliseconds since 1970, of this century.
fn unix(text: &str) -> Option<DateTime<Utc>> {
    let number: i64 = text.split('.').next()?.parse().ok()?;
    match number {
        900_000_000..10_000_000_000 => DateTime::from_timestamp(number, 0),
        900_000_000_000..10_000_000_000_000 => DateTime::from_timestamp_millis(number),
        _ => None,
    }
}

/// A cookie date but for its junk, its month's language, its seconds or its time.
fn nearly(text: &str) -> Option<DateTime<Utc>> {
    let read = |text: &str| date::parse(text.as_bytes(), Policy::Classic);
    let english: Vec<_> = text.split([' ', '-', ',']).map(in_english).collect();
    let english = english.join(" ");
    let with_seconds: Vec<_> = english
        .split(' ')
        .map(|word| if word.matches(':').count() == 1 { format!("{word}:00") } else { word.to_owned() })
        .collect();
    let with_time = || if text.contains(':') { None } else { read(&format!("{english} 00:00:00")) };
    read(&english).or_else(|| read(&with_seconds.join(" "))).or_else(with_time)
}

fn in_english(word: &str) -> &str {
    let lower = word.to_lowercase();
    let is_word = lower.chars().count() >= 3 && lower.chars().all(|c| c.is_alphabetic() || c == '.');
    let found = MONTHS.into_iter().find(|(head, _)| lower.starts_with(head));
    found.filter(|_| is_word).map_or(word, |(_, month)| month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_in_another_form_is_written_as_it_should_be() {
        for (value, expected) in [
            ("2027-01-01T00:00:00Z", "write `Expires=Fri, 01 Jan 2027 00:00:00 GMT`"),
            ("2027-01-01T01:00:00+01:00", "write `Expires=Fri, 01 Jan 2027 00:00:00 GMT`"),
            ("2027-01-01T00:00:00.000Z", "write `Expires=Fri, 01 Jan 2027 00:00:00 GMT`"),
            ("2027-01-01 12:30:00", "write `Expires=Fri, 01 Jan 2027 12:30:00 GMT`"),
            ("\"2027-01-01\"", "write `Expires=Fri, 01 Jan 2027 00:00:00 GMT`"),
            ("1798761600", "write `Expires=Fri, 01 Jan 2027 00:00:00 GMT`"),
            ("1798761600000", "write `Expires=Fri, 01 Jan 2027 00:00:00 GMT`"),
            ("Fr, 01 Mai 2026 00:00:00 GMT", "write `Expires=Fri, 01 May 2026 00:00:00 GMT`"),
            ("ven., 01 août 2027 00:00:00 GMT", "write `Expires=Sun, 01 Aug 2027 00:00:00 GMT`"),
            ("Mi, 01-Dez-2027 00:00:00 GMT", "write `Expires=Wed, 01 Dec 2027 00:00:00 GMT`"),
            ("Fri, 01 Jan 2027 00:00 GMT", "write `Expires=Fri, 01 Jan 2027 00:00:00 GMT`"),
            ("Fri, 01 Jan 2027", "write `Expires=Fri, 01 Jan 2027 00:00:00 GMT`"),
            ("3600", "write `Max-Age=3600` for a number of seconds"),
            ("0", "write `Max-Age=0` to delete the cookie"),
            ("Session", "leave Expires out: that is what makes a cookie last a session"),
        ] {
            assert_eq!(expires(value.as_bytes()).as_deref(), Some(expected), "{value}");
        }
    }

    #[test]
    fn what_could_mean_anything_is_not_guessed_at() {
        for value in
            ["tomorrow", "01/02/2027", "Fri, 01 Jan 00:00:00 GMT", "Fri, 31 Feb 2027 00:00:00 GMT", "d"]
        {
            assert_eq!(expires(value.as_bytes()), None, "{value}");
        }
        assert_eq!(expires(&[0xff; 8]), None);
        assert_eq!(expires(&[b'1'; 5000]), None);
    }

    #[test]
    fn a_max_age_with_a_unit_quotes_or_decimals_is_written_as_seconds() {
        for (value, expected) in [
            ("1h", Some("write `Max-Age=3600`")),
            ("30 days", Some("write `Max-Age=2592000`")),
            ("\"3600\"", Some("write `Max-Age=3600`")),
            ("3600.5", Some("write `Max-Age=3600`")),
            ("+60", Some("write `Max-Age=60`")),
            ("soon", None),
            ("99999999999999999999h", None),
            ("", None),
        ] {
            assert_eq!(max_age(value.as_bytes()).as_deref(), expected, "{value}");
        }
    }
}
