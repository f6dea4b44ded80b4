//! Owns the tests of a cookies.txt that is used as a jar, and of curl's -b, -c and -j.
//! Does not ask other programs what they make of it; `interop` does.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::support::Home;
use crate::support::server::{Server, header, ok};

const HEAD: &str = "# Netscape HTTP Cookie File\n";

/// Says in a header which cookies came, and sets what the query names.
fn server() -> Server {
    Server::start(|request| {
        let target = request.split(' ').nth(1).unwrap_or_default();
        let set = target.split_once('?').map(|(_, query)| format!("Set-Cookie: {}", query.replace('+', " ")));
        let cookie = format!("X-Cookie: {}", header(request, "Cookie").unwrap_or("none"));
        ok(&[cookie].into_iter().chain(set).collect::<Vec<_>>().join("\r\n"))
    })
}

fn line(name: &str, value: &str) -> String {
    format!("127.0.0.1\tFALSE\t/\tFALSE\t0\t{name}\t{value}\n")
}

/// A home in which `c.txt` holds these lines.
fn home_with(lines: &[String]) -> Home {
    let home = Home::new();
    let path = home.write("c.txt", format!("{HEAD}\n{}", lines.concat()));
    fs::set_permissions(path, PermissionsExt::from_mode(0o600)).expect("our own file");
    home
}

/// The lines of a file that are cookies.
fn cookies(home: &Home, name: &str) -> Vec<String> {
    let text = fs::read_to_string(home.path().join(name)).expect("a file of text");
    assert!(text.starts_with(HEAD), "{text}");
    let is_cookie =
        |line: &&str| !line.is_empty() && (!line.starts_with('#') || line.starts_with("#HttpOnly_"));
    text.lines().filter(is_cookie).map(|line| format!("{line}\n")).collect()
}

#[track_caller]
fn sends(home: &Home, arguments: &[&str], expected: &str) {
    let ran = home.ok(["-i"].iter().chain(arguments));
    let told = ran.out.lines().find_map(|line| line.strip_prefix("X-Cookie: "));
    assert_eq!((told, &*ran.err), (Some(expected), ""), "{arguments:?}");
}

#[test]
fn a_path_that_ends_in_txt_is_a_jar_of_that_format() {
    let (server, home) = (server(), Home::new());
    sends(&home, &["--jar", "c.txt", &server.url("/?a=1;+HttpOnly")], "none");
    sends(&home, &["--jar", "c.txt", &server.url("/?b=2;+SameSite=Lax")], "a=1");
    sends(&home, &["--jar", "./c.txt", &server.url("/")], "a=1; b=2");
    assert_eq!(cookies(&home, "c.txt"), [format!("#HttpOnly_{}", line("a", "1")), line("b", "2")]);
    let mode = fs::metadata(home.path().join("c.txt")).expect("the jar").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    assert!(!home.default_jar().exists());
}

#[test]
fn lines_keep_their_order_and_a_replaced_cookie_its_place() {
    let (server, home) = (server(), home_with(&[line("z", "1"), line("a", "2"), line("m", "3")]));
    sends(&home, &["--jar", "c.txt", &server.url("/?a=new")], "z=1; a=2; m=3");
    assert_eq!(cookies(&home, "c.txt"), [line("z", "1"), line("a", "new"), line("m", "3")]);
}

#[test]
fn a_request_that_sets_nothing_leaves_a_cookies_txt_as_it_is() {
    let (server, home) = (server(), home_with(&[line("a", "1")]));
    let before = fs::read(home.path().join("c.txt")).expect("the jar");
    sends(&home, &["--jar", "c.txt", &server.url("/")], "a=1");
    assert_eq!(fs::read(home.path().join("c.txt")).expect("the jar"), before);
    assert!(!home.path().join("c.txt.lock").exists());
}

#[test]
fn more_cookies_than_ours_would_be_are_kept() {
    let lines: Vec<String> = (0..400).map(|number| line(&format!("n{number:03}"), "1")).collect();
    let (server, home) = (server(), home_with(&lines));
    let url = server.url("/deep?m=1;+Path=/;+Domain=localhost").replace("127.0.0.1", "localhost");
    home.ok(["--jar", "c.txt", &url]);
    assert_eq!(cookies(&home, "c.txt").len(), 400 + 1 - 1, "the 401st had to make room");
}

#[test]
fn many_lines_in_no_order_are_all_read() {
    // With an insertion for each line this takes as many moves as there are pairs of them.
    const COUNT: usize = 40_000;
    let lines: Vec<String> =
        (0..COUNT).map(|number| line(&format!("n{:05}", number * 7919 % COUNT), "1")).collect();
    let home = home_with(&lines);
    let ran = home.ok(["--jar", "c.txt", "jar", "list", "--format", "json"]);
    assert_eq!(ran.out.matches("\"name\"").count(), COUNT);
}

