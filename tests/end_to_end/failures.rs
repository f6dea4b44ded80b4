//! Owns the tests of everything that goes wrong: the status, the text, and a jar that is as it was.
//! Does not test redirects or certificates that fail; they are with their own kind.

use std::ffi::OsStr;
use std::fs::{self, File, OpenOptions};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::path::Path;
use std::process::{Command, Stdio};

use crate::stored;
use crate::support::server::Server;
use crate::support::{Home, Ran};

/// A home whose default jar holds one cookie, of a host that nothing else here asks.
fn home() -> Home {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: kept=1"));
    let _ = home.ok(["--resolve", &server.resolve("kept.test"), &server.url_of("kept.test", "/")]);
    home
}

fn jar(home: &Home) -> Vec<u8> {
    fs::read(home.default_jar()).expect("a jar")
}

/// Runs what must fail with this status and first line, a hint on the second, and an untouched jar.
#[track_caller]
fn fails<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>, status: i32, line: &str) -> Ran {
    let home = home();
    fails_in(&home, arguments, status, line)
}

#[track_caller]
fn fails_in<S: AsRef<OsStr>>(
    home: &Home,
    arguments: impl IntoIterator<Item = S>,
    status: i32,
    line: &str,
) -> Ran {
    let before = jar(home);
    let ran = home.run(arguments);
    let is_as_it_was = jar(home) == before;
    assert_eq!(summary(&ran), (status, line.to_owned(), "hint: …"), "{ran:#?}");
    assert!(is_as_it_was, "the jar was changed");
    ran
}

#[expect(clippy::print_stderr, reason = "a test that proves nothing here has to say so")]
fn skipped(why: &str) {
    eprintln!("skipped: {why}");
}

/// The status, the first line, and what is behind it: a hint and nothing else, if all is well.
fn summary(ran: &Ran) -> (i32, String, &'static str) {
    let mut lines = ran.err.lines();
    let first = lines.next().unwrap_or_default().to_owned();
    let rest = match &lines.collect::<Vec<_>>()[..] {
        [] => "",
        [hint] if hint.starts_with("hint: ") && hint.len() > "hint: ".len() => "hint: …",
        _ => "too much",
    };
    (ran.status, first, rest)
}

#[test]
fn what_is_no_url_is_refused() {
    for (url, why) in [
        ("", "it names no host"),
        ("http://", "it names no host"),
        ("http://a.test:99999/", "invalid port number"),
        ("http://[::1/", "invalid IPv6 address"),
        ("http://a b.test/", "invalid international domain name"),
    ] {
        let _ = fails(["-g", url], 3, &format!("kuki: `{url}` is not a URL: {why}"));
    }
}

#[test]
fn a_url_with_a_control_octet_anywhere_is_refused() {
    for (url, shown) in [
        ("http://a.test/\n", "http://a.test/\\x0a"),
        ("http://a.test/\u{1b}[m", "http://a.test/\\x1b[m"),
        ("http://a.test\r\nX: 1", "http://a.test\\x0d\\x0aX: 1"),
        ("\thttp://a.test/", "\\x09http://a.test/"),
        ("http://a.test/\u{7f}", "http://a.test/\\x7f"),
    ] {
        let _ = fails([url], 3, &format!("kuki: `{shown}` is not a URL: it holds a control character"));
    }
}

#[test]
fn a_misspelt_verb_or_another_program_in_front_is_not_sent_as_a_method() {
    let url = "http://127.0.0.1:1/";
    for (arguments, word, hint) in [
        (&["jra", "list"][..], "jra", "did you mean kuki jar? -X jra sends it as a method"),
        (&["explian", url], "explian", "did you mean kuki explain? -X explian sends it as a method"),
        (
            &["curl", url],
            "curl",
            "leave it out: kuki URL; --from-curl FILE takes a command of curl's as it is",
        ),
    ] {
        let ran = Home::new().run(arguments);
        let told = format!("kuki: `{word}` is neither a verb nor a method\nhint: {hint}\n");
        assert_eq!((ran.status, ran.err), (2, told));
    }
    let ran = Home::new().run(["mkcol", url]);
    assert_eq!(ran.status, 7, "a method of the server's own goes out: {ran:?}");
}

