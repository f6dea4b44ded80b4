//! Owns the tests of what is got anew, gone on with, or left as it is: `-C`, `-z`, ETags, and the time of a file.
//! Does not test where a file lies; that is `output`.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::time::{Duration, SystemTime};

use crate::support::server::{Server, header, ok, redirect};
use crate::support::{Home, Ran};

const WHOLE: &str = "0123456789abcdefghij";

fn answer(status: &str, lines: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{lines}Content-Length: {length}\r\nConnection: close\r\n\r\n{body}")
        .into_bytes()
}

/// A server that knows ranges, and one for each way not to.
fn ranged() -> Server {
    Server::start(|request| {
        let from = header(request, "range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'));
        let Some(from) = from.and_then(|from| from.parse::<usize>().ok()) else {
            return answer("200 OK", "", WHOLE);
        };
        let part =
            |from: usize| answer("206 P", &format!("Content-Range: bytes {from}-19/20\r\n"), &WHOLE[from..]);
        match request.split(' ').nth(1).unwrap_or_default() {
            "/nowhere" => answer("206 P", "", &WHOLE[from..]),
            "/elsewhere" => part(from + 1),
            "/coded" => {
                answer("206 P", "Content-Encoding: gzip\r\nContent-Range: bytes 5-19/20\r\n", &WHOLE[5..])
            }
            "/cut" => answer("206 P", "Content-Range: bytes 5-9/20\r\n", &WHOLE[5..10]),
            "/more" => answer("206 P", "Content-Range: bytes 5-9/10\r\n", &WHOLE[5..]),
            "/whole" => answer("200 OK", "", WHOLE),
            "/missing" => answer("404 No", "", "no"),
            "/moved" => redirect(302, "/page", ""),
            "/416" => answer("416 No", "", "no"),
            "/longer" => answer("416 No", "Content-Range: bytes */4\r\n", "no"),
            _ if from >= WHOLE.len() => answer("416 No", "Content-Range: bytes */20\r\n", "no"),
            _ => part(from),
        }
    })
}

fn run(home: &Home, server: &Server, arguments: &[&str], path: &str) -> Ran {
    home.run(arguments.iter().map(|&text| text.to_owned()).chain([server.url(path)]))
}

fn content(home: &Home, name: &str) -> Option<String> {
    fs::read_to_string(home.path().join(name)).ok()
}

#[test]
fn a_download_goes_on_behind_what_the_file_holds() {
    for (held, arguments, expected, range) in [
        (Some("01234"), &["-C", "-", "-o", "page"][..], WHOLE, Some("bytes=5-")),
        (Some("01234"), &["-C-", "-O"], WHOLE, Some("bytes=5-")),
        (Some("01234"), &["-LC-", "-O", "--output-dir", "."], WHOLE, Some("bytes=5-")),
        (Some("01234"), &["--continue-at", "-", "-O", "--max-filesize", "15"], WHOLE, Some("bytes=5-")),
        (Some("XYZ"), &["-C", "5", "-o", "page"], "XYZ56789abcdefghij", Some("bytes=5-")),
        (None, &["-C", "5", "-o", "page"], "56789abcdefghij", Some("bytes=5-")),
        (None, &["-C", "-", "-o", "page"], WHOLE, None),
        (Some(""), &["-C", "-", "-o", "page"], WHOLE, None),
        (Some("old"), &["-C", "0", "-o", "page"], WHOLE, None),
    ] {
        let (home, server) = (Home::new(), ranged());
        held.into_iter().for_each(|held| drop(home.write("page", held)));
        let ran = run(&home, &server, arguments, "/page");
        assert_eq!((ran.status, &*ran.out, &*ran.err), (0, "", ""), "{held:?} {arguments:?}");
        assert_eq!(content(&home, "page").as_deref(), Some(expected), "{held:?} {arguments:?}");
        let heard = server.heard();
        assert_eq!(header(&heard[0], "range"), range, "{held:?} {arguments:?}");
        assert_eq!(header(&heard[0], "accept-encoding"), range.map(|_| "identity"));
    }
    let ran = run(&Home::new(), &ranged(), &["-C", "15"], "/page");
    assert_eq!((ran.status, &*ran.out), (0, "fghij"));
}

#[test]
fn an_answer_that_is_not_the_missing_part_leaves_the_file_as_it_is() {
    for (path, status, line) in [
        ("/nowhere", 33, "the part that came does not say where it belongs"),
        ("/elsewhere", 33, "the part that came begins at octet 6, and not at 5 as it was asked for"),
        ("/coded", 33, "the part that came has a coding (gzip), and may not fit behind what is there"),
        ("/whole", 33, "the server did not send the part that was asked for: it answered 200"),
        ("/missing", 33, "the server did not send the part that was asked for: it answered 404"),
        ("/moved", 33, "the server did not send the part that was asked for: it answered 302"),
        ("/longer", 33, "there are 5 octets here already, and the server has only 4"),
        ("/416", 0, "page is whole: nothing comes behind its 5 octets"),
    ] {
        let (home, server) = (Home::new(), ranged());
        home.write("page", "01234");
        let ran = run(&home, &server, &["-C", "-", "-o", "page"], path);
        assert_eq!((ran.status, ran.err.lines().next()), (status, Some(&*format!("kuki: {line}"))), "{path}");
        assert_eq!(content(&home, "page").as_deref(), Some("01234"), "{path}");
    }
    for (arguments, path, status) in [
        (&["-f"][..], "/missing", 22),
        (&["--fail-with-body"], "/missing", 22),
        (&["-L"], "/moved", 0),
        (&["--max-filesize", "14"], "/page", 63),
    ] {
        let (home, server) = (Home::new(), ranged());
        home.write("page", "01234");
        let arguments = [&["-C", "-", "-o", "page"], arguments].concat();
        assert_eq!(run(&home, &server, &arguments, path).status, status, "{arguments:?}");
        let expected = if status == 0 { WHOLE } else { "01234" };
        assert_eq!(content(&home, "page").as_deref(), Some(expected), "{arguments:?}");
    }
}

#[test]
fn a_file_that_is_whole_is_left_alone_and_that_is_no_error() {
    let (home, server) = (Home::new(), ranged());
    home.write("page", WHOLE);
    for path in ["/page", "/whole"] {
        let ran = run(&home, &server, &["-C", "-", "-o", "page"], path);
        assert_eq!((ran.status, &*ran.err), (0, "kuki: page is whole: nothing comes behind its 20 octets\n"));
        assert_eq!(run(&home, &server, &["-sC", "-", "-o", "page"], path).err, "");
    }
    assert_eq!(content(&home, "page").as_deref(), Some(WHOLE));
}

#[test]
fn a_part_that_ends_too_early_or_too_late_is_told_of() {
    for (path, held, line) in [
        ("/cut", "0123456789", "the part that came is not the last"),
        ("/more", WHOLE, "the part that came has 15 octets, and its head promised 5"),
    ] {
        let (home, server) = (Home::new(), ranged());
        home.write("page", "01234");
        let ran = run(&home, &server, &["-C", "-", "-o", "page"], path);
        assert_eq!((ran.status, ran.err.lines().next()), (18, Some(&*format!("kuki: {line}"))));
        assert_eq!(content(&home, "page").as_deref(), Some(held), "{path}");
    }
}

#[test]
fn coded_octets_are_gone_on_with_by_whoever_asked_for_them() {
    let (home, server) = (Home::new(), ranged());
    home.write("page", "01234");
    let ran = run(&home, &server, &["-C", "-", "-o", "page", "-H", "Accept-Encoding: gzip"], "/coded");
    assert_eq!((ran.status, content(&home, "page").as_deref()), (0, Some(WHOLE)), "{ran:?}");
}

#[test]
fn what_can_not_go_together_with_going_on_is_said_before_anything_is_sent() {
    let (home, server) = (Home::new(), ranged());
    home.write("page", "01234");
    for (arguments, line) in [
        (&["-C", "x", "-o", "page"][..], "-C: `x` is not an offset"),
        (&["-C", "-5", "-o", "page"], "-C: `-5` is not an offset"),
        (&["-C", "", "-o", "page"], "-C: `` is not an offset"),
        (&["-C", "99999999999999999999", "-o", "page"], "-C: `99999999999999999999` is not an offset"),
        (&["-C", "-"], "-C - needs a file to go on with"),
        (&["-C", "-", "-o", "page", "-r", "0-5"], "-C and a range can't go together"),
        (&["-C", "-", "-o", "page", "-H", "Range:"], "-C and a range can't go together"),
        (&["-C", "-", "-o", "page", "--compressed"], "-C and --compressed can't go together"),
        (&["-C", "-", "-OJ"], "-C and -J can't go together"),
        (&["-C", "-", "-O", "--remove-on-error"], "-C and --remove-on-error can't go together"),
        (&["-C", "-", "-O", "--no-clobber"], "-C and --no-clobber can't go together"),
        (&["-C", "-", "-O", "-i"], "-C and -i can't go together in a file"),
        (
            &["-C", "-", "-O", "-d", "a=b"],
            "-C goes on with a download, or with an upload by -T, and there is other data",
        ),
        (&["-C", "-", "-T", "page"], "-C - can't know how much of the upload the server has"),
        (&["-C", "2", "-T", "-"], "-C goes on with an upload from a file, and -T names none with a length"),
    ] {
        let ran = run(&home, &server, arguments, "/page");
        assert_eq!(
            (ran.status, ran.err.lines().next()),
            (2, Some(&*format!("kuki: {line}"))),
            "{arguments:?}"
        );
    }
    assert_eq!((server.heard().len(), content(&home, "page").as_deref()), (0, Some("01234")));
}

#[test]
fn a_name_with_a_dot_in_front_is_not_gone_on_with() {
    let (home, server) = (Home::new(), ranged());
    home.write(".profile", "01234");
    let ran = run(&home, &server, &["-C", "-", "-O"], "/.profile");
    assert_eq!((ran.status, content(&home, ".profile").as_deref()), (23, Some("01234")), "{ran:?}");
}

#[test]
fn an_upload_goes_on_where_it_is_told_to() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.write("page", WHOLE);
    assert_eq!(run(&home, &server, &["-T", "page", "-C", "15"], "/").status, 0);
    let heard = server.heard();
    assert!(heard[0].ends_with("\r\n\r\nfghij"), "{}", heard[0]);
    assert_eq!(header(&heard[0], "content-range"), Some("bytes 15-19/20"));
    assert_eq!(header(&heard[0], "content-length"), Some("5"));
    for offset in ["20", "21"] {
        let ran = run(&home, &server, &["-T", "page", "-C", offset], "/");
        let line = format!("kuki: -C: the file has 20 octets, so there are none to send from {offset} on\n");
        assert!(ran.status == 18 && ran.err.starts_with(&line), "{ran:?}");
    }
    assert_eq!(server.heard().len(), 1);
}

