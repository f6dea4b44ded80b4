//! Owns the tests of where an answer goes: files by every name, heads, errors, and what may be in the way.
//! Does not test codings; they have a file of their own.

use std::fs;
use std::os::unix::fs::symlink;

use crate::support::server::{Server, ok, redirect};
use crate::support::{Home, Ran};

/// The names in a home, without the jar's own directory, each with its first line.
fn files(home: &Home) -> Vec<String> {
    let mut files: Vec<String> = Vec::new();
    let mut folders = vec![home.path().to_path_buf()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            let name = entry.strip_prefix(home.path()).expect("it is in the home").display().to_string();
            match entry.is_dir() {
                true if name != ".local" => folders.push(entry),
                true => {}
                false => {
                    files.push(format!("{name}={}", fs::read_to_string(entry).expect("text").trim_end()))
                }
            }
        }
    }
    files.sort();
    files
}

fn run(home: &Home, server: &Server, arguments: &[&str], path: &str) -> Ran {
    home.run(arguments.iter().map(|&text| text.to_owned()).chain([server.url(path)]))
}

fn failing(body: &str) -> Server {
    let length = body.len();
    let answer = format!("HTTP/1.1 404 Nope\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n{body}");
    Server::start(move |_| answer.clone().into_bytes())
}

#[test]
fn a_file_gets_the_name_that_was_asked_for() {
    for (head, arguments, path, expected) in [
        ("", &["-O"][..], "/a/page.html?x=/y", "page.html=ok"),
        ("", &["--remote-name"], "/a%20b", "a%20b=ok"),
        ("", &["-O", "--output-dir", "there", "--create-dirs"], "/page", "there/page=ok"),
        ("", &["-o", "a/b", "--create-dirs", "--output-dir", "there"], "/page", "there/a/b=ok"),
        ("", &["-OJ"], "/page", "page=ok"),
        ("Content-Disposition: attachment; filename=\"named\"", &["-O"], "/page", "page=ok"),
        ("Content-Disposition: attachment; filename=\"named\"", &["-O", "-J"], "/page", "named=ok"),
        ("Content-Disposition: attachment; filename=\"../../named\"", &["-OJ"], "/page", "named=ok"),
        ("Content-Disposition: attachment; filename=\"..\"", &["-OJ"], "/page", "page=ok"),
    ] {
        let (home, server) = (Home::new(), Server::saying(head));
        let ran = run(&home, &server, arguments, path);
        assert_eq!((ran.status, &*ran.out, &*ran.err), (0, "", ""), "{arguments:?}");
        assert_eq!(files(&home), [expected], "{arguments:?} {head}");
    }
}

#[test]
fn the_name_is_that_of_the_url_that_was_typed() {
    let server = Server::start(|request| match request.starts_with("GET /from ") {
        true => redirect(302, "/to", ""),
        false => ok(""),
    });
    let home = Home::new();
    assert_eq!(run(&home, &server, &["-LO"], "/from").status, 0);
    assert_eq!(files(&home), ["from=ok"]);
}

#[test]
fn a_file_that_is_there_is_replaced_or_stays() {
    let named = "Content-Disposition: attachment; filename=page";
    for (arguments, expected) in [
        (&["-O"][..], &["page=ok"][..]),
        (&["-o", "page"], &["page=ok"]),
        (&["-O", "--no-clobber"], &["page.1=ok", "page=old"]),
        (&["-OJ", "--no-clobber"], &["page.1=ok", "page=old"]),
        (&["-o", "page", "--no-clobber"], &["page.1=ok", "page=old"]),
    ] {
        let (home, server) = (Home::new(), Server::saying(named));
        home.write("page", "old");
        let ran = run(&home, &server, arguments, "/page");
        assert_eq!(
            (ran.status, files(&home)),
            (0, expected.iter().map(|&s| s.to_owned()).collect()),
            "{ran:?}"
        );
    }
}

