//! Owns the tests of what is shown instead of sending: the request itself, and a curl command for it.
//! Does not test the curl commands against curl; `curl_lines` does.

use std::fs;
use std::process::Stdio;

use crate::support::server::Server;
use crate::support::{Home, Ran, program};
use crate::tls_server::pair_for;

const URL: &str = "http://127.0.0.1:1";

/// A home whose jar has a cookie for the URL.
fn with_cookie() -> Home {
    let home = Home::new();
    home.ok(["jar", "set", "--url", URL, "sid=0123456789abcdef"]);
    home
}

/// In a terminal, if there is a tool that makes one.
fn on_a_terminal(home: &Home, arguments: &str) -> Option<Ran> {
    let mut script = std::process::Command::new("script");
    script.args(["-qec", &format!("{} {arguments}", program().display()), "/dev/null"]);
    script.env_clear().env("HOME", home.path()).current_dir(home.path()).stdin(Stdio::null());
    script.output().ok().map(Ran::from)
}

#[test]
fn a_request_is_shown_as_it_would_go_and_the_jar_stays_as_it_is() {
    let home = with_cookie();
    let before = fs::read(home.default_jar()).expect("a jar");
    let ran = home.ok(["--offline", "-A", "probe", URL, "name=ada", "X-One:1", "page==2"]);
    let expected = "POST /?page=2 HTTP/1.1\r\nHost: 127.0.0.1:1\r\nUser-Agent: probe\r\n\
                    Accept: application/json, */*;q=0.5\r\nAccept-Encoding: gzip, deflate, br, zstd\r\n\
                    Content-Type: application/json\r\nX-One: 1\r\nContent-Length: 14\r\n\
                    Cookie: sid=0123456789abcdef\r\n\r\n{\"name\":\"ada\"}";
    assert_eq!((ran.out.as_str(), ran.err.as_str()), (expected, ""));
    assert_eq!(fs::read(home.default_jar()).expect("a jar"), before);
}

#[test]
fn nothing_is_sent_and_no_lock_is_waited_for() {
    let (home, server) = (with_cookie(), Server::saying("Set-Cookie: a=1"));
    let lock = home.default_jar().with_extension("json.lock");
    let held = fs::File::create(lock).expect("a lock file");
    held.lock().expect("nobody else holds it");
    let url = server.url("/");
    for arguments in [["--offline", &url], ["--as-curl", &url]] {
        assert!(!home.ok(arguments).err.contains("waiting"));
    }
    assert_eq!(server.heard(), Vec::<String>::new());
    let _ = held;
}

#[test]
fn a_file_is_shown_as_it_is_and_standard_input_to_its_end() {
    let home = Home::new();
    home.write("f", b"a\0\xffb");
    let shown = |arguments: &[&str]| {
        let stdin = fs::File::open(home.path().join("f")).expect("it was just written");
        let output = home.kuki(arguments).stdin(stdin).output().expect("the program starts");
        assert!(output.status.success(), "{output:?}");
        output.stdout
    };
    for arguments in [["-T", "f"], ["-T", "-"], ["--data-binary", "@f"], ["--data-binary", "@-"]] {
        let shown = shown(&[&["--offline", URL], &arguments[..]].concat());
        assert!(shown.ends_with(b"\r\n\r\na\0\xffb"), "{}", String::from_utf8_lossy(&shown));
    }
    assert!(
        String::from_utf8_lossy(&shown(&["--offline", URL, "-T", "-"]))
            .contains("Transfer-Encoding: chunked\r\n")
    );
    assert_eq!(home.run(["--offline", URL, "-T", "nowhere"]).status, 26);
}

#[test]
fn on_a_terminal_secrets_are_masked_unless_they_are_to_be_seen() {
    let home = with_cookie();
    let Some(masked) = on_a_terminal(&home, &format!("--offline -u ada:lovelace {URL}")) else { return };
    assert!(masked.out.contains("Cookie: sid=0123… (16 B)"), "{masked:?}");
    assert!(masked.out.contains("Authorization: Basic … (16 B)"), "{masked:?}");
    let revealed = on_a_terminal(&home, &format!("--offline --reveal -u ada:lovelace {URL}"));
    let revealed = revealed.expect("as before");
    assert!(revealed.out.contains("Cookie: sid=0123456789abcdef"), "{revealed:?}");
}

