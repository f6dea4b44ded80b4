//! Owns the stored cookie and its identity.
//! Does not know where it is stored, nor what text it came from.

use std::cmp::Reverse;

use chrono::{DateTime, Utc};

use crate::cookie::attribute::SameSite;
use crate::cookie::host::Host;

/// A stored cookie; names, values and paths are octets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cookie {
    pub name: Vec<u8>,
    pub value: Vec<u8>,
    pub domain: Host,
    pub host_only: bool,
    pub path: Vec<u8>,
    /// `None` for a session cookie.
    pub expires: Option<DateTime<Utc>>,
    pub secure: bool,
    pub http_only: bool,
    pub same_site: SameSite,
    pub created: DateTime<Utc>,
    /// When the response came in that last wrote this cookie.
    pub updated: DateTime<Utc>,
    pub last_access: DateTime<Utc>,
    pub pinned: bool,
    /// The answer that last wrote this cookie came over plain http, where others could read and change it.
    pub set_over_http: bool,
}

/// A cookie's identity: one jar holds at most one cookie of each.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Key {
    pub domain: Host,
    pub path: Vec<u8>,
    pub name: Vec<u8>,
    pub host_only: bool,
}

impl Cookie {
    pub fn key(&self) -> Key {
        Key {
            domain: self.domain.clone(),
            path: self.path.clone(),
            name: self.name.clone(),
            host_only: self.host_only,
        }
    }

    pub fn is_expired(&self, now: DateTime<Utc>) -> bool {
        self.expires.is_some_and(|at| at <= now)
    }

    /// What the limit of octets counts.
    pub fn octets(&self) -> usize {
        self.name.len() + self.value.len()
    }

    /// Its place in a Cookie header: longer paths first, then the older (RFC 6265bis 5.8.3).
    pub fn place(&self) -> (Reverse<usize>, DateTime<Utc>) {
        (Reverse(self.path.len()), self.created)
    }

    /// How the cookie stands in a Cookie header (RFC 6265bis 5.8.3); a nameless one is its value alone.
    pub fn pair(&self) -> Vec<u8> {
        if self.name.is_empty() {
            return self.value.clone();
        }
        [&*self.name, b"=", &*self.value].concat()
    }
}
