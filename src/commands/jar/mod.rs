//! Owns `kuki jar`: which of its verbs is meant, on which jar.
//! Does not do what the verbs do.

mod clear;
mod limits;
mod list;
mod pin;

use std::os::unix::ffi::OsStrExt;

use crate::cli::jar::{JarAction, JarArgs, PinArgs};
use crate::cli::shared::JarChoice;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::jar::pin::Pin;
use crate::commands::session::{JarSettings, OpenJar};
use crate::commands::settings::shared;
use crate::sys::terminal;

pub fn run(args: JarArgs, console: &mut Console) -> Result<Exit, CommandError> {
    match args.action {
        JarAction::Clear(args) => {
            let filter = clear::Filter::new(args.domain, args.name, args.session)?;
            clear::run(&filter, open(&args.jar, console)?, console)
        }
        JarAction::List(args) => {
            let colour = shared::colour(&args.look)?;
            console.choose(colour);
            let settings = chosen(&args.jar)?;
            let view = list::View {
                format: list::Format::read(args.format.as_deref())?,
                palette: colour.palette(terminal::stdout_is_terminal()),
                secrets: shared::secrets(&args.look),
                title: settings.name.clone(),
            };
            list::run(&view, &OpenJar::open(settings, console)?, console)
        }
        JarAction::Limits(args) => {
            limits::run(limits::governance(&args)?, open(&args.jar, console)?, console)
        }
        JarAction::Pin(args) => pin(Pin::Set, args, console),
        JarAction::Unpin(args) => pin(Pin::Taken, args, console),
        JarAction::Path(args) => {
            let settings = chosen(&args.jar)?;
            console.say(&[settings.path.as_os_str().as_bytes(), b"\n"].concat())?;
            Ok(Exit::SUCCESS)
        }
    }
}

fn pin(pin: Pin, args: PinArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let filter = clear::Filter::new(args.domain, Some(args.name), false)?;
    pin::run(pin, &filter, open(&args.jar, console)?, console)
}

fn open(choice: &JarChoice, console: &mut Console) -> Result<OpenJar, CommandError> {
    OpenJar::open(chosen(choice)?, console)
}

fn chosen(choice: &JarChoice) -> Result<JarSettings, CommandError> {
    shared::jar(choice)?.ok_or_else(|| {
        CommandError::usage("kuki jar needs a jar, and --no-jar was given").hint("leave --no-jar out")
    })
}
