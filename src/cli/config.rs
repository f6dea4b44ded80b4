//! Owns curl's configuration files: one option a line, which becomes the words of a command line.
//! Does not open a file.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use clap::Args;

use crate::cli::options;

/// Where more options come from.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Configuration")]
pub struct ConfigPart {
    /// Read options from this file, one a line, as `user-agent = "x"`, in its place (can be repeated); `-` is standard
    /// input
    #[arg(short = 'K', long, value_name = "FILE")]
    pub config: Vec<OsString>,

    /// Leave out the user's configuration file, which `kuki config path` names
    #[arg(short = 'q', long)]
    pub disable: bool,
}

/// A line that can't be read.
#[derive(Debug, PartialEq, Eq)]
pub struct BadLine {
    pub number: usize,
    pub why: &'static str,
}

/// Can there be a file with more words among these?
pub fn may_be_named(arguments: &[OsString]) -> bool {
    arguments.iter().any(|argument| match argument.as_bytes() {
        [b'-', b'-', long @ ..] => long.starts_with(b"config") || long.starts_with(b"from-curl"),
        [b'-', cluster @ ..] => cluster.contains(&b'K'),
        _ => false,
    })
}

/// The words that a file stands for.
pub fn words(text: &[u8]) -> Result<Vec<OsString>, BadLine> {
    let mut words = Vec::new();
    for (at, line) in text.split(|octet| *octet == b'\n').enumerate() {
        let line = line.trim_ascii();
        if line.is_empty() || line.starts_with(b"#") {
            continue;
        }
        words.extend(word(line).map_err(|why| BadLine { number: at + 1, why })?);
    }
    Ok(words)
}

fn word(line: &[u8]) -> Result<Option<OsString>, &'static str> {
    let ends_name = |octet: &u8| octet.is_ascii_whitespace() || [b'=', b':'].contains(octet);
    let (name, rest) = line.split_at(line.iter().position(ends_name).unwrap_or(line.len()));
    let rest = rest.trim_ascii_start();
    let rest = rest.strip_prefix(b"=").or(rest.strip_prefix(b":")).unwrap_or(rest).trim_ascii_start();
    let value = value(rest)?;
    let bare = name.strip_prefix(b"--").unwrap_or(name);
    let (option, known) = match name {
        [b'-', letter] => (name.to_vec(), options::short(*letter)),
        _ => ([b"--", bare].concat(), options::long(bare)),
    };
    match (known.map(|known| known.takes_value), value) {
        (Some(true), None) => Err("the option's value is missing"),
        (Some(false), Some(_)) => Err("the option takes no value"),
        (_, None) => Ok(Some(OsString::from_vec(option))),
        (_, Some(value)) => {
            let joint: &[u8] = if option.starts_with(b"--") { b"=" } else { b"" };
            Ok(Some(OsString::from_vec([&option, joint, value.as_bytes()].concat())))
        }
    }
}

/// A word, or whatever stands in quotes; behind it there is at most a comment.
fn value(text: &[u8]) -> Result<Option<OsString>, &'static str> {
    let (value, rest) = match text {
        [] | [b'#', ..] => return Ok(None),
        [b'"', quoted @ ..] => quoted_value(quoted).ok_or("the closing quote is missing")?,
        _ => {
            let end = text.iter().position(u8::is_ascii_whitespace).unwrap_or(text.len());
            (text[..end].to_vec(), &text[end..])
        }
    };
    match rest.trim_ascii_start() {
        [] | [b'#', ..] => Ok(Some(OsStr::from_bytes(&value).to_owned())),
        _ => Err("a value with blanks in it must stand in double quotes"),
    }
}

fn quoted_value(text: &[u8]) -> Option<(Vec<u8>, &[u8])> {
    let (mut value, mut octets) = (Vec::new(), text.iter());
    loop {
        match octets.next()? {
            b'"' => return Some((value, octets.as_slice())),
            b'\\' => value.push(match octets.next()? {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                b'v' => 0x0b,
                other => *other,
            }),
            octet => value.push(*octet),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<String>, BadLine> {
        let words = words(text.as_bytes())?;
        Ok(words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn a_line_is_an_option_as_curl_writes_it() {
        for (line, expected) in [
            ("", &[][..]),
            ("  # user = x", &[]),
            ("silent", &["--silent"]),
            ("--silent # quiet", &["--silent"]),
            ("-s", &["-s"]),
            ("user = ada:pw", &["--user=ada:pw"]),
            ("user: ada", &["--user=ada"]),
            ("--user ada\r", &["--user=ada"]),
            ("-u ada", &["-uada"]),
            ("user-agent=\"a \\\"b\\\" \\t#\" # c", &["--user-agent=a \"b\" \t#"]),
            ("data = \"\"", &["--data="]),
            ("url = http://a.test/?a=b:c", &["--url=http://a.test/?a=b:c"]),
            ("nonsense = 1", &["--nonsense=1"]),
            ("no-silent", &["--no-silent"]),
            ("silent\n\nlocation", &["--silent", "--location"]),
        ] {
            assert_eq!(read(line).expect(line), expected, "{line}");
        }
    }

    #[test]
    fn a_line_that_cannot_be_read_is_numbered() {
        for (text, number) in [
            ("user", 1),
            ("\n\nuser =", 3),
            ("silent = 1", 1),
            ("data = a b", 1),
            ("#\ndata = \"a", 2),
            ("data = \"a\" b", 1),
            ("url", 1),
        ] {
            assert_eq!(read(text).map_err(|bad| bad.number), Err(number), "{text}");
        }
    }
}
