//! Owns HTTP Digest (RFC 7616): which challenges can be answered, and the answer to one.
//! Does not read headers or decide when to answer.

use std::fmt::Write;

use http::{HeaderValue, Method};
use md5::{Digest as _, Md5};
use sha2::Sha256;

use crate::exchange::challenge::Challenge;
use crate::exchange::login::Credentials;

/// What is longer than this is no nonce that anybody means, and its echo no header that anybody takes.
const MOST_OCTETS: usize = 8 * 1024;

/// In the order of their strength.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Hash {
    Md5,
    Sha256,
}

/// A challenge that was understood, and how often it was answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Session {
    hash: Hash,
    /// The `-sess` forms.
    binds_session: bool,
    /// The algorithm as the server wrote it, if it did.
    algorithm: Option<Vec<u8>>,
    realm: Vec<u8>,
    nonce: Vec<u8>,
    opaque: Option<Vec<u8>>,
    /// `qop=auth`; without it, the old form of RFC 2069.
    has_qop: bool,
    hides_user: bool,
    count: u32,
}

impl Session {
    /// `None` if the challenge is no Digest, or asks for what is not known.
    pub fn of(challenge: &Challenge) -> Option<Session> {
        let algorithm = challenge.parameter("algorithm").map(<[u8]>::to_vec);
        let (hash, binds_session) = match &*algorithm.as_deref().unwrap_or(b"MD5").to_ascii_lowercase() {
            b"md5" => (Hash::Md5, false),
            b"md5-sess" => (Hash::Md5, true),
            b"sha-256" => (Hash::Sha256, false),
            b"sha-256-sess" => (Hash::Sha256, true),
            _ => return None,
        };
        let qop = challenge.parameter("qop").filter(|qop| !qop.trim_ascii().is_empty());
        let offers_auth = |qop: &[u8]| {
            qop.split(|octet| *octet == b',').any(|one| one.trim_ascii().eq_ignore_ascii_case(b"auth"))
        };
        let echoed =
            ["realm", "nonce", "opaque"].map(|name| challenge.parameter(name).map_or(0, <[u8]>::len));
        if echoed.iter().sum::<usize>() > MOST_OCTETS {
            return None;
        }
        if !challenge.is("Digest") || qop.is_some_and(|qop| !offers_auth(qop)) {
            return None;
        }
        Some(Session {
            hash,
            binds_session,
            algorithm,
            realm: challenge.parameter("realm").unwrap_or_default().to_vec(),
            nonce: challenge.parameter("nonce")?.to_vec(),
            opaque: challenge.parameter("opaque").map(<[u8]>::to_vec),
            has_qop: qop.is_some(),
            hides_user: challenge.says_true("userhash"),
            count: 0,
        })
    }

    /// The best of them; of equals the first.
    pub fn best(challenges: &[Challenge]) -> Option<Session> {
        let known = challenges.iter().filter_map(Session::of);
        known.reduce(|best, other| if other.hash > best.hash { other } else { best })
    }

    /// Is it the same challenge, which was not satisfied by the answer?
    pub fn repeats(&self, other: &Session) -> bool {
        (&self.nonce, &self.realm) == (&other.nonce, &other.realm)
    }

    /// The next Authorization header of this session. `None` if something in it can't stand in a header.
    pub fn answer(
        &mut self,
        who: &Credentials,
        method: &Method,
        target: &str,
        cnonce: &str,
    ) -> Option<HeaderValue> {
        self.count = self.count.wrapping_add(1);
        let response = self.response(who, method, target, cnonce);
        let hidden;
        let user = if self.hides_user {
            hidden = self.hash(&[&who.user, b":", &self.realm]).into_bytes();
            &hidden
        } else {
            &who.user
        };
        let mut line = b"Digest ".to_vec();
        let mut quoted = |name: &str, value: &[u8]| {
            line.extend(name.as_bytes());
            line.extend(b"=\"");
            for octet in value {
                line.extend(matches!(octet, b'"' | b'\\').then_some(b'\\'));
                line.push(*octet);
            }
            line.extend(b"\", ");
        };
        quoted("username", user);
        quoted("realm", &self.realm);
        quoted("nonce", &self.nonce);
        quoted("uri", target.as_bytes());
        if let Some(opaque) = &self.opaque {
            quoted("opaque", opaque);
        }
        if self.has_qop || self.binds_session {
            quoted("cnonce", cnonce.as_bytes());
        }
        quoted("response", response.as_bytes());
        line.truncate(line.len() - 2);
        if self.has_qop {
            line.extend(format!(", qop=auth, nc={:08x}", self.count).bytes());
        }
        if let Some(algorithm) = &self.algorithm {
            line.extend(b", algorithm=");
            line.extend(algorithm);
        }
        if self.hides_user {
            line.extend(b", userhash=true");
        }
        let mut value = HeaderValue::from_bytes(&line).ok()?;
        value.set_sensitive(true);
        Some(value)
    }

