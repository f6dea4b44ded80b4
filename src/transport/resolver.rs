//! Owns the look-up of names: the user's overrides, then loopback names without asking anybody, then the system.
//! Does not see ports; `client` gives it only the overrides of one.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::time::Instant;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use url::{Host, Url};

use crate::transport::detour::Target;
use crate::transport::watched;

/// `--resolve HOST:PORT:ADDRESS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    pub host: String,
    pub port: u16,
    pub addresses: Vec<IpAddr>,
}

/// Which addresses are taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Family {
    #[default]
    Any,
    V4,
    V6,
}

#[derive(Debug)]
pub struct Resolver {
    overrides: HashMap<String, Vec<IpAddr>>,
    family: Family,
    /// Looked up in the place of whatever is asked for.
    target: Option<Target>,
}

/// A name that could not be looked up.
#[derive(Debug)]
pub struct ResolveError {
    source: io::Error,
}

impl Override {
    /// Where a URL leads whose host is an address, and this one's.
    pub fn detour(&self, url: &Url) -> Option<Target> {
        let is_address = !matches!(url.host()?, Host::Domain(_));
        let is_meant = url.host_str() == Some(&self.host) && url.port_or_known_default() == Some(self.port);
        let host = match self.addresses.first()? {
            IpAddr::V4(address) => address.to_string(),
            IpAddr::V6(address) => format!("[{address}]"),
        };
        (is_address && is_meant).then_some(Target { host, port: self.port })
    }
}

impl Family {
    pub fn has(self, address: &IpAddr) -> bool {
        match self {
            Family::Any => true,
            Family::V4 => address.is_ipv4(),
            Family::V6 => address.is_ipv6(),
        }
    }
}

impl Resolver {
    pub fn new<'a>(
        overrides: impl Iterator<Item = &'a Override>,
        family: Family,
        target: Option<Target>,
    ) -> Resolver {
        let overrides = overrides.map(|given| (given.host.clone(), given.addresses.clone())).collect();
        Resolver { overrides, family, target }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        // The stack puts the URL's port in the place of 0.
        let (host, port) = match &self.target {
            Some(target) => (target.host.clone(), target.port),
            None => (name.as_str().to_owned(), 0),
        };
        let known = self.overrides.get(&host).cloned().or_else(|| literal(&host)).or_else(|| loopback(&host));
        let family = self.family;
        Box::pin(async move {
            let mut addresses = match known {
                Some(addresses) => addresses,
                None => {
                    let found = tokio::net::lookup_host((host.as_str(), 0)).await;
                    found.map_err(|source| ResolveError { source })?.map(|address| address.ip()).collect()
                }
            };
            watched::note(|seen| seen.looked_up = Some(Instant::now()));
            addresses.retain(|address| family.has(address));
            if addresses.is_empty() {
                let source = io::Error::other("it has no address of the family that was asked for");
                return Err(ResolveError { source }.into());
            }
            let addresses: Addrs =
                Box::new(addresses.into_iter().map(move |address| SocketAddr::new(address, port)));
            Ok(addresses)
        })
    }
}

/// The host of a detour may be an address.
fn literal(host: &str) -> Option<Vec<IpAddr>> {
    let address = host.trim_start_matches('[').trim_end_matches(']').parse().ok()?;
    Some(vec![address])
}

/// RFC 6761: these names mean this machine, whatever a name server would say.
fn loopback(name: &str) -> Option<Vec<IpAddr>> {
    let name = name.strip_suffix('.').unwrap_or(name);
    let here = name == "localhost" || name.ends_with(".localhost");
    here.then(|| vec![IpAddr::V6(Ipv6Addr::LOCALHOST), IpAddr::V4(Ipv4Addr::LOCALHOST)])
}

impl std::error::Error for ResolveError {}

impl fmt::Display for ResolveError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.source.to_string();
        f.write_str(text.strip_prefix("failed to lookup address information: ").unwrap_or(&text))
    }
}
