//! Owns the JSON documents of the verbs of `kuki jar` that change a jar or tell of it, version 1 (`docs/jar.schema.json`).
//! Does not own that of the audit, nor the list of cookies.

use serde::Serialize;

use crate::cookie::limits::Limits;
use crate::cookie::policy::Policy;
use crate::cookie::record::Key;
use crate::cookie::verdict::Receipt;
use crate::output::redact::Secrets;
use crate::output::vocabulary::{CookieEntry, JarEntry, ReceiptEntry, document};

const VERSION: u32 = 1;

/// What was done to cookies, all of them in the same way.
#[derive(Debug)]
pub struct Deed<'a> {
    /// In one word, as in `removed`.
    pub action: &'static str,
    pub jar: JarEntry<'a>,
    /// It is only said what would be done.
    pub dry_run: bool,
    pub cookies: Vec<Key>,
    pub intake: Option<Intake>,
}

/// What is known beyond that where cookies came in.
#[derive(Debug, Serialize)]
pub struct Intake {
    pub new: usize,
    pub replaced: usize,
    pub evicted: usize,
    /// Expired, too large, or nothing that the file can hold.
    pub left_behind: usize,
    /// The format of the file, or nothing where it was a jar.
    pub source: Option<&'static str>,
    pub rejected: Vec<RejectedEntry>,
}

/// A row of a file that is no cookie, or none that could be kept.
#[derive(Debug, Serialize)]
pub struct RejectedEntry {
    pub at: String,
    pub message: String,
}

#[derive(Serialize)]
struct Framed<'a, T: Serialize> {
    format: &'static str,
    version: u32,
    jar: &'a JarEntry<'a>,
    #[serde(flatten)]
    content: T,
}

#[derive(Serialize)]
struct Change<'a> {
    action: &'static str,
    dry_run: bool,
    cookies: Vec<CookieEntry>,
    intake: Option<&'a Intake>,
}

#[derive(Serialize)]
struct Set {
    policy: &'static str,
    set_cookies: Vec<ReceiptEntry>,
}

#[derive(Serialize)]
struct Governed {
    per_domain: usize,
    total: usize,
    cookie_bytes: usize,
    policy: &'static str,
    cookies: usize,
    evicted: Vec<CookieEntry>,
}

#[derive(Serialize)]
struct Place {
    exists: bool,
}

pub fn change(deed: &Deed) -> String {
    let cookies = identified(&deed.cookies);
    let content =
        Change { action: deed.action, dry_run: deed.dry_run, cookies, intake: deed.intake.as_ref() };
    framed("kuki-change", &deed.jar, content)
}

pub fn set(jar: &JarEntry, policy: Policy, receipts: &[Receipt]) -> String {
    let of = |receipt| ReceiptEntry::of(receipt, Secrets::Revealed);
    let content = Set { policy: policy.word(), set_cookies: receipts.iter().map(of).collect() };
    framed("kuki-set", jar, content)
}

/// `cookies` is how many there are, `evicted` those for whom there is no room by the new limits.
pub fn limits(jar: &JarEntry, limits: Limits, policy: Policy, cookies: usize, evicted: &[Key]) -> String {
    let Limits { per_domain, total, cookie_bytes } = limits;
    let (policy, evicted) = (policy.word(), identified(evicted));
    framed("kuki-limits", jar, Governed { per_domain, total, cookie_bytes, policy, cookies, evicted })
}

pub fn path(jar: &JarEntry, exists: bool) -> String {
    framed("kuki-path", jar, Place { exists })
}

fn identified(keys: &[Key]) -> Vec<CookieEntry> {
    keys.iter().map(CookieEntry::identified).collect()
}

fn framed(format: &'static str, jar: &JarEntry, content: impl Serialize) -> String {
    document(&Framed { format, version: VERSION, jar, content })
}
