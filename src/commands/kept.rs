//! Owns the file that an answer's body is kept in: which it is, that nothing is lost by it, its end if there is an error.
//! Does not write the body.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Seek, SeekFrom};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use http::HeaderMap;
use url::Url;

use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::settings::output::OutputSettings;
use crate::commands::settings::transfer::Resume;

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
        resume: Option<Resume>,
        url: &Url,
        headers: Option<&HeaderMap>,
    ) -> Result<Option<Kept>, CommandError> {
        let Some((path, is_new)) = settings.path(url, headers)? else { return Ok(None) };
        let failed = |error: io::Error| writing(&path, &error, is_new);
        if let Some(parent) = path.parent().filter(|_| settings.makes_directories) {
            DirBuilder::new().recursive(true).mode(0o750).create(parent).map_err(failed)?;
        }
        if settings.keeps_old {
            return beside(&path).map(Some);
        }
        let mut options = OpenOptions::new();
        options.write(true).truncate(resume.is_none()).create(true).create_new(is_new);
        let mut file = options.open(&path).map_err(failed)?;
        if let Some(resume) = resume {
            go_to_end(&mut file, resume, &path)?;
        }
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

/// What comes goes behind what is there. Two who go on at the same place at once write the same octets there.
fn go_to_end(file: &mut File, resume: Resume, path: &Path) -> Result<(), CommandError> {
    let failed = |error: io::Error| writing(path, &error, false);
    let found = file.metadata().map_err(failed)?;
    if !found.is_file() {
        return Ok(());
    }
    if resume.is_size && found.len() != resume.offset {
        let message = format!("{} was changed by somebody else meanwhile", path.display());
        return Err(CommandError::new(Exit::NO_PART, message).hint("nothing was written to it; try again"));
    }
    file.seek(SeekFrom::Start(found.len())).map(drop).map_err(failed)
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
