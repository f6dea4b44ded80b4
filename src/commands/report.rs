//! Owns what `-w` and `--report` write when a request is over, whether it went well or not.
//! Does not know what they say; `output/write_out` and `output/report` do.

use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

use tempfile::Builder;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::exchange::trace::Hop;
use crate::output::report::Document;
use crate::output::sanitize;
use crate::output::vocabulary::document;
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

    pub fn began(&self) -> Instant {
        self.began
    }

    pub fn times(&self, last: Option<&Hop>) -> Times {
        let since = |mark: Instant| mark.saturating_duration_since(self.began);
        let seen = last.map(|hop| hop.watch.seen()).unwrap_or_default();
        let connected = seen.connected.map(since);
        let way = seen.way.unwrap_or_default();
        // On a connection that stood already the request goes out at once.
        let is_reused = seen.connections == 0 && seen.answered.is_some();
        Times {
            total: since(Instant::now()),
            redirect: self.redirected.map(since).unwrap_or_default(),
            looked_up: seen.looked_up.map(since),
            connect: connected.filter(|_| way.is_bare),
            appconnect: connected.filter(|_| way.is_bare).map(|_| Duration::ZERO),
            connected,
            pretransfer: connected.or(seen.sent.filter(|_| is_reused).map(since)),
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

/// A file is replaced in one step, and nobody else reads it; `-` is standard output, behind the body.
pub fn save(path: &Path, report: &Document, console: &Console) -> Result<(), CommandError> {
    let text = document(report);
    if path == Path::new("-") {
        return console.say_exactly(text.as_bytes());
    }
    // The target of a link is replaced, and not the link.
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    let failed = |error: &std::io::Error| CommandError::writing(&path.display().to_string(), error);
    if fs::metadata(&path).is_ok_and(|found| !found.is_file()) {
        let opened = OpenOptions::new().write(true).open(&path);
        return opened.and_then(|mut file| file.write_all(text.as_bytes())).map_err(|error| failed(&error));
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let directory = directory.map_or_else(|| PathBuf::from("."), Path::to_path_buf);
    let written = Builder::new().prefix(".kuki-report-").tempfile_in(directory).and_then(|mut file| {
        file.write_all(text.as_bytes())?;
        file.persist(&path).map_err(|error| error.error)
    });
    written.map(|_| ()).map_err(|error| failed(&error))
}
