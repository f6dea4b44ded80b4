//! Owns the undoing of a value's layers, whatever the value is: it ends, and in bounds.
//! Does not say what a value means.

#![no_main]

use kuki::formats::decode::decode;
use kuki::formats::decode::layer::Content;
use libfuzzer_sys::fuzz_target;

/// What the limit of a value lets through, and some more.
const MOST_OCTETS: usize = 8 << 20;

fuzz_target!(|value: &[u8]| {
    let decoded = decode(value);
    assert!(decoded.layers.len() <= 16, "too deep");
    let length = match &decoded.content {
        Content::Json(text) | Content::Text(text) => text.len(),
        Content::Octets(octets) => octets.len(),
        Content::Encrypted => 0,
    };
    assert!(length <= MOST_OCTETS.max(value.len()), "a bomb went off");
    assert_eq!(decoded, decode(value), "not the same twice");
});
