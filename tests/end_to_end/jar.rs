//! Owns the tests of `kuki jar`, by the real program: what it lists, clears and names, and which files it refuses.
//! Does not save or merge much; `crash` and `races` do.

// Whoever runs the tests is told what was left out.
#![allow(clippy::print_stderr)]

use std::fs::{self, File, Permissions};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::server::Server;
use crate::support::{Home, Ran};

/// Every kind of cookie that version 1 can hold; it must load for ever.
const V1: &str = include_str!("../../fixtures/jars/v1.json");

/// Texts that are no jar, and what is said of each.
const CORRUPT: &str = include_str!("../../fixtures/jars/corrupt.json");

const NOON: &str = "2026-05-01T12:00:00Z";
/// When all cookies of the fixture are still good.
const MORNING: &str = "2026-05-01T11:30:00Z";

/// A home in which `jar.json` holds this.
fn home_with(text: &str) -> Home {
    let home = Home::new();
    let jar = home.write("jar.json", text);
    fs::set_permissions(jar, Permissions::from_mode(0o600)).expect("our own file");
    home
}

fn jar(home: &Home, arguments: &str, now: &str, columns: &str) -> Ran {
    let arguments = arguments.split_whitespace();
    let mut command = home.kuki(["--jar", "jar.json", "jar"].into_iter().chain(arguments));
    Ran::from(command.env("KUKI_NOW", now).env("COLUMNS", columns).output().expect("the program starts"))
}

/// A jar of one cookie whose name and value are given as fields of its line.
fn jar_of(name: &str, value: &str) -> String {
    format!(
        r#"{{"format":"kuki-jar","version":1,"cookies":[{{{name},{value},"domain":"a.test","host_only":true,
        "path":"/","created":"2026-05-01T10:00:00.000000Z"}}]}}"#
    )
}

#[test]
fn the_table_fits_its_columns_and_masks_values() {
    let ran = jar(&home_with(V1), "list", NOON, "120");
    let expected = "\
DOMAIN                 NAME       VALUE             PATH   EXPIRES    FLAGS
app.corp.test          csrftoken  Yx81kq0v… (32 B)  /      in 364 d   Lax
app.corp.test          sid        s%… (8 B)         /      session    HttpOnly
app.corp.test                     na… (8 B)         /docs  expired    Secure None
.corp.test             sso        eyJhb… (20 B)     /      in 14 min  Secure HttpOnly Strict pinned
xn--bcher-kva.example  n\\xff      … (3 B)           /\\xff  session
5 cookies in jar 'jar.json' (at most 300, 20 per domain)
";
    assert_eq!((ran.status, &*ran.out, &*ran.err), (0, expected, ""));
}

