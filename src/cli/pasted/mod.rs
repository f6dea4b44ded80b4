//! Owns the reading of a command line of curl's that was copied from somewhere: its words, as a shell would give them.
//! Does not run anything: what a shell would have to compute or start is refused, with its place.

mod ansi;
mod cmd;
mod posix;

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::cli::argv;

/// What can't be read, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct BadPaste {
    pub line: usize,
    pub column: usize,
    pub why: String,
}

/// The same, with the place as an offset.
#[derive(Debug, PartialEq, Eq)]
struct Stop {
    at: usize,
    why: String,
}

/// The words behind `curl`; each URL has its scheme, so that it can be taken for nothing else.
pub fn words(text: &[u8]) -> Result<Vec<OsString>, BadPaste> {
    let from = start(text);
    let read = if is_of_cmd(&text[from..]) { cmd::words(text, from) } else { posix::words(text, from) };
    let mut words = read.map_err(|stop| placed(text, stop))?;
    let bad = |why: String| Err(placed(text, Stop { at: from, why }));
    match words.first().map(Vec::as_slice) {
        None => return bad("there is no command".to_owned()),
        Some(first) if is_curl(first) => drop(words.remove(0)),
        Some(first) if !first.starts_with(b"-") && !first.iter().any(|octet| b".:/".contains(octet)) => {
            return bad(format!("the command is `{}`, and not curl", String::from_utf8_lossy(first)));
        }
        Some(_) => {}
    }
    Ok(argv::with_schemes(words.into_iter().map(OsString::from_vec).collect()))
}

/// Where the command begins: behind white space and a prompt.
fn start(text: &[u8]) -> usize {
    let rest = text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text).trim_ascii_start();
    let rest = rest.strip_prefix(b"$ ").unwrap_or(rest).trim_ascii_start();
    text.len() - rest.len()
}

fn is_curl(word: &[u8]) -> bool {
    let name = OsStr::from_bytes(word).as_bytes().rsplit(|octet| b"/\\".contains(octet)).next();
    name.is_some_and(|name| name == b"curl" || name.eq_ignore_ascii_case(b"curl.exe"))
}

/// Browsers write for cmd.exe with carets, or with quotes that are doubled; for other shells, with single quotes.
fn is_of_cmd(text: &[u8]) -> bool {
    let Some(at) = text.iter().position(|octet| b"'\"^\\$".contains(octet)) else { return false };
    let mut rest = &text[at..];
    let mut is_quoted = false;
    while let [octet, more @ ..] = rest {
        rest = match (octet, more, is_quoted) {
            (b'^', [] | [b'"' | b'\r' | b'\n' | b'%' | b'&' | b'^' | b'|', ..], false) => return true,
            (b'\'' | b'$', ..) | (b'\\', [b'\r' | b'\n', ..], _) if !is_quoted => return false,
            (b'\\', [_, more @ ..], _) => more,
            (b'"', [b'"', ..] | [b'%', b'"', ..], true) => return true,
            (b'"', ..) => {
                is_quoted = !is_quoted;
                more
            }
            _ => more,
        };
    }
    false
}

fn placed(text: &[u8], Stop { at, why }: Stop) -> BadPaste {
    let before = &text[..at.min(text.len())];
    let line = before.iter().filter(|octet| **octet == b'\n').count() + 1;
    let begin = before.iter().rposition(|octet| *octet == b'\n').map_or(0, |at| at + 1);
    BadPaste { line, column: String::from_utf8_lossy(&before[begin..]).chars().count() + 1, why }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words, or where and why there are none, as a table of cases has them.
    pub fn joined(words: Result<Vec<Vec<u8>>, Stop>) -> Result<String, String> {
        let words = words.map_err(|stop| format!("{} {}", stop.at, stop.why))?;
        let words: Vec<_> = words.iter().map(|word| String::from_utf8_lossy(word).into_owned()).collect();
        Ok(words.join("|"))
    }

    fn read(text: &str) -> Result<Vec<String>, String> {
        let words =
            words(text.as_bytes()).map_err(|bad| format!("{}:{} {}", bad.line, bad.column, bad.why))?;
        Ok(words.into_iter().map(|word| word.to_string_lossy().into_owned()).collect())
    }

    #[test]
    fn a_command_may_stand_behind_a_prompt_and_need_not_name_curl() {
        for text in [
            "curl -I http://h/",
            "  $ curl -I http://h/\n\n",
            "/usr/bin/curl -I http://h/\r\n",
            "curl.exe -I http://h/",
            "CURL.EXE -I \"http://h/\" ^\n",
            "-I 'http://h/'",
            "\u{feff}curl \\\r\n  -I \\\r\n  http://h/\r\n",
            "curl -I h/",
        ] {
            assert_eq!(read(text), Ok(vec!["-I".to_owned(), "http://h/".to_owned()]), "{text}");
        }
    }

    #[test]
    fn what_is_no_command_of_curls_is_named_with_its_place() {
        for (text, expected) in [
            ("", "1:1 there is no command"),
            (" \n", "2:1 there is no command"),
            ("wget http://h/", "1:1 the command is `wget`, and not curl"),
            ("curl h\ncurl i", "2:1 another command begins"),
            ("curl 'é' |jq", "1:10 `|` is for a shell"),
            ("curl \\\n  'x", "2:3 a quote is not closed"),
        ] {
            assert_eq!(read(text), Err(expected.to_owned()), "{text}");
        }
    }

    #[test]
    fn a_line_for_cmd_is_told_from_one_for_other_shells() {
        for text in [
            "curl ^\"http://h/^\" ^\n -I",
            "curl \"http://h/\" ^\r\n -I",
            "curl \"http://h/\" -d \"{\"\"a\"\":1}\"",
            "curl \"http://h/?a=\"%\"20\"",
            "curl http://h/?a=1^&b=2",
        ] {
            assert!(is_of_cmd(text.as_bytes()), "{text}");
        }
        for text in [
            "curl 'http://h/' -d 'a^\"b'",
            "curl \"http://h/\" -d '{\"a\":\"\"}'",
            "curl \"http://h/\" \\\n -d \"\" -H \"a: b\"",
            "curl $'http://h/^\"'",
            "curl http://h/a^b",
            "curl \"http://h/\" -d \"{\\\"a\\\":\\\"\\\"}\"",
        ] {
            assert!(!is_of_cmd(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn what_curl_takes_for_a_url_is_no_verb_no_method_and_no_item() {
        for (text, expected) in [
            ("curl ./jar", "http://./jar"),
            ("curl jar clear --yes", "http://jar http://clear --yes"),
            ("curl POST https://h a=b", "http://POST https://h http://a=b"),
            ("curl -X POST --url h -d jar -sXPUT", "-X POST http://h -d jar -sXPUT"),
            ("curl --url=h -- help -x", "http://h http://help http://-x"),
            (
                "curl -- -o://x a=http://h h/?to=https://i",
                "http://-o://x http://a=http://h http://h/?to=https://i",
            ),
        ] {
            assert_eq!(read(text).map(|words| words.join(" ")).as_deref(), Ok(expected), "{text}");
        }
    }
}
