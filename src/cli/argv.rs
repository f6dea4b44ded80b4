//! Owns the first look at a command line: finds the verb, and brings curl's spellings into the parser's one form.
//! Does not understand arguments; it only knows which of them take a value, and which are switches.
//!
//! What comes out has the verb in front, unless it is a request, every value attached by `=` (so that it may begin with a hyphen, or with a
//! `=` of its own, as in curl), and no `--no-…`: those have already undone what they undo.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

/// Options that take a value, and switches by their long and short names; a test holds these lists to the tree.
const VALUED: &[u8] = b"AHXbcdmou";
const VALUED_LONG: [&str; 40] = [
    "at",
    "cacert",
    "color",
    "connect-timeout",
    "cookie",
    "cookie-bytes",
    "cookie-jar",
    "data",
    "domain",
    "expires",
    "expires-before",
    "expires-within",
    "format",
    "header",
    "headers",
    "initiator",
    "jar",
    "json",
    "lock-timeout",
    "max-age",
    "max-time",
    "name",
    "next-url",
    "output",
    "path",
    "per-domain",
    "policy",
    "port",
    "public-suffix-list",
    "request",
    "resolve",
    "same-site",
    "session-expiry",
    "set-cookie",
    "sort",
    "total",
    "url",
    "user",
    "user-agent",
    "value",
];
const SWITCHES: [(&str, u8); 26] = [
    ("dry-run", 0),
    ("evict", 0),
    ("expired", 0),
    ("fail", b'f'),
    ("fetch", 0),
    ("head", b'I'),
    ("http-only", 0),
    ("http1.1", 0),
    ("include", b'i'),
    ("insecure", b'k'),
    ("junk-session-cookies", b'j'),
    ("location", b'L'),
    ("lossless", 0),
    ("no-http-only-prefix", 0),
    ("no-jar", 0),
    ("persistent", 0),
    ("read-only", 0),
    ("reveal", 0),
    ("secure", 0),
    ("session", 0),
    ("show-error", b'S'),
    ("silent", b's'),
    ("strict", 0),
    ("subdomains", 0),
    ("verbose", b'v'),
    ("yes", 0),
];

#[derive(Debug, PartialEq)]
pub enum Argv {
    Request(Vec<OsString>),
    /// The verb stands first.
    Verb(Vec<OsString>),
    Version,
}

/// Brings a command line, without the program's name, into its normal form.
///
/// A verb is the first positional only: options before it are moved behind it, and any other first positional makes
/// the command line a request.
pub fn normalise<const N: usize>(arguments: Vec<OsString>, verbs: [&str; N]) -> Argv {
    let mut line = Line { verb: None, words: Vec::new() };
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        match kind(&argument) {
            Kind::End => {
                line.words.push(Word::Other(argument));
                line.words.extend(rest.by_ref().map(Word::Other));
            }
            Kind::Negation { switch } => line.undo(switch),
            Kind::Option => line.words.push(Word::Option(argument)),
            // What people type first; a host of that name is written http://help.
            Kind::Positional if line.verb.is_none() && !line.has_positional() && argument == "help" => {
                line.verb = rest.next().and_then(|next| verbs.into_iter().find(|verb| next == **verb));
                line.words.push(Word::Option("--help".into()));
                return line.normal();
            }
            Kind::Positional => {
                let is_first = line.verb.is_none() && !line.has_positional();
                match verbs.into_iter().find(|verb| is_first && argument == **verb) {
                    Some(verb) => line.verb = Some(verb),
                    None => line.words.push(Word::Positional(argument)),
                }
            }
            Kind::Valued { end } => {
                let (option, attached) = split(argument, end);
                // Without a value the parser is the one to complain.
                match attached.or_else(|| rest.next()) {
                    Some(value) => line.words.push(Word::Option(join(&option, &value))),
                    None => line.words.push(Word::Option(option)),
                }
            }
            Kind::Version => return Argv::Version,
        }
    }
    line.normal()
}

struct Line<'a> {
    verb: Option<&'a str>,
    words: Vec<Word>,
}

