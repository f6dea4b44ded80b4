//! Owns what every test of the real program needs: a home of its own, the program in it, a server that says anything.
//! Does not test anything.

// Each test binary uses its own part of this.
#![allow(dead_code)]
// What is skipped for want of a tool says so.
#![allow(clippy::print_stderr)]

pub mod lab;
pub mod pages;
pub mod schema;
pub mod server;
pub mod strace;
pub mod svg;

use std::ffi::OsStr;
use std::fs;
use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

use tempfile::TempDir;

/// A home without a past, in which the program is run.
pub struct Home {
    directory: TempDir,
}

/// How a run ended, as text.
#[derive(Debug)]
pub struct Ran {
    pub status: i32,
    pub out: String,
    pub err: String,
}

impl Home {
    pub fn new() -> Home {
        Home {
            directory: tempfile::Builder::new()
                .prefix("kuki-test-")
                .tempdir()
                .expect("a temporary directory"),
        }
    }

    pub fn path(&self) -> &Path {
        self.directory.path()
    }

    /// Where the default jar's file is.
    pub fn default_jar(&self) -> PathBuf {
        self.path().join(".local/share/kuki/jars/default.json")
    }

    /// The program with an empty environment but for its home; no proxy, no colour, no clock of the outside.
    pub fn kuki<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Command {
        let mut command = Command::new(program());
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.path())
            .current_dir(self.path())
            .stdin(Stdio::null());
        command
    }

    /// The same for whom the rights of files hold: the superuser's power over them is taken away. `None` where that
    /// can't be done.
    pub fn kuki_bound_by_rights<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Option<Command> {
        const MORTAL: [&str; 2] = ["--bounding-set=-dac_override,-dac_read_search", "--"];
        if fs::metadata(self.path()).expect("a home").uid() != 0 {
            return Some(self.kuki(arguments));
        }
        let probe = self.write("nobody-may-read-this", "");
        fs::set_permissions(&probe, fs::Permissions::from_mode(0o000)).expect("our own file");
        let setpriv = || {
            let mut command = Command::new("setpriv");
            command.args(MORTAL).stdin(Stdio::null()).stderr(Stdio::null());
            command
        };
        let works = |command: &str| setpriv().arg(command).arg(&probe).status().is_ok_and(|s| s.success());
        let is_bound = works("true") && !works("cat");
        fs::remove_file(&probe).expect("our own file");
        let mut command = setpriv();
        command.arg(program()).args(arguments).env_clear().env("HOME", self.path());
        command.current_dir(self.path()).stderr(Stdio::piped());
        is_bound.then_some(command)
    }

    #[must_use]
    pub fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        Ran::from(self.kuki(arguments).output().expect("the program starts"))
    }

    /// Runs on a terminal of its own, which shows both streams; `None`, and a line that says so, without python3.
    pub fn run_on_a_terminal<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Option<Ran> {
        const SPAWN: &str =
            "import os, pty, sys; sys.exit(os.waitstatus_to_exitcode(pty.spawn(sys.argv[1:])))";
        let mut command = Command::new("python3");
        command.args(["-c", SPAWN]).arg(program()).args(arguments);
        command.env_clear().env("HOME", self.path()).current_dir(self.path()).stdin(Stdio::null());
        let Ok(output) = command.output() else {
            eprintln!("skipped: there is no python3 to make a terminal");
            return None;
        };
        let ran = Ran::from(output);
        Some(Ran { out: ran.out.replace("\r\n", "\n"), ..ran })
    }

    /// Runs and demands success.
    #[track_caller]
    pub fn ok<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Ran {
        let ran = self.run(arguments);
        assert_eq!(ran.status, 0, "{ran:#?}");
        ran
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path().join(name);
        fs::write(&path, content).expect("a file in a fresh home");
        path
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Ran {
        let text = |octets: Vec<u8>| String::from_utf8_lossy(&octets).into_owned();
        // A signal counts as a shell counts it.
        let by_signal = || output.status.signal().map_or(-1, |signal| 128 + signal);
        Ran {
            status: output.status.code().unwrap_or_else(by_signal),
            out: text(output.stdout),
            err: text(output.stderr),
        }
    }
}

/// The program under test: the one that cargo built, or the one that `KUKI_TEST_PROGRAM` names.
pub fn program() -> PathBuf {
    std::env::var_os("KUKI_TEST_PROGRAM")
        .map_or_else(|| PathBuf::from(env!("CARGO_BIN_EXE_kuki")), PathBuf::from)
}
