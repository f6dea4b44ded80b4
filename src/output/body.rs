//! Owns the way of a body to where it is shown: untouched to a pipe or file, made harmless for a terminal.
//! Does not open files.

use std::io::{self, Write};

use crate::output::sanitize;

/// Where a body goes.
pub enum Sink<'a> {
    /// Every octet as it came.
    Exact(&'a mut dyn Write),
    /// A terminal, which must not be driven by what a server sends.
    Terminal { out: &'a mut dyn Write, held: Vec<u8> },
}

/// A body that a terminal can't show.
#[derive(Debug)]
pub struct Binary;

impl<'a> Sink<'a> {
    pub fn terminal(out: &'a mut dyn Write) -> Sink<'a> {
        Sink::Terminal { out, held: Vec::new() }
    }

    /// Passes a chunk on; `Err(Binary)` inside if a terminal can't show it.
    pub fn write(&mut self, chunk: &[u8]) -> io::Result<Result<(), Binary>> {
        match self {
            Sink::Exact(out) => out.write_all(chunk)?,
            Sink::Terminal { out, held } => {
                if chunk.contains(&0) {
                    return Ok(Err(Binary));
                }
                held.extend_from_slice(chunk);
                let cut = held.len() - unfinished(held);
                out.write_all(shown(&held[..cut]).as_bytes())?;
                held.drain(..cut);
            }
        }
        Ok(Ok(()))
    }

    /// Passes on what was held back for want of its end.
    pub fn finish(&mut self) -> io::Result<()> {
        match self {
            Sink::Exact(out) => out.flush(),
            Sink::Terminal { out, held } => {
                out.write_all(shown(held).as_bytes())?;
                held.clear();
                out.flush()
            }
        }
    }
}

/// CR before LF is how the network ends lines, and no terminal minds it.
fn shown(octets: &[u8]) -> String {
    sanitize::text(octets).replace("\\x0d\n", "\n")
}

/// How many octets at the end may be the beginning of something: of a letter in UTF-8, or CR of a line end.
fn unfinished(octets: &[u8]) -> usize {
    if octets.ends_with(b"\r") {
        return 1;
    }
    match octets.utf8_chunks().last() {
        // Up to three octets can still become a letter, if they are the first of one.
        Some(last) if !last.invalid().is_empty() && octets.ends_with(last.invalid()) => {
            let start = last.invalid()[0];
            let whole = match start {
                0xc2..=0xdf => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => 0,
            };
            if last.invalid().len() < whole { last.invalid().len() } else { 0 }
        }
        _ => 0,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn on_a_terminal(chunks: &[&[u8]]) -> String {
        let mut out = Vec::new();
        let mut sink = Sink::terminal(&mut out);
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
        assert!(Sink::terminal(&mut out).write(b"PNG\0").expect("memory takes all").is_err());
        Sink::Exact(&mut out).write(b"PNG\0\xff").expect("memory takes all").expect("exact takes all");
        assert_eq!(out, b"PNG\0\xff");
    }
}
