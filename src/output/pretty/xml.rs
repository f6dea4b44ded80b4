//! Owns the layout of XML where space says nothing: between elements that have no text beside them.
//! Does not change a document that is not well formed, or that declares what it may hold.

use crate::output::pretty::MOST_HELD;
use crate::output::pretty::layout::{Layout, TooLong};
use crate::output::pretty::markup::{Token, painted, token};
use crate::output::pretty::plain::shown;
use crate::output::style::Palette;

const INDENT: usize = 2;
const DEEPEST: usize = 512;

/// A document, held until it is whole.
#[derive(Debug)]
pub struct Xml {
    palette: Palette,
    held: Vec<u8>,
}

type Piece<'a> = (Token, &'a [u8]);

/// How a tag stands to what is around it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Open,
    Close,
    Empty,
}

impl Xml {
    pub fn new(palette: Palette) -> Xml {
        Xml { palette, held: Vec::new() }
    }

    /// Fails when it is too long to be held.
    pub fn push(&mut self, chunk: &[u8]) -> Result<(), TooLong> {
        self.held.extend_from_slice(chunk);
        if self.held.len() > MOST_HELD { Err(TooLong) } else { Ok(()) }
    }

    /// `false` if it can't be done.
    pub fn lay_out(&self, out: &mut Vec<u8>) -> bool {
        let text = laid_out(&self.held, self.palette);
        if let Some(text) = &text {
            out.extend_from_slice(text.as_bytes());
        }
        text.is_some()
    }

    pub fn into_held(self) -> Vec<u8> {
        self.held
    }
}

fn laid_out(document: &[u8], palette: Palette) -> Option<String> {
    let pieces = pieces(document)?;
    let ends = ends(&pieces)?;
    let mut layout = Layout::new(palette);
    let (mut depth, mut at) = (0, 0);
    while at < pieces.len() {
        let (token, text) = pieces[at];
        let (mut next, mut verbatim) = (at + 1, &pieces[at..=at]);
        if is_space(pieces[at]) {
            at = next;
            continue;
        }
        let kind = (token == Token::Tag).then(|| kind(text));
        if kind == Some(Kind::Close) {
            depth -= 1;
        }
        if !layout.text.is_empty() {
            layout.line(depth * INDENT).ok()?;
        }
        if kind == Some(Kind::Open) {
            let end = ends[at];
            if keeps_space(&pieces, &ends, at) {
                (next, verbatim) = (end + 1, &pieces[at..=end]);
            } else {
                depth += 1;
            }
        }
        for (token, piece) in verbatim {
            match palette {
                Palette::Plain => layout.text.push_str(&shown(piece)),
                Palette::Colour => layout.text.push_str(&painted(*token, piece)),
            }
        }
        at = next;
    }
    layout.text.push('\n');
    Some(layout.text)
}

/// The pieces of a document that declares nothing.
fn pieces(document: &[u8]) -> Option<Vec<Piece<'_>>> {
    let (mut pieces, mut rest) = (Vec::new(), document);
    std::str::from_utf8(document).ok()?;
    while let Some(first) = rest.first() {
        let (token, length) = match first {
            b'<' => token(rest)?,
            _ => (Token::Text, rest.iter().position(|octet| *octet == b'<').unwrap_or(rest.len())),
        };
        let (piece, behind) = rest.split_at(length);
        // A declaration may say anything of the space, and of what a tag means.
        let declares = token == Token::Aside && piece.starts_with(b"<!") && !piece.starts_with(b"<!--");
        if piece == b"<" || (declares && piece.contains(&b'[')) {
            return None;
        }
        pieces.push((token, piece));
        rest = behind;
    }
    Some(pieces)
}

/// For each start tag where its end tag is; `None` if any lacks one, or there is text outside of everything.
fn ends(pieces: &[Piece<'_>]) -> Option<Vec<usize>> {
    let mut ends = vec![0; pieces.len()];
    let (mut open, mut roots) = (Vec::new(), 0);
    for (at, piece) in pieces.iter().enumerate() {
        if piece.0 != Token::Tag {
            let is_text = piece.0 != Token::Aside && !is_space(*piece);
            if is_text && open.is_empty() {
                return None;
            }
            continue;
        }
        roots += usize::from(open.is_empty());
        match kind(piece.1) {
            Kind::Open if open.len() == DEEPEST => return None,
            Kind::Open => open.push(at),
            Kind::Empty => {}
            Kind::Close => {
                let start = open.pop()?;
                if name(pieces[start].1) != name(piece.1) {
                    return None;
                }
                ends[start] = at;
            }
        }
    }
    (open.is_empty() && roots == 1).then_some(ends)
}

/// Is there text among the children of the element at `start`, or nothing at all, or a demand to keep its space?
fn keeps_space(pieces: &[Piece<'_>], ends: &[usize], start: usize) -> bool {
    let end = ends[start];
    let asks = pieces[start].1.windows(9).any(|part| part == b"xml:space");
    if asks || end == start + 1 {
        return true;
    }
    let mut at = start + 1;
    let mut has_child = false;
    while at < end {
        let (token, _) = pieces[at];
        match token {
            Token::Text if is_space(pieces[at]) => {}
            Token::Text | Token::Data => return true,
            Token::Tag | Token::Aside => has_child = true,
        }
        at = ends[at].max(at) + 1;
    }
    !has_child
}

fn is_space((token, text): Piece<'_>) -> bool {
    token == Token::Text && text.trim_ascii().is_empty()
}

fn kind(tag: &[u8]) -> Kind {
    match tag {
        [b'<', b'/', ..] => Kind::Close,
        [.., b'/', b'>'] => Kind::Empty,
        _ => Kind::Open,
    }
}

fn name(tag: &[u8]) -> &[u8] {
    let tag = tag.strip_prefix(b"<").unwrap_or(tag);
    let tag = tag.strip_prefix(b"/").unwrap_or(tag);
    let end = tag.iter().position(|octet| octet.is_ascii_whitespace() || matches!(octet, b'/' | b'>'));
    &tag[..end.unwrap_or(tag.len())]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn space_is_put_only_where_it_says_nothing() {
        for (given, expected) in [
            ("<a><b>1</b><c/></a>", "<a>\n  <b>1</b>\n  <c/>\n</a>\n"),
            (
                "<?xml version='1.0'?><a>\n\n <b x='1'><c></c></b></a>",
                "<?xml version='1.0'?>\n<a>\n  <b x='1'>\n    <c></c>\n  </b>\n</a>\n",
            ),
            ("<a>text <b>and <i>more</i></b></a>", "<a>text <b>and <i>more</i></b></a>\n"),
            ("<a><b> </b><!-- c --></a>", "<a>\n  <b> </b>\n  <!-- c -->\n</a>\n"),
            ("<a xml:space='preserve'><b/></a>", "<a xml:space='preserve'><b/></a>\n"),
            ("<a><![CDATA[<]]><b/></a>", "<a><![CDATA[<]]><b/></a>\n"),
        ] {
            assert_eq!(laid_out(given.as_bytes(), Palette::Plain).as_deref(), Some(expected), "{given}");
        }
    }

    #[test]
    fn what_is_not_well_formed_is_not_laid_out() {
        for given in [
            "<a>",
            "</a>",
            "<a></b>",
            "<a/><b/>",
            "text",
            "<a/>text",
            "<a><",
            "<!DOCTYPE a [<!ENTITY b 'c'>]><a/>",
            "",
            "<a\"></a>x",
        ] {
            assert_eq!(laid_out(given.as_bytes(), Palette::Plain), None, "{given}");
        }
    }
}
