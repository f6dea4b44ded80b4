//! Owns the cookie-date algorithm of RFC 6265bis 5.1.1, in its own order.
//! Does not read any other format of dates, and never guesses.

use chrono::{DateTime, NaiveDate, Utc};

use crate::cookie::policy::Policy;

/// Reads an `Expires` value; `None` where the algorithm fails.
pub fn parse(text: &[u8], policy: Policy) -> Option<DateTime<Utc>> {
    let mut found = Found::default();
    for token in text.split(|octet| is_delimiter(*octet)).filter(|token| !token.is_empty()) {
        match policy {
            Policy::Classic => found.take(token),
            Policy::Browser => found.take_as_browser(token),
        }
    }
    let Found { time: Some(time), day: Some(day), month: Some(month), year: Some(year) } = found else {
        return None;
    };
    // Steps 3 and 4.
    let year = match year {
        two @ 70..=99 => two + 1900,
        two @ 0..=69 => two + 2000,
        full => full,
    };
    if year < 1601 && policy == Policy::Classic {
        return None;
    }
    // Step 5, of a year that the calendar can hold: a browser takes an earlier one for long ago, a later one for
    // far away.
    let (hour, minute, second) = time;
    let date = NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day)?;
    Some(date.and_hms_opt(hour, minute, second)?.and_utc())
}

/// What the tokens have given so far.
#[derive(Default)]
struct Found {
    time: Option<(u32, u32, u32)>,
    day: Option<u32>,
    month: Option<u32>,
    year: Option<u32>,
}

impl Found {
    /// Steps 2.1 to 2.4: the first production that is still missing and fits takes the token.
    fn take(&mut self, token: &[u8]) {
        if self.time.is_none() && fills(&mut self.time, hms(token)) {
            return;
        }
        if self.day.is_none() && fills(&mut self.day, number(token, 1, 2)) {
            return;
        }
        if self.month.is_none() && fills(&mut self.month, month_of(token)) {
            return;
        }
        if self.year.is_none() {
            fills(&mut self.year, number(token, 2, 4));
        }
    }

    /// The same, but a number is a number only without junk behind it, and a year may have one to five digits.
    fn take_as_browser(&mut self, token: &[u8]) {
        let starts_with_digit = token.first().is_some_and(u8::is_ascii_digit);
        if !starts_with_digit {
            self.month = self.month.or_else(|| month_of(token));
        } else if token.contains(&b':') {
            self.time = self.time.or_else(|| whole_hms(token));
        } else if !token.iter().all(u8::is_ascii_digit) {
            // Junk behind the digits: no field at all.
        } else if self.day.is_none() && token.len() <= 2 {
            self.day = number(token, 1, 2);
        } else if self.year.is_none() {
            self.year = number(token, 1, 5);
        }
    }
}

fn fills<T>(slot: &mut Option<T>, found: Option<T>) -> bool {
    *slot = found;
    slot.is_some()
}

fn is_delimiter(octet: u8) -> bool {
    matches!(octet, 0x09 | 0x20..=0x2f | 0x3b..=0x40 | 0x5b..=0x60 | 0x7b..=0x7e)
}

/// `1*2DIGIT ":" 1*2DIGIT ":" 1*2DIGIT [ non-digit *OCTET ]`
fn hms(token: &[u8]) -> Option<(u32, u32, u32)> {
    let mut parts = token.splitn(3, |octet| *octet == b':');
    let whole = |part: &[u8]| if part.iter().all(u8::is_ascii_digit) { number(part, 1, 2) } else { None };
    let hour = whole(parts.next()?)?;
    let minute = whole(parts.next()?)?;
    let second = number(parts.next()?, 1, 2)?;
    Some((hour, minute, second))
}

/// Three whole numbers, of any number of digits.
fn whole_hms(token: &[u8]) -> Option<(u32, u32, u32)> {
    let parts: Option<Vec<u32>> = token
        .split(|octet| *octet == b':')
        .map(|part| number(part, 1, usize::MAX).filter(|_| part.iter().all(u8::is_ascii_digit)))
        .collect();
    match parts?[..] {
        [hour, minute, second] => Some((hour, minute, second)),
        _ => None,
    }
}