#[test]
fn a_curl_command_says_the_same_with_its_secrets_masked() {
    let home = with_cookie();
    let shown = |arguments: &[&str]| {
        let ran = home.ok([&["--as-curl"], arguments].concat());
        (ran.out.trim_end().to_owned(), ran.err)
    };
    let (certificate, key) = pair_for("h");
    let note = "kuki: secrets are masked, and curl would send the masks: --reveal shows a line that runs\n";
    for (arguments, expected) in [
        (&["http://h/a?b"][..], "curl 'http://h/a?b'"),
        (
            &["-sSL", "-m5", "--max-redirs", "3", "-k", "http://h/"],
            "curl -s -S -L -m 5 --max-redirs 3 -k http://h/",
        ),
        (&["-u", "ada:pw", "http://h/"], "curl http://h/ -u ada"),
        (&["http://ada:pw@h/"], "curl http://h/ -u ada"),
        (
            &["-U", "p:q", "-x", "http://u:v@proxy:1", "http://h/"],
            "curl -U p -x 'http://…@proxy:1' http://h/",
        ),
        (
            &["-E", "c\\:\\\\.pem:pw", "--key", "k.pem", "http://h/"],
            "curl -E 'c\\:\\\\.pem' --key k.pem http://h/",
        ),
        (&["--oauth2-bearer", "abc", "http://h/"], "curl http://h/ --oauth2-bearer '…'"),
        (
            &["http://h/", "a=it's"],
            "curl http://h/ -H 'Accept: application/json, */*;q=0.5' -H 'Content-Type: application/json' --data-raw '{\"a\":\"it'\\''s\"}'",
        ),
        (&["--urlencoded", "PUT", "http://h/", "a=b c"], "curl http://h/ -X PUT --data-raw a=b+c"),
        (&["-X", "DELETE", "-H", "X-Key: k", "http://h/"], "curl http://h/ -X DELETE -H 'X-Key: … (1 B)'"),
        (&["-d", "@f", "--data-raw", "@", "http://h/"], "curl -d @f --data-raw @ http://h/"),
        (&["-G", "-d", "a=b", "http://h/"], "curl 'http://h/?a=b'"),
        (&["-I", "--no-jar", "--color", "never", "http://h/[::1]"], "curl -g 'http://h/[::1]' -I"),
        (&["-g", "http://h/[1-2]", "--report", "r"], "curl -g 'http://h/[1-2]'"),
        (&["-C", "5", "-o", "x", "http://h/"], "curl -C 5 -o x http://h/ -H 'Accept-Encoding: identity'"),
        (
            &["-z", "-2027-01-31", "--limit-rate", "1k", "http://h/"],
            "curl -z -2027-01-31 --limit-rate 1k http://h/",
        ),
        (&["-w", "%{http_code}", "--retry", "2", "http://h/"], "curl -w '%{http_code}' --retry 2 http://h/"),
        (&["-F", "a=@f", "http://h/"], "curl -F a=@f http://h/"),
        (&["-T", "f", "http://h/d/"], "curl -T f http://h/d/f -H Expect:"),
        (&["-b", "a=1", URL], "curl http://127.0.0.1:1/ -b 'sid=0123… (16 B); a=… (1 B)'"),
    ] {
        home.write("f", "x");
        home.write("c:\\.pem", &certificate);
        home.write("k.pem", &key);
        let (line, told) = shown(arguments);
        let told = told.replace("kuki: --report: curl has no such option, so it is left out\n", "");
        let is_masked = line.contains('…');
        assert_eq!(
            (line.as_str(), told.as_str()),
            (expected, if is_masked { note } else { "" }),
            "{arguments:?}"
        );
    }
    let revealed = shown(&["--reveal", "-u", "ada:pw", "-H", "X-Key: k", URL]);
    let line = "curl http://127.0.0.1:1/ -u ada:pw -H 'X-Key: k' -b sid=0123456789abcdef";
    assert_eq!(revealed, (line.to_owned(), String::new()));
}

#[test]
fn what_has_no_form_in_curl_is_refused_and_both_at_once_make_no_sense() {
    let home = Home::new();
    let ran = home.run(["--as-curl", "--multipart", URL, "a=b"]);
    assert!(ran.status == 2 && ran.err.contains("-F name=text"), "{ran:?}");
    let ran = home.run(["--as-curl", "--offline", URL]);
    assert!(ran.status == 2 && ran.err.contains("--offline"), "{ran:?}");
}

#[test]
fn of_several_urls_each_is_shown_in_its_turn() {
    let home = with_cookie();
    let urls = [&format!("{URL}/[1-2]"), "http://h/x"];
    let ran = home.ok(["--as-curl", "--reveal", "-sS", "-o", "#1.txt", urls[0], "-O", urls[1]]);
    let expected = "curl -s -S -o 1.txt http://127.0.0.1:1/1 -b sid=0123456789abcdef\n\
                    curl -s -S -o 2.txt http://127.0.0.1:1/2 -b sid=0123456789abcdef\n\
                    curl -s -S -O http://h/x\n";
    assert_eq!(ran.out, expected);
    let ran = home.ok(["--offline", urls[0], urls[1], "-d", "a=b"]);
    let lines: Vec<_> = ran.out.lines().filter(|line| line.starts_with("POST ") || *line == "a=b").collect();
    assert_eq!(
        lines,
        ["POST /1 HTTP/1.1", "a=b", "POST /2 HTTP/1.1", "a=b", "POST /x HTTP/1.1", "a=b"],
        "{ran:#?}"
    );
}

#[test]
fn what_only_an_answer_could_give_is_said_to_be_asked_for_in_vain() {
    let home = Home::new();
    let ran = home.ok(["--offline", URL, "-w", "%{http_code}", "-o", "f", "--report", "r"]);
    assert_eq!(ran.err, "kuki: nothing is sent, so there is no answer for --output, --report, --write-out\n");
    assert!(!home.path().join("f").exists() && !home.path().join("r").exists());
    assert_eq!(home.ok(["--offline", "-s", URL, "-o", "f"]).err, "");
    let ran = home.ok(["--as-curl", URL, "--explain", "-w", "x"]);
    assert!(ran.err.contains("--explain: curl has no such option") && ran.out.contains(" -w x "), "{ran:#?}");
}

#[test]
fn what_the_first_request_of_a_longer_talk_would_be_is_shown() {
    let home = Home::new();
    for (arguments, expected) in [
        (vec!["--digest", "-u", "ada:pw", "-d", "a=b", URL], "Content-Length: 0\r\n"),
        (vec!["-C", "100", URL], "Range: bytes=100-\r\n"),
        (vec!["-z", "2027-01-31", URL], "If-Modified-Since: Sun, 31 Jan 2027 00:00:00 GMT\r\n"),
        (vec!["--etag-compare", "etag", URL], "If-None-Match: \"one\"\r\n"),
    ] {
        home.write("etag", "\"one\"\n");
        let ran = home.ok([&["--offline"], &arguments[..]].concat());
        assert!(ran.out.contains(expected) && !ran.out.contains("Authorization"), "{ran:#?}");
    }
}
