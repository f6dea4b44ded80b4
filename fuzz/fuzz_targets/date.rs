//! Owns the question whether any octets at all can upset the reading of an `Expires` date.
//! Does not know which dates are right; the test vectors do.

#![no_main]

use kuki::cookie::date;
use kuki::cookie::policy::Policy;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    // RFC 6265bis 5.1.1, `delimiter`, spelled anew: the reader's own list can't be its witness.
    let delimiters: Vec<u8> =
        [0x09..=0x09, 0x20..=0x2f, 0x3b..=0x40, 0x5b..=0x60, 0x7b..=0x7e].into_iter().flatten().collect();
    for policy in [Policy::Classic, Policy::Browser] {
        let date = date::parse(text, policy);
        assert_eq!(date::parse(&[text, &delimiters].concat(), policy), date, "{policy:?}, delimiters behind");
        assert_eq!(date::parse(&[&delimiters, text].concat(), policy), date, "{policy:?}, delimiters before");
    }
});
