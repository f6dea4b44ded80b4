//! Owns the near misses of a cookie's name and value, and of commas and blanks that stand where a semicolon should.
//! Does not show values; they may be secret.

use std::ops::Range;

use crate::cookie::near::asked::{Asked, Remark};
use crate::cookie::near::attributes::KNOWN;
use crate::cookie::note::Note;
use crate::cookie::prefix::Prefix;

/// In hundredths of the limit.
const NEAR: usize = 90;

pub fn remarks(asked: &Asked) -> Vec<Remark> {
    of_name(asked)
        .into_iter()
        .chain(of_value(asked))
        .chain(near_limit(asked))
        .chain(comma(asked))
        .chain(blank(asked))
        .collect()
}

fn of_name(asked: &Asked) -> Option<Remark> {
    let (name, at) = (asked.name(), asked.parts.name.clone());
    if name.is_empty() {
        let part = Some(asked.parts.pair.clone());
        return (!asked.is_refused()).then_some(Remark { note: Note::Nameless, part });
    }
    if let Some(prefix) = prefix_meant(name) {
        return Some(Remark { note: Note::PrefixAlmost { meant: prefix.word() }, part: Some(at) });
    }
    let odd = name.iter().position(|octet| !is_token(*octet) && *octet != b'\t')?;
    let part = at.start + odd..at.start + odd + 1;
    (!asked.is_refused()).then_some(Remark { note: Note::NameOdd { octet: name[odd] }, part: Some(part) })
}

/// `_Host-`, `__Host_`, `Host-`: a name that would have a prefix, but for its underscores and hyphens.
fn prefix_meant(name: &[u8]) -> Option<Prefix> {
    if Prefix::of(name).is_some() {
        return None;
    }
    let underscores = name.iter().take_while(|octet| **octet == b'_').count();
    let bare = &name[underscores..];
    [Prefix::Host, Prefix::Secure, Prefix::Http].into_iter().find(|prefix| {
        let word = prefix.word().trim_matches(['_', '-']).as_bytes();
        let Some((head, [separator, ..])) = bare.split_at_checked(word.len()) else { return false };
        let has_separator = matches!(separator, b'-' | b'_');
        // Without underscores, small letters are a name like any other: `host-id`.
        let fits = if underscores == 0 {
            head == word && *separator == b'-' && *prefix != Prefix::Http
        } else {
            head.eq_ignore_ascii_case(word)
        };
        has_separator && fits
    })
}

fn of_value(asked: &Asked) -> Option<Remark> {
    let value = asked.value();
    let is_quoted = value.len() > 2 && value.starts_with(b"\"") && value.ends_with(b"\"");
    (is_quoted && !asked.is_refused())
        .then(|| Remark { note: Note::ValueQuoted, part: Some(asked.parts.value.clone()) })
}

fn near_limit(asked: &Asked) -> Option<Remark> {
    let octets = asked.name().len() + asked.value().len();
    let limit = asked.jar.limits.cookie_bytes;
    (asked.is_kept() && octets.saturating_mul(100) > limit.saturating_mul(NEAR))
        .then(|| Remark { note: Note::NearLimit { octets, limit }, part: Some(asked.parts.pair.clone()) })
}

/// The first comma behind which something begins that was to stand alone.
fn comma(asked: &Asked) -> Option<Remark> {
    let line = &asked.receipt.line;
    let value = asked.value();
    let is_data = value.first().is_some_and(|first| matches!(first, b'"' | b'{' | b'['));
    let own = (!is_data).then(|| asked.parts.value.clone());
    let others = asked.parts.attributes.iter().map(|attribute| attribute.whole.clone());
    let in_pair = own.clone();
    own.into_iter().chain(others).find_map(|piece| {
        let text = &line[piece.clone()];
        let commas = text.iter().enumerate().filter(|(_, octet)| **octet == b',');
        commas.map(|(at, _)| at).find_map(|at| {
            let is_own = in_pair.as_ref() == Some(&piece);
            let note = joined(&text[at + 1..], is_own)?;
            Some(Remark { note, part: Some(Range { start: piece.start + at, end: piece.end }) })
        })
    })
}

