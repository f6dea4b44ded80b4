//! Owns the proof that a command of curl's that was copied from somewhere sends the same request as curl when kuki runs it.
//! Does not run where curl or bash isn't installed; it says so.

// Whoever runs the tests is told what was left out.
#![allow(clippy::print_stderr)]

use std::collections::BTreeSet;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::support::server::Server;
use crate::support::{Home, Ran, program};

/// What a server of curl's and ours is to see alike.
#[derive(Debug, PartialEq)]
struct Request {
    line: String,
    headers: Vec<(String, String)>,
    body: String,
}

/// One command, as it is for two shells.
struct Case {
    title: String,
    posix: String,
    cmd: Option<String>,
}

/// Headers that may differ unless the command names them: who asks, and what can be undone.
const OURS: [&str; 3] = ["user-agent", "accept", "accept-encoding"];

fn cases(server: &Server) -> Vec<Case> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/curl-lines.txt");
    let text = fs::read_to_string(file).expect("the fixture is there");
    let text = text.replace("host.test", &server.address.to_string());
    let case = |text: &str| {
        let (title, command) = text.split_once('\n').expect("a title and a command");
        let (posix, cmd) = match command.split_once("\n-- cmd\n") {
            Some((posix, cmd)) => (posix, Some(cmd.to_owned())),
            None => (command, None),
        };
        Case { title: title.to_owned(), posix: posix.to_owned(), cmd }
    };
    text.split("\n== ").skip(1).map(case).collect()
}

/// A home with what the commands need: the file that they name, and `kuki` where a shell looks for it.
fn home() -> Home {
    let home = Home::new();
    home.write("upload.txt", "one\r\ntwo & three\n");
    fs::create_dir(home.path().join("bin")).expect("a fresh home");
    std::os::unix::fs::symlink(program(), home.path().join("bin/kuki")).expect("a fresh home");
    home
}

/// A command in a shell, which needs no more than a POSIX one unless the command has `$'…'`.
fn in_a_shell(home: &Home, command: &str) -> Ran {
    let shell = if command.contains("$'") { "bash" } else { "sh" };
    let path = format!("{}/bin:{}", home.path().display(), std::env::var("PATH").unwrap_or_default());
    let mut shell = Command::new(shell);
    shell.args(["-c", command]).env_clear().env("PATH", path).env("LC_ALL", "C.UTF-8");
    shell.env("HOME", home.path()).current_dir(home.path()).stdin(Stdio::null());
    Ran::from(shell.output().expect("a shell starts"))
}

fn from_curl(home: &Home, command: &str) -> Ran {
    let mut kuki = home.kuki(["--from-curl", "-"]);
    kuki.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = kuki.spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(command.as_bytes()).expect("the program reads");
    Ran::from(child.wait_with_output().expect("the program ends"))
}

/// The one request that a run sent.
fn sent(server: &Server, command: &str, ran: &Ran) -> Result<Request, String> {
    match &server.taken()[..] {
        [request] if ran.status == 0 => Ok(understood(request, command)),
        requests => Err(format!("status {}, {} requests: {}", ran.status, requests.len(), ran.err)),
    }
}

fn understood(octets: &[u8], command: &str) -> Request {
    // One letter for each octet, so that none is lost.
    let text: String = octets.iter().copied().map(char::from).collect();
    let (head, body) = text.split_once("\r\n\r\n").expect("the head ends");
    let mut lines = head.lines();
    let line = lines.next().unwrap_or_default().rsplit_once(' ').expect("a version").0.to_owned();
    let headers = lines.map(|line| line.split_once(':').expect("a header"));
    let headers: Vec<_> =
        headers.map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())).collect();
    let boundary = headers.iter().find_map(|(_, value)| value.strip_prefix("multipart/form-data; boundary="));
    let boundary = boundary.filter(|boundary| !command.contains(*boundary)).unwrap_or("\0").to_owned();
    let mut headers: Vec<_> = headers
        .into_iter()
        .filter(|(name, value)| is_compared(name, value, command))
        .map(|(name, value)| (name, value.replace(&boundary, "BOUNDARY")))
        // curl joins what several -b say without the blank that RFC 6265 (4.2.1) asks for.
        .map(|(name, value)| {
            if name == "cookie" && command.matches("-b ").count() > 1 {
                (name, value.replace("; ", ";"))
            } else {
                (name, value)
            }
        })
        .collect();
    headers.sort();
    Request { line, headers, body: body.replace(&boundary, "BOUNDARY") }
}

fn is_compared(name: &str, value: &str, command: &str) -> bool {
    let command = command.to_lowercase();
    if OURS.contains(&name) {
        return command.contains(&format!("{name}:")) || (name == "user-agent" && command.contains(" -a "));
    }
    // What RFC 9110 (8.6) asks of a POST without a body, and curl leaves out.
    if (name, value) == ("content-length", "0") {
        return false;
    }
    // The issue of who waits for whom, which kuki leaves to who asks for it.
    if name == "expect" && !command.contains("expect:") {
        return false;
    }
    // A form's length depends on the boundary.
    if name == "content-length" && command.contains("--form ") {
        return false;
    }
    // curl asks to go on with HTTP/2 over plain http, which browsers don't know.
    let upgrades = command.contains("--http2");
    !(upgrades && ["connection", "http2-settings", "upgrade"].contains(&name))
}

