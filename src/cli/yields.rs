//! Owns which option gives way to which, where one comes from a file and the other from who knows better.
//! Does not know where they come from.

use crate::cli::defaults::is_repeatable;
use crate::cli::options;
use crate::cli::typed::{Entry, Given};

const LOGIN: &[&str] = &[
    "bearer-command",
    "bearer-env",
    "netrc",
    "netrc-file",
    "netrc-optional",
    "oauth2-bearer",
    "password-command",
    "password-env",
    "password-file",
    "user",
];
const PROXY: &[&str] = &["proxy", "socks4", "socks4a", "socks5", "socks5-hostname"];
const HTTP: &[&str] = &["http1.0", "http1.1", "http2", "http2-prior-knowledge"];
const COMPRESSED: &[&str] = &["compressed", "no-compressed"];
const JAR: &[&str] = &["jar", "no-jar"];
const TLS: &[&str] = &["tls-max", "tlsv1.2", "tlsv1.3"];

/// Which of them say who asks.
const WHO: &[&str] =
    &["bearer-command", "bearer-env", "netrc", "netrc-file", "netrc-optional", "oauth2-bearer", "user"];
const PASSWORD: &[&str] = &["password-command", "password-env", "password-file"];

/// What the one on the left says, takes the place of those on the right: two of them could not go together, or would
/// mix what belongs apart.
const YIELDS: &[(&[&str], &[&str])] = &[
    // Another user's password is none for this one.
    (WHO, LOGIN),
    (PASSWORD, PASSWORD),
    (&["bearer-command", "bearer-env", "oauth2-bearer"], &["anyauth", "digest"]),
    (PROXY, PROXY),
    // A login is for the proxy that was named with it.
    (PROXY, &["proxy-user"]),
    (HTTP, HTTP),
    (TLS, TLS),
    (&["ipv4", "ipv6"], &["ipv4", "ipv6"]),
    (COMPRESSED, COMPRESSED),
    (JAR, JAR),
    (&["cookie-jar"], &["jar", "no-jar", "read-only"]),
    // Who names what to trust wants that, and nothing wider.
    (&["cacert", "capath"], &["cacert", "capath", "insecure"]),
    (&["cert"], &["cert", "key"]),
    (&["fail", "fail-with-body"], &["fail", "fail-with-body"]),
    (&["continue-at"], &["compressed", "include", "no-clobber", "remote-header-name", "remove-on-error"]),
    (&["range"], &["compressed"]),
    (&["output"], &["remote-header-name"]),
    (&["cookie"], &["cookie"]),
];

/// Does the weaker one, of a layer below, give way to the stronger one?
pub fn gives_way(weaker: &Entry, stronger: &Entry) -> bool {
    if let (Some(name), Some(other)) = (header_name(weaker), header_name(stronger)) {
        return name == other;
    }
    if header_name(weaker).is_some_and(|name| stands_for_header(stronger.long, &name)) {
        return stronger.given != Given::Off;
    }
    if header_name(stronger).is_some_and(|name| name == "authorization") && LOGIN.contains(&weaker.long) {
        return true;
    }
    if stronger.long == weaker.long {
        return match weaker.long {
            "connect-to" | "resolve" => place(weaker.octets()) == place(stronger.octets()),
            long => long == "cookie" || !options::long(long.as_bytes()).is_some_and(is_repeatable),
        };
    }
    // Where files of cookies are named, no jar takes part.
    if stronger.long == "cookie" && !stronger.octets().contains(&b'=') {
        return JAR.contains(&weaker.long);
    }
    stronger.given != Given::Off
        && YIELDS.iter().any(|(over, under)| over.contains(&stronger.long) && under.contains(&weaker.long))
}

/// The name in `-H`; a file of headers has none.
fn header_name(entry: &Entry) -> Option<String> {
    let octets = Some(entry.octets()).filter(|octets| entry.long == "header" && !octets.starts_with(b"@"))?;
    let end = octets.iter().position(|octet| b":;".contains(octet)).unwrap_or(octets.len());
    Some(String::from_utf8_lossy(octets[..end].trim_ascii()).to_ascii_lowercase())
}

fn stands_for_header(long: &str, name: &str) -> bool {
    match name {
        "authorization" => ["bearer-command", "bearer-env", "oauth2-bearer", "user"].contains(&long),
        "cookie" => long == "cookie",
        "range" => long == "range",
        "referer" => long == "referer",
        "user-agent" => long == "user-agent",
        _ => false,
    }
}

/// `HOST:PORT` of `--resolve` and `--connect-to`.
fn place(value: &[u8]) -> Option<Vec<u8>> {
    let mut colons = value.iter().enumerate().filter(|(_, octet)| **octet == b':').map(|(at, _)| at);
    let end = colons.nth(1)?;
    Some(value[..end].strip_prefix(b"+").unwrap_or(&value[..end]).to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::ffi::OsString;

    use super::*;
    use crate::cli::typed::entries;

    fn entry(word: &str) -> Entry {
        entries(&[OsString::from(word)]).pop().expect(word)
    }

    #[test]
    fn what_is_said_by_who_knows_better_takes_the_place_of_what_it_cannot_go_with() {
        for (weaker, stronger, expected) in [
            ("--max-time=1", "--max-time=2", true),
            ("--max-time=1", "--location", false),
            ("--location", "--no-location", true),
            ("--header=X-A: b", "--header=x-a:", true),
            ("--header=X-A;", "--header=X-B: c", false),
            ("--header=X-A: b", "--header=@file", false),
            ("--header=User-Agent: b", "--user-agent=x", true),
            ("--header=Authorization: b", "--user=ada", true),
            ("--user=ada", "--header=Authorization: b", true),
            ("--user=ada:pw", "--user=bob", true),
            ("--password-env=PW", "--user=bob", true),
            ("--user=ada", "--password-env=PW", false),
            ("--oauth2-bearer=t", "--netrc", true),
            ("--oauth2-bearer=t", "--no-netrc", false),
            ("--digest", "--oauth2-bearer=t", true),
            ("--digest", "--user=ada", false),
            ("--jar=work", "--no-jar", true),
            ("--no-jar", "--jar=work", true),
            ("--jar=work", "--cookie=file", true),
            ("--jar=work", "--cookie=a=b", false),
            ("--cookie=a=b", "--cookie=c=d", true),
            ("--jar=work", "--cookie-jar=file", true),
            ("--insecure", "--cacert=file", true),
            ("--cacert=file", "--insecure", false),
            ("--http2", "--http1.1", true),
            ("--proxy-user=a:b", "--socks5=h", true),
            ("--proxy=h", "--proxy-user=a:b", false),
            ("--resolve=a:80:1.1.1.1", "--resolve=A:80:2.2.2.2", true),
            ("--resolve=a:80:1.1.1.1", "--resolve=a:81:2.2.2.2", false),
            ("--url-query=a=1", "--url-query=b=2", false),
            ("--compressed", "--continue-at=5", true),
        ] {
            assert_eq!(gives_way(&entry(weaker), &entry(stronger)), expected, "{weaker} {stronger}");
        }
    }

    #[test]
    fn every_option_that_is_named_exists() {
        for (over, under) in YIELDS {
            for name in over.iter().chain(*under) {
                assert!(options::long(name.as_bytes()).is_some(), "{name}");
            }
        }
    }
}
