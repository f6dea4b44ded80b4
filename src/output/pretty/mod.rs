//! Owns how a body is made readable while it comes: which language it is in, and what is shown when it is in none.
//! Does not know where it goes; `body` does.

mod json;
mod layout;
mod markup;
mod plain;
mod xml;

use http::HeaderMap;
use http::header::CONTENT_TYPE;

use crate::output::pretty::json::Json;
use crate::output::pretty::markup::Markup;
use crate::output::pretty::plain::Plain;
use crate::output::pretty::xml::Xml;
use crate::output::style::Palette;

/// So much of a body is held back at most, to lay it out; what is longer comes as it is.
const MOST_HELD: usize = 4 << 20;

/// What is done to make a body readable.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Dress {
    pub lays_out: bool,
    pub palette: Palette,
}

/// What is shown of octets that no language claims.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rest {
    /// Every octet as it came.
    Exact,
    /// Made harmless for a terminal.
    Harmless,
}

/// The language of a body, by its head.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Language {
    Json,
    /// A value a line, which stays one.
    JsonLines,
    Html,
    Xml,
    /// Text, which often enough is JSON.
    Unsure,
    None,
}

/// A body on its way, made readable.
#[derive(Debug)]
pub struct Painter {
    dress: Dress,
    state: State,
    plain: Plain,
}

#[derive(Debug)]
enum State {
    /// The space before the first letter, which tells the language.
    Unsure(Vec<u8>),
    Json(Box<Json>),
    Markup(Markup),
    Xml(Xml),
    Plain,
}

impl Dress {
    /// Nothing is done.
    pub const NONE: Dress = Dress { lays_out: false, palette: Palette::Plain };

    pub fn is_none(self) -> bool {
        self == Dress::NONE
    }
}

impl Painter {
    pub fn new(headers: Option<&HeaderMap>, dress: Dress, rest: Rest) -> Painter {
        let colours = dress.palette == Palette::Colour;
        let language = headers.map_or(Language::None, language);
        let state = match language {
            _ if dress.is_none() => State::Plain,
            Language::Json => State::json(dress),
            Language::JsonLines => State::json(Dress { lays_out: false, ..dress }),
            Language::Xml if dress.lays_out => State::Xml(Xml::new(dress.palette)),
            Language::Html | Language::Xml if colours => State::Markup(Markup::default()),
            Language::Unsure => State::Unsure(Vec::new()),
            Language::Html | Language::Xml | Language::None => State::Plain,
        };
        Painter { dress, state, plain: Plain::new(rest) }
    }

    /// Will any octet be changed, beyond what makes it harmless?
    pub fn is_plain(&self) -> bool {
        matches!(self.state, State::Plain)
    }

    pub fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        match &mut self.state {
            State::Plain => self.plain.push(chunk, out),
            State::Markup(markup) => markup.push(chunk, out),
            State::Json(json) => {
                if json.push(chunk, out).is_err() {
                    self.give_up(out);
                }
            }
            State::Xml(xml) => {
                if xml.push(chunk).is_err() {
                    self.colour_only(out);
                }
            }
            State::Unsure(held) => {
                held.extend_from_slice(chunk);
                let held = match held.trim_ascii_start().first() {
                    None if held.len() < MOST_HELD => return,
                    _ => std::mem::take(held),
                };
                let is_json = matches!(held.trim_ascii_start().first(), Some(b'{' | b'['));
                self.state = if is_json { State::json(self.dress) } else { State::Plain };
                self.push(&held, out);
            }
        }
    }

    pub fn finish(&mut self, out: &mut Vec<u8>) {
        match &mut self.state {
            State::Json(json) => {
                if json.finish(out).is_err() {
                    self.give_up(out);
                }
            }
            State::Xml(xml) => {
                if !xml.lay_out(out) {
                    self.colour_only(out);
                }
            }
            State::Unsure(held) => self.plain.push(held, out),
            State::Markup(_) | State::Plain => {}
        }
        if let State::Markup(markup) = &mut self.state {
            markup.finish(out);
        }
        self.plain.finish(out);
    }

    /// From here on it comes as it is.
    pub fn give_up(&mut self, out: &mut Vec<u8>) {
        let held = match std::mem::replace(&mut self.state, State::Plain) {
            State::Json(json) => json.into_held(),
            State::Xml(xml) => xml.into_held(),
            State::Markup(markup) => markup.into_held(),
            State::Unsure(held) => held,
            State::Plain => Vec::new(),
        };
        self.plain.push(&held, out);
    }

    /// It can't be laid out, but its colours need no more than a tag.
    fn colour_only(&mut self, out: &mut Vec<u8>) {
        if self.dress.palette == Palette::Plain {
            return self.give_up(out);
        }
        if let State::Xml(xml) = std::mem::replace(&mut self.state, State::Markup(Markup::default())) {
            self.push(&xml.into_held(), out);
        }
    }
}

impl State {
    fn json(dress: Dress) -> State {
        State::Json(Box::new(Json::new(dress)))
    }
}

