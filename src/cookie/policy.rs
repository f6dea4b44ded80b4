//! Owns the choice between the two sets of rules: the RFC's, and a browser's with its departures from it.
//! Does not hold the rules; each stands beside the one that it departs from.

use crate::cookie::limits::Limits;

/// By which rules cookies are judged.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Policy {
    /// RFC 6265bis, with the limits that a scripting tool needs.
    #[default]
    Classic,
    /// What Chromium does, where it goes beyond the RFC or against it.
    Browser,
}

impl Policy {
    pub fn parse(word: &str) -> Option<Policy> {
        [Policy::Classic, Policy::Browser].into_iter().find(|policy| policy.word() == word)
    }

    pub fn word(self) -> &'static str {
        match self {
            Policy::Classic => "classic",
            Policy::Browser => "browser",
        }
    }

    /// The limits of a jar that is given this policy and none of its own.
    pub fn limits(self) -> Limits {
        match self {
            Policy::Classic => Limits::default(),
            Policy::Browser => Limits { per_domain: 180, total: 3300, cookie_bytes: 4096 },
        }
    }

    /// How many more than necessary go when a domain is over its limit: a browser makes room for the next ones too.
    pub fn purge(self) -> usize {
        match self {
            Policy::Classic => 0,
            Policy::Browser => 30,
        }
    }

    pub fn is_browser(self) -> bool {
        self == Policy::Browser
    }
}
