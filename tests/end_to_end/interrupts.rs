//! Owns the tests of a request that is ended from outside: what was received is kept, and the status says the signal.
//! Does not test an end that the program finds by itself; that is `failures`.

use std::io::{Read, Write};
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver};
use std::time::Duration;

use crate::stored;
use crate::support::server::{Server, redirect};
use crate::support::{Home, Ran};

/// So long a test waits for what must happen anyway, before it gives up.
const PATIENCE: Duration = Duration::from_secs(60);

/// Answers `/first` by a redirect and a cookie, and everything else never; says when it keeps somebody waiting.
fn stalling() -> (Server, Receiver<()>) {
    let (sender, waiting) = mpsc::channel();
    let sender = Mutex::new(sender);
    let server = Server::with(move |stream, request| {
        if request.starts_with("GET /first ") {
            // A client that was ended may be gone.
            let _ = stream.write_all(&redirect(302, "/second", "Set-Cookie: first=hop; Path=/"));
            return;
        }
        sender.lock().expect("no test panics while it tells").send(()).expect("a test that listens");
        // Ends when the client does.
        let _ = stream.read(&mut [0]);
    });
    (server, waiting)
}

fn start(home: &Home, arguments: &[&str]) -> Child {
    home.kuki(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

/// Sends a signal by its name; the shell's own `kill` is everywhere.
fn signal(child: &Child, name: &str) {
    let sent =
        Command::new("sh").args(["-c", "kill -s \"$0\" \"$1\"", name, &child.id().to_string()]).status();
    assert!(sent.expect("a shell").success());
}

fn end(child: Child) -> Ran {
    Ran::from(child.wait_with_output().expect("an end"))
}

#[test]
fn a_signal_between_two_hops_keeps_the_cookies_of_the_first() {
    for (name, status) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let (home, (server, waiting)) = (Home::new(), stalling());
        let child = start(&home, &["-L", &server.url("/first")]);
        waiting.recv_timeout(PATIENCE).expect("the second hop");
        signal(&child, name);
        let ran = end(child);
        assert_eq!((ran.status, &*ran.out), (status, ""), "{name}: {}", ran.err);
        assert_eq!(ran.err.lines().next(), Some("kuki: interrupted"), "{name}");
        assert_eq!(stored(&home), ["first=hop of 127.0.0.1"], "{name}");
    }
}

#[test]
fn a_signal_ends_all_transfers_side_by_side_and_keeps_what_came_in() {
    let (home, (server, waiting)) = (Home::new(), stalling());
    let first = server.url("/first");
    let child = start(&home, &["-Z", "-L", &first, &first, &first]);
    for _ in 0..3 {
        waiting.recv_timeout(PATIENCE).expect("the second hop of each");
    }
    signal(&child, "INT");
    let ran = end(child);
    assert_eq!((ran.status, &*ran.out), (130, ""), "{}", ran.err);
    assert_eq!(ran.err.lines().filter(|line| *line == "kuki: interrupted").count(), 1, "{}", ran.err);
    assert_eq!(stored(&home), ["first=hop of 127.0.0.1"]);
}

#[test]
fn a_signal_between_two_transfers_keeps_the_cookies_of_the_first_and_ends_the_run() {
    let (home, (server, waiting)) = (Home::new(), stalling());
    let child = start(&home, &[&server.url("/first"), &server.url("/second"), &server.url("/first")]);
    waiting.recv_timeout(PATIENCE).expect("the second transfer");
    signal(&child, "INT");
    let ran = end(child);
    assert_eq!((ran.status, stored(&home)), (130, vec!["first=hop of 127.0.0.1".to_owned()]), "{}", ran.err);
    assert_eq!(server.heard().len(), 2);
}

#[test]
fn a_signal_before_any_answer_leaves_the_jar_as_it_was() {
    let (home, (server, waiting)) = (Home::new(), stalling());
    assert_eq!(home.ok([server.url("/first")]).err, "");
    let before = std::fs::read(home.default_jar()).expect("a jar");
    let child = start(&home, &[&server.url("/second")]);
    waiting.recv_timeout(PATIENCE).expect("the request");
    signal(&child, "INT");
    assert_eq!(end(child).status, 130);
    assert_eq!(std::fs::read(home.default_jar()).expect("a jar"), before);
}

#[test]
fn the_cookies_are_saved_before_the_body_ends_and_a_signal_changes_nothing_of_it() {
    for (name, status) in [("INT", 130), ("TERM", 143)] {
        let home = Home::new();
        let server = Server::with(|stream, _| {
            let head = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 100\r\n\r\npart\n";
            stream.write_all(head.as_bytes()).expect("a client");
            let _ = stream.read(&mut [0]);
        });
        let mut child = start(&home, &[&server.url("/")]);
        let mut part = [0; 5];
        child.stdout.as_mut().expect("a pipe").read_exact(&mut part).expect("the body's beginning");
        let while_it_streams = stored(&home);
        signal(&child, name);
        assert_eq!((end(child).status, &part), (status, b"part\n"));
        assert_eq!(while_it_streams, ["a=1 of 127.0.0.1"]);
        assert_eq!(stored(&home), while_it_streams);
    }
}

#[test]
fn a_signal_ends_a_chain_whose_output_nobody_reads_any_more() {
    let home = Home::new();
    let server = Server::with(|stream, request| {
        if request.starts_with("GET /first ") {
            stream.write_all(&redirect(302, "/endless", "Set-Cookie: a=1; Path=/")).expect("a client");
            return;
        }
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n");
        // Until the client is gone.
        while stream.write_all(&[b'x'; 4096]).is_ok() {}
    });
    let mut child = start(&home, &["-L", &server.url("/first")]);
    child.stdout.as_mut().expect("a pipe").read_exact(&mut [0; 5]).expect("the body's beginning");
    signal(&child, "TERM");
    let status = child.wait().expect("an end");
    assert_eq!((status.code(), stored(&home)), (None, vec!["a=1 of 127.0.0.1".to_owned()]));
}
