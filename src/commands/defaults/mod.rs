//! Owns the part of the configuration file in a command line: its words stand before those that were typed.
//! Does not say what an option means, nor how the file is written.

mod file;
mod layers;

use std::ffi::OsString;

use crate::cli::Invocation;
use crate::cli::options;
use crate::cli::typed::{Given, entries};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::settings::origins::aimed_at;

pub use file::{Sections, open, read};
pub use layers::{Layers, Origin, Placed, for_request, for_verb};

pub struct CommandLine {
    pub words: Vec<OsString>,
    /// What the file said, if there is one that has been read.
    pub told: Option<Told>,
}

/// What there is to say of the file.
pub struct Told {
    path: String,
    added: Vec<&'static str>,
    pub warning: Option<(String, String)>,
}

impl Told {
    /// Who did not type an option does not look for it there.
    pub fn explain(&self, error: CommandError) -> CommandError {
        let named: Vec<_> = self.added.iter().filter(|long| names(&error.message, long)).collect();
        let Some(long) = named.first().filter(|_| error.exit == Exit::USAGE) else { return error };
        let source = format!("{} says {long}, and -q leaves that out", self.path);
        let hint = error.hint.as_ref().map_or_else(|| source.clone(), |hint| format!("{hint}; {source}"));
        error.hint(hint)
    }
}

/// Does the message speak of the option, by its name or its letter?
fn names(message: &str, long: &str) -> bool {
    let letter = options::long(long.as_bytes()).map_or(0, |known| known.short);
    message.split([' ', ':', ',', ';']).any(|word| {
        word.strip_prefix("--") == Some(long) || (letter != 0 && word.as_bytes() == [b'-', letter])
    })
}

/// Puts the words of the file before those of the command line, if there is a file.
pub fn add(words: Vec<OsString>) -> Result<CommandLine, CommandError> {
    let Some(path) = crate::sys::env::config_file() else { return Ok(CommandLine { words, told: None }) };
    match open(&path)? {
        Some(found) if !is_disabled(&words) => with_file(words, &found),
        _ => Ok(CommandLine { words, told: None }),
    }
}

pub fn is_disabled(words: &[OsString]) -> bool {
    let is_given = |given: &Given| *given == Given::On;
    entries(words).iter().rfind(|entry| entry.long == "disable").is_some_and(|entry| is_given(&entry.given))
}

fn with_file(words: Vec<OsString>, found: &file::Found) -> Result<CommandLine, CommandError> {
    let layers = match crate::cli::parse(words.clone()) {
        Ok(Invocation::Request(args)) => for_request(&read(found)?, &words, aimed_at(&args))?,
        Ok(Invocation::Explain(_) | Invocation::Jar(_)) => for_verb(&read(found)?, &words),
        // Nothing else has a use for it, least of all what helps to mend it.
        _ => return Ok(CommandLine { words, told: None }),
    };
    let added = layers.of_file();
    found.trust(&added)?;
    let warning = found.exposed(&added).filter(|_| !layers.is_silent());
    let told = Told {
        path: found.path.display().to_string(),
        added: added.iter().map(|entry| entry.long).collect(),
        warning,
    };
    let words = added.iter().map(|entry| entry.word()).chain(words).collect();
    Ok(CommandLine { words, told: Some(told) })
}
