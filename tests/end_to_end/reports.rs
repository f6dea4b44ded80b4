//! Owns the tests of `--report`: that it keeps to its schema, says what happened, and keeps secrets.
//! Does not test the vocabulary of verdicts; it has tests beside it.

use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};

use serde_json::{Value, json};

use crate::support::Home;
use crate::support::schema;
use crate::support::server::{Server, ok, redirect};

/// A report that keeps to the schema.
#[track_caller]
fn checked(text: &str) -> Value {
    schema::fit("report.schema.json", &[text.to_owned()]);
    serde_json::from_str(text).expect("JSON, as it was seen to be")
}

#[track_caller]
fn report(home: &Home) -> Value {
    checked(&fs::read_to_string(home.path().join("report.json")).expect("a report"))
}

fn chain() -> Server {
    Server::start(|request| match request.split(' ').nth(1) {
        Some("/from") => {
            redirect(302, "/to", "Set-Cookie: sid=0123456789ab\r\nSet-Cookie: bad=1; Domain=b.test")
        }
        _ => ok("Set-Cookie: sid=2\r\nSet-Cookie: far=1; Path=/far"),
    })
}

#[test]
fn a_report_tells_the_whole_chain() {
    let (home, server) = (Home::new(), chain());
    let ran = home.ok(["-L", "-b", "hand=secret", "--report", "report.json", &server.url("/from")]);
    assert_eq!((&*ran.out, &*ran.err), ("ok\n", ""));
    let report = report(&home);
    let exchanges = &report["transfers"][0]["attempts"][0]["exchanges"];
    for (found, expected) in [
        (&report["secrets"], json!("masked")),
        (&report["exit_status"], json!(0)),
        (
            &report["jar"],
            json!({"name": "default", "saved": true, "stored": 2, "replaced": 1, "deleted": 0, "evicted": 0}),
        ),
        (&report["transfers"][0]["body"], json!({"octets": 3, "file": null})),
        (&exchanges[0]["request"]["url"], json!(server.url("/from"))),
        (&exchanges[0]["response"]["status"], json!(302)),
        (&exchanges[0]["response"]["body_octets"], json!(null)),
        (&exchanges[0]["set_cookies"][0]["code"], json!("stored")),
        (&exchanges[0]["set_cookies"][1]["code"], json!("domain-mismatch")),
        (&exchanges[1]["cookies"]["sent"][0]["name"], json!("sid")),
        (&exchanges[1]["set_cookies"][0]["verdict"], json!("replaced")),
        (&exchanges[1]["connection"]["remote_ip"], json!("127.0.0.1")),
        (&exchanges[1]["connection"]["remote_port"], json!(server.address.port())),
        (&exchanges[2], json!(null)),
    ] {
        assert_eq!(found, &expected, "{report:#}");
    }
    let text = report.to_string();
    assert!(!text.contains("0123456789ab") && !text.contains("=secret"), "{text}");
    assert!(text.contains("hand=s… (6 B)"), "{text}");
    let mode = fs::metadata(home.path().join("report.json")).expect("a report").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn revealed_it_holds_what_was_sent() {
    let (home, server) = (Home::new(), chain());
    let url = server.url("/to").replace("http://", "http://ada:pass@");
    home.ok(["--reveal", "-b", "hand=secret", "--report=report.json", &url]);
    let report = report(&home);
    let text = report.to_string();
    assert!(text.contains("hand=secret") && text.contains("\"Authorization\""), "{text}");
    assert_eq!(
        (&report["secrets"], &report["transfers"][0]["url"]),
        (&json!("revealed"), &json!(server.url("/to")))
    );
    assert!(!text.contains("ada:pass@"), "{text}");
}

#[test]
fn a_failure_and_what_went_before_it_are_reported() {
    let server = Server::with(|_, _| {});
    let home = Home::new();
    let ran = home.run([
        "-s",
        "--retry",
        "1",
        "--retry-delay",
        "0.01",
        "--retry-all-errors",
        "--report",
        "report.json",
        &server.url("/"),
    ]);
    assert_eq!(ran.status, 52);
    let report = report(&home);
    let transfer = &report["transfers"][0];
    assert_eq!((&report["exit_status"], &transfer["exit_status"]), (&json!(52), &json!(52)));
    let message = json!(format!("http://{} closed the connection without an answer", server.address));
    assert_eq!((&transfer["attempts"][0]["problem"], &transfer["error"]["message"]), (&message, &message));
    assert_eq!(transfer["attempts"][1]["exchanges"][0]["response"], json!(null));
    assert_eq!(transfer["timings"]["starttransfer"], json!(null));
}

#[test]
fn times_are_in_their_order_and_tls_is_told_apart_from_nothing() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.ok(["--report=report.json", &server.url_of("localhost", "/")]);
    let timings = &report(&home)["transfers"][0]["timings"];
    let time = |name: &str| timings[name].as_f64().unwrap_or_else(|| panic!("{name}: {timings}"));
    let times = ["namelookup", "connect", "pretransfer", "starttransfer", "total"].map(time);
    assert!(times.is_sorted() && time("appconnect") == 0.0, "{timings}");
}

#[test]
fn a_report_goes_to_standard_output_or_through_a_link_and_replaces_no_device() {
    let (home, server) = (Home::new(), Server::saying(""));
    let ran = home.ok(["-o", "body", "--report", "-", &server.url("/")]);
    assert_eq!(checked(&ran.out)["transfers"][0]["body"]["file"], json!("body"));
    home.write("there", "old");
    std::os::unix::fs::symlink("there", home.path().join("report.json")).expect("a link");
    home.ok(["--report=report.json", &server.url("/")]);
    report(&home);
    assert!(fs::symlink_metadata(home.path().join("report.json")).expect("a link").is_symlink());
    home.ok(["--report=/dev/null", &server.url("/")]);
    assert_ne!(fs::metadata("/dev/null").expect("a device").rdev(), 0);
    let ran = home.run(["--report=no/where", &server.url("/")]);
    assert!(ran.status == 23 && ran.err.starts_with("kuki: writing no/where failed: "), "{ran:?}");
}
