//! Owns `kuki jar`: which of its verbs is meant, on which jar.
//! Does not do what the verbs do.

mod clear;
mod list;

use std::os::unix::ffi::OsStrExt;

use crate::cli::jar::{JarAction, JarArgs};
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::session::OpenJar;
use crate::commands::settings;
use crate::sys::terminal;

pub fn run(args: JarArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let colour = settings::colour(&args.look)?;
    console.palette = colour.palette(terminal::stderr_is_terminal());
    let Some(settings) = settings::jar(&args.jar)? else {
        return Err(CommandError::usage("kuki jar needs a jar, and --no-jar was given"));
    };
    match args.action {
        JarAction::Clear { domain, name, session } => {
            let filter = clear::Filter::new(domain, name, session)?;
            clear::run(&filter, OpenJar::open(settings, console)?, console)
        }
        JarAction::List { format } => {
            let format = list::Format::read(format.as_deref())?;
            let view = list::View {
                format,
                palette: colour.palette(terminal::stdout_is_terminal()),
                secrets: settings::secrets(&args.look),
                title: settings.name.clone(),
            };
            list::run(&view, &OpenJar::open(settings, console)?, console)
        }
        JarAction::Path => {
            console.say(&[settings.path.as_os_str().as_bytes(), b"\n"].concat())?;
            Ok(Exit::SUCCESS)
        }
    }
}