#[test]
fn what_a_verb_does_not_understand_leads_to_the_help_of_that_verb() {
    for (arguments, hint) in [
        (&["jar", "get"][..], "kuki jar get --help says what it takes"),
        (&["jar", "list", "sid"], "kuki jar list --help says what it takes"),
        (&["jar"], "kuki jar --help says what it takes"),
        (&["explain", "http://a.test/", "a=b"], "kuki explain --help says what it takes"),
        (
            &["http://a.test/", "--set-cookie", "a=b"],
            "--set-cookie is an option of kuki explain, and no such verb stands in front",
        ),
        (
            &["--verify=no", "http://a.test/"],
            "here it is -k for any certificate, --cacert FILE for those in a file",
        ),
        (&["--session=ada", "http://a.test/"], "the jar keeps cookies anyway; --jar NAME names another one"),
        (&["--jsn", "{}", "http://a.test/"], "a similar argument exists: '--json'"),
        (&["--loc", "http://a.test/"], "a similar argument exists: '--location'"),
        (&["--xyzzy", "http://a.test/"], "kuki -h lists the most used options, kuki --help all of them"),
    ] {
        let ran = Home::new().run(arguments);
        assert_eq!((ran.status, ran.err.lines().nth(1)), (2, Some(&*format!("hint: {hint}"))), "{ran:?}");
    }
}

#[test]
fn a_scheme_that_is_not_spoken_is_refused() {
    for scheme in ["ftp", "file", "ws", "gopher"] {
        let line = format!("kuki: the scheme `{scheme}` is not supported");
        let _ = fails([format!("{scheme}://a.test/")], 1, &line);
    }
}

#[test]
fn a_command_line_that_makes_no_sense_is_refused() {
    let url = "http://a.test/";
    for (arguments, line) in [
        (&[][..], "no URL was given"),
        (&["-L"], "no URL was given"),
        (&["PUT"], "no URL was given behind PUT"),
        (&["--nonsense", url], "unexpected argument '--nonsense' found"),
        (&["-%", url], "unexpected argument '-%' found"),
        (&["-d", "a=1", "--json", "{}", url], "-d and --json can't go together"),
        (&["-I", "-d", "a=1", url], "-I asks for a head only, so it can't send data"),
        (&["GET", url, "more"], "unexpected argument `more` after the URL"),
        (&["GE T", url], "the method before the URL: `GE T` is not a method"),
        (&["-X", "", url], "-X: `` is not a method"),
        (&["-X", "A\nB", url], "-X: `A\\x0aB` is not a method"),
        (&["--resolve", "a.test", url], "--resolve: `a.test` can't be understood"),
        (&["--resolve", "a.test:80:nowhere", url], "--resolve: `a.test:80:nowhere` can't be understood"),
        (&["-m", "soon", url], "--max-time: `soon` is not a time in seconds"),
        (&["-m", "-1", url], "--max-time: `-1` is not a time in seconds"),
        (&["--connect-timeout", "", url], "--connect-timeout: `` is not a time in seconds"),
        (&["--connect-timeout", "nan", url], "--connect-timeout: `nan` is not a time in seconds"),
        (&["--connect-timeout", "1e400", url], "--connect-timeout: `1e400` is not a time in seconds"),
        (&["--lock-timeout", "5s", url], "--lock-timeout: `5s` is not a time in seconds"),
    ] {
        let _ = fails(arguments, 2, &format!("kuki: {line}"));
    }
}

