//! Owns the oddities that are tolerated but told: they stand beside a verdict and change nothing.
//! Does not hold reasons for refusing; those are in `verdict`.

use std::fmt;

/// Something about a `Set-Cookie` that its author would want to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Note {
    AttributeTooLong { name: Vec<u8> },
    AttributeUnknown { name: Vec<u8> },
    DomainIsSuffix { domain: String },
    ExpiresUnreadable { value: Vec<u8> },
    ExpiryCapped,
    LoopbackIsSecure,
    MaxAgeUnreadable { value: Vec<u8> },
    SameSiteUnknown { value: Vec<u8> },
}

impl Note {
    pub fn code(&self) -> &'static str {
        match self {
            Note::AttributeTooLong { .. } => "attribute-too-long",
            Note::AttributeUnknown { .. } => "attribute-unknown",
            Note::DomainIsSuffix { .. } => "domain-is-suffix",
            Note::ExpiresUnreadable { .. } => "expires-unreadable",
            Note::ExpiryCapped => "expiry-capped",
            Note::LoopbackIsSecure => "loopback-is-secure",
            Note::MaxAgeUnreadable { .. } => "max-age-unreadable",
            Note::SameSiteUnknown { .. } => "same-site-unknown",
        }
    }

    /// Is it about the attribute where it stands, and not about what all of them give together?
    pub(super) fn is_of_one_attribute(&self) -> bool {
        !matches!(self, Note::DomainIsSuffix { .. } | Note::ExpiryCapped | Note::LoopbackIsSecure)
    }

    /// What would mend it, where something is to be mended.
    pub fn fix(&self) -> Option<String> {
        let text = match self {
            Note::AttributeTooLong { .. } => "keep the value within 1024 octets",
            Note::AttributeUnknown { .. } => "leave it out",
            Note::DomainIsSuffix { .. } => "leave Domain out, which says the same",
            Note::ExpiresUnreadable { .. } => {
                "write the date as in `Fri, 01 Jan 2027 00:00:00 GMT`, or use Max-Age"
            }
            Note::ExpiryCapped => "ask for 400 days at most (Max-Age=34560000)",
            Note::LoopbackIsSecure => return None,
            Note::MaxAgeUnreadable { .. } => "write a whole number of seconds, as in `Max-Age=3600`",
            Note::SameSiteUnknown { .. } => "write Strict, Lax or None",
        };
        Some(text.to_owned())
    }
}

impl fmt::Display for Note {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = String::from_utf8_lossy;
        match self {
            Note::AttributeTooLong { name } => {
                write!(f, "{} is over 1024 octets and was ignored", text(name))
            }
            Note::AttributeUnknown { name } => {
                write!(f, "the attribute {} is not known and was ignored", text(name))
            }
            Note::DomainIsSuffix { domain } => {
                write!(
                    f,
                    "Domain={domain} is a public suffix and the host itself, so the cookie is for this host only"
                )
            }
            Note::ExpiresUnreadable { value } => {
                write!(f, "no date can be read from Expires={}, so it was ignored", text(value))
            }
            Note::ExpiryCapped => f.write_str("the expiry is further out than 400 days and was capped"),
            Note::LoopbackIsSecure => {
                f.write_str("plain http counts as secure here, because the host is loopback")
            }
            Note::MaxAgeUnreadable { value } => {
                write!(f, "Max-Age={} is not a whole number of seconds, so it was ignored", text(value))
            }
            Note::SameSiteUnknown { value } => {
                write!(f, "SameSite={} is none of Strict, Lax and None, so it counts as unset", text(value))
            }
        }
    }
}
