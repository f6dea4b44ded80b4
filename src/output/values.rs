//! Owns the look of the values in force, each with who chose it.
//! Does not choose.

use std::fmt;

use http::HeaderName;
use serde::Serialize;

use crate::output::redact::Secrets;
use crate::output::sanitize;
use crate::output::style::{Meaning, Palette};
use crate::output::table::{self, Column};

const COLUMNS: [Column; 3] = [
    Column { heading: "OPTION", gives_way: 0 },
    Column { heading: "VALUE", gives_way: 0 },
    Column { heading: "FROM", gives_way: 0 },
];

/// An option, its value in words, who said so, and who knew better.
#[derive(Clone, Debug, Serialize)]
pub struct Shown {
    pub option: &'static str,
    pub value: String,
    pub from: Source,
    pub outdone_by: Option<Source>,
}

#[derive(Clone, Debug, Serialize)]
#[serde(tag = "source", rename_all = "kebab-case")]
pub enum Source {
    BuiltIn,
    CommandLine,
    Default { line: usize },
    Environment { variable: &'static str },
    Host { section: String, line: usize },
}

impl fmt::Display for Source {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Source::BuiltIn => f.write_str("built in"),
            Source::CommandLine => f.write_str("command line"),
            Source::Default { line } => write!(f, "[default], line {line}"),
            Source::Environment { variable } => write!(f, "${variable}"),
            Source::Host { section, line } => write!(f, "[host.\"{section}\"], line {line}"),
        }
    }
}

#[derive(Serialize)]
struct Document<'a> {
    version: u32,
    file: &'a str,
    is_there: bool,
    values: &'a [Shown],
}

pub fn json(file: &str, is_there: bool, values: &[Shown]) -> String {
    let document = Document { version: 1, file, is_there, values };
    let mut text = serde_json::to_string_pretty(&document).unwrap_or_default();
    text.push('\n');
    text
}

pub fn table(file: &str, is_there: bool, mut values: Vec<Shown>, palette: Palette) -> String {
    let state = if is_there { "" } else { " (is not there, or left out by -q)" };
    let mut text = format!("{}{state}\n", sanitize::line(file.as_bytes()));
    values.sort_by(|one, other| one.option.cmp(other.option));
    let (held, outdone): (Vec<Shown>, Vec<Shown>) =
        values.into_iter().partition(|shown| shown.outdone_by.is_none());
    text.push_str(&rows(&held, palette));
    if !outdone.is_empty() {
        text.push_str(&palette.paint(Meaning::Quiet, "not in force:"));
        text.push('\n');
        for Shown { option, value, from, outdone_by } in outdone {
            let by = outdone_by.map(|by| by.to_string()).unwrap_or_default();
            let line = format!("  {option}  {value}  {from}, outdone by {by}");
            text.push_str(&sanitize::line(line.as_bytes()));
            text.push('\n');
        }
    }
    text
}

fn rows(values: &[Shown], palette: Palette) -> String {
    let row = |shown: &Shown| {
        let cells = [shown.option, &shown.value, &shown.from.to_string()];
        cells.map(|cell| sanitize::line(cell.as_bytes())).to_vec()
    };
    table::render(&COLUMNS, &values.iter().map(row).collect::<Vec<_>>(), None, palette)
}

/// The value of an option, with what is secret in it masked; a user's name is none.
pub fn value(option: &str, value: &[u8], is_secret: bool, secrets: Secrets) -> String {
    let text = |value: &[u8]| String::from_utf8_lossy(value).into_owned();
    if secrets == Secrets::Revealed || !(is_secret || option == "header") || value.starts_with(b"@") {
        return text(value);
    }
    let halves = |mark: u8| {
        let at = value.iter().position(|octet| *octet == mark)?;
        Some((&value[..at], &value[at + 1..]))
    };
    match (option, halves(b':'), halves(b'=')) {
        ("user" | "proxy-user", Some((user, _)), _) => format!("{}:…", text(user)),
        ("cookie", _, Some((name, _))) => format!("{}=…", text(name)),
        ("header", Some((name, value)), _) => {
            let masked = HeaderName::from_bytes(name.trim_ascii())
                .map(|name| secrets.request_header(&name, value.trim_ascii()));
            format!("{}: {}", text(name), masked.unwrap_or_else(|_| "…".to_owned()))
        }
        _ => "…".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_secret_in_a_value_is_masked() {
        for (option, given, is_secret, expected) in [
            ("user", "ada:pw", true, "ada:…"),
            ("user", "ada", false, "ada"),
            ("oauth2-bearer", "token", true, "…"),
            ("cookie", "a=b; c=d", true, "a=…"),
            ("header", "X-Key: abc", true, "X-Key: … (3 B)"),
            ("header", "X-Team: blue", false, "X-Team: … (4 B)"),
            ("header", "Accept: text/html", false, "Accept: text/html"),
            ("header", "@file", false, "@file"),
            ("proxy", "http://a:b@h", true, "…"),
            ("max-time", "5", false, "5"),
        ] {
            let shown = |secrets| value(option, given.as_bytes(), is_secret, secrets);
            assert_eq!(shown(Secrets::Masked), expected, "{given}");
            assert_eq!(shown(Secrets::Revealed), given);
        }
    }
}
