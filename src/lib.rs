//! Owns the plot: read the command line, do it, say the exit status.
//! Does not end the process; only `main.rs` does.

pub mod cli;
pub mod commands;
pub mod cookie;
pub mod exchange;
pub mod formats;
pub mod lab;
pub mod output;
pub mod store;
pub mod sys;
pub mod transport;

use std::ffi::OsString;

/// Runs one command line, without the program's name, and returns the exit status.
pub fn run(arguments: Vec<OsString>) -> u8 {
    commands::run(commands::unfold(arguments).map(|line| (cli::parse(line.words), line.told)))
}
