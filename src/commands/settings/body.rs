//! Owns what a request sends: which of the options for it go together, and what they make of their values.
//! Does not write headers; it says which kind of content there is.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use http::{HeaderValue, Method};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, percent_encode};
use url::Url;

use crate::cli::body::{BodyPart, Data, DataKind};
use crate::cli::items::Item;
use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::files::{self, Value};
use crate::commands::settings::form::{Sent, form};
use crate::commands::settings::items;
use crate::exchange::body::Piece;
use crate::exchange::form::encoded;

/// How the items are called in an error.
const ITEMS: &str = "items behind the URL";

/// What a name leaves as it is in a path.
const IN_PATH: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');

/// The method that a body asks for.
pub(super) fn method(args: &BodyPart, items: &[Item]) -> Option<Method> {
    match bodies(args, items)[..] {
        [] => None,
        ["-T"] => Some(Method::PUT),
        _ => Some(Method::POST),
    }
}

/// The options that give a body, and were given.
fn bodies(args: &BodyPart, items: &[Item]) -> Vec<&'static str> {
    let all = [
        ("-d", !args.data.is_empty() && !args.get),
        ("--json", !args.json.is_empty()),
        ("-F", !args.form.is_empty()),
        ("-T", args.upload.is_some()),
        (ITEMS, items::have_data(items)),
    ];
    all.into_iter().filter_map(|(name, is_given)| is_given.then_some(name)).collect()
}

/// Refuses what can't go together, before anything is read.
pub(super) fn check(args: &RequestArgs, items: &[Item]) -> Result<(), CommandError> {
    let bodies = bodies(&args.body, items);
    if let (true, Some(given)) = (args.body.get, bodies.first()) {
        return Err(CommandError::usage(format!("-G puts data into the query, where {given} can't go"))
            .hint("leave one of them out, or give the data with -d or --data-urlencode"));
    }
    if let [one, other, ..] = bodies[..] {
        return Err(CommandError::usage(format!("{one} and {other} can't go together"))
            .hint("give the whole body with one of them"));
    }
    if args.request.head && !bodies.is_empty() {
        return Err(CommandError::usage("-I asks for a head only, so it can't send data")
            .hint("leave one of them out; -G sends data in the query"));
    }
    if args.body.urlencoded && args.body.multipart {
        return Err(CommandError::usage("--urlencoded and --multipart name two kinds of form")
            .hint("leave one of them out"));
    }
    for (flag, is_given) in [("--urlencoded", args.body.urlencoded), ("--multipart", args.body.multipart)] {
        if is_given && !bodies.contains(&ITEMS) {
            return Err(CommandError::usage(format!("{flag} says how items are sent, and there are none"))
                .hint(
                    "write them behind the URL, for example name=value; -d and -F are forms by themselves",
                ));
        }
    }
    Ok(())
}

/// What goes into the query of every URL.
pub(super) fn query(args: &BodyPart, items: &[Item]) -> Result<Vec<Vec<u8>>, CommandError> {
    let mut added = Vec::new();
    for given in &args.url_query {
        added.push(match given.as_bytes() {
            [b'+', raw @ ..] => raw.to_vec(),
            _ => urlencoded(given)?,
        });
    }
    added.extend(items::query(items)?);
    if args.get && !args.data.is_empty() {
        let pieces = args.data.iter().map(octets).collect::<Result<Vec<_>, _>>()?;
        added.push(pieces.join(&b'&'));
    }
    Ok(added)
}

/// Completes a URL that ends where a name should be by that of the file that is uploaded, as in curl.
pub(super) fn name_upload(args: &BodyPart, url: &mut Url) {
    let Some(file) = args.upload.as_deref().filter(|file| *file != "-" && *file != ".") else { return };
    if url.path().ends_with('/')
        && url.query().is_none()
        && let Some(name) = Path::new(file).file_name()
    {
        let name = percent_encode(name.as_bytes(), IN_PATH);
        url.set_path(&format!("{}{name}", url.path()));
    }
}

/// The body.
pub(super) fn body(args: &BodyPart, items: &[Item]) -> Result<Option<Sent>, CommandError> {
    let known =
        |body, content_type| Some(Sent { body, content_type: Some(HeaderValue::from_static(content_type)) });
    if !args.data.is_empty() && !args.get {
        let mut pieces = Vec::new();
        for given in &args.data {
            if !pieces.is_empty() {
                pieces.push(Piece::octets("&"));
            }
            pieces.push(match given.kind {
                DataKind::Binary => files::value_to_send(&given.value)?,
                _ => Piece::octets(octets(given)?),
            });
        }
        return Ok(known(pieces.into_iter().collect(), "application/x-www-form-urlencoded"));
    } else if !args.json.is_empty() {
        let pieces = args.json.iter().map(|given| files::value_to_send(given));
        return Ok(known(pieces.collect::<Result<_, _>>()?, "application/json"));
    } else if !args.form.is_empty() {
        return form(&args.form).map(Some);
    } else if let Some(file) = &args.upload {
        return upload(file).map(Some);
    } else if items::have_data(items) {
        return items::body(items, args).map(Some);
    }
    Ok(None)
}

fn upload(file: &OsStr) -> Result<Sent, CommandError> {
    // curl's `.` is the same input, read without waiting, which is how kuki reads it anyway.
    let piece = if file == "-" || file == "." { Piece::Stdin } else { files::to_send(Path::new(file))? };
    Ok(Sent { body: std::iter::once(piece).collect(), content_type: None })
}

fn octets(Data { kind, value }: &Data) -> Result<Vec<u8>, CommandError> {
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
