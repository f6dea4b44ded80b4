//! Owns the tests of servers that mean harm, or can't do better: the status, the memory, a jar as good as before.
//! Does not time anything; `benches/hostile.py` shows that `-m` holds.

use std::fs;
use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::OnceLock;
use std::thread;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::stored;
use crate::support::server::{Server, ok};
use crate::support::{Home, Ran, program};

const MIB: usize = 1 << 20;
const MOST_KIB: u64 = 20 * 1024;
/// GNU time, which tells a child's peak of memory.
const TIME: &str = "/usr/bin/time";
const OK: &str = "HTTP/1.1 200 OK\r\n";

/// A home whose jar holds one cookie, of a host that nothing else here asks.
fn home() -> Home {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: kept=1"));
    let _ = home.ok(["--resolve", &server.resolve("kept.test"), &server.url_of("kept.test", "/")]);
    home
}

/// Runs the program against a server, in little memory, with what it writes held or thrown away. The jar can be read
/// afterwards, and has what it had; and what is said fits on a screen, and can't drive it.
#[track_caller]
fn met(server: &Server, arguments: &[&str], out: Stdio) -> (Ran, Vec<String>) {
    let home = home();
    let peak = home.path().join("peak");
    let mut command = match Path::new(TIME).exists() {
        true => Command::new(TIME),
        false => Command::new(program()),
    };
    if Path::new(TIME).exists() {
        command.args(["-f", "%M", "-o"]).arg(&peak).arg(program());
    }
    // The time only ends what would otherwise never end.
    command.args(["-m", "60"]).args(arguments).arg(server.url("/"));
    command.env_clear().env("HOME", home.path()).current_dir(home.path());
    command.stdin(Stdio::null()).stdout(out).stderr(Stdio::piped());
    let output = command.spawn().and_then(|child| child.wait_with_output()).expect("the program starts");
    let ran = Ran::from(output);
    match fs::read_to_string(&peak).ok().as_deref().and_then(|text| text.lines().last()?.parse::<u64>().ok())
    {
        Some(kib) => assert!(kib < MOST_KIB, "{kib} KiB"),
        None => skipped("without GNU time the memory is not measured"),
    }
    let is_fit = ran.err.lines().count() <= 2 && ran.err.lines().all(|line| line.chars().count() < 500);
    assert!(is_fit && !ran.err.contains(|c: char| c.is_control() && c != '\n'), "{ran:?}");
    let mut cookies = stored(&home);
    let before = cookies.len();
    cookies.retain(|cookie| cookie != "kept=1 of kept.test");
    assert_eq!(cookies.len() + 1, before, "{cookies:?}");
    (ran, cookies)
}

#[expect(clippy::print_stderr, reason = "a test that proves nothing here has to say so")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// What comes of these octets, after which the connection is closed.
#[track_caller]
fn answered(answer: impl Into<Vec<u8>>, arguments: &[&str]) -> (Ran, Vec<String>) {
    let answer = answer.into();
    met(&Server::start(move |_| answer.clone()), arguments, Stdio::piped())
}

/// Every one of these answers fails with the status, nothing is shown, and the text holds what it must.
#[track_caller]
fn all_fail(status: i32, text: &str, answers: &[String]) {
    for answer in answers {
        let (ran, cookies) = answered(&**answer, &[]);
        let start: String = answer.chars().take(120).collect();
        let seen = (ran.status, &*ran.out, cookies.len());
        assert_eq!(seen, (status, "", 0), "{start:?}: {}", ran.err);
        assert!(ran.err.contains(text) && ran.err.contains("\nhint: "), "{start:?}: {}", ran.err);
    }
}

fn with(lines: &str, body: &str) -> String {
    format!("{OK}{lines}\r\n{body}")
}

/// Writes the same for ever, until the client is gone.
fn for_ever(stream: &mut TcpStream, first: &[u8], piece: &[u8]) {
    let pieces = piece.repeat(65536 / piece.len());
    let mut sent = stream.write_all(first);
    while sent.is_ok() {
        sent = stream.write_all(&pieces);
    }
}

fn endless(first: &'static str, piece: &'static str) -> Server {
    Server::with(move |stream, _| for_ever(stream, first.as_bytes(), piece.as_bytes()))
}

#[test]
fn a_head_over_the_limits_is_refused_by_their_name() {
    let cookies: String = (0..10_000).map(|number| format!("Set-Cookie: c{number}=1\r\n")).collect();
    let long = format!("X: {}\r\n", "x".repeat(10 * MIB));
    let location = format!("Location: /{}\r\n", "x".repeat(MIB));
    all_fail(
        56,
        "over a limit of the HTTP stack (100 header lines or 400 KiB; 1 MiB over HTTP/2)",
        &[with(&cookies, ""), with(&long, ""), format!("HTTP/1.1 302 Found\r\n{location}\r\n")],
    );
}

