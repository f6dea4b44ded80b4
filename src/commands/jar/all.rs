//! Owns `kuki jar all`: every named jar at a glance.
//! Does not look for jars that lie elsewhere; those have a path, and no name.

use std::ffi::OsStr;
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::jar::shape::Shape;
use crate::commands::jar::view::View;
use crate::output::jars::{self, Contents, NamedJar};
use crate::store::disk::Os;
use crate::store::file::FileStore;
use crate::sys::{clock, env};

pub fn run(shape: Shape, view: &View, console: &mut Console) -> Result<Exit, CommandError> {
    let directory = env::jars_directory()
        .ok_or_else(|| CommandError::usage("there is no home directory for named jars").hint("set HOME"))?;
    let mut jars = named(&directory)?;
    jars.sort_by(|one, other| one.name.cmp(&other.name));
    let text = match shape {
        Shape::Json => jars::json(&jars),
        Shape::Page => jars::table(&jars, view.look()),
    };
    console.say(text.as_bytes())?;
    let mut exit = Exit::found(jars.len());
    for jar in &jars {
        if let Contents::Unreadable { why } = &jar.contents {
            console.note(why);
            exit = Exit::JAR_UNREADABLE;
        }
    }
    Ok(exit)
}

fn named(directory: &Path) -> Result<Vec<NamedJar>, CommandError> {
    let entries = match fs::read_dir(directory) {
        Ok(entries) => entries,
        Err(error) if error.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(CommandError::reading(directory, &error)),
    };
    let paths = entries.filter_map(|entry| entry.ok().map(|entry| entry.path()));
    Ok(paths
        .filter(|path| path.extension() == Some(OsStr::new("json")))
        .map(|path| look_into(&path))
        .collect())
}

fn look_into(path: &Path) -> NamedJar {
    let contents = match FileStore::open(path, Os).load() {
        Ok(snapshot) => Contents::of(snapshot.jar(), clock::now()),
        Err(error) => Contents::Unreadable { why: error.to_string() },
    };
    let octets = fs::metadata(path).map_or(0, |metadata| metadata.len());
    let name = path.file_stem().unwrap_or_default().to_string_lossy().into_owned();
    NamedJar { name, contents, octets }
}