#[test]
fn only_what_is_newer_or_older_than_a_time_is_taken() {
    let modified = "Last-Modified: Tue, 01 Jan 2019 00:00:00 GMT";
    for (given, name, value, is_taken) in [
        ("2018-12-31", "if-modified-since", "Mon, 31 Dec 2018 00:00:00 GMT", true),
        ("Tue, 01 Jan 2019 00:00:00 GMT", "if-modified-since", "Tue, 01 Jan 2019 00:00:00 GMT", false),
        ("-1 Jan 2019", "if-unmodified-since", "Tue, 01 Jan 2019 00:00:00 GMT", true),
        ("-2018-12-31T23:59:59Z", "if-unmodified-since", "Mon, 31 Dec 2018 23:59:59 GMT", false),
        ("stamp", "if-modified-since", "Wed, 01 Jan 2020 00:00:00 GMT", false),
        ("-stamp", "if-unmodified-since", "Wed, 01 Jan 2020 00:00:00 GMT", true),
    ] {
        let (home, server) = (Home::new(), Server::saying(modified));
        home.write("page", "old");
        let stamp = SystemTime::UNIX_EPOCH + Duration::from_secs(1_577_836_800);
        File::create(home.path().join("stamp"))
            .and_then(|file| file.set_modified(stamp))
            .expect("a file of ours");
        let ran = run(&home, &server, &["-z", given, "-o", "page"], "/");
        assert_eq!((ran.status, &*ran.err), (0, ""), "{given}");
        assert_eq!(content(&home, "page").as_deref(), Some(if is_taken { "ok\n" } else { "old" }), "{given}");
        assert_eq!(header(&server.heard()[0], name), Some(value), "{given}");
        let ran = run(&home, &server, &["-z", given, "-i"], "/");
        assert_eq!(ran.out.ends_with("\r\n\r\nok\n"), is_taken, "{given}: {}", ran.out);
    }
}

