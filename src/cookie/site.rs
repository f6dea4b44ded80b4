//! Owns who makes a request: the user, or a page of the same site or of another (RFC 6265bis 5.2).
//! Does not decide what that means for a cookie; `receive` and `select` do.

use url::Url;

use crate::cookie::host::Host;
use crate::cookie::suffix::Suffixes;

/// How a request came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Source {
    pub relation: Relation,
    pub kind: Kind,
}

/// What the page that makes the request is to the site that gets it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Relation {
    CrossSite,
    /// The same registrable domain, but http where the other is https.
    OtherScheme,
    /// The same site, or nobody but the user.
    #[default]
    SameSite,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Kind {
    /// A script or an element of the page asks.
    Fetch,
    /// The whole page goes there, by a method that changes nothing.
    #[default]
    Navigation,
    /// The whole page goes there, by another method: a form that is posted.
    UnsafeNavigation,
}

impl Relation {
    pub fn of(initiator: &Url, target: &Url, suffixes: &dyn Suffixes) -> Relation {
        let sites = (registrable(initiator, suffixes), registrable(target, suffixes));
        match sites {
            (Some(one), Some(other)) if one == other => {
                let same_scheme = initiator.scheme() == target.scheme();
                if same_scheme { Relation::SameSite } else { Relation::OtherScheme }
            }
            _ => Relation::CrossSite,
        }
    }
}

impl Source {
    pub fn is_cross_site(self) -> bool {
        self.relation != Relation::SameSite
    }
}

/// The part of a host that one owner registered: the public suffix and a label; the host itself where it has none.
pub fn registrable_domain<'a>(host: &'a str, suffixes: &dyn Suffixes) -> &'a str {
    if host.starts_with('[') || host.parse::<std::net::Ipv4Addr>().is_ok() {
        return host;
    }
    let suffix = suffixes.public_suffix(host);
    let above = host.len().saturating_sub(suffix.len() + 1);
    match host[..above].rfind('.') {
        Some(dot) => &host[dot + 1..],
        None => host,
    }
}

fn registrable(url: &Url, suffixes: &dyn Suffixes) -> Option<String> {
    let host = Host::of(url)?;
    Some(registrable_domain(host.as_str(), suffixes).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::suffix::Compiled;

    #[track_caller]
    fn relates(initiator: &str, target: &str, expected: Relation) {
        let url = |text: &str| Url::parse(text).expect("a good URL");
        assert_eq!(Relation::of(&url(initiator), &url(target), &Compiled), expected, "{initiator} {target}");
    }

    #[test]
    fn a_site_is_scheme_and_registrable_domain() {
        relates("https://a.example.com", "https://b.example.com:8443/x", Relation::SameSite);
        relates("http://example.com", "https://example.com", Relation::OtherScheme);
        relates("https://example.com", "https://example.org", Relation::CrossSite);
        relates("https://one.github.io", "https://two.github.io", Relation::CrossSite);
        relates("http://localhost:1", "http://localhost:2", Relation::SameSite);
        relates("http://10.0.0.1", "http://10.0.0.2", Relation::CrossSite);
        relates("about:blank", "https://example.com", Relation::CrossSite);
    }

    #[test]
    fn a_suffix_of_its_own_is_its_own_site() {
        assert_eq!(registrable_domain("a.b.co.uk", &Compiled), "b.co.uk");
        assert_eq!(registrable_domain("b.co.uk", &Compiled), "b.co.uk");
        assert_eq!(registrable_domain("co.uk", &Compiled), "co.uk");
        assert_eq!(registrable_domain("[::1]", &Compiled), "[::1]");
    }
}
