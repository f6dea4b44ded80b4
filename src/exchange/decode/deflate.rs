//! Owns the `deflate` coding: zlib as the standard has it, and the bare stream that some servers send instead.
//! Does not know gzip, which only shares the bare stream with it.

use flate2::{Decompress, FlushDecompress, Status};

use crate::exchange::decode::stage::{Stage, Step};

pub enum Deflate {
    /// The first octet, which does not yet say in which of two forms the body comes.
    Unknown(Option<u8>),
    Known(Inflate),
}

/// One stream, until its end.
pub struct Inflate {
    stream: Decompress,
    pub is_over: bool,
    /// What was read before it was known what it is.
    held: Option<u8>,
}

impl Deflate {
    pub fn new() -> Deflate {
        Deflate::Unknown(None)
    }
}

impl Stage for Deflate {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        match self {
            Deflate::Known(inflate) => inflate.step(input, output),
            Deflate::Unknown(first) => match (*first, input) {
                (_, []) => Step::default(),
                (None, [octet, ..]) => {
                    *first = Some(*octet);
                    Step::read(1)
                }
                (Some(first), [second, ..]) => {
                    let mut inflate = Inflate::new(is_zlib(first, *second));
                    inflate.held = Some(first);
                    *self = Deflate::Known(inflate);
                    self.step(input, output)
                }
            },
        }
    }

    fn is_whole(&self) -> bool {
        matches!(self, Deflate::Known(Inflate { is_over: true, .. }))
    }
}

/// RFC 1950, 2.2: method 8, a window of at most 32 KiB, and both octets together a multiple of 31.
fn is_zlib(first: u8, second: u8) -> bool {
    first & 0x0f == 8 && first >> 4 <= 7 && u16::from_be_bytes([first, second]).is_multiple_of(31)
}

impl Inflate {
    pub fn new(has_zlib_header: bool) -> Inflate {
        Inflate { stream: Decompress::new(has_zlib_header), is_over: false, held: None }
    }

    pub fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        match self.held.take() {
            Some(octet) => {
                let step = self.inflate(&[octet], output);
                if step.fault.is_some() || step.written > 0 {
                    return Step { read: 0, ..step };
                }
                self.inflate(input, output)
            }
            None => self.inflate(input, output),
        }
    }

    fn inflate(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        if self.is_over {
            // Octets behind the end belong to nobody, and no browser minds them.
            return Step::read(input.len());
        }
        let before = (self.stream.total_in(), self.stream.total_out());
        let status = self.stream.decompress(input, output, FlushDecompress::None);
        let moved = |after: u64, before: u64| usize::try_from(after - before).unwrap_or(usize::MAX);
        self.is_over = matches!(status, Ok(Status::StreamEnd));
        Step {
            read: moved(self.stream.total_in(), before.0),
            written: moved(self.stream.total_out(), before.1),
            fault: status.err().map(|error| error.to_string()),
        }
    }
}
