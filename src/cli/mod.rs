//! Owns what can be typed: one tree of derived arguments, of which only the verb at hand is built.
//! Does not read the environment or files, and gives out what was typed, nothing more.

pub mod accepted;
pub mod address;
pub mod argv;
pub mod body;
pub mod bridge;
pub mod config;
pub mod configuration;
pub mod curl;
pub mod decode;
pub mod defaults;
pub mod explain;
pub mod filter;
pub mod form;
pub mod glob;
pub mod help;
pub mod httpie;
pub mod items;
pub mod jar;
pub mod lab;
pub mod login;
pub mod options;
pub mod pasted;
pub mod protocols;
pub mod proxy;
pub mod redirects;
pub mod request;
pub mod several;
pub mod shared;
pub mod tls;
pub mod transfer;
pub mod typed;
pub mod yields;

use std::ffi::OsString;
use std::mem::ManuallyDrop;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};
use strsim::osa_distance;

use crate::cli::argv::Argv;
use crate::cli::configuration::ConfigArgs;
use crate::cli::decode::DecodeArgs;
use crate::cli::explain::ExplainArgs;
use crate::cli::jar::JarArgs;
use crate::cli::lab::LabArgs;
use crate::cli::options::{Part, Parts};
use crate::cli::request::RequestArgs;

/// What was typed, as far as it could be understood.
#[derive(Debug)]
pub enum Invocation {
    Config(ConfigArgs),
    Decode(DecodeArgs),
    Explain(ExplainArgs),
    Jar(JarArgs),
    Lab(LabArgs),
    Request(Box<RequestArgs>),
    Tour,
    Version,
}

const VERBS: [(&str, &str); 6] = [
    ("jar", "Look at the stored cookies, change and clear them"),
    ("explain", "Say what a Set-Cookie would do, and which cookies would be sent, and why"),
    ("decode", "Say what a cookie's value holds: JWT, Flask, Django, Express, and more"),
    ("lab", "Run a practice server with logins and sessions, on loopback"),
    ("tour", "See the whole story in a few seconds, against the embedded lab"),
    ("config", "Show where the configuration file is, and which values are in force, and why"),
];

/// Reads a command line, without the program's name.
pub fn parse(arguments: Vec<OsString>) -> Result<Invocation, Error> {
    match argv::normalise(arguments, VERBS.map(|(verb, _)| verb)) {
        Argv::Request(words, parts) => {
            let typed = if parts.has(Part::Bridge) { argv::typed(&words) } else { Vec::new() };
            let tree = match parts {
                // Nobody who asks for less sees the help.
                Parts::ALL => help::describe(request(parts), &VERBS, help::page(&words)),
                _ => request(parts),
            };
            let mut matches = matches(tree, words)?;
            let mut args = RequestArgs::read(&mut matches, parts)?;
            args.bridge.typed = typed;
            Ok(Invocation::Request(Box::new(args)))
        }
        Argv::Verb(words) => {
            let mut matches = matches(verbs(), words)?;
            let (verb, mut matches) = matches.remove_subcommand().expect("a verb stands in front");
            let matches = &mut matches;
            match &*verb {
                "config" => ConfigArgs::from_arg_matches_mut(matches).map(Invocation::Config),
                "jar" => JarArgs::from_arg_matches_mut(matches).map(Invocation::Jar),
                "explain" => ExplainArgs::from_arg_matches_mut(matches).map(Invocation::Explain),
                "decode" => DecodeArgs::from_arg_matches_mut(matches).map(Invocation::Decode),
                "lab" => LabArgs::from_arg_matches_mut(matches).map(Invocation::Lab),
                _ => Ok(Invocation::Tour),
            }
        }
        Argv::Version => Ok(Invocation::Version),
    }
}

