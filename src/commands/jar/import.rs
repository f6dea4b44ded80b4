//! Owns `kuki jar import`: what a file of another program holds goes into the jar, and every row that doesn't is told.
//! Does not read a format; `formats` does.

use std::path::Path;

use chrono::{DateTime, Utc};

use crate::cli::jar::ImportArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files;
use crate::commands::interrupt::Interrupts;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::foreign::{named, words};
use crate::commands::jar::put;
use crate::commands::jar::shape::Shape;
use crate::commands::jar::view::View;
use crate::commands::session::OpenJar;
use crate::commands::settings::target;
use crate::cookie::record::Cookie;
use crate::formats::detect::detect;
use crate::formats::format::{self, Format};
use crate::formats::imported::{Imported, Reading, Record, Rejected};
use crate::output::deeds::{self, Deed};
use crate::output::list::counted;
use crate::output::vocabulary::JarEntry;

/// Of more rejected rows than this only the number is told.
const MOST_TOLD: usize = 50;

/// A file, understood.
pub struct Source {
    format: Format,
    imported: Imported,
    /// How it is told what became of it.
    shape: Shape,
}

pub fn octets(args: &ImportArgs) -> Result<Vec<u8>, CommandError> {
    files::read_bounded(Path::new(&args.file))
}

pub fn read(
    args: &ImportArgs,
    shape: Shape,
    octets: &[u8],
    now: DateTime<Utc>,
) -> Result<Source, CommandError> {
    let name = args.file.to_string_lossy();
    let format = match &args.format {
        Some(given) => named(given)?,
        None => detect(octets).ok_or_else(|| {
            CommandError::new(
                Exit::READ_FAILED,
                format!("{name} looks like no format of cookies that is known"),
            )
            .hint(format!("say which it is with --format: {}", words()))
        })?,
    };
    let url = args.url.as_deref().map(target::url).transpose()?;
    let imported = format::read(format, octets, &Reading { url, ..Reading::at(now) }).map_err(|not| {
        CommandError::new(Exit::READ_FAILED, format!("{name} can't be read as {}: {not}", format.word()))
            .hint("nothing was changed; --format FORMAT reads it as another format")
    })?;
    Ok(Source { format, imported, shape })
}

pub fn run(
    source: Source,
    choice: &Choice,
    args: &ImportArgs,
    view: &View,
    mut jar: OpenJar,
    console: &mut Console,
    now: DateTime<Utc>,
) -> Result<Exit, CommandError> {
    jar.must_be_writable("kuki jar import")?;
    let Source { format, imported: Imported { records, mut rejected }, shape } = source;
    let limit = jar.jar().limits.cookie_bytes;
    let mut cookies: Vec<Cookie> = Vec::with_capacity(records.len());
    for Record { at, cookie } in records {
        if cookie.octets() > limit {
            let why = format!("its name and value have {} octets, over the jar's {limit}", cookie.octets());
            rejected.push(Rejected { at, why });
        } else if !jar.jar().can_hold(&cookie) {
            rejected.push(Rejected { at, why: "a cookies.txt can't hold it".to_owned() });
        } else if choice.filter.fits(&cookie, now) {
            cookies.push(cookie);
        }
    }
    for Rejected { at, why } in rejected.iter().take(MOST_TOLD) {
        console.note(&format!("{at}: {why}"));
    }
    if rejected.len() > MOST_TOLD {
        console.note(&format!("and {} more rows", rejected.len() - MOST_TOLD));
    }
    if args.strict && !rejected.is_empty() {
        let message = format!("{} of this file can't be taken, so none was", counted(rejected.len()));
        return Err(CommandError::new(Exit::REFUSED, message).hint("without --strict the others are taken"));
    }
    let count = cookies.len();
    let mut table = String::new();
    if args.care.dry_run {
        table = view.table(&cookies.iter().collect::<Vec<_>>());
    }
    let keys = cookies.iter().map(Cookie::key).collect();
    let (name, path) = jar.called();
    let outcome = put::all(cookies, jar.jar_mut(), args.evict, now)?;
    if !args.evict {
        jar.spare_others();
    }
    let done = if args.care.dry_run { "would import" } else { "imported" };
    if !args.care.dry_run {
        jar.commit(console, &Interrupts::default(), None)?;
    }
    let rows = if rejected.is_empty() { String::new() } else { format!("; {} rejected", rejected.len()) };
    let told = put::told(outcome);
    table.push_str(&format!(
        "{done} {} ({}) into jar '{}': {told}{rows}\n",
        counted(count),
        format.word(),
        view.title
    ));
    let deed = Deed {
        action: "imported",
        jar: JarEntry { name: &name, path: &path },
        dry_run: args.care.dry_run,
        cookies: keys,
        intake: Some(put::intake(outcome, 0, Some(format.word()), &rejected)),
    };
    shape.tell(console, &table, || deeds::change(&deed))?;
    Ok(Exit::found(count))
}
