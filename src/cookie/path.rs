//! Owns the paths of cookies: the default path, and whether a URL's path lies on a cookie's.
//! Does not write the matching itself; the `cookie_store` crate's path type carries it.

use cookie_store::CookiePath;
use url::Url;

/// An attribute of more octets is ignored (5.6); the directory of a URL has no limit of its own, so it is given this one.
pub const LONGEST: usize = 1024;

/// RFC 6265bis 5.1.4: the directory of the URL's path.
pub fn default_path(url: &Url) -> Vec<u8> {
    String::from(CookiePath::default_path(url)).into_bytes()
}

/// The cookie's path from the value of a `Path` attribute, or the default where the value is none (5.6.4).
pub fn from_attribute(value: Option<&[u8]>, url: &Url) -> Vec<u8> {
    match value {
        Some(path) if path.starts_with(b"/") => path.to_vec(),
        _ => default_path(url),
    }
}

/// RFC 6265bis 5.1.4: `request` is `cookie` itself or lies under it, at a `/`.
pub fn matches(cookie: &[u8], url: &Url) -> bool {
    // A URL's path is ASCII, so a cookie's path that is not UTF-8 can match none.
    std::str::from_utf8(cookie).ok().and_then(CookiePath::parse).is_some_and(|path| path.matches(url))
}

/// The same between two cookies' paths, which need not be UTF-8.
pub fn covers(cookie: &[u8], other: &[u8]) -> bool {
    other
        .strip_prefix(cookie)
        .is_some_and(|rest| rest.is_empty() || cookie.ends_with(b"/") || rest.starts_with(b"/"))
}

/// Does some URL lie on both of two cookies' paths?
pub fn meet(one: &[u8], other: &[u8]) -> bool {
    covers(one, other) || covers(other, one)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(path: &str) -> Url {
        Url::parse(&format!("http://h.test{path}")).expect("a good URL")
    }

    #[test]
    fn the_default_path_is_the_directory() {
        for (path, default) in
            [("", "/"), ("/", "/"), ("/a", "/"), ("/a/", "/a"), ("/a/b", "/a"), ("/a/b/?q/", "/a/b")]
        {
            assert_eq!(default_path(&url(path)), default.as_bytes(), "{path}");
        }
    }

    #[test]
    fn a_path_covers_itself_and_what_lies_under_it() {
        for (cookie, path, expected) in [
            ("/", "/any", true),
            ("/refresh", "/refresh", true),
            ("/refresh", "/refresh/deep", true),
            ("/refresh/", "/refresh/deep", true),
            ("/refresh/", "/refresh", false),
            ("/refresh", "/refreshing", false),
            ("/refresh", "/refresh.json", false),
            ("/Refresh", "/refresh", false),
            ("/é", "/%C3%A9", false),
        ] {
            assert_eq!(matches(cookie.as_bytes(), &url(path)), expected, "{cookie} {path}");
            assert_eq!(covers(cookie.as_bytes(), path.as_bytes()), expected, "{cookie} {path}");
        }
    }

    #[test]
    fn an_attribute_that_is_no_path_gives_the_default() {
        for (value, path) in [(Some("/x"), "/x"), (Some("x"), "/a"), (Some(""), "/a"), (None, "/a")] {
            assert_eq!(from_attribute(value.map(str::as_bytes), &url("/a/b")), path.as_bytes());
        }
    }
}
