//! Owns the colours, by meaning.
//! Does not know whether there is a terminal; it is told.

use anstyle::{AnsiColor, Style};

/// Paints, or leaves plain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Palette {
    Colour,
    Plain,
}

/// What a piece of text means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Meaning {
    Bad,
    Good,
    Heading,
    Name,
    Number,
    Quiet,
    Word,
}

impl Palette {
    pub fn paint(self, meaning: Meaning, text: &str) -> String {
        if self == Palette::Plain || text.is_empty() {
            return text.to_owned();
        }
        let style = match meaning {
            Meaning::Bad => AnsiColor::Red.on_default(),
            Meaning::Good => AnsiColor::Green.on_default(),
            Meaning::Heading => Style::new().bold(),
            Meaning::Name => AnsiColor::Cyan.on_default(),
            Meaning::Number => AnsiColor::Yellow.on_default(),
            Meaning::Quiet => Style::new().dimmed(),
            Meaning::Word => AnsiColor::Magenta.on_default(),
        };
        format!("{style}{text}{style:#}")
    }
}
