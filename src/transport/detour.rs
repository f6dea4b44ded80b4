//! Owns `--connect-to`: which URL's connection leads to another host and port.
//! Does not look a name up.

use std::net::IpAddr;

use url::{Host, Url};

/// `HOST1:PORT1:HOST2:PORT2`; `None` is any, or the same.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Detour {
    from_host: Option<String>,
    from_port: Option<u16>,
    to_host: Option<String>,
    to_port: Option<u16>,
}

/// Where a connection leads in the place of the URL's host and port.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Target {
    pub host: String,
    pub port: u16,
}

impl Detour {
    pub fn parse(text: &str) -> Option<Detour> {
        let (from_host, rest) = host(text)?;
        let (from_port, rest) = rest.split_once(':')?;
        let (to_host, to_port) = host(rest)?;
        let port = |text: &str| if text.is_empty() { Some(None) } else { text.parse().ok().map(Some) };
        Some(Detour { from_host, from_port: port(from_port)?, to_host, to_port: port(to_port)? })
    }

    /// Where a URL's connection leads, if it is one of those that are meant.
    pub fn of(&self, url: &Url) -> Option<Target> {
        let (host, port) = (url.host_str()?, url.port_or_known_default()?);
        let is_meant = self.from_host.as_deref().is_none_or(|from| from == host)
            && self.from_port.is_none_or(|from| from == port);
        let target = Target {
            host: self.to_host.clone().unwrap_or(host.to_owned()),
            port: self.to_port.unwrap_or(port),
        };
        (is_meant && (target.host != host || target.port != port)).then_some(target)
    }
}

impl Target {
    /// Does the stack let the connection of this URL be led there? It asks nobody about an address, and keeps a port
    /// that the URL names.
    pub fn can_be_reached_by(&self, url: &Url) -> bool {
        let is_name = matches!(url.host(), Some(Host::Domain(_)));
        is_name && url.port().is_none_or(|port| port == self.port)
    }

    /// The URL by which the stack gets there all the same; the `Host` header then has to name the one that was meant.
    /// `None` where a certificate would be judged by the wrong name.
    pub fn stand_in(&self, url: &Url, certificates_are_judged: bool) -> Option<Url> {
        let mut led = url.clone();
        let is_name = matches!(url.host(), Some(Host::Domain(_)));
        let keeps_host = url.scheme() == "https" && is_name;
        if url.scheme() == "https" && !is_name && certificates_are_judged {
            return None;
        }
        if !keeps_host {
            led.set_host(Some(&self.host)).ok()?;
        }
        led.set_port(Some(self.port)).ok()?;
        Some(led)
    }

    pub fn is_loopback(&self) -> bool {
        let address = self.host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
        self.host == "localhost" || address.is_ok_and(|address| address.is_loopback())
    }
}

/// A host up to its colon, in the form that URLs have, and what is behind it.
fn host(text: &str) -> Option<(Option<String>, &str)> {
    let end = if text.starts_with('[') { text.find(']')? + 1 } else { text.find(':')? };
    let (host, rest) = text.split_at(end);
    let rest = rest.strip_prefix(':')?;
    if host.is_empty() {
        return Some((None, rest));
    }
    let host = Url::parse(&format!("http://{host}/")).ok()?.host_str()?.to_owned();
    Some((Some(host), rest))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stand_in_never_lets_a_certificate_be_judged_by_the_wrong_name() {
        for (url, is_judged, expected) in [
            ("http://192.0.2.1:8080/x?y", true, Some("http://127.0.0.1:9/x?y")),
            ("http://a.test:81/", true, Some("http://127.0.0.1:9/")),
            ("https://a.test:8443/", true, Some("https://a.test:9/")),
            ("https://192.0.2.1/", true, None),
            ("https://[2001:db8::1]/", false, Some("https://127.0.0.1:9/")),
        ] {
            let url = Url::parse(url).expect("a URL");
            let target = Target { host: "127.0.0.1".to_owned(), port: 9 };
            let led = target.stand_in(&url, is_judged);
            assert_eq!(led.as_ref().map(Url::as_str), expected, "{url}");
        }
    }

    #[test]
    fn what_is_empty_is_any_or_stays() {
        for (detour, url, expected) in [
            ("a.test:80:b.test:81", "http://a.test/", Some("b.test 81")),
            ("A.test:80:b.test:81", "http://a.test/", Some("b.test 81")),
            ("a.test:80:b.test:81", "https://a.test/", None),
            ("a.test:80:b.test:81", "http://c.test/", None),
            (":443:[::1]:", "https://a.test/", Some("[::1] 443")),
            ("a.test:::81", "http://a.test/", Some("a.test 81")),
            (":::", "http://a.test/", None),
            ("[::1]:80:b.test:80", "http://[::1]/", Some("b.test 80")),
        ] {
            let url = Url::parse(url).expect("a URL");
            let target = Detour::parse(detour).expect("a detour").of(&url);
            let shown = target.map(|target| format!("{} {}", target.host, target.port));
            assert_eq!(shown.as_deref(), expected, "{detour} {url}");
        }
        for detour in ["", "a.test", "a.test:80", "a.test:80:b.test", "a.test:x:b.test:80", "[::1:80:b:80"] {
            assert_eq!(Detour::parse(detour), None, "{detour}");
        }
    }
}
