//! Owns docs/curl.md: its table is the program's own, and has every flag that the curl of this machine lists.
//! Does not judge what a flag means. `KUKI_UPDATE=1 cargo test --test curl` writes the table anew.

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use kuki::cli::curl::{CurlFlag, Here, flags};
use support::Home;

/// The line behind which the table stands, to the end of the document.
const HEAD: &str = "| flag of curl | here |\n| --- | --- |\n";

fn row(CurlFlag { long, short, here }: CurlFlag) -> String {
    let letter = match short {
        0 => String::new(),
        letter => format!("`-{}` ", char::from(letter)),
    };
    let here = match here {
        Here::Supported => "supported".to_owned(),
        Here::Accepted(why) => format!("accepted: {why}"),
        Here::Refused(nearest) => format!("refused: {nearest}"),
    };
    format!("| {letter}`--{long}` | {} |\n", here.replace('|', "\\|"))
}

#[test]
fn the_document_has_the_table_of_the_program() {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs/curl.md");
    let document = fs::read_to_string(&path).expect("a document");
    let (above, table) = document.split_once(HEAD).expect("the head of the table");
    let expected: String = flags().map(row).collect();
    if std::env::var_os("KUKI_UPDATE").is_some() {
        fs::write(&path, format!("{above}{HEAD}{expected}")).expect("a document that can be written");
    } else {
        assert!(table == expected, "KUKI_UPDATE=1 cargo test --test curl writes the table anew");
    }
}

#[test]
#[expect(clippy::print_stderr, reason = "a test that was skipped has to say so")]
fn the_table_has_every_flag_that_curl_lists() {
    let Ok(listed) = Command::new("curl").args(["--help", "all"]).output() else {
        eprintln!("skipped: there is no curl here to ask for its flags");
        return;
    };
    let listed = String::from_utf8_lossy(&listed.stdout).into_owned();
    let mut count = 0;
    for line in listed.lines() {
        let Some((letter, rest)) = line.split_once("--") else { continue };
        let long = rest.split_whitespace().next().unwrap_or_default();
        let short = letter.trim().as_bytes().get(1).copied().unwrap_or(0);
        let known = flags().find(|known| known.long == long);
        assert_eq!(known.map(|known| known.short), Some(short), "--{long}");
        count += 1;
    }
    assert!(count > 200, "curl listed {count} flags:\n{listed}");
}

#[test]
fn a_flag_that_is_refused_is_named_with_the_nearest_thing_and_nothing_is_sent() {
    let home = Home::new();
    for CurlFlag { long, short, here } in flags() {
        let Here::Refused(nearest) = here else { continue };
        let mut spelt = vec![format!("--{long}")];
        spelt.extend((short > 0).then(|| format!("-s{}", char::from(short))));
        for flag in spelt {
            let ran = home.run([&flag, "http://127.0.0.1:1/"]);
            let lines: Vec<_> = ran.err.lines().collect();
            assert!(
                ran.status == 2 && lines[0].contains(" is a flag of curl's that is not supported"),
                "{flag}: {ran:?}"
            );
            assert_eq!(lines[1], format!("hint: {nearest}"), "{flag}");
        }
    }
}

#[test]
fn a_flag_that_is_accepted_changes_nothing() {
    let home = Home::new();
    for CurlFlag { long, short, here } in flags() {
        if !matches!(here, Here::Accepted(_)) {
            continue;
        }
        let flag = if short > 0 { format!("-{}", char::from(short)) } else { format!("--{long}") };
        let value = (long == "expect100-timeout").then_some("1");
        let ran = home.run([&*flag].into_iter().chain(value).chain(["http://127.0.0.1:1/"]));
        assert!(ran.status == 7 && ran.err.starts_with("kuki: could not connect to "), "{flag}: {ran:?}");
    }
}

#[test]
fn what_is_nobodys_flag_gets_the_parsers_suggestion() {
    let ran = Home::new().run(["--silnt", "http://127.0.0.1:1/"]);
    assert_eq!(ran.status, 2);
    assert!(ran.err.contains("'--silnt'") && ran.err.contains("'--silent'"), "{ran:?}");
}