#[test]
fn a_line_that_is_no_cookie_refuses_the_jar_and_leaves_it() {
    let (server, home) = (server(), home_with(&[line("a", "1"), "half\ta line\n".to_owned()]));
    let before = fs::read(home.path().join("c.txt")).expect("the jar");
    let ran = home.run(["--jar", "c.txt", &server.url("/?b=2")]);
    assert_eq!(ran.status, 101, "{ran:?}");
    assert!(ran.err.contains("c.txt cannot be read: line 4: "), "{ran:?}");
    assert_eq!(fs::read(home.path().join("c.txt")).expect("the jar"), before);
    assert_eq!(server.heard(), [""; 0]);
}

#[test]
fn what_the_format_can_not_hold_is_refused_with_the_reason() {
    let (server, home) = (server(), Home::new());
    let ran = home.ok(["-v", "--jar", "c.txt", &server.url("/?nameless")]);
    assert!(ran.err.contains("(nameless)  format-cannot-hold: the jar is a cookies.txt"), "{ran:?}");
    assert!(!home.path().join("c.txt").exists());
}

#[test]
fn the_verbs_work_on_a_cookies_txt_too() {
    let home = home_with(&[line("a", "1"), line("b", "2")]);
    home.ok(["--jar", "c.txt", "jar", "remove", "a"]);
    home.ok(["--jar", "c.txt", "jar", "set", "--url", "https://s.test", "s=1; Secure; Domain=s.test"]);
    assert_eq!(cookies(&home, "c.txt"), [line("b", "2"), ".s.test\tTRUE\t/\tTRUE\t0\ts\t1\n".to_owned()]);
    home.ok(["jar", "copy", "c.txt", "work"]);
    assert_eq!(home.ok(["--jar", "work", "jar", "list", "--format", "names"]).out, "b\ns\n");
}

#[test]
fn dash_b_takes_cookies_by_hand_or_from_files() {
    let (server, home) = (server(), home_with(&[line("f", "1")]));
    home.write(
        "state.json",
        r#"{"cookies":[{"name":"p","value":"2","domain":"127.0.0.1","path":"/","expires":-1}],"origins":[]}"#,
    );
    sends(&home, &["-b", "a=1; b=2", "-b", "c=3", &server.url("/")], "a=1; b=2; c=3");
    // What is not written need not fit into a cookies.txt.
    home.write("header", "Set-Cookie: nameless\n");
    sends(&home, &["-b", "header", &server.url("/")], "nameless");
    sends(&home, &["-b", "c.txt", &server.url("/?new=1")], "f=1");
    sends(&home, &["-b", "c.txt", "-b", "state.json", "-b", "f=hand", &server.url("/")], "p=2; f=hand");
    assert_eq!(cookies(&home, "c.txt"), [line("f", "1")]);
    assert!(!home.default_jar().exists(), "by files and by hand, nothing is stored");
}

#[test]
fn cookies_by_hand_stay_with_the_jar_and_out_of_it() {
    let (server, home) = (server(), Home::new());
    sends(&home, &["-b", "a=hand", &server.url("/?a=1")], "a=hand");
    sends(&home, &[&server.url("/")], "a=1");
}

#[test]
fn dash_b_says_what_it_can_not_read() {
    let (server, home) = (server(), Home::new());
    let ran = home.ok(["-b", "nowhere", "-i", &server.url("/")]);
    assert!(ran.out.contains("X-Cookie: none"), "{ran:?}");
    assert!(ran.err.contains("there is no file nowhere") && ran.err.contains("\nhint: "), "{ran:?}");
    home.write("noise", "\u{1}\u{2}\u{3}");
    let ran = home.run(["-b", "noise", &server.url("/")]);
    assert_eq!(ran.status, 26, "{ran:?}");
    assert!(ran.err.contains("-b: noise "), "{ran:?}");
    assert_eq!(server.heard().len(), 1);
}

#[test]
fn dash_c_writes_all_cookies_in_the_place_of_what_was_there() {
    let (server, home) = (server(), home_with(&[line("old", "1")]));
    sends(&home, &["-c", "new.txt", &server.url("/?a=1")], "none");
    assert_eq!(cookies(&home, "new.txt"), [line("a", "1")]);
    sends(&home, &["-b", "c.txt", "-c", "new.txt", &server.url("/?b=2")], "old=1");
    assert_eq!(cookies(&home, "new.txt"), [line("old", "1"), line("b", "2")]);
    assert_eq!(cookies(&home, "c.txt"), [line("old", "1")]);
    sends(&home, &["-c", "nothing", &server.url("/")], "none");
    assert_eq!(cookies(&home, "nothing"), [""; 0]);
}

