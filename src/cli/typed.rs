//! Owns a command line as a list of options and their values, however they were spelt.
//! Does not know what they mean, nor which of them holds.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use crate::cli::argv::{Kind, kind, split, value_at};
use crate::cli::options;

/// An option and what is said of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    pub long: &'static str,
    pub given: Given,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Given {
    On,
    Off,
    Value(OsString),
}

impl Entry {
    pub fn value(long: &'static str, value: impl Into<OsString>) -> Entry {
        Entry { long, given: Given::Value(value.into()) }
    }

    /// The value, or nothing of a switch.
    pub fn octets(&self) -> &[u8] {
        match &self.given {
            Given::Value(value) => value.as_bytes(),
            Given::On | Given::Off => b"",
        }
    }

    /// Does the value give a login away?
    pub fn is_secret(&self) -> bool {
        let value = self.octets();
        match self.long {
            "oauth2-bearer" => !value.is_empty(),
            "cookie" => value.contains(&b'='),
            "proxy-user" | "user" => value.contains(&b':'),
            "proxy" | "socks4" | "socks4a" | "socks5" | "socks5-hostname" => value.contains(&b'@'),
            "header" => {
                let end = value.iter().position(|octet| *octet == b':').unwrap_or(value.len());
                let name = value[..end].to_ascii_lowercase();
                let speaks_of = |word: &str| name.windows(word.len()).any(|part| part == word.as_bytes());
                ["auth", "cookie", "key", "secret", "token"].into_iter().any(speaks_of)
            }
            _ => false,
        }
    }

    /// As it would be typed.
    pub fn word(&self) -> OsString {
        let mut word = OsString::from(match self.given {
            Given::Off => "--no-",
            Given::On | Given::Value(_) => "--",
        });
        word.push(self.long);
        if let Given::Value(value) = &self.given {
            word.push("=");
            word.push(value);
        }
        word
    }
}

/// The options of a command line. What is unknown, or lacks its value, is left to the parser.
pub fn entries(arguments: &[OsString]) -> Vec<Entry> {
    let (mut entries, mut rest) = (Vec::new(), arguments.iter());
    while let Some(argument) = rest.next() {
        match kind(argument) {
            Kind::End => break,
            Kind::Negation { switch } => entries.push(Entry { long: switch.long, given: Given::Off }),
            Kind::Option => entries.extend(switches(argument)),
            Kind::Valued { end } => {
                let (option, attached) = split(argument.clone(), end);
                entries.extend(switches(&option));
                let last = match option.as_bytes() {
                    [b'-', b'-', name @ ..] => options::long(name),
                    cluster => cluster.last().and_then(|letter| options::short(*letter)),
                };
                let value = attached.or_else(|| rest.next().cloned());
                entries.extend(last.zip(value).map(|(known, value)| Entry::value(known.long, value)));
            }
            Kind::Positional | Kind::Version => {}
        }
    }
    entries
}

/// Words that were brought into the parser's form (`-sm=5`), as they could have been typed (`--silent --max-time=5`).
pub fn spelt_out(words: Vec<OsString>) -> Vec<OsString> {
    let spell = |word: OsString| {
        let is_cluster = word.len() > 1 && word.as_bytes()[0] == b'-' && word.as_bytes()[1] != b'-';
        let found = if is_cluster { entries(std::slice::from_ref(&word)) } else { Vec::new() };
        if found.is_empty() {
            return vec![word];
        }
        let plain = |entry: Entry| match &entry.given {
            Given::Value(value) => {
                let value = value.as_bytes().strip_prefix(b"=").unwrap_or(value.as_bytes());
                Entry::value(entry.long, OsStr::from_bytes(value)).word()
            }
            _ => entry.word(),
        };
        found.into_iter().map(plain).collect()
    };
    words.into_iter().flat_map(spell).collect()
}

/// The switches of an option or a cluster, up to the letter that takes a value.
fn switches(option: &OsStr) -> Vec<Entry> {
    let on = |known: &options::Known| Entry { long: known.long, given: Given::On };
    match option.as_bytes() {
        [b'-', b'-', name @ ..] => {
            options::long(name).filter(|known| !known.takes_value).map(on).into_iter().collect()
        }
        [b'-', cluster @ ..] => {
            let end = value_at(cluster).unwrap_or(cluster.len());
            cluster[..end].iter().filter_map(|letter| options::short(*letter)).map(on).collect()
        }
        _ => Vec::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_form_of_the_parser_can_be_taken_back() {
        let words = ["-sm=5", "-A=", "http://h", "-d==a", "--jar=x", "-L", "-%"].map(OsString::from).to_vec();
        let spelt = spelt_out(words).join(OsStr::new(" "));
        let expected = "--silent --max-time=5 --user-agent= http://h --data==a --jar=x --location -%";
        assert_eq!(spelt, expected);
    }

    #[test]
    fn an_option_is_the_same_in_every_spelling() {
        for (line, expected) in [
            ("http://h", ""),
            ("-L", "--location"),
            ("-sSLm5 http://h -ofile", "--silent --show-error --location --max-time=5 --output=file"),
            ("-m 5 --max-time=6 --max-time 7", "--max-time=5 --max-time=6 --max-time=7"),
            ("-H X:1 --no-location", "--header=X:1 --no-location"),
            ("-q -- -L", "--disable"),
            ("-d -L", "--data=-L"),
            ("-% --nonsense -m", ""),
            ("--no-compressed", "--no-compressed"),
        ] {
            let words: Vec<OsString> = line.split_whitespace().map(OsString::from).collect();
            let shown: Vec<_> = entries(&words).iter().map(Entry::word).collect();
            assert_eq!(shown.join(OsStr::new(" ")), expected, "{line}");
        }
    }
}
