//! Owns the help texts: every `--help` is what `fixtures/help` shows, so that a change of it is seen in review.
//! Does not judge them. `KUKI_UPDATE=1 cargo test --test help` writes them anew.

mod support;

use std::fs;
use std::path::PathBuf;

use support::Home;

#[track_caller]
fn shows(arguments: &[&str], file: &str) {
    let ran = Home::new().ok(arguments);
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("fixtures/help").join(file);
    if std::env::var_os("KUKI_UPDATE").is_some() {
        fs::create_dir_all(path.parent().expect("a file in a directory")).expect("fixtures can be written");
        fs::write(&path, &ran.out).expect("fixtures can be written");
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(ran.out, expected, "kuki {}", arguments.join(" "));
}

#[test]
fn a_request_has_its_help_at_the_front_door() {
    shows(&["--help"], "kuki.txt");
    shows(&["-h"], "kuki-short.txt");
}

#[test]
fn the_short_help_fits_two_screens_and_names_verbs_items_and_the_long_one() {
    let short = Home::new().ok(["-h"]).out;
    assert!(short.lines().count() < 70, "{short}");
    for needed in ["--json", "name=text", "  jar ", "  explain ", "--help` shows all options"] {
        assert!(short.contains(needed), "{needed}: {short}");
    }
    assert!(!short.contains("--tlsv1.3"), "{short}");
}

#[test]
fn every_verb_has_its_help() {
    shows(&["jar", "--help"], "jar.txt");
    for action in [
        "all", "audit", "clear", "copy", "export", "get", "import", "limits", "list", "path", "pin",
        "remove", "set", "unpin",
    ] {
        shows(&["jar", action, "--help"], &format!("jar-{action}.txt"));
    }
    shows(&["explain", "--help"], "explain.txt");
    shows(&["decode", "--help"], "decode.txt");
    shows(&["config", "--help"], "config.txt");
    shows(&["config", "path", "--help"], "config-path.txt");
    shows(&["config", "show", "--help"], "config-show.txt");
    shows(&["lab", "--help"], "lab.txt");
    shows(&["tour", "--help"], "tour.txt");
}

#[test]
fn the_version_is_said_alone_and_among_other_options() {
    let alone = Home::new().ok(["--version"]);
    let among = Home::new().ok(["-s", "-V", "http://127.0.0.1:1"]);
    let expected = format!("kuki {} (public suffix list: psl ", env!("CARGO_PKG_VERSION"));
    assert!(alone.out.starts_with(&expected), "{alone:?}");
    assert_eq!(alone.out, among.out);
}
