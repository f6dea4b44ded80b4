//! Owns the `zstd` coding (RFC 8878): frames one behind the other.
//! Does not take windows over the 8 MiB that the web allows (RFC 9659).

use zstd_safe::{DCtx, DParameter, InBuffer, OutBuffer, get_error_name};

use crate::exchange::decode::stage::{Stage, Step};

pub struct Zstd {
    context: DCtx<'static>,
    /// Between frames.
    is_whole: bool,
}

const WINDOW_LOG: u32 = 23;

impl Zstd {
    pub fn new() -> Zstd {
        let mut context = DCtx::create();
        // Every version of the library knows this limit.
        let _ = context.set_parameter(DParameter::WindowLogMax(WINDOW_LOG));
        Zstd { context, is_whole: false }
    }
}

impl Stage for Zstd {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        if input.is_empty() && self.is_whole {
            return Step::default();
        }
        let (mut from, mut to) = (InBuffer::around(input), OutBuffer::around(output));
        let left = self.context.decompress_stream(&mut to, &mut from);
        let fault = left.err().map(|code| get_error_name(code).to_owned());
        let step = Step { read: from.pos(), written: to.pos(), fault };
        if step.read > 0 || step.written > 0 {
            self.is_whole = left == Ok(0);
        }
        step
    }

    fn is_whole(&self) -> bool {
        self.is_whole
    }
}
