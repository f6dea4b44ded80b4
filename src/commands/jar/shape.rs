//! Owns the choice between a page for people and a document for programs.
//! Does not make either.

use std::ffi::OsStr;

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
    pub fn read(given: Option<&OsStr>, page: &str) -> Result<Shape, CommandError> {
        let Some(given) = given else { return Ok(Shape::Page) };
        match given.to_str() {
            Some("json") => Ok(Shape::Json),
            Some(word) if word == page => Ok(Shape::Page),
            _ => Err(CommandError::usage(format!(
                "--format: `{}` is neither {page} nor json",
                given.display()
            ))
            .hint(format!("{page} is for people, json for programs"))),
        }
    }
}
