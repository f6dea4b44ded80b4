//! Owns the tests of one request: what the options put on the wire, and where the answer goes.
//! Does not test redirects, failures or TLS; they have files of their own.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpListener;
use std::os::unix::ffi::OsStrExt;
use std::process::{Child, Stdio};
use std::thread;

use crate::stored;
use crate::support::Home;
use crate::support::server::{Server, header, redirect};

/// What a server hears when the program is run with these arguments and the server's URL behind them.
#[track_caller]
fn heard<const N: usize>(arguments: [&str; N]) -> String {
    let (home, server) = (Home::new(), Server::saying(""));
    let _ = home.ok(arguments.into_iter().map(str::to_owned).chain([server.url("/")]));
    only(&server)
}

#[track_caller]
fn only(server: &Server) -> String {
    let [request] = &server.heard()[..] else { panic!("not one request: {:#?}", server.heard()) };
    request.clone()
}

fn method(request: &str) -> &str {
    request.split(' ').next().unwrap_or_default()
}

fn body(request: &str) -> &str {
    request.split_once("\r\n\r\n").map_or("no head", |(_, body)| body)
}

/// How many lines of this name a request's head has.
fn count(request: &str, name: &str) -> usize {
    let names = request.lines().take_while(|line| !line.is_empty()).filter_map(|line| line.split_once(':'));
    names.filter(|(found, _)| found.eq_ignore_ascii_case(name)).count()
}

/// The octets of one request's head.
fn octets_of<const N: usize>(home: &Home, arguments: [&[u8]; N], path: &[u8]) -> Vec<u8> {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    let port = listener.local_addr().expect("a bound listener has an address").port();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let (mut octets, mut piece) = (Vec::new(), [0; 4096]);
        while !octets.windows(4).any(|end| end == b"\r\n\r\n") {
            let count = stream.read(&mut piece).expect("a request");
            assert_ne!(count, 0, "the request broke off");
            octets.extend_from_slice(&piece[..count]);
        }
        stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").expect("a reader");
        octets
    });
    let url = [format!("http://127.0.0.1:{port}").as_bytes(), path].concat();
    let _ = home.ok(arguments.iter().chain([&&*url]).map(|argument| OsStr::from_bytes(argument)));
    server.join().expect("a whole request")
}

fn holds(octets: &[u8], part: &[u8]) -> bool {
    octets.windows(part.len()).any(|window| window == part)
}

#[test]
fn a_plain_request_says_who_asks_for_what_and_no_more() {
    let (home, server) = (Home::new(), Server::saying(""));
    let ran = home.ok([server.url("/a%20b?c#d")]);
    let mut lines: Vec<String> = only(&server).lines().map(str::to_owned).collect();
    lines[1..].sort();
    let version = env!("CARGO_PKG_VERSION");
    let expected = [
        "GET /a%20b?c HTTP/1.1".to_owned(),
        String::new(),
        "Accept-Encoding: gzip, deflate, br, zstd".to_owned(),
        "Accept: */*".to_owned(),
        format!("Host: {}", server.address),
        format!("User-Agent: kuki/{version}"),
    ];
    assert_eq!((lines, &*ran.out, &*ran.err), (expected.to_vec(), "ok\n", ""));
}

#[test]
fn the_method_is_guessed_from_what_is_sent_unless_it_is_named() {
    for (arguments, expected) in [
        (&[][..], "GET"),
        (&["-d", "a=1"], "POST"),
        (&["--json", "{}"], "POST"),
        (&["-I"], "HEAD"),
        (&["-X", "PUT"], "PUT"),
        (&["-X", "put"], "put"),
        (&["-Xpurge"], "purge"),
        (&["--request=DELETE"], "DELETE"),
        (&["-X", "PATCH", "-d", "a=1"], "PATCH"),
        (&["OPTIONS"], "OPTIONS"),
        (&["delete"], "DELETE"),
        (&["-d", "a=1", "PUT"], "PUT"),
    ] {
        let (home, server) = (Home::new(), Server::saying(""));
        let _ = home.ok(arguments.iter().map(|&text| text.to_owned()).chain([server.url("/")]));
        assert_eq!(method(&only(&server)), expected, "{arguments:?}");
    }
}

