//! Owns JSON that is put together key by key, where a key may lead into objects and arrays, as in HTTPie.
//! Does not reorder anything: keys stand as they came, and JSON that was given stays as it was written.

use std::fmt;

use serde::de::{MapAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use serde_json::value::RawValue;

/// A value under construction.
#[derive(Debug, Default)]
pub enum Node {
    #[default]
    Absent,
    Text(String),
    /// JSON as it was given, looked into only where a key leads there.
    Given(Box<RawValue>),
    Object(Vec<(String, Node)>),
    Array(Vec<Node>),
}

#[derive(Debug, PartialEq, Eq)]
pub enum JsonError {
    /// What was given is no JSON.
    NotJson(String),
    /// A `[` without its `]`, or text behind one.
    BadKey,
    NegativeIndex,
    TooDeep,
    TooFar,
    /// What is there, and what this key needs there.
    Conflict {
        place: String,
        is: &'static str,
        needed: &'static str,
    },
}

/// An array has no more elements than this, where an index leaves holes in it.
const MOST: usize = 1 << 16;
/// What reads JSON seldom goes deeper.
const DEEPEST: usize = 128;

#[derive(Debug, PartialEq, Eq)]
enum Step {
    Key(String),
    Index(usize),
    Append,
}

impl Node {
    pub fn given(text: &str) -> Result<Node, JsonError> {
        let raw = serde_json::from_str::<Box<RawValue>>(text);
        raw.map(Node::Given).map_err(|error| JsonError::NotJson(error.to_string()))
    }

    /// Puts a value where the key leads: `a`, `a[b]`, `a[0]`, `a[]`, and as deep as that goes.
    pub fn insert(&mut self, key: &str, value: Node) -> Result<(), JsonError> {
        let (mut node, mut place) = (self, String::new());
        for step in steps(key)? {
            node = node.enter(&step, &place)?;
            match &step {
                Step::Key(key) if place.is_empty() => place.push_str(key),
                Step::Key(key) => place.push_str(&format!("[{key}]")),
                Step::Index(index) => place.push_str(&format!("[{index}]")),
                Step::Append => place.push_str("[]"),
            }
        }
        *node = value;
        Ok(())
    }

    pub fn octets(&self) -> Vec<u8> {
        serde_json::to_vec(self).expect("all of its keys are strings")
    }

    /// As a form has it, which knows no more than text.
    pub fn as_text(&self) -> Option<String> {
        match self {
            Node::Text(text) => Some(text.clone()),
            Node::Given(raw) if raw.get().starts_with('"') => serde_json::from_str(raw.get()).ok(),
            Node::Given(raw) if !raw.get().starts_with(['{', '[']) => Some(raw.get().to_owned()),
            _ => None,
        }
    }

    fn enter(&mut self, step: &Step, place: &str) -> Result<&mut Node, JsonError> {
        self.unfold();
        if matches!(self, Node::Absent) {
            *self = match step {
                Step::Key(_) => Node::Object(Vec::new()),
                Step::Index(_) | Step::Append => Node::Array(Vec::new()),
            };
        }
        let is = self.kind();
        let conflict = |needed| JsonError::Conflict { place: place.to_owned(), is, needed };
        match (step, self) {
            (Step::Key(key), Node::Object(pairs)) => {
                let at = pairs.iter().position(|(found, _)| found == key).unwrap_or(pairs.len());
                if at == pairs.len() {
                    pairs.push((key.clone(), Node::Absent));
                }
                Ok(&mut pairs[at].1)
            }
            (Step::Index(_) | Step::Append, Node::Array(items)) => {
                let at = if let Step::Index(index) = step { *index } else { items.len() };
                if at >= MOST.max(items.len() + 1) {
                    return Err(JsonError::TooFar);
                }
                while items.len() <= at {
                    items.push(Node::Absent);
                }
                Ok(&mut items[at])
            }
            (Step::Key(_), _) => Err(conflict("an object")),
            (Step::Index(_) | Step::Append, _) => Err(conflict("an array")),
        }
    }

    /// Opens what was given by one level.
    fn unfold(&mut self) {
        let Node::Given(raw) = self else { return };
        // It was read as JSON once, so that neither can fail.
        *self = match raw.get().as_bytes().first() {
            Some(b'{') => match serde_json::from_str::<Pairs>(raw.get()) {
                Ok(Pairs(pairs)) => Node::Object(pairs),
                Err(_) => return,
            },
            Some(b'[') => match serde_json::from_str::<Vec<Box<RawValue>>>(raw.get()) {
                Ok(items) => Node::Array(items.into_iter().map(Node::Given).collect()),
                Err(_) => return,
            },
            Some(b'n') => Node::Absent,
            _ => return,
        };
    }

    fn kind(&self) -> &'static str {
        match self {
            Node::Absent => "null",
            Node::Text(_) => "a string",
            Node::Object(_) => "an object",
            Node::Array(_) => "an array",
            Node::Given(raw) => match raw.get().as_bytes().first() {
                Some(b'{') => "an object",
                Some(b'[') => "an array",
                Some(b'"') => "a string",
                Some(b't' | b'f') => "a boolean",
                Some(b'n') => "null",
                _ => "a number",
            },
        }
    }
}

