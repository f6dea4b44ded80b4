//! Owns the `gzip` coding (RFC 1952): members one behind the other, each with a head, a stream and its checksum.
//! Does not inflate the stream; `deflate` does.

use flate2::Crc;

use crate::exchange::decode::deflate::Inflate;
use crate::exchange::decode::stage::{Stage, Step};

pub struct Gzip {
    place: Place,
    /// What the head of the member says is still to come of it.
    flags: u8,
    crc: Crc,
}

/// Where in a member the next octet stands.
enum Place {
    /// The ten octets that each has, so many of which are read.
    Fixed(usize),
    ExtraLength(Option<u8>),
    Skip(u16, Then),
    Text(Then),
    Stream(Box<Inflate>),
    /// The checksum and the length, so far.
    Trailer(Vec<u8>),
    /// Behind a whole member: another one, or the end.
    Between,
    /// Octets that belong to nobody, and no browser minds.
    Behind,
}

/// Which part of the head follows.
#[derive(Clone, Copy)]
enum Then {
    Name,
    Comment,
    HeadChecksum,
    Stream,
}

const HEAD_CHECKSUM: u8 = 1 << 1;
const EXTRA: u8 = 1 << 2;
const NAME: u8 = 1 << 3;
const COMMENT: u8 = 1 << 4;

impl Gzip {
    pub fn new() -> Gzip {
        Gzip { place: Place::Fixed(0), flags: 0, crc: Crc::new() }
    }

    /// The first part from here on that the flags speak of.
    fn part(&self, from: Then) -> Place {
        match from {
            Then::Name if self.flags & NAME != 0 => Place::Text(Then::Comment),
            Then::Name | Then::Comment if self.flags & COMMENT != 0 => Place::Text(Then::HeadChecksum),
            Then::Name | Then::Comment | Then::HeadChecksum if self.flags & HEAD_CHECKSUM != 0 => {
                Place::Skip(2, Then::Stream)
            }
            _ => Place::Stream(Box::new(Inflate::new(false))),
        }
    }

    /// One octet of a head or a trailer; what is wrong with it.
    fn octet(&mut self, octet: u8) -> Result<(), &'static str> {
        let next = match &mut self.place {
            Place::Fixed(at) => {
                let is_right = match at {
                    0 => octet == 0x1f,
                    1 => octet == 0x8b,
                    2 => octet == 8,
                    3 => octet & 0xe0 == 0,
                    _ => true,
                };
                if !is_right {
                    return Err("it does not begin as gzip does");
                }
                if *at == 3 {
                    self.flags = octet;
                }
                *at += 1;
                if *at < 10 {
                    return Ok(());
                }
                if self.flags & EXTRA != 0 { Place::ExtraLength(None) } else { self.part(Then::Name) }
            }
            Place::ExtraLength(first @ None) => {
                *first = Some(octet);
                return Ok(());
            }
            Place::ExtraLength(Some(first)) => match u16::from_le_bytes([*first, octet]) {
                0 => self.part(Then::Name),
                length => Place::Skip(length, Then::Name),
            },
            Place::Skip(left, then) => {
                *left -= 1;
                if *left > 0 {
                    return Ok(());
                }
                let then = *then;
                self.part(then)
            }
            Place::Text(then) => {
                if octet != 0 {
                    return Ok(());
                }
                let then = *then;
                self.part(then)
            }
            Place::Trailer(octets) => {
                octets.push(octet);
                if octets.len() < 8 {
                    return Ok(());
                }
                let expected = [self.crc.sum().to_le_bytes(), self.crc.amount().to_le_bytes()].concat();
                if *octets != expected {
                    return Err("its checksum is another one");
                }
                self.crc.reset();
                Place::Between
            }
            Place::Between if octet == 0x1f => Place::Fixed(1),
            Place::Between | Place::Behind | Place::Stream(_) => Place::Behind,
        };
        self.place = next;
        Ok(())
    }
}

impl Stage for Gzip {
    fn step(&mut self, input: &[u8], output: &mut [u8]) -> Step {
        match &mut self.place {
            Place::Stream(inflate) => {
                let step = inflate.step(input, output);
                self.crc.update(&output[..step.written]);
                if inflate.is_over {
                    self.place = Place::Trailer(Vec::with_capacity(8));
                }
                step
            }
            Place::Behind => Step::read(input.len()),
            _ => {
                for (at, octet) in input.iter().enumerate() {
                    if let Err(why) = self.octet(*octet) {
                        return Step::fault(why);
                    }
                    if matches!(self.place, Place::Stream(_) | Place::Behind) {
                        return Step::read(at + 1);
                    }
                }
                Step::read(input.len())
            }
        }
    }

    fn is_whole(&self) -> bool {
        matches!(self.place, Place::Between | Place::Behind)
    }
}