#[test]
fn a_header_is_given_left_out_sent_empty_or_read_from_a_file() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.write("headers", "X-File: 1\r\n\nX-More:2\n");
    let url = server.url("/");
    let _ = home.ok([
        "-H",
        "X-Value:  a b ",
        "-H",
        "X-Empty;",
        "-H",
        "User-Agent:",
        "-H",
        "accept: text/html",
        "-H",
        "@headers",
        &url,
    ]);
    let request = only(&server);
    let values = ["x-value", "x-empty", "user-agent", "accept", "x-file", "x-more"]
        .map(|name| (count(&request, name), header(&request, name).unwrap_or("-").to_owned()));
    let expected =
        [(1, "a b"), (1, ""), (0, "-"), (1, "text/html"), (1, "1"), (1, "2")].map(|(n, v)| (n, v.to_owned()));
    assert_eq!(values, expected);
}

#[test]
fn a_header_given_twice_is_sent_twice() {
    let request = heard(["-H", "X-Tag: 1", "-H", "x-tag: 2"]);
    assert_eq!(count(&request, "x-tag"), 2);
}

#[test]
fn the_user_agent_is_named_or_sent_not_at_all() {
    let agents = [["-A", "probe/1"], ["--user-agent", "x y"], ["-A", ""]]
        .map(|arguments| header(&heard(arguments), "user-agent").map(str::to_owned));
    assert_eq!(agents, [Some("probe/1".to_owned()), Some("x y".to_owned()), None]);
}

#[test]
fn data_is_a_form_whose_parts_are_joined() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.write("form", "c=3\r\n&d=4\n");
    let _ = home.ok(["-d", "a=1", "-d", "@form", "--data=e=\r\n5", &server.url("/")]);
    let request = only(&server);
    let kind = header(&request, "content-type");
    let length = header(&request, "content-length");
    let expected = (Some("application/x-www-form-urlencoded"), Some("17"), "a=1&c=3&d=4&e=\r\n5");
    assert_eq!((kind, length, body(&request)), expected);
}

#[test]
fn data_attached_by_an_equals_sign_keeps_it_as_in_curl() {
    let bodies = [["-d=x", "-s"], ["-sd=x", "-s"], ["--data=x", "-s"], ["--data==x", "-s"]]
        .map(|arguments| body(&heard(arguments)).to_owned());
    assert_eq!(bodies, ["=x", "=x", "x", "=x"]);
}

#[test]
fn data_comes_from_standard_input() {
    let (home, server) = (Home::new(), Server::saying(""));
    let mut child = home
        .kuki(["-d", "@-", &server.url("/")])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(b"from=\nstdin\r\n").expect("a reader");
    assert!(child.wait().expect("an end").success());
    assert_eq!(body(&only(&server)), "from=stdin");
}

#[test]
fn json_is_sent_as_it_is_with_the_headers_for_it() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.write("more.json", "\n1}\r\n");
    let _ = home.ok(["--json", "{\"a\":", "--json", "@more.json", &server.url("/")]);
    let request = only(&server);
    let headers = [header(&request, "content-type"), header(&request, "accept")];
    assert_eq!((headers, body(&request)), ([Some("application/json"); 2], "{\"a\":\n1}\r\n"));
}

#[test]
fn a_content_type_given_by_hand_stands_alone() {
    let request = heard(["-d", "<a/>", "-H", "content-type: text/xml"]);
    assert_eq!((count(&request, "content-type"), header(&request, "content-type")), (1, Some("text/xml")));
}

#[test]
fn a_user_is_in_the_authorization_header_and_nowhere_else() {
    let (home, server) = (Home::new(), Server::saying(""));
    let port = server.address.port();
    let with_user = |user: &str| format!("http://{user}@127.0.0.1:{port}/p");
    let _ = home.ok(["-u", "ada:love@lace", &server.url("/p")]);
    let _ = home.ok([with_user("ada:love%40lace")]);
    let _ = home.ok(["-u", "ada:love@lace", &with_user("eve:pw")]);
    let requests = server.heard();
    let basic = "Basic YWRhOmxvdmVAbGFjZQ==";
    let seen: Vec<_> = requests.iter().map(|request| header(request, "authorization")).collect();
    assert_eq!(seen, [Some(basic); 3]);
    let leaks = |request: &&String| ["ada", "eve", "lace", "pw@"].iter().any(|part| request.contains(part));
    assert_eq!(requests.iter().filter(leaks).count(), 0, "{requests:#?}");
}

#[test]
fn an_authorization_given_by_hand_goes_before_the_user() {
    let request = heard(["-u", "ada:x", "-H", "Authorization: Bearer t"]);
    assert_eq!((count(&request, "authorization"), header(&request, "authorization")), (1, Some("Bearer t")));
}