fn language(headers: &HeaderMap) -> Language {
    let Some(value) = headers.get(CONTENT_TYPE) else { return Language::Unsure };
    let text = String::from_utf8_lossy(value.as_bytes()).to_ascii_lowercase();
    let essence = text.split(';').next().unwrap_or_default().trim();
    let (kind, name) = essence.split_once('/').unwrap_or((essence, ""));
    match name {
        "event-stream" => Language::None,
        "ndjson" | "x-ndjson" | "jsonl" | "x-jsonlines" | "jsonlines" | "stream+json" => Language::JsonLines,
        "json" => Language::Json,
        name if name.ends_with("+json") => Language::Json,
        // Space is text in it.
        "html" | "xhtml+xml" => Language::Html,
        "xml" => Language::Xml,
        name if name.ends_with("+xml") => Language::Xml,
        "plain" | "javascript" | "x-json" | "x-javascript" if kind == "text" || kind == "application" => {
            Language::Unsure
        }
        _ => Language::None,
    }
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    fn painted(kind: &'static str, dress: Dress, rest: Rest, chunks: &[&[u8]]) -> String {
        let mut headers = HeaderMap::new();
        if !kind.is_empty() {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static(kind));
        }
        let (mut painter, mut out) = (Painter::new(Some(&headers), dress, rest), Vec::new());
        for chunk in chunks {
            painter.push(chunk, &mut out);
        }
        painter.finish(&mut out);
        String::from_utf8_lossy(&out).into_owned()
    }

    const LAID_OUT: Dress = Dress { lays_out: true, palette: Palette::Plain };
    const COLOURED: Dress = Dress { lays_out: false, palette: Palette::Colour };

    #[test]
    fn the_language_is_told_by_the_head_and_else_by_the_first_letter() {
        for (kind, body, expected) in [
            ("application/json", "[1]", "[\n    1\n]\n"),
            ("application/problem+json; charset=utf-8", "[1]", "[\n    1\n]\n"),
            ("Text/Plain", " [1]", "[\n    1\n]\n"),
            ("", "[1]", "[\n    1\n]\n"),
            ("", "[info] it is a log", "[info] it is a log"),
            ("text/plain", "no [1]", "no [1]"),
            ("image/svg+xml", "<a><b/></a>", "<a>\n  <b/>\n</a>\n"),
            ("text/html", "<a><b/></a>", "<a><b/></a>"),
            ("application/xhtml+xml", "<a><b/></a>", "<a><b/></a>"),
            ("application/x-ndjson", "{\"a\":1}\n[2]\n", "{\"a\":1}\n[2]\n"),
            ("text/event-stream", "data: [1]\n\n", "data: [1]\n\n"),
            ("text/css", "[1]", "[1]"),
        ] {
            assert_eq!(painted(kind, LAID_OUT, Rest::Harmless, &[body.as_bytes()]), expected, "{kind}");
        }
    }

    #[test]
    fn what_is_not_in_its_language_is_shown_as_it_came() {
        for body in [
            "{\"a\": 1,}",
            "[1 2]",
            "{",
            "\"open",
            "[01]",
            "[1]]",
            "{'a':1}",
            "[\"\\x\"]",
            "nul",
            "\u{feff}1",
        ] {
            let expected = if body == "[1]]" { "[\n    1\n]\n]" } else { body };
            assert_eq!(painted("text/json", LAID_OUT, Rest::Exact, &[body.as_bytes()]), expected);
        }
        assert_eq!(painted("a/json", LAID_OUT, Rest::Harmless, &[b"{\x1b"]), "{\\x1b");
        assert_eq!(painted("a/json", LAID_OUT, Rest::Exact, &[b"{\x1b"]), "{\x1b");
        assert_eq!(painted("a/xml", LAID_OUT, Rest::Exact, &[b"<a><b></a>"]), "<a><b></a>");
    }

    #[test]
    fn an_end_may_be_anywhere() {
        let body = "{\"쿠\\u00e9\": [-1.5e+7, true], \"b\": {}}".as_bytes();
        let whole = painted("a/json", LAID_OUT, Rest::Harmless, &[body]);
        for at in 0..body.len() {
            assert_eq!(painted("a/json", LAID_OUT, Rest::Harmless, &[&body[..at], &body[at..]]), whole);
        }
        let body = "<a b=\"1>\">쿠<!-- > --></a>".as_bytes();
        let whole = painted("text/html", COLOURED, Rest::Harmless, &[body]);
        for at in 0..body.len() {
            assert_eq!(painted("text/html", COLOURED, Rest::Harmless, &[&body[..at], &body[at..]]), whole);
        }
    }

    #[test]
    fn what_is_too_long_is_not_held_back() {
        let long = format!("[\"{}\"", "x".repeat(MOST_HELD));
        assert_eq!(painted("a/json", LAID_OUT, Rest::Exact, &[long.as_bytes()]).len(), long.len());
        let long = format!("<a><b/>{}", "x".repeat(MOST_HELD));
        assert_eq!(painted("a/xml", LAID_OUT, Rest::Exact, &[long.as_bytes()]).len(), long.len());
        // A few octets that would become very many.
        let deep = "[".repeat(100_000);
        assert_eq!(painted("a/json", LAID_OUT, Rest::Exact, &[deep.as_bytes()]), deep);
        let wide = format!("{}{}1{}", "[".repeat(500), "1,".repeat(100_000), "]".repeat(500));
        assert_eq!(painted("a/json", LAID_OUT, Rest::Exact, &[wide.as_bytes()]), wide);
    }
}
