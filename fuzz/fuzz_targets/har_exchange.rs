//! Owns the way of a HAR, whatever it holds, to its exchanges.
//! Does not judge what they set.

#![no_main]

use kuki::formats::har_exchange::exchanges;
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let Ok((exchanges, missing)) = exchanges(text) else { return };
    assert!(exchanges.len() + missing <= text.len(), "more entries than octets");
    for pair in exchanges.windows(2) {
        assert!(pair[0].number < pair[1].number, "out of order");
    }
    for exchange in exchanges {
        assert!(exchange.url.has_host(), "{}", exchange.url);
        assert!(exchange.set_cookies.iter().all(|line| !line.contains('\n')), "a value of two lines");
    }
});
