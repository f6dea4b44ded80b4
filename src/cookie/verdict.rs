//! Owns what the rules can say: of a `Set-Cookie`, of a stored cookie for a URL, of a cookie that was pushed out.
//! Does not decide; each reason has a stable code, the section of its rule, and a sentence.

use std::fmt;

use crate::cookie::attribute::SameSite;
use crate::cookie::host::{self, Host};
use crate::cookie::note::Note;
use crate::cookie::prefix::{Broken, Prefix};
use crate::cookie::record::{Cookie, Key};
use crate::cookie::site::Relation;

/// All that was decided about one `Set-Cookie` value.
#[derive(Clone, Debug, PartialEq)]
pub struct Receipt {
    /// The `Set-Cookie` value, as it came.
    pub line: Vec<u8>,
    /// The name, as far as one could be read.
    pub name: Vec<u8>,
    pub verdict: Verdict,
    /// The cookie as the rules read it, if it came that far.
    pub cookie: Option<Cookie>,
    pub notes: Vec<Note>,
    /// Who had to go to make room.
    pub evicted: Vec<Eviction>,
}

/// What became of a `Set-Cookie`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    Deleted,
    EvictedAtOnce,
    NothingToDelete,
    Refused(Refusal),
    Replaced,
    Stored,
}

/// Why a `Set-Cookie` was refused.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    ControlCharacter,
    DomainAboveSuffix {
        domain: String,
        host: String,
    },
    DomainIsPublicSuffix {
        domain: String,
    },
    DomainMismatch {
        domain: String,
        host: String,
    },
    DomainNotAscii,
    Empty,
    /// By the file that the jar lies in.
    FormatCannotHold,
    NamelessWithEquals,
    OverwritesSecure {
        name: String,
        domain: String,
    },
    PartitionedWithoutSecure,
    PathTooLong {
        octets: usize,
    },
    Prefix {
        prefix: Prefix,
    },
    PrefixInValue {
        prefix: Prefix,
    },
    SameSiteFromCrossSite {
        same_site: SameSite,
        relation: Relation,
    },
    SameSiteNoneWithoutSecure,
    SecureFromInsecureOrigin,
    Superseded,
    TooLarge {
        octets: usize,
        limit: usize,
    },
}

/// A cookie that was pushed out, and why it had to be one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Eviction {
    pub key: Key,
    pub cause: Cause,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    DomainFull,
    Expired,
    JarFull,
}

/// Why a stored cookie is not sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Withheld {
    /// It belongs to another host of the same site.
    DomainMismatch,
    Expired,
    HeaderFull,
    HostOnly,
    NotOnPath,
    PublicSuffix,
    SameSite {
        same_site: SameSite,
        relation: Relation,
    },
    SecureOnly,
    ThirdParty,
}

impl Verdict {
    pub fn code(&self) -> &'static str {
        match self {
            Verdict::Deleted => "deleted",
            Verdict::EvictedAtOnce => "evicted-at-once",
            Verdict::NothingToDelete => "nothing-to-delete",
            Verdict::Refused(refusal) => refusal.code(),
            Verdict::Replaced => "replaced",
            Verdict::Stored => "stored",
        }
    }

    /// The section of RFC 6265bis that says so.
    pub fn rfc(&self) -> &'static str {
        match self {
            Verdict::EvictedAtOnce => "5.7 (limits)",
            Verdict::Refused(refusal) => refusal.rfc(),
            _ => "5.7",
        }
    }
}