#[test]
fn one_file_for_both_is_a_jar_like_any_other() {
    let (server, home) = (server(), home_with(&[line("a", "1")]));
    sends(&home, &["-b", "c.txt", "-c", "c.txt", &server.url("/?b=2")], "a=1");
    assert_eq!(cookies(&home, "c.txt"), [line("a", "1"), line("b", "2")]);
}

#[test]
fn one_file_may_be_spelt_in_two_ways_and_a_device_keeps_nothing() {
    let (server, home) = (server(), home_with(&[line("a", "1")]));
    sends(&home, &["-b", "./c.txt", "-c", "c.txt", &server.url("/?b=2")], "a=1");
    assert_eq!(cookies(&home, "c.txt"), [line("a", "1"), line("b", "2")]);
    sends(&home, &["-b", "c.txt", "-c", "/dev/null", &server.url("/?c=3")], "a=1; b=2");
    for (arguments, named) in [(["-c", ""], "-c needs"), (["-c", "x"], "-c can't go with --read-only")] {
        let ran = home.run(["--read-only", "http://127.0.0.1:1"].iter().chain(&arguments));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains(named), "{ran:?}");
    }
}

#[test]
fn a_cookie_that_names_no_host_goes_to_nobody() {
    let (server, home) = (server(), Home::new());
    home.write("old.json", r#"{"__meta__":{"httpie":"2.0.0"},"cookies":{"sid":{"value":"1","path":"/"}}}"#);
    let ran = home.ok(["-i", "-b", "old.json", &server.url("/")]);
    assert!(ran.out.contains("X-Cookie: none"), "{ran:?}");
    assert!(ran.err.contains("old.json: 1 of its rows"), "{ran:?}");
}

#[test]
fn what_a_cookies_txt_can_not_hold_is_left_behind_and_said() {
    let home = home_with(&[line("a", "1")]);
    home.ok(["jar", "set", "--url", "https://a.test", "nameless", "b=2"]);
    let ran = home.ok(["jar", "copy", "default", "c.txt"]);
    assert_eq!(ran.out, "copied 1 cookie into jar 'c.txt': 1 new\n");
    assert!(ran.err.contains("left behind: 1 cookie"), "{ran:?}");
    for verb in [&["jar", "pin", "a"][..], &["jar", "limits", "--total", "1"]] {
        let ran = home.run(["--jar", "c.txt"].iter().chain(verb));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains("a cookies.txt can't hold"), "{ran:?}");
    }
    assert_eq!(cookies(&home, "c.txt").len(), 2);
}

#[test]
fn dash_c_dash_prints_the_cookies_behind_the_body() {
    let (server, home) = (server(), Home::new());
    let ran = home.ok(["-c", "-", &server.url("/?a=1")]);
    assert!(ran.out.ends_with(&format!("\n\n{}", line("a", "1"))), "{ran:?}");
    assert!(ran.out.contains(HEAD), "{ran:?}");
    assert_eq!(fs::read_dir(home.path()).expect("the home").count(), 0);
}

#[test]
fn dash_c_leaves_a_file_that_is_no_jar() {
    let (server, home) = (server(), Home::new());
    home.write("notes", "do not lose\n");
    home.write("comments", "# do not lose\n");
    let ran = home.run(["-c", "notes", &server.url("/?a=1")]);
    assert_eq!(ran.status, 101, "{ran:?}");
    assert_eq!(fs::read_to_string(home.path().join("notes")).expect("a file"), "do not lose\n");
    assert_eq!(home.run(["-c", "comments", &server.url("/?a=1")]).status, 101);
    assert_eq!(server.heard(), [""; 0]);
}

#[test]
fn dash_j_junks_session_cookies_that_were_stored_before() {
    let (server, home) = (server(), Home::new());
    sends(&home, &[&server.url("/?s=1")], "none");
    sends(&home, &[&server.url("/?p=1;+Max-Age=100")], "s=1");
    let ran = home.ok(["-i", "-j", &server.url("/?t=2")]);
    assert!(ran.out.contains("X-Cookie: p=1\r\n"), "{ran:?}");
    assert_eq!(ran.err, "kuki: junked 1 cookie of jar 'default'\n");
    sends(&home, &[&server.url("/")], "p=1; t=2");
}

#[test]
fn jars_that_exclude_one_another_are_named() {
    let home = Home::new();
    for arguments in [["--jar", "x", "-c", "y"], ["--jar", "x", "-b", "y"]] {
        let ran = home.run(arguments.iter().chain(&["http://127.0.0.1:1"]));
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains("--jar can't go with -b FILE or -c FILE"), "{ran:?}");
    }
}
