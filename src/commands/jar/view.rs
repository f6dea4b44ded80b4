//! Owns how cookies are shown by the verbs of `kuki jar`.
//! Does not choose which.

use chrono::{DateTime, Utc};

use crate::cli::shared;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::settings::shared::{colour, secrets};
use crate::cookie::record::Cookie;
use crate::output::judgement;
use crate::output::list::{self, Look};
use crate::output::redact::Secrets;
use crate::output::sanitize;
use crate::output::style::Palette;
use crate::sys::{clock, terminal};

pub struct View {
    palette: Palette,
    secrets: Secrets,
    /// What the user calls the jar.
    pub title: String,
}

impl View {
    pub fn read(look: &shared::Look, name: &str, console: &mut Console) -> Result<View, CommandError> {
        let colour = colour(look)?;
        console.choose(colour);
        Ok(View {
            palette: colour.palette(terminal::stdout_is_terminal()),
            secrets: secrets(look),
            title: sanitize::line(name.as_bytes()),
        })
    }

    pub fn look(&self) -> Look {
        Look { now: clock::now(), palette: self.palette, secrets: self.secrets, width: terminal::width() }
    }

    pub fn judgement(&self, now: DateTime<Utc>) -> judgement::Look {
        judgement::Look { palette: self.palette, secrets: self.secrets, now }
    }

    /// Nothing at all for no cookies, not even headings.
    pub fn table(&self, cookies: &[&Cookie]) -> String {
        if cookies.is_empty() { String::new() } else { list::render(cookies, self.look()) }
    }
}
