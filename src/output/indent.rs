//! Owns the layout of JSON for people: a field a line, numbers and escapes as they were written.
//! Does not check it; what it is given is JSON.

/// So deep a text may be indented; what lies deeper is as deep.
const DEEPEST: usize = 32;

pub fn laid_out(json: &str) -> String {
    let mut page = Page { text: String::with_capacity(json.len() * 2), depth: 0 };
    let (mut in_string, mut is_escaped) = (false, false);
    let mut letters = json.chars().peekable();
    while let Some(letter) = letters.next() {
        if in_string {
            in_string = is_escaped || letter != '"';
            is_escaped = letter == '\\' && !is_escaped;
            page.text.push(letter);
            continue;
        }
        match letter {
            ' ' | '\t' | '\n' | '\r' => {}
            '{' | '[' => {
                page.text.push(letter);
                while letters.next_if(|next| next.is_ascii_whitespace()).is_some() {}
                match letters.next_if(|next| matches!(next, '}' | ']')) {
                    Some(end) => page.text.push(end),
                    None => page.open(),
                }
            }
            '}' | ']' => page.close(letter),
            ',' => {
                page.text.push(',');
                page.line();
            }
            ':' => page.text.push_str(": "),
            letter => {
                in_string = letter == '"';
                page.text.push(letter);
            }
        }
    }
    page.text
}

struct Page {
    text: String,
    depth: usize,
}

impl Page {
    fn open(&mut self) {
        self.depth += 1;
        self.line();
    }

    fn close(&mut self, letter: char) {
        self.depth = self.depth.saturating_sub(1);
        self.line();
        self.text.push(letter);
    }

    fn line(&mut self) {
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n("  ", self.depth.min(DEEPEST)));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_field_a_line_and_nothing_else_changes() {
        let json = r#"{"b":1.0,"a":[],"c":{ },"d":[1e99,"x,{\"}"],"e":12345678901234567890}"#;
        let laid = "{\n  \"b\": 1.0,\n  \"a\": [],\n  \"c\": {},\n  \"d\": [\n    1e99,\n    \"x,{\\\"}\"\n  ],\n  \"e\": 12345678901234567890\n}";
        assert_eq!(laid_out(json), laid);
        assert_eq!(laid_out(laid), laid);
        assert_eq!(laid_out(r#""a\\""#), r#""a\\""#);
    }
}
