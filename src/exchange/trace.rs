//! Owns the record of what was really sent, what came back, and what was decided, hop by hop.
//! Does not decide anything itself, and is never asked to decide again.

use http::HeaderName;
use url::Url;

use crate::cookie::record::Key;
use crate::cookie::verdict::{Receipt, Withheld};
use crate::exchange::request::Outgoing;
use crate::exchange::sighting::Watch;
use crate::exchange::transport::Head;

#[derive(Debug, Default)]
pub struct Trace {
    pub hops: Vec<Hop>,
}

/// One request and what is known of its response.
#[derive(Debug)]
pub struct Hop {
    pub request: Outgoing,
    pub cookies: Cookies,
    /// The user's headers that did not go to this origin.
    pub held_back: Vec<HeaderName>,
    pub response: Option<Head>,
    pub receipts: Vec<Receipt>,
    /// What was seen of it on its way.
    pub watch: Watch,
}

/// Where a hop's Cookie header came from.
#[derive(Clone, Debug, Default)]
pub struct Cookies {
    pub sent: Vec<Key>,
    pub withheld: Vec<(Key, Withheld)>,
    /// How many cookies of the jar have nothing to do with the host.
    pub others: usize,
    /// Secure cookies that plain http may carry only because it does not leave the machine.
    pub secure_on_loopback: Vec<Key>,
    /// Cookies of the jar that gave way to one of the same name given by hand.
    pub replaced_by_hand: Vec<Key>,
}

impl Trace {
    /// Did any server answer? If not, nothing was received and the jar stays as it was.
    pub fn was_answered(&self) -> bool {
        self.hops.iter().any(|hop| hop.response.is_some())
    }

    pub fn last_url(&self) -> Option<&Url> {
        self.hops.last().map(|hop| &hop.request.url)
    }
}
