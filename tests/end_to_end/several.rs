//! Owns the tests of several URLs in one run: which they are, where each body goes, what they share, how they end.
//! Does not test the grammar of globs, which has tests beside it.

use std::fs;
use std::io::{Read, Write};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier};

use crate::stored;
use crate::support::Home;
use crate::support::server::{Server, header, ok, redirect};

fn path(request: &str) -> &str {
    request.split(' ').nth(1).unwrap_or_default()
}

fn saying(body: &str) -> Vec<u8> {
    format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{body}", body.len())
        .into_bytes()
}

/// Answers by what was asked for; `/bad…` is a 404.
fn echoing() -> Server {
    Server::start(|request| match path(request) {
        bad if bad.starts_with("/bad") => redirect(404, "/", ""),
        path => saying(&format!("{path}\n")),
    })
}

fn content(home: &Home, name: &str) -> String {
    fs::read_to_string(home.path().join(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
}

#[test]
fn urls_follow_each_other_wherever_they_stand() {
    let server = echoing();
    let url = |path: &str| server.url(path);
    let host = server.address.to_string();
    for (arguments, expected) in [
        (vec![url("/a"), url("/b"), url("/c")], "/a\n/b\n/c\n"),
        (vec!["--url".into(), url("/a")], "/a\n"),
        (vec![url("/a"), "--url".into(), format!("{host}/b"), url("/c")], "/a\n/b\n/c\n"),
        (vec!["GET".into(), "--url".into(), url("/a"), url("/b")], "/a\n/b\n"),
        (vec![url("/a"), "q==1".into(), url("/b")], "/a?q=1\n/b?q=1\n"),
        (vec![format!(":{}/a", server.address.port()), url("/b")], "/a\n/b\n"),
        (vec![url("/{a,b}/[1-2]"), url("/c")], "/a/1\n/a/2\n/b/1\n/b/2\n/c\n"),
        (vec![url("/?a\\[\\]=1\\{2\\}")], "/?a[]=1{2}\n"),
        (vec!["-g".into(), url("/?a[1-2]")], "/?a[1-2]\n"),
    ] {
        assert_eq!(
            Home::new().ok(&arguments).out.replace("%7B", "{").replace("%7D", "}"),
            expected,
            "{arguments:?}"
        );
    }
}

#[test]
fn a_word_that_is_neither_an_item_nor_a_url_is_refused_before_anything_is_sent() {
    let server = echoing();
    let a = server.url("/a");
    let home = Home::new();
    for (arguments, status, what) in [
        (vec![&*a, "nonsense"], 2, "unexpected argument `nonsense` after the URL"),
        (vec![&a, "https://["], 3, "no glob at position 9"),
        (vec![&a, "http://h/[3-1]"], 3, "`http://h/[3-1]`: no glob at position 10: a range is"),
        (vec![&a, "http://u:secret@h/{a"], 3, "`http://…@h/{a`: no glob at position 19"),
        (vec![&a, "ftp://h/{a,b}"], 1, "the scheme `ftp` is not supported"),
        (vec!["-T", "-", &a, "http://b.test"], 2, "-T can't go with several URLs"),
        (vec!["-T", "-", "http://b.test/[1-2]"], 2, "standard input can be sent only once"),
        (vec!["-Z", "--parallel-max", "x", &a], 2, "--parallel-max: `x` is not a number"),
        (
            vec!["--etag-compare", "e", &a, "http://b.test"],
            2,
            "--etag-save and --etag-compare go with one URL",
        ),
        (vec!["-o", "x", "-O", &a], 2, "-o and -O can't go together for one URL"),
    ] {
        let ran = home.run(&arguments);
        assert!(ran.status == status && ran.err.contains(what) && ran.err.lines().count() == 2, "{ran:#?}");
        assert!(!ran.err.contains("secret"), "{ran:#?}");
    }
    assert_eq!(server.heard().len(), 0);
}

#[test]
fn each_o_goes_with_one_url_in_their_order() {
    let (home, server) = (Home::new(), echoing());
    let url = |path: &str| server.url(path);
    let ran = home.ok(["-o", "first", &url("/a"), &url("/b"), "-O", &url("/c")]);
    assert_eq!((&*ran.out, &*content(&home, "first"), &*content(&home, "b")), ("/c\n", "/a\n", "/b\n"));
    home.ok(["--remote-name-all", "-o", "other", &url("/d"), &url("/e"), &url("/f")]);
    assert_eq!(["other", "e", "f"].map(|name| content(&home, name)), ["/d\n", "/e\n", "/f\n"]);
    home.ok(["--output-dir", "got", "--create-dirs", "-o", "#2-#1#3.txt", &url("/{x,y}/[8-9]")]);
    assert_eq!(
        ["8-x#3.txt", "9-y#3.txt"].map(|name| content(&home, &format!("got/{name}"))),
        ["/x/8\n", "/y/9\n"]
    );
    let ran = home.ok(["-o", "one", "-o", "two", &url("/g")]);
    assert!(ran.err.starts_with("kuki: there are more -o and -O than URLs\n"), "{}", ran.err);
    assert_eq!(content(&home, "one"), "/g\n");
}

#[test]
fn a_cookie_of_one_transfer_goes_along_with_the_next_and_is_kept() {
    let server = Server::start(|request| match path(request) {
        "/login" => ok("Set-Cookie: sid=1; Path=/"),
        _ => saying(&format!("{:?}\n", header(request, "cookie"))),
    });
    let home = Home::new();
    let ran = home.ok([&server.url("/login"), &server.url("/page"), &server.url("/[1-2]")]);
    assert_eq!(ran.out, "ok\nSome(\"sid=1\")\nSome(\"sid=1\")\nSome(\"sid=1\")\n");
    assert_eq!(stored(&home), ["sid=1 of 127.0.0.1"]);
    let ran = home.ok(["-c", "-", "-b", "", &server.url("/page"), &server.url("/login")]);
    assert!(ran.out.starts_with("None\nok\n# Netscape") && ran.out.contains("\tsid\t1\n"), "{}", ran.out);
}

#[test]
fn a_cookie_is_kept_before_the_next_transfer_begins() {
    let home = Arc::new(Home::new());
    let seen = Arc::clone(&home);
    let server = Server::start(move |request| match path(request) {
        "/1" => ok("Set-Cookie: a=1"),
        _ => saying(&format!("{:?}", stored(&seen))),
    });
    let ran = home.ok([server.url("/[1-2]")]);
    assert_eq!(ran.out, "ok\n[\"a=1 of 127.0.0.1\"]");
}

#[test]
fn the_status_is_that_of_the_last_transfer_or_side_by_side_of_the_last_that_failed() {
    let (home, server) = (Home::new(), echoing());
    let (good, bad) = (server.url("/a"), server.url("/bad"));
    let nobody = "http://127.0.0.1:1/";
    for (arguments, status, out) in [
        (vec!["-f", &*bad, &good], 0, "/a\n"),
        (vec!["-f", &good, &bad], 22, "/a\n"),
        (vec!["-f", "--fail-early", &bad, &good], 22, ""),
        (vec!["--fail-early", nobody, &good], 7, ""),
        (vec![nobody, &good], 0, "/a\n"),
        (vec!["-Z", "-f", &bad, &good], 22, "/a\n"),
        (vec!["-Z", &good, nobody], 7, "/a\n"),
        (vec!["-Z", "--parallel-max", "1", "-f", "--fail-early", &bad, &good, &good], 22, ""),
    ] {
        let ran = home.run(&arguments);
        assert_eq!((ran.status, &*ran.out), (status, out), "{arguments:?}: {}", ran.err);
        assert!(status == 0 || ran.err.starts_with("kuki: "), "{}", ran.err);
    }
}

#[test]
fn what_is_told_of_a_transfer_is_told_of_each() {
    let (home, server) = (Home::new(), echoing());
    let format = "%{urlnum} %{http_code} %{exitcode} %{url}\n";
    let ran = home.run(["-f", "-s", "-w", format, "-D", "heads", &server.url("/{a,bad}"), &server.url("/c")]);
    let told = ran.out.replace(&server.url(""), "");
    assert_eq!(told, "/a\n0 200 0 /a\n0 404 22 /bad\n/c\n1 200 0 /c\n");
    assert_eq!(content(&home, "heads").matches("HTTP/1.1 ").count(), 3);
    let ran = home.run(["-i", "-sS", "-f", &server.url("/{bad,a}")]);
    assert!(ran.out.starts_with("HTTP/1.1 200 OK\r\n") && ran.err.contains("404"), "{ran:#?}");
}

#[test]
fn a_login_goes_to_every_url_and_that_of_a_url_to_it_alone() {
    let server = Server::start(|request| saying(&format!("{:?}\n", header(request, "authorization"))));
    let home = Home::new();
    let url = format!("http://ada:x@{}/", server.address);
    let ran = home.ok([&*url, &server.url("/")]);
    assert_eq!(ran.out, "Some(\"Basic YWRhOng=\")\nNone\n");
    let ran = home.ok(["-u", "bob:y", &url, &url, &server.url("/")]);
    assert_eq!(ran.out, "Some(\"Basic Ym9iOnk=\")\n".repeat(3));
}

#[test]
fn data_is_sent_to_every_url_and_read_once() {
    let server = Server::start(|request| saying(request.split_once("\r\n\r\n").map_or("", |(_, body)| body)));
    let home = Home::new();
    home.write("data", "a=1");
    let command = "printf x | \"$0\" --no-jar -d @- \"$1\" \"$1\"";
    let program = crate::support::program();
    let mut shell = std::process::Command::new("sh");
    shell.arg("-c").arg(command).arg(program).arg(server.url("/")).env_clear().env("HOME", home.path());
    assert_eq!(shell.output().expect("a shell").stdout, b"xx");
    assert_eq!(home.ok(["-d", "@data", &server.url("/[1-3]")]).out, "a=1a=1a=1");
    let heard = home.ok(["-G", "-d", "@data", "--no-jar", &server.url("/{a,b}")]);
    assert_eq!(heard.out, "");
    let targets: Vec<_> =
        server.heard().iter().rev().take(2).map(|request| path(request).to_owned()).collect();
    assert_eq!(targets, ["/b?a=1", "/a?a=1"]);
}

#[test]
fn a_connection_is_used_again() {
    let connections = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&connections);
    let server = Server::with(move |stream, _| {
        count.fetch_add(1, Ordering::SeqCst);
        loop {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok");
            let mut piece = [0; 4096];
            match stream.read(&mut piece) {
                Ok(count) if count > 0 => {}
                _ => return,
            }
        }
    });
    assert_eq!(Home::new().ok([server.url("/[1-20]")]).out, "ok".repeat(20));
    assert_eq!(connections.load(Ordering::SeqCst), 1);
}

#[test]
fn side_by_side_all_are_under_way_at_once_and_share_one_jar() {
    // Nobody is answered before all have asked.
    let barrier = Arc::new(Barrier::new(8));
    let server = Server::start(move |request| {
        barrier.wait();
        let name = path(request).trim_start_matches('/').to_owned();
        ok(&format!("Set-Cookie: c{name}=1"))
    });
    let home = Home::new();
    let ran = home.ok(["-Z", "-o", "got#1", &server.url("/[1-8]")]);
    assert_eq!((&*ran.out, &*ran.err), ("", ""));
    assert_eq!(stored(&home).len(), 8);
    assert_eq!(["got1", "got8"].map(|name| content(&home, name)), ["ok\n", "ok\n"]);
}

#[test]
fn side_by_side_no_more_are_under_way_than_were_allowed() {
    let (now, most) = (Arc::new(AtomicUsize::new(0)), Arc::new(AtomicUsize::new(0)));
    let (going, highest) = (Arc::clone(&now), Arc::clone(&most));
    let server = Server::start(move |_| {
        let count = going.fetch_add(1, Ordering::SeqCst) + 1;
        highest.fetch_max(count, Ordering::SeqCst);
        std::thread::yield_now();
        going.fetch_sub(1, Ordering::SeqCst);
        ok("")
    });
    let ran =
        Home::new().ok(["--parallel", "--parallel-max=3", "--parallel-immediate", &server.url("/[1-40]")]);
    assert_eq!(ran.out, "ok\n".repeat(40));
    assert!(most.load(Ordering::SeqCst) <= 3);
}

#[test]
fn many_hosts_and_many_transfers_need_no_more_open_files_than_a_process_may_have() {
    // Every connection stays open until the program closes it.
    let server = Server::with(|stream, _| {
        let _ = stream.write_all(&ok(""));
        let _ = stream.read(&mut [0]);
    });
    let home = Home::new();
    let names = (1..=80).map(|number| format!("h{number}.test"));
    let resolved = names.flat_map(|name| ["--resolve".to_owned(), server.resolve(&name)]);
    let resolved: Vec<String> = resolved.collect();
    for (arguments, url) in [
        (&["--no-jar"][..], server.url_of("h[1-80].test", "/")),
        (&["--no-jar", "-Z", "--parallel-max=300", "-o", "got#1"], server.url("/[1-80]")),
    ] {
        let mut shell = std::process::Command::new("sh");
        shell.args(["-c", "ulimit -n 72 && exec \"$0\" \"$@\""]).arg(crate::support::program());
        shell.args(arguments).args(&resolved).arg(url);
        let ran = shell.env_clear().env("HOME", home.path()).current_dir(home.path()).output();
        let ran = ran.expect("a shell");
        assert_eq!(String::from_utf8_lossy(&ran.stderr), "", "{arguments:?}");
        assert!(ran.status.success(), "{arguments:?}");
    }
    assert_eq!(content(&home, "got80"), "ok\n");
}

#[test]
fn a_reader_that_is_gone_ends_the_whole_run() {
    let (home, server) = (Home::new(), echoing());
    let command = "\"$0\" -f \"$1\" | head -n 1";
    let mut shell = std::process::Command::new("sh");
    shell.arg("-c").arg(command).arg(crate::support::program()).arg(server.url("/[1-100000]"));
    let ran =
        shell.env_clear().env("HOME", home.path()).env("PATH", std::env::var_os("PATH").unwrap_or_default());
    let ran = ran.output().expect("a shell");
    assert_eq!((&*ran.stdout, &*ran.stderr), (&b"/1\n"[..], &b""[..]));
    assert!(server.heard().len() < 100_000);
}

/// Answers by what was asked for: what a range leaves of ten letters, a body that breaks off, one try in vain.
fn manifold() -> Server {
    let tries = AtomicUsize::new(0);
    Server::start(move |request| match path(request) {
        "/broken" => b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhalf".to_vec(),
        "/busy" if tries.fetch_add(1, Ordering::SeqCst) == 0 => {
            b"HTTP/1.1 503 Busy\r\nRetry-After: 0\r\nContent-Length: 0\r\nConnection: close\r\n\r\n".to_vec()
        }
        _ => match header(request, "range").and_then(|range| range.strip_prefix("bytes=")?.strip_suffix('-'))
        {
            Some(from) => {
                let rest = &"0123456789"[from.parse().expect("a number")..];
                format!(
                    "HTTP/1.1 206 Partial Content\r\nContent-Range: bytes {from}-9/10\r\n\
                     Content-Length: {}\r\nConnection: close\r\n\r\n{rest}",
                    rest.len()
                )
                .into_bytes()
            }
            None => b"HTTP/1.1 200 OK\r\nLast-Modified: Sun, 31 Jan 2021 00:00:00 GMT\r\n\
                      Content-Length: 10\r\nConnection: close\r\n\r\n0123456789"
                .to_vec(),
        },
    })
}

#[test]
fn what_is_asked_of_a_transfer_is_done_for_each_of_them_alone() {
    for parallel in [&[][..], &["-Z"]] {
        let (home, server) = (Home::new(), manifold());
        home.write("1", "0123");
        home.write("2", "012345678");
        let ran =
            home.ok([parallel, &["-C", "-", "-R", "--limit-rate", "1g", "-o", "#1", &server.url("/[1-3]")]]
                .concat());
        assert_eq!(["1", "2", "3"].map(|name| content(&home, name)), ["0123456789"; 3], "{ran:#?}");
        let modified =
            fs::metadata(home.path().join("3")).and_then(|found| found.modified()).expect("a file");
        let modified = modified.duration_since(std::time::UNIX_EPOCH).expect("after 1970").as_secs();
        assert_eq!(modified, 1_612_051_200);

        let both = server.url("/{a,broken,b}");
        let ran = home.run([parallel, &["-sS", "--remove-on-error", "-o", "got-#1", &both]].concat());
        assert!(ran.err.contains("kuki: ") && !home.path().join("got-broken").exists(), "{ran:#?}");
        assert_eq!(["got-a", "got-b"].map(|name| content(&home, name)), ["0123456789"; 2]);

        let ran = home.ok([
            parallel,
            &[
                "-s",
                "--retry",
                "1",
                "--retry-delay",
                "0.001",
                "-w",
                "%{num_retries}",
                "-o",
                "r-#1",
                &server.url("/{x,busy}"),
            ],
        ]
        .concat());
        assert_eq!(["r-x", "r-busy"].map(|name| content(&home, name)), ["0123456789"; 2], "{ran:#?}");

        let ran =
            home.ok([parallel, &["-s", "-z", "2022-01-01", "-o", "z-#1", &server.url("/{x,y}")]].concat());
        assert!(!["z-x", "z-y"].iter().any(|name| home.path().join(name).exists()), "{ran:#?}");
    }
}
