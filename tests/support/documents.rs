//! Owns the check of documents against a JSON Schema of `docs/`, by the program `jsonschema`.
//! Does not make documents.

// Whoever runs the tests is told what was skipped.
#![allow(clippy::print_stderr)]

use std::path::PathBuf;
use std::process::Command;

use crate::support::Home;

/// Each document fits `docs/FILE`, or the test fails and says which does not.
#[track_caller]
pub fn fit(file: &str, documents: &[String]) {
    for document in documents {
        let read: Result<serde_json::Value, _> = serde_json::from_str(document);
        assert!(read.is_ok(), "{read:?}: {document}");
    }
    if !Command::new("jsonschema").arg("--version").output().is_ok_and(|ran| ran.status.success()) {
        eprintln!("skipped: there is no jsonschema to check docs/{file} with");
        return;
    }
    let home = Home::new();
    let mut command = Command::new("jsonschema");
    for (number, document) in documents.iter().enumerate() {
        command.arg("-i").arg(home.write(&format!("{number}.json"), document));
    }
    command.arg(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(file));
    let ran = command.output().expect("jsonschema starts");
    assert!(ran.status.success(), "{file}: {ran:?}");
}
