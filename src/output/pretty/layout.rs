//! Owns the lines and colours of what is laid out, and how many octets it may become.
//! Does not know any language.

use crate::output::style::{Meaning, Palette};

/// A few octets, deep inside, may become very many.
const MOST_LAID_OUT: usize = 16 << 20;

/// What is laid out so far.
#[derive(Debug)]
pub struct Layout {
    palette: Palette,
    pub text: String,
}

/// It would become too long.
#[derive(Debug)]
pub struct TooLong;

impl Layout {
    pub fn new(palette: Palette) -> Layout {
        Layout { palette, text: String::new() }
    }

    pub fn line(&mut self, indent: usize) -> Result<(), TooLong> {
        if self.text.len() + indent > MOST_LAID_OUT {
            return Err(TooLong);
        }
        self.text.push('\n');
        self.text.extend(std::iter::repeat_n(' ', indent));
        Ok(())
    }

    pub fn paint(&mut self, meaning: Meaning, text: &str) {
        match self.palette {
            Palette::Plain => self.text.push_str(text),
            Palette::Colour => self.text.push_str(&self.palette.paint(meaning, text)),
        }
    }
}
