//! Owns the unfolding of -K and --from-curl: the words of a file stand where the file was named.
//! Does not understand the words.

use std::ffi::{OsStr, OsString};
use std::path::Path;

use crate::cli::argv::{self, Piece};
use crate::cli::config;
use crate::cli::pasted;
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
            Piece::Config(file) | Piece::Pasted(file) if depth == DEEPEST => {
                let message = format!("-K: {} is named by {DEEPEST} files in each other", file.display());
                return Err(CommandError::usage(message).hint("does a file name itself?"));
            }
            Piece::Config(file) => {
                let octets = files::read_bounded(Path::new(&file))?;
                let inside = config::words(&octets).map_err(|bad| {
                    let message = format!("-K: line {} of {}: {}", bad.number, file.display(), bad.why);
                    CommandError::usage(message)
                        .hint("write one option a line, for example user-agent = \"my agent\"")
                })?;
                words.extend(level(inside, depth + 1)?);
            }
            Piece::Pasted(file) => words.extend(level(copied(&file)?, depth + 1)?),
        }
    }
    Ok(words)
}

fn copied(file: &OsStr) -> Result<Vec<OsString>, CommandError> {
    let octets = files::read_bounded(Path::new(file))?;
    pasted::words(&octets).map_err(|bad| {
        let place = format!("line {}, column {} of {}", bad.line, bad.column, file.display());
        CommandError::usage(format!("--from-curl: {place}: {}", bad.why))
            .hint("it takes one curl command, and runs nothing else; quote what a shell must leave alone")
    })
}