enum Word {
    /// A long option, or a cluster of short ones, with its value.
    Option(OsString),
    Positional(OsString),
    /// Whatever stands behind `--`, and that itself.
    Other(OsString),
}

impl Line<'_> {
    fn has_positional(&self) -> bool {
        self.words.iter().any(|word| matches!(word, Word::Positional(_)))
    }

    /// Takes back every switch of this name that was given so far.
    fn undo(&mut self, (long, short): (&str, u8)) {
        self.words.retain_mut(|word| {
            let Word::Option(option) = word else { return true };
            match option.as_bytes() {
                [b'-', b'-', name @ ..] => name != long.as_bytes(),
                [b'-', cluster @ ..] => {
                    // The letters of a cluster are switches up to the one that takes a value.
                    let end =
                        cluster.iter().position(|letter| VALUED.contains(letter)).unwrap_or(cluster.len());
                    let (switches, rest) = cluster.split_at(end);
                    let kept = switches.iter().copied().filter(|letter| *letter != short);
                    let kept: Vec<u8> = [b'-'].into_iter().chain(kept).chain(rest.iter().copied()).collect();
                    let is_left = kept.len() > 1;
                    *option = OsString::from_vec(kept);
                    is_left
                }
                _ => true,
            }
        });
    }

    /// The verb, then its action if it has one, then everything else in its order.
    fn normal(self) -> Argv {
        let mut words = self.words;
        if self.verb == Some("jar")
            && let Some(at) = words.iter().position(|word| matches!(word, Word::Positional(_)))
        {
            let action = words.remove(at);
            words.insert(0, action);
        }
        let words = words.into_iter().map(|word| match word {
            Word::Option(word) | Word::Positional(word) | Word::Other(word) => word,
        });
        match self.verb {
            Some(verb) => Argv::Verb(std::iter::once(OsString::from(verb)).chain(words).collect()),
            None => Argv::Request(words.collect()),
        }
    }
}

