//! Owns the names of content codings: which are asked for, and which an answer says it has.
//! Does not undo them; `decode` does.

use std::error::Error;
use std::fmt;

use http::HeaderMap;
use http::header::CONTENT_ENCODING;

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

/// Why a body can't be shown as it was before it was coded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CodingError {
    Broken { coding: Coding, why: String },
    CutShort { coding: Coding },
    TooMany { count: usize },
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
            CodingError::Unknown { name } => {
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
    fn everything_that_is_asked_for_is_known() {
        assert!(
            ACCEPTED.split(", ").all(|name| Coding::named(name).is_some_and(|coding| coding.name() == name))
        );
    }
}
