//! Owns what a transport saw of one request on its way: look-up, connection, addresses, certificates.
//! Does not see anything itself; what nobody saw is not there.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

#[derive(Clone, Debug, Default)]
pub struct Sighting {
    /// The request was handed over.
    pub sent: Option<Instant>,
    /// The host's name, or the proxy's, was looked up.
    pub looked_up: Option<Instant>,
    /// The whole connection stood, with what a proxy and TLS need.
    pub connected: Option<Instant>,
    /// The head of the answer was in.
    pub answered: Option<Instant>,
    /// How many connections were made for it.
    pub connections: u32,
    pub way: Option<Way>,
    /// The status with which a proxy opened no tunnel.
    pub refused_tunnel: Option<u16>,
    pub remote: Option<SocketAddr>,
    pub local: Option<SocketAddr>,
    /// What the server showed, its own certificate first, in DER.
    pub certificates: Vec<Vec<u8>>,
    /// It was judged, and found to be good.
    pub is_verified: bool,
}

/// What a connection is made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Way {
    /// Nothing but TCP: no TLS, and no proxy that has to be talked to first.
    pub is_bare: bool,
    pub has_tls: bool,
    /// An HTTP proxy had to open a tunnel.
    pub has_tunnel: bool,
    pub has_proxy: bool,
}

/// A sighting in the hands of who waits and of who connects.
#[derive(Clone, Debug, Default)]
pub struct Watch(Arc<Mutex<Sighting>>);

impl Watch {
    pub fn note(&self, edit: impl FnOnce(&mut Sighting)) {
        edit(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner));
    }

    pub fn seen(&self) -> Sighting {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
