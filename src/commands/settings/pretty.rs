//! Owns the choice of how readable an answer is made: `--pretty`, `--color`, and what a terminal gets by itself.
//! Does not lay anything out.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use crate::cli::shared::Look;
use crate::commands::console::Colour;
use crate::commands::error::CommandError;
use crate::commands::settings::shared::colour;
use crate::output::pretty::Dress;
use crate::output::style::Palette;

/// What was asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pretty {
    /// `None` leaves it to where the answer goes.
    asked: Option<Asked>,
    colour: Colour,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Asked {
    lays_out: bool,
    paints: bool,
}

impl Pretty {
    /// What is done for a terminal, or for a pipe or file.
    pub fn dress(self, is_terminal: bool) -> Dress {
        let asked = self.asked.unwrap_or(Asked { lays_out: is_terminal, paints: is_terminal });
        // Whoever asks for colours by name gets them anywhere.
        let colour = match (self.asked, self.colour) {
            (Some(_), Colour::Auto) => Colour::Always,
            (_, colour) => colour,
        };
        let palette = if asked.paints { colour.palette(is_terminal) } else { Palette::Plain };
        Dress { lays_out: asked.lays_out, palette }
    }
}

pub(super) fn pretty(given: Option<&OsStr>, look: &Look) -> Result<Pretty, CommandError> {
    let asked = match given.map(OsStr::as_bytes) {
        None => None,
        Some(b"all") => Some((true, true)),
        Some(b"colors") => Some((false, true)),
        Some(b"format") => Some((true, false)),
        Some(b"none") => Some((false, false)),
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            let message = format!("--pretty `{other}` is none of all, colors, format and none");
            return Err(CommandError::usage(message)
                .hint("format lays out, colors paints, all does both; on a terminal all is the default"));
        }
    };
    let asked = asked.map(|(lays_out, paints)| Asked { lays_out, paints });
    Ok(Pretty { asked, colour: colour(look)? })
}
