//! Owns the headers that were given by hand.
//! Does not add defaults; the exchange does.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use http::header::{ACCEPT, CONTENT_LENGTH, HOST, RANGE, REFERER, TRANSFER_ENCODING};
use http::{HeaderName, HeaderValue};

use crate::cli::request::RequestPart;
use crate::commands::error::CommandError;
use crate::commands::files::{self, Value};
use crate::exchange::request::Given;

/// The headers of -H, and those of -e and -r, which give way to them.
pub(super) fn given(args: &RequestPart) -> Result<Given, CommandError> {
    let mut given = lines(&args.header)?;
    let named = |given: &Given, name: &HeaderName| given.has(name) || given.without.contains(name);
    if let Some(referer) = args.referer.as_deref().map(OsStr::as_bytes)
        && !referer.is_empty()
    {
        if referer.ends_with(b";auto") {
            return Err(CommandError::usage("-e: `;auto` is not known: a Referer is sent as it was given")
                .hint("leave `;auto` out"));
        }
        let value = header_value(referer, "-e")?;
        if !named(&given, &REFERER) {
            given.headers.push((REFERER, value));
        }
    }
    if let Some(range) = args.range.as_deref() {
        let value = header_value(range_of(range)?.as_bytes(), "-r")?;
        if !named(&given, &RANGE) {
            given.headers.push((RANGE, value));
        }
    }
    Ok(given)
}

/// `FROM-TO`, `FROM-`, `-LAST`, several joined by commas, or a number, which means from there on, as in curl.
fn range_of(given: &OsStr) -> Result<String, CommandError> {
    let is_number = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit());
    let is_range = |text: &str| {
        text.trim()
            .split_once('-')
            .is_some_and(|(from, to)| is_number(from) && is_number(to) && !(from.is_empty() && to.is_empty()))
    };
    match given.to_str() {
        Some(from) if !from.is_empty() && is_number(from) => Ok(format!("bytes={from}-")),
        Some(ranges) if ranges.split(',').all(is_range) => Ok(format!("bytes={ranges}")),
        _ => Err(CommandError::usage(format!("-r: `{}` is not a range", given.display()))
            .hint("for example 0-499, 500-, -500 or 0-0,-1")),
    }
}

fn lines(arguments: &[OsString]) -> Result<Given, CommandError> {
    let mut given = Given::default();
    for argument in arguments {
        match files::value(argument)? {
            Value::Literal(line) => header(&line, "-H", &mut given)?,
            Value::Read(file) => {
                let lines =
                    file.split(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
                for line in lines.filter(|line| !line.is_empty()) {
                    header(line, "-H", &mut given)?;
                }
            }
        }
    }
    Ok(given)
}

/// `Name: value`, `Name:` (leave it out) or `Name;` (send it empty), as in curl.
pub(super) fn header(line: &[u8], flag: &str, given: &mut Given) -> Result<(), CommandError> {
    // Before anything is trimmed: a line end at an end is one too.
    if line.iter().any(|octet| octet.is_ascii_control() && *octet != b'\t') {
        return Err(control_character(flag));
    }
    let shown = || String::from_utf8_lossy(line).escape_debug().to_string();
    let named = |name: &[u8]| {
        HeaderName::from_bytes(name.trim_ascii()).map_err(|_| {
            CommandError::usage(format!("{flag}: `{}` does not begin with the name of a header", shown()))
                .hint("write `Name: value`; a name has letters, digits and hyphens, and no spaces")
        })
    };
    let Some(at) = line.iter().position(|octet| *octet == b':') else {
        let Some(name) = line.strip_suffix(b";") else {
            return Err(CommandError::usage(format!("{flag}: `{}` is no header", shown()))
                .hint("write `Name: value`, `Name:` to leave a default out, or `Name;` for an empty one"));
        };
        given.headers.push((named(name)?, HeaderValue::from_static("")));
        return Ok(());
    };
    let name = named(&line[..at])?;
    let value = line[at + 1..].trim_ascii();
    if name == TRANSFER_ENCODING {
        return Err(CommandError::usage(format!("{flag}: the HTTP stack chooses Transfer-Encoding itself"))
            .hint("leave it out; the body goes with its length"));
    }
    if name == CONTENT_LENGTH {
        // The length of what is really sent goes out in any case, and another one would only confuse the server.
    } else if !value.is_empty() {
        given.headers.push((name, header_value(value, flag)?));
    } else if name == HOST || name == ACCEPT {
        let message = format!("{flag}: the HTTP stack can't leave `{}` out", shown().trim_end_matches(':'));
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