impl Refusal {
    pub fn code(&self) -> &'static str {
        match self {
            Refusal::ControlCharacter => "control-character",
            Refusal::DomainAboveSuffix { .. } => "domain-above-suffix",
            Refusal::DomainIsPublicSuffix { .. } => "domain-is-public-suffix",
            Refusal::DomainMismatch { .. } => "domain-mismatch",
            Refusal::DomainNotAscii => "domain-not-ascii",
            Refusal::Empty => "empty",
            Refusal::FormatCannotHold => "format-cannot-hold",
            Refusal::NamelessWithEquals => "nameless-with-equals",
            Refusal::OverwritesSecure { .. } => "overwrites-secure",
            Refusal::PartitionedWithoutSecure => "partitioned-without-secure",
            Refusal::PathTooLong { .. } => "path-too-long",
            Refusal::Prefix { prefix: Prefix::Host } => "prefix-host",
            Refusal::Prefix { prefix: Prefix::HostHttp } => "prefix-host-http",
            Refusal::Prefix { prefix: Prefix::Http } => "prefix-http",
            Refusal::Prefix { prefix: Prefix::Secure } => "prefix-secure",
            Refusal::PrefixInValue { .. } => "prefix-in-value",
            Refusal::SameSiteFromCrossSite { .. } => "same-site-from-cross-site",
            Refusal::SameSiteNoneWithoutSecure => "same-site-none-without-secure",
            Refusal::SecureFromInsecureOrigin => "secure-from-insecure-origin",
            Refusal::Superseded => "superseded",
            Refusal::TooLarge { .. } => "too-large",
        }
    }

    pub fn rfc(&self) -> &'static str {
        match self {
            Refusal::ControlCharacter | Refusal::TooLarge { .. } => "5.6",
            Refusal::Prefix { .. } => "4.1.3",
            _ => "5.7",
        }
    }

    /// The name that a browser's developer tools give the same reason, where they have one.
    pub fn devtools(&self) -> Option<&'static str> {
        match self {
            Refusal::ControlCharacter => Some("DisallowedCharacter"),
            Refusal::DomainAboveSuffix { .. }
            | Refusal::DomainIsPublicSuffix { .. }
            | Refusal::DomainMismatch { .. }
            | Refusal::DomainNotAscii => Some("InvalidDomain"),
            Refusal::Empty => Some("NoCookieContent"),
            Refusal::FormatCannotHold
            | Refusal::NamelessWithEquals
            | Refusal::PartitionedWithoutSecure
            | Refusal::PathTooLong { .. }
            | Refusal::Superseded => None,
            Refusal::OverwritesSecure { .. } => Some("OverwriteSecure"),
            Refusal::Prefix { .. } | Refusal::PrefixInValue { .. } => Some("InvalidPrefix"),
            Refusal::SameSiteFromCrossSite { same_site, relation } => {
                Some(same_site_name(*same_site, *relation))
            }
            Refusal::SameSiteNoneWithoutSecure => Some("SameSiteNoneInsecure"),
            Refusal::SecureFromInsecureOrigin => Some("SecureOnly"),
            Refusal::TooLarge { .. } => Some("NameValuePairExceedsMaxSize"),
        }
    }

    /// What would mend it.
    pub fn fix(&self) -> String {
        match self {
            Refusal::ControlCharacter => "leave control characters out, or encode them".to_owned(),
            Refusal::DomainAboveSuffix { .. } | Refusal::DomainIsPublicSuffix { .. } => {
                "leave Domain out, or name a domain of your own".to_owned()
            }
            Refusal::DomainMismatch { domain, .. } => match host::meant_by(domain) {
                Some(bare) => {
                    format!("write Domain={bare}: a name alone, without scheme, port, path or wildcard")
                }
                None if Host::read(domain).is_none() => {
                    "leave Domain out, or write one name in it".to_owned()
                }
                None => format!("leave Domain out, or set this cookie from {domain}"),
            },
            Refusal::DomainNotAscii => "write Domain in its ASCII form (xn--…)".to_owned(),
            Refusal::Empty => "give the cookie a name".to_owned(),
            Refusal::FormatCannotHold => {
                "use a jar that holds everything, as in --jar NAME or --jar FILE.json".to_owned()
            }
            Refusal::NamelessWithEquals => "give the cookie a name, or leave the first `=` out".to_owned(),
            Refusal::OverwritesSecure { .. } => "set it over https, or give it another name".to_owned(),
            Refusal::PathTooLong { .. } => "give it a Path".to_owned(),
            Refusal::PartitionedWithoutSecure => {
                "set it over https with Secure, or leave Partitioned out".to_owned()
            }
            Refusal::Prefix { prefix } => format!("give it {}", prefix.demands()),
            Refusal::PrefixInValue { .. } => "give the cookie a name".to_owned(),
            Refusal::SameSiteFromCrossSite { .. } => {
                "set it in answer to a page of its own site, or with SameSite=None; Secure".to_owned()
            }
            Refusal::SameSiteNoneWithoutSecure => "add Secure, or leave SameSite=None out".to_owned(),
            Refusal::SecureFromInsecureOrigin => "set it over https, or leave Secure out".to_owned(),
            Refusal::Superseded => "nothing: the newer answer stands".to_owned(),
            Refusal::TooLarge { limit, .. } => format!("keep name and value within {limit} octets together"),
        }
    }
}

