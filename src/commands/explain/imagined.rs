//! Owns an answer that is only imagined, before it is judged.
//! Does not say where it was read from.

use chrono::{DateTime, Utc};
use http::Method;
use url::Url;

use crate::cookie::site::Kind;

pub struct Imagined {
    pub url: Url,
    pub method: String,
    pub status: Option<u16>,
    /// As far as it is known.
    pub at: Option<DateTime<Utc>>,
    /// The page that made the request, where that is told.
    pub initiator: Option<(Url, Kind)>,
    pub set_cookies: Vec<Vec<u8>>,
    /// It was really asked for, with the cookies that there were.
    pub was_sent: bool,
}

/// How a page goes there by this method.
pub fn navigation(method: &str) -> Kind {
    let is_safe = method.parse::<Method>().is_ok_and(|method| method.is_safe());
    if is_safe { Kind::Navigation } else { Kind::UnsafeNavigation }
}
