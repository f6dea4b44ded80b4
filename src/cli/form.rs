//! Owns what `-F` says: a field of a form as curl writes it, with what follows its content.
//! Does not open the files that it names.

use std::fmt;

/// `NAME=CONTENT`, `NAME=@FILE` or `NAME=<FILE`, and `;type=…`, `;filename=…` behind it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Field {
    pub name: Vec<u8>,
    pub content: Content,
    pub content_type: Option<Vec<u8>>,
    pub file_name: Option<Vec<u8>>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Content {
    Literal(Vec<u8>),
    /// A file, sent under its name.
    File(Vec<u8>),
    /// A file's content, sent as if it had been typed.
    Text(Vec<u8>),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldError {
    /// There is no `=`.
    NoContent,
    /// A quote that is not closed.
    OpenQuote,
    /// What stands behind a `;` is none of what is known there.
    Unknown(Vec<u8>),
    SeveralFiles,
    /// curl's form in a form.
    Nested,
    /// A type that is none, or has control characters.
    BadType(Vec<u8>),
}

/// Reads `-F`'s value.
pub fn field(given: &[u8]) -> Result<Field, FieldError> {
    let (name, rest) = named(given)?;
    let mut field =
        Field { name, content: Content::Literal(Vec::new()), content_type: None, file_name: None };
    let mut rest = match rest {
        [mark @ (b'@' | b'<'), rest @ ..] => {
            let (word, quoted, rest) = word(rest)?;
            if !quoted && word.contains(&b',') {
                return Err(FieldError::SeveralFiles);
            }
            field.content = if *mark == b'@' { Content::File(word) } else { Content::Text(word) };
            rest
        }
        [b'(', ..] => return Err(FieldError::Nested),
        rest => {
            let (word, _, rest) = word(rest)?;
            field.content = Content::Literal(word);
            rest
        }
    };
    while let [b';', more @ ..] = rest {
        let more = more.trim_ascii_start();
        if let Some(value) = more.strip_prefix(b"type=") {
            let end = type_ends(value);
            let value_of = value[..end].trim_ascii();
            if !value_of.contains(&b'/') || value_of.iter().any(u8::is_ascii_control) {
                return Err(FieldError::BadType(value_of.to_vec()));
            }
            field.content_type = Some(value_of.to_vec());
            rest = &value[end..];
        } else if let Some(value) = more.strip_prefix(b"filename=") {
            let (word, _, after) = word(value)?;
            field.file_name = Some(word);
            rest = after;
        } else {
            return Err(FieldError::Unknown(more.to_vec()));
        }
    }
    Ok(field)
}

/// Reads `--form-string`'s value: all behind the first `=` is content.
pub fn literal(given: &[u8]) -> Result<Field, FieldError> {
    let (name, content) = named(given)?;
    Ok(Field { name, content: Content::Literal(content.to_vec()), content_type: None, file_name: None })
}

fn named(given: &[u8]) -> Result<(Vec<u8>, &[u8]), FieldError> {
    let at = given.iter().position(|octet| *octet == b'=').ok_or(FieldError::NoContent)?;
    Ok((given[..at].to_vec(), &given[at + 1..]))
}

/// What stands before the next `;`, or in quotes; was it quoted; and what follows, from the `;` on.
fn word(text: &[u8]) -> Result<(Vec<u8>, bool, &[u8]), FieldError> {
    let Some(quoted) = text.trim_ascii_start().strip_prefix(b"\"") else {
        let end = text.iter().position(|octet| *octet == b';').unwrap_or(text.len());
        return Ok((text[..end].trim_ascii().to_vec(), false, &text[end..]));
    };
    let (mut word, mut rest) = (Vec::new(), quoted);
    loop {
        match rest {
            [] => return Err(FieldError::OpenQuote),
            [b'\\', octet @ (b'\\' | b'"'), more @ ..] => {
                word.push(*octet);
                rest = more;
            }
            [b'"', more @ ..] => {
                let more = more.trim_ascii_start();
                return match more {
                    [] | [b';', ..] => Ok((word, true, more)),
                    _ => Err(FieldError::Unknown(more.to_vec())),
                };
            }
            [octet, more @ ..] => {
                word.push(*octet);
                rest = more;
            }
        }
    }
}

/// A type may have parameters of its own, which also begin with a `;`.
fn type_ends(value: &[u8]) -> usize {
    let ends = |at: &usize| {
        let more = value[at + 1..].trim_ascii_start();
        more.starts_with(b"filename=") || more.starts_with(b"type=")
    };
    let marks = value.iter().enumerate().filter(|(_, octet)| **octet == b';').map(|(at, _)| at);
    marks.into_iter().find(ends).unwrap_or(value.len())
}

impl fmt::Display for FieldError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let shown = |octets: &[u8]| String::from_utf8_lossy(octets).escape_debug().to_string();
        match self {
            FieldError::NoContent => write!(f, "it has no `=`"),
            FieldError::OpenQuote => write!(f, "a quote in it is not closed"),
            FieldError::Unknown(what) => write!(f, "`{}` is not known there", shown(what)),
            FieldError::SeveralFiles => write!(f, "it names several files"),
            FieldError::Nested => write!(f, "forms in forms are not known"),
            FieldError::BadType(what) => write!(f, "`{}` is not a type", shown(what)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `content | type | file name`
    fn shown(given: &str) -> Result<String, FieldError> {
        let text = |octets: Vec<u8>| String::from_utf8(octets).expect("text");
        let read = field(given.as_bytes())?;
        assert_eq!(read.name, b"n");
        let content = match read.content {
            Content::Literal(octets) => format!("[{}]", text(octets)),
            Content::File(octets) => format!("@{}", text(octets)),
            Content::Text(octets) => format!("<{}", text(octets)),
        };
        let or_none = |octets: Option<Vec<u8>>| octets.map_or("-".to_owned(), text);
        Ok([content, or_none(read.content_type), or_none(read.file_name)].join(" | "))
    }

    #[test]
    fn a_field_is_content_or_a_file_and_what_is_said_of_it() {
        for (given, expected) in [
            ("n=", "[] | - | -"),
            ("n= a b ", "[a b] | - | -"),
            ("n=a=b@c", "[a=b@c] | - | -"),
            ("n=\"a;b\\\"\\\\\"", "[a;b\"\\] | - | -"),
            ("n=@f.txt", "@f.txt | - | -"),
            ("n=<f.txt", "<f.txt | - | -"),
            ("n=@\"a,b;c\";type=x/y", "@a,b;c | x/y | -"),
            ("n=x;type=text/html; charset=utf-8", "[x] | text/html; charset=utf-8 | -"),
            ("n=@f;type=a/b; c=d;filename=\"g;\\\"h\"", "@f | a/b; c=d | g;\"h"),
            ("n=@f; filename=g ; type=a/b", "@f | a/b | g"),
        ] {
            assert_eq!(shown(given).as_deref(), Ok(expected), "{given}");
        }
    }

    #[test]
    fn what_cannot_be_understood_is_named() {
        for (given, expected) in [
            ("n", "it has no `=`"),
            ("n=\"a", "a quote in it is not closed"),
            ("n=\"a\"b", "`b` is not known there"),
            ("n=a;b", "`b` is not known there"),
            ("n=a;encoder=base64", "`encoder=base64` is not known there"),
            ("n=@a,b", "it names several files"),
            ("n=(x", "forms in forms are not known"),
            ("n=a;type=b", "`b` is not a type"),
        ] {
            assert_eq!(shown(given).map_err(|error| error.to_string()), Err(expected.to_owned()), "{given}");
        }
    }

    #[test]
    fn a_literal_field_has_no_marks() {
        let read = literal(b"n=@\"f;type=a/b").map(|field| (field.content, field.content_type));
        assert_eq!(read, Ok((Content::Literal(b"@\"f;type=a/b".to_vec()), None)));
        assert_eq!(literal(b"n"), Err(FieldError::NoContent));
    }
}
