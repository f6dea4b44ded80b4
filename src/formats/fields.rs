//! Owns the fields of one cookie in another program's JSON, each read as what it should be.
//! Does not know the names of fields, nor say a value in a complaint.

use chrono::{DateTime, Utc};
use serde_json::value::RawValue;
use serde_json::{Map, Value};

use crate::cookie::attribute::SameSite;
use crate::cookie::site::registrable_domain;
use crate::formats::imported::Reading;

/// A partition that names no site is nobody's own.
const UNREADABLE: &str = "?";

/// A row's fields. A field that is null counts as missing.
#[derive(Debug)]
pub struct Fields(Map<String, Value>);

impl Fields {
    pub fn read(row: &RawValue) -> Result<Fields, String> {
        match serde_json::from_str(row.get()) {
            Ok(Value::Object(fields)) => Ok(Fields(fields)),
            Ok(_) => Err("it is not a JSON object".to_owned()),
            Err(_) => Err("its JSON can't be read".to_owned()),
        }
    }

    pub fn has(&self, field: &str) -> bool {
        self.get(field).is_some()
    }

    pub fn get(&self, field: &str) -> Option<&Value> {
        self.0.get(field).filter(|value| !value.is_null())
    }

    pub fn text(&self, field: &str) -> Result<Option<&str>, String> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::String(text)) => Ok(Some(text)),
            Some(_) => Err(format!("its `{field}` is not a text")),
        }
    }

    /// A text that no cookie can do without; it may be empty.
    pub fn needed(&self, field: &str) -> Result<&str, String> {
        self.text(field)?.ok_or_else(|| format!("it has no `{field}`"))
    }

    /// A switch; some programs write it as a text.
    pub fn flag(&self, field: &str) -> Result<Option<bool>, String> {
        match self.get(field) {
            None => Ok(None),
            Some(Value::Bool(flag)) => Ok(Some(*flag)),
            Some(Value::String(text)) if text == "true" => Ok(Some(true)),
            Some(Value::String(text)) if text == "false" => Ok(Some(false)),
            Some(_) => Err(format!("its `{field}` is neither true nor false")),
        }
    }

    pub fn is_set(&self, field: &str) -> Result<bool, String> {
        Ok(self.flag(field)?.unwrap_or_default())
    }

    /// Seconds since 1970, also in pieces and as a text.
    pub fn seconds(&self, field: &str) -> Result<Option<f64>, String> {
        let seconds = match self.get(field) {
            None => return Ok(None),
            Some(Value::Number(number)) => number.as_f64(),
            Some(Value::String(text)) if text.is_empty() => return Ok(None),
            Some(Value::String(text)) => text.parse().ok().filter(|seconds: &f64| seconds.is_finite()),
            Some(_) => None,
        };
        seconds.map(Some).ok_or_else(|| format!("its `{field}` is not a number of seconds"))
    }

    /// The word of any of these programs; one that nobody knows is unset, as in a `Set-Cookie`.
    pub fn same_site(&self, field: &str) -> Result<SameSite, String> {
        let word = self.text(field)?.unwrap_or_default();
        Ok(match word {
            "no_restriction" => SameSite::None,
            word => SameSite::parse(word.as_bytes()).unwrap_or_default(),
        })
    }

    /// Refuses what a browser keeps apart for the pages of one site, unless that is the cookie's own: taken out of
    /// its drawer it would go where the browser never sends it, or replace the cookie that it does send.
    pub fn check_partition(&self, domain: &str, reading: &Reading) -> Result<(), String> {
        let partition = self.get("partitionKey").and_then(|key| match key {
            Value::Null => None,
            Value::Object(key) if key.is_empty() => None,
            Value::Object(key) => {
                let mut sites = ["topLevelSite", "sourceOrigin"].iter().filter_map(|field| key.get(*field));
                Some(sites.find_map(Value::as_str).unwrap_or(UNREADABLE))
            }
            key => Some(key.as_str().unwrap_or(UNREADABLE)),
        });
        let Some(site) = partition.filter(|site| !site.is_empty()) else { return Ok(()) };
        let host = site.split_once("://").map_or(site, |(_, host)| host).trim_end_matches('/');
        let owner = |host: &str| {
            let host = url::Host::parse(host).ok()?.to_string();
            Some(registrable_domain(&host, &*reading.suffixes).to_owned())
        };
        if owner(host).is_some_and(|owned| Some(owned) == owner(domain.trim_start_matches('.'))) {
            return Ok(());
        }
        Err("it is partitioned: kept for use inside the pages of another site".to_owned())
    }
}

