//! Owns the tests of how fast a transfer may go, and must: nothing is lost on the way, and what stalls is ended.
//! Does not measure; `exchange/pace` is held to its values by its own tests.

use std::io::{Read, Write};

use crate::support::Home;
use crate::support::server::Server;

#[test]
fn a_body_that_is_held_back_comes_whole_both_ways() {
    let body = "0123456789".repeat(10_000);
    let reply =
        format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len());
    let (home, server) = (Home::new(), Server::start(move |_| reply.clone().into_bytes()));
    let file = home.write("file", &body).display().to_string();
    for (arguments, sent) in [
        (&["--limit-rate", "1m"][..], ""),
        (&["--limit-rate", "0"], ""),
        (&["-Y", "1", "-y", "20"], ""),
        (&["--limit-rate", "1G", "-Y", "1"], ""),
        (&["--limit-rate", "1m", "-T", &file], &*body),
        (&["--limit-rate", "1m", "--data-binary", "@file"], &body),
        (&["--limit-rate", "1m", "-d", "a=b"], "a=b"),
        (&["--limit-rate", "1m", "-y", "20", "-F", "f=@file"], &body),
    ] {
        let ran = home.ok(arguments.iter().copied().chain([&*server.url("/")]));
        assert!(ran.out == body && ran.err.is_empty(), "{arguments:?}");
        let heard = server.heard().pop().expect("a request");
        assert!(heard.split_once("\r\n\r\n").expect("a head").1.contains(sent), "{arguments:?}");
    }
}

#[test]
fn a_transfer_that_stalls_is_ended_before_and_in_the_body() {
    for begin in ["", "HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nhalf"] {
        let server = Server::with(move |stream, _| {
            let _ = stream.write_all(begin.as_bytes());
            // Ends when the client does.
            let _ = stream.read(&mut [0]);
        });
        let ran = Home::new().run(["-y", "1", &server.url("/")]);
        let line = format!(
            "kuki: the transfer with http://{} was too slow: less than 1 B/s went for 1 s",
            server.address
        );
        assert_eq!((ran.status, ran.err.lines().next()), (28, Some(&*line)), "{begin:?}");
        assert_eq!(ran.out, if begin.is_empty() { "" } else { "half" });
    }
}

#[test]
fn a_speed_that_is_none_is_refused() {
    for (arguments, line) in [
        (["--limit-rate", "1.5k"], "--limit-rate: `1.5k` is not a size"),
        (["--limit-rate", "fast"], "--limit-rate: `fast` is not a size"),
        (["-Y", "1k"], "-Y: `1k` is not a number"),
        (["-y", "-1"], "-y: `-1` is not a number"),
    ] {
        let ran = Home::new().run(arguments.into_iter().chain(["http://127.0.0.1:1"]));
        assert_eq!((ran.status, ran.err.lines().next()), (2, Some(&*format!("kuki: {line}"))));
    }
}