enum Kind {
    /// `--`: nothing behind it is an option.
    End,
    Negation {
        switch: (&'static str, u8),
    },
    /// A switch or a cluster of them, or something unknown.
    Option,
    Positional,
    /// An option whose name ends at this octet, and which takes a value.
    Valued {
        end: usize,
    },
    Version,
}

fn kind(argument: &OsStr) -> Kind {
    match argument.as_bytes() {
        b"--" => Kind::End,
        b"-V" | b"--version" => Kind::Version,
        [b'-', b'-', long @ ..] => {
            let end = long.iter().position(|octet| *octet == b'=').unwrap_or(long.len());
            let name = &long[..end];
            if VALUED_LONG.iter().any(|valued| valued.as_bytes() == name) {
                return Kind::Valued { end: end + 2 };
            }
            let negated = long.strip_prefix(b"no-").unwrap_or_default();
            match SWITCHES.into_iter().find(|(switch, _)| switch.as_bytes() == negated) {
                Some(switch) => Kind::Negation { switch },
                None => Kind::Option,
            }
        }
        [b'-', cluster @ ..] if !cluster.is_empty() => {
            match cluster.iter().position(|letter| VALUED.contains(letter)) {
                Some(at) => Kind::Valued { end: at + 2 },
                None => Kind::Option,
            }
        }
        _ => Kind::Positional,
    }
}

/// An option's name and the value that is attached to it: `--long=value`, `-xvalue`, and curl's `-x=value`, whose
/// value is `=value`.
fn split(argument: OsString, end: usize) -> (OsString, Option<OsString>) {
    let mut option = argument.into_vec();
    let mut value = option.split_off(end);
    if value.is_empty() {
        return (OsString::from_vec(option), None);
    }
    if option.starts_with(b"--") {
        value.remove(0);
    }
    (OsString::from_vec(option), Some(OsString::from_vec(value)))
}

/// The parser takes one `=` off, behind a short option too.
fn join(option: &OsStr, value: &OsStr) -> OsString {
    OsString::from_vec([option.as_bytes(), b"=", value.as_bytes()].concat())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn normal(line: &str) -> String {
        let text =
            |words: Vec<OsString>| words.join(OsStr::new(" ")).into_string().expect("UTF-8 in, UTF-8 out");
        match normalise(line.split_whitespace().map(OsString::from).collect(), ["jar", "lab"]) {
            Argv::Request(words) => format!("request {}", text(words)).trim_end().to_owned(),
            Argv::Verb(words) => text(words),
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
        assert_eq!(normal("-o jar http://h"), "request -o=jar http://h");
        assert_eq!(normal("-sojar lab"), "lab -so=jar");
        assert_eq!(normal("-- jar"), "request -- jar");
    }

    #[test]
    fn help_is_a_word_too() {
        assert_eq!(normal("help"), "request --help");
        assert_eq!(normal("help jar"), "jar --help");
        assert_eq!(normal("help nothing"), "request --help");
    }

    #[test]
    fn options_go_behind_the_verb_and_its_action() {
        assert_eq!(normal("--jar x jar list --reveal"), "jar list --jar=x --reveal");
        assert_eq!(normal("jar --jar x list"), "jar list --jar=x");
        assert_eq!(normal("--jar x jar --help"), "jar --jar=x --help");
        assert_eq!(normal("--jar=x lab"), "lab --jar=x");
    }

    #[test]
    fn a_value_is_taken_whatever_it_begins_with() {
        assert_eq!(normal("-d=x h"), "request -d==x h");
        assert_eq!(normal("-sd=x h"), "request -sd==x h");
        assert_eq!(normal("-da=x h"), "request -d=a=x h");
        assert_eq!(normal("-d -d=x h"), "request -d=-d=x h");
        assert_eq!(normal("--data --json h"), "request --data=--json h");
        assert_eq!(normal("--data==x h"), "request --data==x h");
        assert_eq!(normal("h -d"), "request h -d");
    }

    #[test]
    fn a_negation_takes_back_the_switch_but_no_value() {
        assert_eq!(normal("-v --no-verbose h"), "request h");
        assert_eq!(normal("--verbose -sv --no-verbose h"), "request -s h");
        assert_eq!(normal("--no-verbose -v h"), "request -v h");
        assert_eq!(normal("-svdv -dv --no-verbose h"), "request -sd=v -d=v h");
        assert_eq!(normal("--no-jar --no-no-jar h"), "request h");
        assert_eq!(normal("--no-such h"), "request --no-such h");
    }

    #[test]
    fn a_version_is_asked_for_anywhere_but_in_a_value() {
        assert_eq!(normal("-s -V"), "VERSION");
        assert_eq!(normal("-d -V h"), "request -d=-V h");
        assert_eq!(normal("-- -V"), "request -- -V");
    }

    #[test]
    fn the_lists_are_those_of_the_tree() {
        let mut arguments = Vec::new();
        let mut verbs = vec![crate::cli::request(), crate::cli::verbs()];
        while let Some(mut verb) = verbs.pop() {
            verb.build();
            verbs.extend(verb.get_subcommands().cloned());
            arguments.extend(verb.get_arguments().filter(|arg| !arg.is_positional()).cloned());
        }
        let (valued, switches): (Vec<_>, Vec<_>) =
            arguments.iter().partition(|arg| arg.get_action().takes_values());
        let named = |arg: &&clap::Arg| {
            Some((
                arg.get_long()?.to_owned(),
                arg.get_short().map_or(0, |short| u8::try_from(short).unwrap_or(0)),
            ))
        };
        let sorted = |arguments: Vec<&clap::Arg>| {
            let mut names: Vec<_> = arguments.iter().filter_map(named).collect();
            names.sort_unstable();
            names.dedup();
            names
        };
        let valued = sorted(valued);
        let mut shorts: Vec<_> = valued.iter().map(|(_, short)| *short).filter(|short| *short != 0).collect();
        shorts.sort_unstable();
        assert_eq!(valued.iter().map(|(long, _)| &**long).collect::<Vec<_>>(), VALUED_LONG);
        assert_eq!(shorts, VALUED);
        let switches: Vec<_> = sorted(switches).into_iter().filter(|(long, _)| long != "help").collect();
        assert_eq!(switches.iter().map(|(long, short)| (&**long, *short)).collect::<Vec<_>>(), SWITCHES);
    }
}
