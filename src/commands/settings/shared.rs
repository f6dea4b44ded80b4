//! Owns the settings that several verbs share: which jar, and how things look.
//! Does not open the jar.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::Path;
use std::time::Duration;

use crate::cli::shared::{JarChoice, Look};
use crate::commands::console::Colour;
use crate::commands::error::CommandError;
use crate::commands::session::{Access, JarSettings, Start};
use crate::commands::settings::connection::seconds;
use crate::output::redact::Secrets;
use crate::store::layout::Layout;
use crate::store::locator::{is_cookies_txt, locate};
use crate::sys::{clock, env};

const DEFAULT_JAR: &str = "default";
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);

/// Which jar, or none.
pub fn jar(choice: &JarChoice) -> Result<Option<JarSettings>, CommandError> {
    if choice.no_jar {
        lock_timeout(choice)?;
        return Ok(None);
    }
    let (given, source) = match (&choice.jar, env::variable("KUKI_JAR")) {
        (Some(jar), _) => (jar.clone(), "--jar"),
        (None, Some(jar)) => (jar, "KUKI_JAR"),
        (None, None) => (OsString::from(DEFAULT_JAR), "the default jar"),
    };
    named(&given, source, choice).map(Some)
}

/// The jar of this name or path, whichever is chosen besides.
pub fn named(given: &OsStr, source: &str, choice: &JarChoice) -> Result<JarSettings, CommandError> {
    let shown = given.to_string_lossy().into_owned();
    let path = locate(given, env::jars_directory().as_deref()).map_err(|why| {
        CommandError::usage(format!("{source}: `{shown}` names no jar: {why}"))
            .hint("a jar is a name, as in --jar work, or a path, as in --jar ./work.json")
    })?;
    let access = if choice.read_only { Access::ReadOnly } else { Access::ReadWrite };
    Ok(JarSettings {
        layout: layout(&path),
        path,
        name: shown,
        access,
        lock_timeout: lock_timeout(choice)?,
        start: Start::Jar,
        junks_session: false,
    })
}

/// A cookies.txt is used in its place.
fn layout(path: &Path) -> Layout {
    if is_cookies_txt(path.as_os_str()) { Layout::Netscape { as_of: clock::now() } } else { Layout::Json }
}

pub(super) fn lock_timeout(choice: &JarChoice) -> Result<Duration, CommandError> {
    let given = choice.lock_timeout.as_deref().map(|text| seconds(text, "--lock-timeout")).transpose()?;
    Ok(given.unwrap_or(LOCK_TIMEOUT))
}

pub fn colour(look: &Look) -> Result<Colour, CommandError> {
    match look.color.as_deref().map(OsStr::as_bytes) {
        None | Some(b"auto") => Ok(Colour::Auto),
        Some(b"always") => Ok(Colour::Always),
        Some(b"never") => Ok(Colour::Never),
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            Err(CommandError::usage(format!("--color `{other}` is none of auto, always and never"))
                .hint("auto colours what goes to a terminal, unless NO_COLOR is set"))
        }
    }
}

pub fn secrets(look: &Look) -> Secrets {
    if look.reveal { Secrets::Revealed } else { Secrets::Masked }
}
