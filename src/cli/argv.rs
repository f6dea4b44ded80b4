//! Owns the first look at a command line: finds the verb, and says curl's spellings in the parser's way.
//! Does not understand arguments; it only knows which of them take a value.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// The hidden verb of a command line that has none.
pub const REQUEST: &str = "request";

/// Options that take a value; a test holds these lists to the tree.
const SHORT: &[u8] = b"AHXdmou";
const LONG: [&str; 18] = [
    "cacert",
    "color",
    "connect-timeout",
    "data",
    "domain",
    "format",
    "header",
    "jar",
    "json",
    "lock-timeout",
    "max-time",
    "name",
    "output",
    "port",
    "request",
    "resolve",
    "user",
    "user-agent",
];

#[derive(Debug, PartialEq)]
pub enum Argv {
    Normal(Vec<OsString>),
    Version,
}

/// Puts the verb in front, and parts `-d=x` into `-d` and `=x`, as curl reads it.
///
/// A verb is the first positional only: options before it are moved behind it, and any other first positional makes
/// the command line a request.
pub fn normalise<const N: usize>(arguments: Vec<OsString>, verbs: [&str; N]) -> Argv {
    let mut seen = Vec::with_capacity(arguments.len() + 1);
    let mut rest = arguments.into_iter();
    let mut is_request = false;
    while let Some(argument) = rest.next() {
        match kind(&argument) {
            Kind::Version => return Argv::Version,
            Kind::Positional if !is_request => {
                if let Some(verb) = verbs.into_iter().find(|verb| argument == *verb) {
                    let normal = std::iter::once(verb.into()).chain(rest_of(verb, seen, rest.collect()));
                    return Argv::Normal(normal.collect());
                }
                is_request = true;
                seen.push(argument);
            }
            Kind::End => {
                seen.push(argument);
                seen.extend(rest.by_ref());
            }
            Kind::TakesNext => {
                seen.push(argument);
                seen.extend(rest.next());
            }
            Kind::HoldsValue { at } => {
                let octets = argument.into_vec();
                seen.push(OsString::from_vec(octets[..at].to_vec()));
                seen.push(OsString::from_vec(octets[at..].to_vec()));
            }
            Kind::Positional | Kind::Plain => seen.push(argument),
        }
    }
    seen.insert(0, REQUEST.into());
    Argv::Normal(seen)
}

/// Options that stood before a verb go behind it; behind the action too, where the verb has actions.
fn rest_of(verb: &str, before: Vec<OsString>, mut after: Vec<OsString>) -> Vec<OsString> {
    let has_actions = verb == "jar";
    let at =
        usize::from(has_actions && after.first().is_some_and(|first| !first.as_bytes().starts_with(b"-")));
    after.splice(at..at, before);
    after
}

enum Kind {
    /// `--`: nothing after it is an option.
    End,
    /// A cluster of short options whose value begins at this octet, with a `=` that belongs to it.
    HoldsValue {
        at: usize,
    },
    Plain,
    Positional,
    TakesNext,
    Version,
}

fn kind(argument: &OsStr) -> Kind {
    let octets = argument.as_bytes();
    match octets {
        b"--" => Kind::End,
        b"-V" | b"--version" => Kind::Version,
        [b'-', b'-', long @ ..] => {
            let takes_value = LONG.iter().any(|name| name.as_bytes() == long);
            if takes_value { Kind::TakesNext } else { Kind::Plain }
        }
        [b'-', cluster @ ..] if !cluster.is_empty() => {
            let Some(at) = cluster.iter().position(|letter| SHORT.contains(letter)) else {
                return Kind::Plain;
            };
            match cluster.get(at + 1) {
                None => Kind::TakesNext,
                Some(b'=') => Kind::HoldsValue { at: at + 2 },
                Some(_) => Kind::Plain,
            }
        }
        _ => Kind::Positional,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn normal(line: &str) -> String {
        match normalise(line.split_whitespace().map(OsString::from).collect(), ["jar", "lab"]) {
            Argv::Normal(normal) => normal.join(OsStr::new(" ")).into_string().expect("UTF-8 in, UTF-8 out"),
            Argv::Version => "VERSION".to_owned(),
        }
    }

    #[test]
    fn a_line_without_a_verb_is_a_request() {
        assert_eq!(normal("-v http://h"), "request -v http://h");
        assert_eq!(normal(""), "request");
        assert_eq!(normal("--help"), "request --help");
    }

    #[test]
    fn a_verb_is_the_first_positional_only() {
        assert_eq!(normal("jar list"), "jar list");
        assert_eq!(normal("POST jar"), "request POST jar");
        assert_eq!(normal("-o jar http://h"), "request -o jar http://h");
        assert_eq!(normal("-sojar lab"), "lab -sojar");
        assert_eq!(normal("-- jar"), "request -- jar");
    }

    #[test]
    fn options_before_a_verb_go_behind_it() {
        assert_eq!(normal("--jar x jar list --reveal"), "jar list --jar x --reveal");
        assert_eq!(normal("--jar x jar --help"), "jar --jar x --help");
    }

    #[test]
    fn an_equals_sign_after_a_short_option_belongs_to_the_value() {
        assert_eq!(normal("-d=x h"), "request -d =x h");
        assert_eq!(normal("-sd=x h"), "request -sd =x h");
        assert_eq!(normal("-da=x h"), "request -da=x h");
        assert_eq!(normal("-d -d=x h"), "request -d -d=x h");
    }

    #[test]
    fn a_version_is_asked_for_anywhere_but_in_a_value() {
        assert_eq!(normal("-s -V"), "VERSION");
        assert_eq!(normal("-d -V h"), "request -d -V h");
    }

    #[test]
    fn the_lists_are_those_of_the_tree() {
        let mut command = crate::cli::command();
        command.build();
        let mut arguments = Vec::new();
        let mut verbs: Vec<_> = command.get_subcommands().cloned().collect();
        while let Some(mut verb) = verbs.pop() {
            verb.build();
            verbs.extend(verb.get_subcommands().cloned());
            arguments.extend(verb.get_arguments().cloned());
        }
        let valued = |arg: &&clap::Arg| arg.get_action().takes_values() && !arg.is_positional();
        let mut longs: Vec<_> = arguments.iter().filter(valued).filter_map(clap::Arg::get_long).collect();
        let mut shorts: Vec<_> = arguments.iter().filter(valued).filter_map(clap::Arg::get_short).collect();
        longs.sort_unstable();
        longs.dedup();
        shorts.sort_unstable();
        shorts.dedup();
        assert_eq!(longs, LONG);
        assert_eq!(shorts.iter().collect::<String>().as_bytes(), SHORT);
    }
}
