//! Owns all that can be said beside the verdict on a `Set-Cookie`, each with the octets of the line that it is about.
//! Does not change the verdict, and is asked only by who explains.

use std::ops::Range;

use crate::cookie::context::Context;
use crate::cookie::jar::Jar;
use crate::cookie::note::Note;
use crate::cookie::part::Parts;
use crate::cookie::verdict::Receipt;

/// A note, and where in the line the oddity stands, if it stands there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Remark {
    pub note: Note,
    pub part: Option<Range<usize>>,
}

/// What the rules noted when the cookie came, and what its author probably meant otherwise: in the order of the line.
///
/// `context` is that of the answer, `jar` is as it is after it.
pub fn remarks(receipt: &Receipt, _context: &Context, _jar: &Jar) -> Vec<Remark> {
    let parts = Parts::of(&receipt.line);
    let mut remarks = noted(receipt, &parts);
    remarks.sort_by_key(|remark| remark.part.as_ref().map_or(usize::MAX, |part| part.start));
    remarks
}

/// Notes of the same kind came in the order of the line.
fn noted(receipt: &Receipt, parts: &Parts) -> Vec<Remark> {
    let mut from = 0;
    let place = |note: &Note| {
        let part = parts.of_note(note, from).filter(|part| !part.is_empty());
        if note.is_of_one_attribute() {
            from = part.as_ref().map_or(from, |part| part.end);
        }
        Remark { note: note.clone(), part }
    };
    receipt.notes.iter().map(place).collect()
}