#[test]
fn a_condition_that_can_not_be_read_is_none_and_that_is_said() {
    let (home, server) = (Home::new(), Server::saying(""));
    let ran = run(&home, &server, &["-z", "page", "-o", "page"], "/");
    assert!(
        ran.status == 0 && ran.err.starts_with("kuki: -z: `page` is neither a date nor a file, so"),
        "{ran:?}"
    );
    assert_eq!(content(&home, "page").as_deref(), Some("ok\n"));
    assert_eq!(header(&server.heard()[0], "if-modified-since"), None);
}

#[test]
fn a_document_that_is_not_modified_leaves_the_file_as_it_is() {
    let server = Server::start(|_| b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec());
    let home = Home::new();
    home.write("page", "old");
    for arguments in [&["-o", "page"][..], &["-O", "-i"], &["-R", "-o", "page", "-z", "page"]] {
        assert_eq!(run(&home, &server, arguments, "/page").status, 0, "{arguments:?}");
        assert_eq!(content(&home, "page").as_deref(), Some("old"), "{arguments:?}");
    }
    assert_eq!(run(&home, &server, &["-o", "none"], "/").status, 0);
    assert_eq!(content(&home, "none"), None);
}

#[test]
fn an_etag_is_kept_and_compared() {
    let server = Server::start(|request| match header(request, "if-none-match") {
        Some("\"one\"") => b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n".to_vec(),
        _ => ok("ETag: \"one\""),
    });
    let home = Home::new();
    let arguments = ["--etag-compare", "etag", "--etag-save", "etag", "-o", "page"];
    for _ in 0..2 {
        let ran = run(&home, &server, &arguments, "/");
        assert_eq!((ran.status, &*ran.err), (0, ""));
        assert_eq!(
            (content(&home, "etag").as_deref(), content(&home, "page").as_deref()),
            (Some("\"one\"\n"), Some("ok\n"))
        );
        home.write("page", "ok\n");
    }
    let asked: Vec<_> =
        server.heard().iter().map(|heard| header(heard, "if-none-match").map(str::to_owned)).collect();
    assert_eq!(asked, [None, Some("\"one\"".to_owned())]);
}

