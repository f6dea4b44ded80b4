//! Owns the configuration file: TOML, in which every key is the long name of an option.
//! Does not open the file, and does not say for which URLs a section is.

use std::ffi::OsString;

use clap::{ArgAction, Command};
use toml::Spanned;
use toml::de::{DeInteger, DeTable, DeValue};

use crate::cli::options::{self, KNOWN, Known, Part};
use crate::cli::request::PARTS;
use crate::cli::typed::{Entry, Given};

/// What a file says.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Defaults {
    pub general: Vec<Setting>,
    pub hosts: Vec<HostSection>,
}

#[derive(Debug, PartialEq, Eq)]
pub struct HostSection {
    pub pattern: String,
    pub place: Place,
    pub settings: Vec<Setting>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setting {
    pub entry: Entry,
    pub place: Place,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Place {
    pub line: usize,
    pub column: usize,
}

/// What is wrong with a file, where, and what would mend it.
#[derive(Debug, PartialEq, Eq)]
pub struct BadFile {
    pub place: Place,
    pub why: String,
    pub hint: String,
}

/// What is said of one request belongs on its command line.
const OF_ONE_REQUEST: [&str; 27] = [
    "as-curl",
    "config",
    "continue-at",
    "cookie-jar",
    "data",
    "data-ascii",
    "data-binary",
    "data-raw",
    "data-urlencode",
    "disable",
    "etag-compare",
    "etag-save",
    "form",
    "form-string",
    "from-curl",
    "get",
    "head",
    "json",
    "multipart",
    "offline",
    "output",
    "range",
    "remote-name",
    "request",
    "upload-file",
    "url",
    "urlencoded",
];

/// What would go to every host that is ever asked.
const OF_ONE_HOST: [&str; 10] = [
    "bearer-command",
    "bearer-env",
    "cert",
    "cookie",
    "key",
    "oauth2-bearer",
    "password-command",
    "password-env",
    "password-file",
    "user",
];

const HEADERS_OF_ONE_HOST: [&str; 3] = ["authorization", "cookie", "proxy-authorization"];

/// The key of a value in a section, with the text around it.
struct Cell<'a> {
    text: &'a str,
    is_general: bool,
    key: &'a str,
    at: usize,
}

pub fn read(text: &str) -> Result<Defaults, BadFile> {
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(0, |span| span.start);
        bad(text, at, error.message(), "the form is TOML: `key = value`, and text in quotes")
    })?;
    let mut defaults = Defaults::default();
    for (key, value) in in_order(table.get_ref()) {
        let at = key.span().start;
        match (&**key.get_ref(), value.get_ref()) {
            ("default", DeValue::Table(section)) => defaults.general = settings(text, section, true)?,
            ("host", DeValue::Table(sections)) => defaults.hosts = hosts(text, sections)?,
            (name @ ("default" | "host"), _) => {
                return Err(bad(text, at, &format!("`{name}` is a section"), &sections_hint()));
            }
            (name, _) if options::long(name.as_bytes()).is_some() => {
                return Err(bad(
                    text,
                    at,
                    &format!("`{name}` stands in no section"),
                    "write [default] above it",
                ));
            }
            (name, _) => {
                return Err(bad(text, at, &format!("there is no section `{name}`"), &sections_hint()));
            }
        }
    }
    Ok(defaults)
}

fn sections_hint() -> String {
    "the sections are [default] and [host.\"example.com\"]".to_owned()
}

fn hosts(text: &str, sections: &DeTable) -> Result<Vec<HostSection>, BadFile> {
    let mut hosts = Vec::new();
    for (key, value) in in_order(sections) {
        let (pattern, at) = (key.get_ref().to_string(), key.span().start);
        let DeValue::Table(section) = value.get_ref() else {
            return Err(bad(text, at, &format!("`{pattern}` stands in no host's section"), &sections_hint()));
        };
        // Without quotes the dots of a host make tables in tables.
        if let Some((inner, _)) = section.iter().find(|(_, value)| value.get_ref().is_table()) {
            let why = format!("`{pattern}.{}` is not in quotes", inner.get_ref());
            return Err(bad(text, at, &why, "write the host as [host.\"example.com\"]"));
        }
        let settings = settings(text, section, false)?;
        hosts.push(HostSection { pattern, place: place(text, at), settings });
    }
    Ok(hosts)
}

