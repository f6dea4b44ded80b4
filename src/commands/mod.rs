//! Owns the use cases: one file a command, and what they share.
//! Does not hold algorithms; it strings the rooms below together.

mod carried;
mod config;
mod configuration;
mod console;
mod curl_line;
mod decode;
mod defaults;
mod delivery;
mod error;
mod exit;
mod explain;
mod files;
mod interrupt;
mod jar;
mod kept;
mod lab;
mod meter;
mod mistyped;
mod offline;
mod report;
mod request;
mod retry;
mod session;
mod settings;
mod tour;
mod wanted;

use std::ffi::OsString;

use clap::error::ErrorKind;

use crate::cli::Invocation;
use crate::commands::console::Console;
use crate::commands::defaults::{CommandLine, Told};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::cookie::suffix::LIST_VERSION;

/// A command line, or why it is none.
type Parsed = Result<Invocation, clap::Error>;

/// The command line with the words of the configuration files that it names, and of the user's own.
pub fn unfold(arguments: Vec<OsString>) -> Result<CommandLine, CommandError> {
    config::unfold(arguments).and_then(defaults::add)
}

/// Does what was typed, and says with which status the process is to end.
pub fn run(line: Result<(Parsed, Option<Told>), CommandError>) -> u8 {
    let mut console = Console::new();
    let (invocation, told) = match line {
        Ok(line) => line,
        Err(error) => return console.fail(&error).status(),
    };
    if let Some((message, hint)) = told.as_ref().and_then(|told| told.warning.as_ref()) {
        console.warn(message, hint);
    }
    let done = match invocation {
        Ok(Invocation::Config(args)) => configuration::run(args, &mut console),
        Ok(Invocation::Decode(args)) => decode::run(&args, &mut console),
        Ok(Invocation::Explain(args)) => explain::run(&args, &mut console),
        Ok(Invocation::Jar(args)) => jar::run(args, &mut console),
        Ok(Invocation::Lab(args)) => lab::run(&args, &mut console),
        Ok(Invocation::Request(args)) => request::run(*args, &mut console),
        Ok(Invocation::Tour) => tour::run(&mut console),
        Ok(Invocation::Version) => console.say(version().as_bytes()).map(|()| Exit::SUCCESS),
        Err(error) => not_understood(&error, &mut console),
    };
    let explained = done.map_err(|error| match &told {
        Some(told) => told.explain(error),
        None => error,
    });
    explained.unwrap_or_else(|error| console.fail(&error)).status()
}

/// The release, and the version of the public suffix list that is compiled in.
pub fn version() -> String {
    format!("kuki {} (public suffix list: psl {LIST_VERSION})\n", env!("CARGO_PKG_VERSION"))
}

/// Help that was asked for goes to standard output; anything else is an error in our own form.
fn not_understood(error: &clap::Error, console: &mut Console) -> Result<Exit, CommandError> {
    if matches!(error.kind(), ErrorKind::DisplayHelp | ErrorKind::DisplayHelpOnMissingArgumentOrSubcommand) {
        return console.say(error.to_string().as_bytes()).map(|()| Exit::SUCCESS);
    }
    Err(CommandError::from(error))
}
