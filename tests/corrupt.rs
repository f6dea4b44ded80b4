//! Owns the proof that what is no jar is refused at once and left as it is: every kind of damage, by every kind of command.
//! Does not damage a jar during a save; `crash` and `kills` do.

// Whoever runs the tests is told what was left out.
#![allow(clippy::print_stderr)]

mod support;

use std::fs::{self, File, Metadata};
use std::os::unix::fs::{FileTypeExt, MetadataExt, PermissionsExt, symlink};
use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use support::server::Server;
use support::{Home, Ran};

/// What a refusal takes no part of, on any machine.
const HANGS_AFTER: Duration = Duration::from_secs(120);

const HEADER: &str = r#"{"format":"kuki-jar","version":1,"limits":{"per_domain":20,"total":300,"cookie_bytes":4096},"policy":"classic","removed":[],"#;
const COOKIE: &str = r#"{"name":"sid","value":"1","domain":"a.test","host_only":true,"path":"/","expires":null,"secure":false,"http_only":false,"same_site":null,"created":"2026-05-01T10:00:00.000000Z","updated":"2026-05-01T10:00:00.000000Z","last_access":"2026-05-01T10:00:00.000000Z","pinned":false}"#;

fn jar_of(rows: &str) -> String {
    format!("{HEADER}\n\"cookies\":[\n{rows}\n]}}\n")
}

/// A whole jar in which one thing is another.
#[track_caller]
fn but(old: &str, new: &str) -> Vec<u8> {
    let whole = jar_of(COOKIE);
    assert_eq!(whole.matches(old).count(), 1, "{old} is in the jar once");
    whole.replace(old, new).into_bytes()
}

fn cut_after(mark: &str) -> Vec<u8> {
    let whole = jar_of(COOKIE);
    let end = whole.find(mark).expect("a mark in the jar") + mark.len();
    whole.as_bytes()[..end].to_vec()
}

fn nested(before: &str, open: &str, depth: usize, after: &str) -> Vec<u8> {
    [before, &open.repeat(depth), after].concat().into_bytes()
}

/// Does the refusal name a line and a column?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Named,
    None,
}

/// What is wrong with a text, its octets, a piece of what is said of it, and whether its place is named.
type Text = (&'static str, Vec<u8>, &'static str, Place);
/// What a thing is, how it is made, and a piece of what is said of it.
type Thing = (&'static str, fn(&Path), &'static str);

