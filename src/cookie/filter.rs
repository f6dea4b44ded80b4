//! Owns which cookies are meant when somebody names some: by domain, name, path, time left and flags.
//! Does not look into a jar; it says of one cookie whether it fits.

use chrono::{DateTime, Utc};
use wildmatch::WildMatch;

use crate::cookie::attribute::SameSite;
use crate::cookie::host::Host;
use crate::cookie::record::Cookie;

/// Everything that is given must fit; what is not given fits every cookie.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Filter {
    pub domain: Option<Host>,
    /// Domains below `domain` fit too.
    pub with_subdomains: bool,
    /// One of these names.
    pub names: Vec<Glob>,
    pub path: Option<Vec<u8>>,
    pub life: Option<Life>,
    pub expires_before: Option<DateTime<Utc>>,
    pub is_secure: bool,
    pub is_http_only: bool,
    pub same_site: Option<SameSite>,
}

/// How long a cookie lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Life {
    /// Until it is told to go.
    Session,
    /// It has an expiry.
    Persistent,
    Expired,
}

/// A name, in which `*` stands for any octets and `?` for one letter.
#[derive(Clone, Debug, PartialEq)]
pub struct Glob {
    exact: Vec<u8>,
    pattern: WildMatch,
}

impl Glob {
    pub fn new(name: &[u8]) -> Glob {
        Glob { exact: name.to_vec(), pattern: WildMatch::new(&letters(name)) }
    }

    pub fn fits(&self, name: &[u8]) -> bool {
        self.exact == name || self.pattern.matches(&letters(name))
    }
}

/// A text of its own for every name, also for one that is not UTF-8.
fn letters(name: &[u8]) -> String {
    match std::str::from_utf8(name) {
        Ok(text) => text.to_owned(),
        // Far from every letter in use.
        Err(_) => name.iter().filter_map(|octet| char::from_u32(0xF_0000 + u32::from(*octet))).collect(),
    }
}

impl Filter {
    pub fn named(name: &[u8]) -> Filter {
        Filter { names: vec![Glob::new(name)], ..Filter::default() }
    }

    pub fn fits(&self, cookie: &Cookie, now: DateTime<Utc>) -> bool {
        let fits_domain = |domain: &Host| {
            cookie.domain == *domain || self.with_subdomains && cookie.domain.lies_under(domain)
        };
        let fits_life = |life| match life {
            Life::Session => cookie.expires.is_none(),
            Life::Persistent => cookie.expires.is_some(),
            Life::Expired => cookie.is_expired(now),
        };
        self.domain.as_ref().is_none_or(fits_domain)
            && (self.names.is_empty() || self.names.iter().any(|glob| glob.fits(&cookie.name)))
            && self.path.as_ref().is_none_or(|path| cookie.path == *path)
            && self.life.is_none_or(fits_life)
            && self.expires_before.is_none_or(|before| cookie.expires.is_some_and(|expires| expires < before))
            && (cookie.secure || !self.is_secure)
            && (cookie.http_only || !self.is_http_only)
            && self.same_site.is_none_or(|same_site| cookie.same_site == same_site)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(seconds: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(seconds, 0).expect("a time")
    }

    fn cookie() -> Cookie {
        Cookie {
            name: b"sid".to_vec(),
            value: b"1".to_vec(),
            domain: Host::canonical("app.example.com").expect("a host"),
            host_only: true,
            path: b"/a".to_vec(),
            expires: Some(at(100)),
            secure: true,
            http_only: false,
            same_site: SameSite::Lax,
            created: at(0),
            updated: at(0),
            last_access: at(0),
            pinned: false,
            set_over_http: false,
        }
    }

    #[track_caller]
    fn fits(filter: Filter, expected: bool) {
        assert_eq!(filter.fits(&cookie(), at(50)), expected, "{filter:?}");
    }

    #[test]
    fn nothing_given_fits_everything() {
        fits(Filter::default(), true);
    }

    #[test]
    fn a_domain_is_that_domain_and_with_subdomains_what_lies_below() {
        let of = |domain: &str, with_subdomains| Filter {
            domain: Host::canonical(domain),
            with_subdomains,
            ..Filter::default()
        };
        fits(of("app.example.com", false), true);
        fits(of("example.com", false), false);
        fits(of("example.com", true), true);
        fits(of("ample.com", true), false);
        fits(of("x.app.example.com", true), false);
    }

    #[test]
    fn a_name_may_be_a_glob_and_one_of_several() {
        for (name, expected) in
            [("sid", true), ("s?d", true), ("s*", true), ("*", true), ("SID", false), ("si", false)]
        {
            fits(Filter::named(name.as_bytes()), expected);
        }
        fits(Filter { names: vec![Glob::new(b"x"), Glob::new(b"sid")], ..Filter::default() }, true);
        assert!(Glob::new(b"n\xff").fits(b"n\xff"));
        assert!(!Glob::new(b"n\xff").fits(b"n\xfe"));
        assert!(!Glob::new(b"a[b]").fits(b"ab"));
    }

    #[test]
    fn life_and_time_left_are_those_of_now() {
        let with = |life| Filter { life: Some(life), ..Filter::default() };
        fits(with(Life::Session), false);
        fits(with(Life::Persistent), true);
        fits(with(Life::Expired), false);
        assert!(with(Life::Expired).fits(&cookie(), at(100)));
        fits(Filter { expires_before: Some(at(100)), ..Filter::default() }, false);
        fits(Filter { expires_before: Some(at(101)), ..Filter::default() }, true);
    }

    #[test]
    fn flags_are_asked_for_and_everything_given_must_fit() {
        fits(Filter { is_secure: true, ..Filter::default() }, true);
        fits(Filter { is_http_only: true, ..Filter::default() }, false);
        fits(
            Filter { same_site: Some(SameSite::Lax), path: Some(b"/a".to_vec()), ..Filter::default() },
            true,
        );
        fits(
            Filter { same_site: Some(SameSite::Lax), path: Some(b"/b".to_vec()), ..Filter::default() },
            false,
        );
    }
}
