//! Owns the names of the formats, and which reader and which writer each has.
//! Does not read or write any itself, and does not guess which one a text is of; that is `detect`.

use crate::cookie::record::Cookie;
use crate::formats::exported::{Writing, Written};
use crate::formats::imported::{Imported, NotOfFormat, Reading};
use crate::formats::{
    cookie_header, cookie_store, extension, har, json, netscape, playwright, session, set_cookie,
};

/// A way of writing cookies down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    CookieHeader,
    CookieStore,
    Extension,
    Har,
    Httpie,
    Json,
    Ndjson,
    Netscape,
    Playwright,
    SetCookie,
    Xh,
}

/// All of them, the most useful first, as help and errors name them.
pub const ALL: [Format; 11] = [
    Format::Json,
    Format::Ndjson,
    Format::Netscape,
    Format::Playwright,
    Format::Har,
    Format::Extension,
    Format::CookieHeader,
    Format::SetCookie,
    Format::Httpie,
    Format::Xh,
    Format::CookieStore,
];

impl Format {
    pub fn word(self) -> &'static str {
        match self {
            Format::CookieHeader => "cookie",
            Format::CookieStore => "cookie-store",
            Format::Extension => "extension",
            Format::Har => "har",
            Format::Httpie => "httpie",
            Format::Json => "json",
            Format::Ndjson => "ndjson",
            Format::Netscape => "netscape",
            Format::Playwright => "playwright",
            Format::SetCookie => "set-cookie",
            Format::Xh => "xh",
        }
    }

    /// `header` is another word for a Cookie header.
    pub fn parse(word: &str) -> Option<Format> {
        if word == "header" {
            return Some(Format::CookieHeader);
        }
        ALL.into_iter().find(|format| format.word() == word)
    }
}

/// Reads a text that is said to be of this format; a byte order mark in front is no part of it.
pub fn read(format: Format, octets: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets);
    match format {
        Format::CookieHeader => cookie_header::read(text, reading),
        Format::Json => json::read(text, reading),
        Format::Ndjson => json::read_lines(text, reading),
        Format::CookieStore => cookie_store::read(text, reading),
        Format::Extension => extension::read(text, reading),
        Format::Har => har::read(text, reading),
        Format::Httpie | Format::Xh => session::read(text, reading),
        Format::Playwright => playwright::read(text, reading),
        Format::Netscape => netscape::read(text, reading),
        Format::SetCookie => set_cookie::read(text, reading),
    }
}

/// Writes cookies; `None` for a HAR, which records an exchange, and there is none to record.
pub fn write(format: Format, cookies: &[&Cookie], writing: &Writing) -> Option<Written> {
    match format {
        Format::CookieHeader => Some(cookie_header::write(cookies)),
        Format::Json => Some(json::write(cookies)),
        Format::Ndjson => Some(json::write_lines(cookies)),
        Format::CookieStore => Some(cookie_store::write(cookies, writing)),
        Format::Extension => Some(extension::write(cookies, writing)),
        Format::Httpie => Some(session::write_httpie(cookies, writing)),
        Format::Playwright => Some(playwright::write(cookies, writing)),
        Format::Xh => Some(session::write_xh(cookies, writing)),
        Format::Netscape => Some(netscape::write(cookies, writing)),
        Format::SetCookie => Some(set_cookie::write(cookies, writing)),
        Format::Har => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_format_is_found_by_its_word() {
        for format in ALL {
            assert_eq!(Format::parse(format.word()), Some(format));
        }
        assert_eq!(Format::parse("header"), Some(Format::CookieHeader));
        assert_eq!(Format::parse("JSON"), None);
    }
}
