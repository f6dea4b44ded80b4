//! Owns what `-F` and `--form-string` make of a body.
//! Does not know how parts are written; the exchange does.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use http::HeaderValue;
use http::header::CONTENT_TYPE;

use crate::cli::body::FormField;
use crate::cli::form::{self, Content, FieldError};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files;
use crate::exchange::body::{Body, Piece};
use crate::exchange::multipart::{self, Part};
use crate::exchange::request::Given;

const FORM_DATA: &str = "multipart/form-data";

/// A body and what it is, where that is known.
#[derive(Debug)]
pub(super) struct Sent {
    pub body: Body,
    pub content_type: Option<HeaderValue>,
}

pub(super) fn form(fields: &[FormField]) -> Result<Sent, CommandError> {
    let parts = fields.iter().map(part).collect::<Result<Vec<_>, _>>()?;
    assembled(parts)
}

/// The parts as a body, with a boundary that is made now.
pub(super) fn assembled(parts: Vec<Part>) -> Result<Sent, CommandError> {
    let mut random = [0; 8];
    getrandom::fill(&mut random).map_err(|error| {
        let message = format!("no boundary can be made for the form: {error}");
        CommandError::new(Exit::USAGE, message).hint("the system gives no random octets")
    })?;
    let boundary = format!("------------------------{:016x}", u64::from_be_bytes(random));
    let content_type = HeaderValue::try_from(format!("{FORM_DATA}; boundary={boundary}"));
    Ok(Sent {
        body: multipart::body(parts, &boundary),
        content_type: Some(content_type.expect("a boundary is made of hexadecimal digits and hyphens")),
    })
}

/// A Content-Type given by hand that says the same, but for the boundary, is completed, as in curl.
pub(super) fn complete(headers: &mut Given, content_type: Option<&HeaderValue>) {
    for (name, value) in &mut headers.headers {
        if let Some(known) = content_type
            && *name == CONTENT_TYPE
            && value.as_bytes().eq_ignore_ascii_case(FORM_DATA.as_bytes())
            && known.as_bytes().starts_with(FORM_DATA.as_bytes())
        {
            *value = known.clone();
        }
    }
}

fn part(given: &FormField) -> Result<Part, CommandError> {
    let octets = given.value.as_bytes();
    let (flag, read) = match given.is_literal {
        true => ("--form-string", form::literal(octets)),
        false => ("-F", form::field(octets)),
    };
    let field = read.map_err(|why| {
        let message = format!("{flag}: `{}` can't be understood: {why}", given.value.display());
        CommandError::usage(message).hint(hint(&why))
    })?;
    let mut file_name = field.file_name;
    let content = match field.content {
        Content::Literal(octets) => Piece::octets(octets),
        Content::Text(path) => content(&path)?,
        Content::File(path) => {
            let name = Path::new(OsStr::from_bytes(&path)).file_name().unwrap_or_default();
            file_name = file_name.or_else(|| Some(name.as_bytes().to_vec()));
            content(&path)?
        }
    };
    Ok(Part { name: field.name, file_name, content_type: field.content_type, content })
}

/// A part's file; standard input is read now, so that the length of the whole is known.
pub(super) fn content(path: &[u8]) -> Result<Piece, CommandError> {
    let path = Path::new(OsStr::from_bytes(path));
    if path == Path::new("-") { files::read(path).map(Piece::octets) } else { files::to_send(path) }
}

fn hint(why: &FieldError) -> &'static str {
    match why {
        FieldError::NoContent => "write NAME=CONTENT, NAME=@FILE or NAME=<FILE",
        FieldError::OpenQuote | FieldError::Unknown(_) => {
            "`;type=…` and `;filename=…` may follow; quote a content with a `;`, as in NAME=\"a;b\", or take --form-string"
        }
        FieldError::SeveralFiles => {
            "give each file an -F of its own; quote a name with a comma, as in NAME=@\"a,b\""
        }
        FieldError::Nested => "to send a `(`, take --form-string",
        FieldError::BadType(_) => "for example type=text/plain",
    }
}
