//! Owns the way of a dump of several heads, whatever it holds, to one head after the other.
//! Does not judge what they set; `header_dump` does.

#![no_main]

use kuki::formats::dump::heads;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|dump: &[u8]| {
    let heads = heads(dump);
    assert!(heads.len() <= dump.len() + 1, "more heads than octets");
    for head in heads {
        for line in head.set_cookies.iter().chain(&head.location) {
            // A value with a line in it would be two headers to whoever prints it.
            assert!(!line.contains(&b'\n'), "a value of two lines");
        }
    }
});
