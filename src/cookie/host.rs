//! Owns the canonical host: lower case, IDNA, no trailing dot, so that every check sees one form.
//! Does not decide who may set what; that is `receive`.

use std::borrow::Borrow;
use std::fmt;
use std::net::Ipv4Addr;

use url::Url;

/// A host name or address in its one normal form; IPv6 addresses keep their brackets.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Host(Box<str>);

impl Host {
    /// The host of a URL, which its parser has already lower-cased and mapped by IDNA; a name with an empty label
    /// is none that a cookie could belong to.
    pub fn of(url: &Url) -> Option<Host> {
        let text = url.host_str()?;
        let text = text.strip_suffix('.').unwrap_or(text);
        (!has_empty_label(text)).then(|| Host(text.into()))
    }

    /// Takes a stored domain back only if it is in normal form, so that no second spelling of a host enters a jar.
    ///
    /// Names are also compared with what IDNA makes of them, unless they are plain letters, digits, dots and hyphens.
    pub fn canonical(text: &str) -> Option<Host> {
        let plain = |octet: &u8| matches!(octet, b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.');
        if has_empty_label(text) {
            return None;
        }
        let plain_name = text.as_bytes().iter().all(plain)
            && !text.contains("xn--")
            && text.ends_with(|c: char| c.is_ascii_alphabetic());
        let same = || match url::Host::parse(text) {
            Ok(host) => host.to_string() == text,
            Err(_) => false,
        };
        (plain_name || same()).then(|| Host(text.into()))
    }

    /// Takes a host in any spelling: in capitals, in its own script, with a dot behind it.
    pub fn read(text: &str) -> Option<Host> {
        let host = url::Host::parse(text.strip_suffix('.').unwrap_or(text)).ok()?;
        Host::canonical(&host.to_string())
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    pub fn is_address(&self) -> bool {
        self.0.starts_with('[') || self.0.parse::<Ipv4Addr>().is_ok()
    }

    /// `localhost`, a name under it, 127.0.0.0/8 or ::1: an origin that no network lies before.
    pub fn is_loopback(&self) -> bool {
        let name = &*self.0;
        name == "localhost"
            || name.ends_with(".localhost")
            || name == "[::1]"
            || name.parse::<Ipv4Addr>().is_ok_and(|address| address.is_loopback())
    }

    /// The domain itself, or a name below it. No name ends as an address does, so an address lies under itself only.
    pub fn lies_under(&self, above: &Host) -> bool {
        self.0.strip_suffix(&*above.0).is_some_and(|rest| rest.is_empty() || rest.ends_with('.'))
    }

    /// The host itself, then each domain above it: `a.b.c`, `b.c`, `c`. An address has nothing above it.
    pub fn domains(&self) -> impl Iterator<Item = &str> {
        let address = self.is_address();
        std::iter::successors(Some(&*self.0), move |name| {
            if address {
                return None;
            }
            name.split_once('.').map(|(_, above)| above)
        })
    }
}

/// The host that was meant by a `Domain` with a scheme, a port, a path, a wildcard or quotes in it.
pub fn meant_by(text: &str) -> Option<Host> {
    let behind_scheme = text.trim_matches(['"', '\'', ' ']).rsplit("://").next()?;
    let authority = behind_scheme.trim_start_matches('/').split(['/', '?', '#', ',']).next()?;
    let name = match authority.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|octet| octet.is_ascii_digit()) => name,
        _ => authority,
    };
    let name = name.trim_start_matches(['*', '.']).trim_end_matches('.');
    Host::read(name).filter(|host| host.as_str() != text)
}

fn has_empty_label(name: &str) -> bool {
    name.split('.').any(str::is_empty)
}

impl Borrow<str> for Host {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn host(url: &str) -> Host {
        Host::of(&Url::parse(url).expect("a good URL")).expect("a host")
    }

    #[test]
    fn spellings_of_one_host_become_one() {
        for url in ["http://EXAMPLE.com", "http://example.com.", "http://example.com:81/x"] {
            assert_eq!(host(url).as_str(), "example.com", "{url}");
        }
        assert_eq!(host("http://bücher.example").as_str(), "xn--bcher-kva.example");
        assert_eq!(host("http://0x7f.1").as_str(), "127.0.0.1");
        assert_eq!(host("http://[0:0::1]").as_str(), "[::1]");
    }

    #[test]
    fn only_the_normal_form_is_taken_back() {
        for text in
            ["example.com", "127.0.0.1", "[::1]", "xn--bcher-kva.example", "a_b.test", "x1.y2", "localhost"]
        {
            assert_eq!(Host::canonical(text).map(|h| h.to_string()).as_deref(), Some(text));
        }
        for text in [
            "",
            "Example.com",
            "example.com.",
            ".example.com",
            "bücher.example",
            "[::01]",
            "0x7f.1",
            "a..b",
            "a b",
            "a/b",
        ] {
            assert_eq!(Host::canonical(text), None, "{text:?}");
        }
    }

    #[test]
    fn domains_climb_label_by_label_and_addresses_do_not() {
        assert_eq!(host("http://a.b.c").domains().collect::<Vec<_>>(), ["a.b.c", "b.c", "c"]);
        assert_eq!(host("http://10.0.0.1").domains().collect::<Vec<_>>(), ["10.0.0.1"]);
        assert_eq!(host("http://[::1]").domains().collect::<Vec<_>>(), ["[::1]"]);
    }

    #[test]
    fn a_name_lies_under_itself_and_what_is_above_it_at_a_dot() {
        for (name, above, expected) in [
            ("http://a.b.c", "http://b.c", true),
            ("http://b.c", "http://b.c", true),
            ("http://b.c", "http://a.b.c", false),
            ("http://xb.c", "http://b.c", false),
            ("http://10.0.0.1", "http://0.0.0.1", false),
        ] {
            assert_eq!(host(name).lies_under(&host(above)), expected, "{name} {above}");
        }
    }

    #[test]
    fn the_host_is_found_in_what_is_more_than_a_host() {
        for (text, expected) in [
            ("https://example.com", Some("example.com")),
            ("https://example.com:8443/app", Some("example.com")),
            ("//example.com", Some("example.com")),
            ("example.com:443", Some("example.com")),
            ("example.com/app", Some("example.com")),
            ("*.example.com", Some("example.com")),
            ("..example.com", Some("example.com")),
            ("\"example.com\"", Some("example.com")),
            ("example.com.", Some("example.com")),
            ("[::1]:80", Some("[::1]")),
            ("example.com", None),
            ("a b", None),
            ("https://", None),
            ("", None),
        ] {
            assert_eq!(meant_by(text).as_ref().map(Host::as_str), expected, "{text}");
        }
    }

    #[test]
    fn loopback_is_every_form_of_it_and_nothing_else() {
        for url in ["http://localhost", "http://a.localhost", "http://127.9.9.9", "http://[::1]"] {
            assert!(host(url).is_loopback(), "{url}");
        }
        for url in ["http://localhost.test", "http://128.0.0.1", "http://notlocalhost", "http://[::2]"] {
            assert!(!host(url).is_loopback(), "{url}");
        }
    }
}
