//! Owns the tests of `kuki lab`, by the real program: that it says where it is, serves, and ends when it is told to.
//! Does not test each of its pages.

use std::io::{self, BufRead, BufReader, Read};
use std::net::TcpListener;
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use crate::support::Home;

/// A lab that runs until it is told to end, or the test is over.
struct Running {
    child: Child,
    /// Its first line of standard output.
    greeting: String,
}

impl Running {
    fn start(home: &Home, arguments: &[&str]) -> Running {
        let mut command = home.kuki(["lab"].iter().chain(arguments));
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("the program starts");
        let mut greeting = String::new();
        let stdout = BufReader::new(child.stdout.as_mut().expect("a pipe")).read_line(&mut greeting);
        stdout.expect("a line");
        Running { child, greeting }
    }

    fn url(&self, path: &str) -> String {
        let address = self.greeting.strip_prefix("kuki lab at ").and_then(|rest| rest.split_once("/ ("));
        format!("{}{path}", address.unwrap_or_else(|| panic!("{}", self.greeting)).0)
    }

    /// Ends it with this signal; by which signal did it go, and what had it said on standard error?
    fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let sent =
            Command::new("sh").args(["-c", "kill -$0 $1", signal, &self.child.id().to_string()]).status();
        assert!(sent.expect("a shell").success());
        let mut said = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
        let status = self.child.wait().expect("a child of ours");
        (status.signal().or_else(|| status.code().map(|code| code - 128)), said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}

#[test]
fn it_prints_its_address_first_then_serves_until_a_signal_ends_it() {
    let home = Home::new();
    for (signal, number) in [("TERM", 15), ("INT", 2)] {
        let lab = Running::start(&home, &[]);
        let url = lab.url("");
        let greeting = format!("kuki lab at {url}/ (user ada, password lovelace; Ctrl-C ends it)\n");
        assert!(url.starts_with("http://127.0.0.1:"), "{url}");
        assert_eq!(lab.greeting, greeting);
        assert_eq!(home.ok(["--no-jar", &lab.url("/set?a=1")]).out, "Set-Cookie: a=1\n");
        assert_eq!(lab.end(signal), (Some(number), "200 GET /set\n".to_owned()));
    }
}

#[test]
fn silent_leaves_the_line_of_each_request_out() {
    let home = Home::new();
    let lab = Running::start(&home, &["--silent"]);
    home.ok(["--no-jar", &lab.url("/set?a=1")]);
    assert_eq!(lab.end("TERM"), (Some(15), String::new()));
}

#[test]
fn a_session_lasts_across_processes_until_its_cookie_is_cleared() {
    let home = Home::new();
    let lab = Running::start(&home, &[]);
    let whoami = || home.run(["-f", &lab.url("/whoami")]);
    assert_eq!(whoami().status, 22);
    home.ok(["-L", "-d", "user=ada", "-d", "pass=lovelace", &lab.url("/login")]);
    let known = whoami();
    assert_eq!((known.status, known.out.contains("ada")), (0, true), "{known:#?}");
    assert_eq!(home.ok(["jar", "list"]).out.lines().count(), 3);
    home.ok(["jar", "clear"]);
    assert_eq!(whoami().status, 22);
}

#[test]
fn a_port_that_is_taken_is_status_45_with_a_way_out() {
    let taken = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    let address = taken.local_addr().expect("a bound listener has an address");
    let in_use = io::Error::from_raw_os_error(libc::EADDRINUSE);
    let ran = Home::new().run(["lab", "--port", &address.port().to_string()]);
    let said = format!("kuki: the lab cannot listen on {address}: {in_use}\n");
    let hint = "hint: another port may be free; --port 0 takes any\n";
    assert_eq!((ran.status, &*ran.out, ran.err), (45, "", format!("{said}{hint}")));
}

#[test]
fn a_port_that_is_none_is_status_2() {
    for port in ["70000", "65536", "-1", "http", "", "80 ", "0x50"] {
        let ran = Home::new().run(["lab", "--port", port]);
        let said = format!("kuki: --port: `{port}` is not a port\nhint: a number up to 65535\n");
        assert_eq!((ran.status, &*ran.out, ran.err), (2, "", said));
    }
}
