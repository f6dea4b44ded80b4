//! Owns the frame of another program's JSON: a list or an object whose parts are left as they stand, so that one bad
//! row does not refuse the rest; and the layout of JSON that is written for another program.
//! Does not read the rows; that is `fields`.

use std::fmt;

use serde::de::{DeserializeOwned, MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};
use serde_json::error::Category;
use serde_json::value::RawValue;

use crate::cookie::record::Cookie;
use crate::formats::imported::{Imported, NotOfFormat, Place, Reading};

/// A JSON text, one level deep.
#[derive(Debug)]
pub enum Document<'a> {
    List(Vec<&'a RawValue>),
    Object(Members<'a>),
}

/// The members of an object in the order in which they stand.
#[derive(Debug)]
pub struct Members<'a>(pub Vec<(String, &'a RawValue)>);

impl<'a> Document<'a> {
    pub fn read(text: &'a [u8]) -> Result<Document<'a>, NotOfFormat> {
        match text.trim_ascii_start().first() {
            Some(b'[') => serde_json::from_slice(text).map(Document::List).map_err(not_json),
            Some(b'{') => serde_json::from_slice(text).map(Document::Object).map_err(not_json),
            _ => Err(NotOfFormat { why: "it is neither a JSON list nor a JSON object".to_owned() }),
        }
    }
}

impl<'a> Members<'a> {
    /// Of two members of one name the last counts, as it does in the programs that write such texts.
    pub fn get(&self, name: &str) -> Option<&'a RawValue> {
        self.0.iter().rev().find(|(other, _)| other == name).map(|(_, value)| *value)
    }

    /// The member as a document of its own.
    pub fn document(&self, name: &str) -> Option<Document<'a>> {
        Document::read(self.get(name)?.get().as_bytes()).ok()
    }

    /// The member, if it is what is asked for.
    pub fn value<T: DeserializeOwned>(&self, name: &str) -> Option<T> {
        serde_json::from_str(self.get(name)?.get()).ok()
    }
}

/// The list itself, or the one that an object has as its `cookies`; `absent` says what it is if there is none.
pub fn cookies<'a>(text: &'a [u8], absent: &str) -> Result<Vec<&'a RawValue>, NotOfFormat> {
    let found = match Document::read(text)? {
        Document::Object(object) => object.document("cookies"),
        list => Some(list),
    };
    match found {
        Some(Document::List(rows)) => Ok(rows),
        _ => Err(NotOfFormat { why: absent.to_owned() }),
    }
}

/// Each row becomes a cookie or a rejection, and none stops the rest.
pub fn taken(
    rows: Vec<&RawValue>,
    reading: &Reading,
    cookie: impl Fn(&RawValue, &Reading) -> Result<Cookie, String>,
) -> Imported {
    let mut imported = Imported::default();
    for (index, row) in rows.into_iter().enumerate() {
        imported.take(Place::Entry(index + 1), cookie(row, reading));
    }
    imported.date_in_order(reading.now);
    imported
}

/// A parser's message may quote what it met, which may be a cookie's value; the place is enough.
fn not_json(error: serde_json::Error) -> NotOfFormat {
    let what = match error.classify() {
        Category::Eof => "it ends in the middle",
        _ => "it is not JSON",
    };
    NotOfFormat { why: format!("{what}: line {}, column {}", error.line(), error.column()) }
}

/// A text for another program, in the layout that all of them can show a difference of.
pub fn pretty(value: &impl Serialize) -> Vec<u8> {
    let mut text = serde_json::to_vec_pretty(value).expect("texts, numbers and flags are JSON");
    text.push(b'\n');
    text
}

impl<'de> Deserialize<'de> for Members<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Members<'de>, D::Error> {
        struct AnyMembers;
        impl<'de> Visitor<'de> for AnyMembers {
            type Value = Members<'de>;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<M: MapAccess<'de>>(self, mut map: M) -> Result<Members<'de>, M::Error> {
                let mut members = Vec::new();
                while let Some(member) = map.next_entry()? {
                    members.push(member);
                }
                Ok(Members(members))
            }
        }
        deserializer.deserialize_map(AnyMembers)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_no_document_is_refused_with_its_place_and_without_its_content() {
        for (text, why) in [
            (&b""[..], "it is neither a JSON list nor a JSON object"),
            (b"# Netscape", "it is neither a JSON list nor a JSON object"),
            (b"\"secret\"", "it is neither a JSON list nor a JSON object"),
            (b"[\"secret\"", "it ends in the middle: line 1, column 9"),
            (b"[1,\n secret]", "it is not JSON: line 2, column 2"),
            (b"[\"\xff\"]", "it is not JSON: line 1, column 3"),
            (b"[] []", "it is not JSON: line 1, column 4"),
        ] {
            let found = Document::read(text).map(|_| ()).map_err(|not| not.why);
            assert_eq!(found, Err(why.to_owned()), "{}", text.escape_ascii());
        }
    }

    #[test]
    fn members_keep_their_order_and_the_last_of_a_name_counts() {
        let Ok(Document::Object(members)) = Document::read(br#"{"b": 1, "a": 2, "b": 3}"#) else {
            panic!("an object");
        };
        let names: Vec<_> = members.0.iter().map(|(name, _)| name.as_str()).collect();
        assert_eq!(names, ["b", "a", "b"]);
        assert_eq!(members.value::<u8>("b"), Some(3));
        assert_eq!(members.value::<bool>("b"), None);
    }

    #[test]
    fn no_depth_of_nesting_is_too_much_for_a_frame() {
        let deep = format!("[{}{}]", "[".repeat(200_000), "]".repeat(200_000));
        assert!(matches!(Document::read(deep.as_bytes()), Ok(Document::List(rows)) if rows.len() == 1));
    }
}
