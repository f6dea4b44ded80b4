//! Owns the tests of the verbs of `kuki jar` that change a jar by hand, and of the filters that they share.
//! Does not import or export; `formats` does.

use crate::support::{Home, Ran};

const NOON: &str = "2026-05-01T12:00:00Z";

/// Six cookies of three sites, each set as a response would have.
const SET: [(&str, &str); 6] = [
    ("https://app.corp.test/", "sid=s1; Secure; HttpOnly; SameSite=Lax"),
    ("https://app.corp.test/", "theme=dark; Max-Age=3600; Path=/ui"),
    ("https://app.corp.test/", "sso=t0k3n; Domain=corp.test; Secure; Max-Age=86400"),
    ("http://other.test/", "sid=s2; Max-Age=864000"),
    ("http://other.test/", "track=abcdef"),
    ("http://third.test/", "_ga_1=x; SameSite=Strict"),
];

fn home() -> Home {
    let home = Home::new();
    for (url, line) in SET {
        assert_eq!(jar(&home, &["set", "--url", url, line]).status, 0);
    }
    home
}

fn jar(home: &Home, arguments: &[&str]) -> Ran {
    let mut command = home.kuki(["jar"].iter().chain(arguments));
    Ran::from(command.env("KUKI_NOW", NOON).output().expect("the program starts"))
}

/// What a verb says, where it succeeds and has nothing to complain of.
#[track_caller]
fn said(home: &Home, arguments: &[&str]) -> String {
    let ran = jar(home, arguments);
    assert_eq!((ran.status, &*ran.err), (0, ""), "{arguments:?} {ran:?}");
    ran.out
}

/// `domain name`, for each that a filter finds.
#[track_caller]
fn finds(home: &Home, filter: &str, expected: &[&str]) {
    let arguments: Vec<&str> =
        ["list", "--format", "json"].into_iter().chain(filter.split_whitespace()).collect();
    let ran = jar(home, &arguments);
    let rows: serde_json::Value = serde_json::from_str(&ran.out).expect("an array");
    let text = |row: &serde_json::Value, field: &str| row[field].as_str().unwrap_or_default().to_owned();
    let rows = rows.as_array().expect("an array").iter();
    let found: Vec<_> = rows.map(|row| format!("{} {}", text(row, "domain"), text(row, "name"))).collect();
    assert_eq!(found, expected, "{filter}");
    assert_eq!(ran.status, i32::from(expected.is_empty()), "{filter}");
}

#[test]
fn filters_name_cookies_by_what_they_are() {
    let home = home();
    for (filter, expected) in [
        ("--domain corp.test", &["corp.test sso"][..]),
        ("--domain .CORP.test --subdomains", &["app.corp.test sid", "app.corp.test theme", "corp.test sso"]),
        ("--name sid", &["app.corp.test sid", "other.test sid"]),
        ("--name s* --domain app.corp.test", &["app.corp.test sid"]),
        ("--name theme --name track", &["app.corp.test theme", "other.test track"]),
        ("--path /ui", &["app.corp.test theme"]),
        ("--session", &["app.corp.test sid", "other.test track", "third.test _ga_1"]),
        ("--persistent", &["app.corp.test theme", "corp.test sso", "other.test sid"]),
        ("--secure", &["app.corp.test sid", "corp.test sso"]),
        ("--http-only", &["app.corp.test sid"]),
        ("--same-site strict", &["third.test _ga_1"]),
        ("--same-site unset --domain other.test", &["other.test sid", "other.test track"]),
        ("--expires-within 2h", &["app.corp.test theme"]),
        ("--expires-before 2026-05-03", &["app.corp.test theme", "corp.test sso"]),
        ("--expires-within 300000years", &["app.corp.test theme", "corp.test sso", "other.test sid"]),
        ("--expired", &[]),
        ("--name nothing*", &[]),
    ] {
        finds(&home, filter, expected);
    }
}