/// Texts that are no jar.
fn texts() -> Vec<Text> {
    use Place::{Named, None};
    let octets = |text: &str| text.as_bytes().to_vec();
    let utf16 = jar_of(COOKIE).encode_utf16().flat_map(u16::to_le_bytes).collect();
    vec![
        ("nothing", octets(""), "it is empty", None),
        ("a line feed", octets("\n"), "EOF", Named),
        ("zeros, as a power cut leaves them", vec![0; 4096], "expected value", Named),
        ("every octet", (0..=255).collect(), "expected value", Named),
        ("compressed", octets("\x1f\x08\x08\0\0\0\0\0jar"), "expected value", Named),
        ("a byte order mark", [b"\xef\xbb\xbf", &*but("sid", "sid")].concat(), "expected value", Named),
        ("UTF-16", utf16, "key must be a string", Named),
        ("Latin-1", [&*cut_after("\"value\":\""), b"caf\xe9\"}]}"].concat(), "invalid unicode", Named),
        ("half a surrogate pair", but("\"1\"", "\"\\ud800\""), "hex escape", Named),
        ("a raw line feed in a text", but("\"1\"", "\"1\n\""), "control character", Named),
        ("cut in the header", cut_after("\"limits\":{\"per_d"), "EOF", Named),
        ("cut after the header", cut_after("\"removed\":[],"), "EOF", Named),
        ("cut in a name", cut_after("\"domain\":\"a.t"), "EOF", Named),
        ("cut between cookies", cut_after("\"pinned\":false}"), "EOF", Named),
        (
            "cut before the last brace",
            cut_after("]}\n").split_last().map_or(vec![], |(_, rest)| rest[..rest.len() - 1].to_vec()),
            "EOF",
            Named,
        ),
        ("cut in a word", cut_after("\"secure\":fal"), "EOF", Named),
        (
            "a jar and half of another",
            [but("sid", "sid"), cut_after("\"format\"")].concat(),
            "trailing",
            Named,
        ),
        ("two jars", jar_of(COOKIE).repeat(2).into_bytes(), "trailing", Named),
        (
            "a merge conflict",
            but("\n\"cookies\"", "\n<<<<<<< ours\n\"cookies\""),
            "key must be a string",
            Named,
        ),
        ("a comma too many", but("false}\n]", "false},\n]"), "trailing comma", Named),
        ("single quotes", but("\"sid\"", "'sid'"), "expected value", Named),
        ("a comment", octets("// mine\n{}"), "expected value", Named),
        ("not a number", but("\"version\":1", "\"version\":NaN"), "expected value", Named),
        ("null", octets("null"), "invalid type: null, expected a kuki jar", Named),
        ("a number", octets("1"), "invalid type: integer, expected a kuki jar", Named),
        ("a text", octets("\"kuki-jar\""), "invalid type: string", Named),
        ("a list", octets("[]"), "invalid type: sequence", Named),
        ("an empty object", octets("{}"), "missing field `format`", Named),
        (
            "a cookies.txt",
            octets("# Netscape HTTP Cookie File\na.test\tFALSE\t/\tFALSE\t0\tsid\t1\n"),
            "expected value",
            Named,
        ),
        ("a web page", octets("<!DOCTYPE html><html></html>"), "expected value", Named),
        ("another format", but("kuki-jar", "other-jar"), "`format` is `other-jar`", Named),
        ("a format of another type", but("\"kuki-jar\"", "7"), "invalid type", Named),
        ("no format", but("\"format\":\"kuki-jar\",", ""), "missing field `format`", Named),
        ("no version", but("\"version\":1,", ""), "missing field `version`", Named),
        ("version 0", but("\"version\":1", "\"version\":0"), "`version` is 0, expected 1", Named),
        ("a newer version", but("\"version\":1", "\"version\":2"), "it is of version 2", None),
        ("a version between", but("\"version\":1", "\"version\":1.5"), "invalid type: floating point", Named),
        ("a version in quotes", but("\"version\":1", "\"version\":\"1\""), "invalid type: string", Named),
        ("a negative version", but("\"version\":1", "\"version\":-1"), "invalid value: integer", Named),
        ("a version without end", but("\"version\":1", "\"version\":1e999"), "number out of range", Named),
        ("no cookies", octets(&format!("{HEADER}\"x\":1}}")), "missing field `cookies`", Named),
        (
            "cookies of another type",
            octets(&format!("{HEADER}\"cookies\":{{}}}}")),
            "expected an array of cookies",
            Named,
        ),
        (
            "cookies that are null",
            octets(&format!("{HEADER}\"cookies\":null}}")),
            "expected an array of cookies",
            Named,
        ),
        ("a cookie that is null", jar_of("null").into_bytes(), "invalid type: null", Named),
        ("a cookie that is a number", jar_of("1").into_bytes(), "invalid type: integer", Named),
        ("a cookie without a name", but("\"name\":\"sid\",", ""), "name", Named),
        ("a cookie without a domain", but("\"domain\":\"a.test\",", ""), "domain", Named),
        (
            "a cookie without a time",
            but("\"created\":\"2026-05-01T10:00:00.000000Z\",", ""),
            "created",
            Named,
        ),
        ("a name of another type", but("\"sid\"", "1"), "invalid type: integer", Named),
        (
            "a flag of another type",
            but("\"host_only\":true", "\"host_only\":\"yes\""),
            "invalid type: string",
            Named,
        ),
        (
            "an expiry of another type",
            but("\"expires\":null", "\"expires\":1"),
            "invalid type: integer",
            Named,
        ),
        ("an expiry that is no time", but("\"expires\":null", "\"expires\":\"soon\""), "soon", Named),
        (
            "an expiry after all times",
            but("\"expires\":null", "\"expires\":\"9999-12-31T00:00:00Z\""),
            "9999",
            Named,
        ),
        ("an unknown same_site", but("\"same_site\":null", "\"same_site\":\"Often\""), "Often", Named),
        (
            "a cookie twice",
            jar_of(&format!("{COOKIE},\n{COOKIE}")).into_bytes(),
            "a second cookie of the same name",
            Named,
        ),
        ("a control character", but("\"1\"", "\"\\u0007\""), "control", Named),
        ("a line feed in a value", but("\"1\"", "\"1\\nSet-Cookie: b=2\""), "control", Named),
        ("a semicolon in a value", but("\"1\"", "\"1; Path=/\""), "`;`", Named),
        ("an equals sign in a name", but("\"sid\"", "\"s=d\""), "`=`", Named),
        ("a path without a slash", but("\"path\":\"/\"", "\"path\":\"x\""), "path", Named),
        (
            "a path too long",
            but("\"path\":\"/\"", &format!("\"path\":\"/{}\"", "x".repeat(1024))),
            "path",
            Named,
        ),
        ("an empty domain", but("\"a.test\"", "\"\""), "domain", Named),
        ("a domain in capitals", but("\"a.test\"", "\"A.test\""), "domain", Named),
        ("a prefix that is not kept", but("\"sid\"", "\"__Host-sid\""), "prefix", Named),
        ("octets that are not Base64", but("\"value\":\"1\"", "\"value_base64\":\"!\""), "not base64", Named),
        ("a limit of another type", but("\"total\":300", "\"total\":\"300\""), "invalid type: string", Named),
        ("a limit below nothing", but("\"total\":300", "\"total\":-1"), "invalid value", Named),
        ("a limit that is missing", but("\"total\":300,", ""), "missing field `total`", Named),
        ("an unknown policy", but("classic", "modern"), "`policy` is `modern`", Named),
        ("deletions of another type", but("\"removed\":[]", "\"removed\":{}"), "invalid type: map", Named),
        (
            "a deletion without a time",
            but(
                "\"removed\":[]",
                r#""removed":[{"name":"a","domain":"a.test","host_only":true,"path":"/"}]"#,
            ),
            "at",
            Named,
        ),
        ("lists in lists", nested("", "[", 100_000, ""), "invalid type: sequence", Named),
        (
            "objects in objects",
            nested("", "{\"cookies\":", 100_000, ""),
            "expected an array of cookies",
            Named,
        ),
        (
            "depth in a cookie's name",
            nested(&jar_of("{\"name\":").replace("\n]}\n", ""), "[", 100_000, ""),
            "invalid type: sequence",
            Named,
        ),
        ("depth in a newer field", nested(&format!("{HEADER}\"newer\":"), "[", 100_000, ""), "EOF", Named),
        (
            "depth in a limit",
            nested("{\"format\":\"kuki-jar\",\"version\":1,\"limits\":{\"newer\":", "[", 100_000, ""),
            "recursion limit",
            Named,
        ),
    ]
}

