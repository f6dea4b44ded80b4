//! Owns `kuki jar export`.
//! Does not write a format; `formats` does, and says what it can't hold.

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use chrono::{DateTime, Utc};

use crate::cli::jar::ExportArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::jar::choice::Choice;
use crate::commands::session::OpenJar;
use crate::commands::settings::times::span;
use crate::formats::exported::{Writing, Written};
use crate::formats::format::{self, Format};
use crate::output::list::counted;

/// Every format's name.
pub fn words() -> String {
    format::ALL.map(Format::word).join(", ")
}

pub fn format(args: &ExportArgs) -> Result<Format, CommandError> {
    match &args.format {
        Some(given) => given.to_str().and_then(Format::parse).ok_or_else(|| {
            CommandError::usage(format!("--format: `{}` is no format of cookies", given.display()))
                .hint(format!("one of {}", words()))
        }),
        None if args.file.as_deref().is_some_and(|file| file.as_bytes().ends_with(b".txt")) => {
            Ok(Format::Netscape)
        }
        None => Ok(Format::Json),
    }
}

pub fn writing(args: &ExportArgs, now: DateTime<Utc>) -> Result<Writing, CommandError> {
    let span = args.session_expiry.as_deref().map(|given| span(given, "--session-expiry")).transpose()?;
    Ok(Writing {
        session_expiry: span.and_then(|span| now.checked_add_signed(span)),
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
    let Written { octets, lost } = format::write(format, &cookies, writing).ok_or_else(|| {
        CommandError::usage(format!("{} is only read, never written", format.word()))
            .hint("kuki jar export --help lists the formats")
    })?;
    for (loss, count) in &lost {
        console.note(&format!("{} can't hold {} ({})", format.word(), loss.what(), counted(*count)));
    }
    if args.lossless && !lost.is_empty() {
        let message = format!("{} can't hold all of these cookies, so nothing was written", format.word());
        return Err(CommandError::new(Exit::REFUSED, message).hint("json holds everything"));
    }
    match args.file.as_deref().filter(|file| *file != OsStr::new("-")) {
        None => console.say(&octets)?,
        Some(file) => {
            let file = Path::new(file);
            write(file, &octets)
                .map_err(|error| CommandError::writing(&file.display().to_string(), &error))?;
            console.note(&format!(
                "wrote {} to {} ({})",
                counted(cookies.len()),
                file.display(),
                format.word()
            ));
        }
    }
    Ok(Exit::found(cookies.len()))
}

/// Whole or not at all, and for its owner alone from its creation.
fn write(file: &Path, octets: &[u8]) -> std::io::Result<()> {
    let directory = file.parent().filter(|parent| !parent.as_os_str().is_empty()).unwrap_or(Path::new("."));
    let mut temporary = tempfile::Builder::new().prefix(".kuki-export-").tempfile_in(directory)?;
    temporary.write_all(octets)?;
    temporary.as_file().sync_all()?;
    temporary.persist(file).map_err(|error| error.error)?;
    Ok(())
}