#[test]
fn a_head_that_never_ends_is_refused_at_the_limit() {
    for server in [endless(OK, "X: 1\r\n"), endless(OK, "x"), endless("HTTP/1.1 200 ", "x")] {
        let (ran, _) = met(&server, &[], Stdio::piped());
        assert_eq!((ran.status, &*ran.out), (56, ""), "{}", ran.err);
    }
}

#[test]
fn interim_answers_are_passed_over_and_their_cookies_with_them() {
    let interim = "HTTP/1.1 103 Early Hints\r\nSet-Cookie: early=1\r\n\r\n".repeat(1000);
    let (ran, cookies) = answered([interim.into_bytes(), ok("Set-Cookie: a=1")].concat(), &[]);
    assert_eq!((ran.status, &*ran.out, cookies), (0, "ok\n", vec!["a=1 of 127.0.0.1".to_owned()]));
}

#[test]
fn interim_answers_without_end_run_out_of_time() {
    let server = endless("", "HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n");
    let (ran, _) = met(&server, &["-m", "0.5"], Stdio::piped());
    assert_eq!((ran.status, &*ran.out), (28, ""), "{}", ran.err);
}

#[test]
fn a_body_without_end_runs_out_of_time() {
    for head in [
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 9999999999999\r\n\r\n",
    ] {
        let (ran, cookies) = met(&endless(head, "more "), &["-m", "0.5"], Stdio::null());
        assert_eq!((ran.status, cookies), (28, vec!["a=1 of 127.0.0.1".to_owned()]), "{}", ran.err);
    }
}

#[test]
fn the_body_of_a_redirect_is_not_waited_for() {
    let server = Server::with(|stream, request| match request.starts_with("GET / ") {
        true => for_ever(stream, b"HTTP/1.1 302 Found\r\nLocation: /there\r\n\r\n", b"more "),
        false => drop(stream.write_all(&ok(""))),
    });
    let (ran, _) = met(&server, &["-L"], Stdio::piped());
    assert_eq!((ran.status, &*ran.out), (0, "ok\n"), "{}", ran.err);
}

#[test]
fn a_length_that_is_none_is_refused() {
    let lengths = ["-1", "+3", "3x", "0x3", "3.0", "3 3", "", "99999999999999999999999", "3, 5"];
    let mut answers: Vec<String> =
        lengths.iter().map(|length| with(&format!("Content-Length: {length}\r\n"), "ok\n")).collect();
    answers.push(with("Content-Length: 3\r\nContent-Length: 5\r\n", "ok\nno"));
    answers.push("HTTP/1.0 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nok\n\r\n0\r\n\r\n".to_owned());
    all_fail(8, "breaks the rules of HTTP", &answers);
}

#[test]
fn a_length_that_is_said_twice_in_agreement_is_one() {
    for lines in ["Content-Length: 3\r\nContent-Length: 3\r\n", "Content-Length: 3, 3\r\n"] {
        let (ran, _) = answered(with(lines, "ok\nmore"), &[]);
        assert_eq!((ran.status, &*ran.out), (0, "ok\n"), "{}", ran.err);
    }
}

#[test]
fn of_chunks_and_a_length_the_chunks_count() {
    for lines in [
        "Content-Length: 100\r\nTransfer-Encoding: chunked\r\n",
        "Transfer-Encoding: chunked\r\nContent-Length: 1\r\n",
    ] {
        let (ran, _) = answered(with(lines, "3\r\nok\n\r\n0\r\n\r\n"), &[]);
        assert_eq!((ran.status, &*ran.out), (0, "ok\n"), "{}", ran.err);
        let (ran, _) = answered(with(lines, "3\r\nok\n\r\n"), &[]);
        assert_eq!((ran.status, &*ran.out), (18, "ok\n"), "{}", ran.err);
    }
}

#[test]
fn a_transfer_coding_that_is_not_undone_is_no_body() {
    for (line, body) in [
        ("gzip", "ok\n"),
        ("no\tsuch", "ok\n"),
        ("gzip, chunked", "3\r\nok\n\r\n0\r\n\r\n"),
        ("chunked, identity", "3\r\nok\n\r\n0\r\n\r\n"),
    ] {
        for arguments in [&[][..], &["--no-compressed"]] {
            let (ran, _) = answered(with(&format!("Transfer-Encoding: {line}\r\n"), body), arguments);
            assert_eq!((ran.status, &*ran.out), (61, ""), "{line}: {}", ran.err);
            assert!(ran.err.starts_with("kuki: the body's transfer coding `"), "{}", ran.err);
        }
    }
}

