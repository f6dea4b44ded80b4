//! Owns what the attributes of a `Set-Cookie` say, one by one (RFC 6265bis 5.6).
//! Does not judge them against a request; that is `receive`.

use chrono::{DateTime, Utc};

use crate::cookie::date;
use crate::cookie::note::Note;
use crate::cookie::policy::Policy;

/// The attributes that counted: of each name the last one that could be read.
#[derive(Debug, Default, PartialEq)]
pub struct Attributes<'a> {
    pub domain: Option<&'a [u8]>,
    pub expires: Option<DateTime<Utc>>,
    pub http_only: bool,
    pub max_age: Option<MaxAge>,
    pub partitioned: bool,
    pub path: Option<&'a [u8]>,
    pub same_site: SameSite,
    pub secure: bool,
}

/// What `Max-Age` asks for; a number too large to hold is as far as any.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MaxAge {
    Delete,
    Seconds(u64),
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum SameSite {
    #[default]
    Unset,
    None,
    Lax,
    Strict,
}

impl SameSite {
    /// RFC 6265bis 5.6.7: the three words without case; every other value leaves it unset.
    pub fn parse(value: &[u8]) -> Option<SameSite> {
        [SameSite::None, SameSite::Lax, SameSite::Strict]
            .into_iter()
            .find(|same_site| value.eq_ignore_ascii_case(same_site.word().as_bytes()))
    }

    pub fn word(self) -> &'static str {
        match self {
            SameSite::Unset => "unset",
            SameSite::None => "None",
            SameSite::Lax => "Lax",
            SameSite::Strict => "Strict",
        }
    }
}

impl<'a> Attributes<'a> {
    /// Takes one attribute in; whatever is odd about it becomes a note.
    pub(super) fn take(&mut self, name: &'a [u8], value: &'a [u8], policy: Policy, notes: &mut Vec<Note>) {
        match name.to_ascii_lowercase().as_slice() {
            b"domain" => self.domain = Some(value),
            b"expires" => {
                let at = date::parse(value, policy);
                if at.is_none() {
                    notes.push(Note::ExpiresUnreadable { value: value.to_vec() });
                }
                // To a browser the last one counts even if nothing can be read from it.
                if at.is_some() || policy.is_browser() {
                    self.expires = at;
                }
            }
            b"httponly" => self.http_only = true,
            b"max-age" => {
                let age = MaxAge::parse(value, policy);
                if age.is_none() {
                    notes.push(Note::MaxAgeUnreadable { value: value.to_vec() });
                }
                if age.is_some() || policy.is_browser() {
                    self.max_age = age;
                }
            }
            // Without a page around it there is nothing to part cookies by, and the RFC does not know it.
            b"partitioned" => self.partitioned = policy.is_browser(),
            b"path" => self.path = Some(value),
            b"samesite" => {
                let same_site = SameSite::parse(value);
                if same_site.is_none() {
                    notes.push(Note::SameSiteUnknown { value: value.to_vec() });
                }
                self.same_site = same_site.unwrap_or_default();
            }
            b"secure" => self.secure = true,
            // Of browsers, and well made; it changes nothing here.
            b"" | b"priority" => {}
            _ => notes.push(Note::AttributeUnknown { name: name.to_vec() }),
        }
    }
}

impl MaxAge {
    /// RFC 6265bis 5.6.2: an optional `-`, then digits and nothing else. A browser takes a `+` as well.
    pub(super) fn parse(value: &[u8], policy: Policy) -> Option<MaxAge> {
        let (negative, digits) = match value {
            [b'-', digits @ ..] => (true, digits),
            [b'+', digits @ ..] if policy.is_browser() => (false, digits),
            digits => (false, digits),
        };
        if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
            return None;
        }
        let seconds = digits
            .iter()
            .fold(0u64, |seconds, digit| seconds.saturating_mul(10).saturating_add(u64::from(digit - b'0')));
        Some(if negative || seconds == 0 { MaxAge::Delete } else { MaxAge::Seconds(seconds) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn max_age_takes_a_sign_and_digits_only() {
        for (value, expected) in [
            ("60", Some(MaxAge::Seconds(60))),
            ("0060", Some(MaxAge::Seconds(60))),
            ("0", Some(MaxAge::Delete)),
            ("-0", Some(MaxAge::Delete)),
            ("-60", Some(MaxAge::Delete)),
            ("99999999999999999999999", Some(MaxAge::Seconds(u64::MAX))),
            ("", None),
            ("-", None),
            ("+60", None),
            ("6 0", None),
            ("60s", None),
        ] {
            assert_eq!(MaxAge::parse(value.as_bytes(), Policy::Classic), expected, "{value:?}");
        }
        assert_eq!(MaxAge::parse(b"+5", Policy::Browser), Some(MaxAge::Seconds(5)));
    }

    #[test]
    fn same_site_is_one_of_three_words() {
        assert_eq!(SameSite::parse(b"lAX"), Some(SameSite::Lax));
        assert_eq!(SameSite::parse(b"strict"), Some(SameSite::Strict));
        assert_eq!(SameSite::parse(b"None"), Some(SameSite::None));
        assert_eq!(SameSite::parse(b"unset"), None);
    }
}
