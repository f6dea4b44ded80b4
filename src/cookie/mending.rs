//! Owns what would mend each note.
//! Does not find anything odd itself.

use crate::cookie::guess;
use crate::cookie::note::Note;

impl Note {
    /// What would mend it, where something is to be mended.
    pub fn fix(&self) -> Option<String> {
        let text = match self {
            Note::AttributeMisspelt { meant, .. } => return Some(format!("write {meant}")),
            Note::AttributeRepeated { name, .. } => return Some(format!("give one {name}")),
            Note::AttributeTooLong { .. } => "keep the value within 1024 octets",
            Note::AttributeUnknown { .. } => "leave it out",
            Note::CommaBeforeAttribute { .. } => "write `;` for the comma",
            Note::CookiesJoined { .. } => "send a Set-Cookie line for each cookie",
            Note::DomainIsAddress { .. } | Note::DomainIsSuffix { .. } => {
                "leave Domain out, which says the same"
            }
            Note::ExpiresAtOnce { by: "Max-Age" } => {
                "leave Max-Age out for a session cookie, or write Max-Age=0 and no value to delete"
            }
            Note::ExpiresAtOnce { .. } => "check the server's clock and year, or use Max-Age",
            Note::ExpiresUnreadable { value } => {
                let usual = "write the date as in `Fri, 01 Jan 2027 00:00:00 GMT`, or use Max-Age";
                return Some(guess::expires(value).unwrap_or_else(|| usual.to_owned()));
            }
            Note::ExpiriesDisagree => "leave Expires out, or let both name the same time",
            Note::ExpiryCapped => "ask for 400 days at most (Max-Age=34560000)",
            Note::FlagHasValue { name, .. } => return Some(format!("leave {name} out to turn it off")),
            Note::LoopbackIsSecure => return None,
            Note::MaxAgeUnreadable { value } => {
                let usual = "write a whole number of seconds, as in `Max-Age=3600`";
                return Some(guess::max_age(value).unwrap_or_else(|| usual.to_owned()));
            }
            Note::NameOdd { .. } => "use letters, digits, `-`, `_` and `.` in names",
            Note::Nameless => "write `name=value`",
            Note::NearLimit { .. } => "keep the data on the server, and an id in the cookie",
            Note::NoneWithoutSecure => "add Secure, or leave SameSite=None out",
            Note::PathElsewhere { .. } => "write Path=/ if it is to come back from everywhere",
            Note::PathNotAbsolute { .. } => "write a path that begins with `/`, as in `Path=/`",
            Note::PrefixAlmost { meant } => return Some(format!("begin the name with {meant}")),
            Note::SameNameTwice { .. } => "give both the same Domain and Path, or different names",
            Note::SameSiteUnknown { .. } => "write Strict, Lax or None",
            Note::SemicolonMissing { name } => return Some(format!("write `; {name}`")),
            Note::ValueQuoted => "leave the quotes out, unless the server wants them back",
        };
        Some(text.to_owned())
    }
}
