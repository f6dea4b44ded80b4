//! Owns the name that an answer's body may be kept under: one part of a path, whatever the server says.
//! Does not look at a directory.

use http::HeaderMap;
use http::header::CONTENT_DISPOSITION;
use percent_encoding::percent_decode;
use url::Url;

/// The last part of the URL's path, as it stands there.
pub fn of_url(url: &Url) -> Option<String> {
    tame(url.path().rsplit('/').next().unwrap_or_default().as_bytes())
}

/// What `Content-Disposition` suggests (RFC 6266); the form with a charset goes first.
pub fn of_head(headers: &HeaderMap) -> Option<String> {
    let line = headers.get(CONTENT_DISPOSITION)?.as_bytes();
    let (mut plain, mut extended) = (None, None);
    for (name, value) in parameters(line) {
        if name.eq_ignore_ascii_case(b"filename") {
            plain = plain.or(Some(value));
        } else if name.eq_ignore_ascii_case(b"filename*") {
            let mut parts = value.splitn(3, |octet| *octet == b'\'');
            if let (Some(charset), Some(_), Some(text)) = (parts.next(), parts.next(), parts.next())
                && charset.eq_ignore_ascii_case(b"utf-8")
            {
                extended = extended.or_else(|| Some(percent_decode(text).collect::<Vec<u8>>()));
            }
        }
    }
    extended.and_then(|name| tame(&name)).or_else(|| tame(&plain?))
}

/// The parameters behind the type; a `;` in quotes divides nothing.
fn parameters(line: &[u8]) -> Vec<(Vec<u8>, Vec<u8>)> {
    let (mut pieces, mut piece, mut quoted) = (Vec::new(), Vec::new(), false);
    let mut octets = line.iter().copied();
    while let Some(octet) = octets.next() {
        match octet {
            b'"' => quoted = !quoted,
            b'\\' if quoted => piece.extend(octets.next()),
            b';' if !quoted => pieces.push(std::mem::take(&mut piece)),
            _ => piece.push(octet),
        }
    }
    pieces.push(piece);
    let pair = |piece: &Vec<u8>| {
        let at = piece.iter().position(|octet| *octet == b'=')?;
        Some((piece[..at].trim_ascii().to_vec(), piece[at + 1..].trim_ascii().to_vec()))
    };
    pieces.iter().skip(1).filter_map(pair).collect()
}

/// More octets are no name on any file system in use.
const LONGEST: usize = 255;

/// One part of a path without control characters, seen or unseen; `None` if nothing is left that can be a name.
fn tame(name: &[u8]) -> Option<String> {
    let name = String::from_utf8_lossy(name);
    let last = name.rsplit(['/', '\\']).next().unwrap_or_default();
    let tamed: String = last.chars().map(|letter| if is_control(letter) { '_' } else { letter }).collect();
    let is_name = !tamed.trim_matches(['.', ' ']).is_empty() && tamed.len() <= LONGEST;
    is_name.then_some(tamed)
}

/// What drives a terminal, turns the order of letters around, as in `exe.txt` that is `txt.exe`, or is not to be seen.
fn is_control(letter: char) -> bool {
    let is_unseen = matches!(
        letter,
        '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    );
    letter.is_control() || is_unseen
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;

    use super::*;

    #[test]
    fn a_url_gives_the_last_part_of_its_path() {
        for (url, expected) in [
            ("http://h/a/b.txt", Some("b.txt")),
            ("http://h/a/b.txt?c=/d.e", Some("b.txt")),
            ("http://h/a%2Fb", Some("a%2Fb")),
            ("http://h/a/..%2F..%2Fetc", Some("..%2F..%2Fetc")),
            ("http://h/a\\b", Some("b")),
            ("http://h/.profile", Some(".profile")),
            ("http://h/a/", None),
            ("http://h", None),
            ("http://h/a/...", None),
        ] {
            let url = Url::parse(url).expect("a URL");
            assert_eq!(of_url(&url).as_deref(), expected, "{url}");
        }
    }

    #[test]
    fn what_is_too_long_for_a_file_is_no_name() {
        for (length, is_name) in [(LONGEST, true), (LONGEST + 1, false)] {
            let name = "n".repeat(length);
            let url = Url::parse(&format!("http://h/{name}")).expect("a URL");
            let mut headers = HeaderMap::new();
            let line = format!("attachment; filename={name}");
            headers.insert(CONTENT_DISPOSITION, HeaderValue::from_str(&line).expect("a value"));
            assert_eq!((of_url(&url).is_some(), of_head(&headers).is_some()), (is_name, is_name), "{length}");
        }
    }

    #[test]
    fn a_head_gives_a_name_that_stays_where_it_is() {
        for (line, expected) in [
            (&b"attachment"[..], None),
            (b"attachment; filename=a.txt", Some("a.txt")),
            (b"attachment; FileName = \"a b;c.txt\" ; x=y", Some("a b;c.txt")),
            (b"attachment; filename=\"a\\\"b\"", Some("a\"b")),
            (b"attachment; filename=\"/etc/passwd\"", Some("passwd")),
            (b"attachment; filename=\"..\\\\..\\\\a.exe\"", Some("a.exe")),
            (b"attachment; filename=..", None),
            (b"attachment; filename=\"a/\"", None),
            (b"attachment; filename=\"a\tb\"", Some("a_b")),
            (b"attachment; filename=a; filename*=UTF-8''%ed%82%a4.txt", Some("\u{d0a4}.txt")),
            (b"attachment; filename*=utf-8'en'..%2f..%2fx%1b; filename=a", Some("x_")),
            (b"attachment; filename*=latin1''x; filename=a", Some("a")),
            (b"attachment; filename*=UTF-8''..; filename=a", Some("a")),
            (b"attachment; filename=\"caf\xe9\"", Some("caf\u{fffd}")),
            (b"attachment; filename=\"a", Some("a")),
            ("attachment; filename=\"a\u{202e}txt.exe\"".as_bytes(), Some("a_txt.exe")),
            ("attachment; filename=\"\u{2066}a\u{feff}b\u{200d}\"".as_bytes(), Some("_a_b\u{200d}")),
            (b"attachment; filename*=UTF-8''%e2%80%aefdp.exe", Some("_fdp.exe")),
        ] {
            let mut headers = HeaderMap::new();
            headers.insert(CONTENT_DISPOSITION, HeaderValue::from_bytes(line).expect("a value"));
            assert_eq!(of_head(&headers).as_deref(), expected, "{}", line.escape_ascii());
        }
    }
}
