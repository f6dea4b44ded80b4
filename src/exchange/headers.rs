//! Owns the headers of a hop: ours, the user's, and which of the user's must not travel to another origin.
//! Does not make the Cookie header; that is `cookies`.

use http::header::{
    ACCEPT, ACCEPT_ENCODING, AUTHORIZATION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
    CONTENT_LOCATION, CONTENT_RANGE, CONTENT_TYPE, COOKIE, HOST, RANGE, USER_AGENT,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method};

use crate::exchange::request::Plan;

/// May the user's own headers and credentials go along?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trust {
    /// The hop goes to the origin that the user named, and the chain has never left it.
    FirstOrigin,
    /// It goes elsewhere, and the user said that this is no matter.
    Trusted,
    /// The chain has left it once; what was dropped then stays dropped.
    Stranger,
}

/// The headers of one hop, without cookies of the jar, and the names of those that were held back.
pub fn build(plan: &Plan, method: &Method, has_body: bool, trust: Trust) -> (HeaderMap, Vec<HeaderName>) {
    let mut headers = HeaderMap::new();
    let mut held_back = Vec::new();
    let default = |headers: &mut HeaderMap, name: HeaderName, value: &HeaderValue| {
        if !plan.headers.has(&name) && !plan.headers.without.contains(&name) {
            headers.insert(name, value.clone());
        }
    };
    default(&mut headers, USER_AGENT, &plan.user_agent);
    default(&mut headers, ACCEPT, &plan.accept);
    if let Some(codings) = &plan.accept_encoding {
        default(&mut headers, ACCEPT_ENCODING, codings);
    }
    if has_body && let Some(content_type) = &plan.content_type {
        default(&mut headers, CONTENT_TYPE, content_type);
    }
    for (name, value) in &plan.headers.headers {
        let about_body = describes_body(name);
        // What a host is called is no secret, but the next one is called otherwise.
        let is_kept = match trust {
            Trust::FirstOrigin => true,
            Trust::Trusted => *name != HOST,
            Trust::Stranger => is_harmless(name),
        };
        if !is_kept {
            held_back.push(name.clone());
        } else if has_body || !about_body || method_kept(plan, method) {
            headers.append(name, value.clone());
        }
    }
    if !plan.gives_authorization_by_hand() {
        match (trust, &plan.authorization) {
            (Trust::FirstOrigin | Trust::Trusted, Some(authorization)) => {
                headers.insert(AUTHORIZATION, authorization.clone());
            }
            (Trust::Stranger, found) if found.is_some() || plan.negotiation.is_some() => {
                held_back.push(AUTHORIZATION);
            }
            _ => {}
        }
    }
    for secret in [AUTHORIZATION, COOKIE] {
        headers.get_mut(&secret).into_iter().for_each(|value| value.set_sensitive(true));
    }
    (headers, held_back)
}

/// A redirect that turned the method into GET also drops what described the body.
fn method_kept(plan: &Plan, method: &Method) -> bool {
    plan.method == *method
}

fn describes_body(name: &HeaderName) -> bool {
    [CONTENT_TYPE, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH, CONTENT_LOCATION, CONTENT_RANGE]
        .contains(name)
}

/// Headers that say what is wanted, not who wants it; everything else is taken for a credential.
pub fn is_harmless(name: &HeaderName) -> bool {
    let text = name.as_str();
    text.starts_with("accept")
        || text.starts_with("if-")
        || describes_body(name)
        || [RANGE, USER_AGENT].contains(name)
        || ["cache-control", "pragma", "dnt", "te", "prefer", "upgrade-insecure-requests"].contains(&text)
}
