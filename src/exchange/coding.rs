//! Owns the names of codings: which are asked for, and which an answer says it has.
//! Does not undo them; `decode` does.

use std::error::Error;
use std::fmt;

use http::HeaderMap;
use http::header::{CONTENT_ENCODING, TRANSFER_ENCODING};

/// A way to make a body smaller that can be undone here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Coding {
    Brotli,
    Deflate,
    Gzip,
    Zstd,
}

/// What is asked for, in curl's order.
pub const ACCEPTED: &str = "gzip, deflate, br, zstd";

/// So many on top of each other are undone; nobody honest needs two.
const MOST: usize = 4;

/// So many characters of a name are shown; nobody honest needs half as many.
const SHOWN: usize = 60;

/// Why a body can't be shown as it was before it was coded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodingError {
    Broken { coding: Coding, why: String },
    CutShort { coding: Coding },
    TooMany { count: usize },
    Transfer { name: String },
    Unknown { name: String },
}

impl Coding {
    fn named(name: &str) -> Option<Coding> {
        Some(match name {
            "br" => Coding::Brotli,
            "deflate" => Coding::Deflate,
            "gzip" | "x-gzip" => Coding::Gzip,
            "zstd" => Coding::Zstd,
            _ => return None,
        })
    }

    pub fn name(self) -> &'static str {
        match self {
            Coding::Brotli => "br",
            Coding::Deflate => "deflate",
            Coding::Gzip => "gzip",
            Coding::Zstd => "zstd",
        }
    }
}

/// The codings of a body, in the order in which they were applied.
pub fn chain(headers: &HeaderMap) -> Result<Vec<Coding>, CodingError> {
    let lines = headers.get_all(CONTENT_ENCODING).iter();
    let names: Vec<String> = lines
        .flat_map(|line| line.as_bytes().split(|octet| *octet == b','))
        .map(|name| String::from_utf8_lossy(name.trim_ascii()).to_ascii_lowercase())
        .filter(|name| !matches!(&**name, "" | "identity" | "none"))
        .collect();
    if names.len() > MOST {
        return Err(CodingError::TooMany { count: names.len() });
    }
    names.into_iter().map(|name| Coding::named(&name).ok_or(CodingError::Unknown { name })).collect()
}

/// The stack undoes `chunked`, once, and hands everything else out as it came: that is not the body.
pub fn transfer(headers: &HeaderMap) -> Result<(), CodingError> {
    let lines: Vec<&[u8]> = headers.get_all(TRANSFER_ENCODING).iter().map(|line| line.as_bytes()).collect();
    match &lines[..] {
        [] => Ok(()),
        [one] if one.trim_ascii().eq_ignore_ascii_case(b"chunked") => Ok(()),
        _ => {
            Err(CodingError::Transfer { name: String::from_utf8_lossy(&lines.join(&b", "[..])).into_owned() })
        }
    }
}

impl Error for CodingError {}

impl fmt::Display for CodingError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            CodingError::Broken { coding, why } => {
                write!(f, "the body says that it is {}, and can't be read so: {why}", coding.name())
            }
            CodingError::CutShort { coding } => {
                write!(f, "the body ended before its {} coding did", coding.name())
            }
            CodingError::TooMany { count } => {
                write!(f, "the body has {count} codings on top of each other; at most {MOST} are undone")
            }
            CodingError::Transfer { name } => {
                let shown: String = name.chars().take(SHOWN).collect();
                write!(f, "the body's transfer coding `{}` is not known", shown.escape_debug())
            }
            CodingError::Unknown { name } => {
                let name: String = name.chars().take(SHOWN).collect();
                write!(f, "the body's coding `{}` is not known", name.escape_debug())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn of(lines: &[&'static str]) -> Result<Vec<Coding>, CodingError> {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(CONTENT_ENCODING, HeaderValue::from_static(line));
        }
        chain(&headers)
    }

    #[test]
    fn codings_are_named_in_any_case_on_any_number_of_lines() {
        use Coding::{Brotli, Deflate, Gzip, Zstd};
        for (lines, expected) in [
            (&[][..], &[][..]),
            (&["", "identity, ,none"], &[]),
            (&["gzip"], &[Gzip]),
            (&["X-GZip"], &[Gzip]),
            (&["br,gzip", " ZSTD "], &[Brotli, Gzip, Zstd]),
            (&["deflate , identity", "gzip"], &[Deflate, Gzip]),
        ] {
            assert_eq!(of(lines).as_deref(), Ok(expected), "{lines:?}");
        }
    }

    #[test]
    fn what_is_unknown_or_too_much_is_named() {
        for (lines, expected) in [
            (&["gzip, compress"][..], "the body's coding `compress` is not known"),
            (&["gz\tip"], "the body's coding `gz\\tip` is not known"),
            (&["gzip,gzip", "br,br,br"], "the body has 5 codings on top of each other; at most 4 are undone"),
        ] {
            assert_eq!(of(lines).map_err(|error| error.to_string()), Err(expected.to_owned()));
        }
    }

    #[test]
    fn a_body_that_was_transferred_otherwise_than_in_chunks_is_refused() {
        let long = "x".repeat(1000);
        for (lines, expected) in [
            (&[][..], None),
            (&["chunked"], None),
            (&[" Chunked\t"], None),
            (&["gzip, chunked"], Some("gzip, chunked")),
            (&["chunked", "chunked"], Some("chunked, chunked")),
            (&["", "chunked"], Some(", chunked")),
            (&[&long], Some(&long[..SHOWN])),
        ] {
            let mut headers = HeaderMap::new();
            for line in lines {
                headers.append(TRANSFER_ENCODING, HeaderValue::from_str(line).expect("a header's value"));
            }
            let expected = expected.map(|name| format!("the body's transfer coding `{name}` is not known"));
            assert_eq!(transfer(&headers).err().map(|error| error.to_string()), expected, "{lines:?}");
        }
    }

    #[test]
    fn everything_that_is_asked_for_is_known() {
        assert!(
            ACCEPTED.split(", ").all(|name| Coding::named(name).is_some_and(|coding| coding.name() == name))
        );
    }
}
