//! Owns the tests of what a terminal is shown, and of `--pretty` elsewhere.
//! Does not test the layouts; they have tests beside them.

use crate::support::Home;
use crate::support::server::Server;

const BODY: &str = "{\"b\":1.0,\"a\":[\"\u{9b}x\"]}";
const LAID_OUT: &str = "{\n    \"b\": 1.0,\n    \"a\": [\n        \"\\u009bx\"\n    ]\n}\n";

fn answering(kind: &str, body: impl AsRef<[u8]>) -> Server {
    let head =
        format!("HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nX-Esc: a\u{9b}b\r\nConnection: close\r\n\r\n");
    let answer = [head.as_bytes(), body.as_ref()].concat();
    Server::start(move |_| answer.clone())
}

#[test]
fn a_pipe_gets_every_octet_unless_more_is_asked_for() {
    let (home, server) = (Home::new(), answering("application/json", BODY));
    for (arguments, expected) in [
        (&[][..], BODY),
        (&["--color", "always"], BODY),
        (&["--pretty", "none"], BODY),
        (&["--pretty=format"], LAID_OUT),
        (&["--pretty=all", "--color=never"], LAID_OUT),
        (&["--pretty", "colors", "--color=never"], BODY),
    ] {
        let ran = home.ok(arguments.iter().map(|&text| text.to_owned()).chain([server.url("/")]));
        assert_eq!(ran.out, expected, "{arguments:?}");
    }
    let ran = home.ok(["-i", "--pretty=all", &server.url("/")]);
    assert!(ran.out.contains("\u{1b}[36mContent-Type\u{1b}[0m: application/json\n"), "{}", ran.out);
    assert!(ran.out.ends_with("\u{1b}[33m1.0\u{1b}[0m,\n    \u{1b}[36m\"a\"\u{1b}[0m: [\n        \u{1b}[32m\"\\u009bx\"\u{1b}[0m\n    ]\n}\n"));
    home.ok(["--pretty=format", "-o", "file", &server.url("/")]);
    assert_eq!(std::fs::read_to_string(home.path().join("file")).expect("a file"), LAID_OUT);
}

#[test]
fn a_pipe_gets_what_is_in_no_language_as_it_came() {
    let home = Home::new();
    for (kind, body) in [
        ("application/json", &b"{\"a\":\x1b}"[..]),
        ("application/json", b"{\"a\":\0}"),
        ("image/png", b"\x89PNG\0\xff"),
        ("text/plain", b"\x1b[2J"),
    ] {
        let server = answering(kind, body);
        let output = home.kuki(["--pretty=all", &server.url("/")]).output().expect("the program starts");
        assert_eq!(output.stdout, body, "{kind}");
    }
}

#[test]
fn a_terminal_is_shown_json_laid_out_and_coloured() {
    let (home, server) = (Home::new(), answering("application/json", BODY));
    let url = server.url("/");
    for (arguments, expected) in [
        (&["--color=never"][..], LAID_OUT),
        (&["--pretty=none"], "{\"b\":1.0,\"a\":[\"\\u{9b}x\"]}"),
        (&["-o", "-"], BODY),
    ] {
        let Some(ran) = home.run_on_a_terminal(arguments.iter().copied().chain([&*url])) else { return };
        assert_eq!((ran.status, &*ran.out), (0, expected), "{arguments:?}");
    }
    let Some(ran) = home.run_on_a_terminal(["-i", &url]) else { return };
    assert!(ran.out.starts_with(
        "\u{1b}[2mHTTP/1.1\u{1b}[0m \u{1b}[32m200 OK\u{1b}[0m\n\u{1b}[36mContent-Type\u{1b}[0m: "
    ));
    assert!(ran.out.contains("\u{1b}[36mX-Esc\u{1b}[0m: a\\u{9b}b\n"), "{}", ran.out);
    assert!(ran.out.contains("\n    \u{1b}[36m\"b\"\u{1b}[0m: \u{1b}[33m1.0\u{1b}[0m,\n"), "{}", ran.out);
}

#[test]
fn a_terminal_is_shown_what_is_no_json_and_refused_what_is_binary() {
    let home = Home::new();
    let server = answering("application/json", "{\"a\":1,}\u{1b}[2J");
    let Some(ran) = home.run_on_a_terminal([server.url("/")]) else { return };
    assert_eq!((ran.status, &*ran.out), (0, "{\"a\":1,}\\x1b[2J"));
    let server = answering("text/html", "<p class=\"x\">\u{1b}[2J</p>");
    let Some(ran) = home.run_on_a_terminal([server.url("/")]) else { return };
    assert_eq!(
        ran.out,
        "\u{1b}[36m<p class=\u{1b}[0m\u{1b}[32m\"x\"\u{1b}[0m\u{1b}[36m>\u{1b}[0m\\x1b[2J\u{1b}[36m</p>\u{1b}[0m"
    );
    let server = answering("application/json", "{\"a\":\0}");
    let Some(ran) = home.run_on_a_terminal([server.url("/")]) else { return };
    assert!(ran.status == 23 && ran.out.contains("the body is binary"), "{ran:?}");
}

#[test]
fn a_value_is_shown_when_it_is_whole_and_not_when_all_is_over() {
    let server = Server::with(|stream, _| {
        use std::io::{Read, Write};
        let head = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n{\"n\":1}\n{\"n\"";
        stream.write_all(head.as_bytes()).expect("somebody listens");
        // Until the client has gone, since its time is over.
        let _ = stream.read(&mut [0; 1]);
    });
    let home = Home::new();
    let ran = home.run(["-m", "1", "--pretty=format", &server.url("/")]);
    assert_eq!((ran.status, &*ran.out), (28, "{\n    \"n\": 1\n}\n{\"n\""));
}

#[test]
fn a_way_that_there_is_not_is_an_error() {
    let ran = Home::new().run(["--pretty=nice", "http://localhost/"]);
    assert_eq!(ran.status, 2);
    assert_eq!(ran.err.lines().next(), Some("kuki: --pretty `nice` is none of all, colors, format and none"));
}
