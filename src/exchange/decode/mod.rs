//! Owns the undoing of content codings: octets are pushed in as they arrive, and come out as soon as they can.
//! Does not read or write anything, and holds no more than each coding's own window, whatever comes.

mod brotli;
mod deflate;
mod gzip;
mod stage;
mod zstd;

use crate::exchange::coding::{Coding, CodingError};
use crate::exchange::decode::stage::{Stage, Step};

/// Undoes a chain of codings.
pub struct Decoder {
    /// The coding that was applied last comes first.
    stages: Vec<(Coding, Box<dyn Stage>)>,
    /// A body without a single octet has nothing to undo, whatever its head says.
    has_begun: bool,
}

/// So much comes out at once.
const PIECE: usize = 16 * 1024;

impl Decoder {
    /// For codings in the order in which they were applied.
    pub fn new(codings: &[Coding]) -> Decoder {
        let stages = codings.iter().rev().map(|coding| (*coding, stage(*coding))).collect();
        Decoder { stages, has_begun: false }
    }

    /// Takes octets as they came, and gives the sink what they stand for, in pieces of a bounded size. The sink hears of
    /// every step, also of one that brought nothing, so that it can end what never comes to an end.
    pub fn push<E: From<CodingError>>(
        &mut self,
        octets: &[u8],
        sink: &mut dyn FnMut(&[u8]) -> Result<(), E>,
    ) -> Result<(), E> {
        self.has_begun |= !octets.is_empty();
        through(&mut self.stages, octets, sink)
    }

    /// The body is over: was it whole?
    pub fn finish(&self) -> Result<(), CodingError> {
        let unfinished = self.stages.iter().find(|(_, stage)| self.has_begun && !stage.is_whole());
        unfinished.map_or(Ok(()), |(coding, _)| Err(CodingError::CutShort { coding: *coding }))
    }
}

fn stage(coding: Coding) -> Box<dyn Stage> {
    match coding {
        Coding::Brotli => Box::new(brotli::Brotli::new()),
        Coding::Deflate => Box::new(deflate::Deflate::new()),
        Coding::Gzip => Box::new(gzip::Gzip::new()),
        Coding::Zstd => Box::new(zstd::Zstd::new()),
    }
}

