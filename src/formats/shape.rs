//! Owns a look at a JSON text from afar: which fields its top has, and which the first of its cookies.
//! Does not keep any value, nor mind where the text breaks off.

use std::fmt;

use serde::Deserializer;
use serde::de::{DeserializeSeed, IgnoredAny, MapAccess, SeqAccess, Visitor};

use crate::formats::row::Text;

/// The fields by which formats are told apart; no others are remembered, however many there are.
const TELLING: [&str; 14] = [
    "Name raw",
    "__meta__",
    "cookies",
    "expirationDate",
    "format",
    "headers",
    "hostOnly",
    "host_only",
    "httpOnly",
    "log",
    "raw_cookie",
    "sameSite",
    "storeId",
    "xh",
];

/// What was seen, as far as the text could be read.
#[derive(Debug, Default)]
pub struct Shape {
    pub is_empty: bool,
    top: Vec<&'static str>,
    entry: Vec<&'static str>,
    meta: Vec<&'static str>,
}

impl Shape {
    /// Only the first value of a text is looked at.
    pub fn of(text: &[u8]) -> Shape {
        let mut shape = Shape { is_empty: true, ..Shape::default() };
        let mut parser = serde_json::Deserializer::from_slice(text);
        // A text that breaks off has shown what it has shown.
        drop(Top(&mut shape).deserialize(&mut parser));
        shape
    }

    /// A field of the object itself.
    pub fn has(&self, field: &str) -> bool {
        self.top.contains(&field)
    }

    /// A field of the first entry, of the array itself or of the one under `cookies`.
    pub fn entry_has(&self, field: &str) -> bool {
        self.entry.contains(&field)
    }

    pub fn meta_has(&self, field: &str) -> bool {
        self.meta.contains(&field)
    }
}

struct Top<'a>(&'a mut Shape);

impl<'de> DeserializeSeed<'de> for Top<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Top<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object or an array")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        let Top(shape) = self;
        while let Some(Text(field)) = map.next_key()? {
            remember(&mut shape.top, &field);
            match &*field {
                "cookies" => map.next_value_seed(First(&mut shape.entry))?,
                "__meta__" => map.next_value_seed(Fields(&mut shape.meta))?,
                _ => drop(map.next_value::<IgnoredAny>()?),
            }
        }
        Ok(())
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut rows: S) -> Result<(), S::Error> {
        let Top(shape) = self;
        // The rest is not looked at, and the parser's complaint about that is not heard.
        shape.is_empty = rows.next_element_seed(Fields(&mut shape.entry)).is_ok_and(|row| row.is_none());
        Ok(())
    }
}

/// The fields of an array's first entry; whatever else there may be is passed over.
struct First<'a>(&'a mut Vec<&'static str>);

impl<'de> DeserializeSeed<'de> for First<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for First<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<S: SeqAccess<'de>>(self, mut rows: S) -> Result<(), S::Error> {
        rows.next_element_seed(Fields(self.0))?;
        while rows.next_element::<IgnoredAny>()?.is_some() {}
        Ok(())
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
        Ok(())
    }
}

/// The fields of an object.
struct Fields<'a>(&'a mut Vec<&'static str>);

impl<'de> DeserializeSeed<'de> for Fields<'_> {
    type Value = ();

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<(), D::Error> {
        deserializer.deserialize_map(self)
    }
}

impl<'de> Visitor<'de> for Fields<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<(), M::Error> {
        while let Some(Text(field)) = map.next_key()? {
            remember(self.0, &field);
            map.next_value::<IgnoredAny>()?;
        }
        Ok(())
    }
}

fn remember(seen: &mut Vec<&'static str>, field: &str) {
    let telling = TELLING.into_iter().find(|telling| *telling == field);
    seen.extend(telling.filter(|telling| !seen.contains(telling)).as_slice());
}
