//! Owns `/redirect/N`: how many hops are left, and where the next one goes.
//! Does not build the answer.

use std::fmt;

use http::{HeaderValue, StatusCode};
use url::form_urlencoded;

/// What `/redirect/N` does.
#[derive(Debug, PartialEq)]
pub(super) enum Hop {
    Arrived,
    Onward { status: StatusCode, location: HeaderValue },
}

#[derive(Debug, PartialEq)]
pub(super) enum Refusal {
    Code { given: String },
    Count { given: String },
    Target { given: String },
}

/// Reads `N` and the query: N redirects in all, of which the last goes to `to`, or else arrives.
pub(super) fn hop(count: &str, query: &str) -> Result<Hop, Refusal> {
    let left = read_count(count)?;
    let code = parameter(query, "code");
    let to = parameter(query, "to");
    let status = read_code(code.as_deref())?;
    if left == 0 {
        return Ok(Hop::Arrived);
    }
    let target = match to {
        Some(to) if left == 1 => to,
        to => next(left - 1, code, to),
    };
    match HeaderValue::from_bytes(target.as_bytes()) {
        Ok(location) => Ok(Hop::Onward { status, location }),
        Err(_) => Err(Refusal::Target { given: target }),
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Refusal::Code { given } => {
                write!(f, "code is 301, 302, 303, 307 or 308, not {given:?}")
            }
            Refusal::Count { given } => {
                write!(f, "the count is 0 to {MOST}, not {given:?}")
            }
            Refusal::Target { given } => {
                write!(f, "{given:?} has an octet that no Location can hold")
            }
        }
    }
}

fn read_count(given: &str) -> Result<u32, Refusal> {
    match given.parse() {
        Ok(count) if count <= MOST => Ok(count),
        _ => Err(Refusal::Count { given: given.to_owned() }),
    }
}

fn read_code(given: Option<&str>) -> Result<StatusCode, Refusal> {
    match given {
        Some("301") => Ok(StatusCode::MOVED_PERMANENTLY),
        Some("302") | None => Ok(StatusCode::FOUND),
        Some("303") => Ok(StatusCode::SEE_OTHER),
        Some("307") => Ok(StatusCode::TEMPORARY_REDIRECT),
        Some("308") => Ok(StatusCode::PERMANENT_REDIRECT),
        Some(other) => Err(Refusal::Code { given: other.to_owned() }),
    }
}

fn next(left: u32, code: Option<String>, to: Option<String>) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(code.map(|code| ("code", code)));
    query.extend_pairs(to.map(|to| ("to", to)));
    match query.finish().as_str() {
        "" => format!("/redirect/{left}"),
        query => format!("/redirect/{left}?{query}"),
    }
}

fn parameter(query: &str, name: &str) -> Option<String> {
    form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

const MOST: u32 = 1000;

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn goes(count: &str, query: &str, status: u16, location: &'static str) {
        let expected = Hop::Onward {
            status: StatusCode::from_u16(status).expect("a legal status"),
            location: HeaderValue::from_static(location),
        };
        assert_eq!(hop(count, query), Ok(expected));
    }

    #[track_caller]
    fn refused(count: &str, query: &str, sentence: &str) {
        let refusal = hop(count, query).expect_err("refused");
        assert_eq!(refusal.to_string(), sentence);
    }

    #[test]
    fn a_chain_counts_down_and_arrives() {
        goes("2", "", 302, "/redirect/1");
        goes("1", "", 302, "/redirect/0");
        assert_eq!(hop("0", ""), Ok(Hop::Arrived));
    }

    #[test]
    fn code_and_target_are_kept_along() {
        goes("3", "code=307&x=1", 307, "/redirect/2?code=307");
        goes("2", "to=http%3A%2F%2Fa%2F%3Fb%26c", 302, "/redirect/1?to=http%3A%2F%2Fa%2F%3Fb%26c");
        goes("1", "code=308&to=http%3A%2F%2Fa%2F%3Fb%26c", 308, "http://a/?b&c");
    }

    #[test]
    fn what_cannot_be_done_is_refused() {
        refused("1001", "", "the count is 0 to 1000, not \"1001\"");
        refused("-1", "", "the count is 0 to 1000, not \"-1\"");
        refused("1", "code=200", "code is 301, 302, 303, 307 or 308, not \"200\"");
        refused("1", "to=a%0Ab", "\"a\\nb\" has an octet that no Location can hold");
    }
}
