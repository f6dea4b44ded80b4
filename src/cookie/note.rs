//! Owns the oddities that are tolerated but told: they stand beside a verdict and change nothing.
//! Does not hold reasons for refusing; those are in `verdict`. What would mend them is in `mending`.

use std::fmt;

/// So many letters of what a line holds are quoted in a sentence.
const LONGEST_QUOTE: usize = 100;

/// Something about a `Set-Cookie` that its author would want to know. None holds a cookie's value, which may be secret.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    AttributeMisspelt {
        name: Vec<u8>,
        meant: &'static str,
    },
    /// With different values; this one counts.
    AttributeRepeated {
        name: &'static str,
        value: Vec<u8>,
    },
    AttributeTooLong {
        name: Vec<u8>,
    },
    AttributeUnknown {
        name: Vec<u8>,
    },
    CommaBeforeAttribute {
        name: &'static str,
    },
    CookiesJoined {
        name: Vec<u8>,
    },
    DomainIsAddress {
        domain: String,
    },
    DomainIsSuffix {
        domain: String,
    },
    ExpiresAtOnce {
        by: &'static str,
    },
    ExpiresUnreadable {
        value: Vec<u8>,
    },
    ExpiriesDisagree,
    ExpiryCapped,
    FlagHasValue {
        name: &'static str,
        value: Vec<u8>,
    },
    LoopbackIsSecure,
    MaxAgeUnreadable {
        value: Vec<u8>,
    },
    NameOdd {
        octet: u8,
    },
    Nameless,
    NearLimit {
        octets: usize,
        limit: usize,
    },
    NoneWithoutSecure,
    PathElsewhere {
        path: Vec<u8>,
        url: String,
    },
    PathNotAbsolute {
        value: Vec<u8>,
        counts: Vec<u8>,
    },
    PrefixAlmost {
        meant: &'static str,
    },
    SameNameTwice {
        name: Vec<u8>,
        other: String,
        other_first: bool,
    },
    SameSiteUnknown {
        value: Vec<u8>,
    },
    SemicolonMissing {
        name: &'static str,
    },
    ValueQuoted,
}

