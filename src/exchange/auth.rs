//! Owns the talk about a login with one origin: when to wait for its challenge, when to answer, and when to leave it.
//! Does not send anything; `hops` does.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderValue, Method, StatusCode};
use url::{Origin, Position, Url};

use crate::exchange::challenge::{self, Challenge};
use crate::exchange::digest::Session;
use crate::exchange::login::{Negotiation, Ways};
use crate::exchange::transport::Head;

/// Where the talk stands.
pub struct Talk<'a> {
    login: &'a Negotiation,
    origin: Origin,
    proof: Option<Proof>,
    /// It answered a request without a body as one that needs no login.
    is_open: bool,
    /// A challenge was answered for this request, and one for its sake once more.
    answered: bool,
    renewed: bool,
}

enum Proof {
    Basic,
    Digest(Session),
}

impl<'a> Talk<'a> {
    pub fn new(login: &'a Negotiation, url: &Url) -> Talk<'a> {
        let origin = url.origin();
        Talk { login, origin, proof: None, is_open: false, answered: false, renewed: false }
    }

    /// Another request begins. What was agreed with another origin is forgotten.
    pub fn begin(&mut self, url: &Url) {
        if url.origin() != self.origin {
            *self = Talk::new(self.login, url);
        }
        (self.answered, self.renewed) = (false, false);
    }

    /// Is the body not worth sending yet? It would only come back for a login.
    pub fn withholds_body(&self) -> bool {
        self.login.ways == Ways::Digest && self.proof.is_none() && !self.is_open
    }

    pub fn authorization(&mut self, method: &Method, url: &Url) -> Option<HeaderValue> {
        let Negotiation { who, cnonce, .. } = self.login;
        match self.proof.as_mut()? {
            Proof::Basic => {
                let pair = STANDARD.encode([&*who.user, &*who.password].join(&b':'));
                let mut value = HeaderValue::from_str(&format!("Basic {pair}")).ok()?;
                value.set_sensitive(true);
                Some(value)
            }
            Proof::Digest(session) => {
                let target = &url[Position::BeforePath..Position::AfterQuery];
                session.answer(who, method, target, cnonce)
            }
        }
    }

    /// Is the same request to be sent once more after this answer?
    pub fn goes_on(&mut self, head: &Head, withheld: bool) -> bool {
        if head.status != StatusCode::UNAUTHORIZED {
            self.is_open |= withheld && head.status.is_success();
            return withheld && head.status.is_success();
        }
        let challenges = challenge::of_head(&head.headers);
        match (&self.proof, Session::best(&challenges)) {
            (Some(Proof::Basic), _) => false,
            (Some(Proof::Digest(old)), Some(new)) => {
                let is_new = !old.repeats(&new);
                let is_stale = challenges.iter().any(|challenge| challenge.says_true("stale"));
                let goes_on = is_new && (!self.answered || (is_stale && !self.renewed));
                self.renewed |= self.answered;
                goes_on && self.prove(Proof::Digest(new))
            }
            (None, Some(session)) => self.prove(Proof::Digest(session)),
            (None, None) if self.login.ways == Ways::DigestOrBasic => {
                let is_offered = challenges.iter().any(|challenge: &Challenge| challenge.is("Basic"));
                is_offered && self.prove(Proof::Basic)
            }
            _ => false,
        }
    }

    fn prove(&mut self, proof: Proof) -> bool {
        (self.proof, self.answered) = (Some(proof), true);
        true
    }
}

#[cfg(test)]
mod tests {
    use http::header::WWW_AUTHENTICATE;
    use http::{HeaderMap, Version};

    use super::*;
    use crate::exchange::login::Credentials;

    fn head(status: u16, challenge: &str) -> Head {
        let value = |text: &str| HeaderValue::from_str(text).expect("a header value");
        Head {
            version: Version::HTTP_11,
            status: StatusCode::from_u16(status).expect("a status"),
            reason: None,
            headers: HeaderMap::from_iter([(WWW_AUTHENTICATE, value(challenge))]),
        }
    }