#[test]
fn a_url_finds_what_would_be_sent_there_in_the_order_of_the_header() {
    let home = home();
    finds(
        &home,
        "--url https://app.corp.test/ui/x",
        &["app.corp.test theme", "app.corp.test sid", "corp.test sso"],
    );
    finds(&home, "--url http://app.corp.test/", &[]);
    finds(&home, "--url https://www.corp.test/ --secure", &["corp.test sso"]);
}

#[test]
fn expired_cookies_are_found_until_a_save_drops_them() {
    let home = home();
    let mut later = home.kuki(["jar", "list", "--expired", "--format", "names"]);
    let ran = Ran::from(later.env("KUKI_NOW", "2026-05-01T13:00:00Z").output().expect("the program starts"));
    assert_eq!((ran.status, &*ran.out), (0, "theme\n"));
}

#[test]
fn a_listing_is_sorted_as_asked_and_shows_names_or_values_alone() {
    let home = home();
    let names = |sort: &str| said(&home, &["list", "--format", "names", "--sort", sort]).replace('\n', " ");
    assert_eq!(names("name"), "_ga_1 sid sid sso theme track ");
    assert_eq!(names("expires"), "theme sso sid sid track _ga_1 ");
    assert_eq!(names("-created"), "_ga_1 track sid sso theme sid ");
    assert_eq!(names("-size"), "track theme sso _ga_1 sid sid ");
    assert_eq!(said(&home, &["list", "--domain", "other.test", "--format", "value"]), "s2\nabcdef\n");
}

#[test]
fn get_gives_a_script_the_one_value_that_it_needs() {
    let home = home();
    assert_eq!(said(&home, &["get", "sid", "--url", "https://app.corp.test", "--format", "value"]), "s1\n");
    assert_eq!(said(&home, &["get", "s?d", "--domain", "other.test", "--format", "value"]), "s2\n");
    let ran = jar(&home, &["get", "sid", "--format", "value"]);
    assert_eq!((ran.status, &*ran.out), (0, "s1\ns2\n"));
    assert!(ran.err.starts_with("kuki: 2 cookies fit, a value a line; "), "{ran:?}");
    let ran = jar(&home, &["get", "nothing", "--format", "value"]);
    assert_eq!((ran.status, &*ran.out), (1, ""));
}

#[test]
fn set_takes_a_line_or_fields_and_obeys_the_rules() {
    let home = Home::new();
    assert_eq!(
        said(&home, &["set", "--url", "https://a.test/x/y", "sid=1; Secure; HttpOnly"]),
        "stored    sid  a.test (host only)  /x  session  Secure HttpOnly\n"
    );
    let fields =
        ["--name", "b", "--value", "v", "--path", "/p", "--max-age", "2d", "--same-site", "lax", "--secure"];
    assert_eq!(
        said(&home, &[&["set", "--domain", "a.test"][..], &fields].concat()),
        "stored    b  .a.test  /p  in 2 d  Secure Lax\n"
    );
    for expires in ["2026-05-04T12:00:00Z", "Mon, 04 May 2026 12:00:00 GMT"] {
        let out = said(
            &home,
            &["set", "--url", "https://a.test", "--name", "c", "--value", "1", "--expires", expires],
        );
        assert!(out.ends_with(" c  a.test (host only)  /  in 3 d\n"), "{out}");
    }
    let ran = jar(&home, &["set", "--url", "https://a.test/", "ok=1", "bad=1; Domain=test"]);
    assert_eq!(ran.status, 105);
    assert!(ran.out.starts_with("stored    ok "), "{ran:?}");
    assert!(ran.out.contains("\nrefused   bad  domain-is-public-suffix: "), "{ran:?}");
    finds(&home, "--name ok", &["a.test ok"]);
}

#[test]
fn set_reads_secrets_from_files_and_from_standard_input() {
    let home = Home::new();
    home.write("secret", "s3cr3t\n");
    said(&home, &["set", "--url", "https://a.test", "--name", "a", "--value", "@secret"]);
    home.write("lines", "b=1; Path=/b\r\n\nc=2\n");
    let mut command = home.kuki(["jar", "set", "--url", "https://a.test", "-"]);
    let lines = std::fs::File::open(home.path().join("lines")).expect("it was just written");
    let ran = Ran::from(command.stdin(lines).output().expect("the program starts"));
    assert_eq!(ran.status, 0, "{ran:?}");
    assert_eq!(said(&home, &["list", "--format", "value"]), "s3cr3t\n2\n1\n");
}

