//! Owns the table of stored cookies.
//! Does not choose which cookies are in it.

use chrono::{DateTime, Utc};

use crate::cookie::attribute::SameSite;
use crate::cookie::record::Cookie;
use crate::output::redact::Secrets;
use crate::output::style::Palette;
use crate::output::table::{self, Column};
use crate::output::{expiry, sanitize};

/// How a listing is to look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub now: DateTime<Utc>,
    pub palette: Palette,
    pub secrets: Secrets,
    pub width: Option<usize>,
}

const COLUMNS: [Column; 6] = [
    Column { heading: "DOMAIN", gives_way: 4 },
    Column { heading: "NAME", gives_way: 3 },
    Column { heading: "VALUE", gives_way: 2 },
    Column { heading: "PATH", gives_way: 1 },
    Column { heading: "EXPIRES", gives_way: 0 },
    Column { heading: "FLAGS", gives_way: 5 },
];

pub fn render(cookies: &[&Cookie], look: Look) -> String {
    let rows: Vec<_> = cookies.iter().map(|cookie| row(cookie, look)).collect();
    table::render(&COLUMNS, &rows, look.width, look.palette)
}

/// `1 cookie`, `2 cookies`.
pub fn counted(count: usize) -> String {
    format!("{count} {}", if count == 1 { "cookie" } else { "cookies" })
}

/// A domain with the dot that says that subdomains get the cookie too.
pub fn domain(cookie: &Cookie) -> String {
    let dot = if cookie.host_only { "" } else { "." };
    format!("{dot}{}", cookie.domain)
}

pub fn flags(cookie: &Cookie) -> String {
    let flags = [
        (cookie.secure, "Secure"),
        (cookie.http_only, "HttpOnly"),
        (cookie.same_site != SameSite::Unset, cookie.same_site.word()),
        (cookie.pinned, "pinned"),
    ];
    flags.into_iter().filter(|(set, _)| *set).map(|(_, flag)| flag).collect::<Vec<_>>().join(" ")
}

fn row(cookie: &Cookie, look: Look) -> Vec<String> {
    vec![
        domain(cookie),
        sanitize::line(&cookie.name),
        look.secrets.value(&cookie.value),
        sanitize::line(&cookie.path),
        expiry::words(cookie.expires, look.now),
        flags(cookie),
    ]
}
