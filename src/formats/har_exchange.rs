//! Owns the exchanges of a HAR, one after the other: what was asked of whom by whom, and what the answer set.
//! Does not judge anything; whoever explains does.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use url::Url;

use crate::formats::document::{Document, Members};
use crate::formats::har::{entries, headers, set_cookies};
use crate::formats::imported::NotOfFormat;

/// One entry of a HAR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exchange {
    /// Counted from one.
    pub number: usize,
    pub url: Url,
    pub method: String,
    pub status: Option<u16>,
    pub at: Option<DateTime<Utc>>,
    pub asker: Asker,
    /// Lines as they came; those that the HAR itself spoils are missing.
    pub set_cookies: Vec<String>,
}

/// Who made the request, as far as the HAR says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asker {
    /// Nobody but the user, or it is not known.
    User,
    /// The whole page went there from this one.
    Page(Url),
    /// A script or an element of this page asked.
    Part(Url),
}

/// The exchanges, and how many entries were none.
pub fn exchanges(text: &[u8]) -> Result<(Vec<Exchange>, usize), NotOfFormat> {
    let entries = entries(text.strip_prefix(b"\xef\xbb\xbf").unwrap_or(text))?;
    let count = entries.len();
    let read = entries.into_iter().zip(1..).filter_map(|(entry, number)| exchange(entry, number));
    let exchanges: Vec<_> = read.collect();
    let missing = count - exchanges.len();
    Ok((exchanges, missing))
}

fn exchange(entry: &RawValue, number: usize) -> Option<Exchange> {
    let Document::Object(entry) = Document::read(entry.get().as_bytes()).ok()? else { return None };
    let object = |name| match entry.document(name) {
        Some(Document::Object(members)) => Some(members),
        _ => None,
    };
    let request = object("request")?;
    let response = object("response");
    let url = Url::parse(&request.value::<String>("url")?).ok().filter(Url::has_host)?;
    let started: Option<String> = entry.value("startedDateTime");
    let at = started.and_then(|time| DateTime::parse_from_rfc3339(&time).ok());
    Some(Exchange {
        number,
        asker: asker(&request, object("_initiator").as_ref()),
        url,
        method: request.value("method").unwrap_or_else(|| "GET".to_owned()),
        status: response.as_ref().and_then(|response| response.value("status")).filter(|status| *status > 0),
        at: at.map(|time| time.with_timezone(&Utc)),
        set_cookies: response
            .map(|response| set_cookies(&response))
            .unwrap_or_default()
            .into_iter()
            .flatten()
            .collect(),
    })
}

/// What browsers say in the headers of their requests; where they say nothing, what the HAR says of a page.
fn asker(request: &Members, initiator: Option<&Members>) -> Asker {
    let header = |name| headers(request, name).into_iter().next_back();
    let url = |text: Option<String>| text.and_then(|text| Url::parse(&text).ok()).filter(Url::has_host);
    if header("sec-fetch-site").is_some_and(|site| site == "none") {
        return Asker::User;
    }
    let of_initiator = || {
        let initiator = initiator?;
        let is_page = initiator.value::<String>("type").is_some_and(|kind| kind == "parser");
        url(initiator.value("url").filter(|_| is_page))
    };
    // An origin that is nobody's, as of a sandboxed frame, is of no site.
    let opaque =
        || header("origin").filter(|origin| origin == "null").and_then(|_| Url::parse("about:blank").ok());
    let page = url(header("origin")).or_else(opaque).or_else(|| url(header("referer"))).or_else(of_initiator);
    let navigates = header("sec-fetch-mode").is_none_or(|mode| mode == "navigate");
    match page {
        None => Asker::User,
        Some(page) if navigates => Asker::Page(page),
        Some(page) => Asker::Part(page),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_order_mark_ahead_is_no_matter() {
        let text = "\u{feff}{\"log\": {\"entries\": [{\"request\": {\"url\": \"https://a.test/\"}}]}}";
        assert_eq!(exchanges(text.as_bytes()).map(|(found, missing)| (found.len(), missing)), Ok((1, 0)));
    }

    #[test]
    fn who_asked_is_told_by_the_headers_of_the_request() {
        let page = || Url::parse("https://shop.test/").expect("a URL");
        for (headers, expected) in [
            ("", Asker::User),
            (r#"{"name": "Referer", "value": "https://shop.test/"}"#, Asker::Page(page())),
            (
                r#"{"name": "Sec-Fetch-Site", "value": "none"}, {"name": "Referer", "value": "https://shop.test/"}"#,
                Asker::User,
            ),
            (
                r#"{"name": "sec-fetch-mode", "value": "cors"}, {"name": "Origin", "value": "https://shop.test"}"#,
                Asker::Part(page()),
            ),
            (
                r#"{"name": "Origin", "value": "null"}"#,
                Asker::Page(Url::parse("about:blank").expect("a URL")),
            ),
        ] {
            let text = format!(
                r#"{{"log": {{"entries": [{{"startedDateTime": "2026-05-01T12:00:00Z",
                   "request": {{"url": "https://api.test/x", "method": "POST", "headers": [{headers}]}},
                   "response": {{"status": 204, "headers": [{{"name": "Set-Cookie", "value": "a=1\nb=2"}}]}}}}, 7]}}}}"#
            );
            let (exchanges, missing) = exchanges(text.as_bytes()).expect("a HAR");
            let [exchange] = &*exchanges else { panic!("one exchange") };
            assert_eq!((&exchange.asker, missing), (&expected, 1), "{headers}");
            assert_eq!((exchange.status, exchange.set_cookies.len()), (Some(204), 2));
        }
    }
}
