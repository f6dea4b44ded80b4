//! Owns how a judgement reads: the verdict on a `Set-Cookie`, a cookie that is sent or withheld, one fact a line.
//! Does not judge.

use crate::cookie::note::Note;
use crate::cookie::record::{Cookie, Key};
use crate::cookie::verdict::{Eviction, Receipt, Verdict, Withheld};
use crate::output::list::{domain, flags};
use crate::output::redact::Secrets;
use crate::output::style::{Meaning, Palette};
use crate::output::{expiry, sanitize};

/// How the lines are to look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub palette: Palette,
    pub secrets: Secrets,
    pub now: chrono::DateTime<chrono::Utc>,
}

pub fn verdict(receipt: &Receipt, look: Look) -> Vec<String> {
    let name = name(&receipt.name);
    let mut lines = match &receipt.verdict {
        Verdict::Refused(refusal) => {
            let aside = match refusal.devtools() {
                Some(devtools) => format!("RFC 6265bis {} · DevTools: {devtools}", refusal.rfc()),
                None => format!("RFC 6265bis {}", refusal.rfc()),
            };
            let fix = format!("fix: {}  ({aside})", refusal.fix());
            let reason = sanitize::line(refusal.to_string().as_bytes());
            vec![
                fact("refused", Meaning::Bad, &format!("{name}  {}: {reason}", refusal.code()), look),
                fact("", Meaning::Quiet, &sanitize::line(fix.as_bytes()), look),
            ]
        }
        verdict => {
            let about = receipt.cookie.as_ref().map(|cookie| about(cookie, look)).unwrap_or_default();
            vec![fact(verdict.code(), Meaning::Good, &format!("{name}  {about}"), look)]
        }
    };
    lines.extend(receipt.notes.iter().map(|note| fact("note", Meaning::Quiet, &told(note), look)));
    for Eviction { key, cause } in &receipt.evicted {
        lines.push(fact("evicted", Meaning::Bad, &format!("{}  {}", place(key), cause.code()), look));
    }
    lines
}

fn told(note: &Note) -> String {
    format!("{}: {}", note.code(), sanitize::line(note.to_string().as_bytes()))
}

/// Where it goes, how long it lives, and its flags.
pub fn about(cookie: &Cookie, look: Look) -> String {
    let host_only = if cookie.host_only { " (host only)" } else { "" };
    let path = sanitize::line(&cookie.path);
    let life = expiry::words(cookie.expires, look.now);
    format!("{}{host_only}  {path}  {life}  {}", domain(cookie), flags(cookie)).trim_end().to_owned()
}

pub fn place(key: &Key) -> String {
    format!("{}  {}{}", name(&key.name), key.domain, sanitize::line(&key.path))
}

pub fn name(name: &[u8]) -> String {
    if name.is_empty() { "(nameless)".to_owned() } else { sanitize::line(name) }
}

pub fn fact(word: &str, meaning: Meaning, text: &str, look: Look) -> String {
    let word = format!("{word:<9}");
    format!("{} {text}", look.palette.paint(meaning, &word))
}

/// A stored cookie that does not go along.
pub fn withheld(key: &Key, why: Withheld, look: Look) -> String {
    fact("withheld", Meaning::Quiet, &format!("{}  {}: {why}", place(key), why.code()), look)
}
