//! Owns the first look at a command line: finds the verb, and brings curl's spellings into the parser's one form.
//! Does not understand arguments; it only knows which of them take a value, and which are switches.
//!
//! What comes out has the verb in front, unless it is a request, every value attached by `=` (so that it may begin with a hyphen, or with a
//! `=` of its own, as in curl), and no `--no-…`: those have already undone what they undo.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::cli::bridge::Typed;
use crate::cli::options::{self, Known, Part, Parts};

#[derive(Debug, PartialEq)]
pub enum Argv {
    /// And the parts of the tree that it needs.
    Request(Vec<OsString>, Parts),
    /// The verb stands first.
    Verb(Vec<OsString>),
    Version,
}

/// Brings a command line, without the program's name, into its normal form.
///
/// A verb is the first positional only: options before it are moved behind it, and any other first positional makes
/// the command line a request.
pub fn normalise<const N: usize>(arguments: Vec<OsString>, verbs: [&str; N]) -> Argv {
    let mut line = Line { verb: None, words: Vec::new(), parts: Parts::default() };
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        match kind(&argument) {
            Kind::End => {
                line.words.push(Word::Other(argument));
                line.words.extend(rest.by_ref().map(Word::Other));
            }
            Kind::Negation { switch } => line.undo(switch),
            Kind::Option => {
                line.needs(&argument);
                line.words.push(Word::Option(argument));
            }
            // What people type first; a host of that name is written http://help.
            Kind::Positional if line.verb.is_none() && !line.has_positional() && argument == "help" => {
                line.verb = rest.next().and_then(|next| verbs.into_iter().find(|verb| next == **verb));
                line.parts = Parts::ALL;
                line.words.push(Word::Option("--help".into()));
                return line.normal();
            }
            // As `kuki jar --help`, and `kuki jar help list` as `kuki jar list --help`.
            Kind::Positional if line.verb == Some("jar") && !line.has_positional() && argument == "help" => {
                line.words.push(Word::Option("--help".into()));
                line.words.extend(rest.next().map(Word::Positional));
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
                line.needs(&option);
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

/// A word of the command line as it was typed, or a file that holds more of them.
#[derive(Debug, PartialEq)]
pub enum Piece {
    Word(OsString),
    Config(OsString),
    /// A command of curl's that was copied.
    Pasted(OsString),
}

/// Finds the files with more words among the words; all other words stay as they are.
pub fn pieces(arguments: Vec<OsString>) -> Vec<Piece> {
    let mut pieces = Vec::new();
    let mut rest = arguments.into_iter();
    while let Some(argument) = rest.next() {
        match kind(&argument) {
            Kind::End => {
                pieces.push(Piece::Word(argument));
                pieces.extend(rest.by_ref().map(Piece::Word));
            }
            Kind::Valued { end } => {
                let (option, attached) = split(argument.clone(), end);
                let is_attached = attached.is_some();
                let value = attached.or_else(|| rest.next());
                if let (b"--from-curl", Some(file)) = (option.as_bytes(), &value) {
                    pieces.push(Piece::Pasted(file.clone()));
                    continue;
                }
                let switches = match option.as_bytes() {
                    b"--config" => Some(&b""[..]),
                    [b'-', b'-', ..] => None,
                    [b'-', switches @ .., b'K'] => Some(switches),
                    _ => None,
                };
                match (switches, value) {
                    (Some(switches), Some(file)) => {
                        if !switches.is_empty() {
                            pieces.push(Piece::Word(OsString::from_vec([b"-", switches].concat())));
                        }
                        pieces.push(Piece::Config(file));
                    }
                    (_, value) => {
                        pieces.push(Piece::Word(argument));
                        pieces.extend(value.filter(|_| !is_attached).map(Piece::Word));
                    }
                }
            }
            _ => pieces.push(Piece::Word(argument)),
        }
    }
    pieces
}

/// The words of a command of curl's, where whatever is no option is a URL, and one without a scheme is http.
pub fn with_schemes(words: Vec<OsString>) -> Vec<OsString> {
    let (mut all, mut rest) = (Vec::new(), words.into_iter());
    while let Some(word) = rest.next() {
        match kind(&word) {
            // A URL with its scheme is none of the options, and what is typed beside the command may be one.
            Kind::End => all.extend(rest.by_ref().map(|word| with_scheme(&word))),
            Kind::Positional => all.push(with_scheme(&word)),
            Kind::Valued { end } => {
                let (option, attached) = split(word.clone(), end);
                let is_attached = attached.is_some();
                match attached.or_else(|| rest.next()) {
                    Some(url) if option == "--url" => all.push(with_scheme(&url)),
                    value => {
                        all.push(word);
                        all.extend(value.filter(|_| !is_attached));
                    }
                }
            }
            Kind::Negation { .. } | Kind::Option | Kind::Version => all.push(word),
        }
    }
    all
}

/// The options among the words of a command line in its normal form.
pub fn typed(words: &[OsString]) -> Vec<Typed> {
    let mut all = Vec::new();
    for word in words.iter().map(|word| word.as_bytes()).take_while(|word| *word != b"--") {
        match word {
            [b'-', b'-', long @ ..] => {
                let end = long.iter().position(|octet| *octet == b'=').unwrap_or(long.len());
                let value = long.get(end + 1..).map(|value| OsStr::from_bytes(value).to_owned());
                all.extend(options::long(&long[..end]).map(|option| Typed { option, value }));
            }
            [b'-', cluster @ ..] => {
                let end = value_at(cluster).unwrap_or(cluster.len());
                let known = |letter: &u8| options::short(*letter);
                all.extend(
                    cluster[..end].iter().filter_map(known).map(|option| Typed { option, value: None }),
                );
                let value = cluster.get(end + 2..).map(|value| OsStr::from_bytes(value).to_owned());
                all.extend(cluster.get(end).and_then(known).map(|option| Typed { option, value }));
            }
            _ => {}
        }
    }
    all
}

fn with_scheme(url: &OsStr) -> OsString {
    let is_of_scheme = |octet: &u8| octet.is_ascii_alphanumeric() || b"+-.".contains(octet);
    let end = url.as_bytes().iter().position(|octet| !is_of_scheme(octet)).unwrap_or(url.len());
    let begins_well = url.as_bytes().first().is_some_and(u8::is_ascii_alphabetic);
    if begins_well && url.as_bytes()[end..].starts_with(b"://") {
        url.to_owned()
    } else {
        OsString::from_vec([b"http://", url.as_bytes()].concat())
    }
}

struct Line<'a> {
    verb: Option<&'a str>,
    words: Vec<Word>,
    parts: Parts,
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

    /// Notes to which parts of the tree an option or a cluster belongs. Of what is unknown the whole tree has to say so.
    fn needs(&mut self, option: &OsStr) {
        match option.as_bytes() {
            [b'-', b'-', name @ ..] => self.add(options::long(name)),
            [b'-', cluster @ ..] => cluster.iter().for_each(|letter| self.add(options::short(*letter))),
            _ => {}
        }
    }

    fn add(&mut self, known: Option<&Known>) {
        match known {
            Some(known) => self.parts.add(known.part),
            None => self.parts = Parts::ALL,
        }
    }

    /// Takes back every switch of this name that was given so far.
    fn undo(&mut self, Known { long, short, .. }: &Known) {
        self.words.retain_mut(|word| {
            let Word::Option(option) = word else { return true };
            match option.as_bytes() {
                [b'-', b'-', name @ ..] => name != long.as_bytes(),
                [b'-', cluster @ ..] => {
                    // The letters of a cluster are switches up to the one that takes a value.
                    let end = value_at(cluster).unwrap_or(cluster.len());
                    let (switches, rest) = cluster.split_at(end);
                    let kept = switches.iter().copied().filter(|letter| letter != short);
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
        if matches!(self.verb, Some("jar" | "config"))
            && let Some(at) = words.iter().position(|word| matches!(word, Word::Positional(_)))
        {
            let action = words.remove(at);
            words.insert(0, action);
        }
        if self.verb.is_some_and(|verb| verb != "config") {
            // It has been heeded by who would have read the file, and no verb has a use for it.
            words.retain(
                |word| !matches!(word, Word::Option(option) if option == "-q" || option == "--disable"),
            );
        }
        let words = words.into_iter().map(|word| match word {
            Word::Option(word) | Word::Positional(word) | Word::Other(word) => word,
        });
        match self.verb {
            Some(verb) => Argv::Verb(std::iter::once(OsString::from(verb)).chain(words).collect()),
            None => Argv::Request(words.collect(), self.parts),
        }
    }
}

pub(super) enum Kind {
    /// `--`: nothing behind it is an option.
    End,
    Negation {
        switch: &'static Known,
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

pub(super) fn kind(argument: &OsStr) -> Kind {
    match argument.as_bytes() {
        b"--" => Kind::End,
        b"-V" | b"--version" => Kind::Version,
        [b'-', b'-', long @ ..] => {
            let end = long.iter().position(|octet| *octet == b'=').unwrap_or(long.len());
            let name = &long[..end];
            match options::long(name) {
                Some(Known { takes_value: true, .. }) => return Kind::Valued { end: end + 2 },
                Some(_) => return Kind::Option,
                None => {}
            }
            match options::long(long.strip_prefix(b"no-").unwrap_or_default()) {
                Some(switch) if !switch.takes_value && switch.part != Part::Filter => {
                    Kind::Negation { switch }
                }
                _ => Kind::Option,
            }
        }
        [b'-', cluster @ ..] if !cluster.is_empty() => match value_at(cluster) {
            Some(at) => Kind::Valued { end: at + 2 },
            None => Kind::Option,
        },
        _ => Kind::Positional,
    }
}

/// Where in a cluster of letters the one stands that takes the rest as its value.
pub(super) fn value_at(cluster: &[u8]) -> Option<usize> {
    cluster.iter().position(|letter| options::short(*letter).is_some_and(|known| known.takes_value))
}

/// An option's name and the value that is attached to it: `--long=value`, `-xvalue`, and curl's `-x=value`, whose
/// value is `=value`.
pub(super) fn split(argument: OsString, end: usize) -> (OsString, Option<OsString>) {
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
        match normalise(line.split_whitespace().map(OsString::from).collect(), ["config", "jar", "lab"]) {
            Argv::Request(words, _) => format!("request {}", text(words)).trim_end().to_owned(),
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
    fn a_configuration_file_is_found_wherever_it_is_an_option() {
        let found = |line: &str| {
            let pieces = pieces(line.split_whitespace().map(OsString::from).collect());
            let shown = pieces.into_iter().map(|piece| match piece {
                Piece::Word(word) => word.to_string_lossy().into_owned(),
                Piece::Config(file) => format!("<{}>", file.to_string_lossy()),
                Piece::Pasted(file) => format!("«{}»", file.to_string_lossy()),
            });
            shown.collect::<Vec<_>>().join(" ")
        };
        for (line, expected) in [
            ("-K f http://h", "<f> http://h"),
            ("-Kf --config=g --config h", "<f> <g> <h>"),
            ("-sKf", "-s <f>"),
            ("-o -K -d --config", "-o -K -d --config"),
            ("-uK --data=-K", "-uK --data=-K"),
            ("-- -K f", "-- -K f"),
            ("-K", "-K"),
            ("-I --from-curl - --from-curl=f -v", "-I «-» «f» -v"),
            ("-d --from-curl", "-d --from-curl"),
        ] {
            assert_eq!(found(line), expected, "{line}");
        }
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
        assert_eq!(normal("jar help"), "jar --help");
        assert_eq!(normal("jar help list"), "jar list --help");
        assert_eq!(normal("jar remove help"), "jar remove help");
        assert_eq!(normal("lab help"), "lab help");
    }

    #[test]
    fn options_go_behind_the_verb_and_its_action() {
        assert_eq!(normal("--jar x jar list --reveal"), "jar list --jar=x --reveal");
        assert_eq!(normal("jar --jar x list"), "jar list --jar=x");
        assert_eq!(normal("--jar x jar --help"), "jar --jar=x --help");
        assert_eq!(normal("--jar=x lab"), "lab --jar=x");
        assert_eq!(normal("-q jar list"), "jar list");
        assert_eq!(normal("-L config h show"), "config h -L show");
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
        assert_eq!(normal("jar clear --session --no-session"), "jar clear --session --no-session");
    }

    #[test]
    fn a_version_is_asked_for_anywhere_but_in_a_value() {
        assert_eq!(normal("-s -V"), "VERSION");
        assert_eq!(normal("-d -V h"), "request -d=-V h");
        assert_eq!(normal("-- -V"), "request -- -V");
    }

    #[test]
    fn only_the_parts_that_were_named_are_needed_and_all_of_them_where_something_is_unknown() {
        let parts =
            |line: &str| match normalise(line.split_whitespace().map(OsString::from).collect(), ["jar"]) {
                Argv::Request(_, parts) => parts,
                other => panic!("{other:?}"),
            };
        let only = |some: &[Part]| {
            let mut parts = Parts::default();
            some.iter().for_each(|part| parts.add(*part));
            parts
        };
        assert_eq!(parts("http://h"), only(&[]));
        assert_eq!(parts("-d -v h --no-jar"), only(&[Part::Body, Part::Jar]));
        assert_eq!(parts("-svdx --jar=y h"), only(&[Part::Response, Part::Body, Part::Jar]));
        for line in ["--nope h", "--help", "-Q h", "-vQ h", "help"] {
            assert_eq!(parts(line), Parts::ALL, "{line}");
        }
    }
}