/// As they were written.
fn in_order<'t, 'i>(table: &'t DeTable<'i>) -> Vec<Row<'t, 'i>> {
    let mut rows: Vec<_> = table.iter().collect();
    rows.sort_by_key(|(key, _)| key.span().start);
    rows
}

type Row<'t, 'i> = (&'t Spanned<std::borrow::Cow<'i, str>>, &'t Spanned<DeValue<'i>>);

fn settings(text: &str, section: &DeTable, is_general: bool) -> Result<Vec<Setting>, BadFile> {
    let mut settings = Vec::new();
    for (key, value) in in_order(section) {
        let cell = Cell { text, is_general, key: key.get_ref(), at: key.span().start };
        let known = cell.known()?;
        let place = place(text, cell.at);
        let givens = cell.givens(known, value)?;
        settings.extend(
            givens.into_iter().map(|given| Setting { entry: Entry { long: known.long, given }, place }),
        );
    }
    Ok(settings)
}

impl Cell<'_> {
    fn bad(&self, why: &str, hint: &str) -> BadFile {
        bad(self.text, self.at, why, hint)
    }

    fn known(&self) -> Result<&'static Known, BadFile> {
        let key = self.key;
        let Some(known) = options::long(key.as_bytes()) else { return Err(self.unknown()) };
        if matches!(known.part, Part::Verb | Part::Filter) || OF_ONE_REQUEST.contains(&known.long) {
            return Err(self.bad(
                &format!("`{key}` belongs to one command, and can't stand here"),
                &format!("type --{key} where it is meant"),
            ));
        }
        if known.long == "location-trusted" {
            return Err(self.bad(
                "`location-trusted` can't stand here: it hands logins to whatever host a redirect names",
                "type --location-trusted where it is meant; `location = true` follows redirects without",
            ));
        }
        if self.is_general && OF_ONE_HOST.contains(&known.long) {
            return Err(self.of_one_host(key));
        }
        Ok(known)
    }

    fn of_one_host(&self, what: &str) -> BadFile {
        self.bad(
            &format!("`{what}` in [default] would go to every host"),
            "put it into the section of its host, as [host.\"example.com\"]",
        )
    }

    fn unknown(&self) -> BadFile {
        let key = self.key;
        if let Some(switch) = key.strip_prefix("no-").filter(|rest| options::long(rest.as_bytes()).is_some())
        {
            return self.bad(&format!("`{key}` is no key"), &format!("write {switch} = false"));
        }
        let letter = key.trim_start_matches('-');
        let long = match letter.as_bytes() {
            [letter] => options::short(*letter).map(|known| known.long),
            name => options::long(name).map(|known| known.long),
        };
        let can_stand = |known: &&Known| !matches!(known.part, Part::Verb | Part::Filter);
        let meant = long.or_else(|| nearest(key, KNOWN.iter().filter(can_stand).map(|known| known.long)));
        let hint = meant.map_or_else(
            || "a key is the long name of an option; kuki --help lists them".to_owned(),
            |meant| format!("did you mean `{meant}`?"),
        );
        self.bad(&format!("there is no option `{key}`"), &hint)
    }

    fn givens(&self, known: &Known, value: &Spanned<DeValue>) -> Result<Vec<Given>, BadFile> {
        let key = self.key;
        match (value.get_ref(), known.takes_value) {
            (DeValue::Boolean(on), false) => Ok(vec![if *on { Given::On } else { Given::Off }]),
            (_, false) => {
                Err(self
                    .bad(&format!("`{key}` is a switch"), &format!("write {key} = true, or {key} = false")))
            }
            (DeValue::Array(values), true) if is_repeatable(known) => {
                values.iter().map(|value| self.scalar(value.get_ref())).collect()
            }
            (DeValue::Array(_), true) => {
                Err(self.bad(&format!("`{key}` takes one value"), "write it without the brackets"))
            }
            (value, true) => Ok(vec![self.scalar(value)?]),
        }
    }

    fn scalar(&self, value: &DeValue) -> Result<Given, BadFile> {
        let key = self.key;
        let text = match value {
            DeValue::String(text) => text.to_string(),
            DeValue::Integer(number) => decimal(number).ok_or_else(|| {
                self.bad(&format!("the number of `{key}` is too large"), "write it in quotes")
            })?,
            DeValue::Float(number) => number.as_str().to_owned(),
            _ => {
                let hint = format!("write {key} = \"…\"");
                return Err(self.bad(&format!("`{key}` takes text or a number"), &hint));
            }
        };
        if text.contains('\0') {
            return Err(self.bad(&format!("the value of `{key}` holds a NUL"), "leave it out"));
        }
        let header = text.split([':', ';']).next().unwrap_or_default().trim().to_ascii_lowercase();
        if key == "header" && self.is_general && HEADERS_OF_ONE_HOST.contains(&&*header) {
            return Err(self.of_one_host(&format!("header {header}")));
        }
        if key == "cookie" && !text.contains('=') {
            let hint = "write cookie = \"name=value\"; for a file of cookies there is jar = \"…\"";
            return Err(self.bad("`cookie` names a file", hint));
        }
        Ok(Given::Value(OsString::from(text)))
    }
}

