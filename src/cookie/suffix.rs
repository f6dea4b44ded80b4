//! Owns the question which domains are registries, under which strangers are neighbours.
//! Does not read the list from anywhere: one is compiled in, so that asking costs nothing at start, and another may
//! be brought as text.

use std::fmt;

use publicsuffix::{List, Psl};

/// The version of the crate that carries the compiled-in list; the lock file is held to it by a test.
pub const LIST_VERSION: &str = "2.1.247";

/// A public suffix list. Only canonical names may be asked: lists know neither capitals nor trailing dots.
pub trait Suffixes: fmt::Debug + Send + Sync {
    /// The public suffix of a name; an unlisted top-level label counts as one.
    fn public_suffix<'a>(&self, name: &'a str) -> &'a str;
}

/// The list of the `psl` crate.
#[derive(Clone, Copy, Debug, Default)]
pub struct Compiled;

impl Compiled {
    /// Is the name itself a public suffix of the list? One that is only unknown there is not.
    pub fn lists(name: &str) -> bool {
        psl::suffix(name.as_bytes()).is_some_and(|suffix| suffix.is_known() && suffix == name)
    }
}

impl Suffixes for Compiled {
    fn public_suffix<'a>(&self, name: &'a str) -> &'a str {
        psl::suffix_str(name).unwrap_or(name)
    }
}

/// A list in the form in which publicsuffix.org gives it out.
#[derive(Clone, Debug)]
pub struct Read(List);

impl Read {
    pub fn from_text(text: &str) -> Result<Read, String> {
        let list: List = text.parse().map_err(|error: publicsuffix::Error| error.to_string())?;
        Ok(Read(list))
    }
}

impl Suffixes for Read {
    fn public_suffix<'a>(&self, name: &'a str) -> &'a str {
        let length = self.0.suffix(name.as_bytes()).map_or(name.len(), |suffix| suffix.as_bytes().len());
        &name[name.len() - length..]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CASES: [(&str, &str); 8] = [
        ("www.example.com", "com"),
        ("a.b.co.uk", "co.uk"),
        ("x.foo.ck", "foo.ck"),
        ("x.www.ck", "ck"),
        ("me.github.io", "github.io"),
        ("y.x.compute.amazonaws.com", "x.compute.amazonaws.com"),
        ("app.corp.test", "test"),
        ("localhost", "localhost"),
    ];

    #[test]
    fn rules_wildcards_exceptions_and_the_private_section_are_known() {
        for (name, suffix) in CASES {
            assert_eq!(Compiled.public_suffix(name), suffix, "{name}");
        }
    }

    #[test]
    fn a_list_that_was_read_answers_as_the_compiled_one() {
        let text = "// ===BEGIN ICANN DOMAINS===\ncom\nuk\nco.uk\nio\n*.ck\n!www.ck\n// ===END ICANN DOMAINS===\n\
                    // ===BEGIN PRIVATE DOMAINS===\ngithub.io\n*.compute.amazonaws.com\n// ===END PRIVATE DOMAINS===\n";
        let list = Read::from_text(text).expect("a good list");
        for (name, suffix) in CASES {
            assert_eq!(list.public_suffix(name), suffix, "{name}");
        }
    }

    #[test]
    fn the_stated_list_version_is_the_locked_one() {
        let lock = include_str!("../../Cargo.lock");
        let locked = format!("name = \"psl\"\nversion = \"{LIST_VERSION}\"");
        assert!(lock.contains(&locked), "Cargo.lock has another version of the list: state it here");
    }
}
