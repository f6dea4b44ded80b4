//! Owns the tests of `kuki explain`: its page in wide and narrow terminals, and its JSON.
//! Does not test the rules; what they say is told here as it is. `KUKI_UPDATE=1` writes fixtures/pages anew.

use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::Stdio;

use serde_json::{Value, json};

use crate::support::pages;
use crate::support::schema::faults;
use crate::support::server::{Server, ok};
use crate::support::svg::picture;
use crate::support::{Home, Ran};

const NOON: &str = "2026-05-01T12:00:00Z";

/// A jar with cookies of two sites.
fn home() -> Home {
    let home = Home::new();
    for (url, line) in [
        ("https://app.corp.test/", "sid=s3cr3t-s3cr3t; Secure; HttpOnly; SameSite=Lax"),
        ("https://app.corp.test/", "theme=dark; Path=/ui; Max-Age=3600"),
        ("https://app.corp.test/", "sid=two; Path=/ui"),
        ("https://app.corp.test/", "sso=t0k3n; Domain=corp.test; SameSite=None; Secure"),
        ("https://www.corp.test/", "lang=en"),
        ("https://other.test/", "track=1"),
        ("https://strangers.test/", "track=2"),
    ] {
        let _ = ran(&home, &["jar", "set", "--url", url, line], "");
    }
    home
}

#[track_caller]
fn ran(home: &Home, arguments: &[&str], columns: &str) -> Ran {
    let mut command = home.kuki(arguments);
    let ran = Ran::from(
        command.env("KUKI_NOW", NOON).env("COLUMNS", columns).output().expect("the program starts"),
    );
    assert_eq!(ran.status, 0, "{arguments:?} {ran:#?}");
    ran
}

/// The page is what the fixture shows, in 80 and in 40 columns, where nothing is wider.
#[track_caller]
fn shows(home: &Home, name: &str, arguments: &[&str]) {
    let arguments: Vec<&str> = ["explain"].into_iter().chain(arguments.iter().copied()).collect();
    for columns in ["80", "40"] {
        let page = ran(home, &arguments, columns).out;
        let path =
            PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(format!("fixtures/pages/{name}-{columns}.txt"));
        if std::env::var_os("KUKI_UPDATE").is_some() {
            fs::create_dir_all(path.parent().expect("a file in a directory"))
                .expect("fixtures can be written");
            fs::write(&path, &page).expect("fixtures can be written");
        }
        assert_eq!(page, fs::read_to_string(&path).unwrap_or_default(), "{arguments:?}");
        let width: usize = columns.parse().expect("a number");
        assert!(page.lines().all(|line| line.chars().count() <= width), "{page}");
    }
}

fn json_of(home: &Home, arguments: &[&str]) -> Value {
    let arguments: Vec<&str> =
        ["explain"].into_iter().chain(arguments.iter().copied()).chain(["--format", "json"]).collect();
    let document = serde_json::from_str(&ran(home, &arguments, "").out).expect("JSON");
    obeys_its_schema(&document);
    document
}

/// Every document of these tests is one that `docs/explain.schema.json` describes.
#[track_caller]
fn obeys_its_schema(document: &Value) {
    let schema = serde_json::from_str(include_str!("../../docs/explain.schema.json")).expect("JSON");
    assert_eq!(faults(&schema, document), [""; 0], "{document:#}");
}

/// The verdicts of all answers, as `name code`.
fn codes(document: &Value) -> Vec<String> {
    let answers = document["answers"].as_array().expect("answers");
    let set = answers.iter().flat_map(|answer| answer["set_cookies"].as_array().expect("set_cookies"));
    set.map(|set| format!("{} {}", set["name"].as_str().unwrap_or("?"), set["code"].as_str().unwrap_or("?")))
        .collect()
}

/// The names that the request at this place would send.
fn sent(document: &Value, at: usize) -> Vec<String> {
    let sent = document["requests"][at]["sent"].as_array().expect("sent");
    sent.iter().map(|cookie| cookie["name"].as_str().unwrap_or("?").to_owned()).collect()
}

#[test]
fn every_cookie_that_could_be_meant_is_sent_or_withheld_with_its_reason() {
    shows(&home(), "sent", &["https://app.corp.test/ui/x"]);
}

#[test]
fn a_page_of_another_site_gets_less_and_a_browser_sends_less_still() {
    shows(&home(), "fetch", &["https://app.corp.test/ui", "--initiator", "https://evil.test/", "--fetch"]);
}

