//! Owns the check of a JSON document against a JSON Schema of ours.
//! Does not know all of JSON Schema: what our schemas don't use is refused, so that nothing passes unchecked.

use std::fs;
use std::path::PathBuf;

use serde_json::{Map, Value};

/// Each document is JSON and fits `docs/FILE`, or the test fails and says which does not.
#[track_caller]
pub fn fit(file: &str, documents: &[String]) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("docs").join(file);
    let schema = fs::read_to_string(path).expect("a schema");
    let schema = serde_json::from_str(&schema).expect("a schema is JSON");
    for text in documents {
        let document = serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"));
        assert_eq!(faults(&schema, &document), [""; 0], "{file}: {text}");
    }
}

/// Why the document is none that the schema describes, with the place of each fault.
pub fn faults(schema: &Value, document: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    Check { root: schema }.value(schema, document, "$", &mut faults);
    faults
}

struct Check<'a> {
    root: &'a Value,
}

impl Check<'_> {
    fn value(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        let schema = schema.as_object().expect("a schema is an object");
        for (keyword, wanted) in schema {
            let holds = match keyword.as_str() {
                "$defs" | "$schema" | "description" | "title" => true,
                "$ref" => {
                    let pointer = wanted.as_str().and_then(|at| at.strip_prefix('#')).expect("a pointer");
                    let referred = self.root.pointer(pointer).expect("it leads somewhere");
                    self.value(referred, value, at, faults);
                    true
                }
                "additionalProperties" => wanted == &Value::Bool(false) && self.knows_all(schema, value),
                "anyOf" => {
                    wanted.as_array().expect("a list").iter().any(|schema| self.fits(schema, value, at))
                }
                "const" => wanted == value,
                "enum" => wanted.as_array().expect("a list").contains(value),
                "items" => {
                    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
                        self.value(wanted, item, &format!("{at}[{index}]"), faults);
                    }
                    true
                }
                "minimum" => value.as_f64().is_none_or(|number| Some(number) >= wanted.as_f64()),
                "oneOf" => {
                    let choices = wanted.as_array().expect("a list").iter();
                    choices.filter(|schema| self.fits(schema, value, at)).count() == 1
                }
                "properties" => {
                    for (name, schema) in wanted.as_object().expect("an object") {
                        if let Some(member) = value.get(name) {
                            self.value(schema, member, &format!("{at}.{name}"), faults);
                        }
                    }
                    true
                }
                "required" => {
                    let names = wanted.as_array().expect("a list").iter().filter_map(Value::as_str);
                    !value.is_object() || names.clone().all(|name| value.get(name).is_some())
                }
                "type" => match wanted {
                    Value::Array(types) => types.iter().any(|name| is_of(name, value)),
                    name => is_of(name, value),
                },
                unknown => panic!("the check does not know `{unknown}`"),
            };
            if !holds {
                faults.push(format!("{at}: {keyword} {wanted} does not hold of {value}"));
            }
        }
    }

    fn fits(&self, schema: &Value, value: &Value, at: &str) -> bool {
        let mut faults = Vec::new();
        self.value(schema, value, at, &mut faults);
        faults.is_empty()
    }

    fn knows_all(&self, schema: &Map<String, Value>, value: &Value) -> bool {
        let known = schema.get("properties").and_then(Value::as_object).expect("properties");
        value.as_object().is_none_or(|members| members.keys().all(|name| known.contains_key(name)))
    }
}

fn is_of(name: &Value, value: &Value) -> bool {
    match name.as_str().expect("a name") {
        "array" => value.is_array(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "null" => value.is_null(),
        "number" => value.is_number(),
        "object" => value.is_object(),
        "string" => value.is_string(),
        other => panic!("there is no type `{other}`"),
    }
}
