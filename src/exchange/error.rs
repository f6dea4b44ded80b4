//! Owns what ends a chain of hops before its last answer.
//! Does not choose an exit status.

use std::error::Error;
use std::fmt;

use url::{Position, Url};

/// So many characters of a `Location` are shown.
const SHOWN: usize = 200;

#[derive(Debug)]
pub enum HopError<E> {
    /// A `Location` that is no URL, or holds control characters.
    BadLocation {
        from: Url,
        location: String,
    },
    /// A `Location` that leads to a scheme which the user does not allow.
    BarredScheme {
        from: Url,
        scheme: String,
    },
    /// A `Location` that leads away from http and https.
    ForeignScheme {
        from: Url,
        scheme: String,
    },
    /// The next hop needs the body again, and a part of it could be read only once.
    SpentBody {
        from: Url,
        what: String,
        /// It asks for a login, and does not lead elsewhere.
        is_for_login: bool,
    },
    TooManyRedirects {
        limit: usize,
    },
    Transport {
        url: Url,
        source: E,
    },
}

impl<E: Error + 'static> Error for HopError<E> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        match self {
            HopError::Transport { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl<E: fmt::Display> fmt::Display for HopError<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            HopError::BadLocation { from, location } => {
                let path = location.split(['?', '#']).next().unwrap_or_default();
                let shown: String = path.chars().take(SHOWN).flat_map(char::escape_debug).collect();
                let rest = if path.chars().nth(SHOWN).is_some() { "…" } else { "" };
                let shown = shown + rest;
                write!(f, "{} redirects to `{shown}`, which is not a URL", bare(from))
            }
            HopError::BarredScheme { from, scheme } => {
                write!(f, "{} redirects to a URL that is {scheme}, which is not allowed", bare(from))
            }
            HopError::ForeignScheme { from, scheme } => {
                write!(f, "{} redirects to a {scheme}: URL; only http and https are followed", bare(from))
            }
            HopError::SpentBody { from, what, .. } => {
                write!(f, "{} wants the body once more, but {what} can be read only once", bare(from))
            }
            HopError::TooManyRedirects { limit } => write!(f, "over {limit} redirects"),
            HopError::Transport { source, .. } => source.fmt(f),
        }
    }
}

/// A URL without its query, which may hold secrets.
fn bare(url: &Url) -> &str {
    &url[..Position::AfterPath]
}
