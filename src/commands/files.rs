//! Owns the reading of what a flag's value names with `@`.
//! Does not know what the octets are for.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::commands::error::CommandError;
use crate::store::disk::MOST_OCTETS;
use crate::sys::stdio;

/// The value itself, or what lies behind `@FILE` or `@-`.
pub enum Value {
    Literal(Vec<u8>),
    Read(Vec<u8>),
}

/// A file that was named as such; `-` is standard input.
pub fn read(path: &Path) -> Result<Vec<u8>, CommandError> {
    let octets = if path == Path::new("-") { stdio::read_stdin() } else { std::fs::read(path) };
    octets.map_err(|error| CommandError::reading(path, &error))
}

/// A file of cookies, which is not to fill the memory, whatever it is.
pub fn read_bounded(path: &Path) -> Result<Vec<u8>, CommandError> {
    let bounded = |file: &mut dyn io::Read| {
        let mut octets = Vec::new();
        file.take(MOST_OCTETS + 1).read_to_end(&mut octets)?;
        if octets.len() as u64 > MOST_OCTETS {
            return Err(io::Error::new(io::ErrorKind::FileTooLarge, "it is larger than 64 MiB"));
        }
        Ok(octets)
    };
    let octets = if path == Path::new("-") {
        bounded(&mut stdio::stdin())
    } else {
        File::open(path).and_then(|mut file| bounded(&mut file))
    };
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
