//! Owns the reading of what a flag's value names with `@`.
//! Does not know what the octets are for.

use std::ffi::OsStr;
use std::fs::File;
use std::io::{self, Read};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::commands::error::CommandError;
use crate::exchange::body::Piece;
use crate::store::disk::MOST_OCTETS;
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

/// A file of cookies or options, which is not to fill the memory, whatever it is.
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

/// A file that is to be read while it is sent. It is tried now, so that nothing is sent if it can't be.
pub fn to_send(path: &Path) -> Result<Piece, CommandError> {
    let failed = |error: io::Error| CommandError::reading(path, &error);
    let found = std::fs::metadata(path).map_err(failed)?;
    if found.is_dir() {
        return Err(failed(io::ErrorKind::IsADirectory.into()));
    }
    if found.is_file() && found.len() == 0 {
        // Files of the kernel say that they are empty, and are not.
        return std::fs::read(path).map(Piece::octets).map_err(failed);
    }
    // To open a pipe would be to begin with it.
    let length = match found.is_file() {
        true => File::open(path).map(|_| Some(found.len())).map_err(failed)?,
        false => None,
    };
    Ok(Piece::File { path: path.to_owned(), from: 0, length })
}

/// The value itself, or what lies behind `@FILE` or `@-`, where a file stays a file.
pub fn value_to_send(given: &OsStr) -> Result<Piece, CommandError> {
    if let [b'@', path @ ..] = given.as_bytes()
        && path != b"-"
        && let piece @ Piece::File { length: Some(_), .. } = to_send(Path::new(OsStr::from_bytes(path)))?
    {
        return Ok(piece);
    }
    value(given).map(Value::octets).map(Piece::octets)
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
