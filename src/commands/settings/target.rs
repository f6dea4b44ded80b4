//! Owns what a request is aimed at: its method and URL as people type them.
//! Does not look at anything else of the command line.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use http::Method;
use percent_encoding::{CONTROLS, percent_encode};
use url::Url;

use crate::cli::items::{self, Item, ItemKind};
use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::settings::body::{self, check};
use crate::cookie::host::Host;

/// What stands without an option.
pub(super) struct Aim {
    pub method: Method,
    pub url: OsString,
    pub items: Vec<Item>,
}

pub(super) fn aim(args: &RequestArgs) -> Result<Aim, CommandError> {
    let (positional, url, rest) = match &*args.target {
        [] => {
            let hint = "kuki https://example.com, or kuki --help; kuki tour shows the whole story";
            return Err(CommandError::usage("no URL was given").hint(hint));
        }
        [method, url, rest @ ..] if is_method(method, url) => (Some(method), url, rest),
        [url, rest @ ..] => (None, url, rest),
    };
    let items = rest.iter().map(|given| item(given)).collect::<Result<Vec<_>, _>>()?;
    check(args, &items)?;
    let method = match (&args.request.request, positional) {
        (Some(given), _) => method(given, "-X")?,
        (None, Some(given)) => method(&given.to_ascii_uppercase(), "the method before the URL")?,
        (None, None) if args.request.head => Method::HEAD,
        (None, None) => body::method(&args.body, &items).unwrap_or(Method::GET),
    };
    Ok(Aim { method, url: url.clone(), items })
}

/// Is the first of two arguments a method, so that the second is the URL?
fn is_method(first: &OsStr, second: &OsStr) -> bool {
    if is_whole_url(second) {
        return true;
    }
    let Some(first) = first.to_str() else { return false };
    let is_letter = |octet: u8| octet.is_ascii_alphabetic() || b"-_".contains(&octet);
    let is_word = !first.is_empty() && first.bytes().all(is_letter);
    let is_common = METHODS.iter().any(|method| method.eq_ignore_ascii_case(first));
    let is_upper = !first.bytes().any(|octet| octet.is_ascii_lowercase());
    // `kuki intranet a=b` has a URL and an item, `kuki purge example.com:8080` a method and a URL.
    is_word && first != "localhost" && (is_common || is_upper || !looks_like_data(second))
}

const METHODS: [&str; 8] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

fn is_whole_url(given: &OsStr) -> bool {
    given.as_bytes().starts_with(b"http://") || given.as_bytes().starts_with(b"https://")
}

fn looks_like_data(given: &OsStr) -> bool {
    let in_a_url = |key: &[u8]| key.iter().any(|octet| b"./?".contains(octet));
    items::item(given.as_bytes()).is_some_and(|item| item.kind != ItemKind::Header && !in_a_url(&item.key))
}

fn item(given: &OsStr) -> Result<Item, CommandError> {
    let unexpected = |hint| {
        let message = format!("unexpected argument `{}` after the URL", given.to_string_lossy());
        Err(CommandError::usage(message).hint(hint))
    };
    if is_whole_url(given) {
        return unexpected("one URL at a time, with at most a method before it");
    }
    items::item(given.as_bytes()).map_or_else(
        || {
            unexpected(
                "an item has a separator: name=text, name:=json, name==query, Header:value or name@FILE",
            )
        },
        Ok,
    )
}

fn method(given: &OsStr, what: &str) -> Result<Method, CommandError> {
    let shown = given.to_string_lossy();
    if shown.eq_ignore_ascii_case("CONNECT") {
        return Err(CommandError::usage(format!("{what}: CONNECT makes a tunnel, and is not a request"))
            .hint("give the method of the request itself"));
    }
    Method::from_bytes(given.as_bytes()).map_err(|_| {
        CommandError::usage(format!("{what}: `{shown}` is not a method")).hint(
            "a request is `kuki [METHOD] URL`, with one URL: for example `kuki POST https://example.com/`",
        )
    })
}

