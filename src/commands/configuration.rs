//! Owns `kuki config`: where the file is, and which values are in force and why.
//! Does not send anything, and asks for no password.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use crate::cli::configuration::{ConfigAction, ConfigArgs, ShowArgs};
use crate::cli::typed::{Entry, Given, spelt_out};
use crate::cli::{self, Invocation};
use crate::commands::console::Console;
use crate::commands::defaults::{self, Layers, Origin, Placed, Sections};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::settings::origins::aimed_at;
use crate::output::redact::Secrets;
use crate::output::values::{self, Shown, Source};
use crate::sys::env;

/// What holds where nobody chose.
const BUILT_IN: [(&str, &str); 5] = [
    ("color", "auto"),
    ("jar", "default"),
    ("lock-timeout", "30"),
    ("max-redirs", "50"),
    ("user-agent", concat!("kuki/", env!("CARGO_PKG_VERSION"))),
];

pub fn run(args: ConfigArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let path = env::config_file().ok_or_else(|| {
        CommandError::usage("there is no home directory for a configuration file").hint("set HOME")
    })?;
    match args.action {
        ConfigAction::Path => console.say(&[path.as_os_str().as_bytes(), b"\n"].concat())?,
        ConfigAction::Show(args) => show(args, &path, console)?,
    }
    Ok(Exit::SUCCESS)
}

fn show(args: ShowArgs, path: &Path, console: &Console) -> Result<(), CommandError> {
    let mut format = args.format;
    let mut reveals = args.reveal;
    let mut words = spelt_out(args.words);
    words.retain(|word| {
        let Some(own) = own(word) else { return true };
        match own {
            Own::Format(given) => format = Some(given.to_owned()),
            Own::Reveal => reveals = true,
        }
        false
    });
    let is_json = is_json(format.as_deref())?;
    let found = if defaults::is_disabled(&words) { None } else { defaults::open(path)? };
    let sections = found.as_ref().map(defaults::read).transpose()?.unwrap_or_default();
    let layers = layers(&sections, &words)?;
    let secrets = if reveals { Secrets::Revealed } else { Secrets::Masked };
    let rows: Vec<Shown> =
        layers.all.iter().map(|placed| shown(placed, secrets)).chain(built_in(&layers)).collect();
    let path = path.display().to_string();
    if is_json {
        return console.say(values::json(&path, found.is_some(), &rows).as_bytes());
    }
    console.say(values::table(&path, found.is_some(), rows, console.palette).as_bytes())?;
    for section in &layers.missed {
        console.note(&format!("[host.\"{section}\"] is for another scheme or port"));
    }
    Ok(())
}

enum Own<'a> {
    Format(&'a OsStr),
    Reveal,
}

/// An option of this verb among those of the request.
fn own(word: &OsStr) -> Option<Own<'_>> {
    match word.as_bytes() {
        b"--reveal" => Some(Own::Reveal),
        octets => octets.strip_prefix(b"--format=").map(|given| Own::Format(OsStr::from_bytes(given))),
    }
}

fn is_json(given: Option<&OsStr>) -> Result<bool, CommandError> {
    match given.map(OsStr::as_bytes) {
        None | Some(b"table") => Ok(false),
        Some(b"json") => Ok(true),
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            Err(CommandError::usage(format!("--format: `{other}` is neither table nor json"))
                .hint("table is for people, json for programs"))
        }
    }
}

fn layers(sections: &Sections, words: &[OsString]) -> Result<Layers, CommandError> {
    match cli::parse(words.to_vec()) {
        Ok(Invocation::Request(args)) => {
            let aim = aimed_at(&args);
            if aim.is_none() && !args.target.is_empty() {
                return Err(CommandError::usage("the URL can't be understood")
                    .hint("it is kuki config show [OPTIONS] [METHOD] [URL]"));
            }
            defaults::for_request(sections, words, aim)
        }
        Ok(Invocation::Explain(_) | Invocation::Jar(_)) => Ok(defaults::for_verb(sections, words)),
        Ok(_) => Err(CommandError::usage("the configuration file has no part in this verb")
            .hint("it is for requests, kuki jar and kuki explain")),
        Err(error) => Err(CommandError::from(&error)),
    }
}

fn shown(placed: &Placed, secrets: Secrets) -> Shown {
    Shown {
        option: placed.entry.long,
        value: value(&placed.entry, secrets),
        from: source(&placed.origin),
        outdone_by: placed.outdone_by.as_ref().map(source),
    }
}

fn value(entry: &Entry, secrets: Secrets) -> String {
    match &entry.given {
        Given::On => "true".to_owned(),
        Given::Off => "false".to_owned(),
        Given::Value(value) => values::value(entry.long, value.as_bytes(), entry.is_secret(), secrets),
    }
}

fn source(origin: &Origin) -> Source {
    match origin {
        Origin::General(place) => Source::Default { line: place.line },
        Origin::Host(section, place) => Source::Host { section: section.clone(), line: place.line },
        Origin::Variable(variable) => Source::Environment { variable },
        Origin::CommandLine => Source::CommandLine,
    }
}

/// Where nobody else has chosen.
fn built_in(layers: &Layers) -> impl Iterator<Item = Shown> {
    BUILT_IN.into_iter().filter(|(long, _)| !layers.all.iter().any(|placed| placed.entry.long == *long)).map(
        |(option, value)| Shown { option, value: value.to_owned(), from: Source::BuiltIn, outdone_by: None },
    )
}
