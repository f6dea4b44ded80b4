//! Owns the tests of `kuki decode` and `kuki jar get --decode`: where a value comes from, and what is said of it.
//! Does not test the decoder, which has its own table.

use std::io::Write;
use std::process::Stdio;

use crate::support::pages;
use crate::support::schema;
use crate::support::{Home, Ran};

const TOKEN: &str = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJpYXQiOjE3Nzc2MzY4MDAsIm5iZiI6MTc3NzYzNjgwMCwiZXhwIjoxNzc3NjQwNDAwfQ.8vsebi29JZR8bS8iTk4szO0-8F8wzRV3x1fJ1Aa6ObM";

fn piped(home: &Home, arguments: &[&str], input: &[u8]) -> Ran {
    let mut command = home.kuki(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().expect("the program starts");
    child.stdin.take().expect("a pipe").write_all(input).expect("it is read");
    Ran::from(child.wait_with_output().expect("it ends"))
}

#[test]
fn a_value_comes_from_the_command_line_from_a_pipe_or_from_the_jar() {
    let home = Home::new();
    let typed = home.ok(["decode", TOKEN]);
    assert!(
        typed.out.starts_with("jwt             JSON Web Token; the signature is not checked\n"),
        "{typed:?}"
    );
    assert_eq!(piped(&home, &["decode", "-"], format!("{TOKEN}\r\n").as_bytes()).out, typed.out);
    let line = format!("token={TOKEN}; Secure; HttpOnly");
    home.ok(["jar", "set", "--url", "https://app.corp.test/", &line]);
    let expected = format!("token  app.corp.test/\n{}", typed.out);
    assert_eq!(home.ok(["decode", "--name", "token"]).out, expected);
    assert_eq!(home.ok(["decode", "--url", "https://app.corp.test/x"]).out, expected);
    assert_eq!(home.ok(["jar", "get", "token", "--decode"]).out, expected);
}

#[test]
fn the_document_fits_its_schema_whatever_the_value_is() {
    let home = Home::new();
    let cases: Vec<serde_json::Value> =
        serde_json::from_str(include_str!("../../fixtures/decode/values.json")).expect("cases");
    let mut documents = Vec::new();
    for case in cases {
        let value = case["value"].as_str().expect("a value");
        documents.push(home.ok(["decode", "--format", "json", "--", value]).out);
    }
    for octets in [&b"\xff\xfe"[..], b"", b"\0", &[b'x'; 5 << 20]] {
        documents.push(piped(&home, &["decode", "-", "--format", "json"], octets).out);
    }
    home.ok(["jar", "set", "--url", "https://a.test/", "a=1", "b=2; Path=/x"]);
    let said = home.ok(["jar", "get", "*", "--decode", "--format", "json"]).out;
    let read: serde_json::Value = serde_json::from_str(&said).expect("JSON");
    assert_eq!(read["values"][1]["cookie"]["path"], "/x");
    documents.push(said);
    schema::fit("decode.schema.json", &documents);
}

#[test]
fn wrong_input_is_told_what_would_be_right() {
    let home = Home::new();
    for (arguments, status, message) in [
        (&["decode"][..], 2, "kuki decode needs a value or the name of a cookie"),
        (&["decode", "x", "--name", "y"], 2, "kuki decode takes a VALUE, or the cookies that are meant"),
        (&["decode", "x", "--format", "yaml"], 2, "--format: `yaml` is neither text nor json"),
        (&["decode", "--no-jar", "--name", "x"], 2, "kuki decode --name needs a jar, and --no-jar was given"),
        (&["decode", "--name", "x"], 1, "no cookie of jar 'default' fits"),
        (
            &["jar", "get", "x", "--decode", "--format", "netscape"],
            2,
            "--format: `netscape` is neither text nor json",
        ),
        (&["jar", "get", "x", "--decode", "--sort", "name"], 2, "--decode can't go with --sort"),
    ] {
        let ran = home.run(arguments);
        assert_eq!(ran.status, status, "{ran:?}");
        assert!(ran.err.starts_with(&format!("kuki: {message}\n")), "{ran:?}");
    }
    assert!(!home.default_jar().exists(), "a look makes no jar");
}

#[test]
fn the_page_shows_what_is_said() {
    pages::shows_what_is_said("decode.md", "2026-05-01T12:30:00Z");
}