impl From<Broken> for Refusal {
    fn from(broken: Broken) -> Refusal {
        match broken {
            Broken::Name(prefix) => Refusal::Prefix { prefix },
            Broken::Value(prefix) => Refusal::PrefixInValue { prefix },
        }
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::ControlCharacter => f.write_str("the line holds a control character"),
            Refusal::DomainAboveSuffix { domain, host } => {
                write!(f, "Domain={domain} lies above the public suffix of {host}")
            }
            Refusal::DomainIsPublicSuffix { domain } => {
                write!(f, "Domain={domain} is a public suffix, shared by strangers")
            }
            Refusal::DomainMismatch { domain, host } => write!(f, "Domain={domain} does not cover {host}"),
            Refusal::DomainNotAscii => f.write_str("Domain holds octets that are not ASCII"),
            Refusal::Empty => f.write_str("there is neither a name nor a value"),
            Refusal::FormatCannotHold => f.write_str(
                "the jar is a cookies.txt, which can hold neither a nameless cookie nor a TAB nor so long a line",
            ),
            Refusal::NamelessWithEquals => {
                f.write_str("a nameless cookie's value holds a `=`, which a browser refuses")
            }
            Refusal::OverwritesSecure { name, domain } => {
                write!(
                    f,
                    "a Secure cookie {name} of {domain} can't be overwritten or shadowed from plain http"
                )
            }
            Refusal::PartitionedWithoutSecure => f.write_str("Partitioned needs Secure, and an origin that may set it"),
            Refusal::PathTooLong { octets } => {
                write!(f, "the URL's directory, its default path, has {octets} octets, and 1024 are allowed")
            }
            Refusal::Prefix { prefix } => {
                write!(f, "a name that begins with {prefix} needs {}", prefix.demands())
            }
            Refusal::PrefixInValue { prefix } => {
                write!(
                    f,
                    "a nameless cookie whose value begins with {prefix} would pass for one of that name"
                )
            }
            Refusal::SameSiteFromCrossSite { same_site: SameSite::Unset, .. } => {
                f.write_str("SameSite is unset, which counts as Lax, and another site made the request")
            }
            Refusal::SameSiteFromCrossSite { same_site, .. } => {
                write!(f, "SameSite={} can't be set where another site made the request", same_site.word())
            }
            Refusal::SameSiteNoneWithoutSecure => f.write_str("SameSite=None needs Secure"),
            Refusal::SecureFromInsecureOrigin => f.write_str("Secure can't be set from plain http"),
            Refusal::Superseded => f.write_str("a newer answer has already written or deleted this cookie"),
            Refusal::TooLarge { octets, limit } => {
                write!(f, "name and value have {octets} octets, and {limit} are allowed")
            }
        }
    }
}

impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Verdict::Deleted => "it has expired, so the stored one was deleted",
            Verdict::EvictedAtOnce => "it was itself the first that had to go, where there was no room",
            Verdict::NothingToDelete => "it has expired, and there was none to delete",
            Verdict::Refused(refusal) => return refusal.fmt(f),
            Verdict::Replaced => "it took the place of the stored one of its name, domain and path",
            Verdict::Stored => "it is new in the jar",
        })
    }
}

impl fmt::Display for Cause {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Cause::DomainFull => "its domain held more than the jar's limit for one",
            Cause::Expired => "it had expired",
            Cause::JarFull => "the jar held more than its limit",
        })
    }
}

impl Cause {
    pub fn code(self) -> &'static str {
        match self {
            Cause::DomainFull => "domain-full",
            Cause::Expired => "expired",
            Cause::JarFull => "jar-full",
        }
    }
}

