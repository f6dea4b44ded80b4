//! Owns what all transfers of a run share: console, connections, jar, the ear for signals; and the saving of the jar.
//! Does not send anything.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::Interrupts;
use crate::commands::session::{OpenJar, Saved};
use crate::commands::settings::several::Pace;
use crate::formats::exported::Writing;
use crate::formats::netscape;
use crate::output::report::{JarEntry, TransferEntry};
use crate::transport::client::{Http, Options};

/// Transfers use it side by side, each piece of it for a moment.
pub struct Run<'a> {
    pub console: &'a Console,
    pub http: Http,
    pub interrupts: Interrupts,
    pub jar: Option<RefCell<OpenJar>>,
    /// Did anything come in? If not, the jar is left as it is.
    was_answered: Cell<bool>,
    /// What each transfer left for the report.
    pub reported: RefCell<Vec<TransferEntry>>,
    /// What the jar has seen.
    pub counted: RefCell<Option<JarEntry>>,
    has_heads: Cell<bool>,
    /// Nobody reads the output any more.
    is_unread: Cell<bool>,
    /// The cookies can't be kept.
    is_unsaved: Cell<bool>,
    /// There is one transfer, behind which nobody else will save.
    is_single: bool,
}

impl Run<'_> {
    pub fn new(console: &Console, connection: Options, jar: Option<OpenJar>, is_single: bool) -> Run<'_> {
        Run {
            console,
            http: Http::new(connection),
            interrupts: Interrupts::default(),
            jar: jar.map(RefCell::new),
            was_answered: Cell::new(false),
            reported: RefCell::default(),
            counted: RefCell::default(),
            has_heads: Cell::new(false),
            is_unread: Cell::new(false),
            is_unsaved: Cell::new(false),
            is_single,
        }
    }

    /// An answer came in, and whatever it brought may be saved.
    pub fn answered(&self) {
        self.was_answered.set(true);
    }

    /// Is nothing in the file of -D yet that another transfer put there?
    pub fn begins_heads(&self) -> bool {
        !self.has_heads.replace(true)
    }

    /// Saves what a transfer brought, also when its chain broke later; without an answer nothing is touched.
    ///
    /// That cookies were used is noted once, at the end of several transfers.
    pub fn save(&self, wait: Option<Duration>) -> Result<Saved, CommandError> {
        let has_news = || self.jar.as_ref().is_some_and(|jar| jar.borrow().has_news());
        let saved = if self.is_single || has_news() { self.save_all(wait) } else { Ok(Saved::All) };
        self.is_unsaved.set(saved.is_err());
        self.interrupts.disarm();
        saved
    }

    /// Saves what is left.
    pub fn end(&self) -> Result<Saved, CommandError> {
        let saved =
            if self.is_single || self.is_unsaved.get() { Ok(Saved::All) } else { self.save_all(None) };
        self.interrupts.disarm();
        saved
    }

    fn save_all(&self, wait: Option<Duration>) -> Result<Saved, CommandError> {
        match &self.jar {
            Some(jar) if self.was_answered.get() => {
                jar.borrow_mut().save(self.console, &self.interrupts, wait)
            }
            _ => Ok(Saved::All),
        }
    }

    /// How a transfer ended; what went wrong is told.
    pub fn outcome(&self, ended: Result<Exit, CommandError>) -> Exit {
        ended.unwrap_or_else(|error| {
            self.is_unread.set(self.is_unread.get() || error.is_silent);
            self.console.fail(&error)
        })
    }

    /// Is there no sense in any further transfer?
    pub fn is_over(&self, exit: Exit, pace: Pace) -> bool {
        let has_failed = pace.stops_at_failure && exit != Exit::SUCCESS;
        has_failed || self.is_unread.get() || self.is_unsaved.get() || self.interrupts.caught().is_some()
    }

    /// The cookies as a cookies.txt.
    pub fn printed(&self) -> Vec<u8> {
        let print = |jar: &RefCell<OpenJar>| {
            netscape::write(&jar.borrow().jar().sorted(), &Writing::default()).octets
        };
        self.jar.as_ref().map(print).unwrap_or_default()
    }
}
