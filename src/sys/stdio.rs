//! Owns the standard streams.
//! Does not format.

use std::fs::File;
use std::io::{self, Read, Write};
use std::os::fd::AsFd;

pub fn stdout() -> Box<dyn Write> {
    // The standard library's own handle looks for line ends in every piece, and holds back what follows the last.
    match stdout_file() {
        Ok(file) => Box::new(file),
        Err(_) => Box::new(io::stdout()),
    }
}

/// Standard output as a file of its own, which another process can be given.
pub fn stdout_file() -> io::Result<File> {
    io::stdout().as_fd().try_clone_to_owned().map(File::from)
}

pub fn stderr() -> Box<dyn Write> {
    Box::new(io::stderr())
}

/// Standard input as a file of its own, which another thread may read.
pub fn stdin_file() -> io::Result<File> {
    io::stdin().as_fd().try_clone_to_owned().map(File::from)
}

pub fn read_stdin() -> io::Result<Vec<u8>> {
    let mut octets = Vec::new();
    io::stdin().lock().read_to_end(&mut octets)?;
    Ok(octets)
}

pub fn stdin() -> impl Read {
    io::stdin()
}

/// One line of what is typed, without its end.
pub fn read_line() -> io::Result<String> {
    let mut line = String::new();
    io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
