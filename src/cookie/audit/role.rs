//! Owns the guess at what a cookie is for, by its name and by what its value was seen to be.
//! Does not judge the cookie.

use crate::cookie::prefix::Prefix;
use crate::cookie::record::Cookie;

/// What a cookie is for, as far as one can tell from outside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// A token against forged requests, which scripts of the page have to read.
    Csrf,
    Other,
    /// Whoever has it is logged in.
    Session,
}

/// Words that name a token against forged requests, wherever they stand in a name.
const CSRF: [&str; 7] =
    ["csrf", "xsrf", "antiforgery", "forgery", "requestverification", "authenticity", "crumb"];

/// Beginnings of names by which counters and consent managers call theirs: their `session` is a visit.
const VISITS: [&str; 12] = [
    "_ga",
    "_gid",
    "_gcl",
    "_hj",
    "_pk_",
    "_fbp",
    "ajs_",
    "amp_",
    "mp_",
    "optanon",
    "cookieconsent",
    "_clsk",
];

/// Words that name a session, wherever they stand in a name.
const INSIDE: [&str; 5] = ["session", "sessid", "aspxauth", "identity.application", "remember_me"];

/// Words that name one where they stand alone, between marks or capitals.
const WORDS: [&str; 17] = [
    "auth",
    "authorization",
    "authtoken",
    "bearer",
    "jwt",
    "login",
    "oauth",
    "refresh",
    "remember",
    "rememberme",
    "sess",
    "sid",
    "sso",
    "ticket",
    "tgc",
    "castgc",
    "token",
];

/// What a value was seen to be.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Shape {
    #[default]
    Plain,
    /// A framework signed or encrypted it, be it a session or a colour.
    Sealed,
    /// A token that says who somebody is.
    Token,
}

impl Role {
    pub fn of(cookie: &Cookie, shape: Shape) -> Role {
        let name = plain_name(&cookie.name);
        let lower = name.to_ascii_lowercase();
        if CSRF.iter().any(|word| lower.contains(word)) {
            return Role::Csrf;
        }
        if VISITS.iter().any(|beginning| lower.starts_with(beginning)) {
            return Role::Other;
        }
        let is_named = INSIDE.iter().any(|word| lower.contains(word))
            || words(&name).any(|word| WORDS.contains(&&*word.to_ascii_lowercase()))
            || WORDS.contains(&&*lower);
        let is_id = cookie.expires.is_none() && looks_random(&cookie.value);
        // What a server keeps from scripts is worth something to it.
        let is_kept_safe = cookie.http_only && (shape == Shape::Sealed || is_id);
        if is_named || shape == Shape::Token || is_kept_safe { Role::Session } else { Role::Other }
    }
}

/// Without the prefix that makes promises.
fn plain_name(name: &[u8]) -> String {
    let prefix = Prefix::of(name).map_or(0, |prefix| prefix.to_string().len());
    String::from_utf8_lossy(&name[prefix..]).into_owned()
}

/// The words of a name: `connect.sid`, `access_token`, `authToken`.
fn words(name: &str) -> impl Iterator<Item = &str> {
    name.split(|letter: char| !letter.is_ascii_alphanumeric()).flat_map(humps)
}

/// `authToken` is `auth` and `Token`; `PHPSESSID` is one word.
fn humps(word: &str) -> Vec<&str> {
    let octets = word.as_bytes();
    let begins = |at: &usize| octets[*at].is_ascii_uppercase() && octets[*at - 1].is_ascii_lowercase();
    let mut starts: Vec<usize> = std::iter::once(0).chain((1..octets.len()).filter(begins)).collect();
    starts.push(octets.len());
    starts.windows(2).map(|ends| &word[ends[0]..ends[1]]).collect()
}

/// At least 128 bits of chance, by its letters: 32 hexadecimal digits, or 22 of base64 in which digits, capitals and small
/// letters are mixed.
fn looks_random(value: &[u8]) -> bool {
    let is_hex = value.len() >= 32 && value.iter().all(u8::is_ascii_hexdigit);
    let is_base64 = value.len() >= 22
        && value.iter().all(|octet| octet.is_ascii_alphanumeric() || b"+/=-_.%".contains(octet))
        && value.iter().any(u8::is_ascii_digit)
        && value.iter().any(u8::is_ascii_uppercase)
        && value.iter().any(u8::is_ascii_lowercase);
    is_hex || is_base64
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cookie::audit::tests::cookie;

    #[track_caller]
    fn is(expected: Role, name: &str, value: &str, shape: Shape, http_only: bool) {
        let cookie = Cookie { name: name.into(), value: value.into(), http_only, ..cookie() };
        assert_eq!(Role::of(&cookie, shape), expected, "{name}={value}");
    }

    #[test]
    fn sessions_are_known_by_their_names() {
        for name in [
            "sid",
            "connect.sid",
            "session",
            "sessionid",
            "SESSION",
            "PHPSESSID",
            "JSESSIONID",
            "ASP.NET_SessionId",
            ".AspNetCore.Session",
            ".AspNetCore.Identity.Application",
            ".ASPXAUTH",
            "laravel_session",
            "ci_session",
            "rack.session",
            "_app_session",
            "access_token",
            "authToken",
            "refresh-token",
            "id_token",
            "jwt",
            "sso",
            "remember_token",
            "remember_me",
            "rememberMe",
            "__Host-session",
            "__Secure-next-auth.session-token",
            "auth",
            "TGC",
            "grafana_session",
            "user_session",
            "oauth_token",
            "sess_id",
        ] {
            is(Role::Session, name, "1", Shape::Plain, false);
        }
    }

    #[test]
    fn tokens_against_forgery_are_no_sessions() {
        for name in [
            "csrftoken",
            "XSRF-TOKEN",
            "_csrf",
            "__Host-psifi.x-csrf-token",
            ".AspNetCore.Antiforgery.x1",
            "__RequestVerificationToken",
            "csrf_session_token",
        ] {
            is(Role::Csrf, name, "1", Shape::Sealed, true);
        }
    }

    #[test]
    fn other_cookies_are_others_whatever_letters_their_names_have() {
        for name in [
            "theme",
            "lang",
            "_ga",
            "_gid",
            "_hjSessionUser_123",
            "_pk_ses.1",
            "tokens_seen",
            "assessment",
            "sidebar",
            "author",
            "authority",
            "inside",
            "loginpage",
            "SRV",
            "AWSALB",
            "",
        ] {
            is(Role::Other, name, "1", Shape::Plain, false);
        }
    }

    #[test]
    fn a_value_speaks_where_the_name_says_nothing() {
        let hex = "6f1ed002ab5595859014ebf0951522d9";
        is(Role::Session, "x", "a.b.c", Shape::Token, false);
        is(Role::Session, "x", hex, Shape::Plain, true);
        is(Role::Session, "x", "0Y0jRfUqz1b2PzT8C5mQyQmHk5o3r2Kd", Shape::Plain, true);
        is(Role::Session, "x", "dark", Shape::Sealed, true);
        is(Role::Other, "x", "dark", Shape::Sealed, false);
        is(Role::Other, "x", hex, Shape::Plain, false);
        is(Role::Other, "x", "a-sentence-of-small-letters", Shape::Plain, true);
        is(Role::Other, "_ga", hex, Shape::Plain, true);
    }
}
