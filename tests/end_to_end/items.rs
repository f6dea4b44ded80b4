//! Owns the tests of the items behind the URL: headers, query, JSON and forms as HTTPie writes them.
//! Does not test the grammar in all its cases; the unit tests do.

use crate::support::Home;
use crate::support::server::{Server, header};

/// What a server hears when these words stand around its URL, in whose place is `URL`, optionally with a path behind it.
#[track_caller]
fn heard(line: &[&str]) -> String {
    let (home, server) = (Home::new(), Server::saying(""));
    home.write("f.txt", "text\n");
    home.write("f.json", "{\"z\": 1, \"a\": [2]}\n");
    let url = server.url("");
    let _ = home.ok(line.iter().map(|word| word.replace("URL", &url)));
    let [request] = &server.heard()[..] else { panic!("not one request: {:#?}", server.heard()) };
    request.clone()
}

/// The request's line, what the body is, and the body.
fn sent(request: &str) -> (&str, &str, &str) {
    let line = request.split(" HTTP/").next().unwrap_or_default();
    let body = request.split_once("\r\n\r\n").map_or("no head", |(_, body)| body);
    (line, header(request, "content-type").unwrap_or("-"), body)
}

const JSON: &str = "application/json";
const FORM: &str = "application/x-www-form-urlencoded";

