//! Owns the proof that a login survives the way from kuki to curl, wget and Python through cookies.txt, and back.
//! Does not run where such a program isn't installed; it says so.

// Whoever runs the tests is told what was left out.
#![allow(clippy::print_stderr)]

mod support;

use std::fs;
use std::process::Command;

use support::Home;
use support::lab::Running;

const ADA: &str = "{\"user\":\"ada\"}";

/// Reads and writes a jar as a script of many would.
const PYTHON: &str = r#"
import http.cookiejar, sys, urllib.parse, urllib.request
what, file, base = sys.argv[1:]
jar = http.cookiejar.MozillaCookieJar(file)
opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(jar))
if what == "read":
    jar.load(ignore_discard=True, ignore_expires=False)
    print(opener.open(base + "/whoami").read().decode().strip())
else:
    opener.open(base + "/login", urllib.parse.urlencode({"user": "ada", "pass": "lovelace"}).encode())
    jar.save(ignore_discard=True)
"#;

/// What a program says with these arguments in this home; `None` where it isn't installed.
fn said(home: &Home, program: &str, arguments: &[&str]) -> Option<String> {
    let mut command = Command::new(program);
    command.args(arguments).current_dir(home.path()).env("HOME", home.path()).env("no_proxy", "*");
    match command.output() {
        Ok(output) => Some(String::from_utf8_lossy(&output.stdout).trim().to_owned()),
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "{program}: {error}");
            eprintln!("skipped: {program}: {error}");
            None
        }
    }
}

fn logged_in(home: &Home, lab: &Running, jar: &str) {
    home.ok(["--jar", jar, "-L", "-d", "user=ada", "-d", "pass=lovelace", &lab.url("/login")]);
}

fn is_ada(home: &Home, lab: &Running, jar: &str) {
    assert_eq!(home.ok(["-b", jar, &lab.url("/whoami")]).out.trim(), ADA);
    // As others write it: the next save closes it.
    let ran = home.ok(["-s", "--jar", jar, &lab.url("/whoami")]);
    assert_eq!(ran.out.trim(), ADA);
    assert_eq!(home.ok(["--jar", "taken", "jar", "import", jar]).status, 0);
    assert_eq!(home.ok(["--jar", "taken", &lab.url("/whoami")]).out.trim(), ADA);
}

#[test]
fn curl_goes_on_with_a_login_of_ours_and_we_with_one_of_curls() {
    let home = Home::new();
    let lab = Running::start(&home, &[]);
    logged_in(&home, &lab, "ours.txt");
    let Some(user) = said(&home, "curl", &["-s", "-b", "ours.txt", &lab.url("/whoami")]) else { return };
    assert_eq!(user, ADA);
    said(
        &home,
        "curl",
        &["-s", "-L", "-c", "theirs.txt", "-d", "user=ada&pass=lovelace", &lab.url("/login")],
    );
    is_ada(&home, &lab, "theirs.txt");
}

#[test]
fn wget_goes_on_with_a_login_of_ours_and_we_with_one_of_wgets() {
    let home = Home::new();
    let lab = Running::start(&home, &[]);
    logged_in(&home, &lab, "default.json");
    home.ok(["--jar", "default.json", "jar", "export", "--no-http-only-prefix", "ours.txt"]);
    let Some(user) = said(&home, "wget", &["-qO-", "--load-cookies=ours.txt", &lab.url("/whoami")]) else {
        return;
    };
    assert_eq!(user, ADA);
    let post =
        ["-qO-", "--save-cookies=theirs.txt", "--keep-session-cookies", "--post-data=user=ada&pass=lovelace"];
    said(&home, "wget", &[&post[..], &[&lab.url("/login")]].concat());
    assert!(fs::read_to_string(home.path().join("theirs.txt")).is_ok_and(|text| text.contains("sid")));
    is_ada(&home, &lab, "theirs.txt");
}

#[test]
fn python_goes_on_with_a_login_of_ours_and_we_with_one_of_pythons() {
    let home = Home::new();
    let lab = Running::start(&home, &[]);
    logged_in(&home, &lab, "default.json");
    home.ok(["--jar", "default.json", "jar", "export", "--session-expiry", "1d", "ours.txt"]);
    let base = lab.url("");
    let Some(user) = said(&home, "python3", &["-c", PYTHON, "read", "ours.txt", &base]) else { return };
    assert_eq!(user, ADA);
    said(&home, "python3", &["-c", PYTHON, "write", "theirs.txt", &base]);
    is_ada(&home, &lab, "theirs.txt");
}