/// A name, and what stands in brackets behind it. A backslash takes the meaning from what follows: a bracket, a
/// backslash, or the first digit of what would be an index.
fn steps(key: &str) -> Result<Vec<Step>, JsonError> {
    let mut steps = Vec::new();
    let (name, _, mut rest) = word(key);
    if !key.starts_with('[') {
        steps.push(Step::Key(name));
    }
    while !rest.is_empty() {
        let inside = rest.strip_prefix('[').ok_or(JsonError::BadKey)?;
        let (name, has_escape, more) = word(inside);
        rest = more.strip_prefix(']').ok_or(JsonError::BadKey)?;
        let digits = name.strip_prefix('-').unwrap_or(&name);
        let is_number = !digits.is_empty() && digits.bytes().all(|octet| octet.is_ascii_digit());
        steps.push(match (has_escape, is_number) {
            (false, _) if name.is_empty() => Step::Append,
            (false, true) if name.starts_with('-') => return Err(JsonError::NegativeIndex),
            (false, true) => Step::Index(name.parse().map_err(|_| JsonError::TooFar)?),
            _ => Step::Key(name),
        });
        if steps.len() > DEEPEST {
            return Err(JsonError::TooDeep);
        }
    }
    Ok(steps)
}

/// What stands before the next bracket, without its escapes, whether it had any, and what follows.
fn word(text: &str) -> (String, bool, &str) {
    let (mut word, mut has_escape) = (String::new(), false);
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        match c {
            '[' | ']' => return (word, has_escape, &text[at..]),
            '\\' => match chars
                .next_if(|(_, next)| matches!(next, '[' | ']' | '\\' | '-') || next.is_ascii_digit())
            {
                Some((_, next)) => {
                    has_escape = true;
                    word.push(next);
                }
                None => word.push(c),
            },
            _ => word.push(c),
        }
    }
    (word, has_escape, "")
}

/// An object in the order in which it was written; of a key that is there twice, the last value counts.
struct Pairs(Vec<(String, Node)>);

impl<'de> Deserialize<'de> for Pairs {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Pairs, D::Error> {
        struct InOrder;
        impl<'de> Visitor<'de> for InOrder {
            type Value = Pairs;

            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("an object")
            }

            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Pairs, A::Error> {
                let mut pairs: Vec<(String, Node)> = Vec::new();
                while let Some((key, value)) = map.next_entry::<String, Box<RawValue>>()? {
                    pairs.retain(|(found, _)| *found != key);
                    pairs.push((key, Node::Given(value)));
                }
                Ok(Pairs(pairs))
            }
        }
        deserializer.deserialize_map(InOrder)
    }
}

