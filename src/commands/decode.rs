//! Owns `kuki decode`: which values are meant, one that is given or those of cookies.
//! Does not decode them.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::cli::decode::DecodeArgs;
use crate::cli::shared::Look;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::decode::Showing;
use crate::commands::session::OpenJar;
use crate::commands::settings::shared;
use crate::sys::clock;

pub fn run(args: &DecodeArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let colour = shared::colour(&Look { color: args.color.clone(), reveal: true })?;
    console.choose(colour);
    let now = clock::now();
    let showing = Showing::read(args.format.as_deref(), colour, now)?;
    let choice = Choice::read(&[], &args.filter, &args.sent_to, now)?;
    match &args.value {
        Some(_) if !choice.is_everything() => {
            Err(CommandError::usage("kuki decode takes a VALUE, or the cookies that are meant")
                .hint("leave one of them out"))
        }
        Some(value) if value == "-" => showing.value(line(&files::read_bounded(Path::new("-"))?), console),
        Some(value) => showing.value(value.as_bytes(), console),
        None if choice.is_everything() => {
            Err(CommandError::usage("kuki decode needs a value or the name of a cookie")
                .hint("kuki decode VALUE, kuki decode - < FILE, or kuki decode --name NAME"))
        }
        None => {
            let settings = shared::jar(&args.jar)?.ok_or_else(|| {
                CommandError::usage("kuki decode --name needs a jar, and --no-jar was given")
                    .hint("leave --no-jar out")
            })?;
            let title = settings.name.clone();
            showing.cookies(&choice, &OpenJar::open(settings, console)?, &title, console)
        }
    }
}

/// What a shell or an editor puts behind a line is no part of the value.
fn line(octets: &[u8]) -> &[u8] {
    let line = octets.strip_suffix(b"\n").unwrap_or(octets);
    line.strip_suffix(b"\r").unwrap_or(line)
}
