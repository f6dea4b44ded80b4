//! Owns what `-v` tells of a hop: the heads that went out and came in, and what became of each cookie.
//! Does not decide; it reads the trace.

use http::HeaderMap;

use crate::cookie::note::Note;
use crate::cookie::record::{Cookie, Key};
use crate::cookie::verdict::{Eviction, Receipt, Verdict};
use crate::exchange::trace::Hop;
use crate::output::list::{domain, flags};
use crate::output::redact::Secrets;
use crate::output::style::{Meaning, Palette};
use crate::output::{expiry, head, sanitize};

/// How the lines are to look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub palette: Palette,
    pub secrets: Secrets,
    pub now: chrono::DateTime<chrono::Utc>,
}

/// The request, while it goes out.
pub fn request(hop: &Hop, look: Look) -> String {
    let url = &hop.request.url;
    let target = &url[url::Position::BeforePath..url::Position::AfterQuery];
    // Over https the version is settled only in the handshake.
    let version = if url.scheme() == "http" { " HTTP/1.1" } else { "" };
    let host = &url[url::Position::BeforeHost..url::Position::AfterPort];
    let mut lines = vec![format!("> {} {target}{version}", hop.request.method)];
    if !hop.request.headers.contains_key(http::header::HOST) {
        lines.push(format!("> Host: {host}"));
    }
    lines.extend(headers('>', &hop.request.headers, look.secrets));
    lines.push(">".to_owned());
    for key in &hop.cookies.secure_on_loopback {
        let text = format!("{} is Secure, and sent because the host is loopback", name(&key.name));
        lines.push(fact("note", Meaning::Quiet, &text, look));
    }
    for key in &hop.cookies.replaced_by_hand {
        lines.push(fact(
            "by hand",
            Meaning::Quiet,
            &format!("{} takes the place of the jar's", name(&key.name)),
            look,
        ));
    }
    for (key, why) in &hop.cookies.withheld {
        lines.push(fact("withheld", Meaning::Quiet, &format!("{}  {}", place(key), why.code()), look));
    }
    for name in &hop.held_back {
        let name = head::title_case(name);
        let text = format!("{name} was given for another origin");
        lines.push(fact("held back", Meaning::Quiet, &text, look));
    }
    lines.join("\n") + "\n"
}

/// The response's head, and the verdict on each `Set-Cookie`.
pub fn response(hop: &Hop, look: Look) -> String {
    let Some(response) = &hop.response else { return String::new() };
    let mut lines = vec![format!("< {}", sanitize::line(&head::status_line(response)))];
    lines.extend(headers('<', &response.headers, look.secrets));
    lines.push("<".to_owned());
    for receipt in &hop.receipts {
        lines.extend(verdict(receipt, look));
    }
    lines.join("\n") + "\n"
}

fn headers(mark: char, headers: &HeaderMap, secrets: Secrets) -> impl Iterator<Item = String> {
    headers.iter().map(move |(name, value)| {
        format!("{mark} {}: {}", head::title_case(name), secrets.header(name, value.as_bytes()))
    })
}

fn verdict(receipt: &Receipt, look: Look) -> Vec<String> {
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

fn about(cookie: &Cookie, look: Look) -> String {
    let host_only = if cookie.host_only { " (host only)" } else { "" };
    let path = sanitize::line(&cookie.path);
    let life = expiry::words(cookie.expires, look.now);
    format!("{}{host_only}  {path}  {life}  {}", domain(cookie), flags(cookie)).trim_end().to_owned()
}

fn place(key: &Key) -> String {
    format!("{}  {}{}", name(&key.name), key.domain, sanitize::line(&key.path))
}

fn name(name: &[u8]) -> String {
    if name.is_empty() { "(nameless)".to_owned() } else { sanitize::line(name) }
}

fn fact(word: &str, meaning: Meaning, text: &str, look: Look) -> String {
    let word = format!("{word:<9}");
    format!("* {} {text}", look.palette.paint(meaning, &word))
}
