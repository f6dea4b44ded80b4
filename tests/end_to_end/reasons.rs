//! Owns the tests of how near misses are told by `kuki explain`: with their fix, without values, and none where none is.
//! Does not reach each of them; `tests/reasons.rs` does.

use crate::support::Home;

#[test]
fn a_well_made_cookie_is_explained_without_a_note() {
    let home = Home::new();
    let line = "--set-cookie=__Host-sid=31d4d96e; Path=/; Secure; HttpOnly; SameSite=Lax; Max-Age=3600";
    let said = home.ok(["explain", "https://www.example.com/account", line]).out;
    assert!(!said.contains("note"), "{said}");
}

#[test]
fn a_domain_with_more_than_a_name_in_it_is_told_what_to_write() {
    let home = Home::new();
    let line = "--set-cookie=a=1; Domain=https://example.com:8443/app";
    let said = home.ok(["explain", "https://www.example.com/", line]).out;
    assert!(said.contains("fix: write Domain=example.com:"), "{said}");
}

#[test]
fn no_note_shows_the_value_of_a_cookie() {
    let home = Home::new();
    for line in [
        "sid=\"s3cret\"",
        "sid=s3cret, b=s3cret",
        "__Host_a=s3cret, Path=/",
        "s3cret",
        "a=s3cret; Max-Age=-1",
    ] {
        let said = home.ok(["explain", "https://www.example.com/", &format!("--set-cookie={line}")]).out;
        assert!(said.contains("note") && !said.contains("s3cret"), "{line}\n{said}");
    }
}

/// An answer of many and of long lines is explained by one walk through each.
#[test]
fn thousands_of_lines_and_of_attributes_are_explained() {
    let home = Home::new();
    let many = "Set-Cookie: a=1; Path=/x; HttpsOnly; Max-Age=x\r\n".repeat(10_000);
    let long = format!("Set-Cookie: a=1{}\r\n", "; Colour; Paht=x".repeat(5_000));
    let file = home.write("head", format!("HTTP/1.1 200 OK\r\n{many}{long}\r\n"));
    let file = format!("--headers={}", file.display());
    let said = home.ok(["explain", "https://www.example.com/", &file]).out;
    assert_eq!(said.matches("Path was probably meant").count(), 5_000);
    assert_eq!(said.matches("HttpOnly was probably meant").count(), 10_000);
}