    fn login(ways: Ways) -> Negotiation {
        let who = Credentials { user: b"ada".to_vec(), password: b"pw".to_vec() };
        Negotiation { who, ways, cnonce: "c".to_owned() }
    }

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    /// What each of these answers leads to: whether it goes on, and with which Authorization, up to its nonce and count.
    fn talked(ways: Ways, answers: &[(u16, &str)]) -> Vec<String> {
        let (login, here) = (login(ways), url("http://a.test/x"));
        let mut talk = Talk::new(&login, &here);
        let mut told = Vec::new();
        for (status, challenge) in answers {
            let goes_on = talk.goes_on(&head(*status, challenge), false);
            let header = talk.authorization(&Method::GET, &here).map_or("-".to_owned(), |value| {
                let text = String::from_utf8_lossy(value.as_bytes()).into_owned();
                let words = text.split(' ').filter(|word| {
                    ["Digest", "Basic", "nonce=", "nc="].iter().any(|start| word.starts_with(start))
                });
                words.collect::<Vec<_>>().join(" ")
            });
            told.push(format!("{goes_on} {header}"));
        }
        told
    }

    const FIRST: &str = "Digest nonce=1, qop=auth";
    const SECOND: &str = "Digest nonce=2, qop=auth";
    const STALE: &str = "Digest nonce=3, qop=auth, stale=true";

    #[test]
    fn a_challenge_is_answered_once_and_a_stale_one_once_more() {
        let one = "true Digest nonce=\"1\", nc=00000001";
        let three = "true Digest nonce=\"3\", nc=00000001";
        for (answers, expected) in [
            (&[(401, FIRST), (401, FIRST)][..], [one, "false Digest nonce=\"1\", nc=00000002"]),
            (&[(401, FIRST), (401, SECOND)], [one, "false Digest nonce=\"1\", nc=00000002"]),
            (&[(401, FIRST), (401, STALE)], [one, three]),
            (&[(401, STALE), (401, STALE)], [three, "false Digest nonce=\"3\", nc=00000002"]),
            (&[(401, "Basic realm=x"), (401, "Bearer")], ["false -", "false -"]),
            (&[(200, FIRST), (403, FIRST)], ["false -", "false -"]),
        ] {
            assert_eq!(talked(Ways::Digest, answers), expected, "{answers:?}");
        }
        let for_ever = [(401, FIRST), (401, STALE), (401, "Digest nonce=4, stale=true")];
        assert!(talked(Ways::Digest, &for_ever)[2].starts_with("false "));
    }

    #[test]
    fn the_best_way_that_is_offered_is_taken() {
        let basic = "true Basic";
        for (challenge, expected) in [
            ("Basic realm=x", basic),
            ("Basic realm=x, Digest nonce=1, qop=auth", "true Digest nonce=\"1\", nc=00000001"),
            ("Basic realm=x, Digest nonce=1, algorithm=what", basic),
            ("Negotiate", "false -"),
        ] {
            assert_eq!(talked(Ways::DigestOrBasic, &[(401, challenge)]), [expected], "{challenge}");
        }
        assert_eq!(talked(Ways::DigestOrBasic, &[(401, "Basic"), (401, "Basic")]), [basic, "false Basic"]);
    }

    #[test]
    fn a_session_lasts_within_its_origin_and_dies_with_it() {
        let login = login(Ways::Digest);
        let mut talk = Talk::new(&login, &url("http://a.test/x"));
        let header = |talk: &mut Talk, at: &str| talk.authorization(&Method::GET, &url(at)).is_some();
        assert!(talk.withholds_body() && talk.goes_on(&head(401, FIRST), true) && !talk.withholds_body());
        talk.begin(&url("http://a.test/y"));
        assert!(header(&mut talk, "http://a.test/y") && talk.goes_on(&head(401, SECOND), false));
        for other in ["http://b.test/", "http://a.test:81/", "https://a.test/", "http://a.test/"] {
            talk.begin(&url(other));
            assert!(!header(&mut talk, other) && talk.withholds_body(), "{other}");
            assert!(talk.goes_on(&head(401, FIRST), true));
        }
    }

    #[test]
    fn a_body_that_was_withheld_follows_where_nobody_asks_for_a_login() {
        let login = login(Ways::Digest);
        let mut talk = Talk::new(&login, &url("http://a.test/x"));
        assert!(!talk.goes_on(&head(500, FIRST), true) && talk.withholds_body());
        assert!(talk.goes_on(&head(204, FIRST), true) && !talk.withholds_body());
        assert!(!talk.goes_on(&head(204, FIRST), false));
    }
}
