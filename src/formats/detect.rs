//! Owns the guess which format a text is of, from the text alone.
//! Does not read cookies; a text that is of a format by its looks may still hold none.

use crate::formats::format::Format;

/// The format of a text, if its looks tell; a byte order mark and blanks in front tell nothing.
pub fn detect(octets: &[u8]) -> Option<Format> {
    let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets).trim_ascii_start();
    let _ = text;
    None
}
