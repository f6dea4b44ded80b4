//! Owns the words of a command line as browsers write it for cmd.exe: carets, doubled quotes, backslashes before quotes.
//! Does not expand anything: a percent sign is itself, and what would start another command is refused.

use crate::cli::pasted::Stop;

/// An octet, and where it stood.
type Placed = (usize, u8);

pub(super) fn words(text: &[u8], from: usize) -> Result<Vec<Vec<u8>>, Stop> {
    split(&without_carets(text, from)?)
}

/// What the shell itself takes away: a caret makes the next octet an ordinary one, and a line end behind it vanishes.
fn without_carets(text: &[u8], from: usize) -> Result<Vec<Placed>, Stop> {
    let (mut kept, mut is_quoted, mut at) = (Vec::new(), false, from);
    let stop = |at, why: &str| Err(Stop { at, why: why.to_owned() });
    while at < text.len() {
        match &text[at..] {
            [b'^', ..] if !is_quoted => {
                at += 1 + line_end(&text[at + 1..]);
                // What follows is an ordinary octet, a line end too.
                let is_line_end = line_end(&text[at.min(text.len())..]) > 0;
                if is_line_end {
                    kept.push((at, b'\n'));
                    at += line_end(&text[at..]);
                } else if let Some(octet) = text.get(at) {
                    kept.push((at, *octet));
                    at += 1;
                }
                continue;
            }
            [b'"', ..] => {
                is_quoted = !is_quoted;
                kept.push((at, b'"'));
            }
            [b'\n', more @ ..] if !is_quoted => {
                return match more.iter().position(|octet| !octet.is_ascii_whitespace()) {
                    None => Ok(kept),
                    Some(further) => stop(at + 1 + further, "another command begins"),
                };
            }
            [b'\r', ..] if !is_quoted => {}
            [octet @ (b'|' | b'&' | b'<' | b'>'), ..] if !is_quoted => {
                return stop(at, &format!("`{}` is for a shell", char::from(*octet)));
            }
            [octet, ..] => kept.push((at, *octet)),
            [] => {}
        }
        at += 1;
    }
    Ok(kept)
}

fn line_end(rest: &[u8]) -> usize {
    match rest {
        [b'\r', b'\n', ..] => 2,
        [b'\n', ..] => 1,
        _ => 0,
    }
}

/// What the program's own start takes away.
///
/// Between quotes, two backslashes are one, also where no quote follows them: browsers double each of theirs.
fn split(octets: &[Placed]) -> Result<Vec<Vec<u8>>, Stop> {
    let (mut words, mut word, mut quote): (Vec<Vec<u8>>, Option<Vec<u8>>, Option<usize>) =
        (Vec::new(), None, None);
    let mut rest = octets;
    while let [(at, octet), more @ ..] = rest {
        let next = more.first().map(|(_, next)| *next);
        rest = more;
        match (octet, next) {
            (b' ' | b'\t', _) if quote.is_none() => {
                words.extend(word.take());
                continue;
            }
            (b'\\', Some(b'"')) => {
                word.get_or_insert_default().push(b'"');
                rest = &more[1..];
            }
            (b'\\', Some(b'\\')) if quote.is_some() => {
                word.get_or_insert_default().push(b'\\');
                rest = &more[1..];
            }
            (b'"', Some(b'"')) if quote.is_some() => {
                word.get_or_insert_default().push(b'"');
                rest = &more[1..];
            }
            (b'"', _) => {
                word.get_or_insert_default();
                quote = if quote.is_some() { None } else { Some(*at) };
            }
            (octet, _) => word.get_or_insert_default().push(*octet),
        }
    }
    words.extend(word);
    match quote {
        Some(at) => Err(Stop { at, why: "a quote is not closed".to_owned() }),
        None => Ok(words),
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
    fn words_are_what_a_browser_meant_by_them() {
        for (text, expected) in [
            ("^\"http://h/?a=1^&b=^%^20^\" ^\n  -H ^\"x: y^\"", "http://h/?a=1&b=%20|-H|x: y"),
            (r#"^"^{^\^"a^\^":^\^"b^\^\n^\^"^}^""#, r#"{"a":"b\n"}"#),
            ("^\"a^\n\nb^\"", "a\nb"),
            ("^\"a^\r\n\r\nb^\" ^\r\n -I", "a\nb|-I"),
            ("^\"a^\n\n^\n\nb^\"", "a\n\nb"),
            ("\"{\"\"a\"\":1}\" -I", "{\"a\":1}|-I"),
            ("\"a\"%\"20b\" \"\" x", "a%20b||x"),
            (r#""a\"b" "C:\dir\f" a\b "x\\""#, r#"a"b|C:\dir\f|a\b|x\"#),
            ("\"a^b|c\" \"it's\"", "a^b|c|it's"),
            ("^\"^!^$^'\\^\\^\"", "!$'\\"),
            ("a\n\r\n", "a"),
            ("a ^\n", "a"),
            ("a(b) ^", "a(b)"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(expected), "{text}");
        }
    }

    #[test]
    fn what_cmd_would_do_is_refused_where_it_stands() {
        for (text, expected) in [
            ("\"a\" | b", "4 `|` is for a shell"),
            ("a&b", "1 `&` is for a shell"),
            ("a > b", "2 `>` is for a shell"),
            ("a\nb", "2 another command begins"),
            ("a ^\"b", "3 a quote is not closed"),
        ] {
            assert_eq!(read(text), Err(expected.to_owned()), "{text}");
        }
    }
}