#[test]
fn set_says_what_it_needs() {
    let home = Home::new();
    for (arguments, message) in [
        (&["set"][..], "kuki jar set needs a cookie"),
        (&["set", "a=1"], "kuki jar set needs to know where the cookie belongs"),
        (&["set", "--url", "https://a.test", "--name", "a", "--value", "x; Secure"], "--value holds a `;`"),
        (
            &["set", "--url", "https://a.test", "a=1", "--max-age", "soon"],
            "--max-age: `soon` is not a span of time",
        ),
        (&["set", "--url", "https://a.test", "a=1", "--expires", "soon"], "--expires: `soon` is not a time"),
        (&["set", "--url", "https://a.test", "a=1", "--same-site", "laxx"], "--same-site: `laxx` is none of"),
        (&["set", "--url", "https://a.test", "a=1", "--path", "x"], "--path: `x` does not begin with `/`"),
        (&["set", "--url", "https://a.test", "a=1", "--name", "b"], "--name and --value are one cookie"),
        (&["set", "--url", "https://a.test", "--value", "b"], "--value needs --name"),
        (&["set", "--url", "https://a.test", "Cookie: a=1"], "a Cookie header is what a client sends"),
    ] {
        let ran = jar(&home, arguments);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains(message) && ran.err.contains("\nhint: "), "{ran:?}");
    }
    assert!(!home.default_jar().exists());
}