#[test]
fn a_chunk_that_is_none_ends_the_body_as_an_error() {
    let (huge, many) = (format!("3;{}\r\nok\n\r\n", "x".repeat(MIB)), "X: 1\r\n".repeat(10_000));
    for (chunks, status, shown) in [
        ("-1\r\nno\n", 56, ""),
        ("+3\r\nno\n", 56, ""),
        ("0x3\r\nno\n", 56, ""),
        ("zz\r\nno\n", 56, ""),
        ("\r\nno\n", 56, ""),
        ("3\nno\n\n0\n\n", 56, ""),
        ("fffffffffffffffff\r\nno\n", 56, ""),
        (&huge, 56, ""),
        ("ffffffffffffffff\r\nok\n", 18, "ok\n"),
        ("3\r\nok\nXX0\r\n\r\n", 56, "ok\n"),
        ("3\r\nok\n0\r\n\r\n", 56, "ok\n"),
        ("5\r\nok\n", 18, "ok\n"),
        ("3\r\nok\n\r\n", 18, "ok\n"),
        ("3\r\nok\n\r\n0\r\n", 18, "ok\n"),
        (&format!("3\r\nok\n\r\n0\r\n{many}\r\n"), 56, "ok\n"),
    ] {
        let (ran, _) = answered(with("Transfer-Encoding: chunked\r\n", chunks), &[]);
        let start: String = chunks.chars().take(40).collect();
        assert_eq!((ran.status, &*ran.out), (status, shown), "{start:?}: {}", ran.err);
    }
}

#[test]
fn a_trailer_sets_no_cookie_and_a_chunk_may_have_an_extension() {
    let body = "3;a=\"b\"\r\nok\n\r\n0\r\nSet-Cookie: late=1\r\n\r\n";
    let (ran, cookies) = answered(with("Transfer-Encoding: chunked\r\n", body), &[]);
    assert_eq!((ran.status, &*ran.out, cookies.len()), (0, "ok\n", 0), "{}", ran.err);
}

#[test]
fn what_is_no_http_of_a_version_that_is_spoken_is_refused() {
    let answers = [
        "just some text, as in HTTP/0.9\n",
        "\u{16}\u{3}\u{1}\u{2}",
        "ICY 200 OK\r\n\r\n",
        "http/1.1 200 OK\r\n\r\n",
        "HTTP/1.2 200 OK\r\n\r\n",
        "HTTP/2 200 OK\r\n\r\n",
        "HTTP/3.0 200 OK\r\n\r\n",
        "HTTP/1.1 99 Low\r\n\r\n",
        "HTTP/1.1 099 Low\r\n\r\n",
        "HTTP/1.1 1000 High\r\n\r\n",
        "HTTP/1.1 -200 OK\r\n\r\n",
        "HTTP/1.1 200abc\r\n\r\n",
        "HTTP/1.1 200 \u{1b}[31mOK\r\n\r\n",
    ];
    all_fail(1, "did not answer in HTTP", &answers.map(str::to_owned));
}

#[test]
fn a_connection_that_closes_before_the_end_of_the_head_is_no_answer() {
    all_fail(
        52,
        "closed the connection without an answer",
        &["", "HTTP/1.1 20", "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nX"].map(str::to_owned),
    );
}

#[test]
fn a_nul_or_a_bare_carriage_return_ends_the_exchange() {
    let lines = ["X: a\0b\r\n", "X: a\rb\r\n", "X\0: a\r\n", "Set-Cookie: b=\0\r\n", "Set-Cookie: b=\r1\r\n"];
    let answers = lines.map(|line| with(&format!("Set-Cookie: a=1\r\n{line}Content-Length: 3\r\n"), "ok\n"));
    all_fail(8, "breaks the rules of HTTP", &answers);
}

#[test]
fn a_bad_line_costs_no_good_cookie() {
    for line in ["no colon here", " : a", ": a", "X: \u{1b}[31m", "X: \u{7f}", "X: \u{1}\u{8}", "X Y: a"] {
        let (ran, cookies) =
            answered(with(&format!("{line}\r\nSet-Cookie: a=1\r\nContent-Length: 3\r\n"), "ok\n"), &["-i"]);
        assert_eq!((ran.status, cookies), (0, vec!["a=1 of 127.0.0.1".to_owned()]), "{line:?}: {}", ran.err);
        assert!(
            ran.out.ends_with("\r\n\r\nok\n") && !ran.out.contains(&format!("\n{line}\r\n")),
            "{line:?}: {}",
            ran.out
        );
    }
}

