//! Owns the look-up of names: the user's overrides, then loopback names without asking anybody, then the system.
//! Does not see ports; `client` gives it only the overrides of one.

use std::collections::HashMap;
use std::fmt;
use std::io;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};

use reqwest::dns::{Addrs, Name, Resolve, Resolving};

/// `--resolve HOST:PORT:ADDRESS`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Override {
    pub host: String,
    pub port: u16,
    pub addresses: Vec<IpAddr>,
}

#[derive(Debug)]
pub struct Resolver {
    overrides: HashMap<String, Vec<IpAddr>>,
}

/// A name that could not be looked up.
#[derive(Debug)]
pub struct ResolveError {
    source: io::Error,
}

impl Resolver {
    pub fn new<'a>(overrides: impl Iterator<Item = &'a Override>) -> Resolver {
        Resolver { overrides: overrides.map(|given| (given.host.clone(), given.addresses.clone())).collect() }
    }
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let known = self.overrides.get(name.as_str()).cloned().or_else(|| loopback(name.as_str()));
        Box::pin(async move {
            // The stack puts the URL's port in the place of 0.
            let addresses: Addrs = match known {
                Some(addresses) => Box::new(addresses.into_iter().map(|address| SocketAddr::new(address, 0))),
                None => {
                    let found = tokio::net::lookup_host((name.as_str(), 0)).await;
                    Box::new(found.map_err(|source| ResolveError { source })?.collect::<Vec<_>>().into_iter())
                }
            };
            Ok(addresses)
        })
    }
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
