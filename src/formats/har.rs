//! Owns the cookies of a HAR: what its responses set, one after the other, as if they came in again.
//! Does not take cookies that were only sent, for a HAR does not say where those belong.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde_json::value::RawValue;
use url::Url;

use crate::cookie::context::{Context, Rules};
use crate::cookie::jar::Jar;
use crate::cookie::limits::Limits;
use crate::cookie::policy::Policy;
use crate::cookie::receive::receive;
use crate::cookie::record::{Cookie, Key};
use crate::cookie::syntax;
use crate::cookie::verdict::{Receipt, Verdict};
use crate::formats::document::{Document, Members};
use crate::formats::fields::Fields;
use crate::formats::imported::{Imported, NotOfFormat, Place, Reading, Record, Rejected};

/// The jar that the cookies are brought to has limits of its own.
const NO_LIMITS: Limits = Limits { per_domain: usize::MAX, total: usize::MAX, cookie_bytes: usize::MAX };

/// A page that was open for days sets some thousands; for a flood the jar, which knows no end here, would be slow.
const MOST: usize = 30_000;

const SETS_NOTHING: &str = "no response in it sets a cookie";
const SANITISED: &str = "no response in it sets a cookie; perhaps it was exported without sensitive data: in Chrome, \
                         choose \"Export HAR (with sensitive data)\"";
const ONLY_SENT: &str = "no response in it sets a cookie, and of those that were only sent it does not say where they \
                         belong; record it from before the login on";

pub fn read(text: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    let entries = entries(text)?;
    let mut replay = Replay::new(reading);
    for (index, entry) in entries.iter().enumerate() {
        replay.entry(Place::Entry(index + 1), entry);
    }
    if replay.was_set_anything {
        return Ok(replay.end());
    }
    let why = match (entries.is_empty(), replay.was_sent_anything) {
        (true, _) => SETS_NOTHING,
        (_, true) => ONLY_SENT,
        (_, false) => SANITISED,
    };
    Err(NotOfFormat { why: why.to_owned() })
}

/// What was exchanged, each entry as it stands.
pub(super) fn entries(text: &[u8]) -> Result<Vec<&RawValue>, NotOfFormat> {
    let not = |why: &str| NotOfFormat { why: why.to_owned() };
    let Document::Object(har) = Document::read(text)? else {
        return Err(not("it is a list, where a HAR is an object"));
    };
    let Some(Document::Object(log)) = har.document("log") else {
        return Err(not("it has no object `log`"));
    };
    match log.document("entries") {
        Some(Document::List(entries)) => Ok(entries),
        _ => Err(not("its `log` has no list `entries`")),
    }
}

/// Responses that come in again, into a jar for them alone.
struct Replay<'a> {
    reading: &'a Reading,
    jar: Jar,
    /// Which entry last set each cookie.
    places: HashMap<Key, Place>,
    rejected: Vec<Rejected>,
    received: usize,
    /// It only goes on: an entry that stands later came later, whatever its clock says.
    clock: Option<DateTime<Utc>>,
    was_set_anything: bool,
    was_sent_anything: bool,
}

#[derive(Deserialize)]
struct Header {
    name: String,
    value: String,
}

