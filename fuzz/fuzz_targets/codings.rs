//! Owns the question whether any octets at all can upset the undoing of content codings.
//! Does not know what is right; the decoder's own tests do.

#![no_main]

use kuki::exchange::coding::{Coding, CodingError};
use kuki::exchange::decode::Decoder;
use libfuzzer_sys::fuzz_target;

/// So much output is enough of a bomb.
const ENOUGH: usize = 1 << 24;

fuzz_target!(|input: (u8, u8, &[u8])| {
    let (chain, size, body) = input;
    let coding = |number: u8| match number & 3 {
        0 => Coding::Brotli,
        1 => Coding::Deflate,
        2 => Coding::Gzip,
        _ => Coding::Zstd,
    };
    let codings = [coding(chain), coding(chain >> 2)];
    let codings = &codings[..if chain & 0x80 == 0 { 1 } else { 2 }];
    let decoded = |size: usize| {
        let (mut decoder, mut out) = (Decoder::new(codings), Vec::new());
        for chunk in body.chunks(size) {
            let pushed = decoder.push(chunk, &mut |octets| {
                out.extend_from_slice(octets);
                if out.len() < ENOUGH { Ok(()) } else { Err(CodingError::TooMany { count: 0 }) }
            });
            if pushed.is_err() {
                return (out, false);
            }
        }
        (out, decoder.finish().is_ok())
    };
    // However it is cut, a whole body is the same.
    let (whole, is_whole) = decoded(body.len().max(1));
    if is_whole {
        assert_eq!(decoded(usize::from(size).max(1)), (whole, true));
    }
});
