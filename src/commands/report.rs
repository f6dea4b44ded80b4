//! Owns what `-w` writes when a request is over, whether it went well or not.
//! Does not know the language of its format; `output/write_out` does.

use std::ffi::OsStr;
use std::fs::OpenOptions;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use tokio::time::Instant;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::output::sanitize;
use crate::output::write_out::{Facts, Piece, Stream, Times, render};
use crate::sys::terminal;

/// When what happened.
#[derive(Clone, Copy, Debug)]
pub struct Marks {
    began: Instant,
    /// The last request of the chain went out, and it is not the only one.
    redirected: Option<Instant>,
    /// The head of the last answer was in.
    head: Option<Instant>,
    has_sent: bool,
}

impl Marks {
    pub fn begin() -> Marks {
        Marks { began: Instant::now(), redirected: None, head: None, has_sent: false }
    }

    pub fn sending(&mut self) {
        self.redirected = self.has_sent.then(Instant::now);
        self.has_sent = true;
    }

    pub fn received(&mut self) {
        self.head = Some(Instant::now());
    }

    pub fn times(&self) -> Times {
        let since = |mark: Instant| mark.saturating_duration_since(self.began);
        Times {
            total: since(Instant::now()),
            redirect: self.redirected.map(since).unwrap_or_default(),
            head: self.head.map(since),
        }
    }
}

pub fn write(format: &[Piece], facts: &Facts, console: &Console) -> Result<(), CommandError> {
    for (stream, octets) in render(format, facts) {
        match stream {
            Stream::Stdout if terminal::stdout_is_terminal() => {
                console.say(sanitize::text(&octets).as_bytes())?;
            }
            Stream::Stdout => console.say(&octets)?,
            Stream::Stderr => console.tell(&sanitize::text(&octets)),
            Stream::File { path, appends } => {
                let path = Path::new(OsStr::from_bytes(&path));
                let mut options = OpenOptions::new();
                let opened = options.create(true).write(true).append(appends).truncate(!appends).open(path);
                let written = opened.and_then(|mut file| file.write_all(&octets));
                written.map_err(|error| CommandError::writing(&path.display().to_string(), &error))?;
            }
        }
    }
    Ok(())
}
