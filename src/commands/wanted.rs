//! Owns what is wanted of an answer: nothing, all of it, or the part that a file lacks; and what is noted of it then.
//! Does not move the body.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::time::SystemTime;

use http::header::ETAG;
use http::{HeaderMap, StatusCode};
use tempfile::Builder;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::settings::transfer::TransferSettings;
use crate::exchange::condition::last_modified;
use crate::exchange::resume::{self, Part, ResumeError};
use crate::exchange::transport::Head;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wanted {
    Nothing,
    All,
    Part { length: u64, is_last: bool },
}

/// What the settings want of this answer.
pub fn judge(
    head: &Head,
    settings: &TransferSettings,
    what: &str,
    console: &Console,
) -> Result<Wanted, CommandError> {
    if head.status == StatusCode::NOT_MODIFIED {
        return Ok(Wanted::Nothing);
    }
    if let Some(resume) = settings.resume {
        let part = resume::judge(head, resume.offset, resume.takes_codings);
        return Ok(match part.map_err(cannot_go_on)? {
            Part::Missing { length, is_last } => Wanted::Part { length, is_last },
            Part::None => {
                console.note(&format!("{what} is whole: nothing comes behind its {} octets", resume.offset));
                Wanted::Nothing
            }
        });
    }
    let is_unmet = settings.condition.is_some_and(|condition| !condition.is_met(&head.headers));
    Ok(if is_unmet && head.status == StatusCode::OK { Wanted::Nothing } else { Wanted::All })
}

impl Wanted {
    /// A part that came to its end need not be the part that was promised.
    pub fn check(self, received: u64) -> Result<(), CommandError> {
        let Wanted::Part { length, is_last } = self else { return Ok(()) };
        let short = |message: String| {
            CommandError::new(Exit::CUT_SHORT, message).hint("-C - goes on behind what the file holds now")
        };
        match (received == length, is_last) {
            (false, _) => Err(short(format!(
                "the part that came has {received} octets, and its head promised {length}"
            ))),
            (true, false) => Err(short("the part that came is not the last".to_owned())),
            (true, true) => Ok(()),
        }
    }
}

fn cannot_go_on(error: ResumeError) -> CommandError {
    let hint = match &error {
        ResumeError::Coded { .. } => {
            "the file is as it was; if it holds coded octets, ask for such with -H 'Accept-Encoding: …'"
        }
        ResumeError::NotAPart { status } if status.is_redirection() => {
            "the file is as it was; -L follows redirects"
        }
        _ => "the file is as it was; without -C the whole of it is fetched again",
    };
    CommandError::new(Exit::NO_PART, error.to_string()).hint(hint)
}

/// What `--etag-save` keeps: the answer's ETag, or nothing if it has none. An answer that is an error says nothing of
/// the document, and one that says that there is nothing new takes nothing back.
pub struct Etag<'a>(Option<(&'a Path, Vec<u8>)>);

impl Etag<'_> {
    pub fn of<'a>(head: Option<&Head>, settings: &'a TransferSettings) -> Etag<'a> {
        let of_head = |head: &Head| {
            let etag = head.headers.get(ETAG).map(|etag| [etag.as_bytes(), b"\n"].concat());
            match head.status {
                status if status.is_success() => Some(etag.unwrap_or_default()),
                StatusCode::NOT_MODIFIED => etag,
                _ => None,
            }
        };
        Etag(settings.etag_file.as_deref().zip(head.and_then(of_head)))
    }

    /// To standard output, if it is to go there: before the body.
    pub fn say(&self, console: &Console) -> Result<(), CommandError> {
        match &self.0 {
            Some((path, etag)) if *path == Path::new("-") => console.say_exactly(etag),
            _ => Ok(()),
        }
    }

    /// To a file: behind the body, since half a document is not the one that it stands for.
    pub fn save(&self) -> Result<(), CommandError> {
        match &self.0 {
            Some((path, etag)) if *path != Path::new("-") => replace(path, etag)
                .map_err(|error| CommandError::writing(&path.display().to_string(), &error)),
            _ => Ok(()),
        }
    }
}

/// In one step, so that nobody reads half of it; what is no file, such as a device, is written to.
fn replace(path: &Path, octets: &[u8]) -> io::Result<()> {
    let path = fs::canonicalize(path).unwrap_or_else(|_| path.to_owned());
    if path.metadata().is_ok_and(|found| !found.is_file()) {
        return File::options().write(true).open(&path)?.write_all(octets);
    }
    let directory = path.parent().filter(|parent| !parent.as_os_str().is_empty());
    let readable_by_others = fs::Permissions::from_mode(0o666);
    // Whoever has locked the file wants it to stay so.
    let permissions = path.metadata().map_or(readable_by_others, |found| found.permissions());
    let mut file =
        Builder::new().permissions(permissions).tempfile_in(directory.unwrap_or(Path::new(".")))?;
    file.write_all(octets)?;
    file.persist(&path).map(drop).map_err(|error| error.error)
}

/// `-R`: the file gets the time of the document, if the server says it.
pub fn keep_time(file: &File, headers: &HeaderMap, console: &Console) {
    let Some(time) = last_modified(headers) else { return };
    if file.metadata().is_ok_and(|found| found.is_file())
        && let Err(error) = file.set_modified(SystemTime::from(time))
    {
        console.warn(&format!("-R: the file's time cannot be set: {error}"), "its content is all there");
    }
}
