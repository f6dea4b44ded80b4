//! Owns what the user asked for, before the first hop is built from it.
//! Does not read files or flags; its parts come in ready.

use chrono::{DateTime, Utc};
use http::header::AUTHORIZATION;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Version};
use url::Url;

use crate::cookie::context::{Context, Rules};
use crate::cookie::site::Kind;
use crate::exchange::body::Body;
use crate::exchange::login::Negotiation;

/// A request as it was asked for.
#[derive(Clone, Debug)]
pub struct Plan {
    pub method: Method,
    /// The version of HTTP, where it is not left to both sides.
    pub version: Option<Version>,
    /// Without userinfo and fragment: neither goes on the wire.
    pub url: Url,
    pub headers: Given,
    /// From `-u`, or else from the URL; an `Authorization` header given by hand goes before it.
    pub authorization: Option<HeaderValue>,
    /// In its place: a login that waits for the server to ask.
    pub negotiation: Option<Negotiation>,
    pub body: Option<Body>,
    /// What the body is, where no `Content-Type` was given.
    pub content_type: Option<HeaderValue>,
    pub accept: HeaderValue,
    pub user_agent: HeaderValue,
    /// The codings of the body that are asked for.
    pub accept_encoding: Option<HeaderValue>,
    pub follow: Follow,
    pub redirects: Redirects,
    pub judging: Judging,
}

/// How cookies are judged, on every hop.
#[derive(Clone, Debug, Default)]
pub struct Judging {
    pub rules: Rules,
    /// The page that makes the request, if it is not the user.
    pub initiator: Option<(Url, Kind)>,
}

/// Headers from the command line, in their order.
#[derive(Clone, Debug, Default)]
pub struct Given {
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Defaults that are not to be sent.
    pub without: Vec<HeaderName>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Follow {
    Never,
    UpTo(usize),
}

/// Which schemes are allowed: all that are spoken, unless the user says otherwise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Schemes {
    pub http: bool,
    pub https: bool,
}

/// What a redirect changes less than usually, and where it may lead.
#[derive(Clone, Debug, Default)]
pub struct Redirects {
    pub schemes: Schemes,
    /// The statuses after which a POST stays one.
    pub keeping_post: Vec<StatusCode>,
    /// The user's headers and credentials go to every origin.
    pub are_trusted: bool,
}

/// One hop's request, ready for the wire.
#[derive(Clone, Debug)]
pub struct Outgoing {
    pub method: Method,
    /// The version of HTTP, where it is not left to both sides.
    pub version: Option<Version>,
    pub url: Url,
    pub headers: HeaderMap,
    pub body: Option<Body>,
}

impl Plan {
    /// `-H 'Authorization: …'`, or `-H Authorization:`, which sends none.
    pub fn gives_authorization_by_hand(&self) -> bool {
        self.headers.has(&AUTHORIZATION) || self.headers.without.contains(&AUTHORIZATION)
    }
}

impl Schemes {
    pub const NONE: Schemes = Schemes { http: false, https: false };

    pub fn allow(self, url: &Url) -> bool {
        match url.scheme() {
            "http" => self.http,
            "https" => self.https,
            _ => false,
        }
    }
}

impl Default for Schemes {
    fn default() -> Schemes {
        Schemes { http: true, https: true }
    }
}

impl Judging {
    /// What the cookie rules need to know of a hop; `None` where the URL can have no cookies.
    pub fn context(&self, url: &Url, now: DateTime<Utc>) -> Option<Context> {
        let context = Context::new(url, now)?.under(self.rules.clone());
        Some(match &self.initiator {
            Some((initiator, kind)) => context.made_by(initiator, *kind),
            None => context,
        })
    }
}

impl Given {
    pub fn has(&self, name: &HeaderName) -> bool {
        self.headers.iter().any(|(given, _)| given == name)
    }
}
