//! Owns the showing of what values say, for `kuki decode` and `kuki jar get --decode`.
//! Does not choose the values.

use std::ffi::OsStr;

use chrono::{DateTime, Utc};

use crate::commands::console::{Colour, Console};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::shape::{Shape, TEXT};
use crate::commands::session::OpenJar;
use crate::cookie::record::{Cookie, Key};
use crate::formats::decode::decode;
use crate::formats::decode::layer::Decoded;
use crate::output::decoded::{self, Look};
use crate::output::decoded_json;
use crate::output::judgement::place;
use crate::sys::terminal;

/// How, for whom, and when.
#[derive(Clone, Copy)]
pub struct Showing {
    shape: Shape,
    look: Look,
}

impl Showing {
    pub fn read(format: Option<&OsStr>, colour: Colour, now: DateTime<Utc>) -> Result<Showing, CommandError> {
        let palette = colour.palette(terminal::stdout_is_terminal());
        Ok(Showing { shape: Shape::read(format, TEXT)?, look: Look { palette, now } })
    }

    /// A value that is no cookie's.
    pub fn value(self, octets: &[u8], console: &mut Console) -> Result<Exit, CommandError> {
        self.show(&[(None, decode(octets))], console)?;
        Ok(Exit::SUCCESS)
    }

    pub fn cookies(
        self,
        choice: &Choice,
        jar: &OpenJar,
        title: &str,
        console: &mut Console,
    ) -> Result<Exit, CommandError> {
        let cookies = choice.of(jar.jar());
        if cookies.is_empty() {
            console.note(&format!("no cookie of jar '{title}' fits"));
        }
        let one = |cookie: &&Cookie| (Some(cookie.key()), decode(&cookie.value));
        let values: Vec<_> = cookies.iter().map(one).collect();
        self.show(&values, console)?;
        Ok(Exit::found(values.len()))
    }

    fn show(self, values: &[(Option<Key>, Decoded)], console: &mut Console) -> Result<(), CommandError> {
        if self.shape == Shape::Json {
            return console.say_exactly(decoded_json::document(values, self.look.now).as_bytes());
        }
        let pages: Vec<String> = values
            .iter()
            .map(|(key, value)| decoded::page(key.as_ref().map(place).as_deref(), value, self.look))
            .collect();
        console.say(pages.join("\n").as_bytes())
    }
}
