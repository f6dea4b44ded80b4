//! Owns the `br` coding (RFC 7932).
//! Does not take windows over the 16 MiB of the standard.

use brotli_decompressor::{BrotliDecompressStream, BrotliResult, BrotliState, StandardAlloc};

use crate::exchange::decode::stage::{Stage, Step};

pub struct Brotli {
    state: Box<BrotliState<StandardAlloc, StandardAlloc, StandardAlloc>>,
    is_over: bool,
}

impl Brotli {
    pub fn new() -> Brotli {
        let alloc = StandardAlloc::default;
        Brotli { state: Box::new(BrotliState::new_strict(alloc(), alloc(), alloc())), is_over: false }
    }
}

impl Stage for Brotli {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        if self.is_over {
            // Octets behind the end belong to nobody, and no browser minds them.
            return Step::read(input.len());
        }
        let (mut left, mut read, mut room, mut written) = (input.len(), 0, output.len(), 0);
        let result = BrotliDecompressStream(
            &mut left,
            &mut read,
            input,
            &mut room,
            &mut written,
            output,
            &mut 0,
            &mut self.state,
        );
        self.is_over = matches!(result, BrotliResult::ResultSuccess);
        let fault =
            matches!(result, BrotliResult::ResultFailure).then(|| "it breaks the rules of br".to_owned());
        Step { read, written, fault }
    }

    fn is_whole(&self) -> bool {
        self.is_over
    }
}
