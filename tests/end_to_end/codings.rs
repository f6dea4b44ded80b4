//! Owns the tests of content codings: when they are asked for, and how they are undone, or not.
//! Does not test each coding's own rules; the decoder's own tests do.

use std::fs;
use std::io::Write;
use std::path::Path;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::support::server::{Server, header, redirect};
use crate::support::{Home, Ran};

const CODED: [(&str, &str); 5] = [
    ("br", "page.br"),
    ("deflate", "page.deflate"),
    ("deflate", "page.zlib"),
    ("gzip", "page.gz"),
    ("zstd", "page.zst"),
];

fn fixture(name: &str) -> Vec<u8> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/codings");
    fs::read(folder.join(name)).expect("a fixture")
}

fn page() -> String {
    String::from_utf8(fixture("page.txt")).expect("the page is text")
}

fn gzip(octets: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(octets).and_then(|()| encoder.finish()).expect("memory takes all")
}

/// An answer whose body has this length and these octets, which may be fewer.
fn answer(status: &str, head_lines: &str, length: usize, body: &[u8]) -> Vec<u8> {
    let head =
        format!("HTTP/1.1 {status}\r\n{head_lines}Content-Length: {length}\r\nConnection: close\r\n\r\n");
    [head.as_bytes(), body].concat()
}

fn coded(coding: &str, body: &[u8]) -> Vec<u8> {
    answer("200 OK", &format!("Content-Encoding: {coding}\r\n"), body.len(), body)
}

/// What the program makes of an answer.
fn got<const N: usize>(answer: Vec<u8>, arguments: [&str; N]) -> Ran {
    let server = Server::start(move |_| answer.clone());
    Home::new().run(arguments.into_iter().map(str::to_owned).chain([server.url("/")]))
}

#[test]
fn a_coded_body_is_shown_as_it_was_before() {
    for (coding, file) in CODED {
        let ran = got(coded(coding, &fixture(file)), []);
        assert!(
            (ran.status, &*ran.err) == (0, "") && ran.out == page(),
            "{file}: {} {}",
            ran.status,
            ran.err
        );
    }
}

#[test]
fn codings_on_top_of_each_other_are_undone_too() {
    let twice = gzip(&fixture("page.br"));
    let ran = got(coded("br, gzip", &twice), []);
    assert!(ran.status == 0 && ran.out == page(), "{}", ran.err);
    let lines = "Content-Encoding: br\r\nContent-Encoding: gzip\r\n";
    let ran = got(answer("200 OK", lines, twice.len(), &twice), []);
    assert!(ran.status == 0 && ran.out == page(), "{}", ran.err);
}

#[test]
fn a_body_is_asked_for_compressed_unless_its_octets_are_wanted() {
    let all = Some("gzip, deflate, br, zstd");
    for (arguments, asked, is_undone) in [
        (&[][..], all, true),
        (&["-o", "-"], all, true),
        (&["-o", "body"], None, false),
        (&["-o", "body", "--compressed"], all, true),
        (&["--no-compressed"], None, false),
        (&["--compressed", "--no-compressed"], None, false),
        (&["--no-compressed", "--compressed"], all, true),
        (&["-H", "Range: bytes=0-"], None, false),
        (&["-H", "Accept-Encoding: br"], Some("br"), false),
        (&["-H", "Accept-Encoding: br", "--compressed"], Some("br"), true),
        (&["-H", "Accept-Encoding:"], None, false),
    ] {
        let (home, body) = (Home::new(), coded("gzip", &gzip(b"text")));
        let server = Server::start(move |_| body.clone());
        let mut command = home.kuki(arguments.iter().map(|&text| text.to_owned()).chain([server.url("/")]));
        let output = command.output().expect("the program starts");
        assert!(output.status.success(), "{arguments:?}: {output:?}");
        let heard = server.heard();
        assert_eq!(header(&heard[0], "accept-encoding"), asked, "{arguments:?}");
        let shown = fs::read(home.path().join("body")).unwrap_or(output.stdout);
        assert_eq!(shown, if is_undone { b"text".to_vec() } else { gzip(b"text") }, "{arguments:?}");
    }
}

