//! Owns `kuki jar copy`.
//! Does not take anything away from the jar that is copied from.

use crate::cli::jar::Care;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::Interrupts;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::put;
use crate::commands::jar::shape::Shape;
use crate::commands::jar::view::View;
use crate::commands::session::OpenJar;
use crate::cookie::change::{Change, Governance};
use crate::cookie::record::Cookie;
use crate::output::deeds::{self, Deed};
use crate::output::list::counted;
use crate::output::vocabulary::JarEntry;
use crate::sys::clock;

/// The two jars.
pub struct Jars {
    pub from: OpenJar,
    pub into: OpenJar,
}

pub fn run(
    jars: Jars,
    choice: &Choice,
    may_evict: bool,
    care: &Care,
    shape: Shape,
    view: &View,
    console: &mut Console,
) -> Result<Exit, CommandError> {
    let Jars { from, mut into } = jars;
    into.must_be_writable("kuki jar copy")?;
    if from.path() == into.path() {
        return Err(
            CommandError::usage("the two jars are one and the same").hint("name another jar to copy into")
        );
    }
    if from.is_new() {
        return Err(CommandError::usage(format!("there is no jar at {}", from.path().display()))
            .hint("kuki jar all names the jars"));
    }
    let cookies = choice.of(from.jar());
    let count = cookies.len();
    let (name, path) = into.called();
    let entry = JarEntry { name: &name, path: &path };
    let deed = |cookies, dry_run, intake| {
        deeds::change(&Deed { action: "copied", jar: entry, dry_run, cookies, intake })
    };
    if care.dry_run {
        let told = format!("would copy {} into jar '{}'\n", counted(count), view.title);
        let keys = cookies.iter().map(|cookie| cookie.key()).collect();
        shape.tell(console, &(view.table(&cookies) + &told), || deed(keys, true, None))?;
        return Ok(Exit::found(count));
    }
    let now = clock::now();
    if into.is_new() {
        let (limits, policy) = (from.jar().limits, from.jar().policy);
        into.jar_mut().apply(Change::Govern(Governance::of(limits, policy)), now);
    }
    let limit = into.jar().limits.cookie_bytes;
    let cookies: Vec<Cookie> = cookies
        .into_iter()
        .filter(|cookie| !cookie.is_expired(now) && cookie.octets() <= limit && into.jar().can_hold(cookie))
        .map(|cookie| Cookie { updated: now, ..cookie.clone() })
        .collect();
    let left = count - cookies.len();
    let keys = cookies.iter().map(Cookie::key).collect();
    let outcome = put::all(cookies, into.jar_mut(), may_evict, now)?;
    if !may_evict {
        into.spare_others();
    }
    into.commit(console, &Interrupts::default(), None)?;
    let told =
        format!("copied {} into jar '{}': {}\n", counted(count - left), view.title, put::told(outcome));
    let intake = put::intake(outcome, left, None, &[]);
    shape.tell(console, &told, || deed(keys, false, Some(intake)))?;
    if left > 0 {
        let reason = "expired, too large, or nothing that the file can hold";
        console.note(&format!("left behind: {} ({reason})", counted(left)));
    }
    Ok(Exit::found(count))
}
