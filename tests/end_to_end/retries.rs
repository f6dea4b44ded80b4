//! Owns the tests of trying again: what is, how often, and that the cookies of every attempt are kept.
//! Does not test how long a wait is; the rules do that on values.

use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};

use crate::stored;
use crate::support::server::{Server, header, ok, redirect};
use crate::support::{Home, Ran};

const AT_ONCE: [&str; 2] = ["--retry-delay", "0.001"];

fn answer(status: u16, head_lines: &str) -> Vec<u8> {
    let lines = ok(head_lines);
    let lines = String::from_utf8_lossy(&lines).replacen("200 OK", &format!("{status} Status"), 1);
    lines.into_bytes()
}

/// Answers so many times with a status and a cookie of its own, and then well.
fn failing(times: usize, status: u16) -> Server {
    let asked = AtomicUsize::new(0);
    Server::start(move |_| match asked.fetch_add(1, Ordering::Relaxed) {
        number if number < times => answer(status, &format!("Set-Cookie: of{number}=1")),
        number => ok(&format!("Set-Cookie: of{number}=1")),
    })
}

fn run(home: &Home, arguments: &[&str], url: &str) -> Ran {
    home.run(arguments.iter().copied().chain(AT_ONCE).chain([url]))
}

#[test]
fn what_may_pass_is_tried_again_with_the_cookies_of_every_attempt() {
    for status in [408, 429, 500, 502, 503, 504] {
        let (home, server) = (Home::new(), failing(2, status));
        let ran = run(&home, &["--retry", "5"], &server.url("/"));
        let told: Vec<_> = ran.err.lines().collect();
        let line = |left| format!("; trying again in 1ms ({left} left)");
        assert_eq!((ran.status, &*ran.out), (0, "ok\n"));
        assert!(told[0].starts_with(&format!("kuki: the server answered {status}")), "{told:?}");
        assert!(told[0].ends_with(&line(4)) && told[1].ends_with(&line(3)) && told.len() == 2, "{told:?}");
        let sent: Vec<_> =
            server.heard().iter().map(|request| header(request, "cookie").map(str::to_owned)).collect();
        assert_eq!(sent, [None, Some("of0=1".to_owned()), Some("of0=1; of1=1".to_owned())]);
        assert_eq!(stored(&home).len(), 3);
    }
}

#[test]
fn what_does_not_pass_and_what_nobody_asked_for_is_not_tried_again() {
    for (arguments, status) in [
        (&[][..], 503),
        (&["--retry", "0"], 503),
        (&["--retry", "3"], 404),
        (&["--retry", "3", "--retry-all-errors"], 404),
        (&["--retry", "3"], 501),
    ] {
        let (home, server) = (Home::new(), failing(9, status));
        let ran = run(&home, arguments, &server.url("/"));
        assert_eq!((ran.status, &*ran.out, server.heard().len()), (0, "ok\n", 1), "{arguments:?} {status}");
    }
}

#[test]
fn the_last_answer_counts_when_nothing_is_left() {
    for (arguments, status) in [(&["--retry", "2"][..], 0), (&["--retry", "2", "-f"], 22)] {
        let (home, server) = (Home::new(), failing(9, 503));
        let ran = run(&home, arguments, &server.url("/"));
        assert_eq!((ran.status, server.heard().len(), stored(&home).len()), (status, 3, 3), "{}", ran.err);
    }
}

#[test]
fn only_the_last_attempts_head_is_shown_and_silence_is_kept() {
    let (home, server) = (Home::new(), failing(1, 503));
    let ran = run(&home, &["--retry", "1", "-s", "-i"], &server.url("/"));
    assert!(ran.out.starts_with("HTTP/1.1 200 OK\r\n") && ran.err.is_empty(), "{ran:#?}");
}

#[test]
fn every_error_is_tried_again_where_that_is_asked_for() {
    for (arguments, status, asked) in
        [(&["--retry", "2"][..], 52, 1), (&["--retry", "2", "--retry-all-errors"], 52, 3)]
    {
        let (home, server) = (Home::new(), Server::start(|_| Vec::new()));
        let ran = run(&home, arguments, &server.url("/"));
        assert_eq!((ran.status, server.heard().len()), (status, asked), "{}", ran.err);
    }
}

