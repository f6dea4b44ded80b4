//! Owns the tests of what the verbs of `kuki jar` tell programs: one document each, that fits `docs/jar.schema.json`.
//! Does not test what they do; `verbs` and `import_export` do.

use serde_json::{Value, json};

use crate::support::schema::fit;
use crate::support::{Home, Ran};

const SITE: &str = "https://a.test/";

fn jar(home: &Home, arguments: &[&str]) -> Ran {
    Ran::from(home.kuki(["jar"].iter().chain(arguments)).output().expect("the program starts"))
}

/// The document of a verb that ends with this status; it fits the schema, and nothing else is on the stream.
#[track_caller]
fn told(home: &Home, status: i32, arguments: &[&str]) -> Value {
    let flag = if arguments[0] == "import" { "--summary" } else { "--format" };
    let ran = jar(home, &[arguments, &[flag, "json"]].concat());
    assert_eq!(ran.status, status, "{ran:?}");
    fit("jar.schema.json", std::slice::from_ref(&ran.out));
    serde_json::from_str(&ran.out).expect("JSON, as it was seen to be")
}

fn home() -> Home {
    let home = Home::new();
    let ran = jar(&home, &["set", "--url", SITE, "a=1", "b=2; Secure", "c=3; Path=/c; Max-Age=60"]);
    assert_eq!(ran.status, 0, "{ran:?}");
    home
}

/// The names of the cookies that a document lists.
fn names(document: &Value) -> Vec<&str> {
    let cookies = document["cookies"].as_array().expect("cookies");
    cookies.iter().filter_map(|cookie| cookie["name"].as_str()).collect()
}

#[test]
fn what_is_done_to_cookies_is_told_with_each_of_them() {
    let home = home();
    for (arguments, status, action, found) in [
        (&["pin", "a"][..], 0, "pinned", &["a"][..]),
        (&["unpin", "?"], 0, "unpinned", &["a", "b", "c"]),
        (&["pin", "nobody"], 1, "pinned", &[]),
        (&["clear", "--dry-run"], 0, "removed", &["a", "b", "c"]),
        (&["remove", "a"], 0, "removed", &["a"]),
        (&["remove", "a"], 1, "removed", &[]),
        (&["clear", "--yes"], 0, "removed", &["b", "c"]),
    ] {
        let document = told(&home, status, arguments);
        assert_eq!(
            (&document["action"], names(&document)),
            (&json!(action), found.to_vec()),
            "{arguments:?}"
        );
        assert_eq!(document["dry_run"], json!(arguments.contains(&"--dry-run")), "{arguments:?}");
        assert_eq!(document["jar"]["name"], "default");
    }
    assert!(told(&home, 0, &["path"])["jar"]["path"].as_str().is_some_and(|path| path.ends_with(".json")));
}

#[test]
fn what_comes_in_is_told_with_what_became_of_it() {
    let home = home();
    let rows = "a.test\tFALSE\t/\tFALSE\t0\ta\t9\nnonsense\nb.test\tFALSE\t/\tFALSE\t0\tn\t1\n";
    let file = home.write("cookies.txt", rows);
    let file = file.to_str().expect("a path");
    let document = told(&home, 0, &["import", "--format", "netscape", file]);
    let intake = &document["intake"];
    assert_eq!(
        (&intake["new"], &intake["replaced"], &intake["source"]),
        (&json!(1), &json!(1), &json!("netscape"))
    );
    assert_eq!(intake["rejected"][0]["at"], "line 2");
    let document = told(&home, 0, &["copy", "default", "other"]);
    assert_eq!((&document["jar"]["name"], &document["intake"]["new"]), (&json!("other"), &json!(4)));
    assert_eq!(told(&home, 0, &["copy", "default", "other", "--dry-run"])["intake"], Value::Null);
    let jars = told(&home, 0, &["all"]);
    assert_eq!((&jars["jars"][0]["cookies"], &jars["jars"][1]["name"]), (&json!(4), &json!("other")));
    assert_eq!(told(&Home::new(), 1, &["all"])["jars"], json!([]));
}

#[test]
fn a_verdict_is_told_in_the_words_of_explain() {
    let home = home();
    let document = told(&home, 105, &["set", "--url", SITE, "a=2", "bad=1; Domain=b.test"]);
    let codes: Vec<_> = [0, 1].map(|at| &document["set_cookies"][at]["code"]).into();
    assert_eq!(codes, ["replaced", "domain-mismatch"]);
    assert_eq!(document["set_cookies"][0]["cookie"]["value"], "2");
}

#[test]
fn limits_are_told_with_those_who_have_to_go() {
    let home = home();
    assert_eq!(told(&home, 0, &["limits"])["per_domain"], 20);
    let document = told(&home, 0, &["limits", "--per-domain", "2"]);
    assert_eq!((&document["evicted"][0]["name"], &document["cookies"]), (&json!("a"), &json!(2)));
}

#[test]
fn a_form_that_there_is_not_is_named_with_those_that_there_are() {
    let home = home();
    for (arguments, message) in [
        (&["path", "--format", "xml"][..], "--format: `xml` is neither text nor json"),
        (&["import", "--summary", "xml", "file"], "--summary: `xml` is neither text nor json"),
    ] {
        let ran = jar(&home, arguments);
        assert!(ran.status == 2 && ran.err.contains(message), "{ran:?}");
    }
}
