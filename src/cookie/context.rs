//! Owns the circumstances of one request: its URL in normal form, how safe its origin is, and the time.
//! Does not read a clock; the time comes in.

use chrono::{DateTime, Utc};
use url::Url;

use crate::cookie::host::Host;

/// What the rules need to know of a request.
#[derive(Clone, Debug)]
pub struct Context {
    /// The URL, its host in normal form.
    pub url: Url,
    pub host: Host,
    pub origin: Origin,
    pub now: DateTime<Utc>,
}

/// Can somebody on the network read and change what is exchanged with the origin?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Origin {
    /// `https`.
    Secure,
    /// Plain `http` that never leaves the machine.
    Loopback,
    Insecure,
}

impl Origin {
    pub fn is_trusted(self) -> bool {
        self != Origin::Insecure
    }
}

impl Context {
    /// `None` for a URL without a host, which can have no cookies.
    pub fn new(url: &Url, now: DateTime<Utc>) -> Option<Context> {
        let host = Host::of(url)?;
        let origin = match url.scheme() {
            "https" | "wss" => Origin::Secure,
            _ if host.is_loopback() => Origin::Loopback,
            _ => Origin::Insecure,
        };
        let mut url = url.clone();
        // It fails only for hosts that a URL can't have, and this one came from a URL.
        if url.host_str() != Some(host.as_str()) {
            url.set_host(Some(host.as_str())).ok()?;
        }
        Some(Context { url, host, origin, now })
    }
}
