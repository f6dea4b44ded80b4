//! Owns the headers and the body that were given by hand.
//! Does not add defaults; the exchange does.

use std::ffi::OsString;

use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue};

use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::files::{self, Value};
use crate::exchange::request::Given;

pub(super) fn body(args: &RequestArgs) -> Result<Option<Bytes>, CommandError> {
    let mut parts = Vec::new();
    for given in &args.request.data {
        parts.push(match files::value(given)? {
            Value::Literal(text) => text,
            // As curl does: a text file's line ends are no part of a form.
            Value::Read(octets) => octets.into_iter().filter(|octet| !b"\r\n\0".contains(octet)).collect(),
        });
    }
    if !parts.is_empty() {
        return Ok(Some(parts.join(&b'&').into()));
    }
    for given in &args.request.json {
        parts.push(match files::value(given)? {
            Value::Literal(octets) | Value::Read(octets) => octets,
        });
    }
    Ok((!parts.is_empty()).then(|| parts.concat().into()))
}

pub(super) fn content_type(is_json: bool) -> &'static str {
    if is_json { "application/json" } else { "application/x-www-form-urlencoded" }
}

pub(super) fn given(arguments: &[OsString]) -> Result<Given, CommandError> {
    let mut given = Given::default();
    for argument in arguments {
        match files::value(argument)? {
            Value::Literal(line) => header(&line, &mut given)?,
            Value::Read(file) => {
                let lines =
                    file.split(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
                for line in lines.filter(|line| !line.is_empty()) {
                    header(line, &mut given)?;
                }
            }
        }
    }
    Ok(given)
}

/// `Name: value`, `Name:` (leave it out) or `Name;` (send it empty), as in curl.
fn header(line: &[u8], given: &mut Given) -> Result<(), CommandError> {
    // Before anything is trimmed: a line end at an end is one too.
    if line.iter().any(|octet| octet.is_ascii_control() && *octet != b'\t') {
        return Err(control_character("-H"));
    }
    let shown = || String::from_utf8_lossy(line).escape_debug().to_string();
    let named = |name: &[u8]| {
        HeaderName::from_bytes(name.trim_ascii()).map_err(|_| {
            CommandError::usage(format!("-H: `{}` does not begin with the name of a header", shown()))
                .hint("write `Name: value`; a name has letters, digits and hyphens, and no spaces")
        })
    };
    let Some(at) = line.iter().position(|octet| *octet == b':') else {
        let Some(name) = line.strip_suffix(b";") else {
            return Err(CommandError::usage(format!("-H: `{}` is no header", shown()))
                .hint("write `Name: value`, `Name:` to leave a default out, or `Name;` for an empty one"));
        };
        given.headers.push((named(name)?, HeaderValue::from_static("")));
        return Ok(());
    };
    let name = named(&line[..at])?;
    let value = line[at + 1..].trim_ascii();
    if name == TRANSFER_ENCODING {
        return Err(CommandError::usage("-H: the HTTP stack chooses Transfer-Encoding itself")
            .hint("leave it out; the body goes with its length"));
    }
    if name == CONTENT_LENGTH {
        // The length of what is really sent goes out in any case, and another one would only confuse the server.
    } else if !value.is_empty() {
        given.headers.push((name, header_value(value, "-H")?));
    } else if name == HOST || name == ACCEPT {
        let message = format!("-H: the HTTP stack can't leave `{}` out", shown().trim_end_matches(':'));
        return Err(CommandError::usage(message).hint("give it a value instead"));
    } else {
        given.without.push(name);
    }
    Ok(())
}

pub(super) fn header_value(value: &[u8], flag: &str) -> Result<HeaderValue, CommandError> {
    HeaderValue::from_bytes(value).map_err(|_| control_character(flag))
}

fn control_character(flag: &str) -> CommandError {
    CommandError::usage(format!("{flag}: a header's value holds a control character"))
        .hint("headers are single lines; leave line ends and other control characters out")
}
