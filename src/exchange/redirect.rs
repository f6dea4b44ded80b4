//! Owns the step from a response to the next request: whether there is one, where it goes, with which method.
//! Does not build the request; `headers` and `cookies` do.

use std::borrow::Cow;

use http::header::LOCATION;
use http::{Method, StatusCode};
use percent_encoding::{CONTROLS, percent_encode};
use url::Url;

use crate::exchange::error::HopError;
use crate::exchange::request::Redirects;
use crate::exchange::transport::Head;

/// Where a redirect leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Next {
    pub method: Method,
    pub url: Url,
    /// Does the body go along?
    pub repeats_body: bool,
}

/// The next request after this head; `None` if it is no redirect.
pub fn next<E>(
    method: &Method,
    url: &Url,
    head: &Head,
    wish: &Redirects,
) -> Result<Option<Next>, HopError<E>> {
    let Some(location) = location(head) else { return Ok(None) };
    let shown = String::from_utf8_lossy(location);
    let bad = || HopError::BadLocation { from: url.clone(), location: shown.clone().into_owned() };
    if location.iter().any(u8::is_ascii_control) {
        return Err(bad());
    }
    // Octets that are no UTF-8 go out as they came in, in the only form that a URL has for them.
    let location = match std::str::from_utf8(location) {
        Ok(text) => Cow::Borrowed(text),
        Err(_) => Cow::Owned(percent_encode(location, CONTROLS).to_string()),
    };
    let mut target = url.join(&location).map_err(|_| bad())?;
    if !matches!(target.scheme(), "http" | "https") {
        return Err(HopError::ForeignScheme { from: url.clone(), scheme: target.scheme().to_owned() });
    }
    if !wish.schemes.allow(&target) {
        return Err(HopError::BarredScheme { from: url.clone(), scheme: target.scheme().to_owned() });
    }
    // Some hosts are fit for a URL, and not for the HTTP stack.
    if http::Uri::try_from(target.as_str()).is_err() {
        return Err(bad());
    }
    // Userinfo in a Location would log in as somebody the user never named. Setting it fails only without a host.
    let _ = target.set_username("");
    let _ = target.set_password(None);
    target.set_fragment(None);
    let (method, repeats_body) = method_after(method, head.status, wish);
    Ok(Some(Next { method, url: target, repeats_body }))
}

/// Two URLs of one origin: the same scheme, host and port.
pub fn same_origin(one: &Url, other: &Url) -> bool {
    one.origin() == other.origin()
}

fn location(head: &Head) -> Option<&[u8]> {
    let redirects = matches!(
        head.status,
        StatusCode::MOVED_PERMANENTLY
            | StatusCode::FOUND
            | StatusCode::SEE_OTHER
            | StatusCode::TEMPORARY_REDIRECT
            | StatusCode::PERMANENT_REDIRECT
    );
    let location = head.headers.get(LOCATION).map(|value| value.as_bytes());
    location.filter(|location| redirects && !location.is_empty())
}

/// As browsers do it: 303 makes a GET of all but HEAD, 301 and 302 make a GET of POST, 307 and 308 change nothing.
fn method_after(method: &Method, status: StatusCode, wish: &Redirects) -> (Method, bool) {
    if method == Method::POST && wish.keeping_post.contains(&status) {
        return (Method::POST, true);
    }
    let becomes_get = match status {
        StatusCode::SEE_OTHER => method != Method::HEAD && method != Method::GET,
        StatusCode::MOVED_PERMANENTLY | StatusCode::FOUND => method == Method::POST,
        _ => false,
    };
    if becomes_get { (Method::GET, false) } else { (method.clone(), status != StatusCode::SEE_OTHER) }
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;

    use http::{HeaderMap, HeaderValue, Version};

    use super::*;
    use crate::exchange::request::Schemes;

    fn after(method: &Method, status: u16, location: &[u8]) -> Result<Option<Next>, HopError<Infallible>> {
        let url = Url::parse("http://a.test/dir/page?q").expect("a URL");
        next(method, &url, &head(status, location), &Redirects::default())
    }

    fn head(status: u16, location: &[u8]) -> Head {
        let value = HeaderValue::from_bytes(location).expect("a header value");
        Head {
            version: Version::HTTP_11,
            status: StatusCode::from_u16(status).expect("a status"),
            reason: None,
            headers: HeaderMap::from_iter([(LOCATION, value)]),
        }
    }

    #[track_caller]
    fn target(location: &str) -> String {
        let next = after(&Method::GET, 302, location.as_bytes()).expect("followed").expect("a redirect");
        next.url.to_string()
    }

    #[test]
    fn methods_change_as_in_browsers() {
        for (method, status, expected, body) in [
            (Method::POST, 301, Method::GET, false),
            (Method::POST, 302, Method::GET, false),
            (Method::POST, 303, Method::GET, false),
            (Method::PUT, 303, Method::GET, false),
            (Method::HEAD, 303, Method::HEAD, false),
            (Method::PUT, 302, Method::PUT, true),
            (Method::POST, 307, Method::POST, true),
            (Method::POST, 308, Method::POST, true),
            (Method::DELETE, 308, Method::DELETE, true),
        ] {
            let next = after(&method, status, b"/x").expect("followed").expect("a redirect");
            assert_eq!((next.method, next.repeats_body), (expected, body), "{method} {status}");
        }
    }

    #[test]
    fn a_location_is_relative_to_the_url_and_loses_userinfo_and_fragment() {
        assert_eq!(target("other"), "http://a.test/dir/other");
        assert_eq!(target("?r"), "http://a.test/dir/page?r");
        assert_eq!(target("//b.test:81/"), "http://b.test:81/");
        assert_eq!(target("https://eve:pw@b.test/#top"), "https://b.test/");
        assert_eq!(target("/é"), "http://a.test/%C3%A9");
        let next = after(&Method::GET, 302, b"/\xff%2f?\xfe").expect("followed").expect("a redirect");
        assert_eq!(next.url.as_str(), "http://a.test/%FF%2f?%FE");
    }

    #[test]
    fn what_is_no_redirect_is_not_followed() {
        for (status, location) in [(200, "/x"), (201, "/x"), (300, "/x"), (304, "/x"), (302, "")] {
            assert!(matches!(after(&Method::GET, status, location.as_bytes()), Ok(None)), "{status}");
        }
    }

    #[test]
    fn foreign_schemes_and_control_characters_end_the_chain() {
        for location in ["file:///etc/passwd", "ftp://a.test/", "data:,x", "javascript:1"] {
            let error = after(&Method::GET, 302, location.as_bytes());
            assert!(matches!(error, Err(HopError::ForeignScheme { .. })), "{location}");
        }
        for location in [&b"/a\tb"[..], b"http://"] {
            let error = after(&Method::GET, 302, location);
            assert!(matches!(error, Err(HopError::BadLocation { .. })), "{location:?}");
        }
    }

    #[test]
    fn a_redirect_leads_only_where_the_user_allows_it() {
        let url = Url::parse("https://a.test/").expect("a URL");
        let only_https = Redirects { schemes: Schemes { http: false, https: true }, ..Redirects::default() };
        for (location, is_allowed) in [("/x", true), ("https://b.test/", true), ("http://a.test/", false)] {
            let next = next::<Infallible>(&Method::GET, &url, &head(302, location.as_bytes()), &only_https);
            assert_eq!(matches!(next, Err(HopError::BarredScheme { .. })), !is_allowed, "{location}");
        }
    }
}
