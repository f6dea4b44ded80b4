//! Owns what the verbs share about the formats of other programs: their names, and what is said when one is written.
//! Does not read or write them; `formats` does.

use std::ffi::OsStr;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::cookie::record::Cookie;
use crate::formats::exported::{Writing, Written};
use crate::formats::format::{self, Format};
use crate::output::list::counted;

/// Every format's name.
pub fn words() -> String {
    format::ALL.map(Format::word).join(", ")
}

pub fn named(given: &OsStr) -> Result<Format, CommandError> {
    given.to_str().and_then(Format::parse).ok_or_else(|| {
        CommandError::usage(format!("--format: `{}` is no format of cookies", given.display()))
            .hint(format!("one of {}", words()))
    })
}

/// The text, after what it can't hold was told.
pub fn written(
    format: Format,
    cookies: &[&Cookie],
    writing: &Writing,
    console: &mut Console,
) -> Result<Written, CommandError> {
    let written = format::write(format, cookies, writing).ok_or_else(|| {
        CommandError::usage(format!("{} is only read, never written", format.word()))
            .hint("kuki jar export --help lists the formats")
    })?;
    for (loss, count) in &written.lost {
        console.note(&format!("{} can't hold {} ({})", format.word(), loss.what(), counted(*count)));
    }
    Ok(written)
}
