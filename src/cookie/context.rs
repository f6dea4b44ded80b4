//! Owns the circumstances of one request: its URL in normal form, how safe its origin is, who makes it, the rules,
//! and the time.
//! Does not read a clock; the time comes in.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use url::Url;

use crate::cookie::host::Host;
use crate::cookie::policy::Policy;
use crate::cookie::site::{Kind, Relation, Source};
use crate::cookie::suffix::{Compiled, Suffixes};

/// What the rules need to know of a request.
#[derive(Clone, Debug)]
pub struct Context {
    /// The URL, its host in normal form.
    pub url: Url,
    pub host: Host,
    pub origin: Origin,
    pub source: Source,
    pub rules: Rules,
    pub now: DateTime<Utc>,
}

/// By which rules, and with which list of public suffixes.
#[derive(Clone, Debug)]
pub struct Rules {
    pub policy: Policy,
    pub suffixes: Arc<dyn Suffixes>,
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

impl Default for Rules {
    fn default() -> Rules {
        Rules { policy: Policy::default(), suffixes: Arc::new(Compiled) }
    }
}

impl Origin {
    pub fn is_trusted(self) -> bool {
        self != Origin::Insecure
    }
}

impl Context {
    /// A request that the user makes, by the RFC's rules; `None` for a URL without a host, which can have no cookies.
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
        Some(Context { url, host, origin, source: Source::default(), rules: Rules::default(), now })
    }

    pub fn under(self, rules: Rules) -> Context {
        Context { rules, ..self }
    }

    /// A request that a page makes.
    pub fn made_by(self, initiator: &Url, kind: Kind) -> Context {
        let relation = Relation::of(initiator, &self.url, &*self.rules.suffixes);
        Context { source: Source { relation, kind }, ..self }
    }

    pub fn policy(&self) -> Policy {
        self.rules.policy
    }
}
