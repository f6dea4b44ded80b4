//! Owns the standard streams.
//! Does not format.

use std::io::{self, Read, Write};

pub fn stdout() -> Box<dyn Write> {
    Box::new(io::stdout())
}

pub fn stderr() -> Box<dyn Write> {
    Box::new(io::stderr())
}

pub fn read_stdin() -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    io::stdin().lock().read_to_end(&mut octets)?;
    Ok(octets)
}
