//! Owns a terminal for tests, with a test at its other end.
//! Does not interpret what is written to it.

use std::fs::File;
use std::io::Read;
use std::path::PathBuf;
use std::process::Stdio;

use rustix::pty::{OpenptFlags, grantpt, openpt, ptsname, unlockpt};
use rustix::termios::{Winsize, tcsetwinsize};

/// A terminal that shows what is written to it to the test.
pub struct Terminal {
    master: File,
    slave: PathBuf,
    shown: String,
}

impl Terminal {
    pub fn open(columns: u16) -> Terminal {
        let master = openpt(OpenptFlags::RDWR | OpenptFlags::NOCTTY).expect("a terminal");
        grantpt(&master).and_then(|()| unlockpt(&master)).expect("a terminal of ours");
        let size = Winsize { ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0 };
        tcsetwinsize(&master, size).expect("a terminal has a size");
        let slave = ptsname(&master, Vec::new()).expect("a terminal has a name");
        let slave = PathBuf::from(slave.into_string().expect("a plain name"));
        Terminal { master: master.into(), slave, shown: String::new() }
    }

    /// The end for a program. The test must not keep it open, or its own end never ends.
    pub fn stdio(&self) -> Stdio {
        File::options().read(true).write(true).open(&self.slave).expect("a terminal").into()
    }

    /// What was shown until this was.
    pub fn until(&mut self, text: &str) -> &str {
        while !self.shown.contains(text) {
            assert!(self.read(), "{text:?} was not shown: {:?}", self.shown);
        }
        &self.shown
    }

    /// All that was shown until the program ended.
    pub fn all(mut self) -> String {
        while self.read() {}
        self.shown
    }

    fn read(&mut self) -> bool {
        let mut piece = [0; 4096];
        // At the end it is an error on some systems.
        let count = self.master.read(&mut piece).unwrap_or(0);
        self.shown.push_str(&String::from_utf8_lossy(&piece[..count]));
        count > 0
    }
}
