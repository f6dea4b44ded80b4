//! Owns the routes around a session: logging in and out, the home page and whoami.
//! Does not keep the sessions, nor say which half of a wrong login was wrong.

use std::time::Instant;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderMap, HeaderValue, SET_COOKIE};
use http::{Request, StatusCode};
use serde_json::{Value, json};
use url::form_urlencoded;

use super::answer::{self, Answer};
use super::session::{SessionId, Sessions, account};
use super::{cookie, page};

pub(super) fn form() -> Answer {
    answer::html(StatusCode::OK, page::login(None))
}

pub(super) fn log_in(request: &Request<Bytes>, sessions: &Sessions, now: Instant) -> Answer {
    let (user, pass) = credentials(request);
    let Some(user) = account(&user, &pass) else {
        let page = page::login(Some("That user name and password do not go together."));
        return answer::html(StatusCode::UNAUTHORIZED, page);
    };
    let Ok(id) = SessionId::random() else {
        let sentence = "the system gave no random number for a session\n";
        return answer::text(StatusCode::INTERNAL_SERVER_ERROR, sentence);
    };
    // An id from before the login may be known to somebody else (session fixation).
    if let Some(previous) = session_id(request.headers()) {
        sessions.end(previous);
    }
    sessions.open(id, user, now);
    let line = format!("sid={id}; Path=/; HttpOnly; SameSite=Lax");
    let line = HeaderValue::try_from(line).expect("hexadecimal digits are legal");
    answer::with(to("/home"), SET_COOKIE, line)
}

/// A browser that has no session is helped by forgetting its cookie all the same.
pub(super) fn log_out(headers: &HeaderMap, sessions: &Sessions) -> Answer {
    if let Some(id) = session_id(headers) {
        sessions.end(id);
    }
    let line = HeaderValue::from_static("sid=; Path=/; Max-Age=0; HttpOnly; SameSite=Lax");
    answer::with(answer::text(StatusCode::OK, "logged out\n"), SET_COOKIE, line)
}

pub(super) fn home(headers: &HeaderMap, sessions: &Sessions, now: Instant) -> Answer {
    match user(headers, sessions, now) {
        Some(user) => answer::text(StatusCode::OK, format!("hello, {user}\n")),
        None => to("/login"),
    }
}

pub(super) fn whoami(headers: &HeaderMap, sessions: &Sessions, now: Instant) -> Answer {
    match user(headers, sessions, now) {
        Some(user) => answer::json(StatusCode::OK, &json!({ "user": user })),
        None => answer::json(StatusCode::UNAUTHORIZED, &json!({ "error": "no session" })),
    }
}

fn to(path: &'static str) -> Answer {
    answer::redirect(StatusCode::FOUND, HeaderValue::from_static(path))
}

fn user(headers: &HeaderMap, sessions: &Sessions, now: Instant) -> Option<&'static str> {
    sessions.user(session_id(headers)?, now)
}

/// The first `sid` counts: the client puts the most specific path first.
fn session_id(headers: &HeaderMap) -> Option<SessionId> {
    let (_, value) = cookie::pairs(headers).find(|(name, _)| *name == b"sid")?;
    SessionId::read(value)
}

/// User and password of a JSON or urlencoded body; what is missing is empty, and so matches no account.
fn credentials(request: &Request<Bytes>) -> (String, String) {
    let content_type = request.headers().get(CONTENT_TYPE);
    let is_json = content_type.is_some_and(|value| {
        let value = value.as_bytes().to_ascii_lowercase();
        value.starts_with(b"application/json")
    });
    if is_json {
        let body: Value = serde_json::from_slice(request.body()).unwrap_or_default();
        let field = |name| body[name].as_str().unwrap_or_default().to_owned();
        (field("user"), field("pass"))
    } else {
        let field = |name| {
            form_urlencoded::parse(request.body())
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.into_owned())
                .unwrap_or_default()
        };
        (field("user"), field("pass"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::header::{COOKIE, LOCATION};

    fn attempt(content_type: &str, cookie: &str, body: &'static str) -> Request<Bytes> {
        Request::post("/login")
            .header(CONTENT_TYPE, content_type)
            .header(COOKIE, cookie)
            .body(Bytes::from_static(body.as_bytes()))
            .expect("a legal request")
    }

    /// The headers of the browser that got this answer.
    fn browser(answer: &Answer) -> HeaderMap {
        let line = answer.headers()[SET_COOKIE].to_str().expect("ascii");
        let (pair, _) = line.split_once(';').expect("attributes");
        HeaderMap::from_iter([(COOKIE, HeaderValue::from_str(pair).expect("legal"))])
    }

    const FORM: &str = "application/x-www-form-urlencoded";

    #[test]
    fn a_form_and_a_json_body_log_in() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        for (content_type, body, name) in [
            (FORM, "user=ada&pass=lovelace&go=Log+in", "ada"),
            ("Application/JSON; charset=utf-8", r#"{"user":"grace","pass":"hopper"}"#, "grace"),
        ] {
            let answer = log_in(&attempt(content_type, "", body), &sessions, now);
            assert_eq!(answer.status(), StatusCode::FOUND);
            assert_eq!(answer.headers()[LOCATION], "/home");
            assert_eq!(user(&browser(&answer), &sessions, now), Some(name));
        }
    }

    #[test]
    fn a_wrong_login_sets_no_cookie_and_gives_nothing_away() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        for (content_type, body) in [
            (FORM, "user=ada&pass=hopper"),
            (FORM, ""),
            ("application/json", "[1"),
            ("application/json", r#"{"user":1}"#),
        ] {
            let answer = log_in(&attempt(content_type, "", body), &sessions, now);
            assert_eq!(answer.status(), StatusCode::UNAUTHORIZED);
            assert!(!answer.headers().contains_key(SET_COOKIE));
        }
    }

    #[test]
    fn a_login_ends_the_session_before_it() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let id = SessionId::random().expect("randomness");
        sessions.open(id, "ada", now);
        let cookie = format!("a=1; sid={id}");
        log_in(&attempt(FORM, &cookie, "user=grace&pass=hopper"), &sessions, now);
        assert_eq!(sessions.user(id, now), None);
    }

    #[test]
    fn a_logout_ends_the_session_on_the_server() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        let answer = log_in(&attempt(FORM, "", "user=ada&pass=lovelace"), &sessions, now);
        let headers = browser(&answer);
        assert_eq!(home(&headers, &sessions, now).status(), StatusCode::OK);
        log_out(&headers, &sessions);
        assert_eq!(home(&headers, &sessions, now).headers()[LOCATION], "/login");
        assert_eq!(whoami(&headers, &sessions, now).status(), StatusCode::UNAUTHORIZED);
    }
}
