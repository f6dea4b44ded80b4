//! Owns what came of reading a foreign text: the cookies that it holds, and the rows that are none, each with its place.
//! Does not read any format; each has a file of its own.

use std::fmt;
use std::sync::Arc;

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::cookie::record::Cookie;
use crate::cookie::suffix::{Compiled, Suffixes};

/// The circumstances of a reading.
#[derive(Clone, Debug)]
pub struct Reading {
    pub now: DateTime<Utc>,
    /// Where cookies belong that the text names no host for.
    pub url: Option<Url>,
    pub suffixes: Arc<dyn Suffixes>,
}

/// What a text holds.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Imported {
    pub records: Vec<Record>,
    pub rejected: Vec<Rejected>,
}

/// A cookie as if it had been received now.
#[derive(Clone, Debug, PartialEq)]
pub struct Record {
    pub at: Place,
    pub cookie: Cookie,
}

/// A row that is no cookie, or none that could be kept.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rejected {
    pub at: Place,
    /// Half a sentence that says what is wrong, and never holds a value.
    pub why: String,
}

/// Where a row stands; both count from one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    Line(usize),
    /// The nth cookie of a document whose lines say nothing.
    Entry(usize),
}

/// A text that is not of its format at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotOfFormat {
    pub why: String,
}

impl Reading {
    pub fn at(now: DateTime<Utc>) -> Reading {
        Reading { now, url: None, suffixes: Arc::new(Compiled) }
    }
}

impl Imported {
    /// Takes one row in, whatever came of it.
    pub fn take(&mut self, at: Place, row: Result<Cookie, String>) {
        match row {
            Ok(cookie) => self.records.push(Record { at, cookie }),
            Err(why) => self.rejected.push(Rejected { at, why }),
        }
    }

    /// For texts that know no times: the order of the cookies becomes that of their creation, the last one now.
    pub fn date_in_order(&mut self, now: DateTime<Utc>) {
        for (microseconds, record) in (0..).zip(self.records.iter_mut().rev()) {
            record.cookie.created = now - TimeDelta::microseconds(microseconds);
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Place::Line(number) => write!(f, "line {number}"),
            Place::Entry(number) => write!(f, "entry {number}"),
        }
    }
}

impl fmt::Display for NotOfFormat {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.why)
    }
}
