//! Owns who goes first when a jar holds more than it may.
//! Does not remove anything; the jar does.

use chrono::{DateTime, Utc};

use crate::cookie::record::{Cookie, Key};

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

/// The `count` cookies of the lowest rank, found in one pass.
pub fn first<'a, R: Ord>(
    cookies: impl Iterator<Item = &'a Cookie>,
    count: usize,
    rank: impl Fn(&Cookie) -> R,
) -> Vec<Key> {
    if count == 0 {
        return Vec::new();
    }
    let mut all: Vec<_> = cookies.collect();
    if count < all.len() {
        all.select_nth_unstable_by_key(count - 1, |cookie| rank(cookie));
        all.truncate(count);
    }
    all.into_iter().map(Cookie::key).collect()
}