/// Things that are no jar's file; `jar.json` is made in the home.
fn things() -> Vec<Thing> {
    vec![
        ("a directory", |jar| fs::create_dir(jar).expect("room"), "it is a directory"),
        ("a FIFO", |jar| fifo(jar), "it is a FIFO"),
        ("a socket", |jar| drop(UnixListener::bind(jar).expect("room")), "it is a socket"),
        ("200 MB", |jar| sparse(jar, 200_000_000), "it is larger than 64 MiB"),
        ("one octet too many", |jar| sparse(jar, (64 << 20) + 1), "it is larger than 64 MiB"),
        ("64 MiB of zeros", |jar| sparse(jar, 64 << 20), "expected value at line 1, column 1"),
        ("a link to itself", |jar| link("jar.json", jar), "symbolic links"),
        ("links in a circle", |jar| circle(jar), "symbolic links"),
        ("a link to a directory", |jar| link(".", jar), "it is a directory"),
        ("a link to a device", |jar| link("/dev/null", jar), "it is a device"),
        ("a link to a device without end", |jar| link("/dev/zero", jar), "it is a device"),
        ("a link to the terminal", |jar| link("/dev/tty", jar), "it is a device"),
        ("a link through a file", |jar| through_a_file(jar), "Not a directory"),
        ("a link to too long a name", |jar| link(&"j".repeat(256), jar), "File name too long"),
    ]
}

fn fifo(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().expect("mkfifo").success());
}

fn sparse(path: &Path, octets: u64) {
    File::create(path).and_then(|file| file.set_len(octets)).expect("a sparse file");
}

fn link(target: &str, path: &Path) {
    symlink(target, path).expect("a link");
}

fn circle(jar: &Path) {
    link("other.json", jar);
    link("jar.json", &jar.with_file_name("other.json"));
}

fn through_a_file(jar: &Path) {
    fs::write(jar.with_file_name("file"), "").expect("room");
    link("file/jar.json", jar);
}

/// Runs a command to its end, which must come.
fn watched(mut command: Command) -> Ran {
    let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts");
    let (id, (sender, receiver)) = (child.id().to_string(), mpsc::channel());
    thread::spawn(move || {
        // If the watch is over, nobody listens.
        let _ = sender.send(child.wait_with_output());
    });
    match receiver.recv_timeout(HANGS_AFTER) {
        Ok(output) => Ran::from(output.expect("a child of ours")),
        Err(_) => {
            let killed = Command::new("sh").args(["-c", "kill -9 $0", &id]).status();
            panic!("it hangs: {command:?} (killed: {killed:?})");
        }
    }
}

