//! Owns the writing and reading of times in a jar: RFC 3339, UTC, microseconds, always the same 27 octets.
//! Does not read any other layout by itself; those go to chrono.

use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};

/// A time as it is written down.
pub struct Stamp([u8; 27]);

impl Stamp {
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).expect("digits and punctuation are ASCII")
    }
}

/// `2026-01-02T03:04:05.678901Z`; by hand, since a jar of 300 cookies holds a thousand of them and chrono's
/// formatter takes ten times as long.
pub fn write(time: DateTime<Utc>) -> Stamp {
    let mut text = *b"0000-00-00T00:00:00.000000Z";
    let micros = time.nanosecond() / 1_000;
    let year = time.year().clamp(0, 9999).unsigned_abs();
    for (start, digits, mut value) in [
        (0, 4, year),
        (5, 2, time.month()),
        (8, 2, time.day()),
        (11, 2, time.hour()),
        (14, 2, time.minute()),
        (17, 2, time.second()),
        (20, 6, micros),
    ] {
        for place in text[start..start + digits].iter_mut().rev() {
            *place = b'0' + u8::try_from(value % 10).unwrap_or(0);
            value /= 10;
        }
    }
    Stamp(text)
}

/// Reads what `write` wrote, or any other RFC 3339 time, to the microsecond and within the years that can be written
/// again; of the last of them none is left to count on, by which order is kept.
pub fn read(text: &str) -> Option<DateTime<Utc>> {
    let any = || DateTime::parse_from_rfc3339(text).ok().map(|time| time.with_timezone(&Utc));
    let time = read_fixed(text.as_bytes()).or_else(any)?;
    // A leap second counts its nanoseconds on.
    let micros = time.nanosecond().min(999_999_999) / 1_000;
    time.with_nanosecond(micros * 1_000).filter(|time| (1..9999).contains(&time.year()))
}

fn read_fixed(text: &[u8]) -> Option<DateTime<Utc>> {
    let [y0, y1, y2, y3, b'-', m0, m1, b'-', d0, d1, b'T', rest @ ..] = text else { return None };
    let [h0, h1, b':', i0, i1, b':', s0, s1, b'.', u0, u1, u2, u3, u4, u5, b'Z'] = rest else { return None };
    let number = |digits: &[&u8]| {
        digits.iter().try_fold(0u32, |value, digit| {
            digit.is_ascii_digit().then(|| value * 10 + u32::from(**digit - b'0'))
        })
    };
    let year = i32::try_from(number(&[y0, y1, y2, y3])?).ok()?;
    let date = NaiveDate::from_ymd_opt(year, number(&[m0, m1])?, number(&[d0, d1])?)?;
    let micros = number(&[u0, u1, u2, u3, u4, u5])?;
    date.and_hms_micro_opt(number(&[h0, h1])?, number(&[i0, i1])?, number(&[s0, s1])?, micros)
        .map(|time| time.and_utc())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rewritten(text: &str) -> Option<String> {
        read(text).map(|time| write(time).as_str().to_owned())
    }

    #[test]
    fn what_is_written_is_read_back() {
        for text in
            ["2026-01-02T03:04:05.678901Z", "1601-12-31T23:59:59.000000Z", "9998-02-28T00:00:00.999999Z"]
        {
            assert_eq!(rewritten(text).as_deref(), Some(text));
        }
    }

    #[test]
    fn other_layouts_of_the_same_time_are_read() {
        for text in ["2026-01-02T03:04:05Z", "2026-01-02T05:04:05+02:00", "2026-01-02T03:04:05.000Z"] {
            assert_eq!(rewritten(text).as_deref(), Some("2026-01-02T03:04:05.000000Z"), "{text}");
        }
    }

    #[test]
    fn what_is_no_time_is_none() {
        for text in [
            "",
            "yesterday",
            "2026-02-30T00:00:00.000000Z",
            "2026-01-02 03:04",
            "2026-01-02T25:00:00.000000Z",
        ] {
            assert_eq!(read(text), None, "{text:?}");
        }
    }

    #[test]
    fn what_can_not_be_written_again_is_rounded_down_or_refused() {
        for (text, expected) in [
            ("2026-01-02T03:04:05.0000004444444Z", Some("2026-01-02T03:04:05.000000Z")),
            ("2026-06-30T23:59:60.5Z", Some("2026-06-30T23:59:59.999999Z")),
            ("9999-01-01T00:00:00.000000Z", None),
            ("0001-01-01T00:00:00+02:00", None),
        ] {
            assert_eq!(rewritten(text).as_deref(), expected, "{text}");
        }
    }
}