/// A URL as people type it: without a scheme it is https, or http for loopback; `:8080/x` is localhost.
pub fn url(given: &OsStr) -> Result<Url, CommandError> {
    let shown = without_userinfo(&given.to_string_lossy());
    let bad = |why: &str| CommandError::new(Exit::BAD_URL, format!("`{shown}` is not a URL: {why}"));
    if given.as_bytes().iter().any(u8::is_ascii_control) {
        return Err(
            bad("it holds a control character").hint("percent-encode it, for example a line end as %0A")
        );
    }
    let text = match given.to_str() {
        Some(text) => text.to_owned(),
        None => percent_encode(given.as_bytes(), CONTROLS).to_string(),
    };
    let text = without_escapes(&text);
    let text = if text.starts_with(":") { format!("localhost{text}") } else { text };
    let whole = match text.split_once("://") {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => text,
        _ => {
            let https = format!("https://{text}");
            let host = Url::parse(&https).ok().as_ref().and_then(Host::of);
            if host.is_some_and(|host| host.is_loopback()) { format!("http://{text}") } else { https }
        }
    };
    let mut url = Url::parse(&whole).map_err(|error| {
        bad(&error.to_string()).hint("for example https://example.com/path; quote it if it holds & or ?")
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        let message = format!("the scheme `{}` is not supported", url.scheme());
        return Err(CommandError::new(Exit::UNSUPPORTED_PROTOCOL, message).hint("only http and https are"));
    }
    url.set_fragment(None);
    if Host::of(&url).is_none() {
        return Err(bad("its host has an empty label").hint("check the dots in it"));
    }
    sendable(&url, &shown)?;
    Ok(url)
}

/// Browsers copy a URL for curl, to which brackets mean something, with a backslash before each.
fn without_escapes(url: &str) -> String {
    ["[", "]", "{", "}"].iter().fold(url.to_owned(), |url, mark| url.replace(&format!("\\{mark}"), mark))
}

/// What was added to the query may be too much.
pub(super) fn sendable(url: &Url, shown: &str) -> Result<(), CommandError> {
    if http::Uri::try_from(url.as_str()).is_ok() {
        return Ok(());
    }
    let message = format!("`{shown}` is not a URL: the HTTP stack can't send it");
    Err(CommandError::new(Exit::BAD_URL, message).hint("it is over 64 KiB, or its host holds odd characters"))
}

/// A URL as it may be shown in an error, where it may not even be one.
pub(super) fn without_userinfo(text: &str) -> String {
    let is_scheme =
        |text: &str| text.bytes().all(|octet| octet.is_ascii_alphanumeric() || b"+-.".contains(&octet));
    let authority = text.find("://").filter(|at| is_scheme(&text[..*at])).map_or(0, |at| at + 3);
    let end = text[authority..].find(['/', '?', '#']).map_or(text.len(), |at| authority + at);
    // Behind a colon stands a port, or a password, which may hold what should have been encoded.
    let port = text[authority..end].split_once(':').map_or("", |(_, port)| port);
    let is_read = text[authority..end].contains('@') || text[authority..].starts_with('[');
    let may_be_password = !is_read && port.bytes().any(|octet| !octet.is_ascii_digit());
    let end = if may_be_password { text.len() } else { end };
    match text[..end].rfind('@') {
        Some(at) if at >= authority => format!("{}…{}", &text[..authority], &text[at..]),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_not_shown_whatever_it_holds() {
        for (url, expected) in [
            ("http://ada:pw@a.test/x@y", "http://…@a.test/x@y"),
            ("http://ada:p/w@a.test:x/", "http://…@a.test:x/"),
            ("http://ada:p?w#@a.test:x/", "http://…@a.test:x/"),
            ("ada:p/w@a.test", "…@a.test"),
            ("1:p://w@a.test", "…@a.test"),
            ("http://a.test:80/x@y", "http://a.test:80/x@y"),
            ("http://[::1]/x@y", "http://[::1]/x@y"),
            ("http://a..test/x@y", "http://a..test/x@y"),
            ("http://ada@a..test", "http://…@a..test"),
        ] {
            assert_eq!(without_userinfo(url), expected);
        }
    }
}