/// Between `least` and `most` digits, then the end or anything that is no digit.
fn number(token: &[u8], least: usize, most: usize) -> Option<u32> {
    let digits = token.iter().take_while(|octet| octet.is_ascii_digit()).count();
    if !(least..=most).contains(&digits) {
        return None;
    }
    let value = |value: u32, digit: &u8| value.saturating_mul(10).saturating_add(u32::from(digit - b'0'));
    Some(token[..digits].iter().fold(0, value))
}

fn month_of(token: &[u8]) -> Option<u32> {
    const MONTHS: [&[u8; 3]; 12] =
        [b"jan", b"feb", b"mar", b"apr", b"may", b"jun", b"jul", b"aug", b"sep", b"oct", b"nov", b"dec"];
    let head = token.get(..3)?.to_ascii_lowercase();
    (1..).zip(MONTHS).find(|(_, name)| name.as_slice() == head).map(|(month, _)| month)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn reads(text: &str, expected: &str) {
        reads_by(Policy::Classic, text, expected);
    }

    #[track_caller]
    fn reads_by(policy: Policy, text: &str, expected: &str) {
        let found = parse(text.as_bytes(), policy).map(|date| date.format("%Y-%m-%dT%H:%M:%S").to_string());
        assert_eq!(found.as_deref().unwrap_or("none"), expected, "{text}");
    }

    #[test]
    fn the_common_forms_are_read() {
        reads("Fri, 07 Aug 2037 08:04:19 GMT", "2037-08-07T08:04:19");
        reads("Friday, 07-Aug-37 08:04:19 GMT", "2037-08-07T08:04:19");
        reads("Fri Aug  7 08:04:19 2037", "2037-08-07T08:04:19");
    }

    #[test]
    fn any_order_and_any_delimiter_is_read() {
        reads("2037 08:04:19 Aug 7", "2037-08-07T08:04:19");
        reads("07/AUGUST/2037;8:4:9", "2037-08-07T08:04:09");
    }

    #[test]
    fn two_digit_years_turn_at_seventy() {
        reads("1 Jan 70 0:0:0", "1970-01-01T00:00:00");
        reads("1 Jan 69 0:0:0", "2069-01-01T00:00:00");
        reads("1 Jan 99 0:0:0", "1999-01-01T00:00:00");
    }

    #[test]
    fn junk_after_a_number_is_let_through() {
        reads("07x Aug 2037y 08:04:19z", "2037-08-07T08:04:19");
        reads("7 Aug 2037 08:04:19:00", "2037-08-07T08:04:19");
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "tomorrow",
            "7 Aug 2037",
            "07 Aug 1600 08:04:19",
            "32 Aug 2037 08:04:19",
            "31 Feb 2037 08:04:19",
            "07 Aug 2037 24:00:00",
            "07 Aug 2037 08:60:00",
            "07 Aug 2037 08:04:60",
            "007 Aug 2037 08:04:19",
            "07 Aug 20370 08:04:19",
            "07 Agu 2037 08:04:19",
            "07 Aug 2037 108:04:19",
        ] {
            reads(text, "none");
        }
    }

    #[test]
    fn a_browser_takes_no_junk_behind_a_number() {
        for text in [
            "07x Aug 2037 08:04:19",
            "07 Aug 2037x 08:04:19",
            "07 Aug 2037 08:04:19x",
            "07 Aug 2037 08:04:19:00",
        ] {
            reads(text, "2037-08-07T08:04:19");
            reads_by(Policy::Browser, text, "none");
        }
    }

    #[test]
    fn a_browser_takes_any_number_of_digits_in_a_time() {
        for text in ["07 Aug 2037 00000008:004:019", "07 Aug 2037 8:4:19"] {
            reads_by(Policy::Browser, text, "2037-08-07T08:04:19");
        }
        reads_by(Policy::Browser, "07 Aug 2037 99999999999999999999:04:19", "none");
        reads("07 Aug 2037 008:04:19", "none");
    }

    #[test]
    fn a_browser_takes_years_of_one_to_five_digits() {
        for (year, expected) in [("0", "2000"), ("131", "0131"), ("02009", "2009"), ("1600", "1600")] {
            let text = format!("07 Aug {year} 08:04:19");
            reads(&text, "none");
            reads_by(Policy::Browser, &text, &format!("{expected}-08-07T08:04:19"));
        }
    }
}
