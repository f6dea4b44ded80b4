//! Owns the grammar of what stands behind the URL: items as HTTPie writes them.
//! Does not read the files that they name, nor the JSON that they hold.

/// One item.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    pub kind: ItemKind,
    pub key: Vec<u8>,
    pub value: Vec<u8>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ItemKind {
    /// `Header;`
    EmptyHeader,
    /// `name@file`
    File,
    /// `Header:value`, or `Header:` to leave it out.
    Header,
    /// `Header:@file`
    HeaderFile,
    /// `name:=json`
    Json,
    /// `name:=@file`
    JsonFile,
    /// `name==value`
    Query,
    /// `name==@file`
    QueryFile,
    /// `name=value`
    Text,
    /// `name=@file`
    TextFile,
}

/// Where two begin at the same place, the longer one is meant: it stands first.
const SEPARATORS: [(&[u8], ItemKind); 10] = [
    (b":=@", ItemKind::JsonFile),
    (b"==@", ItemKind::QueryFile),
    (b":=", ItemKind::Json),
    (b":@", ItemKind::HeaderFile),
    (b"==", ItemKind::Query),
    (b"=@", ItemKind::TextFile),
    (b":", ItemKind::Header),
    (b";", ItemKind::EmptyHeader),
    (b"=", ItemKind::Text),
    (b"@", ItemKind::File),
];

impl ItemKind {
    /// Does it say something of the body?
    pub fn is_data(self) -> bool {
        use ItemKind::{File, Json, JsonFile, Text, TextFile};
        matches!(self, File | Json | JsonFile | Text | TextFile)
    }
}

/// Reads one argument; `None` if it has no separator, or a `;` that does not end it.
///
/// A backslash takes the meaning from the separator's octet behind it, and stays where there is none.
pub fn item(given: &[u8]) -> Option<Item> {
    let mut key = Vec::new();
    let mut rest = given;
    loop {
        if let Some((octet, more)) = escaped(rest) {
            key.push(octet);
            rest = more;
            continue;
        }
        if let Some((mark, kind)) = SEPARATORS.iter().find(|(mark, _)| rest.starts_with(mark)) {
            let value = unescaped(&rest[mark.len()..]);
            let is_sound = *kind != ItemKind::EmptyHeader || value.is_empty();
            return is_sound.then_some(Item { kind: *kind, key, value });
        }
        let (octet, more) = rest.split_first()?;
        key.push(*octet);
        rest = more;
    }
}

/// What an escape at the beginning stands for.
fn escaped(text: &[u8]) -> Option<(u8, &[u8])> {
    match text {
        [b'\\', octet @ (b':' | b';' | b'=' | b'@'), more @ ..] => Some((*octet, more)),
        _ => None,
    }
}

fn unescaped(mut text: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    while let Some((octet, more)) = escaped(text).or_else(|| text.split_first().map(|(o, more)| (*o, more))) {
        plain.push(octet);
        text = more;
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_item_is_told_by_its_first_separator_and_the_longest_there() {
        use ItemKind::{
            EmptyHeader, File, Header, HeaderFile, Json, JsonFile, Query, QueryFile, Text, TextFile,
        };
        for (given, expected) in [
            ("a=b", Some((Text, "a", "b"))),
            ("a=", Some((Text, "a", ""))),
            ("=b", Some((Text, "", "b"))),
            ("a=b=c:d@e", Some((Text, "a", "b=c:d@e"))),
            ("a:=1", Some((Json, "a", "1"))),
            ("a:={\"b\":1}", Some((Json, "a", "{\"b\":1}"))),
            ("a==b c", Some((Query, "a", "b c"))),
            ("a==@f", Some((QueryFile, "a", "f"))),
            ("X-A:b", Some((Header, "X-A", "b"))),
            ("X-A: b:c=d", Some((Header, "X-A", " b:c=d"))),
            ("X-A:", Some((Header, "X-A", ""))),
            ("X-A:@f", Some((HeaderFile, "X-A", "f"))),
            ("X-A;", Some((EmptyHeader, "X-A", ""))),
            ("X-A;b", None),
            ("a@f.txt;type=b/c", Some((File, "a", "f.txt;type=b/c"))),
            ("a=@f", Some((TextFile, "a", "f"))),
            ("a:=@f", Some((JsonFile, "a", "f"))),
            ("a[b][]=c", Some((Text, "a[b][]", "c"))),
            ("a\\=b=c", Some((Text, "a=b", "c"))),
            ("a\\:=b", Some((Text, "a:", "b"))),
            ("a\\[b=c\\d\\\\", Some((Text, "a\\[b", "c\\d\\\\"))),
            ("a=b\\=c", Some((Text, "a", "b=c"))),
            ("a\\=b", None),
            ("more", None),
            ("", None),
        ] {
            let read = item(given.as_bytes());
            let text = |octets: Vec<u8>| String::from_utf8(octets).expect("text");
            let read = read.map(|item| (item.kind, text(item.key), text(item.value)));
            let expected = expected.map(|(kind, key, value)| (kind, key.to_owned(), value.to_owned()));
            assert_eq!(read, expected, "{given}");
        }
    }
}
