//! Owns the tests of what a request sends: data, forms, files, and where they go.
//! Does not test headers that are not about it; `request` does.

use std::fs::File;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::thread;

use crate::stored;
use crate::support::server::{Server, header, redirect};
use crate::support::{Home, Ran, program};

/// What a server hears of a run in a home that holds these files.
#[track_caller]
fn heard_with(files: &[(&str, &str)], arguments: &[&str], path: &str) -> String {
    let (home, server) = (Home::new(), Server::saying(""));
    for (name, content) in files {
        home.write(name, content);
    }
    let _ = home.ok(arguments.iter().map(|&text| text.to_owned()).chain([server.url(path)]));
    let [request] = &server.heard()[..] else { panic!("not one request: {:#?}", server.heard()) };
    request.clone()
}

/// Method and target, what the body is, and the body.
fn sent(request: &str) -> (&str, Option<&str>, &str) {
    let line = request.split(" HTTP/").next().unwrap_or_default();
    let body = request.split_once("\r\n\r\n").map_or("no head", |(_, body)| body);
    (line, header(request, "content-type"), body)
}

const FORM: Option<&str> = Some("application/x-www-form-urlencoded");

#[test]
fn each_data_option_reads_its_value_in_its_own_way() {
    let file = [("f", "a b&c\r\nd")];
    for (arguments, body) in [
        (&["-d", "@f"][..], "a b&cd"),
        (&["--data", "a\r\nb"], "a\r\nb"),
        (&["--data-ascii", "@f"], "a b&cd"),
        (&["--data-binary", "@f"], "a b&c\r\nd"),
        (&["--data-binary", "x\ny"], "x\ny"),
        (&["--data-raw", "@f"], "@f"),
        (&["--data-urlencode", "a b"], "a+b"),
        (&["--data-urlencode", "=a=b c"], "a%3Db+c"),
        (&["--data-urlencode", "n m=@ü"], "n m=%40%C3%BC"),
        (&["--data-urlencode", "@f"], "a+b%26c%0D%0Ad"),
        (&["--data-urlencode", "n@f"], "n=a+b%26c%0D%0Ad"),
        (&["--data-urlencode", "n="], "n="),
        (&["--data-raw", ""], ""),
    ] {
        assert_eq!(sent(&heard_with(&file, arguments, "/")), ("POST /", FORM, body), "{arguments:?}");
    }
}

#[test]
fn data_of_several_options_is_joined_in_the_order_of_the_command_line() {
    let arguments =
        ["--data-raw", "1", "-d2", "--data-urlencode", "n=3 3", "-d", "4", "--data-binary", "5", "-d", ""];
    assert_eq!(sent(&heard_with(&[], &arguments, "/")).2, "1&2&n=3+3&4&5&");
}

#[test]
fn data_goes_into_the_query_on_demand() {
    for (arguments, path, line) in [
        (&["-G", "-d", "a=1", "--data-urlencode", "b=c d"][..], "/", "GET /?a=1&b=c+d"),
        (&["-d", "a b\"#", "--get"], "/x?z=1#f", "GET /x?z=1&a%20b%22%23"),
        (&["-GI", "-d", "a"], "/", "HEAD /?a"),
        (&["-G", "-X", "DELETE", "-d", "a"], "/", "DELETE /?a"),
        (&["-G"], "/?z", "GET /?z"),
        (
            &["--url-query", "a b=c d", "--url-query", "+x&y", "--url-query", "e f"],
            "/",
            "GET /?a%20b=c+d&x&y&e+f",
        ),
        (&["-G", "-d", "a", "--url-query", "b=c"], "/", "GET /?b=c&a"),
    ] {
        assert_eq!(sent(&heard_with(&[], arguments, path)), (line, None, ""), "{arguments:?}");
    }
    let posted = heard_with(&[], &["--url-query", "a=1", "-d", "b=2"], "/");
    assert_eq!(sent(&posted), ("POST /?a=1", FORM, "b=2"));
}

#[test]
fn a_query_that_grows_over_what_a_url_may_be_is_refused() {
    let (home, long) = (Home::new(), "x".repeat(70_000));
    let ran = home.run(["-G", "-d", &long, "http://127.0.0.1:1/p?q"]);
    let message = "kuki: `http://127.0.0.1:1/p` is not a URL: the HTTP stack can't send it\n\
                   hint: it is over 64 KiB, or its host holds odd characters\n";
    assert_eq!((ran.status, &*ran.err), (3, message));
}