#[test]
fn an_etag_file_holds_any_number_of_them() {
    for (held, sent) in [
        ("", "\"\""),
        ("\n", "\"\""),
        ("W/\"a b\"\r\n", "W/\"a b\""),
        ("bare", "bare"),
        ("\"a\"\n\"b\"\n", "\"a\", \"b\""),
    ] {
        let (home, server) = (Home::new(), Server::saying(""));
        home.write("etag", held);
        assert_eq!(run(&home, &server, &["--etag-compare", "etag"], "/").status, 0);
        assert_eq!(header(&server.heard()[0], "if-none-match"), Some(sent), "{held:?}");
    }
    let (home, server) = (Home::new(), Server::saying(""));
    assert_eq!(run(&home, &server, &["--etag-compare", "none"], "/").status, 26);
    home.write("etag", "a\x1bb");
    assert_eq!(run(&home, &server, &["--etag-compare", "etag"], "/").status, 2);
    assert_eq!(server.heard().len(), 0);
}

#[test]
fn an_etag_is_that_of_a_document_which_came_whole() {
    let cut = "HTTP/1.1 200 OK\r\nETag: \"cut\"\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhalf";
    for (reply, status, expected) in [
        (ok("ETag: W/\"weak\""), 0, "W/\"weak\"\n"),
        (ok(""), 0, ""),
        (answer("404 No", "ETag: \"error\"\r\n", "no"), 0, "old"),
        (cut.into(), 18, "old"),
    ] {
        let home = Home::new();
        home.write("etag", "old");
        let server = Server::start(move |_| reply.clone());
        assert_eq!(run(&home, &server, &["--etag-save", "etag"], "/").status, status, "{expected}");
        assert_eq!(content(&home, "etag").as_deref(), Some(expected));
    }
    let (home, server) = (Home::new(), Server::saying("ETag: \"one\""));
    assert_eq!(run(&home, &server, &["--etag-save", "-"], "/").out, "\"one\"\nok\n");
    assert_eq!(run(&home, &server, &["--etag-save", "/dev/null"], "/").status, 0);
    assert!(!fs::metadata("/dev/null").expect("a device").is_file());
    let ran = run(&home, &server, &["--etag-save", "no/etag"], "/");
    assert!(ran.status == 23 && ran.err.starts_with("kuki: writing no/etag failed: "), "{ran:?}");
}

