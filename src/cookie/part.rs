//! Owns where in a `Set-Cookie` line something stands: the octets that a reason or a note is about.
//! Does not judge, and is asked only by who explains, so that receiving a cookie pays nothing for it.

use std::ops::Range;

use crate::cookie::note::Note;
use crate::cookie::syntax::{ATTRIBUTE_VALUE_OCTETS, is_control};
use crate::cookie::verdict::{Receipt, Refusal, Verdict};

/// A `Set-Cookie` line by its places; a part that is empty is an empty range.
#[derive(Debug, PartialEq)]
pub struct Parts<'a> {
    line: &'a [u8],
    /// `name=value`, or the value alone.
    pub pair: Range<usize>,
    pub name: Range<usize>,
    pub value: Range<usize>,
    pub attributes: Vec<Attribute<'a>>,
}

/// One attribute: what it says, and where.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute<'a> {
    pub name: &'a [u8],
    pub value: &'a [u8],
    pub whole: Range<usize>,
    pub value_at: Range<usize>,
}

impl Attribute<'_> {
    pub fn is(&self, name: &str) -> bool {
        self.name.eq_ignore_ascii_case(name.as_bytes())
    }

    fn places(&self) -> [Range<usize>; 2] {
        let start = self.whole.start;
        [start..start + self.name.len(), self.value_at.clone()]
    }

    /// Is its value too long to be looked at?
    pub fn is_too_long(&self) -> bool {
        self.value.len() > ATTRIBUTE_VALUE_OCTETS
    }
}

impl<'a> Parts<'a> {
    /// The same cuts as `syntax` makes.
    pub fn of(line: &'a [u8]) -> Parts<'a> {
        let mut pieces = pieces(line);
        let pair = pieces.next().unwrap_or(0..0);
        let (name, value) = match equals(line, &pair) {
            Some(at) => (trim(line, pair.start..at), trim(line, at + 1..pair.end)),
            None => (pair.start..pair.start, trim(line, pair.clone())),
        };
        let attributes = pieces.map(|piece| attribute(line, piece)).collect();
        Parts { line, pair: trim(line, pair), name, value, attributes }
    }

    /// The attribute of this name that the rules took: the last one that is not too long.
    pub fn last(&self, name: &str) -> Option<&Attribute<'a>> {
        self.attributes.iter().rev().find(|attribute| attribute.is(name) && !attribute.is_too_long())
    }

    fn of_attribute(&self, name: &str) -> Option<Range<usize>> {
        self.last(name).map(|attribute| attribute.whole.clone())
    }

    fn control_character(&self) -> Option<Range<usize>> {
        let control = self.line.iter().position(|octet| is_control(*octet)).or_else(|| {
            // To a browser a TAB within a part is one, too.
            let of_attributes = self.attributes.iter().flat_map(Attribute::places);
            [self.name.clone(), self.value.clone()].into_iter().chain(of_attributes).find_map(|range| {
                let tab = self.line[range.clone()].iter().position(|octet| *octet == b'\t')?;
                Some(range.start + tab)
            })
        });
        control.map(|at| at..at + 1)
    }

    fn of_refusal(&self, refusal: &Refusal) -> Option<Range<usize>> {
        match refusal {
            Refusal::ControlCharacter => self.control_character(),
            Refusal::DomainAboveSuffix { .. }
            | Refusal::DomainIsPublicSuffix { .. }
            | Refusal::DomainMismatch { .. }
            | Refusal::DomainNotAscii => self.of_attribute("domain"),
            Refusal::Empty
            | Refusal::FormatCannotHold
            | Refusal::NamelessWithEquals
            | Refusal::TooLarge { .. } => Some(self.pair.clone()),
            Refusal::OverwritesSecure { .. } | Refusal::Prefix { .. } => Some(self.name.clone()),
            Refusal::PartitionedWithoutSecure => self.of_attribute("partitioned"),
            // The URL's fault, and another answer's.
            Refusal::PathTooLong { .. } | Refusal::Superseded => None,
            Refusal::PrefixInValue { .. } => Some(self.value.clone()),
            Refusal::SameSiteFromCrossSite { .. } | Refusal::SameSiteNoneWithoutSecure => {
                self.of_attribute("samesite")
            }
            Refusal::SecureFromInsecureOrigin => self.of_attribute("secure"),
        }
    }

    /// Where a note that the rules made belongs; of several alike, the first that begins at `from` or after it.
    pub(super) fn of_note(&self, note: &Note, from: usize) -> Option<Range<usize>> {
        let passed = self.attributes.partition_point(|attribute| attribute.whole.start < from);
        let first = |fits: &dyn Fn(&Attribute) -> bool| {
            self.attributes[passed..]
                .iter()
                .find(|attribute| fits(attribute))
                .map(|attribute| attribute.whole.clone())
        };
        match note {
            Note::AttributeTooLong { name } => first(&|found| found.is_too_long() && found.name == name),
            Note::AttributeUnknown { name } => first(&|found| found.name == name),
            Note::DomainIsSuffix { .. } => self.of_attribute("domain"),
            Note::ExpiresUnreadable { value } => first(&|found| found.is("expires") && found.value == value),
            Note::ExpiryCapped => self.of_attribute("max-age").or_else(|| self.of_attribute("expires")),
            Note::LoopbackIsSecure => self.of_attribute("secure"),
            Note::MaxAgeUnreadable { value } => first(&|found| found.is("max-age") && found.value == value),
            Note::SameSiteUnknown { value } => first(&|found| found.is("samesite") && found.value == value),
            // Who finds a near miss knows its place.
            _ => None,
        }
    }
}