#[test]
fn head_shows_the_head_alone() {
    let (home, server) = (Home::new(), Server::saying("X-One: 1"));
    let ran = home.ok(["-I", &server.url("/")]);
    let expected = "HTTP/1.1 200 OK\r\nX-One: 1\r\nContent-Length: 3\r\nConnection: close\r\n\r\n";
    assert_eq!(ran.out, expected);
}

#[test]
fn include_shows_each_head_of_a_chain_before_the_body() {
    let home = Home::new();
    let server = Server::start(|request| match request.starts_with("GET /on ") {
        true => redirect(302, "/end", ""),
        false => b"HTTP/1.1 200 Fine by me\r\nContent-Length: 2\r\n\r\nok".to_vec(),
    });
    let ran = home.ok(["-iL", &server.url("/on")]);
    let expected = "HTTP/1.1 302 Moved\r\nLocation: /end\r\nContent-Length: 0\r\nConnection: close\r\n\r\n\
                    HTTP/1.1 200 Fine by me\r\nContent-Length: 2\r\n\r\nok";
    assert_eq!(ran.out, expected);
}

#[test]
fn the_body_goes_to_the_first_file_that_was_named_octet_by_octet() {
    let home = Home::new();
    let server = Server::start(|_| {
        [&b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"[..], b"a\0\xff\x1b[m\r\n"].concat()
    });
    let ran = home.ok(["-o", "first", "-o", "second", &server.url("/")]);
    let first = fs::read(home.path().join("first")).expect("a file");
    assert_eq!((&*ran.out, &*first), ("", &b"a\0\xff\x1b[m\r\n"[..]));
    assert!(!home.path().join("second").exists());
}

#[test]
fn the_body_reaches_a_pipe_octet_by_octet() {
    let home = Home::new();
    let server = Server::start(|_| {
        [&b"HTTP/1.1 200 OK\r\nContent-Length: 8\r\n\r\n"[..], b"a\0\xff\x1b[m\r\n"].concat()
    });
    for arguments in [&[][..], &["-o", "-"], &["-o", "-", "-o", "file"]] {
        let arguments = arguments.iter().map(|&text| text.to_owned()).chain([server.url("/")]);
        let output = home.kuki(arguments).output().expect("the program starts");
        assert_eq!(output.stdout, b"a\0\xff\x1b[m\r\n");
    }
}

#[test]
fn fail_makes_an_error_of_an_answer_of_400_or_more_and_keeps_its_cookies() {
    let home = Home::new();
    let server = Server::start(|request| {
        let status = request.split(['/', ' ']).nth(2).unwrap_or_default();
        let head =
            format!("HTTP/1.1 {status} Ignored\r\nSet-Cookie: s{status}=1\r\nContent-Length: 3\r\n\r\nno\n");
        head.into_bytes()
    });
    let runs = ["399", "400", "404", "503"].map(|status| {
        let ran = home.run(["-f", &server.url(&format!("/{status}"))]);
        (ran.status, ran.out, ran.err)
    });
    let error = |status: &str| {
        let err = format!("kuki: the server answered {status}\nhint: leave -f out to see what it said\n");
        (22, String::new(), err)
    };
    let fine = (0, "no\n".to_owned(), String::new());
    let failed = ["400 Bad Request", "404 Not Found", "503 Service Unavailable"].map(error);
    assert_eq!(runs[0], fine);
    assert_eq!(runs[1..], failed);
    assert_eq!(stored(&home).len(), 4);
    assert_eq!(home.ok([server.url("/404")]).out, "no\n");
}

#[test]
fn silence_holds_errors_back_unless_they_are_asked_for() {
    let (home, server) =
        (Home::new(), Server::start(|_| b"HTTP/1.1 404 No\r\nContent-Length: 0\r\n\r\n".to_vec()));
    let said =
        [&["-f"][..], &["-fs"], &["-fS"], &["-fsS"], &["-fsS", "--no-show-error"], &["-fs", "--no-silent"]]
            .map(|arguments| {
                let ran = home.run(arguments.iter().map(|&text| text.to_owned()).chain([server.url("/")]));
                (ran.status, ran.err.lines().next().unwrap_or_default().to_owned())
            });
    let (loud, quiet) = ((22, "kuki: the server answered 404 Not Found".to_owned()), (22, String::new()));
    assert_eq!(said, [loud.clone(), quiet.clone(), loud.clone(), loud.clone(), quiet, loud]);
}

#[test]
fn a_negation_undoes_what_stands_before_it() {
    let answer = b"HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nno\n";
    let (home, server) = (Home::new(), Server::start(|_| answer.to_vec()));
    for (arguments, expected) in [
        (&["-f", "--no-fail"][..], (0, "no\n")),
        (&["--no-fail", "-f"], (22, "")),
        (&["-i", "--no-include"], (0, "no\n")),
        (&["-I", "--no-head"], (0, "no\n")),
        (&["-fi", "--no-fail", "--no-include"], (0, "no\n")),
        (&["--no-include", "-i"], (0, "HTTP/1.1 404 No\r\nContent-Length: 3\r\n\r\nno\n")),
    ] {
        let ran = home.run(arguments.iter().map(|&text| text.to_owned()).chain([server.url("/")]));
        assert_eq!((ran.status, &*ran.out), expected, "{arguments:?}");
    }
}

#[test]
fn of_a_value_that_is_given_twice_the_last_counts() {
    let request = heard(["-A", "one", "-X", "PUT", "-A", "two", "-X", "PATCH", "-u", "a:a", "-u", "b:b"]);
    let said = [header(&request, "user-agent"), header(&request, "authorization")];
    assert_eq!((method(&request), said), ("PATCH", [Some("two"), Some("Basic Yjpi")]));
}

#[test]
fn a_url_of_loopback_needs_no_scheme_and_a_port_alone_is_localhost() {
    let (home, server) = (Home::new(), Server::saying(""));
    let port = server.address.port();
    let _ = home.ok([format!("127.0.0.1:{port}/a")]);
    let _ = home.ok([format!(":{port}/b?c")]);
    let _ = home.ok([format!("app.localhost:{port}")]);
    let seen: Vec<_> =
        server.heard().iter().map(|request| request.lines().next().map(str::to_owned)).collect();
    let hosts: Vec<_> =
        server.heard().iter().map(|request| header(request, "host").map(str::to_owned)).collect();
    let lines = ["GET /a HTTP/1.1", "GET /b?c HTTP/1.1", "GET / HTTP/1.1"].map(|line| Some(line.to_owned()));
    let named = ["127.0.0.1", "localhost", "app.localhost"].map(|host| Some(format!("{host}:{port}")));
    assert_eq!((seen, hosts), (lines.to_vec(), named.to_vec()));
}

#[test]
fn a_value_may_begin_with_a_hyphen() {
    let request = heard(["-d", "-x", "-A", "--fail", "--data", "--json", "-H", "-X: 1"]);
    let said = [header(&request, "user-agent"), header(&request, "-x")];
    assert_eq!((body(&request), said), ("-x&--json", [Some("--fail"), Some("1")]));
}

#[test]
fn octets_that_are_no_text_go_out_as_they_were_typed() {
    let home = Home::new();
    let head = octets_of(&home, [b"-H", b"X-High: a\xff", b"-A", b"\xfeb"], b"/\xe9?\xff");
    let parts: [&[u8]; 3] = [b"X-High: a\xff\r\n", b"User-Agent: \xfeb\r\n", b"GET /%E9?%FF HTTP/1.1\r\n"];
    assert_eq!(parts.map(|part| holds(&head, part)), [true; 3], "{}", head.escape_ascii());
}

#[test]
fn a_cookie_that_is_no_text_comes_back_as_it_was_sent() {
    let home = Home::new();
    let server = Server::start(|_| {
        b"HTTP/1.1 200 OK\r\nSet-Cookie: n\xff=\xfe\x80; Path=/\r\nContent-Length: 0\r\n\r\n".to_vec()
    });
    let _ = home.ok([server.url("/")]);
    let head = octets_of(&home, [b"-s"], b"/");
    assert!(holds(&head, b"\r\nCookie: n\xff=\xfe\x80\r\n"), "{}", head.escape_ascii());
}

/// A home whose jar holds a cookie for each of these hosts of the server.
fn home_with(server: &Server, pairs: &[(&str, &str)]) -> Home {
    let home = Home::new();
    for (host, pair) in pairs {
        let _ = home.ok(["--resolve", &server.resolve(host), &server.url_of(host, &format!("/set?{pair}"))]);
    }
    home
}

/// Sets the cookie that is the query.
fn setter() -> Server {
    Server::start(|request| {
        let target = request.split(' ').nth(1).unwrap_or_default();
        let line = target.split_once('?').map(|(_, pair)| format!("Set-Cookie: {pair}; Path=/"));
        crate::support::server::ok(&line.unwrap_or_default())
    })
}

#[test]
fn a_host_header_by_hand_does_not_choose_the_cookies() {
    let server = setter();
    let home = home_with(&server, &[("a.test", "of=a"), ("b.test", "of=b")]);
    let resolve = server.resolve("a.test");
    let _ = home.ok(["--resolve", &resolve, "-H", "Host: b.test", &server.url_of("a.test", "/?new=1")]);
    let request = server.heard().pop().expect("a request");
    let said = [header(&request, "host"), header(&request, "cookie")];
    assert_eq!((count(&request, "host"), said), (1, [Some("b.test"), Some("of=a")]));
    assert_eq!(stored(&home), ["new=1 of a.test", "of=a of a.test", "of=b of b.test"]);
}

#[test]
fn cookies_by_hand_join_those_of_the_jar_in_one_header_replace_their_namesakes_and_are_not_stored() {
    let server = setter();
    let home = home_with(&server, &[("a.test", "one=jar"), ("a.test", "two=jar")]);
    let resolve = server.resolve("a.test");
    let by_hand = ["-H", "Cookie: one=hand; three=hand", "-H", "cookie: four=hand"];
    let url = server.url_of("a.test", "/");
    let _ = home.ok(["--resolve", &resolve, &url].into_iter().chain(by_hand));
    let request = server.heard().pop().expect("a request");
    let said = (count(&request, "cookie"), header(&request, "cookie"));
    assert_eq!(said, (1, Some("two=jar; one=hand; three=hand; four=hand")));
    assert_eq!(stored(&home), ["one=jar of a.test", "two=jar of a.test"]);
}

/// `kuki lab` in its own process, ended with the test.
struct Lab {
    child: Child,
    url: String,
}

impl Lab {
    fn start(home: &Home) -> Lab {
        let mut child =
            home.kuki(["lab", "--silent"]).stdout(Stdio::piped()).spawn().expect("the program starts");
        let mut line = String::new();
        let out = child.stdout.take().expect("a pipe");
        BufReader::new(out).read_line(&mut line).expect("a line of text");
        let url = line.split_whitespace().find(|word| word.starts_with("http://")).unwrap_or_default();
        let url = url.trim_end_matches('/').to_owned();
        Lab { child, url }
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.url)
    }
}

impl Drop for Lab {
    fn drop(&mut self) {
        // It may have ended by itself, which the test has then seen.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn a_session_lasts_over_processes_until_the_jar_is_cleared() {
    let home = Home::new();
    let lab = Lab::start(&home);
    let login = home.ok(["-L", "-d", "user=ada", "-d", "pass=lovelace", &lab.url("/login")]);
    assert_eq!(login.out, "hello, ada\n");
    assert_eq!(home.ok([lab.url("/whoami")]).out, "{\"user\":\"ada\"}\n");
    let row = home
        .ok(["jar", "list"])
        .out
        .lines()
        .nth(1)
        .map(|row| row.split_whitespace().collect::<Vec<_>>().join(" "));
    let row = row.unwrap_or_default();
    assert!(row.starts_with("127.0.0.1 sid ") && row.ends_with(" / session HttpOnly Lax"), "{row}");
    let _ = home.ok(["jar", "clear"]);
    assert_eq!(home.ok([lab.url("/whoami")]).out, "{\"error\":\"no session\"}\n");
}

#[test]
fn a_jar_is_chosen_by_name_path_or_environment_or_none_is_used() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
    let url = server.url("/");
    let _ = home.ok(["--no-jar", &url]);
    assert!(!home.path().join(".local").exists());
    let _ = home.ok(["--jar", "work", &url]);
    let _ = home.ok([&*url, "--jar", "./here.json"]);
    assert!(
        home.kuki([&url]).env("KUKI_JAR", "other").stdout(Stdio::null()).status().expect("an end").success()
    );
    let jars = home.path().join(".local/share/kuki/jars");
    let files =
        [jars.join("work.json"), home.path().join("here.json"), jars.join("other.json"), home.default_jar()];
    assert_eq!(files.map(|file| file.exists()), [true, true, true, false]);
}

#[test]
fn the_version_is_answered_without_a_jar_or_a_home() {
    let home = Home::new();
    let output =
        home.kuki([OsString::from("--version")]).env_remove("HOME").output().expect("the program starts");
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let start = format!("kuki {} (public suffix list: ", env!("CARGO_PKG_VERSION"));
    assert!(output.status.success() && text.starts_with(&start), "{text}");
    assert_eq!(fs::read_dir(home.path()).expect("a home").count(), 0);
}
