//! Owns the map of the lab: from a whole request to its answer.
//! Does not touch a socket or read the clock; HEAD is answered as GET, and hyper leaves the body out.

use std::time::Instant;

use bytes::Bytes;
use http::header::{ALLOW, HOST, HeaderValue, SET_COOKIE};
use http::{Method, Request, StatusCode};

use super::answer::{self, Answer};
use super::redirect::Hop;
use super::session::Sessions;
use super::{echo, login, page, redirect, set};

pub(super) fn answer(request: &Request<Bytes>, sessions: &Sessions, now: Instant) -> Answer {
    let headers = request.headers();
    let method = match *request.method() {
        Method::HEAD => "GET",
        _ => request.method().as_str(),
    };
    match (request.uri().path(), method) {
        ("/", "GET") => index(request),
        ("/login", "GET") => login::form(),
        ("/login", "POST") => login::log_in(request, sessions, now),
        ("/home", "GET") => login::home(headers, sessions, now),
        ("/whoami", "GET") => login::whoami(headers, sessions, now),
        ("/logout", "GET" | "POST") => login::log_out(headers, sessions),
        ("/set", "GET") => set_cookies(query(request)),
        ("/" | "/home" | "/whoami" | "/set", _) => wrong_method("GET, HEAD"),
        ("/login" | "/logout", _) => wrong_method("GET, HEAD, POST"),
        ("/echo", _) => echo::answer(request),
        (path, _) => numbered(path, query(request)),
    }
}

/// The routes that end in a number, and nowhere.
fn numbered(path: &str, query: &str) -> Answer {
    if let Some(count) = path.strip_prefix("/redirect/") {
        hop(count, query)
    } else if let Some(code) = path.strip_prefix("/status/") {
        status(code)
    } else {
        let sentence = format!("no route {path}; GET / lists them all\n");
        answer::text(StatusCode::NOT_FOUND, sentence)
    }
}

fn index(request: &Request<Bytes>) -> Answer {
    let host = request.headers().get(HOST);
    let host = host.map_or("127.0.0.1".into(), |host| String::from_utf8_lossy(host.as_bytes()));
    answer::html(StatusCode::OK, page::index(&host))
}

fn set_cookies(query: &str) -> Answer {
    let lines = match set::lines(query) {
        Ok(lines) => lines,
        Err(refusal) => return bad_request(&refusal.to_string()),
    };
    let mut body = Vec::new();
    for line in &lines {
        body.extend_from_slice(b"Set-Cookie: ");
        body.extend_from_slice(line.as_bytes());
        body.push(b'\n');
    }
    let answer = answer::text(StatusCode::OK, body);
    lines.into_iter().fold(answer, |answer, line| answer::with(answer, SET_COOKIE, line))
}

fn hop(count: &str, query: &str) -> Answer {
    match redirect::hop(count, query) {
        Ok(Hop::Arrived) => answer::text(StatusCode::OK, "arrived\n"),
        Ok(Hop::Onward { status, location }) => answer::redirect(status, location),
        Err(refusal) => bad_request(&refusal.to_string()),
    }
}

/// Below 200 is no final answer: the client would wait for another.
fn status(given: &str) -> Answer {
    let code = given.parse().ok().filter(|code| (200..600).contains(code));
    match code.and_then(|code| StatusCode::from_u16(code).ok()) {
        // A 205 has no content, by RFC 9110; for 204 and 304 hyper sees to it.
        Some(StatusCode::RESET_CONTENT) => answer::text(StatusCode::RESET_CONTENT, ""),
        Some(status) => answer::text(status, format!("{}\n", status.as_u16())),
        None => bad_request(&format!("the status is 200 to 599, not {given:?}")),
    }
}

fn wrong_method(allowed: &'static str) -> Answer {
    let answer = answer::text(StatusCode::METHOD_NOT_ALLOWED, format!("this route takes {allowed}\n"));
    answer::with(answer, ALLOW, HeaderValue::from_static(allowed))
}

fn bad_request(sentence: &str) -> Answer {
    answer::text(StatusCode::BAD_REQUEST, format!("{sentence}\n"))
}

fn query(request: &Request<Bytes>) -> &str {
    request.uri().query().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ask(method: &str, target: &str) -> Answer {
        let request =
            Request::builder().method(method).uri(target).body(Bytes::new()).expect("a legal request");
        answer(&request, &Sessions::default(), Instant::now())
    }

    #[test]
    fn every_route_answers() {
        for (target, status) in [
            ("/", 200),
            ("/login", 200),
            ("/home", 302),
            ("/whoami", 401),
            ("/logout", 200),
            ("/set?a=1", 200),
            ("/set", 400),
            ("/echo", 200),
            ("/redirect/2", 302),
            ("/redirect/0", 200),
            ("/redirect/x", 400),
            ("/status/503", 503),
            ("/status/599", 599),
            ("/status/199", 400),
            ("/status/600", 400),
            ("/status/", 400),
            ("/nowhere", 404),
        ] {
            assert_eq!(ask("GET", target).status(), status, "{target}");
            assert_eq!(ask("HEAD", target).status(), status, "HEAD {target}");
        }
    }

    #[test]
    fn a_wrong_method_is_told_the_right_ones() {
        for (method, target, allowed) in [
            ("POST", "/", "GET, HEAD"),
            ("DELETE", "/login", "GET, HEAD, POST"),
            ("PUT", "/set?a=1", "GET, HEAD"),
        ] {
            let answer = ask(method, target);
            assert_eq!(answer.status(), StatusCode::METHOD_NOT_ALLOWED);
            assert_eq!(answer.headers()[ALLOW], allowed);
        }
    }

    #[test]
    fn each_cookie_asked_for_is_a_header_of_its_own() {
        let answer = ask("GET", "/set?a=1&Secure&b=2");
        let lines: Vec<_> = answer.headers().get_all(SET_COOKIE).iter().collect();
        assert_eq!(lines, ["a=1; Secure", "b=2"]);
    }

    #[test]
    fn the_longest_query_is_no_trouble() {
        let query = "a&".repeat(32_000);
        let answer = ask("GET", &format!("/set?{query}"));
        assert_eq!(answer.headers().get_all(SET_COOKIE).iter().count(), 32_000);
    }
}