    fn response(&self, who: &Credentials, method: &Method, target: &str, cnonce: &str) -> String {
        let mut secret = self.hash(&[&who.user, b":", &self.realm, b":", &who.password]);
        if self.binds_session {
            secret = self.hash(&[secret.as_bytes(), b":", &self.nonce, b":", cnonce.as_bytes()]);
        }
        let asked = self.hash(&[method.as_str().as_bytes(), b":", target.as_bytes()]);
        let count = format!("{:08x}", self.count);
        let middle: &[&[u8]] = match self.has_qop {
            true => &[&self.nonce, count.as_bytes(), cnonce.as_bytes(), b"auth"],
            false => &[&self.nonce],
        };
        self.hash(&[secret.as_bytes(), b":", &middle.join(&b':'), b":", asked.as_bytes()])
    }

    fn hash(&self, pieces: &[&[u8]]) -> String {
        let whole = pieces.concat();
        match self.hash {
            Hash::Md5 => hexadecimal(&Md5::digest(whole)),
            Hash::Sha256 => hexadecimal(&Sha256::digest(whole)),
        }
    }
}

fn hexadecimal(octets: &[u8]) -> String {
    octets.iter().fold(String::new(), |mut text, octet| {
        // Writing to a string can't fail.
        let _ = write!(text, "{octet:02x}");
        text
    })
}

#[cfg(test)]
mod tests {
    use http::HeaderMap;
    use http::header::WWW_AUTHENTICATE;

    use super::*;
    use crate::exchange::challenge;

    fn challenges(lines: &[&str]) -> Vec<Challenge> {
        let value = |line: &&str| HeaderValue::from_str(line).expect("a header value");
        challenge::of_head(&HeaderMap::from_iter(lines.iter().map(|line| (WWW_AUTHENTICATE, value(line)))))
    }

    fn session(line: &str) -> Option<Session> {
        Session::best(&challenges(&[line]))
    }

    fn answered(session: &mut Session, user: &str, password: &str, target: &str, cnonce: &str) -> String {
        let who = Credentials { user: user.into(), password: password.into() };
        let value = session.answer(&who, &Method::GET, target, cnonce).expect("a header value");
        String::from_utf8_lossy(value.as_bytes()).into_owned()
    }

    /// RFC 7616, section 3.9.1.
    #[test]
    fn the_answers_are_those_of_the_rfc() {
        let nonce = "7ypf/xlj9XXwfDPEoM4URrv/xwf94BcCAzFZH4GiTo0v";
        let cnonce = "f2/wE4q74E6zIJEtWaHKaf5wv/H5QzzpXusqGemxURZJ";
        for (algorithm, response) in [
            ("MD5", "8ca523f5e9506fed4657c9700eebdbec"),
            ("SHA-256", "753927fa0e85d155564e2e272a28d1802ca10daf4496794697cf8db5856cb6c1"),
        ] {
            let line = format!(
                "Digest realm=\"http-auth@example.org\", qop=\"auth, auth-int\", algorithm={algorithm}, \
                 nonce=\"{nonce}\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\""
            );
            let mut session = session(&line).expect("a challenge that is known");
            let expected = format!(
                "Digest username=\"Mufasa\", realm=\"http-auth@example.org\", nonce=\"{nonce}\", \
                 uri=\"/dir/index.html\", opaque=\"FQhe/qaU925kfnzjCev0ciny7QMkPqMAFRtzCUYo5tdS\", \
                 cnonce=\"{cnonce}\", response=\"{response}\", qop=auth, nc=00000001, algorithm={algorithm}"
            );
            let told = answered(&mut session, "Mufasa", "Circle of Life", "/dir/index.html", cnonce);
            assert_eq!(told, expected);
            let second = answered(&mut session, "Mufasa", "Circle of Life", "/dir/index.html", cnonce);
            assert!(second.contains("nc=00000002") && !second.contains(response), "{second}");
        }
    }

