//! Owns `kuki jar remove` and `kuki jar clear`: cookies go, and only the keys of them are remembered.
//! Does not ask anybody who is not at a terminal.

use crate::cli::jar::ClearArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::Interrupts;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::shape::Shape;
use crate::commands::jar::view::View;
use crate::commands::session::OpenJar;
use crate::output::deeds::{self, Deed};
use crate::output::list::counted;
use crate::output::vocabulary::JarEntry;
use crate::sys::clock;

/// Which of the two, and so when to ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verb {
    Clear,
    /// Whoever names one cookie means it.
    Remove,
}

pub fn run(
    verb: Verb,
    choice: &Choice,
    args: &ClearArgs,
    shape: Shape,
    view: &View,
    mut jar: OpenJar,
    console: &mut Console,
) -> Result<Exit, CommandError> {
    jar.must_be_writable(match verb {
        Verb::Clear => "kuki jar clear",
        Verb::Remove => "kuki jar remove",
    })?;
    let cookies = choice.of(jar.jar());
    let count = cookies.len();
    let keys: Vec<_> = cookies.iter().map(|cookie| cookie.key()).collect();
    let (name, path) = jar.called();
    let entry = JarEntry { name: &name, path: &path };
    let deed = |cookies, dry_run| {
        deeds::change(&Deed { action: "removed", jar: entry, dry_run, cookies, intake: None })
    };
    if args.care.dry_run {
        let told = format!("would remove {}; nothing was changed\n", counted(count));
        shape.tell(console, &(view.table(&cookies) + &told), || deed(keys, true))?;
        return Ok(Exit::found(count));
    }
    let wants_word = count > usize::from(verb == Verb::Remove) && !args.care.yes;
    if wants_word && !console.confirm(&format!("remove {} from jar '{}'?", counted(count), view.title)) {
        shape.tell(console, "nothing was removed\n", || deed(Vec::new(), false))?;
        return Ok(Exit::NOTHING_MATCHED);
    }
    let now = clock::now();
    jar.jar_mut().forget(keys.clone(), now);
    jar.tidy(console)?;
    jar.commit(console, &Interrupts::default(), None)?;
    shape.tell(console, &format!("removed {}\n", counted(count)), || deed(keys, false))?;
    Ok(Exit::found(count))
}
