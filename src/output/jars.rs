//! Owns the look of the list of all named jars.
//! Does not find them.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::cookie::jar::Jar;
use crate::output::list::Look;
use crate::output::sanitize;
use crate::output::table::{self, Column};
use crate::output::vocabulary::document;

#[derive(Clone, Debug, Serialize)]
pub struct NamedJar {
    pub name: String,
    #[serde(flatten)]
    pub contents: Contents,
    pub octets: u64,
}

#[derive(Clone, Debug, Serialize)]
#[serde(untagged)]
pub enum Contents {
    Read { cookies: usize, session: usize, expired: usize, domains: usize, policy: &'static str },
    Unreadable { why: String },
}

impl Contents {
    pub fn of(jar: &Jar, now: DateTime<Utc>) -> Contents {
        let cookies = jar.sorted();
        let mut domains: Vec<_> = cookies.iter().map(|cookie| &cookie.domain).collect();
        domains.dedup();
        Contents::Read {
            cookies: cookies.len(),
            session: cookies.iter().filter(|cookie| cookie.expires.is_none()).count(),
            expired: cookies.iter().filter(|cookie| cookie.is_expired(now)).count(),
            domains: domains.len(),
            policy: jar.policy.word(),
        }
    }
}

const COLUMNS: [Column; 6] = [
    Column { heading: "JAR", gives_way: 1 },
    Column { heading: "COOKIES", gives_way: 0 },
    Column { heading: "SESSION", gives_way: 0 },
    Column { heading: "EXPIRED", gives_way: 0 },
    Column { heading: "DOMAINS", gives_way: 0 },
    Column { heading: "SIZE", gives_way: 0 },
];

pub fn table(jars: &[NamedJar], look: Look) -> String {
    let rows: Vec<_> = jars.iter().map(row).collect();
    let count = format!("{} {}\n", jars.len(), if jars.len() == 1 { "jar" } else { "jars" });
    match rows.is_empty() {
        true => "no jars\n".to_owned(),
        false => table::render(&COLUMNS, &rows, look.width, look.palette) + &count,
    }
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u32,
    jars: &'a [NamedJar],
}

pub fn json(jars: &[NamedJar]) -> String {
    document(&Document { format: "kuki-jars", version: 1, jars })
}

fn row(jar: &NamedJar) -> Vec<String> {
    let mut cells = vec![sanitize::line(jar.name.as_bytes())];
    match &jar.contents {
        Contents::Read { cookies, session, expired, domains, .. } => {
            cells.extend([cookies, session, expired, domains].map(usize::to_string));
        }
        Contents::Unreadable { .. } => {
            cells.push("unreadable".to_owned());
            cells.extend(vec![String::new(); 3]);
        }
    }
    cells.push(size(jar.octets));
    cells
}

fn size(octets: u64) -> String {
    match octets {
        ..1_024 => format!("{octets} B"),
        1_024..1_048_576 => format!("{} KiB", octets / 1_024),
        _ => format!("{} MiB", octets / 1_048_576),
    }
}
