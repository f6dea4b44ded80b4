//! Owns what an audit can find: each issue with its code, its weight, its sentence and what would mend it.
//! Does not look for any.

use std::fmt;

use chrono::{DateTime, Utc};

use crate::cookie::host::Host;
use crate::cookie::record::Key;

/// The lightest comes first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Severity {
    Info,
    Low,
    Medium,
    High,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    pub issue: Issue,
    /// The cookie that it is about, unless it is the jar.
    pub key: Option<Key>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Issue {
    CookieNearLimit { octets: usize, limit: usize },
    CsrfWithoutSecure,
    DomainNearLimit { domain: String, count: usize, limit: usize },
    ExpiredInFile,
    JarNearLimit { count: usize, limit: usize },
    JarOfAnotherUser { user: u32 },
    JarReadableByOthers { mode: u32 },
    LifeAtCap,
    PrefixWouldHold { name: String },
    SameSiteNoneWithoutSecure,
    SessionLivesLong { days: i64 },
    SessionToSubdomains { domain: Host, is_site: bool },
    SessionWithoutHttpOnly,
    SessionWithoutSameSite,
    SessionWithoutSecure { on_loopback: bool },
    SetOverHttp { is_sensitive: bool },
    Shadowed { by: Key, is_sensitive: bool },
    TokenExpired { at: DateTime<Utc> },
    TokenUnsigned,
}

impl Severity {
    pub const ALL: [Severity; 4] = [Severity::High, Severity::Medium, Severity::Low, Severity::Info];

    pub fn word(self) -> &'static str {
        match self {
            Severity::Info => "info",
            Severity::Low => "low",
            Severity::Medium => "medium",
            Severity::High => "high",
        }
    }

    pub fn parse(word: &str) -> Option<Severity> {
        Severity::ALL.into_iter().find(|severity| severity.word() == word)
    }
}

impl Issue {
    pub fn code(&self) -> &'static str {
        match self {
            Issue::CookieNearLimit { .. } => "cookie-near-limit",
            Issue::CsrfWithoutSecure => "csrf-without-secure",
            Issue::DomainNearLimit { .. } => "domain-near-limit",
            Issue::ExpiredInFile => "expired-in-file",
            Issue::JarNearLimit { .. } => "jar-near-limit",
            Issue::JarOfAnotherUser { .. } => "jar-of-another-user",
            Issue::JarReadableByOthers { .. } => "jar-readable-by-others",
            Issue::LifeAtCap => "life-at-cap",
            Issue::PrefixWouldHold { .. } => "prefix-would-hold",
            Issue::SameSiteNoneWithoutSecure => "same-site-none-without-secure",
            Issue::SessionLivesLong { .. } => "session-lives-long",
            Issue::SessionToSubdomains { .. } => "session-to-subdomains",
            Issue::SessionWithoutHttpOnly => "session-without-http-only",
            Issue::SessionWithoutSameSite => "session-without-same-site",
            Issue::SessionWithoutSecure { .. } => "session-without-secure",
            Issue::SetOverHttp { .. } => "set-over-http",
            Issue::Shadowed { .. } => "shadowed",
            Issue::TokenExpired { .. } => "token-expired",
            Issue::TokenUnsigned => "token-unsigned",
        }
    }

    pub fn severity(&self) -> Severity {
        match self {
            Issue::SessionWithoutSecure { on_loopback: false }
            | Issue::JarOfAnotherUser { .. }
            | Issue::JarReadableByOthers { .. }
            | Issue::TokenUnsigned => Severity::High,
            Issue::SameSiteNoneWithoutSecure
            | Issue::SessionToSubdomains { is_site: true, .. }
            | Issue::SessionWithoutHttpOnly
            | Issue::SetOverHttp { is_sensitive: true }
            | Issue::Shadowed { is_sensitive: true, .. } => Severity::Medium,
            Issue::CookieNearLimit { .. }
            | Issue::CsrfWithoutSecure
            | Issue::DomainNearLimit { .. }
            | Issue::JarNearLimit { .. }
            | Issue::SessionLivesLong { .. }
            | Issue::SessionToSubdomains { is_site: false, .. }
            | Issue::SessionWithoutSameSite
            | Issue::SessionWithoutSecure { on_loopback: true }
            | Issue::Shadowed { is_sensitive: false, .. }
            | Issue::TokenExpired { .. } => Severity::Low,
            Issue::ExpiredInFile
            | Issue::LifeAtCap
            | Issue::PrefixWouldHold { .. }
            | Issue::SetOverHttp { is_sensitive: false } => Severity::Info,
        }
    }

    pub fn fix(&self) -> String {
        match self {
            Issue::CookieNearLimit { .. } => "keep an id in the cookie, and the rest on the server".into(),
            Issue::CsrfWithoutSecure | Issue::SessionWithoutSecure { on_loopback: false } => "add Secure".into(),
            Issue::DomainNearLimit { .. } => {
                "set fewer cookies, or allow more: kuki jar limits --per-domain N; kuki jar pin NAME keeps a login".into()
            }
            Issue::ExpiredInFile => "kuki jar clear --expired; the next save drops it too".into(),
            Issue::JarNearLimit { .. } => "use a jar for each purpose, or allow more: kuki jar limits --total N".into(),
            Issue::JarOfAnotherUser { .. } => "use a jar of your own: --jar NAME".into(),
            Issue::JarReadableByOthers { .. } => "chmod 600 the file".into(),
            Issue::LifeAtCap => "ask for at most 400 days".into(),
            Issue::PrefixWouldHold { name } => format!("call it __Host-{name}: then no other host can set or replace it"),
            Issue::SameSiteNoneWithoutSecure => "add Secure, or leave SameSite=None out".into(),
            Issue::SessionLivesLong { .. } => "let it end sooner, and renew it while it is in use".into(),
            Issue::SessionToSubdomains { .. } => "leave Domain out, so that only the host that set it gets it".into(),
            Issue::SessionWithoutHttpOnly => "add HttpOnly".into(),
            Issue::SessionWithoutSameSite => "add SameSite=Lax or SameSite=Strict".into(),
            Issue::SessionWithoutSecure { on_loopback: true } => {
                "add Secure; from and to this machine it goes over http all the same".into()
            }
            Issue::SetOverHttp { .. } => "set it over https, with Secure".into(),
            Issue::Shadowed { .. } => "give one of them another name, or remove the one that is not meant".into(),
            Issue::TokenExpired { .. } => "log in again, and let the cookie end when its token does".into(),
            Issue::TokenUnsigned => "sign it, and refuse tokens with alg none".into(),
        }
    }
}

