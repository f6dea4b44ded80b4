//! Owns the words of a command line as a POSIX shell and its offspring give them: quotes, backslashes, `$'…'`.
//! Does not expand anything: a variable, a home, the output of another command are refused.

use crate::cli::pasted::Stop;
use crate::cli::pasted::ansi;

pub(super) fn words(text: &[u8], from: usize) -> Result<Vec<Vec<u8>>, Stop> {
    let mut reader = Reader { text, at: from };
    let mut words = Vec::new();
    loop {
        match reader.rest() {
            [] => return Ok(words),
            [b' ' | b'\t' | b'\r', ..] => reader.at += 1,
            [b'\n', more @ ..] => match more.iter().position(|octet| !octet.is_ascii_whitespace()) {
                None => return Ok(words),
                Some(further) => return Err(reader.stop(1 + further, "another command begins")),
            },
            [b'#', ..] => return Err(reader.stop(0, "`#` begins a comment")),
            [b'~', ..] => return Err(reader.stop(0, "`~` is for a shell: write the whole path")),
            rest if continued(rest) > 0 => reader.at += continued(rest),
            _ => words.push(reader.word()?),
        }
    }
}

/// How long a backslash and the line end behind it are, which a shell takes for nothing.
fn continued(rest: &[u8]) -> usize {
    match rest {
        [b'\\'] => 1,
        [b'\\', b'\n', ..] => 2,
        [b'\\', b'\r', b'\n', ..] => 3,
        _ => 0,
    }
}

struct Reader<'a> {
    text: &'a [u8],
    at: usize,
}

impl<'a> Reader<'a> {
    fn rest(&self) -> &'a [u8] {
        &self.text[self.at..]
    }

    fn stop(&self, further: usize, why: &str) -> Stop {
        Stop { at: self.at + further, why: why.to_owned() }
    }

    fn for_a_shell(&self, octet: u8) -> Stop {
        self.stop(0, &format!("`{}` is for a shell", char::from(octet)))
    }

    fn word(&mut self) -> Result<Vec<u8>, Stop> {
        let mut word = Vec::new();
        loop {
            let rest = self.rest();
            match rest {
                [] | [b' ' | b'\t' | b'\r' | b'\n', ..] => return Ok(word),
                _ if continued(rest) > 0 => self.at += continued(rest),
                [b'\\', octet, ..] => {
                    word.push(*octet);
                    self.at += 2;
                }
                [b'\'', quoted @ ..] => {
                    let end = quoted.iter().position(|octet| *octet == b'\'');
                    let end = end.ok_or_else(|| self.open())?;
                    word.extend_from_slice(&quoted[..end]);
                    self.at += end + 2;
                }
                [b'"', ..] => self.double(&mut word)?,
                [b'$', b'"', ..] => self.at += 1,
                [b'$', b'\'', quoted @ ..] => {
                    let (value, length) = ansi::value(quoted).map_err(|why| match why {
                        ansi::Bad::Open => self.open(),
                        ansi::Bad::Nul(at) => self.stop(2 + at, "an argument can't hold a NUL"),
                    })?;
                    word.extend(value);
                    self.at += length + 2;
                }
                [octet, ..] => {
                    self.plain()?;
                    word.push(*octet);
                    self.at += 1;
                }
            }
        }
    }

    /// What stands between double quotes, where a few things keep their meaning.
    fn double(&mut self, word: &mut Vec<u8>) -> Result<(), Stop> {
        let begin = self.at;
        self.at += 1;
        loop {
            match self.rest() {
                [] => return Err(Stop { at: begin, why: "a quote is not closed".to_owned() }),
                [b'"', ..] => {
                    self.at += 1;
                    return Ok(());
                }
                rest @ [b'\\', b'\n' | b'\r', ..] if continued(rest) > 0 => self.at += continued(rest),
                [b'\\', octet @ (b'$' | b'`' | b'"' | b'\\'), ..] => {
                    word.push(*octet);
                    self.at += 2;
                }
                [octet @ (b'$' | b'`'), ..] => {
                    self.plain()?;
                    word.push(*octet);
                    self.at += 1;
                }
                [octet, ..] => {
                    word.push(*octet);
                    self.at += 1;
                }
            }
        }
    }

    /// Is this octet just itself to a shell?
    fn plain(&self) -> Result<(), Stop> {
        match self.rest() {
            [b'$', next, ..] if next.is_ascii_alphanumeric() || b"_({@*#?$!-".contains(next) => {
                Err(self.stop(0, "`$` is for a shell: in single quotes it is only itself"))
            }
            [octet @ (b'|' | b'&' | b';' | b'<' | b'>' | b'(' | b')' | b'`'), ..] => {
                Err(self.for_a_shell(*octet))
            }
            _ => Ok(()),
        }
    }

    fn open(&self) -> Stop {
        self.stop(0, "a quote is not closed")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::pasted::tests::joined;

    fn read(text: &str) -> Result<String, String> {
        joined(words(text.as_bytes(), 0))
    }

    #[test]
    fn words_are_what_a_shell_makes_of_them() {
        for (text, expected) in [
            ("a  b\tc", "a|b|c"),
            ("'a b''c'\"d e\"f", "a bcd ef"),
            ("'' \"\" x", "||x"),
            (r"'a\n$(x)`' 'it'\''s'", r"a\n$(x)`|it's"),
            (r#""a\"b\\c\d\$e" \'\""#, r#"a"b\c\d$e|'""#),
            ("\"a\\\nb\" c\\\nd \\\n e", "ab|cd|e"),
            ("\"a\nb\"", "a\nb"),
            ("'a\r\nb'", "a\r\nb"),
            (r"$'a\n\t\\\'b' $'\x41\u00e9\101'x", "a\n\t\\'b|AéAx"),
            ("a$ $ \"$\" $\"b\"", "a$|$|$|b"),
            ("a~b a#b ?a=1 {x,y} [1-2] !", "a~b|a#b|?a=1|{x,y}|[1-2]|!"),
            ("a\n  \n", "a"),
            ("a \\", "a"),
            ("é 'é'", "é|é"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_a_shell_would_do_is_refused_where_it_stands() {
        for (text, expected) in [
            ("a | b", "2 `|` is for a shell"),
            ("a && b", "2 `&` is for a shell"),
            ("a ; b", "2 `;` is for a shell"),
            ("a?b=1&c=2", "5 `&` is for a shell"),
            ("a 2>/dev/null", "3 `>` is for a shell"),
            ("a < b", "2 `<` is for a shell"),
            ("(a)", "0 `(` is for a shell"),
            ("a `b`", "2 ``` is for a shell"),
            ("\"a`b`\"", "2 ``` is for a shell"),
            ("a $(b)", "2 `$` is for a shell: in single quotes it is only itself"),
            ("\"a $B\"", "3 `$` is for a shell: in single quotes it is only itself"),
            ("a ${B}", "2 `$` is for a shell: in single quotes it is only itself"),
            ("a # b", "2 `#` begins a comment"),
            ("a ~/b", "2 `~` is for a shell: write the whole path"),
            ("a\nb", "2 another command begins"),
            ("a 'b", "2 a quote is not closed"),
            ("a x\"b\\\"", "3 a quote is not closed"),
            ("a $'b\\'", "2 a quote is not closed"),
            ("a $'b\\0c'", "5 an argument can't hold a NUL"),
        ] {
            assert_eq!(read(text), Err(expected.to_owned()), "{text}");
        }
    }
}