#[test]
fn a_set_cookie_is_judged_by_both_policies_with_marks_under_the_part_at_fault() {
    let arguments = [
        "https://www.example.com/app/login",
        "--no-jar",
        "--set-cookie",
        "theme=dark; Domain=example.org; Path=/",
        "--set-cookie",
        "id=0123456789abcdef; SameSite=None; Max-Age=3600",
        "--set-cookie",
        "Set-Cookie: __Host-sid=0123456789abcdef; Secure",
        "--next-url",
        "https://www.example.com/",
        "--at",
        "+30min",
        "--at",
        "+2h",
    ];
    shows(&Home::new(), "set-cookie", &arguments);
}

#[test]
fn values_are_masked_on_a_page_and_exact_in_json() {
    let home = home();
    let page = ran(&home, &["explain", "https://app.corp.test/"], "").out;
    assert!(page.contains("Cookie: sid=s3c… (13 B); sso=t… (5 B)\n"), "{page}");
    let revealed = ran(&home, &["explain", "https://app.corp.test/", "--reveal"], "").out;
    assert!(revealed.contains("Cookie: sid=s3cr3t-s3cr3t; sso=t0k3n\n"), "{revealed}");
    let document = json_of(&home, &["https://app.corp.test/"]);
    assert_eq!(document["requests"][0]["cookie_header"], "sid=s3cr3t-s3cr3t; sso=t0k3n");
    assert_eq!(document["requests"][0]["unrelated"], 2);
}

#[test]
fn what_is_no_text_is_base64_and_keeps_to_the_schema() {
    let home = Home::new();
    home.write("dump", b"Set-Cookie: a=\xff; Path=/\xfe; X\nSet-Cookie: b\nSet-Cookie: a=2; Domain=b.test\n");
    let document =
        json_of(&home, &["https://a.test/\u{e9}", "--headers", "dump", "--next-url", "https://a.test/%FE"]);
    let set = &document["answers"][0]["set_cookies"];
    assert_eq!((&set[0]["line"], &set[0]["line_base64"]), (&Value::Null, &json!("YT3/OyBQYXRoPS/+OyBY")));
    assert_eq!(set[0]["cookie"]["value_base64"], "/w==");
    let notes = set[0]["notes"].as_array().expect("notes");
    assert!(notes.iter().any(|note| note["part"] == json!({"start": 14, "end": 15})), "{notes:?}");
    assert_eq!((&set[1]["name"], &set[2]["part"]), (&json!(""), &json!({"start": 5, "end": 18})));
}

#[test]
fn a_name_leaves_the_others_out() {
    let home = home();
    let page = ran(&home, &["explain", "https://app.corp.test/", "--name", "l*"], "").out;
    assert!(page.contains("withheld  lang  www.corp.test/  domain-mismatch: "), "{page}");
    assert!(!page.contains("sent "), "{page}");
    let document = json_of(&home, &["https://app.corp.test/ui", "--name", "sid"]);
    assert_eq!(sent(&document, 0), ["sid", "sid"]);
    assert_eq!(document["requests"][0]["shadowed"][0]["by"]["path"], "/ui");
}

#[test]
fn time_passes_between_an_answer_and_the_requests() {
    let home = Home::new();
    let arguments = [
        "https://a.test/",
        "--set-cookie",
        "s=1; Max-Age=3600",
        "--at",
        "+30min",
        "--at",
        "+2h",
        "--at",
        "2030-01-01",
    ];
    let document = json_of(&home, &arguments);
    assert_eq!(document["answers"][0]["at"], "2030-01-01T00:00:00.000000Z");
    assert_eq!((sent(&document, 0), sent(&document, 1)), (vec!["s".to_owned()], vec![]));
    assert_eq!(document["requests"][1]["withheld"][0]["code"], "expired");
    let page = ran(&home, &[&["explain"][..], &arguments].concat(), "").out;
    assert!(page.contains("\na request for https://a.test/ at 2030-01-01T02:00:00Z\n"), "{page}");
}

