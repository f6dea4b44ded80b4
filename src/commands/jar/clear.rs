//! Owns `kuki jar clear`.
//! Does not ask: what is cleared is what the filters say.

use std::ffi::OsString;
use std::os::unix::ffi::OsStringExt;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::Interrupts;
use crate::commands::session::OpenJar;
use crate::cookie::change::Change;
use crate::cookie::context::Origin;
use crate::cookie::record::Cookie;
use crate::sys::clock;

/// Which cookies go: those that everything given fits.
pub struct Filter {
    domain: Option<String>,
    name: Option<Vec<u8>>,
    session: bool,
}

impl Filter {
    pub fn new(
        domain: Option<OsString>,
        name: Option<OsString>,
        session: bool,
    ) -> Result<Filter, CommandError> {
        let domain = match domain {
            None => None,
            Some(domain) => Some(canonical(&domain)?),
        };
        Ok(Filter { domain, name: name.map(OsString::into_vec), session })
    }

    pub fn fits(&self, cookie: &Cookie) -> bool {
        self.domain.as_ref().is_none_or(|domain| cookie.domain.as_str() == domain)
            && self.name.as_ref().is_none_or(|name| cookie.name == *name)
            && (!self.session || cookie.expires.is_none())
    }
}

/// A domain in any spelling: with the table's dot in front, in capitals, in its own script.
fn canonical(given: &OsString) -> Result<String, CommandError> {
    let text = given.to_string_lossy();
    let bare = text.strip_prefix('.').unwrap_or(&text);
    let host = url::Host::parse(bare.strip_suffix('.').unwrap_or(bare));
    host.map(|host| host.to_string()).map_err(|_| {
        CommandError::usage(format!("--domain: `{text}` is not a domain")).hint("for example example.com")
    })
}

pub fn run(filter: &Filter, mut jar: OpenJar, console: &mut Console) -> Result<Exit, CommandError> {
    jar.must_be_writable("kuki jar clear")?;
    let now = clock::now();
    let keys: Vec<_> =
        jar.jar().sorted().into_iter().filter(|cookie| filter.fits(cookie)).map(Cookie::key).collect();
    let count = keys.len();
    for key in keys {
        // Its owner may remove anything, Secure or not.
        jar.jar_mut().apply(Change::Remove { key, at: now, from: Origin::Secure }, now);
    }
    jar.commit(console, &Interrupts::default(), None)?;
    console.say(format!("removed {}\n", counted(count)).as_bytes())?;
    Ok(if count == 0 { Exit::NOTHING_MATCHED } else { Exit::SUCCESS })
}

/// `1 cookie`, `2 cookies`.
pub fn counted(count: usize) -> String {
    format!("{count} {}", if count == 1 { "cookie" } else { "cookies" })
}