#[test]
fn remove_takes_names_and_filters_but_never_nothing() {
    let home = home();
    assert_eq!(said(&home, &["rm", "sid", "--domain", "other.test"]), "removed 1 cookie\n");
    assert_eq!(said(&home, &["remove", "_ga*", "track"]), "removed 2 cookies\n");
    assert_eq!(said(&home, &["remove", "--secure"]), "removed 2 cookies\n");
    finds(&home, "", &["app.corp.test theme"]);
    let ran = jar(&home, &["remove", "nothing"]);
    assert_eq!((ran.status, &*ran.out), (1, "removed 0 cookies\n"));
    let ran = jar(&home, &["remove"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    finds(&home, "", &["app.corp.test theme"]);
}

#[test]
fn a_clear_leaves_nothing_of_a_save_that_was_killed() {
    let home = home();
    let leftover = home.default_jar().with_file_name("default.json.tmp");
    for arguments in [&["clear", "--name", "nothing"][..], &["clear"]] {
        std::fs::write(&leftover, "half a jar with its values").expect("our own file");
        let _ = jar(&home, arguments);
        assert!(!leftover.exists(), "{arguments:?}");
    }
}

#[test]
fn a_dry_run_shows_what_would_go_and_changes_nothing() {
    let home = home();
    let before = std::fs::read(home.default_jar()).expect("a jar");
    let out = said(&home, &["clear", "--domain", "other.test", "--dry-run"]);
    assert!(out.starts_with("DOMAIN      NAME   VALUE"), "{out}");
    assert!(out.ends_with("\nwould remove 2 cookies; nothing was changed\n"), "{out}");
    let out = said(&home, &["copy", "default", "work", "--dry-run"]);
    assert!(out.ends_with("\nwould copy 6 cookies into jar 'work'\n"), "{out}");
    assert_eq!(std::fs::read(home.default_jar()).expect("a jar"), before);
    assert!(!home.default_jar().with_file_name("work.json").exists());
}

#[test]
fn copy_fills_another_jar_with_the_limits_of_the_first() {
    let home = home();
    said(&home, &["limits", "--per-domain", "5"]);
    said(&home, &["pin", "sso"]);
    assert_eq!(
        said(&home, &["copy", "default", "work", "--domain", "corp.test", "--subdomains"]),
        "copied 3 cookies into jar 'work': 3 new\n"
    );
    assert!(said(&home, &["--jar", "work", "limits"]).starts_with("per domain    5\n"));
    assert_eq!(
        said(&home, &["--jar", "work", "list", "--format", "names", "--sort", "created"]),
        "sid\ntheme\nsso\n"
    );
    assert!(said(&home, &["--jar", "work", "list", "--name", "sso"]).contains("pinned"));
    assert_eq!(
        said(&home, &["cp", "default", "work", "--name", "sid"]),
        "copied 2 cookies into jar 'work': 1 new, 1 replaced\n"
    );
}

#[test]
fn copy_pushes_nothing_out_unless_it_is_told_to() {
    let home = home();
    said(&home, &["--jar", "small", "limits", "--total", "2"]);
    said(&home, &["--jar", "small", "set", "--url", "https://old.test", "old=1"]);
    let ran = jar(&home, &["copy", "default", "small"]);
    assert_eq!(ran.status, 105, "{ran:?}");
    assert!(
        ran.err.contains("6 cookies would push 5 out by the limits (20 per domain, 2 in all)"),
        "{ran:?}"
    );
    assert_eq!(said(&home, &["--jar", "small", "list", "--format", "names"]), "old\n");
    let out = said(&home, &["copy", "default", "small", "--evict"]);
    assert_eq!(out, "copied 6 cookies into jar 'small': 6 new, 5 evicted\n");
}

#[test]
fn a_jar_is_not_copied_onto_itself() {
    let home = home();
    let ran = jar(&home, &["copy", "default", "default"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("one and the same"), "{ran:?}");
}

#[test]
fn all_shows_every_named_jar_and_says_which_can_not_be_read() {
    let home = home();
    said(&home, &["--jar", "work", "set", "--url", "https://a.test", "a=1; Max-Age=60"]);
    let out = said(&home, &["all"]);
    let cells: Vec<Vec<&str>> = out.lines().map(|line| line.split_whitespace().collect()).collect();
    assert_eq!(cells[0], ["JAR", "COOKIES", "SESSION", "EXPIRED", "DOMAINS", "SIZE"]);
    assert_eq!(cells[1][..5], ["default", "6", "3", "0", "4"]);
    assert_eq!(cells[2][..5], ["work", "1", "0", "0", "1"]);
    assert_eq!(cells[3], ["2", "jars"]);
    std::fs::write(home.default_jar(), "{").expect("our own file");
    let ran = jar(&home, &["all", "--format", "json"]);
    assert_eq!(ran.status, 101, "{ran:?}");
    let document: serde_json::Value = serde_json::from_str(&ran.out).expect("a document");
    let rows = &document["jars"];
    assert!(rows[0]["why"].as_str().expect("a reason").contains("default.json"), "{ran:?}");
    assert_eq!(rows[1]["cookies"], 1);
}

#[test]
fn without_any_jar_there_is_nothing_to_show() {
    let ran = jar(&Home::new(), &["all"]);
    assert_eq!((ran.status, &*ran.out, &*ran.err), (1, "no jars\n", ""));
}

#[test]
fn what_a_filter_can_not_mean_is_named() {
    let home = home();
    for (arguments, message) in [
        (&["list", "--subdomains"][..], "--subdomains needs --domain"),
        (
            &["clear", "--session", "--persistent"],
            "--session, --persistent and --expired exclude one another",
        ),
        (&["clear", "--no-session"], "unexpected argument '--no-session'"),
        (&["remove", "a", "--name", "b"], "--name can't go with a name behind the verb"),
        (&["list", "--domain", "a b"], "--domain: `a b` is not a domain"),
        (&["list", "--same-site", "maybe"], "--same-site: `maybe` is none of"),
        (&["list", "--expires-within", "soon"], "--expires-within: `soon` is not a span of time"),
        (&["list", "--expires-before", "soon"], "--expires-before: `soon` is not a time"),
        (&["list", "--sort", "colour"], "--sort: cookies can't be sorted by `colour`"),
        (&["list", "--format", "yaml"], "--format: `yaml` is no way to list cookies"),
    ] {
        let ran = jar(&home, arguments);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains(message) && ran.err.contains("\nhint: "), "{ran:?}");
    }
}
