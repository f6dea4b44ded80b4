//! Owns what came of writing cookies in a foreign format: the text, and what of them the format can't hold.
//! Does not write any format; each has a file of its own.

use chrono::{DateTime, Utc};

use crate::cookie::record::Cookie;

/// What a reader of the text needs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Writing {
    /// For readers that take a session cookie for none at all: the expiry that it gets.
    pub session_expiry: Option<DateTime<Utc>>,
    /// For readers that take `#HttpOnly_` for a comment: leave it out.
    pub no_http_only_prefix: bool,
}

/// A text, and what is missing in it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Written {
    pub octets: Vec<u8>,
    /// How many cookies lose what; in the order in which it was met.
    pub lost: Vec<(Loss, usize)>,
}

/// What a format can't hold of a cookie. The times of its creation and last use are nobody else's business.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The whole cookie: its octets would break the format.
    Cookie,
    /// Which host it belongs to.
    Host,
    HostOnly,
    HttpOnly,
    /// All but name and value.
    Attributes,
    Octets,
    Pinned,
    SameSite,
    /// A session cookie gets an expiry.
    Session,
}

impl Writing {
    /// The expiry that is written for a cookie.
    pub fn expiry(&self, cookie: &Cookie, written: &mut Written) -> Option<DateTime<Utc>> {
        if cookie.expires.is_none() && self.session_expiry.is_some() {
            written.lose(Loss::Session);
        }
        cookie.expires.or(self.session_expiry)
    }
}

impl Written {
    pub fn lose(&mut self, what: Loss) {
        match self.lost.iter_mut().find(|(lost, _)| *lost == what) {
            Some((_, count)) => *count += 1,
            None => self.lost.push((what, 1)),
        }
    }
}

impl Loss {
    /// What is missing, as the subject of a sentence.
    pub fn what(self) -> &'static str {
        match self {
            Loss::Cookie => "the whole cookie, which was left out: its name or octets would break the format",
            Loss::Host => "which host it belongs to",
            Loss::HttpOnly => "HttpOnly",
            Loss::HostOnly => "whether it is for its own host only",
            Loss::Attributes => "all but name and value",
            Loss::Octets => "the octets that are not UTF-8",
            Loss::Pinned => "the pin",
            Loss::SameSite => "SameSite",
            Loss::Session => "that it is a session cookie",
        }
    }
}
