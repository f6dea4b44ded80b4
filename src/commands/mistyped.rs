//! Owns what is said of a command line that the parser did not understand.
//! Does not parse it again.

use clap::error::{ContextKind, ContextValue, ErrorKind};
use strsim::osa_distance;

use crate::cli;
use crate::cli::curl;
use crate::cli::httpie;
use crate::commands::error::CommandError;

impl From<&clap::Error> for CommandError {
    fn from(error: &clap::Error) -> CommandError {
        let text = error.to_string();
        if let Some(found) = of_another_program(error, &text) {
            return found;
        }
        let first = text.lines().next().unwrap_or_default();
        let mut message = first.strip_prefix("error: ").unwrap_or(first).to_owned();
        if let Some(ContextValue::Strings(valid)) = error.get(ContextKind::ValidSubcommand) {
            // The short names of some would only be noise.
            let valid: Vec<_> = valid.iter().map(String::as_str).filter(|name| name.len() > 2).collect();
            message = format!("an action is missing: {}", valid.join(", "));
        }
        if error.kind() == ErrorKind::MissingRequiredArgument
            && let Some(ContextValue::Strings(missing)) = error.get(ContextKind::InvalidArg)
        {
            message = format!("{} is missing", missing.join(" "));
        }
        let mut tips = text.lines().filter_map(|line| line.trim().strip_prefix("tip: "));
        // The parser's advice to quote a flag as a value fits nothing that takes one here.
        let tip = tips.find(|tip| !tip.starts_with("to pass") && is_near(error));
        match tip {
            Some(tip) => CommandError::usage(message).hint(tip),
            None => CommandError::usage(message).hint(where_to_look(error, &text)),
        }
    }
}

/// An option of curl's that is not supported, or one of HTTPie's or wget's that is called otherwise here.
fn of_another_program(error: &clap::Error, text: &str) -> Option<CommandError> {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else { return None };
    if error.kind() != ErrorKind::UnknownArgument {
        return None;
    }
    if let Some((name, nearest)) = curl::refusal(flag) {
        let message = format!("{name} is a flag of curl's that is not supported");
        return Some(CommandError::usage(message).hint(nearest));
    }
    let ours = httpie::counterpart(flag).filter(|_| verb(text).is_empty())?;
    let hint = if ours.starts_with('-') { format!("here it is {ours}") } else { ours.to_owned() };
    Some(CommandError::usage(format!("{flag} is no option here")).hint(hint))
}

/// The verb that was typed, and its action, as its usage begins.
fn verb(text: &str) -> Vec<&str> {
    let usage = text.lines().find_map(|line| line.strip_prefix("Usage: kuki")).unwrap_or_default();
    let is_name = |word: &&str| word.bytes().all(|octet| octet.is_ascii_lowercase());
    usage.split_whitespace().take_while(is_name).collect()
}

/// Is the option that the parser suggests one that could have been meant?
fn is_near(error: &clap::Error) -> bool {
    let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg) else { return true };
    match error.get(ContextKind::SuggestedArg) {
        Some(ContextValue::String(other)) => {
            other.starts_with(&**flag) || osa_distance(flag, other) <= 1 + flag.len() / 5
        }
        _ => true,
    }
}

/// What explains the options of what was typed.
fn where_to_look(error: &clap::Error, text: &str) -> String {
    let verb = verb(text);
    if !verb.is_empty() {
        return format!("kuki {} --help says what it takes", verb.join(" "));
    }
    if let Some(ContextValue::String(flag)) = error.get(ContextKind::InvalidArg)
        && let Some(verbs) = cli::verbs_with(flag.trim_start_matches('-'))
    {
        return format!("{flag} is an option of {verbs}, and no such verb stands in front");
    }
    "kuki -h lists the most used options, kuki --help all of them".to_owned()
}
