//! Owns what the near misses are looked for in: a verdict, the line by its places, and what was read from it.
//! Does not look.

use std::ops::Range;

use crate::cookie::attribute::Attributes;
use crate::cookie::context::Context;
use crate::cookie::jar::Jar;
use crate::cookie::note::Note;
use crate::cookie::part::Parts;
use crate::cookie::syntax;
use crate::cookie::verdict::{Receipt, Verdict};

/// A note, and where in the line the oddity stands, if it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub note: Note,
    pub part: Option<Range<usize>>,
}

pub struct Asked<'a> {
    pub receipt: &'a Receipt,
    pub context: &'a Context,
    /// As it is after the answer.
    pub jar: &'a Jar,
    pub parts: Parts<'a>,
    /// What counted; nothing where the line could not be read.
    pub attributes: Attributes<'a>,
}

impl<'a> Asked<'a> {
    pub fn of(receipt: &'a Receipt, context: &'a Context, jar: &'a Jar) -> Asked<'a> {
        let read = syntax::parse(&receipt.line, context.policy());
        let attributes = read.map(|parsed| parsed.attributes).unwrap_or_default();
        Asked { receipt, context, jar, parts: Parts::of(&receipt.line), attributes }
    }

    pub fn name(&self) -> &'a [u8] {
        &self.receipt.line[self.parts.name.clone()]
    }

    pub fn value(&self) -> &'a [u8] {
        &self.receipt.line[self.parts.value.clone()]
    }

    /// Does the jar now hold the cookie?
    pub fn is_kept(&self) -> bool {
        matches!(self.receipt.verdict, Verdict::Stored | Verdict::Replaced)
    }

    pub fn is_refused(&self) -> bool {
        matches!(self.receipt.verdict, Verdict::Refused(_))
    }

    /// A remark about the attribute of this name that counted.
    pub fn on(&self, attribute: &str, note: Note) -> Remark {
        Remark { note, part: self.parts.last(attribute).map(|attribute| attribute.whole.clone()) }
    }
}