    #[test]
    fn a_challenge_without_qop_is_answered_in_the_old_form() {
        // RFC 2069, section 2.4, with the digest of its erratum 749.
        let line = "Digest realm=\"testrealm@host.com\", nonce=\"dcd98b7102dd2f0e8b11d0f600bfb0c093\"";
        let mut session = session(line).expect("a challenge that is known");
        let told = answered(&mut session, "Mufasa", "CircleOfLife", "/dir/index.html", "x");
        assert!(
            told.ends_with("uri=\"/dir/index.html\", response=\"1949323746fe6a43ef61f9606e7febea\""),
            "{told}"
        );
        assert!(!told.contains("cnonce") && !told.contains("nc="), "{told}");
    }

    #[test]
    fn a_name_is_hidden_where_that_is_asked_for_and_quoted_otherwise() {
        let mut hiding = session("Digest realm=r, nonce=n, userhash=true, charset=UTF-8").expect("known");
        let told = answered(&mut hiding, "J\u{e4}s\u{f8}n Doe", "p", "/", "c");
        assert!(!told.contains("Doe") && told.ends_with(", userhash=true"), "{told}");
        let mut plain = session("Digest realm=\"a\\\"b\", nonce=n").expect("known");
        let told = answered(&mut plain, "e\u{e9}\"\\", "p", "/?a\\b", "c");
        let start = "Digest username=\"e\u{e9}\\\"\\\\\", realm=\"a\\\"b\", nonce=\"n\", uri=\"/?a\\\\b\", ";
        assert!(told.starts_with(start), "{told}");
    }

    #[test]
    fn the_stronger_hash_is_chosen_and_what_is_not_known_is_not_answered() {
        let hash = |lines: &[&str]| Session::best(&challenges(lines)).map(|session| session.hash);
        for (lines, expected) in [
            (&["Digest nonce=n", "Digest nonce=n, algorithm=SHA-256"][..], Some(Hash::Sha256)),
            (&["Digest nonce=n, algorithm=sha-256, Digest nonce=n"], Some(Hash::Sha256)),
            (
                &["Digest nonce=n, algorithm=SHA-512-256, Digest nonce=n, algorithm=\"MD5-sess\""],
                Some(Hash::Md5),
            ),
            (&["Digest nonce=n, qop=\"\""], Some(Hash::Md5)),
            (&["Digest nonce=n, algorithm=SHA-512-256"], None),
            (&["Digest nonce=n, qop=\"auth-int\""], None),
            (&["Digest realm=r"], None),
            (&["Basic nonce=n"], None),
            (&[], None),
        ] {
            assert_eq!(hash(lines), expected, "{lines:?}");
        }
    }

    #[test]
    fn an_echo_that_no_server_would_take_is_not_sent() {
        let of = |length: usize| session(&format!("Digest nonce=\"{}\"", "n".repeat(length))).is_some();
        assert_eq!([MOST_OCTETS, MOST_OCTETS + 1].map(of), [true, false]);
    }

    #[test]
    fn an_echo_with_a_control_character_is_no_header() {
        // The HTTP stack lets a TAB through, which a header may hold.
        let mut session = session("Digest realm=\"a\tb\", nonce=n").expect("known");
        let who = Credentials { user: b"a\nb".to_vec(), password: Vec::new() };
        assert_eq!(session.answer(&who, &Method::GET, "/", "c"), None);
    }
}