impl<'a> Replay<'a> {
    fn new(reading: &'a Reading) -> Replay<'a> {
        Replay {
            reading,
            jar: Jar::new(NO_LIMITS),
            places: HashMap::new(),
            rejected: Vec::new(),
            received: 0,
            clock: None,
            was_set_anything: false,
            was_sent_anything: false,
        }
    }

    fn entry(&mut self, at: Place, entry: &RawValue) {
        let Some(Document::Object(entry)) = Document::read(entry.get().as_bytes()).ok() else {
            return self.reject(at, "it is not a JSON object".to_owned());
        };
        let object = |name| match entry.document(name) {
            Some(Document::Object(members)) => Some(members),
            _ => None,
        };
        let request = object("request");
        if let Some(request) = &request {
            let sends =
                |name| matches!(request.document(name), Some(Document::List(list)) if !list.is_empty());
            self.was_sent_anything |= sends("cookies") || !headers(request, "cookie").is_empty();
        }
        let lines = object("response").map(|response| set_cookies(&response)).unwrap_or_default();
        if lines.is_empty() {
            return;
        }
        self.was_set_anything = true;
        let url = request.and_then(|request| Url::parse(&request.value::<String>("url")?).ok());
        let now = self.now(entry.value("startedDateTime"));
        let Some(context) = url.and_then(|url| Context::new(&url, now)) else {
            return self.reject(at, "its request has no URL with a host".to_owned());
        };
        let rules = Rules { policy: Policy::Classic, suffixes: self.reading.suffixes.clone() };
        let context = context.under(rules);
        for line in lines {
            match line {
                Ok(line) => self.receive(at, &line, &context),
                Err(why) => self.reject(at, why),
            }
        }
    }

    fn receive(&mut self, at: Place, line: &str, context: &Context) {
        self.received += 1;
        if self.received > MOST {
            return self.reject(at, format!("{MOST} cookies were set before it, and no more are taken"));
        }
        match receive(line.as_bytes(), context, &mut self.jar) {
            Receipt { verdict: Verdict::Refused(refusal), name, .. } => {
                self.reject(at, named(&name, &refusal.to_string()));
            }
            Receipt { cookie: Some(cookie), .. } => {
                self.places.insert(cookie.key(), at);
            }
            Receipt { cookie: None, .. } => {}
        }
    }

    fn now(&mut self, started: Option<String>) -> DateTime<Utc> {
        let started = started.and_then(|time| DateTime::parse_from_rfc3339(&time).ok());
        let started =
            started.map(|time| time.with_timezone(&Utc).clamp(DateTime::UNIX_EPOCH, self.reading.now));
        self.clock = self.clock.max(started);
        self.clock.unwrap_or(self.reading.now)
    }

    fn reject(&mut self, at: Place, why: String) {
        self.rejected.push(Rejected { at, why });
    }

    /// What is left in the jar, in the order in which it came in.
    fn end(mut self) -> Imported {
        let now = self.reading.now;
        let mut cookies: Vec<Cookie> = self.jar.iter().cloned().collect();
        cookies.sort_by_key(|cookie| cookie.created);
        let mut records = Vec::new();
        for cookie in cookies {
            let at = self.places.get(&cookie.key()).copied().unwrap_or(Place::Entry(0));
            if cookie.is_expired(now) {
                self.reject(at, named(&cookie.name, "it has expired since"));
            } else {
                let created = cookie.created.min(now);
                let cookie = Cookie { created, updated: now, last_access: now, ..cookie };
                records.push(Record { at, cookie });
            }
        }
        self.rejected.sort_by_key(|rejected| match rejected.at {
            Place::Entry(number) | Place::Line(number) => number,
        });
        Imported { records, rejected: self.rejected }
    }
}

/// Several cookies may come with one entry, so that its number does not say which one is meant.
fn named(name: &[u8], why: &str) -> String {
    match std::str::from_utf8(name) {
        Ok(name) if !name.is_empty() && !name.chars().any(char::is_control) => format!("{name}: {why}"),
        _ => why.to_owned(),
    }
}

/// What a response sets, from its headers; a tool that leaves those out may still list the cookies.
pub(super) fn set_cookies(response: &Members) -> Vec<Result<String, String>> {
    let lines = headers(response, "set-cookie");
    if !lines.is_empty() {
        // Browsers join the lines of one name in an export.
        let lines = lines.iter().flat_map(|value| value.lines()).filter(|line| !line.is_empty());
        return lines.map(|line| Ok(line.to_owned())).collect();
    }
    match response.document("cookies") {
        Some(Document::List(rows)) => rows.into_iter().map(line_of).collect(),
        _ => Vec::new(),
    }
}

pub(super) fn headers(message: &Members, name: &str) -> Vec<String> {
    let Some(Document::List(headers)) = message.document("headers") else { return Vec::new() };
    let headers = headers.into_iter().filter_map(|header| serde_json::from_str::<Header>(header.get()).ok());
    headers.filter(|header| header.name.eq_ignore_ascii_case(name)).map(|header| header.value).collect()
}

/// A listed cookie as the line that it was read from.
fn line_of(row: &RawValue) -> Result<String, String> {
    let fields = Fields::read(row)?;
    let part = |field: &'static str| match fields.text(field)?.unwrap_or_default() {
        text if syntax::is_one_part(text.as_bytes()) => Ok(text),
        _ => Err(format!("its `{field}` holds a control character, a `;` or white space at an end")),
    };
    let name = part("name")?;
    if name.contains('=') {
        return Err("its name holds a `=`".to_owned());
    }
    let mut line = format!("{name}={}", part("value")?);
    for (attribute, field) in [("Path", "path"), ("Domain", "domain"), ("SameSite", "sameSite")] {
        let value = part(field)?;
        if !value.is_empty() {
            line += &format!("; {attribute}={value}");
        }
    }
    for (attribute, field) in [("Secure", "secure"), ("HttpOnly", "httpOnly")] {
        if fields.is_set(field)? {
            line += &format!("; {attribute}");
        }
    }
    match (part("expires")?, DateTime::parse_from_rfc3339(part("expires")?)) {
        ("", _) => {}
        (_, Ok(time)) => line += &time.to_utc().format("; Expires=%a, %d %b %Y %H:%M:%S GMT").to_string(),
        (date, Err(_)) => line += &format!("; Expires={date}"),
    }
    Ok(line)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_flood_of_cookies_ends_where_it_would_become_slow() {
        let header = |number: usize| {
            // Not in the order of their names, in which they would be quick to put away.
            format!(r#"{{"name": "Set-Cookie", "value": "{}=1"}}"#, number.wrapping_mul(7_919) % (MOST + 10))
        };
        let headers: Vec<_> = (0..MOST + 10).map(header).collect();
        let text = format!(
            r#"{{"log": {{"entries": [{{"request": {{"url": "https://h.example/"}},
               "response": {{"headers": [{}]}}}}]}}}}"#,
            headers.join(",")
        );
        let imported = read(text.as_bytes(), &Reading::at(DateTime::UNIX_EPOCH)).expect("a HAR");
        assert_eq!((imported.records.len(), imported.rejected.len()), (MOST, 10));
        assert_eq!(imported.rejected[0].why, "30000 cookies were set before it, and no more are taken");
    }
}
