//! Owns the reading of what a flag's value names with `@`.
//! Does not know what the octets are for.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::commands::error::CommandError;
use crate::sys::stdio;

/// The value itself, or what lies behind `@FILE` or `@-`.
pub enum Value {
    Literal(Vec<u8>),
    Read(Vec<u8>),
}

impl Value {
    pub fn octets(self) -> Vec<u8> {
        match self {
            Value::Literal(octets) | Value::Read(octets) => octets,
        }
    }
}

/// A file that was named as such; `-` is standard input.
pub fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    let octets = if path == Path::new("-") { stdio::read_stdin() } else { std::fs::read(path) };
    octets.map_err(|error| CommandError::reading(path, &error))
}

pub fn value(given: &OsStr) -> Result<Value, CommandError> {
    match given.as_bytes() {
        b"@-" => {
            let path = Path::new("standard input");
            stdio::read_stdin().map(Value::Read).map_err(|error| CommandError::reading(path, &error))
        }
        [b'@', path @ ..] => {
            let path = Path::new(OsStr::from_bytes(path));
            std::fs::read(path).map(Value::Read).map_err(|error| CommandError::reading(path, &error))
        }
        literal => Ok(Value::Literal(literal.to_vec())),
    }
}