#[test]
fn a_narrow_terminal_shortens_values_first_and_times_never() {
    let ran = jar(&home_with(V1), "list", NOON, "80");
    let expected = "\
DOMAIN           NAME    VALUE   PATH   EXPIRES    FLAGS
app.corp.test    csrft…  Yx81k…  /      in 364 d   Lax
app.corp.test    sid     s%… (…  /      session    HttpOnly
app.corp.test            na… (…  /docs  expired    Secure None
.corp.test       sso     eyJhb…  /      in 14 min  Secure HttpOnly Strict pinned
xn--bcher-kva.…  n\\xff   … (3 …  /\\xff  session
5 cookies in jar 'jar.json' (at most 300, 20 per domain)
";
    assert_eq!((ran.status, &*ran.out, &*ran.err), (0, expected, ""));
}

#[test]
fn reveal_shows_the_values() {
    let ran = jar(&home_with(V1), "list --reveal", NOON, "200");
    let expected = "\
DOMAIN                 NAME       VALUE                             PATH   EXPIRES    FLAGS
app.corp.test          csrftoken  Yx81kq0vUe7LmT3wZp9Rb2Nc5Hd6Jf4K  /      in 364 d   Lax
app.corp.test          sid        s%3A8f2c                          /      session    HttpOnly
app.corp.test                     nameless                          /docs  expired    Secure None
.corp.test             sso        eyJhbGciOiJIUzI1NiJ9              /      in 14 min  Secure HttpOnly Strict pinned
xn--bcher-kva.example  n\\xff      v\\xfe\\xc0                         /\\xff  session
5 cookies in jar 'jar.json' (at most 300, 20 per domain)
";
    assert_eq!((ran.status, &*ran.out, &*ran.err), (0, expected, ""));
}

#[test]
fn json_is_the_cookies_exactly_as_the_file_holds_them_without_the_fields_of_others() {
    let ran = jar(&home_with(V1), "list --format json", NOON, "80");
    let (_, cookies) = V1.split_once("\"cookies\":").expect("a jar");
    let expected = cookies.replace(r#","partition":"https://b.test""#, "").replace("]}", "]");
    assert_eq!((ran.status, &*ran.out, &*ran.err), (0, &*expected, ""));
}

#[test]
fn json_has_the_documented_fields_and_no_others() {
    let ran = jar(&home_with(V1), "list --format json", NOON, "80");
    let rows: Vec<Value> = serde_json::from_str(&ran.out).expect("a valid array");
    let fields = |row: &Value| {
        let mut names: Vec<_> = row.as_object().expect("an object").keys().cloned().collect();
        names.sort();
        names.join(" ")
    };
    let plain = "created domain expires host_only http_only last_access name path pinned same_site secure updated value";
    let octets = "created domain expires host_only http_only last_access name_base64 path_base64 pinned same_site \
                  secure updated value_base64";
    assert_eq!(rows.iter().map(fields).collect::<Vec<_>>(), [plain, plain, plain, plain, octets]);
}

#[test]
fn octets_that_are_no_text_come_in_and_go_out_as_they_are() {
    let server = Server::start(|_| {
        let line: &[u8] = b"Set-Cookie: n\xff=v\xfe\xc0; Path=/\r\n";
        [b"HTTP/1.1 200 OK\r\n", line, b"Content-Length: 0\r\nConnection: close\r\n\r\n"].concat()
    });
    let home = Home::new();
    home.ok(["--jar", "jar.json", &server.url("/")]);
    let ran = jar(&home, "list --format json", NOON, "80");
    let rows: Vec<Value> = serde_json::from_str(&ran.out).expect("a valid array");
    assert_eq!(
        (&rows[0]["name_base64"], &rows[0]["value_base64"]),
        (&Value::from("bv8="), &Value::from("dv7A"))
    );
}

#[test]
fn what_could_drive_a_terminal_is_shown_and_not_obeyed() {
    for (name, value, shown_name, shown_value) in [
        (r#""name":"a\u009b31m""#, r#""value":"b\u0085c""#, r"a\u{9b}31m", r"b\u{85}c"),
        (r#""name":"a\u202eb""#, r#""value":"\u2066c\u200f""#, r"a\u{202e}b", r"\u{2066}c\u{200f}"),
        (r#""name_base64":"YZsxbQ==""#, r#""value_base64":"m/8=""#, r"a\x9b1m", r"\x9b\xff"),
        (r#""name":"쿠키""#, r#""value":"a\tb""#, "쿠키", r"a\x09b"),
    ] {
        let ran = jar(&home_with(&jar_of(name, value)), "list --reveal", NOON, "200");
        let row: Vec<_> = ran.out.lines().nth(1).unwrap_or_default().split_whitespace().collect();
        assert_eq!(row, ["a.test", shown_name, shown_value, "/", "session"], "{ran:#?}");
        let unsafe_letter = |letter: char| {
            letter.is_control() && letter != '\n' || ('\u{2028}'..='\u{2069}').contains(&letter)
        };
        assert!(!ran.out.contains(unsafe_letter), "{ran:#?}");
    }
}

#[test]
fn a_jar_without_cookies_is_status_1() {
    let home = Home::new();
    let table = home.run(["jar", "list"]);
    let said = "no cookies in jar 'default', which is not there yet\n";
    assert_eq!((table.status, &*table.out, &*table.err), (1, said, ""));
    let json = home.run(["jar", "list", "--format", "json"]);
    assert_eq!((json.status, &*json.out, &*json.err), (1, "[]\n", ""));
    assert_eq!(fs::read_dir(home.path()).expect("the home").count(), 0);
}

#[test]
fn a_jar_that_others_can_read_is_reported_with_what_mends_it() {
    for mode in [0o644, 0o640, 0o602] {
        let home = home_with(V1);
        let path = home.path().join("jar.json");
        fs::set_permissions(&path, Permissions::from_mode(mode)).expect("our own file");
        let ran = home.ok(["--jar", path.to_str().expect("ASCII"), "jar", "list"]);
        let path = path.display();
        let said =
            format!("kuki: the jar {path} can be read by others (mode {mode:04o})\nhint: chmod 600 {path}\n");
        assert_eq!(ran.err, said);
    }
}

/// The cookies that are left: the name of each, or the value of a nameless one.
fn left(home: &Home) -> String {
    let listed = jar(home, "list --format json", MORNING, "80").out;
    let rows: Vec<Value> = serde_json::from_str(&listed).expect("a valid array");
    let name = |row: &Value| {
        let name = row
            .get("name")
            .or(row.get("name_base64"))
            .and_then(Value::as_str)
            .filter(|name| !name.is_empty());
        name.or(row["value"].as_str()).expect("a text").to_owned()
    };
    rows.iter().map(name).collect::<Vec<_>>().join(" ")
}

#[test]
fn clear_removes_what_all_of_its_filters_fit() {
    for (filters, removed, remaining) in [
        ("", "5 cookies", ""),
        ("--domain app.corp.test", "3 cookies", "sso bv8="),
        ("--domain .Corp.Test", "1 cookie", "csrftoken sid nameless bv8="),
        ("--domain bücher.example", "1 cookie", "csrftoken sid nameless sso"),
        ("--name sid", "1 cookie", "csrftoken nameless sso bv8="),
        ("--session", "2 cookies", "csrftoken nameless sso"),
        ("--session --domain app.corp.test", "1 cookie", "csrftoken nameless sso bv8="),
        ("--session --name csrftoken", "0 cookies", "csrftoken sid nameless sso bv8="),
        ("--domain b.test", "0 cookies", "csrftoken sid nameless sso bv8="),
        ("--domain test", "0 cookies", "csrftoken sid nameless sso bv8="),
    ] {
        let home = home_with(V1);
        let ran = jar(&home, &format!("clear {filters}"), MORNING, "80");
        let expected = (i32::from(removed == "0 cookies"), format!("removed {removed}\n"), String::new());
        assert_eq!((ran.status, ran.out, ran.err), expected, "{filters}");
        assert_eq!(left(&home), remaining, "{filters}");
    }
}

#[test]
fn clear_that_fits_nothing_leaves_the_file_alone() {
    let home = home_with(V1);
    let before = fs::metadata(home.path().join("jar.json")).expect("the jar").ino();
    assert_eq!(jar(&home, "clear --name nobody", MORNING, "80").status, 1);
    let after = fs::metadata(home.path().join("jar.json")).expect("the jar").ino();
    assert_eq!(
        (after, fs::read_to_string(home.path().join("jar.json")).expect("the jar")),
        (before, V1.to_owned())
    );
}

#[test]
fn the_value_of_a_cleared_cookie_is_nowhere_in_the_file_and_its_key_is_remembered() {
    let home = home_with(V1);
    assert_eq!(jar(&home, "clear --name sso", MORNING, "80").status, 0);
    let text = fs::read_to_string(home.path().join("jar.json")).expect("the jar");
    assert!(!text.contains("eyJhbGciOiJIUzI1NiJ9"), "{text}");
    let key = r#"{"name":"sso","domain":"corp.test","host_only":false,"path":"/","at":"2026-05-01T11:30:00.000000Z"}"#;
    let (removed, cookies) = text.split_once("\"cookies\":").expect("a jar");
    assert_eq!((removed.matches(key).count(), cookies.contains("sso")), (1, false), "{text}");
}

#[test]
fn clear_of_every_cookie_leaves_a_jar_that_keeps_its_header() {
    let home = home_with(V1);
    jar(&home, "clear", MORNING, "80");
    let text = fs::read_to_string(home.path().join("jar.json")).expect("the jar");
    let header = V1.lines().next().expect("a header");
    assert_eq!(
        (text.lines().next(), text.ends_with("],\n\"cookies\":[]}\n")),
        (Some(header), true),
        "{text}"
    );
}

#[test]
fn path_says_where_the_jar_is_and_makes_nothing() {
    let home = Home::new();
    let at = home.path().to_str().expect("ASCII");
    for (variables, arguments, expected) in [
        (&[][..], &[][..], format!("{at}/.local/share/kuki/jars/default.json")),
        (&[], &["--jar", "work"], format!("{at}/.local/share/kuki/jars/work.json")),
        (&[], &["--jar", "./work"], "./work".to_owned()),
        (&[], &["--jar", "a/b.json"], "a/b.json".to_owned()),
        (&[("KUKI_JAR", "team")], &[], format!("{at}/.local/share/kuki/jars/team.json")),
        (&[("KUKI_JAR", "/elsewhere/j.json")], &[], "/elsewhere/j.json".to_owned()),
        (&[("KUKI_JAR", "team")], &["--jar", "work"], format!("{at}/.local/share/kuki/jars/work.json")),
        (&[("KUKI_JAR", "")], &[], format!("{at}/.local/share/kuki/jars/default.json")),
        (&[("XDG_DATA_HOME", "/data")], &[], "/data/kuki/jars/default.json".to_owned()),
        (&[("XDG_DATA_HOME", "/data"), ("KUKI_JAR", "j.json")], &[], "j.json".to_owned()),
    ] {
        let mut command = home.kuki(["jar", "path"]);
        let ran = command.args(arguments).envs(variables.iter().copied()).output();
        let ran = Ran::from(ran.expect("the program starts"));
        assert_eq!(
            (ran.status, ran.out, &*ran.err),
            (0, format!("{expected}\n"), ""),
            "{variables:?} {arguments:?}"
        );
    }
    assert_eq!(fs::read_dir(home.path()).expect("the home").count(), 0);
}

#[test]
fn options_stand_before_or_after_the_verb() {
    let home = home_with(V1);
    let expected = jar(&home, "list --format json", NOON, "80").out;
    for line in [
        "jar list --format json --jar jar.json",
        "jar --jar=jar.json list --format=json",
        "--format json --jar jar.json jar list",
        "jar --format json list --jar jar.json --reveal",
        "--no-jar --jar jar.json jar list --format table --format json",
    ] {
        assert_eq!(home.ok(line.split(' ')).out, expected, "{line}");
    }
}

#[test]
fn what_can_not_be_understood_is_status_2_and_named() {
    let home = home_with(V1);
    for (line, named) in [
        ("jar", "list"),
        ("jar nope", "'nope'"),
        ("jar list more", "'more'"),
        ("jar list --format yaml", "--format: `yaml` is no way to list cookies"),
        ("jar list --format", "--format"),
        ("jar list --nope", "--nope"),
        ("jar clear --domain a/b", "--domain: `a/b` is not a domain"),
        ("--no-jar jar list", "--no-jar"),
        ("--read-only jar clear", "--read-only"),
        ("jar list --jar redis://h/1", "redis://h/1"),
    ] {
        let ran = home.run(line.split(' '));
        let (first, hints) = ran.err.split_once('\n').expect("a line");
        assert_eq!((ran.status, &*ran.out), (2, ""), "{line}: {ran:#?}");
        assert!(first.starts_with("kuki: ") && first.contains(named), "{line}: {ran:#?}");
        assert!(
            hints.is_empty() || hints.starts_with("hint: ") && hints.lines().count() == 1,
            "{line}: {ran:#?}"
        );
    }
    assert_eq!(fs::read_to_string(home.path().join("jar.json")).expect("the jar"), V1);
}

/// What must not change: which files there are, and each one's identity, kind and size.
fn state(home: &Home) -> Vec<(String, u64, u32, u64, i64)> {
    let entries = fs::read_dir(home.path()).expect("the home").flatten();
    let mut state: Vec<_> = entries
        .map(|entry| {
            let found = fs::symlink_metadata(entry.path()).expect("it is there");
            let name = entry.file_name().to_string_lossy().into_owned();
            (name, found.ino(), found.mode(), found.size(), found.mtime_nsec())
        })
        .collect();
    state.sort();
    state
}

/// Every command refuses the jar at this path with the same two lines, touches nothing and sends nothing.
#[track_caller]
fn is_refused(home: &Home, case: &str, said: &str) {
    let server = Server::saying("Set-Cookie: a=1");
    let (path, before) = (home.path().join("jar.json"), state(home));
    let path = path.to_str().expect("ASCII");
    let mend = "mend or move the file, or use another jar with --jar NAME".to_owned();
    // A file of another program is told by its looks.
    let take = format!("it looks like playwright: kuki jar import {path} takes it in");
    let hint = if case == "the file of another program" { take } else { mend };
    let expected = format!("kuki: {said}\nhint: nothing was sent or changed; {hint}\n");
    for command in [&["jar", "list"][..], &["jar", "clear"], &["-d", "x=1", &server.url("/")]] {
        let ran = home.run(["--jar", path].iter().chain(command));
        assert_eq!((ran.status, &*ran.out, &*ran.err), (101, "", &*expected), "{case}: {command:?}");
    }
    assert_eq!(home.ok(["--jar", path, "jar", "path"]).out, format!("{path}\n"), "{case}");
    assert_eq!((state(home), server.heard()), (before, vec![]), "{case}");
}

#[test]
fn a_text_that_is_no_jar_is_refused_with_its_line_and_column_and_left_as_it_is() {
    let cases: Vec<Value> = serde_json::from_str(CORRUPT).expect("an array of cases");
    for case in &cases {
        let text = |field: &str| case[field].as_str().expect("a text");
        let home = home_with(text("jar"));
        let path = home.path().join("jar.json");
        let said = format!("the jar {} cannot be read: {}", path.display(), text("says"));
        is_refused(&home, text("name"), &said);
        assert_eq!(fs::read_to_string(&path).expect("the file"), text("jar"), "{}", text("name"));
    }
    assert!(cases.len() >= 40);
}

#[test]
fn octets_that_are_no_text_at_all_are_refused() {
    for (octets, says) in [
        ((0..=255).collect::<Vec<u8>>(), "expected value at line 1, column 1"),
        (b"\x1f\x8b\x08\x00".to_vec(), "expected value at line 1, column 1"),
        (vec![0; 4096], "expected value at line 1, column 1"),
        (b"{\"format\":\"\xff\"}".to_vec(), "invalid unicode code point at line 1, column 12"),
    ] {
        let home = Home::new();
        let path = home.write("jar.json", &octets);
        fs::set_permissions(&path, Permissions::from_mode(0o600)).expect("our own file");
        is_refused(&home, says, &format!("the jar {} cannot be read: {says}", path.display()));
        assert_eq!(fs::read(&path).expect("the file"), octets);
    }
}

#[track_caller]
fn place_is_refused(says: &str, make: impl FnOnce(&Path)) {
    let home = Home::new();
    let path = home.path().join("jar.json");
    make(&path);
    is_refused(&home, says, &format!("the jar {} cannot be read: {says}", path.display()));
}

#[test]
fn what_is_no_regular_file_of_bearable_size_is_refused_at_once() {
    place_is_refused("it is a directory", |path| fs::create_dir(path).expect("a fresh home"));
    place_is_refused("it is a socket", |path| drop(UnixListener::bind(path).expect("a fresh home")));
    for octets in [(64 << 20) + 1, 65 << 20] {
        place_is_refused("it is larger than 64 MiB", |path| {
            let file = File::create(path).expect("a fresh home");
            // Sparse: it takes no room.
            file.set_len(octets).expect("a sparse file");
            file.set_permissions(Permissions::from_mode(0o600)).expect("our own file");
        });
    }
    let loops = io::Error::from_raw_os_error(libc::ELOOP).to_string();
    place_is_refused(&loops, |path| {
        symlink("other.json", path).expect("a fresh home");
        symlink("jar.json", path.with_file_name("other.json")).expect("a fresh home");
    });
}

#[test]
fn a_device_behind_a_link_is_refused() {
    let home = Home::new();
    symlink("/dev/null", home.path().join("jar.json")).expect("a fresh home");
    is_refused(&home, "a device", "the jar /dev/null cannot be read: it is a device");
}

#[test]
fn a_fifo_is_refused_without_waiting_for_a_writer() {
    if let Err(error) = Command::new("mkfifo").arg("--version").output() {
        assert!(std::env::var_os("CI").is_none(), "mkfifo: {error}");
        eprintln!("skipped: mkfifo: {error}");
        return;
    }
    place_is_refused("it is a FIFO", |path| {
        assert!(Command::new("mkfifo").arg(path).status().expect("it was there a moment ago").success());
    });
}

#[test]
fn a_cookie_of_a_directory_with_a_semicolon_comes_back() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: sid=1"));
    home.ok([server.url("/app;jsessionid=1/page")]);
    let listed = home.ok(["jar", "list", "--format", "json"]);
    let rows: Vec<Value> = serde_json::from_str(&listed.out).expect("an array");
    assert_eq!(rows[0]["path"], "/app;jsessionid=1");
    home.ok([server.url("/app;jsessionid=1/other")]);
    assert!(server.heard()[1].contains("Cookie: sid=1"));
}
