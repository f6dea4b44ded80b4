//! Owns the edits of a jar: what a process brings home and applies again to the jar as it then is.
//! Does not apply them; that is `jar`.

use chrono::{DateTime, Utc};

use crate::cookie::context::Origin;
use crate::cookie::limits::Limits;
use crate::cookie::policy::Policy;
use crate::cookie::record::{Cookie, Key};
use crate::cookie::verdict::Eviction;

/// One edit.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// `from`, here and below: the rule that protects Secure cookies has to be asked again of the newer jar.
    Put {
        cookie: Cookie,
        from: Origin,
        place: Place,
    },
    Remove {
        key: Key,
        at: DateTime<Utc>,
        from: Origin,
    },
    /// What the jar's owner decided about a cookie.
    Pin {
        key: Key,
        pinned: bool,
    },
    /// What the jar's owner decided about the jar; what is `None` stays as it is.
    Govern(Governance),
    /// A cookie was sent: the least recently used go first when room is short.
    Touch {
        key: Key,
        at: DateTime<Utc>,
    },
}

/// Does a cookie that replaces another keep its place in the order of the header?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// RFC 6265bis 5.7: its creation time is that of the old one.
    Kept,
    /// To a browser another value makes it the youngest.
    KeptBySameValue,
}

/// New limits and another policy for a jar.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Governance {
    pub policy: Option<Policy>,
    pub per_domain: Option<usize>,
    pub total: Option<usize>,
    pub cookie_bytes: Option<usize>,
}

impl Governance {
    /// Everything as it is in another jar.
    pub fn of(limits: Limits, policy: Policy) -> Governance {
        let Limits { per_domain, total, cookie_bytes } = limits;
        Governance {
            policy: Some(policy),
            per_domain: Some(per_domain),
            total: Some(total),
            cookie_bytes: Some(cookie_bytes),
        }
    }
}

impl Change {
    /// A touch alone is not worth waiting for a disk.
    pub fn is_touch(&self) -> bool {
        matches!(self, Change::Touch { .. })
    }
}

/// What came of applying a change.
#[derive(Clone, Debug, PartialEq)]
pub enum Applied {
    /// The jar is as the change wants it. `existed`: a cookie of that identity was there before; `survives`: one is
    /// there now, which the limits may have prevented.
    Done { existed: bool, survives: bool, evicted: Vec<Eviction> },
    /// An insecure origin met a Secure cookie, named here.
    MetSecure(Key),
    /// The jar holds something newer, or no longer the cookie to touch.
    Superseded,
}

/// A deletion that is remembered for a while, so that a slower process can't undo it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Removal {
    pub key: Key,
    pub at: DateTime<Utc>,
}