#[test]
fn a_folded_line_is_no_header_of_its_own() {
    let lines = "X: a\r\n Set-Cookie: folded=1\r\n\tSet-Cookie: too=1\r\nContent-Length: 3\r\n";
    let (ran, cookies) = answered(with(lines, "ok\n"), &[]);
    assert_eq!((ran.status, &*ran.out, cookies.len()), (0, "ok\n", 0), "{}", ran.err);
}

#[test]
fn what_comes_behind_the_answer_is_not_shown() {
    let second = with("Set-Cookie: no=1\r\nContent-Length: 3\r\n", "no\n");
    for (answer, arguments, shown) in [
        (with("Content-Length: 3\r\n", &format!("ok\n{second}")), &[][..], "ok\n"),
        (with("Transfer-Encoding: chunked\r\n", &format!("3\r\nok\n\r\n0\r\n\r\n{second}")), &[], "ok\n"),
        (format!("HTTP/1.1 204 No Content\r\nContent-Length: 9\r\n\r\n{second}"), &[], ""),
        (format!("HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n{second}"), &[], ""),
        (with("Content-Length: 3\r\n", "no\n"), &["-I"], "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n"),
    ] {
        let (ran, cookies) = answered(answer, arguments);
        assert_eq!((ran.status, &*ran.out, cookies.len()), (0, shown, 0), "{}", ran.err);
    }
}

#[test]
fn a_location_that_is_too_long_is_refused_and_not_shown_whole() {
    let location = format!("/{}", "x".repeat(300_000));
    let (ran, _) = answered(
        format!("HTTP/1.1 302 Found\r\nLocation: {location}\r\nSet-Cookie: a=1\r\nContent-Length: 0\r\n\r\n"),
        &["-L"],
    );
    assert_eq!((ran.status, ran.err.contains("…`, which is not a URL")), (3, true), "{}", ran.err);
}

/// A gigabyte of zeros as gzip.
fn bomb() -> &'static [u8] {
    static BOMB: OnceLock<Vec<u8>> = OnceLock::new();
    BOMB.get_or_init(|| {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        let zeros = vec![0; MIB];
        let written = (0..1024).try_for_each(|_| encoder.write_all(&zeros));
        written.and_then(|()| encoder.finish()).expect("memory takes all")
    })
}

fn bombing(head: &'static str) -> Server {
    Server::with(move |stream, request| {
        if request.starts_with("GET /there ") {
            return drop(stream.write_all(&ok("")));
        }
        let lines = "Content-Encoding: gzip\r\nConnection: close\r\n\r\n";
        let sent = stream.write_all(format!("{head}{lines}").as_bytes());
        let _ = sent.and_then(|()| stream.write_all(bomb()));
    })
}

#[test]
fn a_bomb_of_a_gigabyte_goes_by_in_little_memory() {
    let (ran, _) = met(&bombing(OK), &[], Stdio::null());
    assert_eq!((ran.status, &*ran.err), (0, ""));
    let home = Home::new();
    let mut child = home.kuki([bombing(OK).url("/")]).stdout(Stdio::piped()).spawn().expect("a start");
    let count = io::copy(child.stdout.as_mut().expect("a pipe"), &mut io::sink()).expect("octets");
    assert!(child.wait().expect("a child of ours").success() && count == 1024 * MIB as u64, "{count}");
}

#[test]
fn a_bomb_behind_a_redirect_does_not_go_off() {
    let server = bombing("HTTP/1.1 302 Found\r\nLocation: /there\r\n");
    // It would be more than may come.
    let (ran, _) = met(&server, &["-L", "--max-filesize", "1000"], Stdio::piped());
    assert_eq!((ran.status, &*ran.out), (0, "ok\n"), "{}", ran.err);
}

#[test]
fn a_server_that_ends_the_tls_handshake_is_said_to_have_failed_in_it() {
    for answer in [&b"HTTP/1.1 400 Bad Request\r\n\r\n"[..], b"\x15\x03\x03\x00\x02\x02\x28", b"", &[0; 1000]]
    {
        let answer = answer.to_vec();
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        thread::spawn(move || {
            let (mut stream, _) = listener.accept()?;
            let _ = stream.read(&mut [0; 65536])?;
            stream.write_all(&answer)
        });
        let ran = home().run([format!("https://{address}/")]);
        assert_eq!((ran.status, &*ran.out), (35, ""), "{ran:?}");
    }
}
