//! Owns a `Set-Cookie` line as it is shown: its value masked, harmless to a terminal, with marks under the part at fault.
//! Does not know what the fault is.

use std::ops::Range;

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

use crate::output::redact::Secrets;
use crate::output::sanitize;

/// A line as it is shown, and where each of its octets stands there.
#[derive(Debug)]
pub struct ShownLine {
    pub text: String,
    /// For each octet, and for the end, the place in the text.
    places: Vec<usize>,
    width: usize,
}

/// So much is shown on either side of a fault in a line that is too long.
const MARGIN: usize = 12;
const CUT: &str = "…";

impl ShownLine {
    pub fn of(line: &[u8], secrets: Secrets) -> ShownLine {
        let mut shown =
            ShownLine { text: String::new(), places: Vec::with_capacity(line.len() + 1), width: 0 };
        let value = value_of(line);
        shown.take(&line[..value.start]);
        shown.take_value(&line[value.clone()], secrets);
        shown.take(&line[value.end..]);
        shown.places.push(shown.text.len());
        shown.width = shown.text.width();
        shown
    }

    /// Where a part of the line stands in the text.
    pub fn part(&self, part: &Range<usize>) -> Range<usize> {
        let place = |octet: usize| self.places.get(octet).copied().unwrap_or(self.text.len());
        let start = place(part.start);
        start..place(part.end).max(start)
    }

    /// The text, and below it the marks, in at most so many columns: of what is longer the part is shown, and what is
    /// around it.
    pub fn marked(&self, part: &Range<usize>, columns: Option<usize>) -> [String; 2] {
        let part = self.part(part);
        let window = match columns {
            Some(columns) if self.width > columns => self.window(&part, columns),
            _ => 0..self.text.len(),
        };
        let cut = |is_cut: bool| if is_cut { CUT } else { "" };
        let (before, after) = (cut(window.start > 0), cut(window.end < self.text.len()));
        let marked = part.start.clamp(window.start, window.end)..part.end.clamp(window.start, window.end);
        let shown = format!("{before}{}{after}", &self.text[window.clone()]);
        let ahead = before.width() + self.text[window.start..marked.start].width();
        let marks = "^".repeat(self.text[marked].width().max(1));
        [shown, format!("{}{marks}", " ".repeat(ahead))]
    }

    /// The part, if need be without its end, with as much of its surroundings as there is room for.
    fn window(&self, part: &Range<usize>, columns: usize) -> Range<usize> {
        let room = columns.saturating_sub(2 * CUT.width()).max(1);
        let wide = |octets: Range<usize>| fitting(self.text[octets].chars(), room).1;
        let ahead = MARGIN.min((room - wide(part.clone())) / 2);
        let start = part.start - fitting(self.text[..part.start].chars().rev(), ahead).0;
        let (octets, used) = fitting(self.text[start..].chars(), room);
        // What is left of the room goes to what stands in front.
        start - fitting(self.text[..start].chars().rev(), room - used).0..start + octets
    }

    fn take(&mut self, octets: &[u8]) {
        for chunk in octets.utf8_chunks() {
            for letter in chunk.valid().split_inclusive(|_| true) {
                self.places.extend(std::iter::repeat_n(self.text.len(), letter.len()));
                self.text.push_str(&sanitize::line(letter.as_bytes()));
            }
            for octet in chunk.invalid() {
                self.places.push(self.text.len());
                self.text.push_str(&sanitize::line(&[*octet]));
            }
        }
    }

    /// Of a masked value its beginning is where it was, and all that is hidden stands at the mask.
    fn take_value(&mut self, value: &[u8], secrets: Secrets) {
        let start = self.text.len();
        self.take(value);
        if secrets == Secrets::Revealed || value.is_empty() {
            return;
        }
        let masked = secrets.value(value);
        let bare = &self.text[start..];
        let same = bare.chars().zip(masked.chars()).take_while(|(one, other)| one == other);
        let kept = start + same.map(|(letter, _)| letter.len_utf8()).sum::<usize>();
        self.text.truncate(start);
        self.text.push_str(&masked);
        let first = self.places.len() - value.len();
        for place in &mut self.places[first..] {
            *place = (*place).min(kept);
        }
    }
}

