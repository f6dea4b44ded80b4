//! Owns the run of the optional conformance cases, `../shared/conformance/*.jsonl`, through the rules alone.
//! Does not hold any case, and does not fail where that folder is missing.

use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use url::Url;

use kuki::cookie::context::Context;
use kuki::cookie::jar::Jar;
use kuki::cookie::receive::receive;
use kuki::cookie::select::select;

/// Before every date that a case means as future, and after those it means as past.
const START: &str = "2026-01-01T00:00:00Z";

#[derive(Deserialize)]
struct Case {
    id: String,
    /// Why the case is disputed: it follows RFC 6265 where RFC 6265bis decides otherwise.
    debatable: Option<String>,
    steps: Vec<Step>,
    probe: String,
    expect: String,
}

#[derive(Deserialize)]
struct Step {
    url: String,
    set_cookie: Vec<String>,
}

impl Case {
    /// The Cookie header that goes to the probe, octets as Latin-1; empty for none.
    fn header(&self) -> String {
        let mut now: DateTime<Utc> = START.parse().expect("a good time");
        let mut jar = Jar::default();
        for step in &self.steps {
            let context = self.context(&step.url, now);
            for line in &step.set_cookie {
                receive(&octets(line), &context, &mut jar);
            }
            now += TimeDelta::seconds(1);
        }
        let header = select(&self.context(&self.probe, now), &jar).header().unwrap_or_default();
        header.into_iter().map(char::from).collect()
    }

    fn context(&self, url: &str, now: DateTime<Utc>) -> Context {
        let url = Url::parse(url).unwrap_or_else(|error| panic!("{}: {url}: {error}", self.id));
        Context::new(&url, now).unwrap_or_else(|| panic!("{}: {url} has no host", self.id))
    }

    fn difference(&self) -> Option<String> {
        let found = self.header();
        (found != self.expect).then(|| format!("{}: expected {:?}, found {found:?}", self.id, self.expect))
    }
}

#[test]
fn every_undisputed_case_of_the_folder_passes() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let Some(cases) = cases(&folder) else {
        return say("no conformance cases here: ../shared/conformance is not a folder");
    };
    let (debatable, settled): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.debatable.is_some());
    let failures: Vec<_> = settled.iter().filter_map(|case| case.difference()).collect();
    say(&format!(
        "{} of {} undisputed conformance cases pass",
        settled.len() - failures.len(),
        settled.len()
    ));
    for case in debatable {
        if let (Some(difference), Some(why)) = (case.difference(), &case.debatable) {
            say(&format!("disputed, {why}: {difference}"));
        }
    }
    assert!(failures.is_empty(), "{} cases fail\n{}", failures.len(), failures.join("\n"));
}

/// To the terminal itself: what a passing test prints is shown to nobody.
fn say(line: &str) {
    writeln!(io::stderr(), "{line}").expect("stderr is open");
}

/// The cases of every file of the folder; a folder without any is a mistake.
fn cases(folder: &Path) -> Option<Vec<Case>> {
    let entries = fs::read_dir(folder).ok()?;
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let read = |file: &PathBuf| fs::read_to_string(file).expect("a readable file");
    let text: String = files.iter().map(read).collect();
    let cases: Vec<Case> =
        text.lines().map(|line| serde_json::from_str(line).expect("a case a line")).collect();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    Some(cases)
}

fn octets(latin1: &str) -> Vec<u8> {
    latin1.chars().map(|c| u8::try_from(c).expect("octets as Latin-1")).collect()
}
