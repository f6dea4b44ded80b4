//! Owns making text harmless: what could drive a terminal, or turn its order around, is shown and not obeyed.
//! Does not touch what goes to a pipe or a file.

use std::fmt::Write;

/// One line of text from outside: every control character, and what reorders text, becomes an escape.
pub fn line(octets: &[u8]) -> String {
    escape(octets, |_| false)
}

/// So much of a message is shown.
const BRIEF: usize = 2000;

/// The same for a message, which may quote what somebody else has made long: its middle is left out then.
pub fn brief(octets: &[u8]) -> String {
    let text = line(octets);
    let cut = |at: usize| text.char_indices().nth(at).map(|(index, _)| index);
    let count = if text.len() > BRIEF { text.chars().count() } else { 0 };
    match (cut(BRIEF / 2), cut(count.saturating_sub(BRIEF / 2))) {
        (Some(first), Some(last)) if count > BRIEF => format!("{}…{}", &text[..first], &text[last..]),
        _ => text,
    }
}

/// A text of several lines: line ends and TABs stay.
pub fn text(octets: &[u8]) -> String {
    escape(octets, |letter| matches!(letter, '\n' | '\t'))
}

/// JSON that says the same with no character in it that could drive a terminal.
pub fn json(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for letter in text.chars() {
        if is_dangerous(letter) && !letter.is_ascii() {
            // All of them lie below U+FFFF, where one escape is enough.
            let _ = write!(safe, "\\u{:04x}", u32::from(letter));
        } else {
            safe.push(letter);
        }
    }
    safe
}

fn escape(octets: &[u8], keeps: impl Fn(char) -> bool) -> String {
    let mut safe = String::with_capacity(octets.len());
    for chunk in octets.utf8_chunks() {
        for letter in chunk.valid().chars() {
            if keeps(letter) || !is_dangerous(letter) {
                safe.push(letter);
            } else if letter.is_ascii() {
                // Writing to a string can't fail.
                let _ = write!(safe, "\\x{:02x}", u32::from(letter));
            } else {
                let _ = write!(safe, "{}", letter.escape_unicode());
            }
        }
        for octet in chunk.invalid() {
            let _ = write!(safe, "\\x{octet:02x}");
        }
    }
    safe
}

/// C0, DEL, C1, the marks and overrides of direction, and what separates lines unseen.
fn is_dangerous(letter: char) -> bool {
    letter.is_control()
        || matches!(letter, '\u{061c}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_drives_a_terminal_is_shown_instead() {
        assert_eq!(line(b"a\x1b[2Jb\x07\x7f\r\n\t"), "a\\x1b[2Jb\\x07\\x7f\\x0d\\x0a\\x09");
        assert_eq!(line("c\u{9b}1m".as_bytes()), "c\\u{9b}1m");
        assert_eq!(line("x\u{202e}y\u{2066}".as_bytes()), "x\\u{202e}y\\u{2066}");
        assert_eq!(line(b"\xff\xfe"), "\\xff\\xfe");
    }

    #[test]
    fn a_message_that_is_too_long_loses_its_middle() {
        let of = |count: usize| brief(format!("a{}z", "é".repeat(count - 2)).as_bytes());
        assert_eq!(of(BRIEF).chars().count(), BRIEF);
        let shortened = of(BRIEF + 1);
        assert_eq!(shortened.chars().count(), BRIEF + 1);
        assert!(shortened.contains("é…é") && shortened.starts_with('a') && shortened.ends_with('z'));
        assert_eq!(of(1 << 20), shortened);
    }

    #[test]
    fn json_says_the_same_without_driving_a_terminal() {
        assert_eq!(json("[\"\u{9b}31m\u{202e}é\",\n1]"), "[\"\\u009b31m\\u202eé\",\n1]");
    }

    #[test]
    fn letters_of_every_script_stay() {
        assert_eq!(line("쿠키 é 🍪".as_bytes()), "쿠키 é 🍪");
        assert_eq!(text(b"one\n\ttwo\r\n"), "one\n\ttwo\\x0d\n");
    }
}