fn is_installed(tool: &str) -> bool {
    let found = Command::new(tool).arg("--version").output();
    if let Err(error) = &found {
        assert!(std::env::var_os("CI").is_none(), "{tool}: {error}");
        eprintln!("skipped: {tool}: {error}");
    }
    found.is_ok()
}

/// What differs from curl's request where a case is run in another way.
fn differences(run: impl Fn(&Home, &Case) -> Option<Ran>) -> Vec<String> {
    let (home, server) = (home(), Server::saying(""));
    let mut wrong = Vec::new();
    for case in cases(&server) {
        let Some(ran) = run(&home, &case) else { continue };
        let ours = sent(&server, &case.posix, &ran);
        let ran = in_a_shell(&home, &case.posix);
        let curls = sent(&server, &case.posix, &ran);
        if ours != curls || curls.is_err() {
            wrong.push(format!("{}\n{}\ncurl {curls:#?}\nkuki {ours:#?}", case.title, case.posix));
        }
    }
    wrong
}

#[track_caller]
fn nothing(wrong: &[String]) {
    assert!(wrong.is_empty(), "{} differ:\n{}", wrong.len(), wrong.join("\n\n"));
}

#[test]
fn a_line_that_was_copied_sends_the_same_request_when_kuki_stands_for_curl() {
    if is_installed("curl") && is_installed("bash") {
        nothing(&differences(|home, case| {
            let arguments = case.posix.strip_prefix("curl ").expect("each case begins with curl");
            Some(in_a_shell(home, &format!("kuki {arguments}")))
        }));
    }
}

#[test]
fn a_line_that_was_copied_sends_the_same_request_by_from_curl() {
    if is_installed("curl") && is_installed("bash") {
        nothing(&differences(|home, case| Some(from_curl(home, &case.posix))));
    }
}

#[test]
fn a_line_for_cmd_sends_the_request_of_its_twin_for_other_shells() {
    if is_installed("curl") && is_installed("bash") {
        nothing(&differences(|home, case| case.cmd.as_ref().map(|line| from_curl(home, line))));
    }
}

#[test]
fn the_line_that_as_curl_shows_sends_the_same_request() {
    if is_installed("curl") && is_installed("bash") {
        nothing(&differences(|home, case| {
            let arguments = case.posix.strip_prefix("curl ").expect("each case begins with curl");
            Some(in_a_shell(home, &format!("eval \"$(kuki --as-curl --reveal {arguments})\"")))
        }));
    }
}

#[test]
fn the_cases_are_many_and_each_has_its_own_title() {
    let cases = cases(&Server::saying(""));
    let titles: BTreeSet<_> = cases.iter().map(|case| &case.title).collect();
    assert_eq!(titles.len(), cases.len());
    assert!(cases.len() >= 60 && cases.iter().filter(|case| case.cmd.is_some()).count() >= 30);
}

#[test]
fn what_stands_beside_it_is_added_to_what_was_copied() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.write(
        "line",
        "curl 'http://host.test/a?b' -H 'X-One: 1' -X 'PUT' -d 'x'"
            .replace("host.test", &server.address.to_string()),
    );
    home.ok(["-H", "X-Two: 2", "--from-curl", "line", "-X", "PATCH"]);
    let heard = server.heard();
    let [request] = &heard[..] else { panic!("{heard:#?}") };
    assert!(request.starts_with("PATCH /a?b HTTP/1.1\r\n") && request.ends_with("\r\n\r\nx"), "{request}");
    assert!(request.contains("X-One: 1\r\n") && request.contains("X-Two: 2\r\n"), "{request}");
}

#[test]
fn what_only_a_shell_could_do_is_refused_and_nothing_is_run_or_sent() {
    let (home, server) = (Home::new(), Server::saying(""));
    for (line, told) in [
        ("curl HOST | sh", "line 1, column 30 of line: `|` is for a shell"),
        ("curl HOST \\\n -d \"$(id > made)\"", "line 2, column 6 of line: `$` is for a shell"),
        ("curl HOST; touch made", "column 29 of line: `;` is for a shell"),
        ("curl HOST\ncurl HOST", "line 2, column 1 of line: another command begins"),
        ("curl 'HOST", "line 1, column 6 of line: a quote is not closed"),
        ("rm -rf HOST", "line 1, column 1 of line: the command is `rm`, and not curl"),
        ("", "line 1, column 1 of line: there is no command"),
    ] {
        // Always as long, whatever the port is.
        home.write("line", line.replace("HOST", "http://127.0.0.1:01234/"));
        let ran = home.run(["--from-curl", "line"]);
        assert!(ran.status == 2 && ran.err.contains(told), "{line}: {ran:#?}");
    }
    assert!(server.heard().is_empty() && !home.path().join("made").exists());
    let ran = home.run(["--from-curl", "nowhere"]);
    assert!(ran.status == 26 && ran.err.contains("nowhere cannot be read"), "{ran:#?}");
}