impl Withheld {
    pub fn code(self) -> &'static str {
        match self {
            Withheld::DomainMismatch => "domain-mismatch",
            Withheld::Expired => "expired",
            Withheld::HeaderFull => "header-full",
            Withheld::HostOnly => "host-only",
            Withheld::NotOnPath => "not-on-path",
            Withheld::PublicSuffix => "public-suffix",
            Withheld::SameSite { same_site: SameSite::Strict, .. } => "same-site-strict",
            Withheld::SameSite { same_site: SameSite::Lax, .. } => "same-site-lax",
            Withheld::SameSite { .. } => "same-site-unset",
            Withheld::SecureOnly => "secure-only",
            Withheld::ThirdParty => "third-party",
        }
    }

    /// The section of RFC 6265bis that says so.
    pub fn rfc(self) -> &'static str {
        match self {
            Withheld::HeaderFull => "6.1",
            Withheld::ThirdParty => "7.1",
            _ => "5.8.3",
        }
    }

    /// The name that a browser's developer tools give the same reason, where they have one.
    pub fn devtools(self) -> Option<&'static str> {
        match self {
            Withheld::Expired | Withheld::HeaderFull => None,
            Withheld::DomainMismatch | Withheld::HostOnly => Some("DomainMismatch"),
            Withheld::NotOnPath => Some("NotOnPath"),
            Withheld::PublicSuffix => Some("DomainMismatch"),
            Withheld::SameSite { same_site, relation } => Some(same_site_name(same_site, relation)),
            Withheld::SecureOnly => Some("SecureOnly"),
            Withheld::ThirdParty => Some("UserPreferences"),
        }
    }

    /// What would let it go along.
    pub fn fix(self) -> &'static str {
        match self {
            Withheld::DomainMismatch => "set it with Domain= and what the hosts that need it have in common",
            Withheld::Expired => "let the server set it again, with a later Expires or Max-Age",
            Withheld::HeaderFull => {
                "remove cookies that nobody needs (kuki jar remove NAME), or make them smaller"
            }
            Withheld::HostOnly => "set it with Domain= and its host, if hosts below that are to get it",
            Withheld::NotOnPath => "set it with Path=/, or ask for a URL on its path",
            Withheld::PublicSuffix => "remove it (kuki jar remove NAME); no server could have set it",
            Withheld::SameSite { same_site: SameSite::Strict, .. } => {
                "set it with SameSite=Lax for links from other sites, or SameSite=None; Secure for all they ask"
            }
            Withheld::SameSite { .. } => {
                "set it with SameSite=None; Secure, if pages of other sites are to send it"
            }
            Withheld::SecureOnly => "ask over https, or set it without Secure",
            Withheld::ThirdParty => "ask from a page of its own site: browsers stop sending it from others",
        }
    }
}

fn same_site_name(same_site: SameSite, relation: Relation) -> &'static str {
    match (same_site, relation) {
        (SameSite::Strict, Relation::OtherScheme) => "SchemefulSameSiteStrict",
        (SameSite::Strict, _) => "SameSiteStrict",
        (SameSite::Lax, Relation::OtherScheme) => "SchemefulSameSiteLax",
        (SameSite::Lax, _) => "SameSiteLax",
        (_, Relation::OtherScheme) => "SchemefulSameSiteUnspecifiedTreatedAsLax",
        (_, _) => "SameSiteUnspecifiedTreatedAsLax",
    }
}

impl fmt::Display for Withheld {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Withheld::DomainMismatch => f.write_str("it belongs to another host of the same site"),
            Withheld::Expired => f.write_str("it has expired"),
            Withheld::HeaderFull => f.write_str("the Cookie header would grow beyond 8190 octets"),
            Withheld::HostOnly => f.write_str("it was set without Domain, for its own host only"),
            Withheld::PublicSuffix => f.write_str("its domain is a public suffix, shared by strangers"),
            Withheld::NotOnPath => f.write_str("the request's path does not lie on the cookie's"),
            Withheld::SameSite { same_site: SameSite::Unset, .. } => {
                f.write_str("SameSite is unset, which counts as Lax, and another site makes the request")
            }
            Withheld::SameSite { same_site, .. } => {
                write!(f, "it is SameSite={}, and another site makes the request", same_site.word())
            }
            Withheld::SecureOnly => f.write_str("it is Secure, and the request is plain http"),
            Withheld::ThirdParty => {
                f.write_str("another site's page asks, and browsers block third-party cookies")
            }
        }
    }
}
