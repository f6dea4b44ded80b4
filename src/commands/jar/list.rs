//! Owns `kuki jar list` and `kuki jar get`.
//! Does not change the jar.

use std::ffi::OsStr;

use crate::cli::jar::Listing;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::foreign;
use crate::commands::jar::view::View;
use crate::commands::session::OpenJar;
use crate::cookie::record::Cookie;
use crate::formats::exported::Writing;
use crate::formats::format::Format;
use crate::output::list::counted;
use crate::output::sort::{Sort, WORDS};

/// What a listing is to be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Foreign(Format),
    Names,
    Table,
    Value,
}

impl Shape {
    pub fn read(listing: &Listing) -> Result<Shape, CommandError> {
        let Some(given) = &listing.format else { return Ok(Shape::Table) };
        let shape = match given.to_str() {
            Some("table") => Some(Shape::Table),
            Some("names") => Some(Shape::Names),
            Some("value" | "values") => Some(Shape::Value),
            Some(word) => Format::parse(word).map(Shape::Foreign),
            None => None,
        };
        shape.ok_or_else(|| {
            CommandError::usage(format!("--format: `{}` is no way to list cookies", given.display()))
                .hint("table, json, ndjson, header, netscape, names, value, or a format of kuki jar export")
        })
    }
}

pub fn sort(given: Option<&OsStr>) -> Result<Option<Sort>, CommandError> {
    let Some(given) = given else { return Ok(None) };
    given.to_str().and_then(Sort::parse).map(Some).ok_or_else(|| {
        CommandError::usage(format!("--sort: cookies can't be sorted by `{}`", given.display()))
            .hint(format!("by {}, or with a `-` in front the other way round", WORDS.join(", ")))
    })
}

pub fn run(
    shape: Shape,
    sort: Option<Sort>,
    choice: &Choice,
    view: &View,
    jar: &OpenJar,
    console: &mut Console,
) -> Result<Exit, CommandError> {
    let mut cookies = choice.of(jar.jar());
    if let Some(sort) = sort {
        sort.sort(&mut cookies);
    }
    match shape {
        Shape::Table => {
            let mut text = view.table(&cookies);
            text.push_str(&summary(cookies.len(), view, jar));
            console.say(text.as_bytes())?;
        }
        Shape::Names => console.say_exactly(&lines(&cookies, |cookie| &cookie.name))?,
        Shape::Value => {
            if cookies.len() > 1 && choice.is_by_name() {
                let count = counted(cookies.len());
                console.note(&format!("{count} fit, a value a line; --url, --domain and --path name one"));
            }
            console.say_exactly(&lines(&cookies, |cookie| &cookie.value))?;
        }
        Shape::Foreign(format) => {
            let written = foreign::written(format, &cookies, &Writing::default(), console)?;
            console.say_exactly(&written.octets)?;
        }
    }
    Ok(Exit::found(cookies.len()))
}

fn lines<'a>(cookies: &[&'a Cookie], of: impl Fn(&'a Cookie) -> &'a Vec<u8>) -> Vec<u8> {
    cookies.iter().flat_map(|cookie| [&**of(cookie), b"\n"].concat()).collect()
}

fn summary(shown: usize, view: &View, jar: &OpenJar) -> String {
    let is_new = jar.is_new();
    let jar = jar.jar();
    let count = match shown {
        0 if is_new => return format!("no cookies in jar '{}', which is not there yet\n", view.title),
        0 if jar.is_empty() => "no cookies".to_owned(),
        shown if shown == jar.len() => counted(shown),
        shown => format!("{shown} of {}", counted(jar.len())),
    };
    let limits = jar.limits;
    format!("{count} in jar '{}' (at most {}, {} per domain)\n", view.title, limits.total, limits.per_domain)
}
