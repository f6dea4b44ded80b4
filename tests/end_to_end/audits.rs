//! Owns the tests of `kuki jar audit`: what it says, in which form, and its exit status.
//! Does not test the rules, which have tests beside them.

use std::collections::BTreeSet;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use crate::support::pages;
use crate::support::schema;
use crate::support::{Home, Ran};

const NOON: &str = "2026-05-01T12:00:00Z";

fn jar(home: &Home, arguments: &[&str]) -> Ran {
    let mut command = home.kuki(["jar"].iter().chain(arguments));
    Ran::from(command.env("KUKI_NOW", NOON).output().expect("the program starts"))
}

fn home() -> Home {
    let home = Home::new();
    for line in ["sid=secret-of-ada; Path=/; HttpOnly; SameSite=Lax", "theme=dark; Max-Age=40000000"] {
        assert_eq!(jar(&home, &["set", "--url", "https://app.corp.test", line]).status, 0);
    }
    home
}

#[test]
fn the_status_is_104_for_a_finding_as_grave_as_was_asked_about() {
    let home = home();
    for (arguments, status) in [
        (&["audit"][..], 104),
        (&["audit", "--fail-on", "high"], 104),
        (&["audit", "--fail-on", "never"], 0),
        (&["audit", "--name", "theme"], 0),
        (&["audit", "--name", "theme", "--fail-on", "low"], 0),
        (&["audit", "--name", "theme", "--fail-on", "info"], 104),
        (&["audit", "--name", "nothing"], 1),
        (&["audit", "--name", "nothing", "--format", "json"], 1),
        (&["audit", "--url", "https://app.corp.test/", "--name", "sid"], 104),
        (&["audit", "--jar", "new"], 1),
    ] {
        assert_eq!(jar(&home, arguments).status, status, "{arguments:?}");
    }
}

#[test]
fn a_value_is_never_shown() {
    let home = home();
    for format in ["table", "json"] {
        let ran = jar(&home, &["audit", "--format", format]);
        assert!(ran.out.contains("session-without-secure"), "{ran:?}");
        assert!(!format!("{ran:?}").contains("secret"), "{ran:?}");
    }
}

#[test]
fn a_jar_that_others_can_read_is_a_failure_whatever_it_holds() {
    let home = home();
    let file = home.default_jar();
    fs::set_permissions(&file, fs::Permissions::from_mode(0o640)).expect("our own file");
    let before = fs::read(&file).expect("a jar");
    let ran = jar(&home, &["audit", "--name", "theme"]);
    assert_eq!(ran.status, 104);
    assert!(ran.out.starts_with("high    the jar  jar-readable-by-others\n"), "{ran:?}");
    assert_eq!(fs::read(&file).expect("a jar"), before, "an audit changes nothing");
}

#[test]
fn what_a_server_wrote_can_not_drive_the_terminal() {
    let home = Home::new();
    let line = "\u{9b}31msid=1; Path=/\u{202e}x; Domain=corp.test";
    assert_eq!(jar(&home, &["set", "--url", "https://app.corp.test", line]).status, 0);
    assert_eq!(
        jar(&home, &["set", "--url", "https://app.corp.test", &line.replace("corp", "app.corp")]).status,
        0
    );
    let ran = jar(&home, &["audit"]);
    assert!(ran.out.contains("shadowed") && !ran.out.contains(['\u{9b}', '\u{202e}']), "{ran:?}");
}

#[test]
fn the_document_fits_its_schema() {
    let home = home();
    let more = ["__Host-x=1; Path=/; Secure", "sid=2; Path=/; Domain=corp.test; Secure; SameSite=None"];
    for line in more {
        assert_eq!(jar(&home, &["set", "--url", "https://app.corp.test", line]).status, 0);
    }
    let of = |arguments: &[&str]| jar(&home, &[&["audit", "--format", "json"], arguments].concat()).out;
    schema::fit(
        "audit.schema.json",
        &[of(&[]), of(&["--jar", "new"]), of(&["--fail-on", "never", "--session"])],
    );
    let read: serde_json::Value = serde_json::from_str(&of(&[])).expect("JSON");
    let codes: Vec<_> =
        read["findings"].as_array().expect("findings").iter().map(|found| &found["code"]).collect();
    assert!(codes.contains(&&"shadowed".into()), "{codes:?}");
    assert_eq!((&read["fails"], &read["counts"]["high"]), (&true.into(), &1.into()));
}

#[test]
fn wrong_input_is_told_what_would_be_right() {
    let home = Home::new();
    for (arguments, message) in [
        (&["audit", "--fail-on", "huge"][..], "--fail-on: `huge` is no severity"),
        (&["audit", "--format", "xml"], "--format: `xml` is neither table nor json"),
        (&["audit", "--no-jar"], "kuki jar needs a jar, and --no-jar was given"),
    ] {
        let ran = jar(&home, arguments);
        assert_eq!(ran.status, 2);
        assert!(ran.err.starts_with(&format!("kuki: {message}\n")), "{ran:?}");
    }
}

#[test]
fn every_code_is_on_the_page_and_in_the_schema() {
    let read = |file: &str| {
        fs::read_to_string(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join(file))
            .expect("a file of the project")
    };
    let rules = read("src/cookie/audit/finding.rs");
    let (_, codes) = rules.split_once("pub fn code").expect("the codes");
    let (codes, _) = codes.split_once("pub fn").expect("and what follows");
    let known: BTreeSet<&str> =
        codes.lines().filter_map(|line| line.split_once("=> \"")?.1.strip_suffix("\",")).collect();
    assert!(known.len() > 10, "{known:?}");
    let (page, schema) = (read("docs/audit.md"), read("docs/audit.schema.json"));
    let rows: BTreeSet<&str> =
        page.lines().filter_map(|line| line.strip_prefix("| `")?.split('`').next()).collect();
    assert_eq!(rows, known);
    let examples: Vec<&str> = page.split("```").collect();
    for code in known {
        assert!(schema.contains(&format!("\"{code}\"")), "{code} is not in the schema");
        // Only the superuser can give a file away.
        let is_shown = examples.iter().skip(1).step_by(2).any(|example| example.contains(code));
        assert!(is_shown || code == "jar-of-another-user", "{code} has no example");
    }
}

#[test]
fn the_page_shows_what_is_said() {
    pages::shows_what_is_said("audit.md", NOON);
}
