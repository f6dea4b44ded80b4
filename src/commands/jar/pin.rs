//! Owns `kuki jar pin` and `kuki jar unpin`.
//! Does not keep a pinned cookie for ever: it still expires, and is removed when told.

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::Interrupts;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::shape::Shape;
use crate::commands::session::OpenJar;
use crate::cookie::change::Change;
use crate::cookie::record::Cookie;
use crate::output::deeds::{self, Deed};
use crate::output::list::counted;
use crate::output::vocabulary::JarEntry;
use crate::sys::clock;

/// Which of the two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Pin {
    Set,
    Taken,
}

pub fn run(
    pin: Pin,
    choice: &Choice,
    shape: Shape,
    mut jar: OpenJar,
    console: &mut Console,
) -> Result<Exit, CommandError> {
    jar.must_be_writable("kuki jar pin")?;
    jar.must_be_ours("pins")?;
    let now = clock::now();
    let pinned = pin == Pin::Set;
    let keys: Vec<_> = choice.of(jar.jar()).into_iter().map(Cookie::key).collect();
    let count = keys.len();
    for key in &keys {
        jar.jar_mut().apply(Change::Pin { key: key.clone(), pinned }, now);
    }
    let (name, path) = jar.called();
    jar.commit(console, &Interrupts::default(), None)?;
    let done = if pinned { "pinned" } else { "unpinned" };
    let jar = JarEntry { name: &name, path: &path };
    let deed = Deed { action: done, jar, dry_run: false, cookies: keys, intake: None };
    shape.tell(console, &format!("{done} {}\n", counted(count)), || deeds::change(&deed))?;
    Ok(Exit::found(count))
}
