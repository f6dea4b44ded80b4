//! Owns the layout of JSON, token by token: numbers, escapes, order and repeated keys stay as they came.
//! Does not read values; what is no JSON, or too deep or long to hold, is given back as it came.

use crate::output::pretty::layout::{Layout, TooLong};
use crate::output::pretty::{Dress, MOST_HELD};
use crate::output::sanitize;
use crate::output::style::Meaning;

const INDENT: usize = 4;
const DEEPEST: usize = 512;

/// Values one after the other; each is shown when it is whole.
#[derive(Debug)]
pub struct Json {
    lays_out: bool,
    layout: Layout,
    /// The octets of the value that is coming.
    held: Vec<u8>,
    /// Where in `held` the token begins that is coming.
    token: usize,
    state: State,
    inside: Vec<Inside>,
    has_shown: bool,
}

/// It is no JSON.
#[derive(Debug)]
pub struct Fault;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Inside {
    Array,
    Object,
}

/// What may come next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Value,
    /// The first of an array or object, or its end.
    First,
    Key,
    Colon,
    /// A comma, or the end of what it stands in.
    Next,
    /// In a string, which may be a key.
    Text {
        is_key: bool,
        is_escaped: bool,
    },
    /// In a number, or one of the three words.
    Word,
}

impl From<TooLong> for Fault {
    fn from(_: TooLong) -> Fault {
        Fault
    }
}

impl Json {
    pub fn new(dress: Dress) -> Json {
        Json {
            lays_out: dress.lays_out,
            layout: Layout::new(dress.palette),
            held: Vec::new(),
            token: 0,
            state: State::Value,
            inside: Vec::new(),
            has_shown: false,
        }
    }

    /// After a fault, `into_held` has what was not shown.
    pub fn push(&mut self, octets: &[u8], out: &mut Vec<u8>) -> Result<(), Fault> {
        for (at, octet) in octets.iter().enumerate() {
            let before = self.held.len();
            self.held.push(*octet);
            let read = self.read(*octet, before);
            if read.is_err() || self.held.len() > MOST_HELD {
                self.held.extend_from_slice(&octets[at + 1..]);
                return Err(Fault);
            }
            if self.state == State::Value && self.inside.is_empty() && !self.layout.text.is_empty() {
                self.show(out);
            }
        }
        Ok(())
    }

    pub fn finish(&mut self, out: &mut Vec<u8>) -> Result<(), Fault> {
        if self.state == State::Word {
            self.word(self.held.len())?;
        }
        if self.state != State::Value || !self.inside.is_empty() {
            return Err(Fault);
        }
        self.show(out);
        Ok(())
    }

    pub fn into_held(self) -> Vec<u8> {
        self.held
    }

    fn show(&mut self, out: &mut Vec<u8>) {
        out.extend_from_slice(self.layout.text.as_bytes());
        self.layout.text.clear();
        self.held.clear();
        self.token = 0;
        self.has_shown = true;
    }

    /// One octet, which stands at `at` of what is held.
    fn read(&mut self, octet: u8, at: usize) -> Result<(), Fault> {
        match self.state {
            State::Text { is_key, is_escaped } => self.text(octet, is_key, is_escaped),
            State::Word if matches!(octet, b'a'..=b'z' | b'0'..=b'9' | b'+' | b'-' | b'.' | b'E') => Ok(()),
            State::Word => {
                self.word(at)?;
                self.read(octet, at)
            }
            _ if matches!(octet, b' ' | b'\t' | b'\n' | b'\r') => {
                if !self.lays_out {
                    self.layout.text.push(char::from(octet));
                } else if self.has_shown && self.state == State::Value && self.inside.is_empty() {
                    // A line end between values is there already.
                    self.held.pop();
                }
                Ok(())
            }
            State::Colon if octet == b':' => {
                self.layout.text.push_str(if self.lays_out { ": " } else { ":" });
                self.state = State::Value;
                Ok(())
            }
            State::Next => self.next(octet),
            State::First if matches!(octet, b']' | b'}') => self.close(octet, true),
            State::First => {
                self.line()?;
                let is_object = self.inside.last() == Some(&Inside::Object);
                self.state = if is_object { State::Key } else { State::Value };
                self.read(octet, at)
            }
            State::Key if octet == b'"' => {
                self.begin(State::Text { is_key: true, is_escaped: false }, at);
                Ok(())
            }
            State::Value => self.value(octet, at),
            State::Colon | State::Key => Err(Fault),
        }
    }