#[test]
fn a_name_from_the_server_and_a_dotfile_replace_nothing() {
    for (name, arguments) in [("page", "-OJ"), (".profile", "-OJ"), (".profile", "-O")] {
        let (home, server) =
            (Home::new(), Server::saying(&format!("Content-Disposition: x; filename={name}")));
        home.write(name, "old");
        let ran = run(&home, &server, &[arguments], "/.profile");
        let line = format!("kuki: writing {name} failed: File exists (os error 17)\n");
        assert!(ran.status == 23 && ran.err.starts_with(&line), "{ran:?}");
        assert_eq!(files(&home), [format!("{name}=old")]);
    }
    // Nor does it follow a link.
    let (home, server) = (Home::new(), Server::saying("Content-Disposition: x; filename=link"));
    symlink(home.path().join("elsewhere"), home.path().join("link")).expect("a link");
    assert_eq!(run(&home, &server, &["-OJ"], "/page").status, 23);
    assert!(!home.path().join("elsewhere").exists());
}

#[test]
fn what_can_not_be_written_fails_with_curls_status() {
    let server = Server::saying("");
    for (arguments, path, status, line) in [
        (&["-O"][..], "/", 23, "kuki: -O: the URL ends in no name for a file"),
        (
            &["-O", "--output-dir", "nope"],
            "/page",
            23,
            "kuki: writing nope/page failed: No such file or directory (os error 2)",
        ),
        (&["-O", "-o", "x"], "/page", 2, "kuki: -o and -O can't go together for one URL"),
        (&["-OJi"], "/page", 2, "kuki: -J and -i can't go together"),
        (&["-f", "--fail-with-body"], "/page", 2, "kuki: -f and --fail-with-body can't go together"),
        (&["--max-filesize", "many"], "/page", 2, "kuki: --max-filesize: `many` is not a size"),
    ] {
        let home = Home::new();
        let ran = run(&home, &server, arguments, path);
        let lines: Vec<_> = ran.err.lines().collect();
        assert_eq!((ran.status, lines[0]), (status, line));
        assert!(lines.len() == 2 && lines[1].starts_with("hint: "), "{ran:?}");
        assert_eq!(files(&home), [""; 0]);
    }
}

#[test]
fn an_error_of_the_server_may_fail_with_its_body() {
    let (home, server) = (Home::new(), failing("why"));
    let ran = run(&home, &server, &["--fail-with-body"], "/");
    assert_eq!((ran.status, &*ran.out, &*ran.err), (22, "why", "kuki: the server answered 404 Not Found\n"));
    let ran = run(&home, &server, &["--fail-with-body", "-o", "kept"], "/");
    assert_eq!((ran.status, files(&home)), (22, vec!["kept=why".to_owned()]));
    let ran = run(&home, &server, &["--fail-with-body", "-o", "kept", "--remove-on-error"], "/");
    assert_eq!((ran.status, files(&home)), (22, Vec::new()));
}

#[test]
fn a_file_of_a_body_that_broke_off_stays_unless_it_is_to_go() {
    let cut = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nConnection: close\r\n\r\nhalf".to_vec();
    let server = Server::start(move |_| cut.clone());
    let home = Home::new();
    assert_eq!(run(&home, &server, &["-O"], "/page").status, 18);
    assert_eq!(files(&home), ["page=half"]);
    assert_eq!(run(&home, &server, &["-O", "--remove-on-error"], "/page").status, 18);
    assert_eq!(files(&home), [""; 0]);
}