#[test]
fn a_referer_and_a_range_are_headers_that_give_way_to_those_given_as_such() {
    for (arguments, name, value) in [
        (&["-e", "http://a.test/x"][..], "referer", Some("http://a.test/x")),
        (&["-e", ""], "referer", None),
        (&["-e", "http://a.test/", "-H", "referer: http://b.test/"], "referer", Some("http://b.test/")),
        (&["-e", "http://a.test/", "-H", "Referer:"], "referer", None),
        (&["-r", "0-499"], "range", Some("bytes=0-499")),
        (&["--range", "0-0,-1"], "range", Some("bytes=0-0,-1")),
        (&["-r", "500"], "range", Some("bytes=500-")),
        (&["-r", "1-2", "-H", "Range: lines=1"], "range", Some("lines=1")),
    ] {
        assert_eq!(header(&heard_with(&[], arguments, "/"), name), value, "{arguments:?}");
    }
}

#[test]
fn a_referer_stays_with_the_first_origin() {
    let end = Server::saying("");
    let to = end.url("/end");
    let server = Server::start(move |request| match request.starts_with("GET /here ") {
        true => redirect(302, "/there", ""),
        false => redirect(302, &to, ""),
    });
    let _ = Home::new().ok(["-L", "-e", "http://a.test/", "-r", "1-", &server.url("/here")]);
    let seen: Vec<_> = server.heard().into_iter().chain(end.heard()).collect();
    let seen: Vec<_> = seen.iter().map(|text| (header(text, "referer"), header(text, "range"))).collect();
    let (referer, range) = (Some("http://a.test/"), Some("bytes=1-"));
    assert_eq!(seen, [(referer, range), (referer, range), (None, range)]);
}

/// The multipart body, with `B` in the place of its boundary.
#[track_caller]
fn form(request: &str) -> String {
    let (line, content_type, body) = sent(request);
    let content_type = content_type.unwrap_or_default();
    let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap_or_default();
    assert!(line == "POST /" && boundary.len() == 40, "{line} {content_type}");
    assert_eq!(header(request, "content-length"), Some(&*body.len().to_string()));
    body.replace(boundary, "B")
}

/// A part as it stands in a body.
fn part(head: &str, content: &str) -> String {
    format!("--B\r\nContent-Disposition: form-data; {head}\r\n\r\n{content}\r\n")
}

#[test]
fn a_form_of_parts_has_texts_and_files_in_the_order_of_the_command_line() {
    let files = [("t.txt", "x\r\n"), ("j.json", "{}"), ("a,b;c", "odd")];
    let arguments = [
        "-F",
        "a= b ",
        "--form-string",
        "p=@x;type=y",
        "-F",
        "f=@t.txt",
        "-Fg=<t.txt",
        "--form",
        "j=@j.json;type=application/json;filename=\"q\\\"o.te\"",
        "-F",
        "k=x;type=text/html; charset=x",
        "-F",
        "o=@\"a,b;c\"",
        "-F",
        "m\"n=1",
    ];
    let expected = [
        part("name=\"a\"", "b"),
        part("name=\"p\"", "@x;type=y"),
        part("name=\"f\"; filename=\"t.txt\"\r\nContent-Type: text/plain", "x\r\n"),
        part("name=\"g\"", "x\r\n"),
        part("name=\"j\"; filename=\"q%22o.te\"\r\nContent-Type: application/json", "{}"),
        part("name=\"k\"\r\nContent-Type: text/html; charset=x", "x"),
        part("name=\"o\"; filename=\"a,b;c\"\r\nContent-Type: application/octet-stream", "odd"),
        part("name=\"m%22n\"", "1"),
        "--B--\r\n".to_owned(),
    ];
    assert_eq!(form(&heard_with(&files, &arguments, "/")), expected.concat());
}

#[test]
fn a_content_type_of_a_form_that_lacks_its_boundary_is_completed() {
    let request = heard_with(&[], &["-F", "a=b", "-H", "content-type: Multipart/Form-Data"], "/");
    assert_eq!(form(&request), [part("name=\"a\"", "b"), "--B--\r\n".to_owned()].concat());
    let other = heard_with(&[], &["-F", "a=b", "-H", "content-type: x/y"], "/");
    assert_eq!(sent(&other).1, Some("x/y"));
}

