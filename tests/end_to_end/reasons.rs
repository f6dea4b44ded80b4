//! Owns the tests that every reason and every near miss is reached from the command line, by `kuki explain`.
//! Does not judge what is said of them; `docs/reasons.md` and the vectors do.

use serde_json::Value;

use crate::support::Home;

/// What the jar's limits, its file or another page bring about can't be given to `explain` as lines alone.
const BY_OTHER_MEANS: [&str; 4] = ["initiator", "limit", "netscape", "row"];

fn reasons(kind: &str) -> Vec<Value> {
    let all: Value =
        serde_json::from_str(include_str!("../../fixtures/reasons.json")).expect("a good fixture");
    all[kind].as_array().expect("a list of reasons").clone()
}

/// What `kuki explain` says of the lines of a reason, one after the other.
fn explained(home: &Home, reason: &Value) -> String {
    let text = |key: &str| reason[key].as_str().unwrap_or_default().to_owned();
    let line = text("set_cookie").replace("<4000>", &"x".repeat(4000)).replace("<5000>", &"x".repeat(5000));
    let url = text("url").replace("<p*1100>", &"p".repeat(1100));
    let mut lines: Vec<String> = reason["before"]
        .as_array()
        .map(|before| before.iter().filter_map(|one| one[1].as_str().map(str::to_owned)).collect())
        .unwrap_or_default();
    lines.push(line);
    let mut arguments = vec!["explain".to_owned(), url, "--at=2026-01-01T00:00:00Z".to_owned()];
    arguments.extend(lines.iter().map(|line| format!("--set-cookie={line}")));
    if text("policy") == "browser" {
        arguments.push("--policy=browser".to_owned());
    }
    let ran = home.ok(&arguments);
    ran.out
}

#[test]
fn every_near_miss_is_told_by_explain() {
    let home = Home::new();
    for reason in reasons("notes") {
        let said = explained(&home, &reason);
        assert!(said.contains(reason["code"].as_str().expect("a code")), "{reason}\n{said}");
    }
}

#[test]
fn every_verdict_that_lines_alone_bring_about_is_told_by_explain() {
    let home = Home::new();
    let by_lines = |reason: &Value| {
        let same_url = |before: &Value| {
            before.as_array().is_none_or(|all| all.iter().all(|one| one[0] == reason["url"]))
        };
        BY_OTHER_MEANS.iter().all(|means| reason.get(means).is_none()) && same_url(&reason["before"])
    };
    let told: Vec<_> = reasons("verdicts").into_iter().filter(by_lines).collect();
    assert!(told.len() > 15, "only {} of the verdicts", told.len());
    for reason in told {
        let said = explained(&home, &reason);
        assert!(said.contains(reason["code"].as_str().expect("a code")), "{reason}\n{said}");
    }
}

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
