//! Owns how much a jar may hold, and who goes first when it holds more.
//! Does not remove anything; the jar does.

use chrono::{DateTime, Utc};

use crate::cookie::record::Cookie;

/// The limits of a jar; they are stored in it, so that every process agrees on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub per_domain: usize,
    pub total: usize,
    /// Of name and value together.
    pub cookie_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { per_domain: 20, total: 300, cookie_bytes: 4096 }
    }
}

/// How soon a cookie goes when its domain is over the limit; the least goes first.
///
/// Unpinned before pinned, non-secure before Secure, then the one that was used longest ago; of equals the older.
pub fn rank_in_domain(cookie: &Cookie) -> (bool, bool, DateTime<Utc>, DateTime<Utc>) {
    (cookie.pinned, cookie.secure, cookie.last_access, cookie.created)
}

/// The same when the whole jar is over its limit, where Secure gives no privilege.
pub fn rank_in_jar(cookie: &Cookie) -> (bool, DateTime<Utc>, DateTime<Utc>) {
    (cookie.pinned, cookie.last_access, cookie.created)
}
