//! Owns the tests of what a request sends: data and where it goes.
//! Does not test headers that are not about it; `request` does.

use std::process::Stdio;

use crate::support::Home;
use crate::support::server::{Server, header, redirect};

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

/// Runs what must fail, with standard input from nowhere: the status and the first line.
#[track_caller]
fn failure(arguments: &[&str]) -> (i32, String) {
    let (home, server) = (Home::new(), Server::saying(""));
    let run = home.kuki(arguments.iter().map(|&text| text.to_owned()).chain([server.url("/")]));
    let ran = crate::support::Ran::from({ run }.stdin(Stdio::null()).output().expect("the program starts"));
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
    ] {
        let line = "kuki: nope cannot be read: No such file or directory (os error 2)";
        assert_eq!(failure(&arguments), (26, line.to_owned()), "{arguments:?}");
    }
}