#[test]
fn the_heads_of_every_hop_go_to_a_file() {
    let server = Server::start(|request| match request.split(' ').nth(1) {
        Some("/from") => redirect(302, "/to", ""),
        Some("/broken") => redirect(302, "ftp://h/", ""),
        _ => ok("X-Last: 1"),
    });
    let home = Home::new();
    let ran = run(&home, &server, &["-L", "-D", "heads"], "/from");
    let heads = fs::read_to_string(home.path().join("heads")).expect("a file");
    let (first, last) = heads.split_once("\r\n\r\n").expect("two heads");
    assert!(first.starts_with("HTTP/1.1 302 Moved\r\nLocation: /to\r\n"), "{heads}");
    assert!(last.starts_with("HTTP/1.1 200 OK\r\nX-Last: 1\r\n") && last.ends_with("\r\n\r\n"), "{heads}");
    assert_eq!((ran.status, &*ran.out), (0, "ok\n"));

    // On standard output they stand before the body, and they are there when the chain breaks.
    let ran = run(&home, &server, &["-D", "-"], "/to");
    assert!(ran.out.starts_with("HTTP/1.1 200 OK\r\n") && ran.out.ends_with("\r\n\r\nok\n"), "{ran:?}");
    let ran = run(&home, &server, &["-L", "-D", "heads"], "/broken");
    let heads = fs::read_to_string(home.path().join("heads")).expect("a file");
    assert!(ran.status == 1 && heads.starts_with("HTTP/1.1 302 Moved\r\nLocation: ftp://h/\r\n"), "{ran:?}");
    let ran = run(&home, &server, &["-D", "nope/heads"], "/to");
    assert!(ran.status == 23 && ran.err.starts_with("kuki: writing nope/heads failed: "), "{ran:?}");
}

#[test]
fn a_body_over_the_limit_fails_before_or_while_it_comes() {
    let chunked =
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n3\r\nok\n\r\n0\r\n\r\n";
    for (server, most, status) in [
        (Server::saying(""), "3", 0),
        (Server::saying(""), "0", 0),
        (Server::saying(""), "1k", 0),
        (Server::saying(""), "2", 63),
        (Server::start(|_| chunked.to_vec()), "3", 0),
        (Server::start(|_| chunked.to_vec()), "2", 63),
    ] {
        let home = Home::new();
        let ran = run(&home, &server, &["--max-filesize", most], "/");
        assert_eq!((ran.status, &*ran.out), (status, if status == 0 { "ok\n" } else { "" }), "{most}");
        let line = format!("kuki: the body has more than the {most} octets of --max-filesize\n");
        assert!(status == 0 || ran.err.starts_with(&line), "{}", ran.err);
        let ran = run(&home, &server, &["-I", "--max-filesize", most], "/");
        assert_eq!(ran.status, 0, "{most}");
    }
}

#[test]
fn what_is_made_of_a_body_counts_as_well_as_what_came() {
    // Three octets of `a` in gzip are more than twenty octets; a thousand are far less than a thousand.
    use std::io::Write;
    let gzip = |octets: &[u8]| {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(octets).and_then(|()| encoder.finish()).expect("memory takes all")
    };
    for (count, most, status) in [(3, "20", 63), (3, "30", 0), (1000, "500", 63), (1000, "1000", 0)] {
        let body = gzip(&vec![b'a'; count]);
        let head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n".to_vec();
        let server = Server::start(move |_| [&head[..], &body[..]].concat());
        assert_eq!(
            run(&Home::new(), &server, &["--max-filesize", most], "/").status,
            status,
            "{count} {most}"
        );
    }
}

#[test]
fn what_curl_says_of_progress_and_buffers_is_taken_and_changes_nothing() {
    let (home, server) = (Home::new(), Server::saying(""));
    for arguments in
        [&["-#"][..], &["--progress-bar"], &["--no-progress-meter"], &["-N"], &["--no-buffer"], &["-sN#"]]
    {
        let ran = run(&home, &server, arguments, "/");
        assert_eq!((ran.status, &*ran.out, &*ran.err), (0, "ok\n", ""), "{arguments:?}");
    }
}

#[test]
fn standard_error_goes_where_it_is_sent() {
    let (home, server) = (Home::new(), Server::saying(""));
    let ran = run(&home, &server, &["-vN", "--stderr", "log"], "/");
    assert_eq!((ran.status, &*ran.out, &*ran.err), (0, "ok\n", ""));
    let log = fs::read_to_string(home.path().join("log")).expect("a file");
    assert!(log.starts_with("> GET / HTTP/1.1\n") && log.ends_with("<\n"), "{log}");
    let ran = home.run(["--stderr", "-", "foo://x"]);
    assert!(ran.status == 1 && ran.out.starts_with("kuki: ") && ran.err.is_empty(), "{ran:?}");
}