impl Receipt {
    /// The octets of the line that the refusal is about, if it was refused for something that stands there.
    pub fn part(&self) -> Option<Range<usize>> {
        let Verdict::Refused(refusal) = &self.verdict else { return None };
        Parts::of(&self.line).of_refusal(refusal).filter(|range| !range.is_empty())
    }
}

/// The places between the semicolons.
fn pieces(line: &[u8]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    line.split(|octet| *octet == b';').map(move |piece| {
        let range = start..start + piece.len();
        start = range.end + 1;
        range
    })
}

fn attribute(line: &[u8], piece: Range<usize>) -> Attribute<'_> {
    let (name, value_at) = match equals(line, &piece) {
        Some(at) => (trim(line, piece.start..at), trim(line, at + 1..piece.end)),
        None => (trim(line, piece.clone()), piece.end..piece.end),
    };
    let whole = trim(line, piece);
    Attribute { name: &line[name], value: &line[value_at.clone()], whole, value_at }
}

fn equals(line: &[u8], piece: &Range<usize>) -> Option<usize> {
    line[piece.clone()].iter().position(|octet| *octet == b'=').map(|at| piece.start + at)
}

fn trim(line: &[u8], range: Range<usize>) -> Range<usize> {
    let blank = |at: &usize| matches!(line[*at], b' ' | b'\t');
    let start = range.clone().find(|at| !blank(at)).unwrap_or(range.end);
    let end = (start..range.end).rev().find(|at| !blank(at)).map_or(start, |at| at + 1);
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::policy::Policy;
    use crate::cookie::syntax;

    const LINES: [&str; 10] = [
        "a=b",
        "v",
        "=v",
        " a\t=\t\"b c\" ; Path=/",
        "a=b=c; Domain = x.test ;Secure;;HttpOnly ",
        "a=b; Path",
        "a=b;",
        "==v; =; = x",
        "a=; Max-Age=\t5\t",
        "a=b; SameSite = Lax = x",
    ];

    #[test]
    fn the_places_are_those_where_the_parser_cuts() {
        for line in LINES.map(str::as_bytes) {
            let parts = Parts::of(line);
            let parsed = syntax::parse(line, Policy::Classic).expect("a readable line");
            let (name, value) = (&line[parts.name.clone()], &line[parts.value.clone()]);
            assert_eq!((name, value), (parsed.name, parsed.value));
            let path = parts.last("path").map(|attribute| &line[attribute.value_at.clone()]);
            assert_eq!(path, parsed.attributes.path);
            let domain = parts.last("domain").map(|attribute| attribute.value);
            assert_eq!(domain, parsed.attributes.domain);
        }
    }

    #[test]
    fn an_attribute_is_whole_from_its_name_to_the_end_of_its_value() {
        let line = b"a=b; Domain = x.test ;Secure;;HttpOnly ";
        let parts = Parts::of(line);
        let wholes: Vec<_> =
            parts.attributes.iter().map(|attribute| &line[attribute.whole.clone()]).collect();
        assert_eq!(wholes, [&b"Domain = x.test"[..], b"Secure", b"", b"HttpOnly"]);
    }

    #[test]
    fn every_refusal_points_at_what_it_is_about() {
        let domain = || (".".to_owned(), "h.test".to_owned());
        let mismatch = |(domain, host)| Refusal::DomainMismatch { domain, host };
        for (line, refusal, expected) in [
            ("a=b; Domain=x; Domain=y.test ; Path=/", mismatch(domain()), "Domain=y.test"),
            ("a=b\u{7}c; Path=/", Refusal::ControlCharacter, "\u{7}"),
            ("a=b; Path\t=/; Pa\tth=/", Refusal::ControlCharacter, "\t"),
            ("a=b ; samesite=none", Refusal::SameSiteNoneWithoutSecure, "samesite=none"),
            ("a=b; secure", Refusal::SecureFromInsecureOrigin, "secure"),
            ("a=b; Partitioned", Refusal::PartitionedWithoutSecure, "Partitioned"),
            (" a = b ; Path=/", Refusal::TooLarge { octets: 5000, limit: 4096 }, "a = b"),
            ("=; Path=/", Refusal::Empty, "="),
            ("=__Host-a", Refusal::PrefixInValue { prefix: crate::cookie::prefix::Prefix::Host }, "__Host-a"),
        ] {
            let part = Parts::of(line.as_bytes()).of_refusal(&refusal).expect("a part");
            assert_eq!(&line[part], expected, "{line}");
        }
    }
}
