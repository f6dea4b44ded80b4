//! Owns `$'…'`: a word of bash and its relatives in which backslashes stand for what can't be typed.
//! Does not know any other quotes.

/// Why there is no value.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Bad {
    /// At this offset.
    Nul(usize),
    /// The closing quote is missing.
    Open,
}

/// The value of what stands behind the opening quote, and its length with the closing one.
pub(super) fn value(text: &[u8]) -> Result<(Vec<u8>, usize), Bad> {
    let mut value = Vec::new();
    let mut rest = text;
    loop {
        let at = text.len() - rest.len();
        rest = match rest {
            [] => return Err(Bad::Open),
            [b'\'', ..] => return Ok((value, at + 1)),
            [b'\\', escape @ ..] => {
                let (letter, more) = escaped(escape);
                match letter {
                    Some(Letter::Octet(0)) | Some(Letter::Point(0)) => return Err(Bad::Nul(at)),
                    Some(Letter::Octet(octet)) => value.push(octet),
                    Some(Letter::Point(point)) => encode(point, &mut value),
                    // What is unknown is two characters, as in a shell.
                    None => value.push(b'\\'),
                }
                more
            }
            [octet, more @ ..] => {
                value.push(*octet);
                more
            }
        };
    }
}

enum Letter {
    Octet(u8),
    /// A number in Unicode, which may be one half of a pair.
    Point(u32),
}

fn escaped(escape: &[u8]) -> (Option<Letter>, &[u8]) {
    let [first, more @ ..] = escape else { return (None, escape) };
    let octet = |octet| (Some(Letter::Octet(octet)), more);
    match first {
        b'a' => octet(7),
        b'b' => octet(8),
        b'e' | b'E' => octet(0x1b),
        b'f' => octet(12),
        b'n' => octet(b'\n'),
        b'r' => octet(b'\r'),
        b't' => octet(b'\t'),
        b'v' => octet(11),
        b'\\' | b'\'' | b'"' | b'?' => octet(*first),
        b'c' => match more {
            [control, more @ ..] => (Some(Letter::Octet(control & 0x1f)), more),
            [] => (None, escape),
        },
        b'0'..=b'7' => number(escape, 8, 3, |value| Letter::Octet(value as u8)).unwrap_or((None, escape)),
        b'x' => number(more, 16, 2, |value| Letter::Octet(value as u8)).unwrap_or((None, escape)),
        b'u' => pair(more).or_else(|| number(more, 16, 4, Letter::Point)).unwrap_or((None, escape)),
        b'U' => number(more, 16, 8, Letter::Point).unwrap_or((None, escape)),
        _ => (None, escape),
    }
}

fn number(
    text: &[u8],
    radix: u32,
    most: usize,
    make: impl Fn(u32) -> Letter,
) -> Option<(Option<Letter>, &[u8])> {
    let digits = text.iter().take(most).take_while(|octet| char::from(**octet).is_digit(radix)).count();
    let value = u32::from_str_radix(str::from_utf8(&text[..digits]).ok()?, radix).ok()?;
    Some((Some(make(value)), &text[digits..]))
}

/// Browsers write a letter beyond U+FFFF as two halves, which no shell puts together, and which mean only that letter.
fn pair(text: &[u8]) -> Option<(Option<Letter>, &[u8])> {
    let (high, more) = half(text)?;
    let (low, more) = half(more.strip_prefix(b"\\u")?)?;
    let letter = char::decode_utf16([high, low]).next()?.ok()?;
    (u32::from(letter) > 0xffff).then_some((Some(Letter::Point(u32::from(letter))), more))
}

fn half(text: &[u8]) -> Option<(u16, &[u8])> {
    let digits = text.get(..4).filter(|digits| digits.iter().all(u8::is_ascii_hexdigit))?;
    Some((u16::from_str_radix(str::from_utf8(digits).ok()?, 16).ok()?, &text[4..]))
}

fn encode(point: u32, value: &mut Vec<u8>) {
    match char::from_u32(point) {
        Some(letter) => value.extend_from_slice(letter.encode_utf8(&mut [0; 4]).as_bytes()),
        None => value.extend_from_slice("\u{fffd}".as_bytes()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn escapes_stand_for_octets_and_letters() {
        for (text, expected) in [
            (r"'", &b""[..]),
            (r"a'", b"a"),
            (r#"\a\b\e\E\f\n\r\t\v\\\'\"\?'"#, b"\x07\x08\x1b\x1b\x0c\n\r\t\x0b\\'\"?"),
            (r"\101\7x\1234'", b"A\x07xS4"),
            (r"\x41\x4g\xe9'", b"A\x04g\xe9"),
            (r"\u0021\u00e9\u21x'", "!é!x".as_bytes()),
            (r"\U0001F36A\ud83c\udf6a'", "🍪🍪".as_bytes()),
            (r"\ud83cx'", "\u{fffd}x".as_bytes()),
            (r"\q\x\u'", br"\q\x\u"),
            (r"\cA'", b"\x01"),
        ] {
            assert_eq!(value(text.as_bytes()), Ok((expected.to_vec(), text.len())), "{text}");
        }
    }

    #[test]
    fn a_value_ends_at_its_quote_and_holds_no_nul() {
        assert_eq!(value(b"a\\'b'c"), Ok((b"a'b".to_vec(), 5)));
        assert_eq!(value(b"a"), Err(Bad::Open));
        assert_eq!(value(b"a\\"), Err(Bad::Open));
        assert_eq!(value(b"ab\\x00'"), Err(Bad::Nul(2)));
        assert_eq!(value(b"\\u0000'"), Err(Bad::Nul(0)));
    }
}
