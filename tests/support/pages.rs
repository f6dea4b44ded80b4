//! Owns the check that what a page of `docs/` shows is what the program says.
//! Does not know what a page is about. `KUKI_UPDATE=1` writes the output in it anew.

use std::fs;
use std::path::PathBuf;
use std::process::Stdio;

use crate::support::{Home, Ran, program};

/// Every `$ …` line of the page's `console` blocks, run by a shell in the order of the page, in one home, at this time.
///
/// A line that begins with `exit status` stands for the status, where it is not 0.
#[track_caller]
pub fn shows_what_is_said(file: &str, now: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(file);
    let page = fs::read_to_string(&path).expect("a page");
    let home = Home::new();
    let (mut shown, mut in_block, mut skips) = (String::new(), false, false);
    for line in page.lines() {
        if line.starts_with("```") {
            (in_block, skips) = (line == "```console", false);
        }
        if let Some(typed) = line.strip_prefix("$ ").filter(|_| in_block) {
            skips = true;
            shown.push_str(&format!("{line}\n{}", said(&home, typed, now)));
        } else if !skips {
            shown.push_str(&format!("{line}\n"));
        }
    }
    if std::env::var_os("KUKI_UPDATE").is_some() {
        fs::write(&path, &shown).expect("the docs can be written");
        return;
    }
    assert_eq!(page, shown, "KUKI_UPDATE=1 writes docs/{file} anew");
}

/// All that a shell shows where this is typed.
pub fn said(home: &Home, typed: &str, now: &str) -> String {
    let kuki = program();
    let typed = format!("kuki() {{ \"$KUKI\" \"$@\"; }}; {typed}");
    let mut shell = std::process::Command::new("sh");
    shell.args(["-c", &typed]).env_clear().env("HOME", home.path()).env("KUKI", kuki).env("KUKI_NOW", now);
    shell.env("PATH", "/usr/bin:/bin").current_dir(home.path()).stdin(Stdio::null());
    let ran = Ran::from(shell.output().expect("a shell"));
    let status = if ran.status == 0 { String::new() } else { format!("exit status {}\n", ran.status) };
    format!("{}{}{status}", ran.out, ran.err)
}
