//! Owns the way from a foreign row to a cookie: the same checks as one from a response passes.
//! Does not check what depends on a jar, its limits first of all.

use chrono::{DateTime, TimeDelta, Utc};

use crate::cookie::attribute::SameSite;
use crate::cookie::fault::fault;
use crate::cookie::host::Host;
use crate::cookie::path;
use crate::cookie::record::Cookie;
use crate::formats::imported::Reading;

/// A cookie as another program wrote it down; what it did not say is empty or `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Draft {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    /// A host, perhaps with a dot in front, a port behind, or in its own script; empty: that of the reading's URL.
    pub domain: String,
    /// Where it is not said, a dot in front of the domain says that it is not.
    pub host_only: Option<bool>,
    /// Empty or without a `/` in front: the default path.
    pub path: Vec<u8>,
    pub expires: Option<DateTime<Utc>>,
    pub secure: bool,
    pub http_only: bool,
    pub same_site: SameSite,
    pub created: Option<DateTime<Utc>>,
}

/// Nothing is kept for longer, whoever says so.
const LONGEST_LIFE: TimeDelta = TimeDelta::days(400);

impl Draft {
    /// The cookie, as if it had been received now; or half a sentence that says why there can be none.
    pub fn cookie(self, reading: &Reading) -> Result<Cookie, String> {
        let (domain, host_only) = self.domain(reading)?;
        if self.expires.is_some_and(|expires| expires <= reading.now) {
            return Err("it has expired".to_owned());
        }
        let cookie = Cookie {
            path: self.path(reading),
            name: self.name,
            value: self.value,
            domain,
            host_only,
            expires: self.expires.map(|expires| expires.min(reading.now + LONGEST_LIFE)),
            secure: self.secure,
            http_only: self.http_only,
            same_site: self.same_site,
            created: self.created.unwrap_or(reading.now).min(reading.now),
            updated: reading.now,
            last_access: reading.now,
            pinned: false,
            set_over_http: false,
        };
        match fault(&cookie) {
            Some(fault) => Err(fault.to_owned()),
            None => Ok(cookie),
        }
    }

    fn domain(&self, reading: &Reading) -> Result<(Host, bool), String> {
        let dotted = self.domain.starts_with('.');
        let bare = self.domain.strip_prefix('.').unwrap_or(&self.domain);
        if bare.is_empty() && !dotted {
            let host = reading.url.as_ref().and_then(Host::of);
            return host
                .map(|host| (host, true))
                .ok_or_else(|| "it names no host; say with --url where it belongs".to_owned());
        }
        let host = host(bare).ok_or_else(|| "its domain is not a host".to_owned())?;
        // An address has nothing below it.
        let host_only = self.host_only.unwrap_or(!dotted) || host.is_address();
        if !host_only && reading.suffixes.public_suffix(host.as_str()) == host.as_str() {
            return Err("its domain is a public suffix, whose cookies would go to strangers".to_owned());
        }
        Ok((host, host_only))
    }

    fn path(&self, reading: &Reading) -> Vec<u8> {
        match (&*self.path, &reading.url) {
            ([b'/', ..], _) => self.path.clone(),
            (_, Some(url)) if self.domain.is_empty() => path::from_attribute(None, url),
            _ => b"/".to_vec(),
        }
    }
}

/// A host in any spelling, in its normal form; a port behind it is no part of a cookie.
fn host(text: &str) -> Option<Host> {
    let is_port = |port: &str| !port.is_empty() && port.bytes().all(|octet| octet.is_ascii_digit());
    let bare = match text.rsplit_once(':') {
        Some((host, port)) if is_port(port) && (!host.contains(':') || host.ends_with(']')) => host,
        _ => text,
    };
    let bracketed =
        if bare.contains(':') && !bare.starts_with('[') { format!("[{bare}]") } else { bare.to_owned() };
    Host::read(&bracketed)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reading(url: Option<&str>) -> Reading {
        let now = DateTime::from_timestamp(1_800_000_000, 0).expect("a time");
        Reading { url: url.map(|url| url.parse().expect("a URL")), ..Reading::at(now) }
    }

    fn draft(domain: &str) -> Draft {
        Draft { name: b"a".to_vec(), domain: domain.to_owned(), ..Draft::default() }
    }

    #[track_caller]
    fn belongs(domain: &str, expected: Result<(&str, bool), &str>) {
        let cookie = draft(domain).cookie(&reading(None));
        let found = cookie.as_ref().map(|cookie| (cookie.domain.as_str(), cookie.host_only));
        assert_eq!(found.map_err(String::as_str), expected, "{domain}");
    }

    #[test]
    fn a_domain_is_taken_in_any_spelling() {
        belongs("example.com", Ok(("example.com", true)));
        belongs(".Example.COM", Ok(("example.com", false)));
        belongs("example.com.", Ok(("example.com", true)));
        belongs("example.com:8080", Ok(("example.com", true)));
        belongs("bücher.example", Ok(("xn--bcher-kva.example", true)));
        belongs("::1", Ok(("[::1]", true)));
        belongs("[::1]:80", Ok(("[::1]", true)));
        belongs(".127.0.0.1", Ok(("127.0.0.1", true)));
    }

    #[test]
    fn a_domain_that_no_response_could_have_set_is_refused() {
        belongs(".com", Err("its domain is a public suffix, whose cookies would go to strangers"));
        belongs("com", Ok(("com", true)));
        belongs("a..b", Err("its domain is not a host"));
        belongs("a b", Err("its domain is not a host"));
        belongs("", Err("it names no host; say with --url where it belongs"));
    }

    #[test]
    fn without_a_domain_it_belongs_where_the_reading_is_at() {
        let cookie = draft("").cookie(&reading(Some("https://h.example/a/b"))).expect("a cookie");
        assert_eq!(
            (cookie.domain.as_str(), cookie.host_only, &*cookie.path),
            ("h.example", true, &b"/a"[..])
        );
    }

    #[test]
    fn what_has_expired_is_refused_and_what_lasts_too_long_is_cut() {
        let now = reading(None).now;
        let lasting = |days| Draft { expires: Some(now + TimeDelta::days(days)), ..draft("h.example") };
        assert_eq!(lasting(0).cookie(&reading(None)), Err("it has expired".to_owned()));
        let long = lasting(4000).cookie(&reading(None)).expect("a cookie");
        assert_eq!(long.expires, Some(now + TimeDelta::days(400)));
    }
}
