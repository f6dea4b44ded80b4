//! Owns the promises that the prefixes of cookie names make (RFC 6265bis 5.7, the steps on prefixes).
//! Does not apply any other rule.

use std::fmt;

use crate::cookie::record::Cookie;

/// A prefix of cookie names; the letters are matched without case.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Prefix {
    HostHttp,
    Host,
    Http,
    Secure,
}

/// The longer one first, since one begins like the other.
const ALL: [Prefix; 4] = [Prefix::HostHttp, Prefix::Host, Prefix::Http, Prefix::Secure];

impl Prefix {
    pub fn of(text: &[u8]) -> Option<Prefix> {
        ALL.into_iter().find(|prefix| {
            let word = prefix.word();
            text.get(..word.len()).is_some_and(|head| head.eq_ignore_ascii_case(word.as_bytes()))
        })
    }

    pub fn word(self) -> &'static str {
        match self {
            Prefix::HostHttp => "__Host-Http-",
            Prefix::Host => "__Host-",
            Prefix::Http => "__Http-",
            Prefix::Secure => "__Secure-",
        }
    }

    /// What a cookie must be to bear the prefix, in words.
    pub fn demands(self) -> &'static str {
        match self {
            Prefix::HostHttp => "Secure, set over https, HttpOnly, Path=/ and no Domain",
            Prefix::Host => "Secure, set over https, Path=/ and no Domain",
            Prefix::Http => "Secure, set over https, and HttpOnly",
            Prefix::Secure => "Secure, set over https",
        }
    }

    fn is_kept_by(self, cookie: &Cookie) -> bool {
        let for_host = cookie.secure && cookie.host_only && cookie.path == b"/";
        match self {
            Prefix::HostHttp => for_host && cookie.http_only,
            Prefix::Host => for_host,
            Prefix::Http => cookie.secure && cookie.http_only,
            Prefix::Secure => cookie.secure,
        }
    }

    /// Is a `Path` attribute part of the promise, so that the default path is not enough?
    pub fn demands_path(self) -> bool {
        matches!(self, Prefix::HostHttp | Prefix::Host)
    }
}

impl fmt::Display for Prefix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.word())
    }
}

/// A promise that a cookie breaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Broken {
    /// The name bears the prefix, the attributes do not keep it.
    Name(Prefix),
    /// A nameless cookie would look to the server as if its name bore the prefix.
    Value(Prefix),
}

pub fn check(cookie: &Cookie) -> Result<(), Broken> {
    if cookie.name.is_empty() {
        return Prefix::of(&cookie.value).map_or(Ok(()), |prefix| Err(Broken::Value(prefix)));
    }
    match Prefix::of(&cookie.name) {
        Some(prefix) if !prefix.is_kept_by(cookie) => Err(Broken::Name(prefix)),
        _ => Ok(()),
    }
}
