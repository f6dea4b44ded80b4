//! Owns which text a jar's file holds: kuki's own JSON, or a cookies.txt that is used in its place.
//! Does not open files.

use std::io;

use chrono::{DateTime, Utc};

use crate::cookie::jar::Jar;
use crate::cookie::limits::Limits;
use crate::formats::exported::Writing;
use crate::formats::netscape::{self, BadLine};
use crate::store::error::Fault;
use crate::store::schema::{self, Document};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    Json,
    /// It knows no times but expiries, so it is read as of this moment.
    Netscape {
        as_of: DateTime<Utc>,
    },
}

impl Layout {
    /// A file that is not there yet.
    pub fn empty(self) -> Document {
        match self {
            Layout::Json => Document::default(),
            Layout::Netscape { .. } => Document::of(Jar::holding(netscape::can_hold)),
        }
    }

    pub fn read(self, text: &[u8]) -> Result<Document, Fault> {
        let as_of = match self {
            Layout::Json => return schema::read(text),
            Layout::Netscape { as_of } => as_of,
        };
        let cookies = netscape::read_strict(text, as_of)
            .map_err(|BadLine { line, why }| Fault { what: format!("line {line}: {why}"), at: None })?;
        let mut document = self.empty();
        document.jar.restore_all(cookies);
        document.jar.limits = roomy(&document.jar);
        Ok(document)
    }

    pub fn write(self, document: &Document) -> io::Result<Vec<u8>> {
        match self {
            Layout::Json => Ok(schema::write(document)?),
            Layout::Netscape { .. } => {
                Ok(netscape::write(&document.jar.sorted(), &Writing::default()).octets)
            }
        }
    }

    /// Is it worth a save when cookies were last used?
    pub fn keeps_touches(self) -> bool {
        self == Layout::Json
    }
}

/// The file can't say its limits. What another program put there, beyond ours, is not to go because of one more.
pub fn roomy(jar: &Jar) -> Limits {
    let usual = Limits::default();
    let longest = jar.sorted().chunk_by(|one, other| one.domain == other.domain).map(<[_]>::len).max();
    Limits {
        per_domain: usual.per_domain.max(longest.unwrap_or_default()),
        total: usual.total.max(jar.len()),
        ..usual
    }
}
