//! Owns the tests of `-v`: what it tells of each hop and each cookie, and what it keeps to itself.
//! Does not test the verdicts themselves; the rules have their vectors.

use crate::support::server::{Server, header, ok, redirect};
use crate::support::{Home, Ran};

const NOW: &str = "2026-01-02T03:04:05Z";

/// Runs at a moment that stands still.
#[track_caller]
fn run(home: &Home, arguments: &[&str]) -> Ran {
    let output = home.kuki(arguments).env("KUKI_NOW", NOW).output().expect("the program starts");
    let ran = Ran::from(output);
    assert_eq!((ran.status, &*ran.out), (0, "ok\n"), "{}", ran.err);
    ran
}

/// The lines about cookies and headers, without those of the heads.
fn facts(ran: &Ran) -> Vec<&str> {
    ran.err.lines().filter_map(|line| line.strip_prefix("* ")).collect()
}

/// What `-v` tells of a cookie that comes from a server of loopback.
#[track_caller]
fn told(head_lines: &str) -> Vec<String> {
    let (home, server) = (Home::new(), Server::saying(head_lines));
    facts(&run(&home, &["-v", &server.url("/")])).into_iter().map(str::to_owned).collect()
}

#[test]
fn a_whole_exchange_is_told_on_standard_error_alone() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: sid=0123456789abcdef; HttpOnly"));
    let ran = run(&home, &["-v", "-A", "probe", "-H", "X-One: 1", &server.url("/a?b")]);
    let expected = format!(
        "> GET /a?b HTTP/1.1\n\
         > Host: {}\n\
         > User-Agent: probe\n\
         > Accept: */*\n\
         > Accept-Encoding: gzip, deflate, br, zstd\n\
         > X-One: … (1 B)\n\
         >\n\
         < HTTP/1.1 200 OK\n\
         < Set-Cookie: sid=0123… (16 B); HttpOnly\n\
         < Content-Length: 3\n\
         < Connection: close\n\
         <\n\
         * stored    sid  127.0.0.1 (host only)  /  session  HttpOnly\n",
        server.address
    );
    assert_eq!(ran.err, expected);
}

#[test]
fn without_it_nothing_is_told() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1; Domain=b.test"));
    assert_eq!(run(&home, &[&server.url("/")]).err, "");
    assert_eq!(run(&home, &["-v", "--no-verbose", &server.url("/")]).err, "");
}

#[test]
fn a_cookie_is_stored_replaced_and_deleted() {
    let home = Home::new();
    let lines = [
        "a=1; Path=/x; Max-Age=90; SameSite=Lax",
        "a=2; Path=/x; Secure",
        "a=; Path=/x; Max-Age=0",
        "a=; Path=/x; Max-Age=0",
    ];
    let told = lines.map(|line| {
        let server = Server::saying(&format!("Set-Cookie: {line}"));
        facts(&run(&home, &["-v", &server.url("/")])).join(" | ")
    });
    let expected = [
        "stored    a  127.0.0.1 (host only)  /x  in 90 s  Lax",
        "replaced  a  127.0.0.1 (host only)  /x  session  Secure | \
         note      loopback-is-secure: plain http counts as secure here, because the host is loopback",
        "deleted   a  127.0.0.1 (host only)  /x  expired",
        "nothing-to-delete a  127.0.0.1 (host only)  /x  expired",
    ];
    assert_eq!(told.each_ref().map(|text| withheld_left_out(text)), expected);
}

/// The path of the requests is never the cookie's: that is told too, and not the matter here.
fn withheld_left_out(told: &str) -> String {
    let parts = told.split(" | ").filter(|part| !part.starts_with("withheld"));
    parts.collect::<Vec<_>>().join(" | ")
}

#[test]
fn a_refused_cookie_has_a_reason_a_code_and_a_fix() {
    assert_eq!(
        told("Set-Cookie: theme=dark; Domain=example.com"),
        [
            "refused   theme  domain-mismatch: Domain=example.com does not cover 127.0.0.1",
            "          fix: leave Domain out, or set this cookie from example.com  \
             (RFC 6265bis 5.7 · DevTools: InvalidDomain)",
        ]
    );
    assert_eq!(
        told("Set-Cookie: __Host-a=1"),
        [
            "refused   __Host-a  prefix-host: a name that begins with __Host- needs Secure, set over https, Path=/ and no Domain",
            "          fix: give it Secure, set over https, Path=/ and no Domain  (RFC 6265bis 4.1.3 · DevTools: InvalidPrefix)",
        ]
    );
}

#[test]
fn a_secure_cookie_from_plain_http_is_refused_elsewhere_than_on_loopback() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1; Secure"));
    let ran = run(&home, &["-v", "--resolve", &server.resolve("a.test"), &server.url_of("a.test", "/")]);
    assert_eq!(
        facts(&ran),
        [
            "refused   a  secure-from-insecure-origin: Secure can't be set from plain http",
            "          fix: set it over https, or leave Secure out  (RFC 6265bis 5.7 · DevTools: SecureOnly)",
        ]
    );
}

#[test]
fn what_is_odd_is_noted_and_changes_nothing() {
    assert_eq!(
        told("Set-Cookie: a=1; Colour=red; Expires=soon; Max-Age=999999999"),
        [
            "stored    a  127.0.0.1 (host only)  /  in 400 d",
            "note      attribute-unknown: the attribute Colour is not known and was ignored",
            "note      expires-unreadable: no date can be read from Expires=soon, so it was ignored",
            "note      expiry-capped: the expiry is further out than 400 days and was capped",
        ]
    );
}

