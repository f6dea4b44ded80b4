//! Owns the reading of option files in curl's form, whatever they hold.
//! Does not act on what they say.

#![no_main]

use kuki::cli::config::words;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let lines = text.split(|octet| *octet == b'\n').count();
    match words(text) {
        Ok(words) => assert!(words.len() <= text.len(), "more words than octets"),
        Err(bad) => assert!((1..=lines).contains(&bad.number), "no such line"),
    }
});