#[test]
fn what_can_not_go_together_is_refused_by_name() {
    let url = "http://a.test/";
    for (arguments, line) in [
        (&["-I", "--json", "{}", url][..], "-I asks for a head only, so it can't send data"),
        (&["-I", "-T", "x", url], "-I asks for a head only, so it can't send data"),
        (&["-G", "-F", "a=b", url], "-G puts data into the query, where -F can't go"),
        (&["-G", "--json", "{}", url], "-G puts data into the query, where --json can't go"),
        (&["-T", "x", "-d", "a", url], "-d and -T can't go together"),
        (&["--json", "{}", "-F", "a=b", url], "--json and -F can't go together"),
        (&["-F", "a=b", url, "c=d"], "-F and items behind the URL can't go together"),
        (&["--urlencoded", "--multipart", url, "a=b"], "--urlencoded and --multipart name two kinds of form"),
        (&["--multipart", url], "--multipart says how items are sent, and there are none"),
        (&["-C", "-", url], "-C - needs a file to go on with"),
        (&["-C", "-", "-o", "-", url], "-C - needs a file to go on with"),
        (&["-C", "5", "-r", "0-1", url], "-C and a range can't go together"),
        (&["-C", "5", "--compressed", url], "-C and --compressed can't go together"),
        (&["-o", "x", "-O", url], "-o and -O can't go together for one URL"),
        (&["-f", "--fail-with-body", url], "-f and --fail-with-body can't go together"),
        (&["-4", "-6", url], "-4 and -6 leave no address"),
        (&["-0", "--http2", url], "--http1.0 and --http2 name two versions of HTTP"),
        (&["--http1.1", "--http2-prior-knowledge", url], "--http1.1 and --http2-prior-knowledge name two"),
        (&["--tlsv1.3", "--tls-max", "1.2", url], "--tlsv1.3 and --tls-max 1.2 leave no version of TLS"),
        (&["-x", "h", "--socks5", "i", url], "-x and --socks5 name two proxies"),
        (&["--key", "k", url], "--key needs a certificate"),
        (&["--digest", "--oauth2-bearer", "t", url], "--oauth2-bearer can't go with --digest"),
        (&["--fetch", url], "--fetch needs --initiator"),
        (&["-c", "x", "--jar", "y", url], "--jar can't go with -b FILE or -c FILE"),
        (&["-c", "x", "--read-only", url], "-c can't go with --read-only"),
    ] {
        let ran = home().run(arguments);
        let (status, first, hint) = summary(&ran);
        assert_eq!((status, hint), (2, "hint: …"), "{arguments:?}: {ran:#?}");
        assert!(first.starts_with(&format!("kuki: {line}")), "{arguments:?}: {first}");
    }
}

#[test]
fn a_control_octet_is_refused_in_whatever_becomes_a_header_or_an_address() {
    let url = "http://127.0.0.1:1/";
    for (arguments, status) in [
        (&["-e", "a\nb"][..], 2),
        (&["-b", "a=\u{1}"], 2),
        (&["-H", "Cookie: a=\u{2}"], 2),
        (&["-r", "0-1\n"], 2),
        (&["-X", "GET\r"], 2),
        (&["--oauth2-bearer", "a\nb"], 2),
        (&["--digest", "-u", "a\nb:c"], 2),
        (&["-F", "a=b;type=x\ny"], 2),
        (&["--resolve", "a\n.test:80:127.0.0.1"], 2),
        (&["--connect-to", "a.test:80:b\n.test:80"], 2),
        (&["-x", "http://a\n.test:1"], 5),
        (&["--socks5", "a\t.test:1"], 5),
        (&["--initiator", "http://a\t.test/"], 3),
        (&["--url", "http://a\u{7f}.test/"], 3),
    ] {
        let ran = home().run(arguments.iter().copied().chain([url]));
        let (found, first, hint) = summary(&ran);
        assert_eq!((found, hint), (status, "hint: …"), "{arguments:?}: {ran:#?}");
        assert!(!first.contains("could not"), "{arguments:?}: {first}");
    }
    let ran = home().run([url, "X-A:b\nc"]);
    assert_eq!(ran.status, 2, "{ran:#?}");
}

