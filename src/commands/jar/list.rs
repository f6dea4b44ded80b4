//! Owns `kuki jar list`.
//! Does not change the jar.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::session::OpenJar;
use crate::formats::json;
use crate::output::list::{self, Look};
use crate::output::redact::Secrets;
use crate::output::sanitize;
use crate::output::style::Palette;
use crate::sys::{clock, terminal};

/// How the listing is wanted.
pub struct View {
    pub format: Format,
    pub palette: Palette,
    pub secrets: Secrets,
    /// What the user calls the jar.
    pub title: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Json,
    Table,
}

impl Format {
    pub fn read(given: Option<&OsStr>) -> Result<Format, CommandError> {
        match given.map(OsStr::as_bytes) {
            None | Some(b"table") => Ok(Format::Table),
            Some(b"json") => Ok(Format::Json),
            Some(other) => {
                let other = String::from_utf8_lossy(other);
                Err(CommandError::usage(format!("--format `{other}` is neither table nor json"))
                    .hint("table is for people, json for programs"))
            }
        }
    }
}

pub fn run(view: &View, jar: &OpenJar, console: &mut Console) -> Result<Exit, CommandError> {
    let cookies = jar.jar().sorted();
    match view.format {
        Format::Json => {
            let text = json::array(cookies.iter().copied());
            let text = text.map_err(|error| CommandError::writing("the list", &error.into()))?;
            if terminal::stdout_is_terminal() {
                console.say(sanitize::json(&String::from_utf8_lossy(&text)).as_bytes())?;
            } else {
                console.say(&text)?;
            }
        }
        Format::Table => {
            let width = terminal::width();
            let look = Look { now: clock::now(), palette: view.palette, secrets: view.secrets, width };
            let mut text = if cookies.is_empty() { String::new() } else { list::render(&cookies, look) };
            text.push_str(&summary(view, jar));
            console.say(text.as_bytes())?;
        }
    }
    Ok(if cookies.is_empty() { Exit::NOTHING_MATCHED } else { Exit::SUCCESS })
}

fn summary(view: &View, jar: &OpenJar) -> String {
    let jar = jar.jar();
    let count = match jar.len() {
        0 => "no cookies".to_owned(),
        1 => "1 cookie".to_owned(),
        count => format!("{count} cookies"),
    };
    let title = sanitize::line(view.title.as_bytes());
    let limits = jar.limits;
    format!("{count} in jar '{title}' (at most {}, {} per domain)\n", limits.total, limits.per_domain)
}