/// The word that is most alike, if one is alike enough.
fn nearest<'a>(typed: &str, words: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let alike = words.map(|word| (strsim::jaro(typed, word), word)).filter(|(alike, _)| *alike > 0.75);
    alike.max_by(|(one, _), (other, _)| one.total_cmp(other)).map(|(_, word)| word)
}

fn decimal(number: &DeInteger) -> Option<String> {
    i64::from_str_radix(number.as_str(), number.radix()).ok().map(|number| number.to_string())
}

/// Does another value join those before, instead of taking their place?
pub fn is_repeatable(known: &Known) -> bool {
    let part = PARTS.iter().find(|(part, _)| *part == known.part);
    part.is_some_and(|(_, augment)| {
        let built = augment(Command::new("part"));
        built.get_arguments().any(|argument| {
            argument.get_long() == Some(known.long) && matches!(argument.get_action(), ArgAction::Append)
        })
    })
}

fn bad(text: &str, at: usize, why: &str, hint: &str) -> BadFile {
    let first = why.lines().next().unwrap_or_default();
    BadFile { place: place(text, at), why: first.to_owned(), hint: hint.to_owned() }
}

/// Columns count characters, from 1.
fn place(text: &str, at: usize) -> Place {
    let before = text.get(..at).unwrap_or(text);
    let line = before.rsplit('\n').next().unwrap_or_default();
    Place { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(settings: &[Setting]) -> String {
        let words = settings.iter().map(|setting| setting.entry.word().to_string_lossy().into_owned());
        words.collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn a_key_is_the_long_name_of_an_option() {
        for (text, expected) in [
            ("", ""),
            ("[default]\n# nothing\n", ""),
            ("[default]\nlocation = true\nmax-time = 10", "--location --max-time=10"),
            ("default.max-time = 0.5", "--max-time=0.5"),
            ("[default]\nmax-time = 0x10\ncompressed = false", "--max-time=16 --no-compressed"),
            ("[default]\nheader = [\"X-A: b\", 'X-B: c']", "--header=X-A: b --header=X-B: c"),
            ("[default]\nuser-agent = \"\"\njar = \"work\"", "--user-agent= --jar=work"),
            ("default = { silent = true }", "--silent"),
        ] {
            assert_eq!(shown(&read(text).expect(text).general), expected, "{text}");
        }
    }

    #[test]
    fn a_host_has_a_section_of_its_own() {
        let text =
            "[host.\"b.test\"]\nuser = \"ada\"\n[host.\"*.a.test\"]\n\"max-time\" = 1\n[host.intranet]\n";
        let found = read(text).expect("a sound file");
        let hosts: Vec<_> =
            found.hosts.iter().map(|host| (&*host.pattern, host.place.line, shown(&host.settings))).collect();
        let expected = [("b.test", 1, "--user=ada"), ("*.a.test", 3, "--max-time=1"), ("intranet", 5, "")];
        assert_eq!(hosts, expected.map(|(host, line, words)| (host, line, words.to_owned())));
    }

    #[test]
    fn what_cannot_stand_in_a_file_is_told_with_its_place() {
        for (text, line, column, why, hint) in [
            (
                "[default]\n  locatoin = true",
                2,
                3,
                "there is no option `locatoin`",
                "did you mean `location`?",
            ),
            ("[default]\nL = true", 2, 1, "there is no option `L`", "did you mean `location`?"),
            (
                "[default]\n--location = true",
                2,
                1,
                "there is no option `--location`",
                "did you mean `location`?",
            ),
            ("[default]\nno-location = true", 2, 1, "`no-location` is no key", "write location = false"),
            ("location = true", 1, 1, "`location` stands in no section", "write [default] above it"),
            ("[defaults]", 1, 2, "there is no section `defaults`", "the sections are [default] and"),
            ("[host.a.test]\nsilent = true", 1, 7, "`a.test` is not in quotes", "write the host as"),
            ("[host]\nuser = \"a\"", 2, 1, "`user` stands in no host's section", "the sections are"),
            ("[default]\nlocation = \"yes\"", 2, 1, "`location` is a switch", "write location = true,"),
            ("[default]\nmax-time = [1]", 2, 1, "`max-time` takes one value", "write it without"),
            ("[default]\nmax-time = true", 2, 1, "`max-time` takes text or a number", "write max-time = "),
            ("[default]\nheader = [1979-05-27]", 2, 1, "`header` takes text or a number", "write header = "),
            (
                "[default]\ndata = \"a\"",
                2,
                1,
                "`data` belongs to one command, and can't stand here",
                "type --data",
            ),
            ("[default]\nconfig = \"a\"", 2, 1, "`config` belongs to one command", "type --config"),
            ("[default]\nexpired = true", 2, 1, "`expired` belongs to one command", "type --expired"),
            ("[default]\nhelp = true", 2, 1, "there is no option `help`", "a key is the long name"),
            ("[default]\nuser = \"a\"", 2, 1, "`user` in [default] would go to every host", "put it into"),
            (
                "[default]\nheader = \"Cookie : a\"",
                2,
                1,
                "`header cookie` in [default] would go",
                "put it into",
            ),
            ("[host.a]\ncookie = \"file\"", 2, 1, "`cookie` names a file", "write cookie = "),
            (
                "[host.a]\nlocation-trusted = true",
                2,
                1,
                "`location-trusted` can't stand here",
                "type --location",
            ),
            (
                "[default]\nmax-time = 99999999999999999999",
                2,
                1,
                "the number of `max-time` is too large",
                "write",
            ),
            (
                "[default]\nuser-agent = \"\\u0000\"",
                2,
                1,
                "the value of `user-agent` holds a NUL",
                "leave it out",
            ),
        ] {
            let found = read(text).expect_err(text);
            let Place { line: found_line, column: found_column } = found.place;
            assert_eq!((found_line, found_column), (line, column), "{text}");
            assert!(found.why.starts_with(why) && found.hint.starts_with(hint), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_is_no_toml_is_told_with_its_place() {
        for (text, line) in [
            ("[default", 1),
            ("[default]\nmax-time = ", 2),
            ("[default]\nsilent = true\nsilent = true", 3),
            ("[default]\n\n\"a", 3),
        ] {
            let found = read(text).expect_err(text);
            assert_eq!(found.place.line, line, "{text}: {found:?}");
            assert!(!found.why.is_empty() && !found.why.contains('\n'), "{text}: {found:?}");
        }
    }

    #[test]
    fn what_is_told_apart_by_name_exists() {
        for name in OF_ONE_REQUEST.iter().chain(&OF_ONE_HOST) {
            assert!(options::long(name.as_bytes()).is_some(), "{name}");
        }
    }
}
