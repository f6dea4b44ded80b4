//! Owns `kuki jar export`.
//! Does not write a format; `formats` does, and says what it can't hold.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Read, Write};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use chrono::{DateTime, TimeDelta, Utc};

use crate::cli::jar::ExportArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::Interrupts;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::foreign;
use crate::commands::session::OpenJar;
use crate::commands::settings::times::span;
use crate::formats::exported::{Loss, Writing, Written};
use crate::formats::format::Format;
use crate::output::list::counted;

pub fn format(args: &ExportArgs) -> Result<Format, CommandError> {
    match &args.format {
        Some(given) => foreign::named(given),
        None if args.file.as_deref().is_some_and(|file| file.as_bytes().ends_with(b".txt")) => {
            Ok(Format::Netscape)
        }
        None => Ok(Format::Json),
    }
}

pub fn writing(args: &ExportArgs, now: DateTime<Utc>) -> Result<Writing, CommandError> {
    let span = args.session_expiry.as_deref().map(|given| span(given, "--session-expiry")).transpose()?;
    Ok(Writing {
        // Nothing lasts longer, whoever says so.
        session_expiry: span.map(|span| now + span.min(TimeDelta::days(400))),
        no_http_only_prefix: args.no_http_only_prefix,
    })
}

pub fn run(
    format: Format,
    writing: &Writing,
    choice: &Choice,
    args: &ExportArgs,
    jar: &OpenJar,
    console: &mut Console,
) -> Result<Exit, CommandError> {
    let cookies = choice.of(jar.jar());
    let Written { octets, lost } = foreign::written(format, &cookies, writing, console)?;
    if args.lossless && !lost.is_empty() {
        let message = format!("{} can't hold all of these cookies, so nothing was written", format.word());
        return Err(CommandError::new(Exit::REFUSED, message).hint("json holds everything"));
    }
    if writing.no_http_only_prefix && format != Format::Netscape {
        return Err(CommandError::usage("--no-http-only-prefix is for cookies.txt alone")
            .hint("give --format netscape, or a FILE that ends in .txt"));
    }
    let left_out = lost.iter().find(|(loss, _)| *loss == Loss::Cookie).map_or(0, |(_, count)| *count);
    let written = cookies.len() - left_out;
    match args.file.as_deref().filter(|file| *file != OsStr::new("-")) {
        None => console.say_exactly(&octets)?,
        Some(file) if written == 0 => {
            console.note(&format!("no cookie fits, so {} was not written", Path::new(file).display()));
        }
        Some(file) if is_own(Path::new(file), jar.path()) || is_regular_jar(Path::new(file)) => {
            let message = format!("{} is a jar, which an export would destroy", Path::new(file).display());
            return Err(CommandError::usage(message).hint("kuki jar copy FROM INTO fills another jar"));
        }
        Some(file) => {
            let file = Path::new(file);
            write(file, &octets)
                .map_err(|error| CommandError::writing(&file.display().to_string(), &error))?;
            console.note(&format!("wrote {} to {} ({})", counted(written), file.display(), format.word()));
        }
    }
    Ok(Exit::found(written))
}

/// Whole or not at all, and for its owner alone from its creation. What is no regular file can only be written to.
fn write(file: &Path, octets: &[u8]) -> io::Result<()> {
    Interrupts::outlive_file_size_limit();
    let target = file.canonicalize().unwrap_or_else(|_| file.to_owned());
    match fs::metadata(&target) {
        Ok(metadata) if metadata.is_dir() => return Err(io::ErrorKind::IsADirectory.into()),
        Ok(metadata) if !metadata.is_file() => {
            return OpenOptions::new().write(true).open(&target)?.write_all(octets);
        }
        Ok(metadata) if metadata.permissions().readonly() => {
            return Err(io::ErrorKind::PermissionDenied.into());
        }
        _ => {}
    }
    let directory = target.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new().prefix(".kuki-export-").tempfile_in(directory)?;
    temporary.write_all(octets)?;
    temporary.as_file().sync_all()?;
    temporary.persist(&target).map_err(|error| error.error)?;
    Ok(())
}

fn is_own(file: &Path, jar: &Path) -> bool {
    file.canonicalize().is_ok_and(|file| jar.canonicalize().is_ok_and(|jar| jar == file))
}

/// A jar is not to be lost to an export: neither the one that is exported nor any other.
fn is_regular_jar(file: &Path) -> bool {
    if !file.is_file() {
        return false;
    }
    let mut head = [0; JAR_HEAD.len()];
    let read = File::open(file).and_then(|mut file| file.read_exact(&mut head));
    read.is_ok() && head == *JAR_HEAD
}

const JAR_HEAD: &[u8; 19] = b"{\"format\":\"kuki-jar";
