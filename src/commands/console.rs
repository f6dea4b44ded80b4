//! Owns what a command says and where: results to standard output, everything else to standard error.
//! Does not compose texts.

use std::cell::RefCell;
use std::io::{self, Write};

use indicatif::ProgressBar;

use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::output::sanitize;
use crate::output::style::{Meaning, Palette};
use crate::sys::{env, stdio, terminal};

pub struct Console {
    out: RefCell<Box<dyn Write>>,
    err: RefCell<Box<dyn Write>>,
    /// For standard error.
    pub palette: Palette,
    err_is_terminal: bool,
    /// What is drawn on the terminal now, and must step aside for texts.
    bar: RefCell<Option<ProgressBar>>,
    pub voice: Voice,
}

/// How much is said on standard error.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Voice {
    Normal,
    /// Errors, but no warnings.
    OnlyErrors,
    Silent,
}

/// When to colour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Colour {
    Always,
    Auto,
    Never,
}

impl Console {
    pub fn new() -> Console {
        let err_is_terminal = terminal::stderr_is_terminal();
        let palette = Colour::Auto.palette(err_is_terminal);
        let (out, err) = (RefCell::new(stdio::stdout()), RefCell::new(stdio::stderr()));
        Console { out, err, palette, err_is_terminal, bar: RefCell::default(), voice: Voice::Normal }
    }

    pub fn choose(&mut self, colour: Colour) {
        self.palette = colour.palette(self.err_is_terminal);
    }

    /// From here on everything for standard error goes there.
    pub fn tell_elsewhere(&mut self, err: Box<dyn Write>) {
        self.err = RefCell::new(err);
        self.err_is_terminal = false;
        self.palette = Colour::Auto.palette(false);
    }

    /// Standard output as several may write to it, each for as long as a write lasts.
    pub fn stdout(&self) -> Stdout<'_> {
        Stdout { console: self }
    }

    /// Can something be drawn on standard error?
    pub fn draws(&self) -> bool {
        self.err_is_terminal && env::variable("TERM").is_some() && !is_dumb()
    }

    /// Takes what was drawn away, and leaves room for this.
    pub fn draw(&self, bar: Option<ProgressBar>) {
        if let Some(last) = self.bar.replace(bar) {
            last.finish_and_clear();
        }
    }

    fn beside_bar<T>(&self, write: impl FnOnce() -> T) -> T {
        match &*self.bar.borrow() {
            Some(bar) => bar.suspend(write),
            None => write(),
        }
    }

    pub fn say(&self, text: &[u8]) -> Result<(), CommandError> {
        let mut out = self.stdout();
        let written = self.beside_bar(|| out.write_all(text).and_then(|()| out.flush()));
        match written {
            // Listings are cut short by `head` all the time, and that is no failure.
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => {
                let closed = CommandError::writing("standard output", &error);
                Err(CommandError { exit: Exit::SUCCESS, ..closed })
            }
            written => written.map_err(|error| CommandError::writing("standard output", &error)),
        }
    }

    /// To a pipe as it is; to a terminal without what could drive it.
    pub fn say_exactly(&self, octets: &[u8]) -> Result<(), CommandError> {
        if !terminal::stdout_is_terminal() {
            return self.say(octets);
        }
        let is_json = octets.first().is_some_and(|first| matches!(first, b'[' | b'{'));
        let safe =
            if is_json { sanitize::json(&String::from_utf8_lossy(octets)) } else { sanitize::text(octets) };
        self.say(safe.as_bytes())
    }

    /// Something worth knowing that changes nothing.
    pub fn warn(&self, message: &str, hint: &str) {
        if self.voice == Voice::Normal {
            let (message, hint) = (sanitize::brief(message.as_bytes()), sanitize::line(hint.as_bytes()));
            self.tell(&format!("kuki: {message}\nhint: {hint}\n"));
        }
    }

    pub fn note(&self, message: &str) {
        if self.voice == Voice::Normal {
            self.tell(&format!("kuki: {}\n", sanitize::brief(message.as_bytes())));
        }
    }

    /// Asks before something is lost. Where nobody sits at a terminal, there is nobody to ask, and it is done; whoever
    /// sits there and can't see the question has not agreed.
    pub fn confirm(&self, question: &str) -> bool {
        if !terminal::stdin_is_terminal() {
            return true;
        }
        if !self.err_is_terminal {
            return false;
        }
        self.tell(&format!("kuki: {} [y/N] ", sanitize::line(question.as_bytes())));
        let answer = stdio::read_line().unwrap_or_default();
        matches!(answer.trim().to_lowercase().as_str(), "y" | "yes")
    }

    /// Text for standard error, as it is. If nobody reads it, there is nobody to tell.
    pub fn tell(&self, text: &str) {
        let mut err = self.err.borrow_mut();
        let _ = self.beside_bar(|| err.write_all(text.as_bytes()).and_then(|()| err.flush()));
    }

    pub fn fail(&self, error: &CommandError) -> Exit {
        if !error.is_silent && self.voice != Voice::Silent {
            let mark = self.palette.paint(Meaning::Bad, "kuki:");
            // Messages quote what came from files and from the network.
            let mut text = format!("{mark} {}\n", sanitize::brief(error.message.as_bytes()));
            if let Some(hint) = &error.hint {
                text.push_str(&format!(
                    "{} {}\n",
                    self.palette.paint(Meaning::Heading, "hint:"),
                    sanitize::line(hint.as_bytes())
                ));
            }
            self.tell(&text);
        }
        error.exit
    }
}

/// A hand on standard output.
pub struct Stdout<'a> {
    console: &'a Console,
}

impl Write for Stdout<'_> {
    fn write(&mut self, octets: &[u8]) -> io::Result<usize> {
        self.console.out.borrow_mut().write(octets)
    }

    fn write_all(&mut self, octets: &[u8]) -> io::Result<()> {
        self.console.out.borrow_mut().write_all(octets)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.console.out.borrow_mut().flush()
    }
}

impl Colour {
    pub fn palette(self, is_terminal: bool) -> Palette {
        let wanted = match self {
            Colour::Always => true,
            Colour::Never => false,
            Colour::Auto => is_terminal && !is_dumb() && env::variable("NO_COLOR").is_none(),
        };
        if wanted { Palette::Colour } else { Palette::Plain }
    }
}

/// A terminal that can't move back.
fn is_dumb() -> bool {
    env::text("TERM").is_some_and(|term| term == "dumb")
}