#[test]
fn an_upload_is_a_put_to_the_name_of_the_file() {
    let files = [("up load.txt", "a\r\nb")];
    for (arguments, path, line) in [
        (&["-T", "up load.txt"][..], "/to/x", "PUT /to/x"),
        (&["-T", "./up load.txt"], "/to/", "PUT /to/up%20load.txt"),
        (&["--upload-file", "up load.txt"], "/to/?q", "PUT /to/?q"),
        (&["-T", "up load.txt", "-X", "POST"], "/x", "POST /x"),
    ] {
        let request = heard_with(&files, arguments, path);
        assert_eq!(sent(&request), (line, None, "a\r\nb"), "{arguments:?}");
        assert_eq!(header(&request, "content-length"), Some("4"));
    }
}

/// Runs with this on standard input.
#[track_caller]
fn fed(home: &Home, input: &str, arguments: &[&str], url: &str) -> Ran {
    let file = home.write("input", input);
    let mut command = home.kuki(arguments.iter().copied().chain([url]));
    command.stdin(File::open(file).expect("just written"));
    Ran::from(command.stdout(Stdio::piped()).output().expect("the program starts"))
}

#[test]
fn standard_input_is_uploaded_in_chunks_from_where_it_stands() {
    let (home, server) = (Home::new(), Server::saying(""));
    let ran = fed(&home, "abc", &["-T", "-"], &server.url("/to/"));
    assert_eq!(ran.status, 0, "{ran:#?}");
    let requests = server.heard();
    let said = [header(&requests[0], "transfer-encoding"), header(&requests[0], "content-length")];
    assert_eq!(
        (sent(&requests[0]), said),
        (("PUT /to/", None, "3\r\nabc\r\n0\r\n\r\n"), [Some("chunked"), None])
    );
}

#[test]
fn a_file_is_sent_again_where_a_redirect_keeps_the_method() {
    let home = Home::new();
    home.write("f", "a\nb");
    let server = Server::start(|request| match request.split(' ').nth(1) {
        Some("/307") => redirect(307, "/end", ""),
        Some("/303") => redirect(303, "/end", ""),
        _ => crate::support::server::ok(""),
    });
    for arguments in [["--data-binary", "@f"], ["-T", "f"], ["-F", "f=<f"]] {
        let _ = home.ok(["-L", arguments[0], arguments[1], &server.url("/307")]);
        let requests = server.heard();
        let [.., first, second] = &requests[..] else { panic!("{requests:#?}") };
        assert!(sent(first).2 == sent(second).2 && sent(first).2.contains("a\nb"), "{requests:#?}");
    }
    let _ = home.ok(["-L", "-T", "f", &server.url("/303")]);
    assert_eq!(server.heard().last().map(|request| sent(request).0 == "GET /end"), Some(true));
}

#[test]
fn standard_input_is_not_sent_again_and_the_cookies_of_the_redirect_are_kept() {
    let (home, server) = (Home::new(), Server::start(|_| redirect(308, "/end?secret", "Set-Cookie: a=1")));
    let ran = fed(&home, "abc", &["-L", "-T", "-"], &server.url("/x?secret"));
    let url = server.url("/x");
    let message = format!(
        "kuki: {url} wants the body once more, but standard input can be read only once\n\
         hint: send it from a file, or send it to where the redirect leads\n"
    );
    assert_eq!((ran.status, ran.err, server.heard().len()), (65, message, 1));
    assert_eq!(stored(&home), ["a=1 of 127.0.0.1"]);
}

/// Takes in what comes until the length is reached, and keeps nothing of it.
fn drain(mut stream: TcpStream) -> u64 {
    let (mut head, mut piece, mut body) = (Vec::new(), vec![0; 1 << 16], None);
    loop {
        let count = stream.read(&mut piece).expect("a request") as u64;
        assert_ne!(count, 0, "the request broke off");
        let so_far = match body {
            Some(so_far) => so_far + count,
            None => {
                head.extend_from_slice(&piece[..usize::try_from(count).expect("a piece")]);
                let Some(end) = head.windows(4).position(|end| end == b"\r\n\r\n") else { continue };
                (head.len() - end - 4) as u64
            }
        };
        body = Some(so_far);
        let length = header(&String::from_utf8_lossy(&head), "content-length").and_then(|n| n.parse().ok());
        if length == Some(so_far) {
            stream.write_all(b"HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n").expect("a reader");
            return so_far;
        }
    }
}