#[test]
fn data_items_make_json_in_their_order_and_a_post() {
    for (line, expected) in [
        (&["URL/", "z=1", "a:=2", "m:=[1, 2]"][..], ("POST /", r#"{"z":"1","a":2,"m":[1, 2]}"#)),
        (&["PUT", "URL/", "a=ü b"], ("PUT /", r#"{"a":"ü b"}"#)),
        (&["-X", "PATCH", "URL/", "a="], ("PATCH /", r#"{"a":""}"#)),
        (&["URL/", "a[b][]=x", "a[b][]:=true", "a[c]=y"], ("POST /", r#"{"a":{"b":["x",true],"c":"y"}}"#)),
        (&["URL/", "t=@f.txt", "j:=@f.json"], ("POST /", r#"{"t":"text\n","j":{"z": 1, "a": [2]}}"#)),
        (&["URL/", "[]:=1", "[]=2"], ("POST /", r#"[1,"2"]"#)),
        (&["URL/", "a\\=b=c", "q==1"], ("POST /?q=1", r#"{"a=b":"c"}"#)),
    ] {
        let request = heard(line);
        let (line_of, body) = expected;
        assert_eq!(sent(&request), (line_of, JSON, body), "{line:?}");
        assert_eq!(header(&request, "accept"), Some("application/json, */*;q=0.5"));
    }
}

#[test]
fn items_without_data_make_headers_and_a_query_and_no_body() {
    let request = heard(&[
        "-H",
        "X-One: 1",
        "URL/?z=1",
        "q==a b&c",
        "X-Two:2",
        "X-File:@f.txt",
        "X-None;",
        "User-Agent:",
        "r==@f.txt",
    ]);
    assert_eq!(sent(&request), ("GET /?z=1&q=a+b%26c&r=text", "-", ""));
    let values =
        ["x-one", "x-two", "x-file", "x-none", "user-agent", "accept"].map(|name| header(&request, name));
    assert_eq!(values, [Some("1"), Some("2"), Some("text"), Some(""), None, Some("*/*")]);
}

#[test]
fn a_header_of_an_item_goes_before_what_the_items_imply() {
    let request = heard(&["URL/", "a=1", "content-type:x/y", "Accept:z/z"]);
    assert_eq!((sent(&request).1, header(&request, "accept")), ("x/y", Some("z/z")));
}

#[test]
fn items_are_a_form_on_demand() {
    let line = ["--urlencoded", "URL/", "b=1 2", "a:=true", "c d:=\"e&\"", "t=@f.txt"];
    let request = heard(&line);
    assert_eq!(sent(&request), ("POST /", FORM, "b=1+2&a=true&c+d=e%26&t=text%0A"));
    assert_eq!(header(&request, "accept"), Some("*/*"));
}

#[test]
fn items_are_a_form_of_parts_on_demand_or_where_a_form_has_a_file() {
    let file = "--B\r\nContent-Disposition: form-data; name=\"f\"; filename=\"f.json\"\r\n\
                Content-Type: application/json\r\n\r\n{\"z\": 1, \"a\": [2]}\n\r\n";
    let text = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\n1\r\n";
    for (line, expected) in [
        (&["--multipart", "URL/", "a=1"][..], [text, "--B--\r\n"].concat()),
        (
            &["--multipart", "URL/", "a=1", "f@f.json;type=application/json"],
            [text, file, "--B--\r\n"].concat(),
        ),
        (
            &["--urlencoded", "URL/", "f@f.json;type=application/json", "a:=1"],
            [file, text, "--B--\r\n"].concat(),
        ),
    ] {
        let request = heard(line);
        let (line_of, content_type, body) = sent(&request);
        let boundary = content_type.strip_prefix("multipart/form-data; boundary=").unwrap_or_default();
        assert_eq!((line_of, body.replace(boundary, "B")), ("POST /", expected), "{line:?}");
    }
}

#[test]
fn the_first_word_is_a_method_unless_it_can_only_be_a_host() {
    let (home, server) = (Home::new(), Server::saying(""));
    let port = server.address.port();
    let host = format!("localhost:{port}");
    let intranet = ["--resolve", &format!("intranet:{port}:127.0.0.1")].map(str::to_owned);
    let lines = [
        vec![host.clone(), "a=1".to_owned()],
        vec!["POST".to_owned(), host.clone()],
        vec!["purge".to_owned(), host.clone()],
        vec!["purge".to_owned(), format!("{host}/x?a=1")],
        vec![format!("http://intranet:{port}"), "a==1".to_owned(), intranet[0].clone(), intranet[1].clone()],
        vec!["get".to_owned(), host, "a=1".to_owned()],
    ];
    for line in lines {
        let _ = home.ok(line);
    }
    let heard = server.heard();
    let lines: Vec<_> = heard.iter().map(|request| sent(request).0).collect();
    assert_eq!(lines, ["POST /", "POST /", "PURGE /", "PURGE /x?a=1", "GET /?a=1", "GET /"]);
}

#[test]
fn what_is_no_item_or_cannot_be_sent_is_refused_with_its_name_and_without_its_value() {
    let url = "http://127.0.0.1:1/";
    for (line, status, expected) in [
        (&[url, "more"][..], 2, "unexpected argument `more` after the URL"),
        (&[url, "-d", "x", "a=1"], 2, "-d and items behind the URL can't go together"),
        (&[url, "-F", "x=y", "a=1"], 2, "-F and items behind the URL can't go together"),
        (&[url, "-G", "a=1"], 2, "-G puts data into the query, where items behind the URL can't go"),
        (&[url, "-I", "a=1"], 2, "-I asks for a head only, so it can't send data"),
        (&[url, "--multipart", "q==1"], 2, "--multipart says how items are sent, and there are none"),
        (&[url, "--urlencoded"], 2, "--urlencoded says how items are sent, and there are none"),
        (&[url, "f@nope"], 2, "the item `f`: a file can't go into JSON"),
        (&[url, "a:=secret"], 2, "the item `a`: its value is not JSON: expected value at line 1 column 1"),
        (
            &[url, "a=secret", "a[b]=c"],
            2,
            "the item `a[b]`: `a` is a string already, and this needs an object",
        ),
        (&[url, "a[b=1"], 2, "the item `a[b`: the brackets of its key don't match"),
        (&[url, "--urlencoded", "a:={}"], 2, "the item `a`: a form can't hold an object or an array"),
        (&[url, "a b:c"], 2, "the item: `a b:c` does not begin with the name of a header"),
        (&[url, "--multipart", "f@nope"], 26, "nope cannot be read: No such file or directory (os error 2)"),
        (&[url, "f=@nope"], 26, "nope cannot be read: No such file or directory (os error 2)"),
    ] {
        let ran = Home::new().run(line);
        let mut lines = ran.err.lines();
        let first = (ran.status, lines.next().unwrap_or_default().to_owned());
        assert_eq!(first, (status, format!("kuki: {expected}")), "{line:?}");
        assert!(
            lines.next().is_some_and(|hint| hint.starts_with("hint: ")) && lines.next().is_none(),
            "{ran:#?}"
        );
    }
}
