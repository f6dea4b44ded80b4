//! Owns `kuki jar`: which of its verbs is meant, on which jar.
//! Does not do what the verbs do.

mod all;
mod audit;
pub mod choice;
mod copy;
pub mod decode;
mod export;
mod foreign;
mod import;
mod limits;
mod list;
mod pin;
mod put;
mod remove;
mod set;
mod shape;
mod view;

use std::ffi::OsString;
use std::os::unix::ffi::OsStrExt;

use crate::cli::filter::SentTo;
use crate::cli::jar::{
    AllArgs, AuditArgs, ClearArgs, CopyArgs, ExportArgs, GetArgs, ImportArgs, JarAction, JarArgs, ListArgs,
    PathArgs, PinArgs, SetArgs,
};
use crate::cli::shared::JarChoice;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::decode::Showing;
use crate::commands::jar::pin::Pin;
use crate::commands::jar::remove::Verb;
use crate::commands::jar::shape::{Shape, TABLE, TEXT};
use crate::commands::jar::view::View;
use crate::commands::session::{JarSettings, OpenJar};
use crate::commands::settings::judging::judging;
use crate::commands::settings::shared;
use crate::output::deeds;
use crate::output::vocabulary::JarEntry;
use crate::sys::clock;

pub fn run(args: JarArgs, console: &mut Console) -> Result<Exit, CommandError> {
    match args.action {
        JarAction::All(args) => all(&args, console),
        JarAction::Audit(args) => audit(&args, console),
        JarAction::Clear(args) => remove(Verb::Clear, &[], &args, console),
        JarAction::Copy(args) => copy(&args, console),
        JarAction::Export(args) => export(&args, console),
        JarAction::Get(args) if args.decode => get_decoded(&args, console),
        JarAction::Get(args) => list(&[args.wanted], &args.list, console),
        JarAction::Import(args) => import(&args, console),
        JarAction::List(args) => list(&[], &args, console),
        JarAction::Limits(args) => {
            let shape = Shape::read(args.format.as_deref(), TEXT)?;
            limits::run(limits::governance(&args)?, shape, open(chosen(&args.jar)?, console)?, console)
        }
        JarAction::Path(args) => path(&args, console),
        JarAction::Pin(args) => pin(Pin::Set, &args, console),
        JarAction::Remove(args) => remove(Verb::Remove, &args.wanted, &args.clear, console),
        JarAction::Set(args) => set(&args, console),
        JarAction::Unpin(args) => pin(Pin::Taken, &args, console),
    }
}

fn all(args: &AllArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let view = View::read(&args.look, "", console)?;
    all::run(Shape::read(args.format.as_deref(), TABLE)?, &view, console)
}

fn audit(args: &AuditArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let now = clock::now();
    let choice = Choice::read(&[], &args.filter, &args.sent_to, now)?;
    let (shape, fail_on) =
        (Shape::read(args.format.as_deref(), TABLE)?, audit::fail_on(args.fail_on.as_deref())?);
    let settings = chosen(&args.jar)?;
    let view = View::read(&args.look, &settings.name, console)?;
    audit::run(shape, fail_on, &choice, &view, &open(settings, console)?, console, now)
}

fn copy(args: &CopyArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let choice = Choice::read(&[], &args.filter, &args.sent_to, clock::now())?;
    let settings_of = |name: &OsString| shared::named(name, "kuki jar copy", &args.jar);
    let (from, into) = (settings_of(&args.from)?, settings_of(&args.into)?);
    let view = View::read(&args.look, &into.name, console)?;
    let jars = copy::Jars { from: open(from, console)?, into: open(into, console)? };
    let shape = Shape::read(args.format.as_deref(), TEXT)?;
    copy::run(jars, &choice, args.evict, &args.care, shape, &view, console)
}

fn export(args: &ExportArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let now = clock::now();
    let (format, writing) = (export::format(args)?, export::writing(args, now)?);
    let choice = Choice::read(&[], &args.filter, &args.sent_to, now)?;
    let jar = open(chosen(&args.jar)?, console)?;
    export::run(format, &writing, &choice, args, &jar, console)
}

