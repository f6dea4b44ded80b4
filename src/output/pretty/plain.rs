//! Owns octets that nobody lays out: as they came, or harmless for a terminal, with no letter cut in two.
//! Does not know any language.

use crate::output::pretty::Rest;
use crate::output::sanitize;

#[derive(Debug)]
pub struct Plain {
    rest: Rest,
    /// The beginning of something: of a letter, or of a line end.
    held: Vec<u8>,
}

impl Plain {
    pub fn new(rest: Rest) -> Plain {
        Plain { rest, held: Vec::new() }
    }

    pub fn push(&mut self, octets: &[u8], out: &mut Vec<u8>) {
        if self.rest == Rest::Exact {
            return out.extend_from_slice(octets);
        }
        self.held.extend_from_slice(octets);
        let cut = self.held.len() - unfinished(&self.held);
        out.extend_from_slice(shown(&self.held[..cut]).as_bytes());
        self.held.drain(..cut);
    }

    pub fn finish(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(shown(&std::mem::take(&mut self.held)).as_bytes());
    }
}

/// CR before LF is how the network ends lines, and no terminal minds it.
pub fn shown(octets: &[u8]) -> String {
    sanitize::text(octets).replace("\\x0d\n", "\n")
}

/// How many octets at the end may be the beginning of something: of a letter in UTF-8, or CR of a line end.
pub fn unfinished(octets: &[u8]) -> usize {
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