/// A number of seconds as a time; one beyond all calendars is the end of them.
pub fn time(seconds: f64) -> DateTime<Utc> {
    let end = if seconds < 0.0 { DateTime::<Utc>::MIN_UTC } else { DateTime::<Utc>::MAX_UTC };
    // The conversion saturates.
    DateTime::from_timestamp_micros((seconds * 1e6).round() as i64).unwrap_or(end)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn fields(text: &str) -> Fields {
        let row: Box<RawValue> = serde_json::from_str(text).expect("JSON");
        Fields::read(&row).expect("an object")
    }

    #[test]
    fn a_row_that_is_no_object_is_no_cookie() {
        let deep = "[".repeat(1000) + &"]".repeat(1000);
        for (text, why) in [
            ("1", "it is not a JSON object"),
            (r#""secret""#, "it is not a JSON object"),
            (r#"{"a": "\ud800"}"#, "its JSON can't be read"),
            (&format!("{{\"a\": {deep}}}"), "its JSON can't be read"),
        ] {
            let row: Box<RawValue> = serde_json::from_str(text).expect("JSON");
            assert_eq!(Fields::read(&row).map(|_| ()), Err(why.to_owned()));
        }
    }

    #[test]
    fn a_field_of_the_wrong_kind_is_named_and_not_shown() {
        let fields = fields(r#"{"text": 17, "flag": "yes", "seconds": [17], "nan": "NaN"}"#);
        assert_eq!(fields.text("text"), Err("its `text` is not a text".to_owned()));
        assert_eq!(fields.needed("none"), Err("it has no `none`".to_owned()));
        assert_eq!(fields.flag("flag"), Err("its `flag` is neither true nor false".to_owned()));
        assert_eq!(fields.seconds("seconds"), Err("its `seconds` is not a number of seconds".to_owned()));
        assert_eq!(fields.seconds("nan"), Err("its `nan` is not a number of seconds".to_owned()));
    }

    #[test]
    fn seconds_are_a_time_to_the_microsecond_and_never_too_many() {
        for (seconds, expected) in [
            (0.0, DateTime::UNIX_EPOCH),
            (1_800_000_000.123_456, DateTime::from_timestamp_micros(1_800_000_000_123_456).expect("a time")),
            (1e300, DateTime::<Utc>::MAX_UTC),
            (-1e300, DateTime::<Utc>::MIN_UTC),
        ] {
            assert_eq!(time(seconds), expected, "{seconds}");
        }
    }

    #[test]
    fn a_partition_of_its_own_site_is_none() {
        let reading = Reading::at(DateTime::UNIX_EPOCH);
        for (key, is_own) in [
            (r#""https://example.com""#, true),
            (r#""https://EXAMPLE.com/""#, true),
            (r#""https://shop.test""#, false),
            (r#""https://..""#, false),
            (r#"{"topLevelSite": "https://shop.test"}"#, false),
            (r#"{"sourceOrigin": "https://example.com", "hasCrossSiteAncestor": false}"#, true),
            (r#"{"hasCrossSiteAncestor": true}"#, false),
            (r#"{"topLevelSite": null, "sourceOrigin": "https://shop.test"}"#, false),
            ("7", false),
            ("{}", true),
            (r#""""#, true),
            ("null", true),
        ] {
            let fields = fields(&format!(r#"{{"partitionKey": {key}}}"#));
            assert_eq!(fields.check_partition(".www.example.com", &reading).is_ok(), is_own, "{key}");
        }
    }
}