/// How many octets of these letters fit into so many columns, and how many they take.
fn fitting(letters: impl Iterator<Item = char>, columns: usize) -> (usize, usize) {
    let (mut octets, mut used) = (0, 0);
    for letter in letters {
        // It makes the letter in front of it a wide one.
        let width = if letter == '\u{fe0f}' { 1 } else { letter.width().unwrap_or(0) };
        if used + width > columns {
            break;
        }
        (octets, used) = (octets + letter.len_utf8(), used + width);
    }
    (octets, used)
}

/// The octets of the value: what stands between the first `=` of the pair and its end, or else the whole pair.
fn value_of(line: &[u8]) -> Range<usize> {
    let end = line.iter().position(|octet| *octet == b';').unwrap_or(line.len());
    let start = line[..end].iter().position(|octet| *octet == b'=').map_or(0, |equals| equals + 1);
    let blank = |octet: &u8| matches!(octet, b' ' | b'\t');
    let start = start + line[start..end].iter().take_while(|octet| blank(octet)).count();
    let end = end - line[start..end].iter().rev().take_while(|octet| blank(octet)).count();
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn marked(line: &[u8], part: &str, secrets: Secrets, columns: Option<usize>) -> [String; 2] {
        let at = line.windows(part.len()).position(|found| found == part.as_bytes()).expect("it is in it");
        ShownLine::of(line, secrets).marked(&(at..at + part.len()), columns)
    }

    #[test]
    fn marks_stand_under_the_part_also_behind_a_masked_value() {
        let line = b"sid=0123456789abcdef; Domain=b.test; Path=/";
        assert_eq!(
            marked(line, "Domain=b.test", Secrets::Revealed, None),
            ["sid=0123456789abcdef; Domain=b.test; Path=/", "                      ^^^^^^^^^^^^^"]
        );
        assert_eq!(
            marked(line, "Domain=b.test", Secrets::Masked, None),
            ["sid=0123… (16 B); Domain=b.test; Path=/", "                  ^^^^^^^^^^^^^"]
        );
    }

    #[test]
    fn what_is_hidden_is_marked_at_its_mask() {
        let line = b"sid=0123456789ab\"cdef; Secure";
        assert_eq!(marked(line, "\"", Secrets::Masked, None), ["sid=0123… (17 B); Secure", "        ^"]);
        assert_eq!(
            marked(line, "0123456789ab\"cdef", Secrets::Masked, None),
            ["sid=0123… (17 B); Secure", "    ^^^^^^^^^^^^"]
        );
    }

    #[test]
    fn escapes_and_wide_letters_count_as_they_are_shown() {
        assert_eq!(
            marked("쿠키=\u{1b}; Path=é; X".as_bytes(), "Path=é", Secrets::Revealed, None),
            ["쿠키=\\x1b; Path=é; X", "           ^^^^^^"]
        );
        assert_eq!(
            marked(b"a=\xff\xfe; X", "X", Secrets::Revealed, None),
            ["a=\\xff\\xfe; X", "            ^"]
        );
    }

    #[test]
    fn a_line_that_is_too_long_is_shown_around_the_fault() {
        let line = b"name=v; Path=/a/rather/long/path; Domain=b.test; SameSite=Lax; Secure; HttpOnly";
        let [text, marks] = marked(line, "Domain=b.test", Secrets::Revealed, Some(36));
        assert_eq!([&*text, &*marks], ["…ong/path; Domain=b.test; SameSite=…", "           ^^^^^^^^^^^^^"]);
        for columns in 1..90 {
            for part in ["name", "Domain=b.test", "HttpOnly", "Path=/a/rather/long/path"] {
                let [text, marks] = marked(line, part, Secrets::Revealed, Some(columns));
                assert!(text.width() <= columns.max(3) && marks.width() <= text.width(), "{columns} {text}");
                let from = marks.find('^').expect("a mark");
                let shown: String = text.chars().skip(from).take(marks.len() - from).collect();
                assert!(part.starts_with(&shown), "{part} {text} {marks}");
            }
        }
    }

    #[test]
    fn a_part_that_is_nothing_has_one_mark() {
        let shown = ShownLine::of(b"=", Secrets::Masked);
        assert_eq!(shown.marked(&(0..0), None), ["=", "^"]);
        assert_eq!(ShownLine::of(b"", Secrets::Masked).marked(&(5..9), Some(10)), ["", "^"]);
    }
}
