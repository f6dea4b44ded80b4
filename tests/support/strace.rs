//! Owns how the real program is run under `strace`, which makes its system calls fail, kill it or stop it.
//! Does not choose the calls.

use std::process::Command;

use super::{Home, Ran, program};

/// The program under strace, which does what `injections` say and writes what it saw to `trace` in the home.
pub fn kuki(home: &Home, injections: &[&str], arguments: &[&str]) -> Command {
    let mut command = Command::new("strace");
    command.args(["-f", "-qq", "-o", "trace"]);
    for injection in injections {
        command.args(["-e", injection]);
    }
    command.arg(program()).args(arguments);
    command.env_clear().env("HOME", home.path()).current_dir(home.path());
    command
}

/// Why strace can't do its work here, if it can't.
pub fn obstacle() -> Option<String> {
    if let Err(error) = Command::new("strace").arg("-V").output() {
        return Some(format!("strace: {error}"));
    }
    let ran = Ran::from(kuki(&Home::new(), &[], &["--version"]).output().expect("it was there a moment ago"));
    (ran.status != 0).then(|| format!("strace may not trace: {}", ran.err.trim()))
}