#[test]
fn every_file_that_is_not_there_is_named() {
    for (arguments, status) in [
        (&["--data-binary", "@none"][..], 26),
        (&["--data-urlencode", "@none"], 26),
        (&["-F", "a=@none"], 26),
        (&["-F", "a=<none"], 26),
        (&["-T", "none"], 26),
        (&["-K", "none"], 26),
        (&["--from-curl", "none"], 26),
        (&["-w", "@none"], 26),
        (&["--netrc-file", "none"], 26),
        (&["--etag-compare", "none"], 26),
        (&["--public-suffix-list", "none"], 26),
        (&["-u", "ada", "--password-file", "none"], 26),
        (&["-E", "none"], 58),
        (&["--stderr", "none/none"], 23),
        (&["--cacert", "none"], 77),
    ] {
        let ran = home().run(arguments.iter().copied().chain(["https://127.0.0.1:1/"]));
        let (found, first, hint) = summary(&ran);
        assert_eq!((found, hint), (status, "hint: …"), "{arguments:?}: {ran:#?}");
        assert!(first.contains("none") && first.contains("No such file"), "{arguments:?}: {first}");
    }
}

#[test]
fn a_colour_that_is_none_is_refused() {
    let line = "kuki: --color `red` is none of auto, always and never";
    let _ = fails(["--color", "red", "http://a.test/"], 2, line);
}

#[test]
fn an_option_without_its_value_is_refused() {
    for option in ["-d", "--data", "-H", "-o", "--jar"] {
        let ran = home().run(["http://a.test/", option]);
        let (status, line, hint) = summary(&ran);
        assert_eq!((status, hint), (2, "hint: …"), "{ran:#?}");
        assert!(line.starts_with("kuki: a value is required for "), "{line}");
    }
}

#[test]
fn a_jar_that_cannot_be_named_is_refused() {
    for name in ["", "..", "redis://a.test/1"] {
        let ran = home().run(["--jar", name, "http://a.test/"]);
        let (status, line, hint) = summary(&ran);
        assert_eq!((status, hint), (2, "hint: …"), "{ran:#?}");
        assert!(line.starts_with(&format!("kuki: --jar: `{name}` names no jar: ")), "{line}");
    }
}

#[test]
fn a_header_that_is_none_is_refused() {
    for (given, what) in [
        ("nonsense", "is no header"),
        (": v", "does not begin with the name of a header"),
        ("A B: v", "does not begin with the name of a header"),
        ("\u{e9}: v", "does not begin with the name of a header"),
    ] {
        let _ = fails(["-H", given, "http://a.test/"], 2, &format!("kuki: -H: `{given}` {what}"));
    }
}

#[test]
fn a_header_with_a_control_octet_inside_is_refused() {
    for given in ["X-A: a\nX-B: b", "X-A: a\rb", "X-A: a\u{1}", "X-A: \u{7f}b"] {
        let line = "kuki: -H: a header's value holds a control character";
        let _ = fails(["-H", given, "http://a.test/"], 2, line);
    }
    let line = "kuki: -A: a header's value holds a control character";
    let _ = fails(["-A", "a\nX-B: b", "http://a.test/"], 2, line);
}

