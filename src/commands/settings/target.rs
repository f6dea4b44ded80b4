//! Owns what a request is aimed at: its method and URL as people type them.
//! Does not look at anything else of the command line.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use http::Method;
use percent_encoding::{CONTROLS, percent_encode};
use url::{ParseError, Url};

use crate::cli;
use crate::cli::items::{self, Item, ItemKind};
use crate::cli::request::{RequestArgs, Word};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::settings::body::{self, check};
use crate::cookie::host::Host;

/// What stands without an option, and the URLs that have one.
pub(super) struct Aim {
    pub method: Method,
    /// One at least, in their order.
    pub urls: Vec<OsString>,
    pub items: Vec<Item>,
}

pub(super) fn aim(args: &RequestArgs) -> Result<Aim, CommandError> {
    let (positional, rest) = method_and_rest(&args.target);
    let (mut urls, mut items) = (Vec::new(), Vec::new());
    // With --url no word has to be one.
    let mut needs_url = !args.target.iter().any(|word| matches!(word, Word::Url(_)));
    for word in rest {
        match word {
            Word::Url(url) => urls.push(url.clone()),
            Word::Plain(url) if needs_url || is_whole_url(url) => urls.push(url.clone()),
            Word::Plain(given) => match items::item(given.as_bytes()) {
                Some(item) => items.push(item),
                None if looks_like_host(given) => urls.push(given.clone()),
                None => return Err(unexpected(given)),
            },
        }
        needs_url = false;
    }
    let lone = match &urls[..] {
        [only] if args.target.len() == 1 => METHODS.into_iter().find(|method| only == method),
        _ => None,
    };
    if let Some(lone) = lone {
        let hint = format!("kuki {lone} https://example.com; a host of that name is https://{lone}");
        return Err(CommandError::usage(format!("no URL was given behind {lone}")).hint(hint));
    }
    if urls.is_empty() {
        let hint = "kuki https://example.com, or kuki --help; kuki tour shows the whole story";
        return Err(CommandError::usage("no URL was given").hint(hint));
    }
    check(args, &items)?;
    let method = match (&args.request.request, positional) {
        (Some(given), _) => method(given, "-X")?,
        (None, Some(given)) => {
            refuse_other_programs_and_verbs(given)?;
            method(&given.to_ascii_uppercase(), "the method before the URL")?
        }
        (None, None) if args.request.head => Method::HEAD,
        (None, None) => body::method(&args.body, &items).unwrap_or(Method::GET),
    };
    Ok(Aim { method, urls, items })
}

/// A method in front, if there is one.
fn method_and_rest(words: &[Word]) -> (Option<&OsStr>, &[Word]) {
    match words {
        [Word::Plain(method), rest @ ..] => match rest.first() {
            Some(Word::Plain(next)) if is_method(method, next) => (Some(method), rest),
            Some(Word::Url(_)) if is_common(method) => (Some(method), rest),
            _ => (None, words),
        },
        _ => (None, words),
    }
}

/// A word that is no method, and would go out as one.
fn refuse_other_programs_and_verbs(given: &OsStr) -> Result<(), CommandError> {
    let Some(word) = given.to_str().filter(|word| !is_common(word.as_ref())) else { return Ok(()) };
    let refused = CommandError::usage(format!("`{word}` is neither a verb nor a method"));
    if ["curl", "http", "https", "wget", "xh"].contains(&word) {
        return Err(
            refused.hint("leave it out: kuki URL; --from-curl FILE takes a command of curl's as it is")
        );
    }
    match cli::nearest_verb(word) {
        Some(verb) => Err(refused.hint(format!("did you mean kuki {verb}? -X {word} sends it as a method"))),
        None => Ok(()),
    }
}

fn is_common(word: &OsStr) -> bool {
    METHODS.iter().any(|method| word.eq_ignore_ascii_case(method))
}

/// A word that is no item and has the marks of a URL, as curl takes it.
fn looks_like_host(given: &OsStr) -> bool {
    given == "localhost" || given.as_bytes().iter().any(|octet| b"./".contains(octet))
}

/// Is the first of two arguments a method, so that the second is the URL?
fn is_method(first: &OsStr, second: &OsStr) -> bool {
    if is_whole_url(second) {
        return !looks_like_host(first) && !is_port_of_here(first);
    }
    let Some(first) = first.to_str() else { return false };
    let is_letter = |octet: u8| octet.is_ascii_alphabetic() || b"-_".contains(&octet);
    let is_word = !first.is_empty() && first.bytes().all(is_letter);
    let is_upper = !first.bytes().any(|octet| octet.is_ascii_lowercase());
    // `kuki intranet a=b` has a URL and an item, `kuki purge example.com:8080` a method and a URL.
    is_word && first != "localhost" && (is_common(first.as_ref()) || is_upper || !looks_like_data(second))
}

