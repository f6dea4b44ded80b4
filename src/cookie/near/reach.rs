//! Owns the near misses of where a cookie goes: not back to its URL, or together with another of its name.
//! Does not select; it looks at one cookie.

use crate::cookie::near::asked::{Asked, Remark};
use crate::cookie::note::Note;
use crate::cookie::path;
use crate::cookie::record::Cookie;

pub fn remarks(asked: &Asked) -> Vec<Remark> {
    let stored = asked.receipt.cookie.as_ref().filter(|_| asked.is_kept());
    let Some(cookie) = stored.and_then(|cookie| asked.jar.get(&cookie.key())) else { return Vec::new() };
    elsewhere(asked, cookie).into_iter().chain(twice(asked, cookie)).collect()
}

fn elsewhere(asked: &Asked, cookie: &Cookie) -> Option<Remark> {
    // A comma in it is a mistake of its own, which is told of.
    if path::matches(&cookie.path, &asked.context.url) || cookie.path.contains(&b',') {
        return None;
    }
    let note = Note::PathElsewhere { path: cookie.path.clone(), url: asked.context.url.path().to_owned() };
    Some(asked.on("path", note))
}

/// Another of this name that some request takes along, too; of several, the one that the server sees first.
fn twice(asked: &Asked, cookie: &Cookie) -> Option<Remark> {
    let domains = asked.context.host.domains();
    let others = domains.flat_map(|domain| asked.jar.of_domain(domain)).filter(|other| {
        other.name == cookie.name && !std::ptr::eq(*other, cookie) && meets(other, cookie, asked)
    });
    let other = others.min_by_key(|other| other.place())?;
    let path = String::from_utf8_lossy(&other.path);
    let note = Note::SameNameTwice {
        name: cookie.name.clone(),
        other: format!("{}{path}", other.domain),
        other_first: other.place() < cookie.place(),
    };
    Some(Remark { note, part: Some(asked.parts.name.clone()).filter(|name| !name.is_empty()) })
}

/// Can one request to the host of this answer take both along?
fn meets(other: &Cookie, cookie: &Cookie, asked: &Asked) -> bool {
    let goes_to_host = !other.host_only || other.domain == asked.context.host;
    let is_trusted = asked.context.origin.is_trusted() || !other.secure;
    goes_to_host
        && is_trusted
        && path::meet(&other.path, &cookie.path)
        && !other.is_expired(asked.context.now)
}
