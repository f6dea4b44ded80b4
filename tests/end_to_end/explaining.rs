//! Owns the tests of `--explain`: what it tells of a chain on standard error, whole or broken.
//! Does not test `kuki explain`; `explain` does.

use std::net::TcpListener;

use crate::support::server::{Server, ok, redirect};
use crate::support::{Home, Ran};

const SETS: &str = "Set-Cookie: sid=0123456789abcdef; HttpOnly; SameSite=Lax; Path=/\n\
                    Set-Cookie: theme=dark; Domain=example.com; Path=/\n";

/// Sets cookies and leads on, home if nowhere else.
fn login(leads_to: Option<String>) -> Server {
    Server::start(move |request| match request.split(' ').nth(1) {
        Some("/login") => redirect(302, leads_to.as_deref().unwrap_or("/home"), SETS),
        _ => ok(""),
    })
}

/// What is told, with the server's address in short.
fn told(ran: &Ran, server: &Server) -> String {
    ran.err.replace(&server.address.to_string(), "HOST")
}

#[test]
fn a_chain_is_told_hop_by_hop_and_what_it_did_to_the_jar() {
    let (home, server) = (Home::new(), login(None));
    let ran = home.ok(["-L", "--explain", "-d", "user=ada", &server.url("/login")]);
    assert_eq!(ran.out, "ok\n");
    assert_eq!(
        told(&ran, &server),
        "POST http://HOST/login  302 Found
  stored    sid    127.0.0.1 (host only)  /  session  HttpOnly Lax
            sid=0123… (16 B); HttpOnly; SameSite=Lax; Path=/
  refused   theme  domain-mismatch: Domain=example.com does not cover 127.0.0.1
            theme=d… (4 B); Domain=example.com; Path=/
                            ^^^^^^^^^^^^^^^^^^
            fix: leave Domain out, or set this cookie from example.com  (RFC 6265bis 5.7 · DevTools: InvalidDomain)
GET  http://HOST/home   200 OK
  sent      sid
jar 'default': 1 new, 1 refused; 1 of 300 cookies, 1 of 20 for 127.0.0.1
"
    );
    assert!(!home.ok(["--explain", "--reveal", &server.url("/login")]).err.contains("(16 B)"));
}

#[test]
fn a_chain_that_breaks_is_told_as_far_as_it_came() {
    let gone = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr()).expect("a port");
    let (home, server) = (Home::new(), login(Some(format!("http://{gone}/away"))));
    let ran = home.run(["-L", "--explain", "-H", "X-Api-Key: k3y", &server.url("/login")]);
    assert_eq!(ran.status, 7, "{ran:?}");
    let told = told(&ran, &server);
    let away = "no answer\n  sent      sid\n  held back X-Api-Key: given for another origin\njar 'default': 1 new, 1 refused; ";
    assert!(told.contains(away), "{told}");
    let error = told.find("kuki: ").expect("an error");
    assert!(told.find("jar 'default'").expect("a summary") < error, "{told}");
    let ran = home.run(["--explain", &format!("http://{gone}/")]);
    assert!(
        ran.err.contains(" no answer\n  sent      sid\njar 'default': nothing changed; 1 of 300 cookies\n"),
        "{ran:?}"
    );
}

#[test]
fn what_stays_behind_is_told_in_short_and_with_v_in_whole() {
    let (home, server) = (Home::new(), login(None));
    for line in ["deep=1; Path=/deep", "old=1; Path=/"] {
        let _ = home.ok(["jar", "set", "--url", &server.url("/"), line]);
    }
    let _ = home.ok(["jar", "set", "--url", "https://elsewhere.test/", "a=1"]);
    let short = home.ok(["--explain", "-b", "old=hand", &server.url("/")]).err;
    for line in [
        "  by hand   old, in the place of the jar's\n",
        "  withheld  deep  127.0.0.1/deep  not-on-path\n",
        "  others    1 of",
    ] {
        assert!(short.contains(line), "{short}");
    }
    assert!(!short.contains("fix: "), "{short}");
    let whole = home.ok(["--explain", "-v", &server.url("/")]).err;
    assert!(
        whole.contains("> GET / HTTP/1.1\n") && whole.contains("            fix: set it with Path=/, "),
        "{whole}"
    );
}

#[test]
fn a_near_miss_is_told_with_its_fix_and_with_v_marked_in_its_line() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: sid=0123456789abcdef; HttpsOnly\n"));
    let short = home.ok(["--explain", &server.url("/")]).err;
    let told = "  note      attribute-misspelt: HttpsOnly was ignored: no such attribute is known, and HttpOnly was probably meant\n";
    assert!(
        short.contains(&format!(
            "            sid=0123… (16 B); HttpsOnly\n{told}            fix: write HttpOnly\njar "
        )),
        "{short}"
    );
    let whole = home.ok(["--explain", "-v", &server.url("/")]).err;
    let marked = "            sid=0123… (16 B); HttpsOnly\n                              ^^^^^^^^^\n";
    assert!(whole.contains(&format!("{told}{marked}            fix: write HttpOnly\n")), "{whole}");
}

#[test]
fn a_jar_that_takes_no_part_or_saves_nothing_is_said_to() {
    let (home, server) = (Home::new(), login(None));
    let none = home.ok(["--explain", "--no-jar", &server.url("/login")]).err;
    assert!(none.ends_with("no jar: no stored cookie was sent, and no Set-Cookie was judged\n"), "{none}");
    let read_only = home.ok(["--explain", "--read-only", &server.url("/login")]).err;
    assert!(read_only.contains("jar 'default': 1 new, 1 refused (not saved: --read-only); "), "{read_only}");
}

#[test]
fn a_narrow_terminal_and_a_hostile_server_change_nothing_that_matters() {
    let server = Server::saying("Set-Cookie: a\u{202e}b=1; Path=/; Domain=example.com; SameSite=Lax\n");
    let home = Home::new();
    let mut command = home.kuki(["--explain", &server.url("/")]);
    let ran = Ran::from(command.env("COLUMNS", "40").output().expect("the program starts"));
    assert!(
        ran.err.lines().filter(|line| !line.starts_with("jar ")).all(|line| line.chars().count() <= 40),
        "{ran:?}"
    );
    assert!(
        ran.err.contains("\n  refused a\\u{202e}b\n    domain-mismatch: Domain=example.com\n"),
        "{ran:?}"
    );
    assert!(ran.err.contains("^^^^^^^^^^^^^^^^^^\n"), "{ran:?}");
}
