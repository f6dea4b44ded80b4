//! Owns the practice server as a process of its own, for tests that log in.
//! Does not test it.

use std::io::{BufRead, BufReader, Read};
use std::os::unix::process::ExitStatusExt;
use std::process::{Child, Command, Stdio};

use super::Home;

/// A lab that runs until it is told to end, or the test is over.
pub struct Running {
    child: Child,
    /// Its first line of standard output.
    pub greeting: String,
}

impl Running {
    pub fn start(home: &Home, arguments: &[&str]) -> Running {
        let mut command = home.kuki(["lab"].iter().chain(arguments));
        let child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
        let mut child = child.expect("the program starts");
        let mut greeting = String::new();
        let stdout = BufReader::new(child.stdout.as_mut().expect("a pipe")).read_line(&mut greeting);
        stdout.expect("a line");
        Running { child, greeting }
    }

    pub fn url(&self, path: &str) -> String {
        let address = self.greeting.strip_prefix("kuki lab at ").and_then(|rest| rest.split_once("/ ("));
        format!("{}{path}", address.unwrap_or_else(|| panic!("{}", self.greeting)).0)
    }

    /// Ends it with this signal; by which signal did it go, and what had it said on standard error?
    pub fn end(mut self, signal: &str) -> (Option<i32>, String) {
        let sent =
            Command::new("sh").args(["-c", "kill -$0 $1", signal, &self.child.id().to_string()]).status();
        assert!(sent.expect("a shell").success());
        let mut said = String::new();
        self.child.stderr.take().expect("a pipe").read_to_string(&mut said).expect("text");
        let status = self.child.wait().expect("a child of ours");
        (status.signal().or_else(|| status.code().map(|code| code - 128)), said)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.child.kill().and_then(|()| self.child.wait());
    }
}
