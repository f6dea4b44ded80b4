//! Owns what a proxy is, and which URL goes through which.
//! Does not connect, and reads no environment.

use std::fmt;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use url::{Position, Url};

use crate::transport::bypass::Bypass;

/// The proxies of a process: one for each scheme of a URL, and who goes without.
#[derive(Clone, Debug, Default)]
pub struct Proxies {
    pub http: Option<Proxy>,
    pub https: Option<Proxy>,
    pub bypass: Bypass,
}

/// A proxy by its URL, which may hold a login.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    url: Url,
}

/// Why a text names no proxy.
#[derive(Debug, PartialEq, Eq)]
pub enum ProxyFault {
    Scheme,
    Syntax,
}

const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

impl Proxies {
    pub fn of(&self, url: &Url) -> Option<&Proxy> {
        let proxy = if url.scheme() == "https" { &self.https } else { &self.http };
        proxy.as_ref().filter(|_| !self.bypass.covers(url))
    }
}

impl Proxy {
    /// Reads `[SCHEME://][USER:PASSWORD@]HOST[:PORT]` as curl does; the port is 1080, or 443 of an https proxy.
    pub fn parse(text: &str, default_scheme: &str) -> Result<Proxy, ProxyFault> {
        let (scheme, rest) = text.split_once("://").unwrap_or((default_scheme, text));
        let scheme = scheme.to_ascii_lowercase();
        if !SCHEMES.contains(&&*scheme) {
            return Err(ProxyFault::Scheme);
        }
        let authority = rest.split(['/', '?', '#']).next().unwrap_or_default();
        // Only special schemes have their hosts read as hosts.
        let read = Url::parse(&format!("http://{authority}/")).map_err(|_| ProxyFault::Syntax)?;
        let userinfo = &read[Position::BeforeUsername..Position::BeforeHost];
        let host = read.host_str().unwrap_or_default();
        let port = match explicit_port(authority) {
            Some(port) => port.parse::<u16>().map_err(|_| ProxyFault::Syntax)?,
            None if scheme == "https" => 443,
            None => 1080,
        };
        let url =
            Url::parse(&format!("{scheme}://{userinfo}{host}:{port}/")).map_err(|_| ProxyFault::Syntax)?;
        Proxy { url }.sound()
    }

    pub fn with_login(mut self, user: &str, password: &str) -> Result<Proxy, ProxyFault> {
        // The URL itself would leave a percent sign as it is.
        let encoded = |text| utf8_percent_encode(text, NON_ALPHANUMERIC).to_string();
        self.url.set_username(&encoded(user)).map_err(|()| ProxyFault::Syntax)?;
        self.url.set_password(Some(&encoded(password))).map_err(|()| ProxyFault::Syntax)?;
        self.sound()
    }

    /// The stack goes without a proxy that it can't understand, and that must not happen.
    fn sound(self) -> Result<Proxy, ProxyFault> {
        let is_sound = http::Uri::try_from(self.url.as_str()).is_ok_and(|uri| uri.authority().is_some());
        if is_sound { Ok(self) } else { Err(ProxyFault::Syntax) }
    }

    pub fn url(&self) -> &Url {
        &self.url
    }

    pub fn is_socks(&self) -> bool {
        self.url.scheme().starts_with("socks")
    }

    /// Is the host's own name looked up by us?
    pub fn looks_up_here(&self) -> bool {
        ["socks4", "socks5"].contains(&self.url.scheme())
    }

    pub fn port(&self) -> u16 {
        self.url.port_or_known_default().unwrap_or_default()
    }
}

/// Without the login.
impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let host = &self.url[Position::BeforeHost..Position::AfterHost];
        write!(f, "{}://{host}:{}", self.url.scheme(), self.port())
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

fn explicit_port(authority: &str) -> Option<&str> {
    let behind_login = authority.rsplit('@').next().unwrap_or_default();
    let behind_host = behind_login.rsplit(']').next().unwrap_or_default();
    let (_, port) = behind_host.rsplit_once(':')?;
    (!port.is_empty()).then_some(port)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_proxy_is_read_as_curl_reads_it() {
        for (text, expected) in [
            ("proxy.test", "http://proxy.test:1080"),
            ("proxy.test:80", "http://proxy.test:80"),
            ("HTTP://Proxy.Test:3128/path?q", "http://proxy.test:3128"),
            ("http://u:p@proxy.test:8", "http://proxy.test:8"),
            ("https://proxy.test", "https://proxy.test:443"),
            ("socks5h://[::1]", "socks5h://[::1]:1080"),
            ("[::1]:9", "http://[::1]:9"),
            ("socks4a://127.0.0.1:1", "socks4a://127.0.0.1:1"),
        ] {
            assert_eq!(Proxy::parse(text, "http").map(|proxy| proxy.to_string()), Ok(expected.to_owned()));
        }
        for (text, fault) in [
            ("ftp://proxy.test", ProxyFault::Scheme),
            ("", ProxyFault::Syntax),
            ("http://", ProxyFault::Syntax),
            ("proxy.test:99999", ProxyFault::Syntax),
            ("proxy.test:port", ProxyFault::Syntax),
            ("a b", ProxyFault::Syntax),
        ] {
            assert_eq!(Proxy::parse(text, "http"), Err(fault), "{text}");
        }
    }

    #[test]
    fn a_login_of_any_characters_fits_and_is_never_shown() {
        let proxy = Proxy::parse("socks5://proxy.test", "http").expect("a proxy");
        let proxy = proxy.with_login("a@b:c/d", "p\u{e9} %&").expect("a login");
        assert_eq!(proxy.url.as_str(), "socks5://a%40b%3Ac%2Fd:p%C3%A9%20%25%26@proxy.test:1080/");
        assert_eq!(format!("{proxy} {proxy:?}"), "socks5://proxy.test:1080 socks5://proxy.test:1080");
    }

    #[test]
    fn each_scheme_has_its_proxy_unless_the_host_goes_without() {
        let proxy = |text: &str| Proxy::parse(text, "http").ok();
        let proxies =
            Proxies { http: proxy("one.test"), https: proxy("two.test"), bypass: Bypass::parse("near.test") };
        for (url, expected) in [
            ("http://far.test/", Some("http://one.test:1080")),
            ("https://far.test/", Some("http://two.test:1080")),
            ("http://localhost/", Some("http://one.test:1080")),
            ("https://www.near.test/", None),
        ] {
            let url = Url::parse(url).expect("a URL");
            assert_eq!(proxies.of(&url).map(ToString::to_string).as_deref(), expected, "{url}");
        }
    }
}
