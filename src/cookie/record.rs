//! Owns the stored cookie and its identity.
//! Does not know where it is stored, nor what text it came from.

use chrono::{DateTime, Utc};

use crate::cookie::attribute::SameSite;
use crate::cookie::host::Host;
use crate::cookie::prefix;
use crate::cookie::syntax;

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

    /// How the cookie stands in a Cookie header (RFC 6265bis 5.8.3); a nameless one is its value alone.
    pub fn pair(&self) -> Vec<u8> {
        if self.name.is_empty() {
            return self.value.clone();
        }
        [&*self.name, b"=", &*self.value].concat()
    }

    /// Why a cookie that comes from a file could never have come from a response.
    pub fn fault(&self) -> Option<&'static str> {
        let readable = |text: &[u8]| syntax::is_one_part(text);
        if !(readable(&self.name) && readable(&self.value) && readable(&self.path)) {
            return Some("its name, value or path holds a control character, a `;` or white space at an end");
        }
        if self.name.contains(&b'=') {
            return Some("its name holds a `=`");
        }
        if self.name.is_empty() && self.value.is_empty() {
            return Some("it has neither a name nor a value");
        }
        if !self.path.starts_with(b"/") {
            return Some("its path does not begin with `/`");
        }
        prefix::check(self).err().map(|_| "its attributes do not keep what the prefix of its name demands")
    }
}