#[test]
fn a_refused_connection_is_tried_again_only_where_that_is_asked_for() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    let url = format!("http://{}/", listener.local_addr().expect("a bound listener has an address"));
    drop(listener);
    for (arguments, lines) in [(&["--retry", "2"][..], 2), (&["--retry", "2", "--retry-connrefused"], 4)] {
        let ran = run(&Home::new(), arguments, &url);
        assert_eq!((ran.status, ran.err.lines().count()), (7, lines), "{}", ran.err);
    }
}

#[test]
fn a_chain_that_breaks_begins_anew_with_what_was_given_for_it() {
    let (home, asked) = (Home::new(), AtomicUsize::new(0));
    let server = Server::start(move |request| match request.split(' ').nth(1) {
        Some("/from") => redirect(307, "/to", "Set-Cookie: from=1; Path=/"),
        _ if asked.fetch_add(1, Ordering::Relaxed) == 0 => answer(503, ""),
        _ => ok(""),
    });
    let ran = run(&home, &["--retry", "1", "-L", "-d", "a=1", "-u", "ada:pw"], &server.url("/from"));
    let heard = server.heard();
    let complete = |request: &String| {
        request.starts_with("POST ") && request.ends_with("a=1") && header(request, "authorization").is_some()
    };
    assert_eq!((ran.status, heard.len(), heard.iter().all(complete)), (0, 4, true), "{heard:#?}");
}

#[test]
fn a_server_that_asks_for_more_time_than_there_is_gets_no_other_attempt() {
    let (home, server) = (Home::new(), Server::start(|_| answer(503, "Retry-After: 3600")));
    let ran = run(&home, &["--retry", "3", "--retry-max-time", "60"], &server.url("/"));
    assert_eq!((ran.status, &*ran.out, server.heard().len()), (0, "ok\n", 1));
}

#[test]
fn a_signal_ends_the_wait_at_once_and_the_cookies_are_kept() {
    let home = Home::new();
    let server = Server::start(|_| answer(503, "Retry-After: 3600\nSet-Cookie: a=1"));
    let mut command = home.kuki(["--retry", "1", &server.url("/")]);
    let mut child = command.stderr(Stdio::piped()).spawn().expect("the program starts");
    let mut told = String::new();
    let mut err = BufReader::new(child.stderr.take().expect("a pipe"));
    err.read_line(&mut told).expect("a line");
    assert!(told.ends_with("; trying again in 3600s (0 left)\n"), "{told}");
    let sent = Command::new("sh").args(["-c", "kill -s INT \"$0\"", &child.id().to_string()]).status();
    assert!(sent.expect("a shell").success());
    assert_eq!(child.wait().expect("an end").code(), Some(130));
    assert_eq!(stored(&home), ["a=1 of 127.0.0.1"]);
}

#[test]
fn a_number_that_is_none_is_refused() {
    for (option, given) in
        [("--retry", "often"), ("--retry", "-1"), ("--max-redirs", "-2"), ("--max-redirs", "")]
    {
        let ran = Home::new().run([option, given, "http://a.test/"]);
        let line = format!("kuki: {option}: `{given}` is not a number");
        assert_eq!((ran.status, ran.err.lines().next()), (2, Some(&*line)));
    }
}

#[test]
fn a_body_that_can_be_read_only_once_is_not_sent_again_as_nothing() {
    let server = Server::start(|_| b"HTTP/1.1 503 Busy\r\nContent-Length: 0\r\n\r\n".to_vec());
    let home = Home::new();
    home.write("body", "payload");
    let mut command = home.kuki(["--retry", "2", "-T", "-", "-f", &server.url("/")]);
    let body = std::fs::File::open(home.path().join("body")).expect("it was just written");
    let ran = Ran::from(command.stdin(body).output().expect("the program starts"));
    assert_eq!((ran.status, server.heard().len()), (22, 1), "{ran:?}");
}
