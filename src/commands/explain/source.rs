//! Owns where imagined answers come from: the command line, a dump of headers, a HAR.
//! Does not judge what they set.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use http::header::LOCATION;
use http::{HeaderMap, HeaderValue, Method, StatusCode, Version};
use url::Url;

use crate::cli::explain::ExplainArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::explain::imagined::{Imagined, navigation};
use crate::commands::explain::wish::Wish;
use crate::commands::files;
use crate::cookie::site::Kind;
use crate::exchange::error::HopError;
use crate::exchange::redirect;
use crate::exchange::request::Redirects;
use crate::exchange::transport::Head;
use crate::formats::dump::{DumpedHead, heads};
use crate::formats::har_exchange::{Asker, Exchange, exchanges};
use crate::transport::error::TransportError;

/// The answers in their order: those of the HAR, of the command line, and of the dump.
pub fn answers(args: &ExplainArgs, wish: &Wish, console: &Console) -> Result<Vec<Imagined>, CommandError> {
    let mut answers = Vec::new();
    if let Some(file) = &args.har {
        answers.extend(of_har(file, console)?);
    }
    let lines: Vec<Vec<u8>> = args.set_cookie.iter().map(|line| line_of(line)).collect();
    match &wish.url {
        Some(url) => {
            if !lines.is_empty() {
                answers.push(typed(url, wish, lines));
            }
            if let Some(file) = &args.headers {
                answers.extend(of_dump(file, url, wish, console)?);
            }
        }
        None if !lines.is_empty() || args.headers.is_some() => {
            return Err(CommandError::usage("--set-cookie and --headers need a URL")
                .hint("name the URL whose answer they belong to"));
        }
        None => {}
    }
    Ok(answers)
}

/// A whole header line is taken for its value.
fn line_of(given: &OsStr) -> Vec<u8> {
    const HEADER: &[u8] = b"set-cookie:";
    let octets = given.as_bytes();
    match octets.get(..HEADER.len()) {
        Some(name) if name.eq_ignore_ascii_case(HEADER) => octets[HEADER.len()..].trim_ascii_start().to_vec(),
        _ => octets.to_vec(),
    }
}

fn typed(url: &Url, wish: &Wish, set_cookies: Vec<Vec<u8>>) -> Imagined {
    Imagined {
        url: url.clone(),
        method: wish.method.clone(),
        status: None,
        at: None,
        initiator: None,
        set_cookies,
        was_sent: false,
    }
}

fn of_dump(file: &OsStr, url: &Url, wish: &Wish, console: &Console) -> Result<Vec<Imagined>, CommandError> {
    let heads = heads(&files::read_bounded(Path::new(file))?);
    if heads.iter().all(|head| head.set_cookies.is_empty()) {
        let message = format!("--headers: {} has no Set-Cookie line", file.display());
        console.warn(&message, "`curl -si URL` or `curl -sD- -o /dev/null URL` prints what is wanted");
    }
    let mut answers: Vec<Imagined> = Vec::new();
    let mut next = (url.clone(), wish.method.parse().unwrap_or(Method::GET));
    for head in heads {
        let (url, method) = next.clone();
        next = after(&url, &method, &head).unwrap_or(next);
        answers.push(Imagined {
            url,
            method: method.to_string(),
            status: head.status,
            at: None,
            initiator: None,
            set_cookies: head.set_cookies,
            was_sent: true,
        });
    }
    // Of one head nobody needs to be told that it was asked for.
    if let [only] = &mut *answers {
        only.was_sent = false;
    }
    Ok(answers)
}

/// Where the next head of the dump comes from, if this one leads elsewhere.
fn after(url: &Url, method: &Method, head: &DumpedHead) -> Option<(Url, Method)> {
    let location = HeaderValue::from_bytes(head.location.as_ref()?).ok()?;
    let head = Head {
        version: Version::HTTP_11,
        status: StatusCode::from_u16(head.status?).ok()?,
        reason: None,
        headers: HeaderMap::from_iter([(LOCATION, location)]),
    };
    let next: Result<_, HopError<TransportError>> = redirect::next(method, url, &head, &Redirects::default());
    next.ok().flatten().map(|next| (next.url, next.method))
}

fn of_har(file: &OsStr, console: &Console) -> Result<Vec<Imagined>, CommandError> {
    let octets = files::read_bounded(Path::new(file))?;
    let (exchanges, missing) = exchanges(&octets).map_err(|not| {
        CommandError::new(Exit::READ_FAILED, format!("--har: {} is no HAR: {not}", file.display()))
            .hint("a browser's developer tools save one from their Network page")
    })?;
    if missing > 0 {
        let message = format!("--har: {missing} of its entries have no URL with a host");
        console.warn(&message, "the others are explained");
    }
    if exchanges.iter().all(|exchange| exchange.set_cookies.is_empty()) {
        let message = format!("--har: no response in {} sets a cookie", file.display());
        console.warn(&message, "in Chrome, choose \"Export HAR (with sensitive data)\"");
    }
    Ok(exchanges.into_iter().map(imagined).collect())
}

fn imagined(exchange: Exchange) -> Imagined {
    let initiator = match exchange.asker {
        Asker::User => None,
        Asker::Page(page) => Some((page, navigation(&exchange.method))),
        Asker::Part(page) => Some((page, Kind::Fetch)),
    };
    Imagined {
        url: exchange.url,
        method: exchange.method,
        status: exchange.status,
        at: exchange.at,
        initiator,
        set_cookies: exchange.set_cookies.into_iter().map(String::into_bytes).collect(),
        was_sent: true,
    }
}