    fn value(&mut self, octet: u8, at: usize) -> Result<(), Fault> {
        match octet {
            b'"' => self.begin(State::Text { is_key: false, is_escaped: false }, at),
            b'{' | b'[' => {
                if self.inside.len() == DEEPEST {
                    return Err(Fault);
                }
                self.inside.push(if octet == b'{' { Inside::Object } else { Inside::Array });
                self.layout.text.push(char::from(octet));
                self.state = State::First;
            }
            b'a'..=b'z' | b'0'..=b'9' | b'-' => self.begin(State::Word, at),
            _ => return Err(Fault),
        }
        Ok(())
    }

    fn begin(&mut self, state: State, at: usize) {
        self.token = at;
        self.state = state;
    }

    fn next(&mut self, octet: u8) -> Result<(), Fault> {
        if octet != b',' {
            return self.close(octet, false);
        }
        self.layout.text.push(',');
        self.state = match self.inside.last() {
            Some(Inside::Object) => State::Key,
            _ => State::Value,
        };
        self.line()
    }

    fn close(&mut self, octet: u8, is_empty: bool) -> Result<(), Fault> {
        match (self.inside.pop(), octet) {
            (Some(Inside::Array), b']') | (Some(Inside::Object), b'}') => {}
            _ => return Err(Fault),
        }
        if !is_empty {
            self.line()?;
        }
        self.layout.text.push(char::from(octet));
        self.done();
        Ok(())
    }

    fn line(&mut self) -> Result<(), Fault> {
        if self.lays_out {
            self.layout.line(self.inside.len() * INDENT)?;
        }
        Ok(())
    }

    /// A value is whole.
    fn done(&mut self) {
        let is_last = self.inside.is_empty();
        self.state = if is_last { State::Value } else { State::Next };
        if is_last && self.lays_out {
            self.layout.text.push('\n');
        }
    }

    fn text(&mut self, octet: u8, is_key: bool, is_escaped: bool) -> Result<(), Fault> {
        match octet {
            0..=0x1f => return Err(Fault),
            _ if is_escaped => self.state = State::Text { is_key, is_escaped: false },
            b'\\' => self.state = State::Text { is_key, is_escaped: true },
            b'"' => {
                let text = std::str::from_utf8(&self.held[self.token..]).map_err(|_| Fault)?;
                if !has_sound_escapes(text) {
                    return Err(Fault);
                }
                let safe = sanitize::json(text).replace('\u{7f}', "\\u007f");
                self.layout.paint(if is_key { Meaning::Name } else { Meaning::Good }, &safe);
                if is_key {
                    self.state = State::Colon;
                } else {
                    self.done();
                }
            }
            _ => {}
        }
        Ok(())
    }

    /// A number or word ends before `end`.
    fn word(&mut self, end: usize) -> Result<(), Fault> {
        let word = &self.held[self.token..end];
        let is_word = matches!(word, b"true" | b"false" | b"null");
        if !is_word && !is_number(word) {
            return Err(Fault);
        }
        let meaning = if is_word { Meaning::Word } else { Meaning::Number };
        let word = String::from_utf8_lossy(word).into_owned();
        self.layout.paint(meaning, &word);
        self.done();
        Ok(())
    }
}

fn has_sound_escapes(text: &str) -> bool {
    let mut letters = text.chars();
    while let Some(letter) = letters.next() {
        if letter != '\\' {
            continue;
        }
        let is_sound = match letters.next() {
            Some('u') => (0..4).all(|_| letters.next().is_some_and(|digit| digit.is_ascii_hexdigit())),
            Some(escaped) => "\"\\/bfnrt".contains(escaped),
            None => false,
        };
        if !is_sound {
            return false;
        }
    }
    true
}

