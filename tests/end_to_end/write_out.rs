//! Owns the tests of `-w`: what it tells of a request that went well, and of one that did not.
//! Does not test its language, which has tests beside it.

// What is skipped for want of a tool says so.
#![allow(clippy::print_stderr)]

use std::fs;
use std::process::Command;

use serde_json::{Value, json};

use crate::support::Home;
use crate::support::server::{Server, ok, redirect};

/// What is told with this format of a chain of two hops, whose answers set four cookies.
fn told(format: &str) -> String {
    let server = Server::start(|request| match request.split(' ').nth(1) {
        Some("/from") => redirect(302, "/to?q", "Set-Cookie: sid=1\r\nSet-Cookie: bad=1; Domain=b.test"),
        _ => ok("Set-Cookie: sid=2\r\nSet-Cookie: gone=; Max-Age=0\r\nContent-Type: text/x\r\nX-Last: 7"),
    });
    let home = Home::new();
    let ran = home.ok(["-L", "-o", "body", "-b", "hand=5", "-w", format, &server.url("/from")]);
    ran.out.replace(&server.address.to_string(), "SERVER")
}

#[test]
fn a_variable_tells_of_the_chain_or_of_its_last_hop() {
    for (format, expected) in [
        ("%{http_code} %{response_code} %{http_version} %{method} %{scheme}", "200 200 1.1 GET HTTP"),
        ("%{num_redirects} %{num_headers} %{size_download} %{size_upload}", "1 6 3 0"),
        ("%{url} %{url_effective}", "http://SERVER/from http://SERVER/to?q"),
        ("%{content_type}|%header{x-last}|%header{X-LAST}|%header{none}|%header{ }", "text/x|7|7||"),
        ("%{filename_effective} %{exitcode} [%{errormsg}]", "body 0 []"),
        // One by hand each time, and the first answer's.
        ("%{cookies_sent} %{cookies_set} %{cookies_refused} %{cookies_evicted}", "3 2 1 0"),
        ("%cookie{sid} %cookie{hand} [%cookie{bad}%cookie{gone}%cookie{none}]", "2 5 []"),
        ("%{jar}\\n", "default\n"),
        ("[%{certs}%{size_header}%{redirect_url}]", "[]"),
        (
            "%{remote_ip}:%{remote_port} %{local_ip} %{num_connects} %{num_certs} %{ssl_verify_result}",
            "SERVER 127.0.0.1 2 0 0",
        ),
        ("%{http_connect} %{proxy_ssl_verify_result} %{time_appconnect}", "000 0 0.000000"),
    ] {
        assert_eq!(told(format), expected, "{format}");
    }
}

#[test]
fn times_are_in_their_order() {
    let times = told("%{time_redirect} %{time_starttransfer} %{time_total}");
    let times: Vec<f64> = times.split(' ').map(|time| time.parse().expect("a number")).collect();
    assert!(times.len() == 3 && times.is_sorted() && times[0] > 0.0, "{times:?}");
}

#[test]
fn the_size_of_the_requests_is_that_of_their_heads() {
    let server = Server::start(|request| match request.split(' ').nth(1) {
        Some("/from?q=1") => redirect(307, "/to", "Set-Cookie: sid=1"),
        _ => ok(""),
    });
    for arguments in [
        &["-L"][..],
        &["-L", "-d", "data"],
        &["-L", "-H", "Host: other", "-H", "X: 쿠키"],
        &["-L", "-I"],
        &["-0"],
        &["-T", "-"],
        &["--compressed", "-e", "x", "-u", "a:b"],
    ] {
        let before = server.heard().len();
        let arguments = arguments.iter().map(|&text| text.to_owned());
        let ran = Home::new().ok(arguments.chain([
            "-o".into(),
            "/dev/null".into(),
            "-w".into(),
            "%{size_request}".into(),
            server.url("/from?q=1"),
        ]));
        let heads = server.heard()[before..]
            .iter()
            .map(|heard| heard.find("\r\n\r\n").map_or(0, |end| end + 4))
            .sum::<usize>();
        assert_eq!(ran.out, heads.to_string(), "{:?}", server.heard()[before..].iter().collect::<Vec<_>>());
    }
}

