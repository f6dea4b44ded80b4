//! Owns the masking of secrets, wherever text is made for people.
//! Does not touch exact formats: whoever asks for JSON or a header dump wants the values.

use http::HeaderName;
use http::header::{AUTHORIZATION, CONTENT_LENGTH, COOKIE, HOST, PROXY_AUTHORIZATION, SET_COOKIE};

use crate::exchange::headers::is_harmless;
use crate::output::sanitize;

/// Are secrets shown or masked?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Secrets {
    Masked,
    Revealed,
}

/// What may be shown of an Authorization header.
const SCHEMES: [&str; 4] = ["Basic ", "Bearer ", "Digest ", "Negotiate "];

/// So much is enough to tell two values apart.
const SHOWN: usize = 8;

impl Secrets {
    /// A cookie's value: its beginning, if that is at most a quarter of it, and its size.
    pub fn value(self, value: &[u8]) -> String {
        if self == Secrets::Revealed || value.is_empty() {
            return sanitize::line(value);
        }
        let text = sanitize::line(value);
        let shown: String = text.chars().take(SHOWN.min(value.len() / 4)).collect();
        format!("{shown}… ({} B)", value.len())
    }

    /// A header of a request: what the user gave and is not known to be harmless is taken for a credential.
    pub fn request_header(self, name: &HeaderName, value: &[u8]) -> String {
        let is_ours = [CONTENT_LENGTH, HOST].contains(name);
        let has_its_own_mask = [AUTHORIZATION, COOKIE].contains(name);
        if self == Secrets::Revealed || is_harmless(name) || is_ours || has_its_own_mask {
            return self.header(name, value);
        }
        format!("… ({} B)", value.len())
    }

    /// A header's value, with what is secret in it masked.
    pub fn header(self, name: &HeaderName, value: &[u8]) -> String {
        let masks = [AUTHORIZATION, COOKIE, PROXY_AUTHORIZATION, SET_COOKIE].contains(name);
        if self == Secrets::Revealed || !masks {
            return sanitize::line(value);
        }
        if *name == SET_COOKIE {
            let end = value.iter().position(|octet| *octet == b';').unwrap_or(value.len());
            let (pair, attributes) = value.split_at(end);
            return format!("{}{}", self.pair(pair), sanitize::line(attributes));
        }
        if *name == COOKIE {
            let pairs = value.split(|octet| *octet == b';').map(|pair| self.pair(pair.trim_ascii()));
            return pairs.collect::<Vec<_>>().join("; ");
        }
        let scheme = SCHEMES.into_iter().find(|scheme| {
            value.get(..scheme.len()).is_some_and(|head| head.eq_ignore_ascii_case(scheme.as_bytes()))
        });
        match scheme {
            Some(scheme) => format!("{scheme}… ({} B)", value.len() - scheme.len()),
            None => format!("… ({} B)", value.len()),
        }
    }

    fn pair(self, pair: &[u8]) -> String {
        match pair.iter().position(|octet| *octet == b'=') {
            Some(at) => format!("{}={}", sanitize::line(&pair[..at]), self.value(&pair[at + 1..])),
            None => self.value(pair),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_mask_shows_no_more_than_a_quarter() {
        assert_eq!(Secrets::Masked.value(b"abc"), "… (3 B)");
        assert_eq!(Secrets::Masked.value(b"0123456789ab"), "012… (12 B)");
        assert_eq!(Secrets::Masked.value(&[b'x'; 64]), "xxxxxxxx… (64 B)");
        assert_eq!(Secrets::Masked.value(b""), "");
        assert_eq!(Secrets::Revealed.value(b"abc\x1b"), "abc\\x1b");
    }

    #[test]
    fn headers_that_hold_secrets_keep_only_their_form() {
        for (name, value, expected) in [
            (SET_COOKIE, "sid=secret12; Path=/", "sid=se… (8 B); Path=/"),
            (COOKIE, "a=1234; b=xyz", "a=1… (4 B); b=… (3 B)"),
            (AUTHORIZATION, "Basic YWRhOnB3", "Basic … (8 B)"),
            (http::header::LOCATION, "/home", "/home"),
        ] {
            assert_eq!(Secrets::Masked.header(&name, value.as_bytes()), expected);
            assert_eq!(Secrets::Revealed.header(&name, value.as_bytes()), value);
        }
    }
}