fn get_decoded(args: &GetArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let now = clock::now();
    let list = &args.list;
    if list.listing.sort.is_some() {
        return Err(CommandError::usage("--decode can't go with --sort").hint("leave --sort out"));
    }
    let choice = Choice::read(std::slice::from_ref(&args.wanted), &list.filter, &list.sent_to, now)?;
    let colour = shared::colour(&list.look)?;
    console.choose(colour);
    let showing = Showing::read(list.listing.format.as_deref(), colour, now)?;
    let settings = chosen(&list.jar)?;
    let title = settings.name.clone();
    showing.cookies(&choice, &open(settings, console)?, &title, console)
}

fn import(args: &ImportArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let shape = Shape::of_summary(args.summary.as_deref())?;
    let settings = chosen(&args.jar)?;
    let view = View::read(&args.look, &settings.name, console)?;
    let octets = import::octets(args)?;
    // Not before the input is there: what others do meanwhile is older than this.
    let now = clock::now();
    let choice = Choice::read(&[], &args.filter, &SentTo::default(), now)?;
    let source = import::read(args, shape, &octets, now)?;
    import::run(source, &choice, args, &view, open(settings, console)?, console, now)
}

fn list(wanted: &[OsString], args: &ListArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let choice = Choice::read(wanted, &args.filter, &args.sent_to, clock::now())?;
    let shape = list::Shape::read(&args.listing)?;
    let sort = list::sort(args.listing.sort.as_deref())?;
    let settings = chosen(&args.jar)?;
    let view = View::read(&args.look, &settings.name, console)?;
    list::run(shape, sort, &choice, &view, &open(settings, console)?, console)
}

/// Octets as they are: whoever reads them opens a file by them.
fn path(args: &PathArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let settings = chosen(&args.jar)?;
    match Shape::read(args.format.as_deref(), TEXT)? {
        Shape::Page => console.say(&[settings.path.as_os_str().as_bytes(), b"\n"].concat())?,
        Shape::Json => {
            let path = settings.path.to_string_lossy();
            let jar = JarEntry { name: &settings.name, path: &path };
            console.say_exactly(deeds::path(&jar, settings.path.exists()).as_bytes())?;
        }
    }
    Ok(Exit::SUCCESS)
}

fn pin(pin: Pin, args: &PinArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let wanted = std::slice::from_ref(&args.wanted);
    let choice = Choice::read(wanted, &args.filter, &args.sent_to, clock::now())?;
    let shape = Shape::read(args.format.as_deref(), TEXT)?;
    pin::run(pin, &choice, shape, open(chosen(&args.jar)?, console)?, console)
}

fn remove(
    verb: Verb,
    wanted: &[OsString],
    args: &ClearArgs,
    console: &mut Console,
) -> Result<Exit, CommandError> {
    let choice = Choice::read(wanted, &args.filter, &args.sent_to, clock::now())?;
    if verb == Verb::Remove && choice.is_everything() {
        return Err(CommandError::usage("kuki jar remove needs a name or a filter")
            .hint("kuki jar remove NAME, or kuki jar clear for everything"));
    }
    let shape = Shape::read(args.format.as_deref(), TEXT)?;
    let settings = chosen(&args.jar)?;
    let view = View::read(&args.look, &settings.name, console)?;
    remove::run(verb, &choice, args, shape, &view, open(settings, console)?, console)
}

fn set(args: &SetArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let answer = set::read(args)?;
    let judging = judging(&args.rules, true)?;
    let shape = Shape::read(args.format.as_deref(), TEXT)?;
    let settings = chosen(&args.jar)?;
    let view = View::read(&args.look, &settings.name, console)?;
    set::run(&answer, &judging, shape, &view, open(settings, console)?, console)
}

fn open(settings: JarSettings, console: &mut Console) -> Result<OpenJar, CommandError> {
    OpenJar::open(settings, console)
}

fn chosen(choice: &JarChoice) -> Result<JarSettings, CommandError> {
    shared::jar(choice)?.ok_or_else(|| {
        CommandError::usage("kuki jar needs a jar, and --no-jar was given").hint("leave --no-jar out")
    })
}
