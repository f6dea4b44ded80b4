//! Owns the choice between a page for people and a document for programs.
//! Does not make either.

use std::ffi::OsStr;

use crate::commands::console::Console;
use crate::commands::error::CommandError;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Json,
    Page,
}

/// What a page is called.
pub const TABLE: &str = "table";
pub const TEXT: &str = "text";

impl Shape {
    /// Says the one that is wanted.
    pub fn tell(
        self,
        console: &mut Console,
        page: &str,
        document: impl FnOnce() -> String,
    ) -> Result<(), CommandError> {
        match self {
            Shape::Json => Ok(console.say_exactly(document().as_bytes())?),
            Shape::Page => Ok(console.say(page.as_bytes())?),
        }
    }

    pub fn read(given: Option<&OsStr>, page: &str) -> Result<Shape, CommandError> {
        Shape::named(given, "--format", page)
    }

    /// What `--format` is called where that names the format of a file.
    pub fn of_summary(given: Option<&OsStr>) -> Result<Shape, CommandError> {
        Shape::named(given, "--summary", TEXT)
    }

    fn named(given: Option<&OsStr>, flag: &str, page: &str) -> Result<Shape, CommandError> {
        let Some(given) = given else { return Ok(Shape::Page) };
        match given.to_str() {
            Some("json") => Ok(Shape::Json),
            Some(word) if word == page => Ok(Shape::Page),
            _ => {
                Err(CommandError::usage(format!("{flag}: `{}` is neither {page} nor json", given.display()))
                    .hint(format!("{page} is for people, json for programs")))
            }
        }
    }
}