#[test]
fn a_body_of_a_gigabyte_is_never_in_memory() {
    const GIGABYTE: u64 = 1 << 30;
    let home = Home::new();
    let file = File::create(home.path().join("big")).expect("a file");
    file.set_len(GIGABYTE).expect("a file system with sparse files");
    for arguments in ["-T big", "--data-binary @big", "-F f=@big"] {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let url = format!("http://{}/x", listener.local_addr().expect("a bound listener has an address"));
        let server = thread::spawn(move || drain(listener.accept().expect("a client").0));
        // Not even the addresses for so much would be there.
        let line = format!("ulimit -v 786432; exec \"$0\" {arguments} {url}");
        let mut shell = Command::new("sh");
        shell
            .args(["-c", &line])
            .arg(program())
            .env_clear()
            .env("HOME", home.path())
            .current_dir(home.path());
        let ran = Ran::from(shell.output().expect("a shell"));
        assert_eq!((ran.status, &*ran.err), (0, ""), "{arguments}");
        let length = server.join().expect("a whole request");
        assert!((GIGABYTE..GIGABYTE + 1000).contains(&length), "{arguments}: {length}");
    }
}

/// Runs what must fail, with standard input from nowhere: the status and the first line.
#[track_caller]
fn failure(arguments: &[&str]) -> (i32, String) {
    let (home, server) = (Home::new(), Server::saying(""));
    let run = home.kuki(arguments.iter().map(|&text| text.to_owned()).chain([server.url("/")]));
    let ran = Ran::from({ run }.stdin(Stdio::null()).output().expect("the program starts"));
    assert_eq!(server.heard(), Vec::<String>::new(), "something was sent");
    assert_eq!(ran.err.lines().nth(1).map(|line| line.starts_with("hint: ")), Some(true), "{ran:#?}");
    (ran.status, ran.err.lines().next().unwrap_or_default().to_owned())
}

#[test]
fn what_cannot_go_together_or_be_understood_is_refused_before_anything_is_sent() {
    for (arguments, line) in [
        (&["--data-raw", "a", "--json", "{}"][..], "-d and --json can't go together"),
        (&["-G", "--json", "{}"], "-G puts data into the query, where --json can't go"),
        (&["-I", "--data-binary", "a"], "-I asks for a head only, so it can't send data"),
        (&["-F", "a=b", "-d", "c"], "-d and -F can't go together"),
        (&["-T", "f", "--form-string", "a=b"], "-F and -T can't go together"),
        (&["-T", "f", "--json", "{}"], "--json and -T can't go together"),
        (&["-G", "-F", "a=b"], "-G puts data into the query, where -F can't go"),
        (&["-I", "-T", "f"], "-I asks for a head only, so it can't send data"),
        (&["-F", "a"], "-F: `a` can't be understood: it has no `=`"),
        (&["-F", "a=b;c"], "-F: `a=b;c` can't be understood: `c` is not known there"),
        (&["-F", "a=@b,c"], "-F: `a=@b,c` can't be understood: it names several files"),
        (&["--form-string", "a"], "--form-string: `a` can't be understood: it has no `=`"),
        (&["-r", "x"], "-r: `x` is not a range"),
        (&["-r", "-"], "-r: `-` is not a range"),
        (&["-r", ""], "-r: `` is not a range"),
        (&["-e", "a\nb"], "-e: a header's value holds a control character"),
        (&["-e", "http://a.test/;auto"], "-e: `;auto` is not known: a Referer is sent as it was given"),
    ] {
        assert_eq!(failure(arguments), (2, format!("kuki: {line}")), "{arguments:?}");
    }
}

#[test]
fn a_file_that_cannot_be_read_is_named_before_anything_is_sent() {
    for arguments in [
        ["-d", "@nope"],
        ["--data-binary", "@nope"],
        ["--data-urlencode", "@nope"],
        ["--data-urlencode", "n@nope"],
        ["--url-query", "@nope"],
        ["--json", "@nope"],
        ["-F", "a=@nope"],
        ["-F", "a=<nope"],
        ["-T", "nope"],
    ] {
        let line = "kuki: nope cannot be read: No such file or directory (os error 2)";
        assert_eq!(failure(&arguments), (26, line.to_owned()), "{arguments:?}");
    }
}