#[test]
fn a_dump_of_a_redirect_chain_has_an_url_for_each_head() {
    let dump = "HTTP/1.1 302 Found\r\nSet-Cookie: a=1\r\nLocation: https://b.test/home\r\n\r\n\
                HTTP/2 200 \r\nset-cookie: b=2; Domain=a.test\r\n\r\n<p>Set-Cookie: no=1\r\n";
    let home = Home::new();
    home.write("dump", dump);
    let document = json_of(&home, &["https://a.test/login", "--headers", "dump", "--method", "POST"]);
    assert_eq!(codes(&document), ["a stored", "b domain-mismatch"]);
    let of = |at: usize, field: &str| document["answers"][at][field].clone();
    assert_eq!([of(0, "method"), of(1, "method")], [json!("POST"), json!("GET")]);
    assert_eq!([of(0, "url"), of(1, "url")], [json!("https://a.test/login"), json!("https://b.test/home")]);
    let mut child = home
        .kuki(["explain", "https://a.test/", "--headers", "-"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = child.stdin.take().expect("a pipe");
    stdin.write_all(b"Set-Cookie: c=\x07\n").expect("it reads");
    drop(stdin);
    let out = Ran::from(child.wait_with_output().expect("it ends")).out;
    assert!(out.contains("  refused   c  control-character: "), "{out}");
    assert!(out.contains("\n            c=… (1 B)\n              ^^^^^^^\n"), "{out}");
}

#[test]
fn a_har_is_gone_through_with_the_urls_times_and_pages_that_it_names() {
    let home = Home::new();
    let entry = |time: &str, url: &str, headers: &str, line: &str| {
        format!(
            r#"{{"startedDateTime": "{time}", "request": {{"method": "GET", "url": "{url}", "headers": [{headers}]}},
                "response": {{"status": 200, "headers": [{{"name": "Set-Cookie", "value": "{line}"}}]}}}}"#
        )
    };
    let by_script =
        r#"{"name": "Origin", "value": "https://shop.test"}, {"name": "Sec-Fetch-Mode", "value": "cors"}"#;
    let entries = [
        entry("2026-05-01T10:00:00Z", "https://a.test/", "", "s=1; Max-Age=3600"),
        entry("2026-05-01T10:30:00Z", "https://a.test/", by_script, "s=2; SameSite=Strict"),
        entry("2026-05-01T10:40:00Z", "https://b.test/", "", "s=3"),
        entry("2026-05-01T11:00:00Z", "https://a.test/", "", "s=; Max-Age=0"),
    ];
    home.write("trace.har", format!(r#"{{"log": {{"entries": [{}, 7]}}}}"#, entries.join(",")));
    let document = json_of(&home, &["--har", "trace.har"]);
    assert_eq!(
        codes(&document),
        ["s stored", "s same-site-from-cross-site", "s stored", "s nothing-to-delete"]
    );
    assert_eq!(document["requests"], json!([]));
    let warned = ran(&home, &["explain", "--har", "trace.har", "--next-url", "https://b.test/"], "");
    assert!(warned.err.contains("1 of its entries have no URL with a host"), "{warned:?}");
    assert!(warned.out.contains("  sent      s  b.test (host only)  /  session\n"), "{warned:?}");
}

/// Made of what the program really says, in its colours.
#[test]
fn the_picture_in_the_readme_is_of_this_program() {
    let arguments = [
        "explain",
        "https://www.example.com/login",
        "--set-cookie",
        "sid=31d4d96e407aad42; Path=/; Secure; HttpOnly; SameSite=Lax",
        "--set-cookie",
        "theme=dark; Domain=example.org; Path=/",
        "--set-cookie",
        "id=0123456789ab; SameSite=None; Max-Age=3600",
    ];
    let typed: Vec<_> = arguments
        .iter()
        .map(|word| if word.contains(' ') { format!("'{word}'") } else { (*word).to_owned() })
        .collect();
    let typed = format!("$ kuki {}\n", typed.join(" ").replace(" --set-cookie", " \\\n       --set-cookie"));
    let told = ran(&Home::new(), &[&arguments[..], &["--no-jar", "--color", "always"]].concat(), "100").out;
    let picture = picture(&(typed + &told));
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/explain.svg");
    if std::env::var_os("KUKI_UPDATE").is_some() {
        fs::write(&path, &picture).expect("the docs can be written");
    }
    assert!(fs::read_to_string(&path).is_ok_and(|shown| shown == picture), "KUKI_UPDATE=1 draws it anew");
}

#[test]
fn nothing_is_written_and_wrong_input_is_named_with_a_hint() {
    let home = home();
    let before = fs::read(home.default_jar()).expect("a jar");
    home.write("not.har", "[]");
    for (arguments, status, message) in [
        (&[][..], 2, "kuki explain needs a URL"),
        (&["--har", "not.har"], 26, "--har: not.har is no HAR: it is a list"),
        (&["--har", "not.har", "--set-cookie", "a=1"], 26, "is no HAR"),
        (&["https://a.test", "--headers", "missing"], 26, "missing"),
        (&["https://a.test", "--at", "soon"], 2, "--at: `soon` is neither a time nor a span"),
        (&["https://a.test", "--at", "2026-01-01", "--at", "2027-01-01"], 2, "two times can't both be now"),
        (&["https://a.test", "--at", "+300000years"], 2, "beyond all time"),
        (&["https://a.test", "--method", "GE T"], 2, "--method: `GE T` is not a method"),
        (&["https://a.test", "--navigate"], 2, "--navigate needs --initiator"),
        (
            &["https://a.test", "--navigate", "--fetch", "--initiator", "https://b.test"],
            2,
            "exclude one another",
        ),
        (&["https://a.test", "--format", "xml"], 2, "--format: `xml` is no form"),
        (&["https://a.test", "--policy", "lax"], 2, "neither classic nor browser"),
    ] {
        let ran = home.run(["explain"].iter().chain(arguments));
        assert_eq!(ran.status, status, "{arguments:?} {ran:?}");
        assert!(ran.err.contains(message) && ran.err.contains("\nhint: "), "{ran:?}");
    }
    let _ =
        ran(&home, &["explain", "https://app.corp.test/", "--set-cookie", "sid=new", "--at", "+400d"], "");
    assert_eq!(fs::read(home.default_jar()).expect("a jar"), before);
}

#[test]
fn an_eviction_is_foretold_as_it_then_happens() {
    let lines = "Set-Cookie: d=3\nSet-Cookie: b=3; Path=/elsewhere\nSet-Cookie: c=3\n";
    let (home, server) = (Home::new(), Server::start(move |_| ok(lines)));
    let url = server.url("/");
    home.ok(["jar", "limits", "--per-domain", "2"]);
    home.ok(["jar", "set", "--url", &url, "a=1; Path=/"]);
    home.ok(["jar", "set", "--url", &url, "b=2; Path=/elsewhere"]);
    // What goes along with the request is used later than what stays, and what the answer sets later still.
    let evictions =
        |told: &str| told.lines().filter(|line| line.contains(" evicted ")).map(str::to_owned).collect();
    let lines = ["--set-cookie", "d=3", "--set-cookie", "b=3; Path=/elsewhere", "--set-cookie", "c=3"];
    let foretold: Vec<String> = evictions(&home.ok(["explain", &url].iter().chain(&lines)).out);
    assert_eq!(foretold.len(), 3, "{foretold:?}");
    assert!(foretold[0].contains(" b ") && foretold[1].contains(" a "), "{foretold:?}");
    let happened: Vec<String> = evictions(&home.ok(["--explain", &url]).err);
    assert_eq!(foretold, happened);
}

#[test]
fn a_password_in_a_url_is_not_repeated() {
    let home = Home::new();
    let arguments = ["explain", "https://ada:s3cr3t@a.test/", "--set-cookie", "a=1", "--next-url"];
    let all = [&arguments[..], &["https://eve:s3cr3t@a.test/x"]].concat();
    let page = ran(&home, &all, "").out;
    assert!(page.contains("an answer from https://a.test/\n"), "{page}");
    assert!(page.contains("a request for https://a.test/x\n"), "{page}");
    assert!(!page.contains("s3cr3t"), "{page}");
}

#[test]
fn a_very_long_word_is_quoted_in_short() {
    let line = format!("a=1; {}", "Zz".repeat(20_000));
    let page = ran(&Home::new(), &["explain", "https://a.test/", "--set-cookie", &line], "80").out;
    assert!(page.contains("attribute-unknown") && page.len() < 1500, "{page}");
}

#[test]
fn what_came_from_outside_is_shown_and_not_obeyed() {
    let home = Home::new();
    let page =
        ran(&home, &["explain", "https://a.test/", "--set-cookie", "a\u{1b}[2J=1; Path=/\u{202e}"], "").out;
    assert!(page.contains("a\\x1b[2J"), "{page}");
    assert!(!page.contains('\u{1b}') && !page.contains('\u{202e}'), "{page}");
}

#[test]
fn the_page_about_debugging_shows_what_the_program_says() {
    pages::shows_what_is_said("debugging-set-cookie.md", NOON);
}
