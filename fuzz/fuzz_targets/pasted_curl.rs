//! Owns the reading of a command of curl's that was copied, whatever was copied.
//! Does not run it.

#![no_main]

use std::os::unix::ffi::OsStrExt;

use kuki::cli::pasted::words;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    match words(text) {
        // No word can be one for a program: it would end at the NUL.
        Ok(words) => assert!(
            text.contains(&0) || words.iter().all(|word| !word.as_bytes().contains(&0)),
            "a NUL from nowhere: {words:?}"
        ),
        Err(bad) => assert!(bad.line >= 1 && bad.column >= 1 && !bad.why.is_empty(), "{bad:?}"),
    }
});
