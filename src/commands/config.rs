//! Owns the unfolding of -K: the words of a file stand where the file was named.
//! Does not understand the words.

use std::ffi::OsString;
use std::path::Path;

use crate::cli::argv::{self, Piece};
use crate::cli::config;
use crate::commands::error::CommandError;
use crate::commands::files;

/// A file that names itself would never end.
const DEEPEST: usize = 8;

pub fn unfold(arguments: Vec<OsString>) -> Result<Vec<OsString>, CommandError> {
    level(arguments, 0)
}

fn level(arguments: Vec<OsString>, depth: usize) -> Result<Vec<OsString>, CommandError> {
    if !config::may_be_named(&arguments) {
        return Ok(arguments);
    }
    let mut words = Vec::new();
    for piece in argv::pieces(arguments) {
        match piece {
            Piece::Word(word) => words.push(word),
            Piece::Config(file) if depth == DEEPEST => {
                let message = format!("-K: {} is named by {DEEPEST} files in each other", file.display());
                return Err(CommandError::usage(message).hint("does a file name itself?"));
            }
            Piece::Config(file) => {
                let octets = files::read(Path::new(&file))?;
                let inside = config::words(&octets).map_err(|bad| {
                    let message = format!("-K: line {} of {}: {}", bad.number, file.display(), bad.why);
                    CommandError::usage(message)
                        .hint("write one option a line, for example user-agent = \"my agent\"")
                })?;
                words.extend(level(inside, depth + 1)?);
            }
        }
    }
    Ok(words)
}
