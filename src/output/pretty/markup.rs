//! Owns the colours of HTML and XML: tags, their attributes, comments.
//! Does not move anything, and does not mind what is wrong.

use crate::output::pretty::plain::{shown, unfinished};
use crate::output::style::{Meaning, Palette};

/// A tag or comment that is longer is shown in pieces.
const LONGEST: usize = 64 << 10;

#[derive(Debug, Default)]
pub struct Markup {
    held: Vec<u8>,
    /// Inside an element whose content is no markup, up to its end tag.
    raw: Option<&'static str>,
}

/// What a piece is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Token {
    Text,
    Tag,
    /// A comment, a declaration, a processing instruction.
    Aside,
    /// `<![CDATA[…]]>`.
    Data,
}

impl Markup {
    pub fn push(&mut self, chunk: &[u8], out: &mut Vec<u8>) {
        self.held.extend_from_slice(chunk);
        let mut at = 0;
        while let Some((token, length)) = self.next(at) {
            let piece = &self.held[at..at + length];
            out.extend_from_slice(painted(token, piece).as_bytes());
            if token == Token::Tag {
                self.raw = content_is_raw(piece);
            }
            at += length;
        }
        self.held.drain(..at);
    }

    pub fn finish(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(shown(&std::mem::take(&mut self.held)).as_bytes());
    }

    pub fn into_held(self) -> Vec<u8> {
        self.held
    }

    fn next(&self, at: usize) -> Option<(Token, usize)> {
        let rest = &self.held[at..];
        if let Some(name) = self.raw {
            let end = raw_end(rest, name);
            // The end tag may be cut.
            let length = end.unwrap_or_else(|| rest.len().saturating_sub(name.len() + 2));
            let length = if end.is_none() { whole(&rest[..length]) } else { length };
            if length > 0 {
                return Some((Token::Text, length));
            }
            end?;
        }
        let length = rest.iter().position(|octet| *octet == b'<').unwrap_or_else(|| whole(rest));
        if length > 0 {
            return Some((Token::Text, length));
        }
        match token(rest) {
            Some(found) => Some(found),
            None if rest.len() > LONGEST => Some((Token::Text, whole(rest))),
            None => None,
        }
    }
}

fn whole(octets: &[u8]) -> usize {
    octets.len() - unfinished(octets)
}

/// What begins with `<`, if its end is there.
pub fn token(rest: &[u8]) -> Option<(Token, usize)> {
    let until = |end: &[u8]| rest.windows(end.len()).position(|part| part == end).map(|at| at + end.len());
    let begins = |start: &[u8]| {
        let common = start.len().min(rest.len());
        rest[..common] == start[..common]
    };
    match rest.get(1)? {
        _ if begins(b"<!--") => Some((Token::Aside, until(b"-->")?)),
        _ if begins(b"<![CDATA[") => Some((Token::Data, until(b"]]>")?)),
        b'!' => Some((Token::Aside, until(b">")?)),
        b'?' => Some((Token::Aside, until(b"?>")?)),
        b'/' | b':' | b'_' | b'a'..=b'z' | b'A'..=b'Z' | 0x80.. => Some((Token::Tag, tag_end(rest)?)),
        _ => Some((Token::Text, 1)),
    }
}

fn tag_end(rest: &[u8]) -> Option<usize> {
    let (mut quote, mut before) = (None, b' ');
    for (at, octet) in rest.iter().enumerate() {
        match (quote, octet) {
            (None, b'>') => return Some(at + 1),
            (None, b'"' | b'\'') if before == b'=' => quote = Some(*octet),
            (Some(open), octet) if open == *octet => quote = None,
            _ => {}
        }
        if !octet.is_ascii_whitespace() {
            before = *octet;
        }
    }
    None
}

fn content_is_raw(tag: &[u8]) -> Option<&'static str> {
    ["script", "style", "textarea", "title"].into_iter().find(|name| {
        let is_named =
            tag.get(1..=name.len()).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
        is_named
            && !tag.ends_with(b"/>")
            && tag.get(name.len() + 1).is_some_and(|end| !end.is_ascii_alphanumeric())
    })
}

fn raw_end(rest: &[u8], name: &str) -> Option<usize> {
    let end = format!("</{name}");
    rest.windows(end.len()).position(|part| part.eq_ignore_ascii_case(end.as_bytes()))
}

/// A piece, harmless and in its colours.
pub fn painted(token: Token, piece: &[u8]) -> String {
    let text = shown(piece);
    match token {
        Token::Text | Token::Data => text,
        Token::Aside => lines(Meaning::Quiet, &text),
        Token::Tag => tag(&text),
    }
}

/// A colour that ends with each line, as pagers want it.
fn lines(meaning: Meaning, text: &str) -> String {
    let lines = text.split('\n').map(|line| Palette::Colour.paint(meaning, line));
    lines.collect::<Vec<_>>().join("\n")
}

/// The values of attributes stand out from the rest of a tag.
fn tag(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = quoted(rest) {
        let quote = rest[at..].chars().next().unwrap_or('"');
        let end = rest[at + 1..].find(quote).map_or(rest.len(), |end| at + end + 2);
        out.push_str(&lines(Meaning::Name, &rest[..at]));
        out.push_str(&lines(Meaning::Good, &rest[at..end]));
        rest = &rest[end..];
    }
    out + &lines(Meaning::Name, rest)
}

fn quoted(rest: &str) -> Option<usize> {
    let quotes = rest.match_indices(['"', '\'']).map(|(at, _)| at);
    quotes.into_iter().find(|at| rest[..*at].trim_end().ends_with('='))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn coloured(text: &str) -> String {
        let (mut markup, mut out) = (Markup::default(), Vec::new());
        markup.push(text.as_bytes(), &mut out);
        markup.finish(&mut out);
        let text = String::from_utf8(out).expect("UTF-8 in, UTF-8 out");
        text.replace("\u{1b}[36m", "<N>")
            .replace("\u{1b}[32m", "<V>")
            .replace("\u{1b}[2m", "<Q>")
            .replace("\u{1b}[0m", "<>")
    }

    #[test]
    fn tags_values_and_asides_have_colours_and_the_rest_has_none() {
        for (given, expected) in [
            ("a<b>c</b>", "a<N><b><>c<N></b><>"),
            ("<a b='>' c=\"d\"/>", "<N><a b=<><V>'>'<><N> c=<><V>\"d\"<><N>/><>"),
            ("<!doctype html><!-- <b> -->x", "<Q><!doctype html><><Q><!-- <b> --><>x"),
            ("<?xml version=\"1.0\"?>", "<Q><?xml version=\"1.0\"?><>"),
            ("a < b && c > d", "a < b && c > d"),
            ("<script>if (a<b) '</b>'</Script>", "<N><script><>if (a<b) '</b>'<N></Script><>"),
            ("<![CDATA[<b>]]>", "<![CDATA[<b>]]>"),
            ("<b\u{1b}[2Jx>", "<N><b\\x1b[2Jx><>"),
            ("<open", "<open"),
            ("<!--\n-->", "<Q><!--<>\n<Q>--><>"),
        ] {
            assert_eq!(coloured(given), expected, "{given}");
        }
    }
}