/// What follows a comma: an attribute, or another cookie. In a value a comma without a blank is as good as any octet.
fn joined(after: &[u8], in_value: bool) -> Option<Note> {
    let word = after.trim_ascii_start();
    let has_blank = word.len() < after.len();
    let length = word.iter().take_while(|octet| is_token(**octet)).count();
    let (word, rest) = word.split_at(length);
    let is_assigned = rest.first() == Some(&b'=');
    let known = KNOWN.into_iter().find(|known| word.eq_ignore_ascii_case(known.as_bytes()));
    match known {
        Some(name) if is_assigned => Some(Note::CommaBeforeAttribute { name }),
        Some(name @ ("HttpOnly" | "Secure")) if rest.is_empty() => Some(Note::CommaBeforeAttribute { name }),
        _ if word.is_empty() || !is_assigned || (in_value && !has_blank) => None,
        _ => Some(Note::CookiesJoined { name: word.to_vec() }),
    }
}

/// The first blank behind which an attribute begins that was to stand alone: `Path=/ Secure`.
fn blank(asked: &Asked) -> Option<Remark> {
    let line = &asked.receipt.line;
    let attributes = asked.parts.attributes.iter().map(|attribute| attribute.whole.clone());
    std::iter::once(asked.parts.value.clone()).chain(attributes).find_map(|piece| {
        let text = &line[piece.clone()];
        let mut blanks = text.iter().enumerate().filter(|(_, octet)| **octet == b' ').map(|(at, _)| at + 1);
        // Behind a comma the comma is what is wrong.
        let (at, name) = blanks.find_map(|at| {
            let follows_comma = text[..at].trim_ascii_end().ends_with(b",");
            Some((at, unparted(&text[at..]).filter(|_| !follows_comma)?))
        })?;
        let part = Some(piece.start + at..piece.end);
        Some(Remark { note: Note::SemicolonMissing { name }, part })
    })
}

/// The attribute that begins here: with a value, or as a flag behind which nothing stands but another attribute.
fn unparted(text: &[u8]) -> Option<&'static str> {
    let (known, rest) = first_word(text);
    let next = rest.trim_ascii_start();
    let stands = match known? {
        "HttpOnly" | "Partitioned" | "Secure" => {
            next.is_empty() || rest != next && first_word(next).0.is_some()
        }
        _ => rest.first() == Some(&b'='),
    };
    known.filter(|_| stands)
}

/// The name of an attribute that the text begins with, and what follows the word.
fn first_word(text: &[u8]) -> (Option<&'static str>, &[u8]) {
    let length = text.iter().take_while(|octet| is_token(**octet)).count();
    let (word, rest) = text.split_at(length);
    (KNOWN.into_iter().find(|known| word.eq_ignore_ascii_case(known.as_bytes())), rest)
}

/// RFC 9110 5.6.2, which is what RFC 6265bis 4.1.1 wants a name to be.
fn is_token(octet: u8) -> bool {
    octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&octet)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_that_almost_holds_is_told_from_other_names() {
        for (name, expected) in [
            ("_Host-a", Some(Prefix::Host)),
            ("__Host_a", Some(Prefix::Host)),
            ("Host-a", Some(Prefix::Host)),
            ("___Host-a", Some(Prefix::Host)),
            ("__secure_a", Some(Prefix::Secure)),
            ("Secure-a", Some(Prefix::Secure)),
            ("_http-a", Some(Prefix::Http)),
            ("__Host-a", None),
            ("__host-a", None),
            ("host-id", None),
            ("Http-id", None),
            ("hostname", None),
            ("__hostname", None),
            ("_", None),
            ("__Host", None),
        ] {
            assert_eq!(prefix_meant(name.as_bytes()), expected, "{name}");
        }
    }

    #[test]
    fn an_attribute_begins_with_its_whole_name() {
        for (text, expected) in [
            ("Secure", Some("Secure")),
            ("httponly SameSite=Lax", Some("HttpOnly")),
            ("path=/", Some("Path")),
            ("Path", None),
            ("Secured", None),
            ("secure things", None),
            ("secure-mode", None),
            ("secure, they said", None),
            ("Oct 2026 07:28:00 GMT", None),
            ("", None),
        ] {
            assert_eq!(unparted(text.as_bytes()), expected, "{text}");
        }
    }

    #[test]
    fn a_comma_joins_only_where_something_begins_behind_it() {
        for (after, in_value, expected) in [
            (" b=2", false, Some("cookies-joined")),
            ("b=2", false, Some("cookies-joined")),
            (" b=2", true, Some("cookies-joined")),
            ("b=2", true, None),
            ("Path=/", true, Some("comma-before-attribute")),
            (" Secure", true, Some("comma-before-attribute")),
            (" 21 Oct 2026 07:28:00 GMT", false, None),
            (" hello path", true, None),
            ("", true, None),
        ] {
            let found = joined(after.as_bytes(), in_value);
            assert_eq!(found.as_ref().map(Note::code), expected, "{after}");
        }
    }
}