impl fmt::Display for Issue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Issue::CookieNearLimit { octets, limit } => {
                write!(f, "{octets} octets of at most {limit}: when it grows, it is refused")
            }
            Issue::CsrfWithoutSecure => {
                f.write_str("a token against forged requests that goes over http too, where it can be read")
            }
            Issue::DomainNearLimit { domain, count, limit } => {
                write!(f, "{count} of at most {limit} cookies of {domain}: the next ones push others out")
            }
            Issue::ExpiredInFile => f.write_str("it has expired, and its value is still in the file"),
            Issue::JarNearLimit { count, limit } => {
                write!(f, "{count} of at most {limit} cookies: the next ones push others out")
            }
            Issue::JarOfAnotherUser { user } => {
                write!(f, "the file belongs to another user (id {user}), who can read and change it")
            }
            Issue::JarReadableByOthers { mode } => {
                write!(f, "others can read the file (mode {mode:04o}), and so use every session in it")
            }
            Issue::LifeAtCap => f.write_str("it asked for 400 days or more, which is all that it gets"),
            Issue::PrefixWouldHold { .. } => f.write_str("it is all that the prefix __Host- demands"),
            Issue::SameSiteNoneWithoutSecure => {
                f.write_str("SameSite=None without Secure: browsers refuse it")
            }
            Issue::SessionLivesLong { days } => {
                write!(
                    f,
                    "looks like a session, and lives for {days} days: so long can it be used by who steals it"
                )
            }
            Issue::SessionToSubdomains { domain, .. } => {
                write!(f, "looks like a session, and goes to every host below {domain}, whoever runs it")
            }
            Issue::SessionWithoutHttpOnly => f.write_str(
                "looks like a session, and scripts can read it: one that is injected takes it along",
            ),
            Issue::SessionWithoutSameSite => f.write_str(
                "looks like a session, and some browsers send it along when another site makes the request",
            ),
            Issue::SessionWithoutSecure { .. } => f.write_str(
                "looks like a session, and goes over http too, where anybody on the way can read it",
            ),
            Issue::SetOverHttp { .. } => f.write_str(
                "it came over http, where anybody on the way could read it and put another in its place",
            ),
            Issue::Shadowed { by, .. } => {
                let Key { domain, path, .. } = by;
                let path = String::from_utf8_lossy(path);
                write!(f, "goes along with another of this name, of {domain}{path}, which servers see first")
            }
            Issue::TokenExpired { at } => {
                write!(f, "its token expired on {}, and the cookie lives on", at.format("%Y-%m-%d"))
            }
            Issue::TokenUnsigned => f.write_str("its token is not signed (alg none): anybody can write one"),
        }
    }
}
