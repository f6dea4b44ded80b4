//! Owns for which origins something is meant: a host or all below it, with a scheme and a port.
//! Does not know what is meant for them.

use std::cmp::Ordering;

use url::Url;

use crate::cookie::host::Host;
use crate::cookie::suffix::Compiled;

/// `[SCHEME://]HOST[:PORT]`. Without a scheme it is https, but http, too, for this machine itself: what is meant for a host
/// is not for whoever reads a line to it. Without a port it is the usual one of the scheme; `*` is any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    scheme: Option<&'static str>,
    host: Host,
    /// Hosts below it, and not itself.
    is_below: bool,
    port: Port,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Port {
    Any,
    Usual,
    Number(u16),
}

impl Scope {
    pub fn read(text: &str) -> Result<Scope, &'static str> {
        let (scheme, rest) = match text.split_once("://") {
            None => (None, text),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("https") => (Some("https"), rest),
            Some((scheme, rest)) if scheme.eq_ignore_ascii_case("http") => (Some("http"), rest),
            Some(_) => return Err("its scheme is neither http nor https"),
        };
        if rest.contains(['/', '?', '#']) {
            return Err("a path can't stand behind the host");
        }
        if rest.contains('@') {
            return Err("a user can't stand before the host");
        }
        let (host, port) = split_port(rest)?;
        let (host, is_below) = match host.strip_prefix("*.") {
            Some(above) => (above, true),
            None => (host, false),
        };
        if host.contains('*') {
            return Err("a `*` stands for what is before the first dot, and nowhere else");
        }
        let host = Host::read(host).ok_or("it is no host")?;
        if is_below && host.is_address() {
            return Err("there are no hosts below an address");
        }
        if is_below && Compiled::lists(host.as_str()) {
            return Err("below a public suffix there are strangers");
        }
        Ok(Scope { scheme, host, is_below, port })
    }

    pub fn covers(&self, url: &Url) -> bool {
        let Some(host) = Host::of(url) else { return false };
        let is_host =
            if self.is_below { host != self.host && host.lies_under(&self.host) } else { host == self.host };
        let is_scheme = match self.scheme {
            Some(scheme) => url.scheme() == scheme,
            None => url.scheme() == "https" || (url.scheme() == "http" && host.is_loopback()),
        };
        let is_port = match self.port {
            Port::Any => true,
            Port::Usual => url.port().is_none(),
            Port::Number(port) => url.port_or_known_default() == Some(port),
        };
        is_host && is_scheme && is_port
    }

    /// Is the host right, and something else wrong?
    pub fn nearly_covers(&self, url: &Url) -> bool {
        let any = Scope { port: Port::Any, scheme: None, ..self.clone() };
        let mut secure = url.clone();
        !self.covers(url) && secure.set_scheme("https").is_ok() && any.covers(&secure)
    }

    /// What is meant for fewer origins comes last.
    pub fn by_reach(&self, other: &Scope) -> Ordering {
        let reach =
            |scope: &Scope| (!scope.is_below, scope.host.as_str().len(), scope.port, scope.scheme.is_some());
        reach(self).cmp(&reach(other))
    }
}

/// The colons of an IPv6 address stand in brackets.
fn split_port(text: &str) -> Result<(&str, Port), &'static str> {
    let from = text.rfind(']').map_or(0, |at| at + 1);
    let Some(at) = text[from..].find(':').map(|at| from + at) else { return Ok((text, Port::Usual)) };
    match &text[at + 1..] {
        "*" => Ok((&text[..at], Port::Any)),
        number if number.bytes().all(|octet| octet.is_ascii_digit()) => {
            number.parse().map(|port| (&text[..at], Port::Number(port))).map_err(|_| "its port is none")
        }
        _ => Err("its port is none"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scope_covers_its_origins_and_no_stranger() {
        for (scope, url, expected) in [
            ("api.example.com", "https://api.example.com/x", true),
            ("API.Example.com.", "https://api.example.com/x", true),
            ("api.example.com", "http://api.example.com/", false),
            ("api.example.com", "https://api.example.com:8443/", false),
            ("api.example.com", "https://example.com/", false),
            ("api.example.com", "https://evil-api.example.com/", false),
            ("api.example.com", "https://api.example.com.evil.test/", false),
            ("http://api.example.com", "http://api.example.com/", true),
            ("http://api.example.com", "https://api.example.com/", false),
            ("https://api.example.com:8443", "https://api.example.com:8443/", true),
            ("api.example.com:443", "https://api.example.com/", true),
            ("api.example.com:80", "http://api.example.com/", false),
            ("api.example.com:*", "https://api.example.com:1/", true),
            ("*.example.com", "https://a.b.example.com/", true),
            ("*.example.com", "https://example.com/", false),
            ("*.example.com", "https://badexample.com/", false),
            ("localhost:8080", "http://localhost:8080/", true),
            ("localhost", "http://localhost:8080/", false),
            ("127.0.0.1:*", "http://127.0.0.1:1/", true),
            ("[::1]:8080", "http://[::1]:8080/", true),
            ("bücher.test", "https://xn--bcher-kva.test/", true),
        ] {
            let read = Scope::read(scope).expect(scope);
            assert_eq!(read.covers(&url.parse().expect(url)), expected, "{scope} {url}");
        }
    }

    #[test]
    fn what_is_no_scope_is_told_why() {
        for (text, why) in [
            ("", "it is no host"),
            ("*", "a `*` stands for"),
            ("a.*.test", "a `*` stands for"),
            ("api*.example.com", "a `*` stands for"),
            ("*.com", "below a public suffix"),
            ("*.github.io", "below a public suffix"),
            ("*.127.0.0.1", "there are no hosts below"),
            ("ftp://a.test", "its scheme is neither"),
            ("a.test/path", "a path can't stand"),
            ("ada@a.test", "a user can't stand"),
            ("a.test:https", "its port is none"),
            ("a.test:99999", "its port is none"),
            ("a b", "it is no host"),
        ] {
            let found = Scope::read(text).expect_err(text);
            assert!(found.starts_with(why), "{text}: {found}");
        }
    }

    #[test]
    fn what_is_meant_for_fewer_origins_comes_last() {
        let mut scopes =
            ["a.b.test:8443", "a.b.test", "a.b.test:*", "*.b.test", "*.test", "https://a.b.test"]
                .map(|text| (Scope::read(text).expect(text), text));
        scopes.sort_by(|(one, _), (other, _)| one.by_reach(other));
        let order = scopes.map(|(_, text)| text);
        let expected = ["*.test", "*.b.test", "a.b.test:*", "a.b.test", "https://a.b.test", "a.b.test:8443"];
        assert_eq!(order, expected);
    }

    #[test]
    fn a_scope_with_another_scheme_or_port_nearly_covers() {
        let scope = Scope::read("api.example.com").expect("a scope");
        for (url, expected) in [
            ("http://api.example.com/", true),
            ("https://api.example.com:8443/", true),
            ("https://api.example.com/", false),
            ("https://example.com/", false),
        ] {
            assert_eq!(scope.nearly_covers(&url.parse().expect(url)), expected, "{url}");
        }
    }
}