/// All that a write would change: what it is, which one it is, how long it is, when it was last written.
fn identity(path: &Path) -> (u32, u64, u64, i64, i64) {
    let found: Metadata = fs::symlink_metadata(path).expect("it is there");
    (found.mode(), found.ino(), found.len(), found.mtime(), found.mtime_nsec())
}

fn listing(directory: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(directory).expect("a home");
    let mut paths: Vec<_> = entries.map(|entry| entry.expect("an entry").path()).collect();
    paths.sort();
    paths
}

fn anybody(home: &Home, arguments: &[&str]) -> Command {
    home.kuki(arguments)
}

/// Every kind of command refuses `jar.json`, sends nothing, and leaves everything as it is.
#[track_caller]
fn is_refused(
    case: &str,
    home: &Home,
    server: &Server,
    what: &str,
    place: Place,
    run: fn(&Home, &[&str]) -> Command,
) {
    let url = server.url("/");
    let commands: [&[&str]; 4] = [
        &["--jar", "jar.json", &url],
        &["--jar", "jar.json", "jar", "list"],
        &["--jar", "jar.json", "jar", "clear"],
        &["--jar", "./jar.json", "jar", "pin", "sid"],
    ];
    let before = (listing(home.path()), identity(&home.path().join("jar.json")));
    for command in commands {
        let ran = watched(run(home, command));
        let lines: Vec<_> = ran.err.lines().collect();
        let [said, hint] = lines[..] else { panic!("{case}: {command:?}: {ran:#?}") };
        assert_eq!((ran.status, &*ran.out), (101, ""), "{case}: {command:?}: {ran:#?}");
        assert!(said.starts_with("kuki: the jar ") && said.contains(" cannot be read: "), "{case}: {said}");
        assert!(said.contains("json") || case.starts_with("a link"), "{case}: its path is in {said}");
        assert!(said.contains(what), "{case}: `{what}` is not in {said}");
        let names_place = said.contains(" at line ") && said.contains(", column ");
        assert_eq!(names_place, place == Place::Named, "{case}: {said}");
        assert!(hint.starts_with("hint: nothing was sent or changed"), "{case}: {hint}");
        let after = (listing(home.path()), identity(&home.path().join("jar.json")));
        assert_eq!(after, before, "{case}: {command:?}");
    }
    assert_eq!(server.heard(), [""; 0], "{case}");
}

#[test]
fn a_text_that_is_no_jar_is_refused_with_its_line_and_left_octet_for_octet() {
    let server = Server::saying("Set-Cookie: a=1");
    let texts = texts();
    assert!(texts.len() >= 40);
    for (case, text, what, place) in texts {
        let home = Home::new();
        let jar = home.write("jar.json", &text);
        is_refused(case, &home, &server, what, place, anybody);
        assert!(fs::read(&jar).expect("the jar") == text, "{case}: it was changed");
    }
}

#[test]
fn the_texts_differ_from_a_jar_that_is_read_only_by_what_is_wrong_with_them() {
    let home = Home::new();
    home.write("jar.json", jar_of(COOKIE));
    let ran = home.ok(["--jar", "jar.json", "jar", "list", "--format", "json"]);
    assert!(ran.out.contains("\"sid\""), "{ran:#?}");
}

#[test]
fn a_thing_that_is_no_file_of_a_jar_is_refused_at_once_and_left_as_it_is() {
    let server = Server::saying("Set-Cookie: a=1");
    for (case, lay, what) in things() {
        let home = Home::new();
        let jar = home.path().join("jar.json");
        lay(&jar);
        let place = if what.contains(" at line ") { Place::Named } else { Place::None };
        is_refused(case, &home, &server, what, place, anybody);
        if case == "a FIFO" {
            assert!(fs::metadata(&jar).expect("it is there").file_type().is_fifo());
        }
    }
}

#[test]
fn a_jar_that_may_not_be_read_is_refused_and_left_as_it_is() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
    let jar = home.write("jar.json", jar_of(COOKIE));
    if home.kuki_bound_by_rights([""; 0]).is_none() {
        eprintln!("skipped: the superuser may read anything, and setpriv can't take that right away here");
        return;
    }
    for mode in [0o000, 0o200] {
        fs::set_permissions(&jar, fs::Permissions::from_mode(mode)).expect("our own file");
        is_refused(
            "no right to read it",
            &home,
            &server,
            "Permission denied",
            Place::None,
            |home, command| home.kuki_bound_by_rights(command).expect("it could be done a moment ago"),
        );
    }
    fs::set_permissions(&jar, fs::Permissions::from_mode(0o600)).expect("our own file");
    assert_eq!(fs::read_to_string(&jar).expect("the jar"), jar_of(COOKIE));
}