#[test]
fn a_file_for_etags_that_was_locked_stays_so() {
    let (home, server) = (Home::new(), Server::saying("ETag: \"one\""));
    let etag = home.write("etag", "old");
    fs::set_permissions(&etag, fs::Permissions::from_mode(0o600)).expect("our own file");
    assert_eq!(run(&home, &server, &["--etag-save", "etag"], "/").status, 0);
    assert_eq!(content(&home, "etag").as_deref(), Some("\"one\"\n"));
    assert_eq!(fs::metadata(&etag).expect("a file").permissions().mode() & 0o777, 0o600);
}

#[test]
fn a_file_gets_the_time_of_the_document() {
    let time = |home: &Home| {
        let modified =
            fs::metadata(home.path().join("page")).and_then(|found| found.modified()).expect("a file");
        modified.duration_since(SystemTime::UNIX_EPOCH).expect("later").as_secs()
    };
    for (modified, is_set) in [("Tue, 01 Jan 2019 00:00:00 GMT", true), ("once upon a time", false)] {
        let (home, server) = (Home::new(), Server::saying(&format!("Last-Modified: {modified}")));
        let ran = run(&home, &server, &["-R", "-o", "page"], "/");
        assert_eq!((ran.status, &*ran.err), (0, ""));
        assert_eq!(time(&home) == 1_546_300_800, is_set, "{modified}");
        assert_eq!(run(&home, &server, &["-R"], "/").out, "ok\n");
    }
}

#[test]
fn two_who_go_on_with_one_file_at_once_spoil_nothing() {
    // The first part waits until both have asked.
    let barrier = std::sync::Arc::new(std::sync::Barrier::new(2));
    let body = "x".repeat(1 << 20);
    let total = body.len() + 5;
    let reply = answer("206 P", &format!("Content-Range: bytes 5-{}/{total}\r\n", total - 1), &body);
    let server = Server::with(move |stream, _| {
        barrier.wait();
        let _ = stream.write_all(&reply);
    });
    let home = Home::new();
    home.write("page", "01234");
    let start =
        || home.kuki(["-sC", "-", "-o", "page", &server.url("/")]).spawn().expect("the program starts");
    let children = [start(), start()];
    let statuses = children.map(|mut child| child.wait().expect("an end").code());
    assert!(statuses.contains(&Some(0)), "{statuses:?}");
    assert_eq!(content(&home, "page"), Some(format!("01234{}", "x".repeat(1 << 20))));
}
