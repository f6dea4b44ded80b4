//! Owns `multipart/form-data`: how parts are put together, and what their heads say.
//! Does not read the parts' files; a body only names them.

use bytes::Bytes;

use crate::exchange::body::{Body, Piece};

/// One part of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// An empty one is left out.
    pub name: Vec<u8>,
    pub file_name: Option<Vec<u8>>,
    pub content_type: Option<Vec<u8>>,
    pub content: Piece,
}

/// The whole form. The boundary must be in none of the parts.
pub fn body(parts: Vec<Part>, boundary: &str) -> Body {
    let mut pieces = Vec::new();
    let mut between = format!("--{boundary}\r\n").into_bytes();
    for part in parts {
        between.extend(head(&part));
        pieces.extend([Piece::Octets(Bytes::from(between)), part.content]);
        between = format!("\r\n--{boundary}\r\n").into_bytes();
    }
    // The last delimiter ends in two hyphens.
    between.truncate(between.len() - 2);
    between.extend_from_slice(b"--\r\n");
    pieces.push(Piece::Octets(between.into()));
    pieces.into_iter().collect()
}

fn head(part: &Part) -> Vec<u8> {
    let mut head = b"Content-Disposition: form-data".to_vec();
    let quoted = |what: &[u8], value: &[u8]| [b"; ", what, b"=\"", &*escaped(value), b"\""].concat();
    if !part.name.is_empty() {
        head.extend(quoted(b"name", &part.name));
    }
    if let Some(file_name) = &part.file_name {
        head.extend(quoted(b"filename", file_name));
    }
    let guessed = part.file_name.as_deref().and_then(guessed_type).map(<[u8]>::to_vec);
    let is_file = part.file_name.is_some() && !matches!(part.content, Piece::Octets(_));
    let fallback = is_file.then(|| b"application/octet-stream".to_vec());
    if let Some(content_type) = part.content_type.clone().or(guessed).or(fallback) {
        head.extend_from_slice(b"\r\nContent-Type: ");
        head.extend(content_type);
    }
    head.extend_from_slice(b"\r\n\r\n");
    head
}

/// As browsers write them: three octets can't be in quotes, and the rest stays as it is.
fn escaped(value: &[u8]) -> Vec<u8> {
    let mut escaped = Vec::new();
    for octet in value {
        match octet {
            b'"' => escaped.extend_from_slice(b"%22"),
            b'\r' => escaped.extend_from_slice(b"%0D"),
            b'\n' => escaped.extend_from_slice(b"%0A"),
            other => escaped.push(*other),
        }
    }
    escaped
}

/// By its ending, the few that curl knows.
fn guessed_type(file_name: &[u8]) -> Option<&'static [u8]> {
    let ending = file_name.rsplit(|octet| *octet == b'.').next()?.to_ascii_lowercase();
    Some(match &*ending {
        b"gif" => b"image/gif",
        b"jpg" | b"jpeg" => b"image/jpeg",
        b"png" => b"image/png",
        b"svg" => b"image/svg+xml",
        b"txt" => b"text/plain",
        b"htm" | b"html" => b"text/html",
        b"pdf" => b"application/pdf",
        b"xml" => b"application/xml",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(name: &str, file_name: Option<&str>, content_type: Option<&str>) -> Part {
        let octets = |text: &str| text.as_bytes().to_vec();
        Part {
            name: octets(name),
            file_name: file_name.map(octets),
            content_type: content_type.map(octets),
            content: Piece::Octets(Bytes::from_static(b"x")),
        }
    }

    #[test]
    fn parts_are_between_boundaries_and_what_is_at_hand_is_one_piece() {
        let whole = "--B\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\nx\r\n\
                     --B\r\nContent-Disposition: form-data; name=\"b\"\r\n\r\nx\r\n--B--\r\n";
        let body = body(vec![part("a", None, None), part("b", None, None)], "B");
        assert_eq!(body.pieces, [Piece::Octets(Bytes::from(whole))]);
    }

    #[test]
    fn a_file_stays_a_piece_of_its_own() {
        let content = Piece::File { path: "f".into(), from: 0, length: Some(7) };
        let body = body(vec![Part { content: content.clone(), ..part("a", Some("f"), None) }], "B");
        let before = "--B\r\nContent-Disposition: form-data; name=\"a\"; filename=\"f\"\r\n\
                      Content-Type: application/octet-stream\r\n\r\n";
        let octets = |text: &str| Piece::Octets(Bytes::copy_from_slice(text.as_bytes()));
        assert_eq!(body.pieces, [octets(before), content, octets("\r\n--B--\r\n")]);
        assert_eq!(body.length(), Some(before.len() as u64 + 7 + 9));
    }

    #[test]
    fn a_head_names_the_part_its_file_and_what_it_is() {
        for (part, expected) in [
            (part("", None, None), ""),
            (part("a\"b\r\n", None, None), "; name=\"a%22b%0D%0A\""),
            (
                part("a", Some("x\"y.TXT"), None),
                "; name=\"a\"; filename=\"x%22y.TXT\"\r\nContent-Type: text/plain",
            ),
            (part("a", Some("x.png"), Some("b/c")), "; name=\"a\"; filename=\"x.png\"\r\nContent-Type: b/c"),
            (part("a", Some("x"), None), "; name=\"a\"; filename=\"x\""),
            (part("a", None, Some("b/c")), "; name=\"a\"\r\nContent-Type: b/c"),
        ] {
            let head = String::from_utf8(head(&part)).expect("text");
            assert_eq!(head, format!("Content-Disposition: form-data{expected}\r\n\r\n"));
        }
    }
}
