//! Owns all that can be said beside the verdict on a `Set-Cookie`, each with the octets of the line that it is about.
//! Does not change the verdict, and is asked only by who explains.

use crate::cookie::context::Context;
use crate::cookie::jar::Jar;
use crate::cookie::near::asked::Asked;
pub use crate::cookie::near::asked::Remark;
use crate::cookie::near::{attributes, life, pair, reach};
use crate::cookie::note::Note;
use crate::cookie::verdict::Receipt;

/// What the rules noted when the cookie came, and what its author probably meant otherwise: in the order of the line.
///
/// `context` is that of the answer, `jar` is as it is after it.
pub fn remarks(receipt: &Receipt, context: &Context, jar: &Jar) -> Vec<Remark> {
    let asked = Asked::of(receipt, context, jar);
    let near =
        [attributes::remarks(&asked), life::remarks(&asked), pair::remarks(&asked), reach::remarks(&asked)];
    let mut remarks = noted(&asked);
    remarks.extend(near.into_iter().flatten());
    for remark in &mut remarks {
        remark.part.take_if(|part| part.start == part.end);
    }
    remarks.sort_by_key(|remark| remark.part.as_ref().map_or(usize::MAX, |part| part.start));
    remarks
}

/// The receipt with all that can be noted of it.
pub fn explained(receipt: Receipt, context: &Context, jar: &Jar) -> Receipt {
    let notes = remarks(&receipt, context, jar).into_iter().map(|remark| remark.note).collect();
    Receipt { notes, ..receipt }
}

/// What the rules noted themselves, each kind in the order of the line; an unknown attribute that looks like another
/// is told of as that.
fn noted(asked: &Asked) -> Vec<Remark> {
    let mut from = 0;
    let place = |note: &Note| {
        let part = asked.parts.of_note(note, from);
        if note.is_of_one_attribute() {
            from = part.as_ref().map_or(from, |part| part.end);
        }
        Remark { note: note.clone(), part }
    };
    let is_plain = |note: &&Note| match note {
        Note::AttributeUnknown { name } => attributes::meant(name).is_none(),
        note => note.is_of_the_rules(),
    };
    asked.receipt.notes.iter().filter(is_plain).map(place).collect()
}
