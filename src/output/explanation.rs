//! Owns what there is to explain, for people and for programs: answers that set cookies, and requests that would send some.
//! Does not decide; whoever fills it asks the rules.

use chrono::{DateTime, Utc};
use url::Url;

use crate::cookie::policy::Policy;
use crate::cookie::record::{Cookie, Key};
use crate::cookie::remark::Remark;
use crate::cookie::verdict::{Receipt, Withheld};
use crate::output::shell;

/// An answer, and what became of all that it set.
#[derive(Debug)]
pub struct Answer {
    pub url: Url,
    pub method: String,
    pub status: Option<u16>,
    pub at: DateTime<Utc>,
    /// What the jar sent with the request that it answers.
    pub sent: Vec<Key>,
    pub judged: Vec<Judged>,
}

/// A `Set-Cookie`, judged.
#[derive(Debug)]
pub struct Judged {
    pub receipt: Receipt,
    pub remarks: Vec<Remark>,
    /// What the other policy makes of it, if that is something else.
    pub otherwise: Option<Receipt>,
}

/// A request that is only imagined.
#[derive(Debug)]
pub struct Asked {
    pub url: Url,
    pub method: String,
    pub at: DateTime<Utc>,
    pub header: Option<Vec<u8>>,
    /// In the order of the header.
    pub sent: Vec<Cookie>,
    pub withheld: Vec<(Cookie, Withheld)>,
    /// Cookies of sites that the host is none of.
    pub unrelated: usize,
    /// Those with which the other policy does something else.
    pub otherwise: Vec<(Key, Otherwise)>,
}

/// What the other policy does with a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Otherwise {
    NotStored,
    Sent,
    Withheld(Withheld),
}

/// All of a page.
#[derive(Debug)]
pub struct Explanation {
    pub jar: Option<String>,
    pub policy: Policy,
    pub answers: Vec<Answer>,
    pub requests: Vec<Asked>,
}

impl Asked {
    /// Those that go behind another of the same name, which most servers take; each with the one that goes before it.
    pub fn shadowed(&self) -> Vec<(&Cookie, &Cookie)> {
        let first = |cookie: &Cookie| self.sent.iter().find(|other| other.name == cookie.name);
        let pairs = self.sent.iter().filter_map(|cookie| Some((cookie, first(cookie)?)));
        pairs.filter(|(cookie, first)| cookie.key() != first.key()).collect()
    }
}

/// What lets the one that goes behind be seen.
pub fn unshadowed(cookie: &Cookie, first: &Cookie) -> String {
    let advice = "let the server set both with the same Domain and Path, or under different names";
    // These could not be told apart by what a command can name.
    if (&cookie.domain, &cookie.path) == (&first.domain, &first.path) {
        return advice.to_owned();
    }
    let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
    let words = [&text(&first.name), "--domain", first.domain.as_str(), "--path", &text(&first.path)];
    let words = words.map(shell::quoted).join(" ");
    format!("{advice}; to remove the first: kuki jar remove {words}")
}

impl Otherwise {
    pub fn code(self) -> &'static str {
        match self {
            Otherwise::NotStored => "not-stored",
            Otherwise::Sent => "sent",
            Otherwise::Withheld(why) => why.code(),
        }
    }
}

/// The policy that was not chosen.
pub fn other(policy: Policy) -> Policy {
    if policy.is_browser() { Policy::Classic } else { Policy::Browser }
}
