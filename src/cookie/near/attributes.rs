//! Owns the near misses of attributes, one by one: misspelt, said twice, or said in a way that does not count.
//! Does not look at times, nor at what is stored.

use strsim::osa_distance;

use crate::cookie::attribute::{MaxAge, SameSite};
use crate::cookie::date;
use crate::cookie::near::asked::{Asked, Remark};
use crate::cookie::note::Note;
use crate::cookie::part::Attribute;
use crate::cookie::path;

pub const KNOWN: [&str; 8] =
    ["Domain", "Expires", "HttpOnly", "Max-Age", "Partitioned", "Path", "SameSite", "Secure"];

/// Of old standards and of browsers: not ours, and not misspelt.
const FOREIGN: [&str; 6] = ["comment", "commenturl", "discard", "port", "priority", "version"];

/// What people write for something else, too far from it for the distance to see.
const MEANT: [(&str, &str); 8] = [
    ("expiration", "Expires"),
    ("expiry", "Expires"),
    ("lax", "SameSite=Lax"),
    ("none", "SameSite=None"),
    ("strict", "SameSite=Strict"),
    ("ssl", "Secure"),
    ("ttl", "Max-Age"),
    ("lifetime", "Max-Age"),
];

pub fn remarks(asked: &Asked) -> Vec<Remark> {
    let each = asked.parts.attributes.iter().filter_map(of_one);
    each.chain(repeated(asked)).chain(domain(asked)).chain(path(asked)).chain(same_site(asked)).collect()
}

fn of_one(attribute: &Attribute) -> Option<Remark> {
    let remark = |note| Remark { note, part: Some(attribute.whole.clone()) };
    if let Some(meant) = meant(attribute.name) {
        return Some(remark(Note::AttributeMisspelt { name: attribute.name.to_vec(), meant }));
    }
    let flag = ["HttpOnly", "Secure"].into_iter().find(|flag| attribute.is(flag))?;
    let negations: [&[u8]; 4] = [b"false", b"0", b"no", b"off"];
    let denied = negations.into_iter().any(|no| attribute.value.eq_ignore_ascii_case(no));
    denied.then(|| remark(Note::FlagHasValue { name: flag, value: attribute.value.to_vec() }))
}

/// The attribute that an unknown one looks like. Only short names are compared, since a line may hold many long ones.
pub fn meant(name: &[u8]) -> Option<&'static str> {
    // `Path:/` has a colon for its equals sign.
    let name_alone = name.split(|octet| *octet == b':').next()?;
    if name_alone.is_empty() || name_alone.len() > 24 || KNOWN.iter().any(|known| is(name, known)) {
        return None;
    }
    let text = std::str::from_utf8(name_alone).ok()?.to_ascii_lowercase();
    let plain = |text: &str| text.replace(['-', '_', ' '], "").to_ascii_lowercase();
    let text = plain(&text);
    if FOREIGN.contains(&text.as_str()) {
        return None;
    }
    if let Some((_, meant)) = MEANT.into_iter().find(|(word, _)| *word == text) {
        return Some(meant);
    }
    let near = KNOWN.into_iter().map(|known| (osa_distance(&text, &plain(known)), known));
    near.filter(|(distance, known)| *distance <= known.len() / 4).min().map(|(_, known)| known)
}

fn is(name: &[u8], known: &str) -> bool {
    name.eq_ignore_ascii_case(known.as_bytes())
}

/// Two of one name that contradict each other.
fn repeated(asked: &Asked) -> Vec<Remark> {
    let of_name = |name: &'static str| {
        let all =
            || asked.parts.attributes.iter().filter(move |found| found.is(name) && !found.is_too_long());
        let first = all().next()?;
        all().find(|found| !found.value.eq_ignore_ascii_case(first.value))?;
        let counts = all().rev().find(|found| counts(asked, found)).or_else(|| all().next_back())?;
        let note = Note::AttributeRepeated { name, value: counts.value.to_vec() };
        Some(Remark { note, part: Some(counts.whole.clone()) })
    };
    ["Domain", "Expires", "Max-Age", "Path", "SameSite"].into_iter().filter_map(of_name).collect()
}

/// Of times, the last that can be read; a browser takes the last, whatever it says.
fn counts(asked: &Asked, attribute: &Attribute) -> bool {
    let policy = asked.context.policy();
    match attribute.name.to_ascii_lowercase().as_slice() {
        _ if policy.is_browser() => true,
        b"expires" => date::parse(attribute.value, policy).is_some(),
        b"max-age" => MaxAge::parse(attribute.value, policy).is_some(),
        _ => true,
    }
}

fn domain(asked: &Asked) -> Option<Remark> {
    let value = asked.attributes.domain.filter(|_| !asked.is_refused())?;
    let bare = value.strip_prefix(b".").unwrap_or(value);
    let tells = !bare.is_empty() && asked.context.host.is_address();
    let domain = String::from_utf8_lossy(bare).into_owned();
    tells.then(|| asked.on("domain", Note::DomainIsAddress { domain }))
}

fn path(asked: &Asked) -> Option<Remark> {
    let value = asked.attributes.path.filter(|value| !value.starts_with(b"/"))?;
    let counts = path::default_path(&asked.context.url);
    Some(asked.on("path", Note::PathNotAbsolute { value: value.to_vec(), counts }))
}

fn same_site(asked: &Asked) -> Option<Remark> {
    let attributes = &asked.attributes;
    let stands = attributes.same_site == SameSite::None && !attributes.secure && !asked.is_refused();
    stands.then(|| asked.on("samesite", Note::NoneWithoutSecure))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_an_attribute_is_told_from_what_does_not() {
        for (name, expected) in [
            ("HttpsOnly", Some("HttpOnly")),
            ("Http-Only", Some("HttpOnly")),
            ("http_only", Some("HttpOnly")),
            ("Same-Site", Some("SameSite")),
            ("Max_Age", Some("Max-Age")),
            ("maxage", Some("Max-Age")),
            ("Expire", Some("Expires")),
            ("Expiry", Some("Expires")),
            ("Secured", Some("Secure")),
            ("Secrue", Some("Secure")),
            ("Domian", Some("Domain")),
            ("Paht", Some("Path")),
            ("Path:/", Some("Path")),
            ("expires: Wed, 21 Oct 2026 07:28:00 GMT", Some("Expires")),
            ("Strict", Some("SameSite=Strict")),
            ("Secure", None),
            ("partitioned", None),
            ("Priority", None),
            ("Version", None),
            ("Port", None),
            ("Colour", None),
            ("max", None),
            ("x", None),
            ("", None),
            ("a-long-name-that-nobody-could-mean", None),
        ] {
            assert_eq!(meant(name.as_bytes()), expected, "{name}");
        }
    }
}