#[test]
fn each_cookie_of_a_response_has_its_verdict_in_the_order_in_which_they_came() {
    let words: Vec<String> = told("Set-Cookie: b=1\nSet-Cookie: a=1; Domain=x.test\nSet-Cookie: a=1")
        .iter()
        .map(|line| line.split_whitespace().take(2).collect::<Vec<_>>().join(" "))
        .collect();
    assert_eq!(words, ["stored b", "refused a", "fix: leave", "stored a"]);
}

#[test]
fn secrets_are_masked_unless_they_are_to_be_revealed() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: sid=topsecret1; Path=/"));
    let url = server.url("/");
    let secrets = ["-v", "-u", "ada:lovelace", "-H", "Cookie: hand=byhand99", &url];
    let _ = run(&home, &[&url]);
    let masked = run(&home, &secrets);
    let shown = run(&home, &[&secrets[..], &["--reveal"]].concat());
    let lines = |ran: &Ran| -> Vec<String> {
        let of_interest = ["> Authorization", "> Cookie", "< Set-Cookie"];
        let lines = ran.err.lines().filter(|line| of_interest.iter().any(|start| line.starts_with(start)));
        lines.map(str::to_owned).collect()
    };
    assert_eq!(
        lines(&masked),
        [
            "> Authorization: Basic … (16 B)",
            "> Cookie: sid=to… (10 B); hand=by… (8 B)",
            "< Set-Cookie: sid=to… (10 B); Path=/",
        ]
    );
    assert_eq!(
        lines(&shown),
        [
            "> Authorization: Basic YWRhOmxvdmVsYWNl",
            "> Cookie: sid=topsecret1; hand=byhand99",
            "< Set-Cookie: sid=topsecret1; Path=/",
        ]
    );
    let leaks = ["secret1", "hand99", "YWRh", "lovelace"].map(|secret| masked.err.contains(secret));
    assert_eq!(leaks, [false; 4], "{}", masked.err);
}

#[test]
fn what_is_held_back_from_another_origin_is_said() {
    let home = Home::new();
    let server = Server::start(|request| match request.starts_with("GET /one ") {
        true => {
            let port = header(request, "host").and_then(|host| host.split(':').nth(1)).unwrap_or_default();
            redirect(302, &format!("http://b.test:{port}/two"), "")
        }
        false => ok(""),
    });
    let [a, b] = ["a.test", "b.test"].map(|host| server.resolve(host));
    let url = server.url_of("a.test", "/one");
    let secrets = ["-u", "ada:pw", "-H", "X-Api-Key: k", "-H", "Cookie: c=1"];
    let ran = run(&home, &[&["-Lv", "--resolve", &a, "--resolve", &b, &url], &secrets[..]].concat());
    let mut facts = facts(&ran);
    facts.sort_unstable();
    assert_eq!(
        facts,
        [
            "held back Authorization was given for another origin",
            "held back Cookie was given for another origin",
            "held back X-Api-Key was given for another origin",
        ]
    );
}

#[test]
fn a_cookie_that_stays_at_home_or_gives_way_has_its_reason() {
    let home = Home::new();
    let lines = "Set-Cookie: near=1; Path=/\nSet-Cookie: far=1; Path=/far\nSet-Cookie: taken=1; Path=/";
    let setter = Server::saying(lines);
    let _ = run(&home, &[&setter.url("/")]);
    let server = Server::saying("");
    let ran = run(&home, &["-v", "-H", "Cookie: taken=hand", &server.url("/")]);
    assert_eq!(
        facts(&ran),
        [
            "by hand   taken takes the place of the jar's",
            "withheld  far  127.0.0.1/far  not-on-path: the request's path does not lie on the cookie's",
        ]
    );
}

#[test]
fn what_could_drive_a_terminal_is_shown_and_not_obeyed() {
    let home = Home::new();
    let server = Server::start(|_| {
        let head = b"HTTP/1.1 200 OK\r\nLocation: /\x9b31m\r\nX-Order: a\xe2\x80\xaeb\r\n\
                     Set-Cookie: \xc2\x9bn=1; Path=/\xc2\x9d0\r\nContent-Length: 3\r\n\r\nok\n";
        head.to_vec()
    });
    let ran = run(&home, &["-v", "--reveal", &server.url("/")]);
    let (_, answer) = ran.err.split_once("\n>\n").expect("a request's head");
    let expected = "< HTTP/1.1 200 OK\n\
                    < Location: /\\x9b31m\n\
                    < X-Order: a\\u{202e}b\n\
                    < Set-Cookie: \\u{9b}n=1; Path=/\\u{9d}0\n\
                    < Content-Length: 3\n\
                    <\n\
                    * stored    \\u{9b}n  127.0.0.1 (host only)  /\\u{9d}0  session\n";
    assert_eq!(answer, expected);
}

#[test]
fn colours_come_only_when_they_are_wanted() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
    let coloured = [&["-v"][..], &["-v", "--color=always"], &["-v", "--color", "always", "--color", "never"]]
        .map(|arguments| run(&home, &[arguments, &[&server.url("/")]].concat()).err.contains('\x1b'));
    assert_eq!(coloured, [false, true, false]);
}
