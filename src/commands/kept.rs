//! Owns the file that an answer's body is kept in: which it is, that nothing is lost by it, its end if there is an error.
//! Does not write the body.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use http::HeaderMap;
use url::Url;

use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::settings::output::{OutputSettings, Target};
use crate::exchange::file_name;

/// How many other names are tried for a file that is to stay, as in curl.
const MOST_NAMES: u32 = 100;

/// A file that is being filled.
pub struct Kept {
    pub file: File,
    pub path: PathBuf,
}

impl Kept {
    /// `None` is standard output. `url` is the one that was typed, and `headers` those of the last answer.
    pub fn open(
        settings: &OutputSettings,
        url: &Url,
        headers: Option<&HeaderMap>,
    ) -> Result<Option<Kept>, CommandError> {
        let (name, is_new) = match &settings.target {
            Target::Stdout => return Ok(None),
            Target::File(path) => (path.clone(), false),
            Target::Remote { named_by_head } => {
                let by_head = headers.filter(|_| *named_by_head).and_then(file_name::of_head);
                // What a server names takes the place of nothing, and nobody's settings are taken by accident.
                let is_new = by_head.is_some();
                let name = by_head.or_else(|| file_name::of_url(url)).ok_or_else(nameless)?;
                let is_new = is_new || name.starts_with('.');
                (PathBuf::from(name), is_new)
            }
        };
        let path = settings.directory.as_ref().map_or(name.clone(), |directory| directory.join(name));
        let failed = |error: io::Error| writing(&path, &error, is_new);
        if let Some(parent) = path.parent().filter(|_| settings.makes_directories) {
            DirBuilder::new().recursive(true).mode(0o750).create(parent).map_err(failed)?;
        }
        if settings.keeps_old {
            return beside(&path).map(Some);
        }
        let mut options = OpenOptions::new();
        options.write(true).truncate(true).create(true).create_new(is_new);
        let file = options.open(&path).map_err(failed)?;
        Ok(Some(Kept { file, path }))
    }

    /// Nothing is left of it, if it is a file.
    pub fn remove(self) {
        if self.file.metadata().is_ok_and(|found| found.is_file()) {
            // Where that can't be done there is already an error to tell of.
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The first free name: `page`, `page.1`, `page.2`, …
fn beside(path: &Path) -> Result<Kept, CommandError> {
    for number in 0..=MOST_NAMES {
        let mut name = path.as_os_str().to_owned();
        if number > 0 {
            name.push(format!(".{number}"));
        }
        let path = PathBuf::from(name);
        match File::create_new(&path) {
            Ok(file) => return Ok(Kept { file, path }),
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {}
            Err(error) => return Err(writing(&path, &error, false)),
        }
    }
    let message = format!("{} and {MOST_NAMES} other names are taken", path.display());
    Err(CommandError::new(Exit::WRITE_FAILED, message).hint("leave --no-clobber out, or name another file"))
}

fn writing(path: &Path, error: &io::Error, is_new: bool) -> CommandError {
    let failed = CommandError::writing(&path.display().to_string(), error);
    if is_new && error.kind() == io::ErrorKind::AlreadyExists {
        let hint = "-J and names with a dot in front never replace a file; --no-clobber finds another name, -o FILE names it";
        return failed.hint(hint);
    }
    match error.kind() {
        io::ErrorKind::NotFound => failed.hint("its directory is not there; --create-dirs makes it"),
        _ => failed,
    }
}

fn nameless() -> CommandError {
    CommandError::new(Exit::WRITE_FAILED, "-O: the URL ends in no name for a file")
        .hint("name the file with -o FILE")
}
