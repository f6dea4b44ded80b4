//! Owns the tests of `kuki jar import` and `kuki jar export`: what is taken, told, refused and written.
//! Does not test each format; `formats` does.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::stored;
use crate::support::Home;

const GOOD: &str = "a.test\tFALSE\t/\tFALSE\t0\ta\t1\n.b.test\tTRUE\t/\tTRUE\t0\tb\t2\n";
const BAD: &str = "no cookie at all\n.com\tTRUE\t/\tFALSE\t0\tc\t3\n";

#[test]
fn good_rows_are_taken_and_bad_ones_told_with_their_place() {
    let home = Home::new();
    home.write("c.txt", format!("{GOOD}{BAD}"));
    let ran = home.ok(["jar", "import", "c.txt"]);
    assert_eq!(ran.out, "imported 2 cookies (netscape) into jar 'default': 2 new; 2 rejected\n");
    let lines: Vec<&str> = ran.err.lines().collect();
    assert!(lines[0].starts_with("kuki: line 3: "), "{ran:?}");
    assert!(lines[1].starts_with("kuki: line 4: its domain is a public suffix"), "{ran:?}");
    assert_eq!(stored(&home), ["a=1 of a.test", "b=2 of b.test"]);
}

#[test]
fn strict_takes_all_or_nothing() {
    let home = Home::new();
    home.write("c.txt", format!("{GOOD}{BAD}"));
    let ran = home.run(["jar", "import", "--strict", "c.txt"]);
    assert_eq!((ran.status, &*ran.out), (105, ""), "{ran:?}");
    assert!(!home.default_jar().exists());
}

