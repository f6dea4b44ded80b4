//! Owns the way of a body to where it is shown: untouched to a pipe or file, made harmless and readable for a terminal.
//! Does not open files, and knows no language; `pretty` does.

use std::io::{self, Write};

use http::HeaderMap;

use crate::output::pretty::{Dress, Painter, Rest};

/// Where a body goes.
pub struct Sink<'a> {
    out: &'a mut dyn Write,
    way: Way,
}

enum Way {
    /// Every octet as it came.
    Exact,
    /// A terminal, which must not be driven by what a server sends.
    Terminal(Painter),
    /// A pipe or file, for which it was asked to be made readable.
    Asked(Painter),
}

/// A body that a terminal can't show.
#[derive(Debug)]
pub struct Binary;

impl<'a> Sink<'a> {
    pub fn exact(out: &'a mut dyn Write) -> Sink<'a> {
        Sink { out, way: Way::Exact }
    }

    /// The head tells which language the body is in.
    pub fn terminal(out: &'a mut dyn Write, head: Option<&HeaderMap>, dress: Dress) -> Sink<'a> {
        Sink { out, way: Way::Terminal(Painter::new(head, dress, Rest::Harmless)) }
    }

    pub fn asked(out: &'a mut dyn Write, head: Option<&HeaderMap>, dress: Dress) -> Sink<'a> {
        let painter = Painter::new(head, dress, Rest::Exact);
        let way = if painter.is_plain() { Way::Exact } else { Way::Asked(painter) };
        Sink { out, way }
    }

    /// What is in its final form.
    pub fn write_finished(&mut self, octets: &[u8]) -> io::Result<()> {
        self.out.write_all(octets)
    }

    /// Passes a chunk on; `Err(Binary)` inside if a terminal can't show it.
    pub fn write(&mut self, chunk: &[u8]) -> io::Result<Result<(), Binary>> {
        let mut shown = Vec::new();
        let is_binary = chunk.contains(&0);
        match &mut self.way {
            Way::Exact => return self.out.write_all(chunk).map(Ok),
            Way::Terminal(_) if is_binary => return Ok(Err(Binary)),
            Way::Terminal(painter) => painter.push(chunk, &mut shown),
            Way::Asked(painter) => {
                if is_binary {
                    painter.give_up(&mut shown);
                }
                painter.push(chunk, &mut shown);
            }
        }
        self.out.write_all(&shown).map(Ok)
    }

    /// Passes on what was held back for want of its end.
    pub fn finish(&mut self) -> io::Result<()> {
        if let Way::Terminal(painter) | Way::Asked(painter) = &mut self.way {
            let mut shown = Vec::new();
            painter.finish(&mut shown);
            self.out.write_all(&shown)?;
        }
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_a_terminal(chunks: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut sink = Sink::terminal(&mut out, None, Dress::NONE);
        for chunk in chunks {
            sink.write(chunk).expect("memory takes all").expect("text");
        }
        sink.finish().expect("memory takes all");
        String::from_utf8(out).expect("escaped to UTF-8")
    }

    #[test]
    fn a_terminal_is_shown_escapes_and_not_driven() {
        assert_eq!(on_a_terminal(&[b"a\x1b[31mb\r\nc\rd"]), "a\\x1b[31mb\nc\\x0dd");
    }

    #[test]
    fn letters_and_line_ends_may_be_cut_anywhere() {
        let text = "쿠키\r\n🍪".as_bytes();
        for at in 0..=text.len() {
            assert_eq!(on_a_terminal(&[&text[..at], &text[at..]]), "쿠키\n🍪", "cut at {at}");
        }
        assert_eq!(on_a_terminal(&[b"x\xe2\x82"]), "x\\xe2\\x82");
    }

    #[test]
    fn binary_is_refused_by_a_terminal_and_kept_by_a_pipe() {
        let mut out = Vec::new();
        let mut terminal = Sink::terminal(&mut out, None, Dress::NONE);
        assert!(terminal.write(b"PNG\0").expect("memory takes all").is_err());
        Sink::exact(&mut out).write(b"PNG\0\xff").expect("memory takes all").expect("exact takes all");
        assert_eq!(out, b"PNG\0\xff");
    }
}
