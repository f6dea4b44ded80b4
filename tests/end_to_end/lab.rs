//! Owns the tests of `kuki lab`, by the real program: that it says where it is, serves, and ends when it is told to.
//! Does not test each of its pages.

use std::io::{self};
use std::net::TcpListener;

use crate::support::Home;
use crate::support::lab::Running;

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