#[test]
fn a_file_without_a_single_cookie_is_status_1_and_never_silent() {
    let home = Home::new();
    home.write("c.txt", BAD);
    let ran = home.run(["jar", "import", "--format", "netscape", "c.txt"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(ran.err.lines().count(), 2, "{ran:?}");
}

#[test]
fn a_text_of_no_known_format_names_the_formats() {
    let home = Home::new();
    home.write("x", "\u{1}\u{2}");
    let ran = home.run(["jar", "import", "x"]);
    assert_eq!(ran.status, 26, "{ran:?}");
    assert!(ran.err.contains("looks like no format") && ran.err.contains("playwright"), "{ran:?}");
    let ran = home.run(["jar", "import", "--format", "yaml", "x"]);
    assert_eq!(ran.status, 2, "{ran:?}");
    let ran = home.run(["jar", "import", "nowhere"]);
    assert_eq!(ran.status, 26, "{ran:?}");
}

#[test]
fn a_dry_run_shows_what_would_come() {
    let home = Home::new();
    home.write("c.txt", GOOD);
    let ran = home.ok(["jar", "import", "--dry-run", "c.txt"]);
    assert!(ran.out.starts_with("DOMAIN"), "{ran:?}");
    assert!(ran.out.ends_with("\nwould import 2 cookies (netscape) into jar 'default': 2 new\n"), "{ran:?}");
    assert!(!home.default_jar().exists());
}

#[test]
fn an_import_that_would_push_cookies_out_stops_unless_it_may() {
    let home = Home::new();
    home.ok(["jar", "set", "--url", "https://a.test", "mine=1"]);
    let many: String = (0..21).map(|number| format!("a.test\tFALSE\t/\tFALSE\t0\tn{number}\t1\n")).collect();
    home.write("c.txt", many);
    let ran = home.run(["jar", "import", "c.txt"]);
    assert_eq!(ran.status, 105, "{ran:?}");
    assert!(
        ran.err.contains("21 cookies would push 2 out by the limits (20 per domain, 300 in all)"),
        "{ran:?}"
    );
    assert!(ran.err.contains("--evict"), "{ran:?}");
    assert_eq!(stored(&home), ["mine=1 of a.test"]);
    home.ok(["jar", "import", "--name", "n1*", "c.txt"]);
    assert_eq!(stored(&home).len(), 12);
    home.ok(["jar", "import", "--evict", "c.txt"]);
    assert_eq!(stored(&home).len(), 20);
}

#[test]
fn cookies_without_a_host_need_a_url() {
    let home = Home::new();
    home.write("c", "a=1; b=2\n");
    let ran = home.run(["jar", "import", "--format", "cookie", "c"]);
    assert_ne!(ran.status, 0, "{ran:?}");
    assert!(ran.err.contains("--url"), "{ran:?}");
    home.ok(["jar", "import", "--format", "cookie", "--url", "https://h.test/x", "c"]);
    assert_eq!(stored(&home), ["a=1 of h.test", "b=2 of h.test"]);
}

#[test]
fn an_export_is_for_its_owner_alone_and_chooses_by_filter() {
    let home = Home::new();
    home.ok(["jar", "set", "--url", "https://a.test", "a=1", "b=2; Max-Age=100"]);
    let ran = home.ok(["jar", "export", "--session", "out.txt"]);
    assert_eq!((&*ran.out, &*ran.err), ("", "kuki: wrote 1 cookie to out.txt (netscape)\n"));
    let path = home.path().join("out.txt");
    assert_eq!(fs::metadata(&path).expect("the file").permissions().mode() & 0o777, 0o600);
    let text = fs::read_to_string(path).expect("text");
    assert!(text.starts_with("# Netscape HTTP Cookie File\n"), "{text}");
    assert!(text.ends_with("\n\na.test\tFALSE\t/\tFALSE\t0\ta\t1\n"), "{text}");
    let names: Vec<_> =
        fs::read_dir(home.path()).expect("the home").map(|entry| entry.expect("one").file_name()).collect();
    assert_eq!(names.len(), 2, "{names:?}");
}

#[test]
fn what_a_format_can_not_hold_is_said_and_lossless_refuses_it() {
    let home = Home::new();
    home.ok(["jar", "set", "--url", "https://a.test", "a=1; SameSite=Strict"]);
    let ran = home.ok(["jar", "export", "--format", "netscape"]);
    assert_eq!(ran.err, "kuki: netscape can't hold SameSite (1 cookie)\n");
    let ran = home.run(["jar", "export", "--format", "netscape", "--lossless"]);
    assert_eq!((ran.status, &*ran.out), (105, ""), "{ran:?}");
    let ran = home.ok(["jar", "export", "--format", "json", "--lossless"]);
    assert!(ran.out.contains("\"same_site\":\"Strict\""), "{ran:?}");
    let ran = home.run(["jar", "export", "--format", "har"]);
    assert_eq!(ran.status, 2, "{ran:?}");
}

#[test]
fn an_export_destroys_neither_a_jar_nor_a_good_file_nor_a_device() {
    let home = Home::new();
    home.ok(["jar", "set", "--url", "https://a.test", "a=1"]);
    let own = home.default_jar().display().to_string();
    home.ok(["jar", "copy", "default", "./other.json"]);
    for file in [&*own, "other.json"] {
        let ran = home.run(["jar", "export", "--format", "json", file]);
        assert_eq!(ran.status, 2, "{ran:?}");
        assert!(ran.err.contains("is a jar, which an export would destroy"), "{ran:?}");
    }
    home.write("good.txt", "as it was");
    let ran = home.run(["jar", "export", "--domain", "nosuch.test", "good.txt"]);
    assert_eq!(ran.status, 1, "{ran:?}");
    assert_eq!(fs::read_to_string(home.path().join("good.txt")).expect("text"), "as it was");
    std::os::unix::fs::symlink("good.txt", home.path().join("link.txt")).expect("a link");
    home.ok(["jar", "export", "link.txt"]);
    assert!(fs::symlink_metadata(home.path().join("link.txt")).expect("the link").is_symlink());
    assert!(fs::read_to_string(home.path().join("good.txt")).expect("text").contains("a.test"));
    home.ok(["jar", "export", "/dev/null"]);
    assert!(!fs::metadata("/dev/null").expect("the device").is_file());
}

#[test]
fn what_has_no_end_is_no_file_of_cookies() {
    let ran = Home::new().run(["jar", "import", "/dev/zero"]);
    assert_eq!(ran.status, 26, "{ran:?}");
    assert!(ran.err.contains("larger than 64 MiB"), "{ran:?}");
}

#[test]
fn json_from_one_jar_into_another_is_the_same_jar() {
    let home = Home::new();
    home.ok([
        "jar",
        "set",
        "--url",
        "https://a.test",
        "a=1; SameSite=Strict; HttpOnly; Secure",
        "b=\u{e9}; Max-Age=1000",
    ]);
    home.ok(["jar", "pin", "a"]);
    home.write("jar.json", home.ok(["jar", "export"]).out);
    home.ok(["--jar", "other", "jar", "import", "jar.json"]);
    let without_updated = |jar: &str| {
        let mut rows: Vec<serde_json::Value> =
            serde_json::from_str(&home.ok(["--jar", jar, "jar", "list", "--format", "json"]).out)
                .expect("rows");
        rows.iter_mut().for_each(|row| row["updated"] = serde_json::Value::Null);
        rows
    };
    assert_eq!(without_updated("other"), without_updated("default"));
}
