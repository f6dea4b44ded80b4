//! Owns `kuki jar remove` and `kuki jar clear`: cookies go, and only the keys of them are remembered.
//! Does not ask anybody who is not at a terminal.

use crate::cli::jar::ClearArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::Interrupts;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::view::View;
use crate::commands::session::OpenJar;
use crate::cookie::record::Cookie;
use crate::output::list::counted;
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
    if args.care.dry_run {
        console.say(view.table(&cookies).as_bytes())?;
        console.say(format!("would remove {}; nothing was changed\n", counted(count)).as_bytes())?;
        return Ok(Exit::found(count));
    }
    let wants_word = count > usize::from(verb == Verb::Remove) && !args.care.yes;
    if wants_word && !console.confirm(&format!("remove {} from jar '{}'?", counted(count), view.title)) {
        console.say(b"nothing was removed\n")?;
        return Ok(Exit::NOTHING_MATCHED);
    }
    let now = clock::now();
    let keys: Vec<_> = cookies.into_iter().map(Cookie::key).collect();
    jar.jar_mut().forget(keys, now);
    jar.tidy(console)?;
    jar.commit(console, &Interrupts::default(), None)?;
    console.say(format!("removed {}\n", counted(count)).as_bytes())?;
    Ok(Exit::found(count))
}
