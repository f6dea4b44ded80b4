//! Owns what a request sends: which of the options for it go together, and what they make of their values.
//! Does not write headers; it says which kind of content there is.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use bytes::Bytes;
use http::HeaderValue;
use url::Url;

use crate::cli::body::{BodyPart, Data, DataKind};
use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::files::{self, Value};
use crate::exchange::form::{encoded, extend_query};

/// A body and what it is.
#[derive(Debug)]
pub(super) struct Sent {
    pub body: Bytes,
    pub content_type: HeaderValue,
}

/// Is there something to send besides the head?
pub(super) fn has_body(args: &BodyPart) -> bool {
    (!args.data.is_empty() && !args.get) || !args.json.is_empty()
}

/// Refuses what can't go together, before anything is read.
pub(super) fn check(args: &RequestArgs) -> Result<(), CommandError> {
    let body = &args.body;
    let bodies: Vec<&str> = [("-d", !body.data.is_empty()), ("--json", !body.json.is_empty())]
        .into_iter()
        .filter_map(|(name, is_given)| is_given.then_some(name))
        .collect();
    if let [one, other, ..] = bodies[..] {
        return Err(CommandError::usage(format!("{one} and {other} can't go together"))
            .hint("give the whole body with one of them"));
    }
    if body.get
        && let Some(given) = bodies.iter().find(|given| **given != "-d")
    {
        return Err(CommandError::usage(format!("-G puts data into the query, where {given} can't go"))
            .hint("leave one of them out, or give the data with -d or --data-urlencode"));
    }
    if args.request.head && has_body(body) {
        return Err(CommandError::usage("-I asks for a head only, so it can't send data")
            .hint("leave one of them out; -G sends data in the query"));
    }
    Ok(())
}

/// The body. What goes into the query is put there.
pub(super) fn body(args: &BodyPart, url: &mut Url) -> Result<Option<Sent>, CommandError> {
    for given in &args.url_query {
        let added = match given.as_bytes() {
            [b'+', raw @ ..] => raw.to_vec(),
            _ => urlencoded(given)?,
        };
        extend_query(url, &added);
    }
    if !args.data.is_empty() {
        let pieces = args.data.iter().map(piece).collect::<Result<Vec<_>, _>>()?;
        let data = pieces.join(&b'&');
        if args.get {
            extend_query(url, &data);
            return Ok(None);
        }
        let content_type = HeaderValue::from_static("application/x-www-form-urlencoded");
        return Ok(Some(Sent { body: data.into(), content_type }));
    }
    if !args.json.is_empty() {
        let pieces = args.json.iter().map(|given| files::value(given).map(Value::octets));
        let body = pieces.collect::<Result<Vec<_>, _>>()?.concat().into();
        return Ok(Some(Sent { body, content_type: HeaderValue::from_static("application/json") }));
    }
    Ok(None)
}

fn piece(Data { kind, value }: &Data) -> Result<Vec<u8>, CommandError> {
    Ok(match kind {
        DataKind::Raw => value.as_bytes().to_vec(),
        DataKind::Binary => files::value(value)?.octets(),
        DataKind::Urlencoded => urlencoded(value)?,
        DataKind::Ascii => match files::value(value)? {
            Value::Literal(text) => text,
            // As curl does: a text file's line ends are no part of a form.
            Value::Read(octets) => octets.into_iter().filter(|octet| !b"\r\n\0".contains(octet)).collect(),
        },
    })
}

/// `CONTENT`, `=CONTENT`, `NAME=CONTENT`, `@FILE` or `NAME@FILE`: a `=` anywhere goes before an `@`.
fn urlencoded(given: &OsStr) -> Result<Vec<u8>, CommandError> {
    let octets = given.as_bytes();
    let place = |mark: u8| octets.iter().position(|octet| *octet == mark);
    let (name, content) = match (place(b'='), place(b'@')) {
        (Some(at), _) => (&octets[..at], octets[at + 1..].to_vec()),
        (None, Some(at)) => (&octets[..at], files::read(Path::new(OsStr::from_bytes(&octets[at + 1..])))?),
        (None, None) => (&b""[..], octets.to_vec()),
    };
    // The name is taken to be encoded already.
    Ok(if name.is_empty() { encoded(&content) } else { [name, &encoded(&content)].join(&b'=') })
}