#[test]
fn the_head_is_shown_as_it_was_received() {
    let ran = got(coded("GZip", &gzip(b"text")), ["-i"]);
    assert!(ran.out.contains("\r\nContent-Encoding: GZip\r\n"), "{}", ran.out);
    assert!(ran.out.ends_with("\r\n\r\ntext"), "{}", ran.out);
}

#[test]
fn a_coding_that_is_not_known_is_named_and_can_be_shown_as_it_came() {
    for (coding, line) in [
        ("compress", "kuki: the body's coding `compress` is not known"),
        ("gzip, no\u{9b}", "kuki: the body's coding `no\\u{9b}` is not known"),
        (&"gzip,".repeat(100), "kuki: the body has 100 codings on top of each other; at most 4 are undone"),
    ] {
        let ran = got(coded(coding, b"octets"), []);
        let hint = "hint: --no-compressed shows what comes as it was sent";
        assert_eq!((ran.status, &*ran.out, &*ran.err), (61, "", &*format!("{line}\n{hint}\n")));
        let ran = got(coded(coding, b"octets"), ["--no-compressed"]);
        assert_eq!((ran.status, &*ran.out, &*ran.err), (0, "octets", ""));
    }
}

#[test]
fn an_answer_without_a_body_has_nothing_to_undo() {
    let lines = "Content-Encoding: compress\r\n";
    for (status, length, arguments) in
        [("200 OK", 100, &["-I"][..]), ("200 OK", 0, &[]), ("304 Not Modified", 100, &[])]
    {
        let answer = answer(status, lines, length, b"");
        let server = Server::start(move |_| answer.clone());
        let ran = Home::new().run(arguments.iter().map(|&text| text.to_owned()).chain([server.url("/")]));
        assert_eq!((ran.status, &*ran.err), (0, ""), "{status} {arguments:?}");
    }
    let ran = got(b"HTTP/1.1 204 No Content\r\nContent-Encoding: compress\r\n\r\n".to_vec(), []);
    assert_eq!((ran.status, &*ran.out, &*ran.err), (0, "", ""));
}

#[test]
fn the_body_of_a_redirect_is_not_looked_at() {
    let server = Server::start(|request| match request.starts_with("GET /from ") {
        true => redirect(302, "/to", "Content-Encoding: compress\r\n"),
        false => coded("gzip", &gzip(b"there")),
    });
    let ran = Home::new().ok(["-L".to_owned(), server.url("/from")]);
    assert_eq!(ran.out, "there");
}

#[test]
fn a_broken_body_fails_behind_what_was_good() {
    let mut spoilt = fixture("page.gz");
    let length = spoilt.len();
    spoilt[length - 8] ^= 1;
    let ran = got(coded("gzip", &spoilt), []);
    let line = "kuki: the body says that it is gzip, and can't be read so: its checksum is another one\n";
    assert!(ran.status == 61 && ran.out == page() && ran.err.starts_with(line), "{} {}", ran.status, ran.err);

    let ran = got(coded("br", b"<html>"), []);
    let line = "kuki: the body says that it is br, and can't be read so: it breaks the rules of br\n";
    assert!(ran.status == 61 && ran.out.is_empty() && ran.err.starts_with(line), "{ran:?}");
}

#[test]
fn a_body_that_was_cut_fails_behind_what_had_come() {
    for (coding, file) in CODED {
        let whole = fixture(file);
        let half = &whole[..whole.len() / 2];
        let ran = got(coded(coding, half), []);
        let line = format!("kuki: the body ended before its {coding} coding did\n");
        assert!(ran.status == 61 && ran.err.starts_with(&line), "{} {}", ran.status, ran.err);
        assert!(page().starts_with(&ran.out), "{file}");
        assert!(coding == "zstd" || ran.out.len() > page().len() / 4, "{file}: {}", ran.out.len());

        let lines = format!("Content-Encoding: {coding}\r\n");
        let cut = got(answer("200 OK", &lines, whole.len(), half), []);
        assert!(cut.status == 18 && cut.out == ran.out, "{file}: {} {}", cut.status, cut.err);
    }
}