/// Does the verb of this line, and its action, take such an option?
pub fn verb_takes(arguments: &[OsString], long: &str) -> bool {
    let Argv::Verb(words) = argv::normalise(arguments.to_vec(), VERBS.map(|(verb, _)| verb)) else {
        return false;
    };
    let mut tree = verbs();
    tree.build();
    let mut command = &tree;
    for word in words {
        match command.find_subcommand(&word) {
            Some(found) => command = found,
            None => break,
        }
    }
    command.get_arguments().any(|argument| argument.get_long() == Some(long))
}

/// The verbs with such an option, as a text, if there are any: `kuki jar, kuki decode`.
pub fn verbs_with(long: &str) -> Option<String> {
    let mut tree = verbs();
    tree.build();
    let takes = |command: &Command| command.get_arguments().any(|argument| argument.get_long() == Some(long));
    let has = |verb: &&Command| takes(verb) || verb.get_subcommands().any(takes);
    let named: Vec<_> =
        tree.get_subcommands().filter(has).map(|verb| format!("kuki {}", verb.get_name())).collect();
    (!named.is_empty()).then(|| named.join(", "))
}

/// The verb that was probably meant, if it is not the word itself.
pub fn nearest_verb(word: &str) -> Option<&'static str> {
    let verbs = VERBS.into_iter().map(|(verb, _)| (osa_distance(word, verb), verb));
    let (distance, verb) = verbs.min()?;
    (1..=if verb.len() > 4 { 2 } else { 1 }).contains(&distance).then_some(verb)
}

fn matches(command: Command, words: Vec<OsString>) -> Result<ArgMatches, Error> {
    // The tree is large, and the process takes it along when it ends: taking it apart would only cost time.
    let mut command = ManuallyDrop::new(command);
    command.try_get_matches_from_mut(std::iter::once(OsString::from("kuki")).chain(words))
}

/// A request has the front door to itself: it never pays for the verbs, nor for options that nobody typed.
pub fn request(parts: Parts) -> Command {
    RequestArgs::augment(root(), parts).about("Send an HTTP request and keep its cookies")
}

/// Everything else.
pub fn verbs() -> Command {
    let [
        (jar, of_jar),
        (explain, of_explain),
        (decode, of_decode),
        (lab, of_lab),
        (tour, of_tour),
        (config, of_config),
    ] = VERBS;
    root()
        .subcommand(verb::<JarArgs>(jar, of_jar))
        .subcommand(verb::<ExplainArgs>(explain, of_explain))
        .subcommand(verb::<DecodeArgs>(decode, of_decode))
        .subcommand(verb::<LabArgs>(lab, of_lab))
        .subcommand(Command::new(tour).about(of_tour))
        .subcommand(verb::<ConfigArgs>(config, of_config))
}

fn root() -> Command {
    Command::new("kuki").disable_help_subcommand(true).disable_version_flag(true).args_override_self(true)
}

/// A verb whose arguments are built only when it is the one that was typed.
fn verb<A: Args>(name: &'static str, about: &'static str) -> Command {
    Command::new(name).about(about).disable_help_subcommand(true).defer(A::augment_args)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_misspelt_verb_is_told_from_a_method_of_a_servers_own() {
        for (word, expected) in [
            ("jra", Some("jar")),
            ("jars", Some("jar")),
            ("explian", Some("explain")),
            ("decod", Some("decode")),
            ("confg", Some("config")),
            ("jar", None),
            ("purge", None),
            ("mkcol", None),
            ("lock", None),
            ("report", None),
            ("ban", None),
        ] {
            assert_eq!(nearest_verb(word), expected, "{word}");
        }
    }

    #[test]
    fn the_tree_is_sound_and_every_argument_has_a_help_text() {
        request(Parts::ALL).help_expected(true).debug_assert();
        verbs().help_expected(true).debug_assert();
        for (verb, _) in VERBS {
            let built = verbs().try_get_matches_from(["kuki", verb, "--help"]);
            assert_eq!(built.map_err(|error| error.kind()).err(), Some(clap::error::ErrorKind::DisplayHelp));
        }
    }
}