fn is_number(word: &[u8]) -> bool {
    let digits = |word: &[u8]| word.iter().take_while(|octet| octet.is_ascii_digit()).count();
    let word = word.strip_prefix(b"-").unwrap_or(word);
    let whole = digits(word);
    if whole == 0 || (whole > 1 && word[0] == b'0') {
        return false;
    }
    let mut rest = &word[whole..];
    if let Some(behind) = rest.strip_prefix(b".") {
        let count = digits(behind);
        if count == 0 {
            return false;
        }
        rest = &behind[count..];
    }
    if let [b'e' | b'E', behind @ ..] = rest {
        let behind = behind.strip_prefix(b"+").or(behind.strip_prefix(b"-")).unwrap_or(behind);
        return !behind.is_empty() && digits(behind) == behind.len();
    }
    rest.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::style::Palette;

    fn laid_out(text: &str, lays_out: bool, palette: Palette) -> Option<String> {
        let mut json = Json::new(Dress { lays_out, palette });
        let mut out = Vec::new();
        json.push(text.as_bytes(), &mut out).ok()?;
        json.finish(&mut out).ok()?;
        String::from_utf8(out).ok()
    }

    #[test]
    fn nothing_is_lost_but_space() {
        for (given, expected) in [
            ("{ }", "{}\n"),
            ("[ ]", "[]\n"),
            ("{\"b\":1,\"a\":[2,{}]}", "{\n    \"b\": 1,\n    \"a\": [\n        2,\n        {}\n    ]\n}\n"),
            ("{\"a\":1,\"a\":2}", "{\n    \"a\": 1,\n    \"a\": 2\n}\n"),
            (
                "[12345678901234567890123,1.10,-0,1E+400]",
                "[\n    12345678901234567890123,\n    1.10,\n    -0,\n    1E+400\n]\n",
            ),
            (r#"["\u00e9\/\"é","\ud83d"]"#, "[\n    \"\\u00e9\\/\\\"é\",\n    \"\\ud83d\"\n]\n"),
            ("null", "null\n"),
            ("1\n\"a\"", "1\n\"a\"\n"),
            ("", ""),
            ("[\"\u{9b}1m\u{7f}\u{202e}\"]", "[\n    \"\\u009b1m\\u007f\\u202e\"\n]\n"),
        ] {
            assert_eq!(laid_out(given, true, Palette::Plain).as_deref(), Some(expected), "{given}");
        }
    }

    #[test]
    fn colours_alone_move_nothing() {
        let given = "{\"a\" :\t[1, true,\"x\"]}\r\n\n[]";
        assert_eq!(laid_out(given, false, Palette::Plain).as_deref(), Some(given));
        let coloured = laid_out("{\"a\":[1,null,\"x\"]}", false, Palette::Colour);
        let expected = "{\u{1b}[36m\"a\"\u{1b}[0m:[\u{1b}[33m1\u{1b}[0m,\u{1b}[35mnull\u{1b}[0m,\u{1b}[32m\"x\"\u{1b}[0m]}";
        assert_eq!(coloured.as_deref(), Some(expected));
    }

    #[test]
    fn what_is_no_json_is_a_fault() {
        for given in [
            "[1,]",
            "[,1]",
            "{\"a\"}",
            "{\"a\":}",
            "{1:2}",
            "{\"a\":1,}",
            "[1}",
            "]",
            "[",
            "\"",
            "\"\n\"",
            "\"\\u12g4\"",
            "01",
            "1.",
            ".5",
            "+1",
            "--1",
            "1e",
            "tru",
            "True",
            "NaN",
            "[1]x",
            "//",
            "\u{feff}[]",
            "[\"\\\"]",
        ] {
            assert_eq!(laid_out(given, true, Palette::Plain), None, "{given}");
        }
    }

    #[test]
    fn another_reader_says_the_same_of_what_is_wrong_in_one_octet() {
        let seed = r#"[{"a":[-1.5e+7,true,null],"\u00e9\\":{}}, "x", 0 ]"#;
        for at in 1..seed.len() - 1 {
            for octet in r#"[]{}",:01.-+eEtu\ "#.bytes() {
                let mut given = seed.as_bytes().to_vec();
                given[at] = octet;
                let given = String::from_utf8(given).expect("ASCII");
                let expected = serde_json::from_str::<serde::de::IgnoredAny>(&given).is_ok();
                assert_eq!(laid_out(&given, true, Palette::Plain).is_some(), expected, "{given}");
            }
        }
    }

    #[test]
    fn each_value_is_shown_when_it_is_whole() {
        let mut json = Json::new(Dress { lays_out: false, palette: Palette::Plain });
        let mut out = Vec::new();
        json.push(b"{\"a\":1}\n{\"b\"", &mut out).expect("JSON so far");
        assert_eq!(out, b"{\"a\":1}\n");
        assert_eq!(json.into_held(), b"{\"b\"");
    }
}