const METHODS: [&str; 8] = ["DELETE", "GET", "HEAD", "OPTIONS", "PATCH", "POST", "PUT", "TRACE"];

/// `:8080/path`
fn is_port_of_here(given: &OsStr) -> bool {
    given.as_bytes().starts_with(b":")
}

/// With a scheme it is a URL, be it one of ours or not.
fn is_whole_url(given: &OsStr) -> bool {
    let letters = given.as_bytes().iter().take_while(|octet| octet.is_ascii_alphabetic()).count();
    letters > 0 && given.as_bytes()[letters..].starts_with(b"://")
}

fn looks_like_data(given: &OsStr) -> bool {
    let in_a_url = |key: &[u8]| key.iter().any(|octet| b"./?".contains(octet));
    items::item(given.as_bytes()).is_some_and(|item| item.kind != ItemKind::Header && !in_a_url(&item.key))
}

fn unexpected(given: &OsStr) -> CommandError {
    let message = format!("unexpected argument `{}` after the URL", given.to_string_lossy());
    CommandError::usage(message)
        .hint("an item has a separator: name=text, name:=json, name==query, Header:value or name@FILE; another URL begins with http:// or https://")
}

fn method(given: &OsStr, what: &str) -> Result<Method, CommandError> {
    let shown = given.to_string_lossy();
    if shown.eq_ignore_ascii_case("CONNECT") {
        return Err(CommandError::usage(format!("{what}: CONNECT makes a tunnel, and is not a request"))
            .hint("give the method of the request itself"));
    }
    Method::from_bytes(given.as_bytes()).map_err(|_| {
        CommandError::usage(format!("{what}: `{shown}` is not a method"))
            .hint("a request is `kuki [METHOD] URL`, for example `kuki POST https://example.com/`")
    })
}

/// A URL as people type it: without a scheme it is https, or http for loopback; `:8080/x` is localhost.
pub fn url(given: &OsStr) -> Result<Url, CommandError> {
    url_by(given, None)
}

/// The same with the scheme of a URL that has none.
pub(super) fn url_by(given: &OsStr, default: Option<&str>) -> Result<Url, CommandError> {
    let bad = |why: &str| not_a_url(given, why);
    if given.as_bytes().iter().any(u8::is_ascii_control) {
        return Err(
            bad("it holds a control character").hint("percent-encode it, for example a line end as %0A")
        );
    }
    let text = match given.to_str() {
        Some(text) => text.to_owned(),
        None => percent_encode(given.as_bytes(), CONTROLS).to_string(),
    };
    let text = if text.starts_with(":") { format!("localhost{text}") } else { text };
    let scheme = text.split_once("://").map(|(scheme, _)| scheme);
    let whole = match (scheme.filter(|scheme| !scheme.contains(['/', '?', '#'])), default) {
        (Some(_), _) => text,
        (None, Some(default)) => format!("{default}://{text}"),
        (None, None) => {
            let https = format!("https://{text}");
            let host = Url::parse(&https).ok().as_ref().and_then(Host::of);
            if host.is_some_and(|host| host.is_loopback()) { format!("http://{text}") } else { https }
        }
    };
    let mut url = Url::parse(&whole).map_err(|error| {
        let why = match error {
            ParseError::EmptyHost => "it names no host".to_owned(),
            ParseError::RelativeUrlWithoutBase => "what stands before :// is no scheme".to_owned(),
            other => other.to_string(),
        };
        bad(&why).hint("for example https://example.com/path; quote it if it holds & or ?")
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        let message = format!("the scheme `{}` is not supported", url.scheme());
        return Err(CommandError::new(Exit::UNSUPPORTED_PROTOCOL, message).hint("only http and https are"));
    }
    url.set_fragment(None);
    if Host::of(&url).is_none() {
        return Err(bad("its host has an empty label").hint("check the dots in it"));
    }
    if !is_sendable(&url) {
        return Err(unsendable(given));
    }
    Ok(url)
}

fn not_a_url(given: &OsStr, why: &str) -> CommandError {
    let shown = without_userinfo(&given.to_string_lossy());
    CommandError::new(Exit::BAD_URL, format!("`{shown}` is not a URL: {why}"))
}

pub(super) fn is_sendable(url: &Url) -> bool {
    http::Uri::try_from(url.as_str()).is_ok()
}

pub(super) fn unsendable(given: &OsStr) -> CommandError {
    not_a_url(given, "the HTTP stack can't send it")
        .hint("it is over 64 KiB, or its host holds odd characters")
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
