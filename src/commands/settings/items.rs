//! Owns what the items behind the URL make of a request: headers, query and body.
//! Does not know their grammar; `cli` does.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use http::HeaderValue;

use crate::cli::body::BodyPart;
use crate::cli::items::{Item, ItemKind};
use crate::commands::error::CommandError;
use crate::commands::files;
use crate::commands::settings::form::{Sent, assembled, content};
use crate::commands::settings::given::header;
use crate::exchange::body::Piece;
use crate::exchange::form::encoded;
use crate::exchange::json::Node;
use crate::exchange::multipart::Part;
use crate::exchange::request::Given;

/// What is asked for where items make JSON, as HTTPie does.
pub(super) const ACCEPT: &str = "application/json, */*;q=0.5";

/// Do they make a body?
pub(super) fn have_data(items: &[Item]) -> bool {
    items.iter().any(|item| item.kind.is_data())
}

/// The headers among them, behind those of -H and by the same rules.
pub(super) fn headers(items: &[Item], given: &mut Given) -> Result<(), CommandError> {
    for item in items {
        let line = match item.kind {
            ItemKind::Header => [&*item.key, b":", &*item.value].concat(),
            ItemKind::HeaderFile => [&*item.key, b":", read(&item.value)?.trim_ascii_end()].concat(),
            ItemKind::EmptyHeader => [&*item.key, b";"].concat(),
            _ => continue,
        };
        header(&line, "the item", given)?;
    }
    Ok(())
}

/// Those of the query.
pub(super) fn query(items: &[Item]) -> Result<Vec<Vec<u8>>, CommandError> {
    let mut added = Vec::new();
    for item in items {
        let value = match item.kind {
            ItemKind::Query => item.value.clone(),
            ItemKind::QueryFile => read(&item.value)?.trim_ascii_end().to_vec(),
            _ => continue,
        };
        added.push(pair(&item.key, &value));
    }
    Ok(added)
}

/// The body that they make: JSON, or a form if that was asked for.
pub(super) fn body(items: &[Item], args: &BodyPart) -> Result<Sent, CommandError> {
    let has_files = items.iter().any(|item| item.kind == ItemKind::File);
    match (args.multipart, args.urlencoded, has_files) {
        (true, ..) | (false, true, true) => multipart(items),
        (false, true, false) => urlencoded(items),
        (false, false, _) => json(items),
    }
}

fn json(items: &[Item]) -> Result<Sent, CommandError> {
    let mut root = Node::default();
    for item in items.iter().filter(|item| item.kind.is_data()) {
        if item.kind == ItemKind::File {
            return Err(CommandError::usage(format!("{}: a file can't go into JSON", shown(item)))
                .hint("send a form with --multipart, or the file's text with name=@FILE"));
        }
        let wrong = |why: &dyn std::fmt::Display| {
            CommandError::usage(format!("{}: {why}", shown(item))).hint(
                "name=text, name:=json, a[b]=text for an object and a[]=text for an array; \\[ is a bracket of a name",
            )
        };
        let value = node(item)?;
        let key = str::from_utf8(&item.key).map_err(|_| wrong(&"its name is not UTF-8"))?;
        root.insert(key, value).map_err(|error| wrong(&error))?;
    }
    let body = std::iter::once(Piece::octets(root.octets())).collect();
    Ok(Sent { body, content_type: Some(HeaderValue::from_static("application/json")) })
}

/// The value of a field, whichever way it is given.
fn node(item: &Item) -> Result<Node, CommandError> {
    let octets = match item.kind {
        ItemKind::TextFile | ItemKind::JsonFile => read(&item.value)?,
        _ => item.value.clone(),
    };
    let text = String::from_utf8(octets).map_err(|_| {
        CommandError::usage(format!("{}: its value is not UTF-8", shown(item)))
            .hint("JSON is text; send other octets with --data-binary or -T")
    })?;
    match item.kind {
        ItemKind::Json | ItemKind::JsonFile => Node::given(&text).map_err(|error| {
            CommandError::usage(format!("{}: {error}", shown(item)))
                .hint("behind `:=` stands JSON: 1, true, '\"text\"', '[1,2]'; a plain text is name=text")
        }),
        _ => Ok(Node::Text(text)),
    }
}

fn urlencoded(items: &[Item]) -> Result<Sent, CommandError> {
    let fields = items.iter().filter(|item| item.kind.is_data());
    let pairs =
        fields.map(|item| Ok(pair(&item.key, &text(item)?))).collect::<Result<Vec<_>, CommandError>>()?;
    Ok(Sent {
        body: std::iter::once(Piece::octets(pairs.join(&b'&'))).collect(),
        content_type: Some(HeaderValue::from_static("application/x-www-form-urlencoded")),
    })
}

fn multipart(items: &[Item]) -> Result<Sent, CommandError> {
    let fields = items.iter().filter(|item| item.kind.is_data());
    assembled(fields.map(part).collect::<Result<_, _>>()?)
}

fn part(item: &Item) -> Result<Part, CommandError> {
    let mut part =
        Part { name: item.key.clone(), file_name: None, content_type: None, content: Piece::octets("") };
    if item.kind != ItemKind::File {
        part.content = Piece::octets(text(item)?);
        return Ok(part);
    }
    let mark = b";type=";
    let path = match item.value.windows(mark.len()).rposition(|window| window == mark) {
        Some(at) => {
            // It goes into the head of the part as it is.
            let content_type = HeaderValue::from_bytes(&item.value[at + mark.len()..]).map_err(|_| {
                CommandError::usage(format!("{}: its type holds a control character", shown(item)))
                    .hint("for example name@FILE;type=text/plain")
            })?;
            part.content_type = Some(content_type.as_bytes().to_vec());
            &item.value[..at]
        }
        None => &*item.value,
    };
    let name = Path::new(OsStr::from_bytes(path)).file_name().unwrap_or_default();
    part.file_name = Some(name.as_bytes().to_vec());
    part.content = content(path)?;
    Ok(part)
}

/// What a form holds of a field, which is never more than text.
fn text(item: &Item) -> Result<Vec<u8>, CommandError> {
    match item.kind {
        ItemKind::TextFile => read(&item.value),
        ItemKind::Json | ItemKind::JsonFile => {
            node(item)?.as_text().map(String::into_bytes).ok_or_else(|| {
                CommandError::usage(format!("{}: a form can't hold an object or an array", shown(item)))
                    .hint("leave --urlencoded or --multipart out to send JSON")
            })
        }
        _ => Ok(item.value.clone()),
    }
}

fn pair(name: &[u8], value: &[u8]) -> Vec<u8> {
    [encoded(name), encoded(value)].join(&b'=')
}

fn read(path: &[u8]) -> Result<Vec<u8>, CommandError> {
    files::read(Path::new(OsStr::from_bytes(path)))
}

/// An item by its name alone: the value may be a secret.
fn shown(item: &Item) -> String {
    format!("the item `{}`", String::from_utf8_lossy(&item.key).escape_debug())
}
