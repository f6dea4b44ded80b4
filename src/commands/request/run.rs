//! Owns what all transfers of a run share: console, connections, jar, the ear for signals; and the saving of the jar.
//! Does not send anything.

use std::cell::{Cell, RefCell};
use std::time::Duration;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::interrupt::Interrupts;
use crate::commands::session::{OpenJar, Saved};
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
}

impl Run<'_> {
    pub fn new(console: &Console, connection: Options, jar: Option<OpenJar>) -> Run<'_> {
        Run {
            console,
            http: Http::new(connection),
            interrupts: Interrupts::default(),
            jar: jar.map(RefCell::new),
            was_answered: Cell::new(false),
            reported: RefCell::default(),
            counted: RefCell::default(),
        }
    }

    /// An answer came in, and whatever it brought may be saved.
    pub fn answered(&self) {
        self.was_answered.set(true);
    }

    /// Cookies that came in are kept, also when the chain broke later; without an answer nothing is touched.
    pub fn save(&self, wait: Option<Duration>) -> Result<Saved, CommandError> {
        let saved = match &self.jar {
            Some(jar) if self.was_answered.get() => {
                jar.borrow_mut().save(self.console, &self.interrupts, wait)
            }
            _ => Ok(Saved::All),
        };
        self.interrupts.disarm();
        saved
    }

    /// The cookies as a cookies.txt.
    pub fn printed(&self) -> Vec<u8> {
        let print = |jar: &RefCell<OpenJar>| {
            netscape::write(&jar.borrow().jar().sorted(), &Writing::default()).octets
        };
        self.jar.as_ref().map(print).unwrap_or_default()
    }
}
