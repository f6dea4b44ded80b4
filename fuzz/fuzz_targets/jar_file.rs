//! Owns the promise of the jar's file: any octets are read or refused, and what was read is written so that it is
//! read again as the same jar.
//! Does not ask whether a refusal is right, nor for the same text; the tests of the schema do.

#![no_main]

use kuki::store::schema::{read, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok(document) = read(text) else { return };
    let written = write(&document).expect("what was read can be written");
    let again = read(&written).expect("what was written can be read");
    assert_eq!(again.jar.sorted(), document.jar.sorted());
});
