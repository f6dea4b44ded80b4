//! Owns the questions to a terminal: is there one, how wide is it, what does the user type unseen.
//! Does not draw.

use std::io::{self, IsTerminal};

use terminal_size::{Width, terminal_size_of};

pub fn stdout_is_terminal() -> bool {
    io::stdout().is_terminal()
}

/// A file may be one, too: `/dev/tty`.
pub fn is_terminal(file: &impl IsTerminal) -> bool {
    file.is_terminal()
}

pub fn stdin_is_terminal() -> bool {
    io::stdin().is_terminal()
}

pub fn stderr_is_terminal() -> bool {
    io::stderr().is_terminal()
}

/// Columns of the terminal behind standard output; `COLUMNS` goes before it, as in other tools.
pub fn width() -> Option<usize> {
    columns().or_else(|| terminal_size_of(io::stdout()).map(|(Width(width), _)| usize::from(width)))
}

/// The same for standard error.
pub fn width_of_stderr() -> Option<usize> {
    columns().or_else(|| terminal_size_of(io::stderr()).map(|(Width(width), _)| usize::from(width)))
}

fn columns() -> Option<usize> {
    let set = crate::sys::env::text("COLUMNS").and_then(|columns| columns.parse().ok());
    set.filter(|width| *width > 0)
}

/// Asks on the terminal itself, so that standard input and output stay free.
pub fn password(prompt: &str) -> io::Result<String> {
    rpassword::prompt_password(prompt)
}