#[test]
fn curl_says_the_same_of_what_must_be_equal() {
    let server = Server::start(|request| match request.split(' ').nth(1) {
        Some("/from") => redirect(302, "/to", "X-A: 1"),
        _ => ok("X-B: 2"),
    });
    let format = "%{http_code} %{http_connect} %{http_version} %{method} %{num_certs} %{num_connects} %{num_headers} %{num_redirects} \
                  %{proxy_ssl_verify_result} %{remote_ip} %{remote_port} %{local_ip} %{scheme} %{size_download} %{size_upload} \
                  %{ssl_verify_result} %{time_appconnect} %{url} %{url_effective} %{urlnum} %{exitcode} [%{certs}%{errormsg}] %header{x-b}";
    let arguments = ["-sL", "-o", "/dev/null", "-w", format, &server.url("/from")];
    let Ok(curl) = Command::new("curl").arg("-q").args(arguments).output() else {
        eprintln!("skipped: there is no curl to compare with");
        return;
    };
    let ours = Home::new().ok(arguments);
    assert_eq!(ours.out, String::from_utf8_lossy(&curl.stdout));
}

#[test]
fn json_holds_every_variable_and_null_where_nothing_is_known() {
    let all: Value = serde_json::from_str(&told("%{json}")).expect("JSON");
    for (name, expected) in [
        ("http_code", json!(200)),
        ("cookies_set", json!(2)),
        ("jar", json!("default")),
        ("size_header", json!(null)),
        // The server was named by its address.
        ("time_namelookup", json!(null)),
        ("errormsg", json!(null)),
        ("url_effective", json!("http://SERVER/to?q")),
    ] {
        assert_eq!(all.get(name), Some(&expected), "{name}");
    }
    let heads: Value = serde_json::from_str(&told("%{header_json}")).expect("JSON");
    assert_eq!(heads["set-cookie"], json!(["sid=2", "gone=; Max-Age=0"]));
}

#[test]
fn a_redirect_that_nobody_followed_is_told() {
    let server = Server::start(|_| redirect(302, "next?a", ""));
    let ran = Home::new().ok(["-w", "%{redirect_url}", &server.url("/x/y")]);
    assert_eq!(ran.out, server.url("/x/next?a"));
}

#[test]
fn a_format_comes_from_a_file_and_goes_to_streams_and_files() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.write("format", "%{stderr}code %{http_code}\\n%output{log}one%{stdout}two%output{>>log},three");
    home.write("log", "old");
    let ran = home.ok(["-w", "@format", &server.url("/")]);
    assert_eq!((&*ran.out, &*ran.err), ("ok\ntwo", "code 200\n"));
    assert_eq!(fs::read_to_string(home.path().join("log")).expect("a file"), "one,three");
    let ran = home.run(["-w", "%output{nope/log}x", &server.url("/")]);
    assert!(ran.status == 23 && ran.err.starts_with("kuki: writing nope/log failed: "), "{ran:?}");
}

#[test]
fn a_failure_is_told_too_and_stays_one() {
    let format = "%{http_code} %{exitcode}%{onerror} %{errormsg}\n";
    let server = Server::start(|_| redirect(404, "/", ""));
    let ran = Home::new().run(["-f", "-w", format, &server.url("/")]);
    assert_eq!((ran.status, &*ran.out), (22, "404 22 the server answered 404 Not Found\n"));
    assert!(ran.err.starts_with("kuki: the server answered 404 Not Found\n"), "{}", ran.err);

    let nobody = Server::with(|_, _| {});
    let ran = Home::new().run(["-w", format, &nobody.url("/")]);
    let line = format!("000 52 http://{} closed the connection without an answer\n", nobody.address);
    assert_eq!((ran.status, &*ran.out), (52, &*line));
    let ran = Home::new().run(["-s", "-w", "%{http_code}", &nobody.url("/")]);
    assert_eq!((ran.status, &*ran.out, &*ran.err), (52, "000", ""));
}

#[test]
fn a_variable_that_is_not_known_is_warned_of_and_empty() {
    let server = Server::saying("");
    let ran = Home::new().ok(["-w", "[%{htp_code}]", &server.url("/")]);
    assert_eq!(ran.out, "ok\n[]");
    assert_eq!(ran.err, "kuki: -w: there is no variable `htp_code`\nhint: docs/answers.md lists them\n");
}

#[test]
fn the_url_is_the_one_that_was_typed_and_no_item_and_no_password() {
    let server = Server::start(|_| ok("X: 1"));
    let typed = server.url("/x").replace("http://", "http://ada:secret@");
    let ran = Home::new().ok(["-s", "-o", "/dev/null", "-w", "%{url}", &typed, "password=hunter2"]);
    assert_eq!(ran.out, server.url("/x").replace("http://", "http://…@"));
}