fn through<E: From<CodingError>>(
    stages: &mut [(Coding, Box<dyn Stage>)],
    mut octets: &[u8],
    sink: &mut dyn FnMut(&[u8]) -> Result<(), E>,
) -> Result<(), E> {
    let Some(((coding, stage), rest)) = stages.split_first_mut() else {
        return sink(octets);
    };
    let mut piece = [0; PIECE];
    loop {
        let Step { read, written, fault } = stage.step(octets, &mut piece);
        octets = &octets[read..];
        if read > 0 || written > 0 {
            match written {
                0 => sink(&[])?,
                _ => through(rest, &piece[..written], sink)?,
            }
        }
        if let Some(why) = fault {
            return Err(CodingError::Broken { coding: *coding, why }.into());
        }
        if read == 0 && written == 0 {
            return Ok(());
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: &[u8] = include_bytes!("../../../fixtures/codings/page.txt");
    /// The same page, as gzip, zlib, zstd and node's brotli make it.
    const CODED: [(&[Coding], &[u8]); 5] = [
        (&[Coding::Brotli], include_bytes!("../../../fixtures/codings/page.br")),
        (&[Coding::Deflate], include_bytes!("../../../fixtures/codings/page.deflate")),
        (&[Coding::Deflate], include_bytes!("../../../fixtures/codings/page.zlib")),
        (&[Coding::Gzip], include_bytes!("../../../fixtures/codings/page.gz")),
        (&[Coding::Zstd], include_bytes!("../../../fixtures/codings/page.zst")),
    ];

    /// What comes out of these chunks, and how it ends.
    fn decoded<'a>(
        codings: &[Coding],
        chunks: impl IntoIterator<Item = &'a [u8]>,
    ) -> (Vec<u8>, Result<(), CodingError>) {
        let (mut decoder, mut out) = (Decoder::new(codings), Vec::new());
        for chunk in chunks {
            let pushed = decoder.push(chunk, &mut |octets| {
                assert!(octets.len() <= PIECE.max(chunk.len()));
                out.extend_from_slice(octets);
                Ok(())
            });
            if let Err(error) = pushed {
                return (out, Err(error));
            }
        }
        (out, decoder.finish())
    }

    fn gzip(octets: &[u8]) -> Vec<u8> {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
        encoder.write_all(octets).and_then(|()| encoder.finish()).expect("memory takes all")
    }

    fn zstd(octets: &[u8]) -> Vec<u8> {
        let mut coded = Vec::with_capacity(zstd_safe::compress_bound(octets.len()));
        zstd_safe::compress(&mut coded, octets, 3).expect("there is room");
        coded
    }

    #[test]
    fn a_page_is_the_same_in_whatever_chunks_it_comes() {
        for (codings, coded) in CODED {
            for size in [1, 2, 3, 7, 100, 4096, coded.len()] {
                let (out, end) = decoded(codings, coded.chunks(size));
                assert!(out == PAGE && end == Ok(()), "{codings:?} by {size}: {end:?}");
            }
        }
    }

    #[test]
    fn a_body_that_is_cut_anywhere_gives_what_was_there_and_says_that_it_was_cut() {
        for (codings, coded) in CODED {
            for at in (1..coded.len()).step_by(97).chain(coded.len() - 9..coded.len()) {
                let (out, end) = decoded(codings, [&coded[..at]]);
                assert!(PAGE.starts_with(&out), "{codings:?} cut at {at}");
                assert_eq!(end, Err(CodingError::CutShort { coding: codings[0] }), "{codings:?} cut at {at}");
            }
            // What has come is shown at once, as far as the coding has it.
            let (out, _) = decoded(codings, [&coded[..coded.len() / 2]]);
            assert!(codings == [Coding::Zstd] || out.len() > PAGE.len() / 4, "{codings:?}: {}", out.len());
        }
    }

    #[test]
    fn what_was_flushed_by_the_server_comes_out_at_once() {
        use std::io::Write;
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(b"first").and_then(|()| encoder.flush()).expect("memory takes all");
        assert_eq!(decoded(&[Coding::Gzip], [&encoder.get_ref()[..]]).0, b"first");
        let mut context = zstd_safe::CCtx::create();
        let mut room = [0; 100];
        let mut out = zstd_safe::OutBuffer::around(&mut room[..]);
        let mut from = zstd_safe::InBuffer::around(b"first");
        context.compress_stream(&mut out, &mut from).expect("there is room");
        context.flush_stream(&mut out).expect("there is room");
        let flushed = out.pos();
        assert_eq!(decoded(&[Coding::Zstd], [&room[..flushed]]).0, b"first");
    }

    #[test]
    fn broken_octets_are_told_behind_what_was_good() {
        // The first two have no checksum: what is spoilt may well be another text.
        for (codings, coded) in CODED.into_iter().skip(2) {
            let mut spoilt = coded.to_vec();
            let middle = spoilt.len() / 2;
            spoilt[middle..middle + 64].fill(0xff);
            let (out, end) = decoded(codings, [&spoilt[..]]);
            assert!(end.is_err(), "{codings:?}");
            assert!(codings == [Coding::Zstd] || out.starts_with(&PAGE[..PAGE.len() / 4]), "{codings:?}");
        }
        for (coding, octets) in [
            (Coding::Brotli, &b"<html>"[..]),
            (Coding::Deflate, b"<html>"),
            (Coding::Gzip, b"<html>"),
            (Coding::Zstd, b"<html>"),
        ] {
            let (out, end) = decoded(&[coding], [octets]);
            assert!(out.is_empty() && matches!(end, Err(CodingError::Broken { .. })), "{coding:?}: {end:?}");
        }
    }

    #[test]
    fn a_wrong_checksum_of_gzip_is_seen() {
        let mut coded = gzip(b"page");
        let at = coded.len() - 8;
        coded[at] ^= 1;
        let (out, end) = decoded(&[Coding::Gzip], [&coded[..]]);
        let why = "its checksum is another one".to_owned();
        assert_eq!((&out[..], end), (&b"page"[..], Err(CodingError::Broken { coding: Coding::Gzip, why })));
    }

    #[test]
    fn every_part_that_the_head_of_gzip_may_have_is_read_over() {
        let plain = gzip(b"page");
        for (flags, parts) in [
            (0, &b""[..]),
            (1 << 1, b"xx"),
            (1 << 2, b"\x03\x00abc"),
            (1 << 2, b"\x00\x00"),
            (1 << 3, b"name\0"),
            (1 << 4, b"comment\0"),
            (0b1_1111, b"\x01\x00x\0\0xx"),
        ] {
            let mut coded = plain[..10].to_vec();
            coded[3] = flags;
            coded.extend_from_slice(parts);
            coded.extend_from_slice(&plain[10..]);
            let (out, end) = decoded(&[Coding::Gzip], coded.chunks(1));
            assert_eq!((&out[..], end), (&b"page"[..], Ok(())), "{flags:b}");
        }
    }

    #[test]
    fn members_and_frames_one_behind_the_other_are_one_body() {
        for (coding, coded) in [
            (Coding::Gzip, [gzip(b"one "), gzip(b""), gzip(b"two")].concat()),
            (Coding::Zstd, [zstd(b"one "), zstd(b""), zstd(b"two")].concat()),
        ] {
            for size in [1, 5, coded.len()] {
                let (out, end) = decoded(&[coding], coded.chunks(size));
                assert_eq!((&out[..], end), (&b"one two"[..], Ok(())), "{coding:?}");
            }
        }
    }

    #[test]
    fn what_stands_behind_the_end_is_read_over() {
        for (codings, coded) in CODED.into_iter().filter(|(codings, _)| *codings != [Coding::Zstd]) {
            let (out, end) = decoded(codings, [coded, b"\0\0more", b"and more"]);
            assert!(out == PAGE && end == Ok(()), "{codings:?}: {end:?}");
        }
    }

    #[test]
    fn codings_on_top_of_each_other_are_undone_from_the_outside() {
        let coded = gzip(&zstd(&gzip(CODED[0].1)));
        let codings = [Coding::Brotli, Coding::Gzip, Coding::Zstd, Coding::Gzip];
        for size in [1, 1000, coded.len()] {
            let (out, end) = decoded(&codings, coded.chunks(size));
            assert!(out == PAGE && end == Ok(()), "{end:?}");
        }
        let (_, end) = decoded(&codings, [&coded[..coded.len() - 1]]);
        assert_eq!(end, Err(CodingError::CutShort { coding: Coding::Gzip }));
    }

    #[test]
    fn an_empty_body_has_nothing_to_undo() {
        assert_eq!(decoded(&[Coding::Gzip, Coding::Brotli], [&b""[..]]), (Vec::new(), Ok(())));
    }

    #[test]
    fn a_window_over_the_limit_is_refused() {
        // A frame of zstd with a window of 16 MiB, and a `br` with a large window.
        let frame = b"\x28\xb5\x2f\xfd\x00\x70\x01\x00\x00";
        for (coding, octets) in [(Coding::Zstd, &frame[..]), (Coding::Brotli, b"\x11\x1e\0\0")] {
            let (_, end) = decoded(&[coding], [octets]);
            assert!(matches!(end, Err(CodingError::Broken { .. })), "{coding:?}: {end:?}");
        }
    }

    #[test]
    fn the_sink_may_stop_what_never_brings_anything() {
        // Empty members without end, themselves coded.
        let mut decoder = Decoder::new(&[Coding::Gzip, Coding::Gzip]);
        let nothing = gzip(&gzip(b"").repeat(100_000));
        let mut heard = 0;
        let ended = decoder.push(&nothing, &mut |octets| {
            assert_eq!(octets, b"");
            heard += 1;
            if heard < 3 { Ok(()) } else { Err(CodingError::TooMany { count: 0 }) }
        });
        assert_eq!((ended, heard), (Err(CodingError::TooMany { count: 0 }), 3));
    }

    #[test]
    fn the_sink_may_stop_it() {
        let mut decoder = Decoder::new(&[Coding::Gzip]);
        let bomb = gzip(&[0; 1 << 20]);
        let mut seen = 0;
        let ended = decoder.push(&bomb, &mut |octets| {
            seen += octets.len();
            if octets.is_empty() { Ok(()) } else { Err(CodingError::TooMany { count: 0 }) }
        });
        assert_eq!((ended, seen), (Err(CodingError::TooMany { count: 0 }), PIECE));
    }
}
