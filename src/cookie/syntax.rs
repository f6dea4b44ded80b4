//! Owns the taking apart of one `Set-Cookie` value by the algorithm of RFC 6265bis 5.6.
//! Does not decide whether the cookie is stored; it refuses only what can't be read at all.

use crate::cookie::attribute::Attributes;
use crate::cookie::note::Note;
use crate::cookie::policy::Policy;
use crate::cookie::verdict::Refusal;

/// A longer attribute value is ignored with its attribute (5.6, step 6 of the attributes).
pub(super) const ATTRIBUTE_VALUE_OCTETS: usize = 1024;

/// A `Set-Cookie` value, taken apart; it borrows the octets that came in.
#[derive(Debug, PartialEq)]
pub struct Parsed<'a> {
    pub name: &'a [u8],
    pub value: &'a [u8],
    pub attributes: Attributes<'a>,
    pub notes: Vec<Note>,
}

/// Takes one `Set-Cookie` value apart.
pub fn parse(line: &[u8], policy: Policy) -> Result<Parsed<'_>, Refusal> {
    let (name, value) = pair(line);
    // A browser, too, says this before anything else.
    if name.is_empty() && value.is_empty() {
        return Err(Refusal::Empty);
    }
    // Step 1.
    if line.iter().copied().any(is_control) {
        return Err(Refusal::ControlCharacter);
    }
    // Step 2.
    let (_, mut unparsed) = split_at(line, b';');
    // Within a part a TAB is an octet like others to the RFC, and a control character to a browser.
    let has_inner_tab = |part: &[u8]| policy.is_browser() && part.contains(&b'\t');
    if has_inner_tab(name) || has_inner_tab(value) {
        return Err(Refusal::ControlCharacter);
    }
    let mut attributes = Attributes::default();
    let mut notes = Vec::new();
    while let Some(rest) = unparsed {
        let (attribute, further) = split_at(rest, b';');
        unparsed = further;
        let (name, value) = split_at(attribute, b'=');
        let (name, value) = (trim(name), trim(value.unwrap_or_default()));
        if has_inner_tab(name) || has_inner_tab(value) {
            return Err(Refusal::ControlCharacter);
        }
        if value.len() > ATTRIBUTE_VALUE_OCTETS {
            notes.push(Note::AttributeTooLong { name: name.to_vec() });
        } else {
            attributes.take(name, value, policy, &mut notes);
        }
    }
    Ok(Parsed { name, value, attributes, notes })
}

/// Steps 2 to 4: the name and the value that a line has, also where it can't be read as a cookie. Without `=` it is the
/// value of a nameless cookie.
pub fn pair(line: &[u8]) -> (&[u8], &[u8]) {
    match split_at(split_at(line, b';').0, b'=') {
        (name, Some(value)) => (trim(name), trim(value)),
        (value, None) => (b"", trim(value)),
    }
}

/// Could these octets stand between two `;` and come out as they are?
pub fn is_one_part(text: &[u8]) -> bool {
    is_clean(text) && !text.contains(&b';')
}

/// The same, for what need not come from a line: a default path may hold a `;`.
pub fn is_clean(text: &[u8]) -> bool {
    !text.iter().copied().any(is_control) && trim(text) == text
}

/// The control octets that refuse a cookie: all but TAB.
pub(super) fn is_control(octet: u8) -> bool {
    octet.is_ascii_control() && octet != b'\t'
}

fn split_at(text: &[u8], separator: u8) -> (&[u8], Option<&[u8]>) {
    match text.iter().position(|octet| *octet == separator) {
        Some(at) => (&text[..at], Some(&text[at + 1..])),
        None => (text, None),
    }
}

fn trim(text: &[u8]) -> &[u8] {
    let blank = |octet: &u8| matches!(octet, b' ' | b'\t');
    let start = text.iter().position(|octet| !blank(octet)).unwrap_or(text.len());
    let end = text.iter().rposition(|octet| !blank(octet)).map_or(start, |at| at + 1);
    &text[start..end]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::attribute::{MaxAge, SameSite};

    fn parse(line: &[u8]) -> Result<Parsed<'_>, Refusal> {
        super::parse(line, Policy::Classic)
    }

    #[track_caller]
    fn pair(line: &[u8]) -> (&[u8], &[u8]) {
        let parsed = parse(line).expect("readable");
        (parsed.name, parsed.value)
    }

    #[test]
    fn the_first_equals_sign_parts_name_and_value() {
        assert_eq!(pair(b"a=b=c"), (&b"a"[..], &b"b=c"[..]));
        assert_eq!(pair(b" a\t=\t\"b c\" ; Path=/"), (&b"a"[..], &b"\"b c\""[..]));
        assert_eq!(pair(b"a="), (&b"a"[..], &b""[..]));
    }

    #[test]
    fn a_cookie_may_be_nameless() {
        assert_eq!(pair(b"v"), (&b""[..], &b"v"[..]));
        assert_eq!(pair(b"=v"), (&b""[..], &b"v"[..]));
        assert_eq!(pair(b"==v"), (&b""[..], &b"=v"[..]));
    }

    #[test]
    fn neither_name_nor_value_is_nothing() {
        for line in ["", " ", "=", " = ", ";", "; Path=/"] {
            assert_eq!(parse(line.as_bytes()), Err(Refusal::Empty), "{line:?}");
        }
    }

    #[test]
    fn a_control_character_anywhere_refuses_and_a_tab_does_not() {
        for octet in (0..0x20).chain([0x7f]) {
            for line in [[b'a', octet, b'b'].to_vec(), [b"a=b; X", &[octet][..]].concat()] {
                let refused = parse(&line) == Err(Refusal::ControlCharacter);
                assert_eq!(refused, octet != b'\t', "{line:?}");
            }
        }
    }

    #[test]
    fn octets_that_are_not_utf8_stay_as_they_are() {
        assert_eq!(pair(b"n\xff=\xfe\x80"), (&b"n\xff"[..], &b"\xfe\x80"[..]));
    }

    #[test]
    fn of_each_attribute_the_last_readable_one_counts() {
        let parsed = parse(b"a=b; path=/x; PATH=/y; Max-Age=5; max-age=z; SameSite=Lax; SameSite=?")
            .expect("readable");
        assert_eq!(parsed.attributes.path, Some(&b"/y"[..]));
        assert_eq!(parsed.attributes.max_age, Some(MaxAge::Seconds(5)));
        assert_eq!(parsed.attributes.same_site, SameSite::Unset);
        let codes: Vec<_> = parsed.notes.iter().map(Note::code).collect();
        assert_eq!(codes, ["max-age-unreadable", "same-site-unknown"]);
    }

    #[test]
    fn an_attribute_value_over_1024_octets_is_ignored() {
        let line = |octets: usize| format!("a=b; Path=/{}", "x".repeat(octets - 1)).into_bytes();
        assert_eq!(parse(&line(1024)).expect("readable").attributes.path.map(<[u8]>::len), Some(1024));
        let parsed = parse(&line(1025)).map(|parsed| parsed.attributes.path.is_none());
        assert_eq!(parsed, Ok(true));
    }
}
