//! Owns the list of hosts that go without a proxy, in the form of `no_proxy`.
//! Does not look a name up: an address is covered only where the URL says it.

use std::net::IpAddr;

use url::{Host, Url};

#[derive(Clone, Debug, Default)]
pub struct Bypass {
    everything: bool,
    entries: Vec<Entry>,
}

#[derive(Clone, Debug)]
enum Entry {
    /// A name and all below it.
    Name(String),
    /// The first so many bits of an address.
    Net(IpAddr, u32),
}

impl Bypass {
    /// Entries between commas or blanks. `*` counts only alone, as in curl.
    pub fn parse(text: &str) -> Bypass {
        let entries = text.split([',', ' ', '\t']).filter(|entry| !entry.is_empty());
        Bypass { everything: text.trim() == "*", entries: entries.filter_map(Entry::parse).collect() }
    }

    pub fn covers(&self, url: &Url) -> bool {
        self.everything || url.host().is_some_and(|host| self.entries.iter().any(|entry| entry.covers(&host)))
    }
}

impl Entry {
    fn parse(text: &str) -> Option<Entry> {
        let (address, bits) =
            text.split_once('/').map_or((text, None), |(address, bits)| (address, Some(bits)));
        let Ok(address) = address.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>() else {
            let name = text.trim_matches('.').to_ascii_lowercase();
            return (!name.is_empty()).then_some(Entry::Name(name));
        };
        let all = if address.is_ipv4() { 32 } else { 128 };
        let bits = bits.map_or(Some(all), |bits| bits.parse().ok()).filter(|bits| *bits <= all)?;
        Some(Entry::Net(address, bits))
    }

    fn covers(&self, host: &Host<&str>) -> bool {
        match (self, host) {
            (Entry::Name(name), Host::Domain(host)) => {
                let above = host.trim_end_matches('.').strip_suffix(name.as_str());
                above.is_some_and(|above| above.is_empty() || above.ends_with('.'))
            }
            (Entry::Net(IpAddr::V4(net), bits), Host::Ipv4(host)) => {
                (net.to_bits() ^ host.to_bits()).leading_zeros() >= *bits
            }
            (Entry::Net(IpAddr::V6(net), bits), Host::Ipv6(host)) => {
                (net.to_bits() ^ host.to_bits()).leading_zeros() >= *bits
            }
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_cover_what_is_below_them_and_blocks_their_addresses() {
        for (list, host, expected) in [
            ("a.test", "a.test", true),
            ("a.test", "www.a.test", true),
            (".a.test", "a.test", true),
            ("A.Test.", "www.a.test.", true),
            ("a.test", "ba.test", false),
            ("www.a.test", "a.test", false),
            ("x,a.test y", "y", true),
            ("", "a.test", false),
            ("*", "a.test", true),
            (" * ", "[::1]", true),
            ("*,b.test", "a.test", false),
            ("*.a.test", "b.a.test", false),
            ("127.0.0.1", "127.0.0.1", true),
            ("127.0.0.1", "127.0.0.10", false),
            ("10.0.0.0/8", "10.200.3.4", true),
            ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.3/31", "10.1.2.2", true),
            ("10.0.0.0/33", "10.0.0.0", false),
            ("0.0.0.0/0", "8.8.8.8", true),
            ("::1", "[::1]", true),
            ("[::1]", "[::1]", true),
            ("fe80::/10", "[fe80::5]", true),
            ("fe80::/10", "[::1]", false),
            ("1", "127.0.0.1", false),
        ] {
            let url = Url::parse(&format!("http://{host}/")).expect("a URL");
            assert_eq!(Bypass::parse(list).covers(&url), expected, "{list:?} {host}");
        }
    }
}