impl Note {
    pub fn code(&self) -> &'static str {
        match self {
            Note::AttributeMisspelt { .. } => "attribute-misspelt",
            Note::AttributeRepeated { .. } => "attribute-repeated",
            Note::AttributeTooLong { .. } => "attribute-too-long",
            Note::AttributeUnknown { .. } => "attribute-unknown",
            Note::CommaBeforeAttribute { .. } => "comma-before-attribute",
            Note::CookiesJoined { .. } => "cookies-joined",
            Note::DomainIsAddress { .. } => "domain-is-address",
            Note::DomainIsSuffix { .. } => "domain-is-suffix",
            Note::ExpiresAtOnce { .. } => "expires-at-once",
            Note::ExpiresUnreadable { .. } => "expires-unreadable",
            Note::ExpiriesDisagree => "expiries-disagree",
            Note::ExpiryCapped => "expiry-capped",
            Note::FlagHasValue { .. } => "flag-has-value",
            Note::LoopbackIsSecure => "loopback-is-secure",
            Note::MaxAgeUnreadable { .. } => "max-age-unreadable",
            Note::NameOdd { .. } => "name-odd",
            Note::Nameless => "nameless",
            Note::NearLimit { .. } => "near-limit",
            Note::NoneWithoutSecure => "none-without-secure",
            Note::PathElsewhere { .. } => "path-elsewhere",
            Note::PathNotAbsolute { .. } => "path-not-absolute",
            Note::PrefixAlmost { .. } => "prefix-almost",
            Note::SameNameTwice { .. } => "same-name-twice",
            Note::SameSiteUnknown { .. } => "same-site-unknown",
            Note::SemicolonMissing { .. } => "semicolon-missing",
            Note::ValueQuoted => "value-quoted",
        }
    }

    /// Is it about the attribute where it stands, and not about what all of them give together?
    pub(super) fn is_of_one_attribute(&self) -> bool {
        matches!(
            self,
            Note::AttributeTooLong { .. }
                | Note::AttributeUnknown { .. }
                | Note::ExpiresUnreadable { .. }
                | Note::MaxAgeUnreadable { .. }
                | Note::SameSiteUnknown { .. }
        )
    }

    /// Do the rules note it themselves, when a cookie comes? The rest are near misses, looked for on demand.
    pub(super) fn is_of_the_rules(&self) -> bool {
        self.is_of_one_attribute()
            || matches!(self, Note::DomainIsSuffix { .. } | Note::ExpiryCapped | Note::LoopbackIsSecure)
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = brief;
        match self {
            Note::AttributeMisspelt { name, meant } => {
                write!(
                    f,
                    "{} was ignored: no such attribute is known, and {meant} was probably meant",
                    text(name)
                )
            }
            Note::AttributeRepeated { name, value } => {
                write!(f, "{name} is given more than once, and {name}={} counts", text(value))
            }
            Note::AttributeTooLong { name } => {
                write!(f, "{} is over 1024 octets and was ignored", text(name))
            }
            Note::AttributeUnknown { name } => {
                write!(f, "the attribute {} is not known and was ignored", text(name))
            }
            Note::CommaBeforeAttribute { name } => {
                write!(f, "{name} follows a comma, which parts nothing, so it is no attribute here")
            }
            Note::CookiesJoined { name } => {
                write!(f, "a comma does not part cookies, so {} was not set", text(name))
            }
            Note::DomainIsAddress { domain } => {
                write!(f, "Domain={domain} is an address, which has no subdomains, so Domain changes nothing")
            }
            Note::DomainIsSuffix { domain } => {
                write!(
                    f,
                    "Domain={domain} is a public suffix and the host itself, so the cookie is for this host only"
                )
            }
            Note::ExpiresAtOnce { by: "Max-Age" } => {
                f.write_str("a Max-Age below zero deletes the cookie, though a value is given for it")
            }
            Note::ExpiresAtOnce { by } => {
                write!(f, "{by} lies in the past, so this deletes the cookie, though a value is given for it")
            }
            Note::ExpiresUnreadable { value } => {
                write!(f, "no date can be read from Expires={}, so it was ignored", text(value))
            }
            Note::ExpiriesDisagree => {
                f.write_str("Max-Age and Expires name different times, and Max-Age counts")
            }
            Note::ExpiryCapped => f.write_str("the expiry is further out than 400 days and was capped"),
            Note::FlagHasValue { name, value } => {
                write!(f, "{name}={} counts as {name}: whatever value it has, it is on", text(value))
            }
            Note::LoopbackIsSecure => {
                f.write_str("plain http counts as secure here, because the host is loopback")
            }
            Note::MaxAgeUnreadable { value } => {
                write!(f, "Max-Age={} is not a whole number of seconds, so it was ignored", text(value))
            }
            Note::NameOdd { octet } => {
                write!(f, "the name holds `{}`, at which some servers cut or drop it", octet.escape_ascii())
            }
            Note::Nameless => {
                f.write_str("there is no name before a `=`, so all of it is the value of a nameless cookie")
            }
            Note::NearLimit { octets, limit } => {
                write!(f, "name and value have {octets} of the {limit} octets that are allowed")
            }
            Note::NoneWithoutSecure => f.write_str("browsers refuse SameSite=None without Secure"),
            Note::PathElsewhere { path, url } => {
                write!(
                    f,
                    "{url}, where it was set, does not lie on Path={}, so it is not sent there",
                    text(path)
                )
            }
            Note::PathNotAbsolute { value, counts } => {
                write!(f, "Path={} does not begin with `/`, so {} counts", text(value), text(counts))
            }
            Note::PrefixAlmost { meant } => {
                write!(f, "the name looks like {meant} but does not begin with it, so it promises nothing")
            }
            Note::SameNameTwice { name, other, other_first } => {
                let order = if *other_first { "before this one" } else { "behind this one" };
                write!(f, "another {} is kept for {other}; where both go, it is sent {order}", text(name))
            }
            Note::SameSiteUnknown { value } => {
                write!(f, "SameSite={} is none of Strict, Lax and None, so it counts as unset", text(value))
            }
            Note::SemicolonMissing { name } => {
                write!(f, "there is no `;` before {name}, so it belongs to what stands in front of it")
            }
            Note::ValueQuoted => f.write_str("the quotes are part of the value, and are sent back with it"),
        }
    }
}

/// A server can write a megabyte where a word belongs; the line itself is there to be looked at.
fn brief(octets: &[u8]) -> String {
    let text = String::from_utf8_lossy(octets);
    match text.char_indices().nth(LONGEST_QUOTE) {
        Some((end, _)) => format!("{}…", &text[..end]),
        None => text.into_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_quoted_is_kept_short() {
        let told = |name: &str| Note::AttributeUnknown { name: name.as_bytes().to_vec() }.to_string();
        assert_eq!(
            told(&"é".repeat(100)),
            format!("the attribute {} is not known and was ignored", "é".repeat(100))
        );
        let long = format!("the attribute {}… is not known and was ignored", "é".repeat(100));
        assert_eq!(told(&"é".repeat(100_000)), long);
    }
}
