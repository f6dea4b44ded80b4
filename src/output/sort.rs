//! Owns the orders in which cookies can be listed.
//! Does not choose one.

use std::cmp::Ordering;

use crate::cookie::record::Cookie;

/// What can be asked for.
pub const WORDS: [&str; 7] = ["domain", "name", "path", "expires", "created", "used", "size"];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sort {
    key: Key,
    is_reversed: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Key {
    Domain,
    Name,
    Path,
    Expires,
    Created,
    Used,
    Size,
}

impl Sort {
    /// A word, with a `-` in front for the other way round.
    pub fn parse(text: &str) -> Option<Sort> {
        let (word, is_reversed) = match text.strip_prefix('-') {
            Some(word) => (word, true),
            None => (text, false),
        };
        let key = match word {
            "domain" => Key::Domain,
            "name" => Key::Name,
            "path" => Key::Path,
            "expires" => Key::Expires,
            "created" => Key::Created,
            "used" => Key::Used,
            "size" => Key::Size,
            _ => return None,
        };
        Some(Sort { key, is_reversed })
    }

    /// Of equals the order stays.
    pub fn sort(self, cookies: &mut [&Cookie]) {
        cookies.sort_by(|one, other| {
            let order = self.key.compare(one, other);
            if self.is_reversed { order.reverse() } else { order }
        });
    }
}

impl Key {
    fn compare(self, one: &Cookie, other: &Cookie) -> Ordering {
        match self {
            Key::Domain => one.domain.cmp(&other.domain),
            Key::Name => one.name.cmp(&other.name),
            Key::Path => one.path.cmp(&other.path),
            // What never expires is last.
            Key::Expires => {
                (one.expires.is_none(), one.expires).cmp(&(other.expires.is_none(), other.expires))
            }
            Key::Created => one.created.cmp(&other.created),
            Key::Used => one.last_access.cmp(&other.last_access),
            Key::Size => one.octets().cmp(&other.octets()),
        }
    }
}