#[test]
fn a_header_with_a_control_octet_at_an_end_is_refused() {
    for given in ["X-A: a\r\n", "X-A: a\n", "X-A:\r\n", "\r\nX-A: a", "X-A\n: a"] {
        let server = Server::saying("");
        let ran = home().run(["-H", given, &server.url("/")]);
        let asked = server.heard().len();
        assert_eq!((summary(&ran).0, asked), (2, 0), "{given:?}: {ran:#?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named() {
    let missing = "No such file or directory (os error 2)";
    for option in ["-d", "--json", "-H"] {
        let line = format!("kuki: no/such/file cannot be read: {missing}");
        let _ = fails([option, "@no/such/file", "http://a.test/"], 26, &line);
    }
}

#[test]
fn a_host_that_nobody_knows_is_named() {
    let home = home();
    let before = jar(&home);
    let ran = home.run(["-m", "30", "http://no-such-host.invalid/"]);
    if ran.status == 28 {
        skipped("the resolver of this machine gives no answer");
        return;
    }
    let (status, line, hint) = summary(&ran);
    assert_eq!((status, hint, jar(&home) == before), (6, "hint: …", true), "{ran:#?}");
    let start = "kuki: could not resolve the host of http://no-such-host.invalid: ";
    assert!(line.starts_with(start) && line.len() > start.len(), "{line}");
}

#[test]
fn a_port_where_nobody_listens_is_named() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    let address = listener.local_addr().expect("a bound listener has an address");
    drop(listener);
    let refusal = TcpStream::connect(address).expect_err("nobody listens there any more");
    let line = format!("kuki: could not connect to http://{address}: {refusal}");
    let _ = fails([format!("http://{address}/secret?token")], 7, &line);
}

/// What comes of an answer of these octets, after which the connection is closed.
#[track_caller]
fn answered(answer: &[u8], status: i32, line: &str) -> Ran {
    let answer = answer.to_vec();
    let server = Server::start(move |_| answer.clone());
    let line = line.replace("ORIGIN", &server.url(""));
    fails([server.url("/")], status, &format!("kuki: {line}"))
}

#[test]
fn a_connection_that_closes_without_an_answer_is_an_empty_reply() {
    let _ = answered(b"", 52, "ORIGIN closed the connection without an answer");
}

#[test]
fn an_answer_in_another_protocol_is_said_to_be_none() {
    let server = Server::start(|_| b"SSH-2.0-Example_1\r\n".to_vec());
    let ran = home().run([server.url("/")]);
    let (status, line, hint) = summary(&ran);
    assert_eq!((status, hint), (1, "hint: …"), "{ran:#?}");
    assert!(line.starts_with(&format!("kuki: {} did not answer in HTTP: ", server.url(""))), "{line}");
}

#[test]
fn a_body_that_ends_too_early_is_shown_as_far_as_it_came() {
    let answer = b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly this\n";
    let ran = answered(answer, 18, "the body from ORIGIN ended before its length");
    assert_eq!(ran.out, "only this\n");
}

#[test]
fn over_a_hundred_header_lines_are_too_many_and_the_error_names_the_limit() {
    let lines = |count: usize| "X-Line: 1\r\n".repeat(count);
    let fine = format!("HTTP/1.1 200 OK\r\n{}Content-Length: 3\r\n\r\nok\n", lines(99));
    let server = Server::start(move |_| fine.clone().into_bytes());
    assert_eq!(home().ok([server.url("/")]).out, "ok\n");
    let over = format!("HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\n{}Content-Length: 3\r\n\r\nok\n", lines(99));
    let line = "the response head from ORIGIN is over a limit of the HTTP stack \
                (100 header lines or 400 KiB; 1 MiB over HTTP/2)";
    let _ = answered(over.as_bytes(), 56, line);
}

#[test]
fn a_header_line_with_a_control_octet_does_not_cost_the_cookie_beside_it() {
    let home = Home::new();
    let server =
        Server::saying("Set-Cookie: before=1\nSet-Cookie: bad=\u{1}; Path=/\nX: \u{7f}\nSet-Cookie: after=1");
    let ran = home.ok([server.url("/")]);
    assert_eq!(
        (&*ran.out, stored(&home)),
        ("ok\n", vec!["after=1 of 127.0.0.1".to_owned(), "before=1 of 127.0.0.1".to_owned()])
    );
}

#[test]
fn an_output_file_that_cannot_be_made_is_named() {
    let server = Server::saying("");
    let line = "kuki: writing no/such/file failed: No such file or directory (os error 2)";
    let _ = fails(["-o", "no/such/file", &server.url("/")], 23, line);
}

#[test]
fn a_request_that_fails_leaves_the_output_file_alone() {
    let (home, server) = (home(), Server::start(|_| Vec::new()));
    let file = home.write("answer", "of yesterday");
    let line = format!("kuki: {} closed the connection without an answer", server.url(""));
    let _ = fails_in(&home, ["-o", "answer", &server.url("/")], 52, &line);
    assert_eq!(fs::read_to_string(file).expect("a file"), "of yesterday");
}

#[test]
fn a_server_that_never_answers_runs_out_of_time() {
    let server = Server::with(|stream, _| {
        // Ends when the client gives up.
        let _ = stream.read(&mut [0]);
    });
    let origin = server.url("");
    let line = format!("kuki: the time of --max-time is over: no whole answer came from {origin}");
    let _ = fails(["-m", "0.3", &server.url("/path?secret")], 28, &line);
}

#[test]
fn a_body_that_never_ends_runs_out_of_time_with_its_cookies_kept() {
    let home = Home::new();
    let server = Server::with(|stream, _| {
        let head = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 100\r\n\r\npart\n";
        stream.write_all(head).expect("a client");
        let _ = stream.read(&mut [0]);
    });
    let ran = home.run(["-m", "3", &server.url("/")]);
    let line = "kuki: the time of --max-time is over: the body was not complete".to_owned();
    assert_eq!((summary(&ran), &*ran.out), ((28, line, "hint: …"), "part\n"));
    assert_eq!(stored(&home), ["a=1 of 127.0.0.1"]);
}

#[test]
fn a_reader_that_goes_away_is_no_event() {
    let home = Home::new();
    let server = Server::with(|stream, _| {
        let mut chunk = b"HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\n\r\nfirst\n".to_vec();
        while stream.write_all(&chunk).is_ok() {
            chunk = vec![b'x'; 1 << 16];
        }
    });
    let mut child = home
        .kuki([server.url("/")])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut line = [0; 6];
    child.stdout.take().expect("a pipe").read_exact(&mut line).expect("a first line");
    let ran = Ran::from(child.wait_with_output().expect("an end"));
    assert_eq!((&line, ran.status, &*ran.err), (b"first\n", 23, ""));
    assert_eq!(stored(&home), ["a=1 of 127.0.0.1"]);
}

#[test]
fn a_full_standard_output_is_said_after_the_cookies_are_saved() {
    if !Path::new("/dev/full").exists() {
        skipped("there is no /dev/full here");
        return;
    }
    for arguments in [&[][..], &["-i"], &["-I"]] {
        let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
        let full = OpenOptions::new().write(true).open("/dev/full").expect("a full device");
        let arguments = arguments.iter().map(|&text| text.to_owned()).chain([server.url("/")]);
        let ran = Ran::from(home.kuki(arguments).stdout(full).output().expect("the program starts"));
        let line = "kuki: writing standard output failed: No space left on device (os error 28)".to_owned();
        assert_eq!(summary(&ran), (23, line, "hint: …"));
        assert_eq!(stored(&home), ["a=1 of 127.0.0.1"]);
    }
}

/// A request through a jar at this path, which must be refused before anything is sent.
#[track_caller]
fn refused(home: &Home, path: &Path, what: &str) {
    let server = Server::saying("Set-Cookie: a=1");
    let path = path.to_str().expect("a path of text");
    let ran = home.run(["--jar", path, &server.url("/")]);
    let line = format!("kuki: the jar {path} cannot be read: {what}");
    assert_eq!((summary(&ran), &*ran.out), ((101, line, "hint: …"), ""));
    assert_eq!(server.heard(), [""; 0]);
}

#[test]
fn a_jar_that_cannot_be_parsed_is_refused_and_left_as_it_is() {
    let home = Home::new();
    for (text, what) in [
        ("", "it is empty, where a jar has at least a header"),
        ("{\n \"format\"; 1}\n", "expected `:` at line 2, column 10"),
        (
            "{\"format\":\"kuki-jar\",\"version\":1,\n\"cookies\":[",
            "EOF while parsing a list at line 2, column 11",
        ),
        ("{\"format\":\"other\"}", "`format` is `other`, expected `kuki-jar` at line 1, column 18"),
        (
            "{\"format\":\"kuki-jar\",\"version\":2,\"shape\":\"unheard of\"}",
            "it is of version 2, and this release reads version 1: use a newer kuki",
        ),
    ] {
        let path = home.write("jar.json", text);
        refused(&home, &path, what);
        assert_eq!(fs::read_to_string(&path).expect("a jar"), text);
    }
}

#[test]
fn a_jar_that_is_no_file_is_refused_at_once() {
    let home = Home::new();
    let directory = home.path().join("directory.json");
    fs::create_dir(&directory).expect("a directory");
    refused(&home, &directory, "it is a directory");
    let large = home.path().join("large.json");
    File::create(&large).and_then(|file| file.set_len((64 << 20) + 1)).expect("a sparse file");
    refused(&home, &large, "it is larger than 64 MiB");
    if Path::new("/dev/null").exists() {
        refused(&home, Path::new("/dev/null"), "it is a device");
    }
}

#[test]
fn a_jar_that_is_a_fifo_is_refused_at_once() {
    let home = Home::new();
    let fifo = home.path().join("fifo.json");
    if !Command::new("mkfifo").arg(&fifo).status().is_ok_and(|status| status.success()) {
        skipped("there is no mkfifo here");
        return;
    }
    refused(&home, &fifo, "it is a FIFO");
}

/// A jar that can't be saved: the body is delivered, then the command fails, and the jar is as it was.
#[track_caller]
fn is_not_saved(home: &Home, what: &str) {
    let before = jar(home);
    let server = Server::saying("Set-Cookie: a=1");
    let ran = home.run([server.url("/")]);
    let line = format!("kuki: {}", what.replace("JAR", home.default_jar().to_str().expect("a path of text")));
    assert_eq!((summary(&ran), &*ran.out), ((102, line, "hint: …"), "ok\n"));
    assert_eq!(jar(home), before);
}

#[test]
fn a_jar_that_is_marked_read_only_is_not_replaced() {
    let home = home();
    fs::set_permissions(home.default_jar(), fs::Permissions::from_mode(0o400)).expect("our own file");
    is_not_saved(&home, "the jar JAR cannot be saved: replacing it: the file is marked read-only");
}

#[test]
fn a_jar_in_a_read_only_directory_is_not_saved() {
    let home = home();
    if fs::metadata(home.default_jar()).expect("a jar").uid() == 0 {
        skipped("the superuser may write anywhere");
        return;
    }
    let directory = home.default_jar().parent().expect("a directory").to_owned();
    fs::remove_file(directory.join("default.json.lock")).expect("a lock");
    let mode = |mode| fs::set_permissions(&directory, fs::Permissions::from_mode(mode)).expect("our own");
    mode(0o500);
    is_not_saved(&home, "the jar's lock JAR.lock cannot be used: Permission denied (os error 13)");
    mode(0o700);
}

#[test]
fn a_jar_for_reading_only_is_used_and_not_written() {
    let (home, server) = (home(), Server::saying("Set-Cookie: a=1; Path=/"));
    let before = jar(&home);
    let (resolve, url) = (server.resolve("kept.test"), server.url_of("kept.test", "/"));
    let ran = home.ok(["--read-only", "--resolve", &resolve, &url]);
    assert_eq!((&*ran.out, &*ran.err, jar(&home) == before), ("ok\n", "", true));
    let sent = server.heard().pop().expect("a request");
    assert_eq!(crate::support::server::header(&sent, "cookie"), Some("kept=1"));
    let fresh = Home::new();
    let _ = fresh.ok(["--read-only", &server.url("/")]);
    assert_eq!(fs::read_dir(fresh.path()).expect("a home").count(), 0);
}

#[test]
fn a_jar_that_others_can_read_is_reported_and_used() {
    let (home, server) = (home(), Server::saying(""));
    let path = home.default_jar();
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).expect("our own file");
    let ran = home.ok([server.url("/")]);
    let path = path.display();
    let expected =
        format!("kuki: the jar {path} can be read by others (mode 0644)\nhint: chmod 600 {path}\n");
    assert_eq!((&*ran.out, &*ran.err), ("ok\n", &*expected));
}