impl Serialize for Node {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Node::Absent => serializer.serialize_unit(),
            Node::Text(text) => serializer.serialize_str(text),
            Node::Given(raw) => raw.serialize(serializer),
            Node::Object(pairs) => serializer.collect_map(pairs.iter().map(|(key, node)| (key, node))),
            Node::Array(items) => serializer.collect_seq(items),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            JsonError::NotJson(why) => write!(f, "its value is not JSON: {why}"),
            JsonError::BadKey => f.write_str("the brackets of its key don't match"),
            JsonError::NegativeIndex => f.write_str("an index can't be negative"),
            JsonError::TooDeep => write!(f, "its key leads over {DEEPEST} levels deep"),
            JsonError::TooFar => write!(f, "its index is over {}", MOST - 1),
            JsonError::Conflict { place, is, needed } if place.is_empty() => {
                write!(f, "the whole is {is} already, and this needs {needed}")
            }
            JsonError::Conflict { place, is, needed } => {
                write!(f, "`{place}` is {is} already, and this needs {needed}")
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What comes of `key=text` and `key:=json`.
    fn built(items: &[&str]) -> Result<String, String> {
        let mut root = Node::default();
        for item in items {
            let (key, value) = match item.split_once(":=") {
                Some((key, json)) => (key, Node::given(json).map_err(|error| error.to_string())?),
                None => item
                    .split_once('=')
                    .map(|(key, text)| (key, Node::Text(text.to_owned())))
                    .expect("an item"),
            };
            root.insert(key, value).map_err(|error| error.to_string())?;
        }
        Ok(String::from_utf8(root.octets()).expect("JSON is text"))
    }

    #[test]
    fn keys_stand_as_they_came_and_lead_into_objects_and_arrays() {
        for (items, expected) in [
            (&["z=1", "a=2"][..], r#"{"z":"1","a":"2"}"#),
            (
                &["n:=1.50", "t:=true", "o:={\"y\": [1], \"b\":2}"],
                r#"{"n":1.50,"t":true,"o":{"y": [1], "b":2}}"#,
            ),
            (&["a=1", "b=2", "a=3"], r#"{"a":"3","b":"2"}"#),
            (&["a[b][c]=1", "a[d]:=2"], r#"{"a":{"b":{"c":"1"},"d":2}}"#),
            (&["a[]=x", "a[]=y"], r#"{"a":["x","y"]}"#),
            (&["a[2]=x", "a[0]=y"], r#"{"a":["y",null,"x"]}"#),
            (&["a[][b]=1", "a[][b]=2", "a[0][c]=3"], r#"{"a":[{"b":"1","c":"3"},{"b":"2"}]}"#),
            (&["[]=1", "[]:=2"], r#"["1",2]"#),
            (&["[a]=1", "b=2"], r#"{"a":"1","b":"2"}"#),
            (&["a:={\"z\":1,\"b\":[2]}", "a[b][]=3", "a[c]=4"], r#"{"a":{"z":1,"b":[2,"3"],"c":"4"}}"#),
            (&["a:=null", "a[b]=1"], r#"{"a":{"b":"1"}}"#),
            (
                &["a\\[b\\]=1", "c[\\5]=2", "d\\e=3", "5=4"],
                r#"{"a[b]":"1","c":{"5":"2"},"d\\e":"3","5":"4"}"#,
            ),
            (&["=x"], r#"{"":"x"}"#),
            (&["n:=123456789012345678901234567890"], r#"{"n":123456789012345678901234567890}"#),
        ] {
            assert_eq!(built(items).as_deref(), Ok(expected), "{items:?}");
        }
    }

    #[test]
    fn what_cannot_be_is_named() {
        for (items, expected) in [
            (&["a=1", "a[b]=2"][..], "`a` is a string already, and this needs an object"),
            (&["a[b]=1", "a[]=2"], "`a` is an object already, and this needs an array"),
            (&["a[]=1", "a[b]=2"], "`a` is an array already, and this needs an object"),
            (&["a[b]:=1", "a[b][0]=2"], "`a[b]` is a number already, and this needs an array"),
            (&["a=1", "[]=2"], "the whole is an object already, and this needs an array"),
            (&["a[b=1"], "the brackets of its key don't match"),
            (&["a]=1"], "the brackets of its key don't match"),
            (&["a[b]c=1"], "the brackets of its key don't match"),
            (&["a[-1]=1"], "an index can't be negative"),
            (&["a[65536]=1"], "its index is over 65535"),
            (&["a[99999999999999999999]=1"], "its index is over 65535"),
            (&["a:=x"], "its value is not JSON: expected value at line 1 column 1"),
            (&["a:=1 2"], "its value is not JSON: trailing characters at line 1 column 3"),
        ] {
            assert_eq!(built(items), Err(expected.to_owned()), "{items:?}");
        }
    }

    #[test]
    fn a_key_leads_only_so_deep() {
        let deep = |levels: usize| built(&[&format!("a{}=1", "[]".repeat(levels - 1))]);
        assert_eq!(deep(DEEPEST).map(|text| text.len()), Ok("{\"a\":\"1\"}".len() + 2 * (DEEPEST - 1)));
        assert_eq!(deep(DEEPEST + 1), Err("its key leads over 128 levels deep".to_owned()));
    }

    #[test]
    fn a_form_has_the_text_of_what_is_no_object_and_no_array() {
        let texts = ["\"a\\n\"", "1.50", "true", "null", "{}", "[]"]
            .map(|json| Node::given(json).ok().and_then(|node| node.as_text()));
        let expected = [Some("a\n"), Some("1.50"), Some("true"), Some("null"), None, None];
        assert_eq!(texts, expected.map(|text| text.map(str::to_owned)));
    }
}
