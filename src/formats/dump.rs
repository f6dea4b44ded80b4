//! Owns the heads in a dump of headers, as `curl -si`, `curl -sD-` and `curl -v` print them: of a redirect chain there are
//! several.
//! Does not know where they came from; only what each says of itself.

use std::borrow::Cow;

use crate::formats::header;

/// One head of a dump.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DumpedHead {
    /// Not there if the dump begins without a status line.
    pub status: Option<u16>,
    pub location: Option<Vec<u8>>,
    /// The values of its Set-Cookie lines, in their order, octet for octet.
    pub set_cookies: Vec<Vec<u8>>,
}

/// The heads in their order; whatever follows the last one is a body.
pub fn heads(dump: &[u8]) -> Vec<DumpedHead> {
    let mut heads: Vec<DumpedHead> = Vec::new();
    for (status, head) in split(&came_in(dump)) {
        heads.push(DumpedHead {
            status,
            location: header::values(head, b"location").into_iter().next_back(),
            set_cookies: header::values(head, b"set-cookie"),
        });
    }
    heads
}

/// Of a talk that `curl -v` told, what the server said; it stands behind a `<`.
fn came_in(dump: &[u8]) -> Cow<'_, [u8]> {
    let lines = || dump.split_inclusive(|octet| *octet == b'\n');
    if !lines().any(|line| line.starts_with(b"< HTTP/")) {
        return Cow::Borrowed(dump);
    }
    let heard = lines().filter_map(|line| line.strip_prefix(b"<"));
    Cow::Owned(heard.flat_map(|line| line.strip_prefix(b" ").unwrap_or(line)).copied().collect())
}

/// Each head with its status; a head ends with an empty line, and after it only a status line opens another.
fn split(dump: &[u8]) -> Vec<(Option<u16>, &[u8])> {
    let mut heads = Vec::new();
    let mut rest = dump.strip_prefix(b"\xef\xbb\xbf").unwrap_or(dump).trim_ascii_start();
    while !rest.is_empty() {
        let first = header::first_line(rest).unwrap_or_default();
        let is_status_line = header::is_status_line(first);
        if !is_status_line && !heads.is_empty() {
            break;
        }
        let end = end_of_head(rest);
        let status = first
            .split(|octet| *octet == b' ')
            .nth(1)
            .and_then(|digits| std::str::from_utf8(digits).ok().and_then(|digits| digits.parse().ok()));
        heads.push((status.filter(|_| is_status_line), &rest[..end]));
        rest = rest[end..].trim_ascii_start();
    }
    heads
}

fn end_of_head(dump: &[u8]) -> usize {
    let mut end = 0;
    for line in dump.split_inclusive(|octet| *octet == b'\n') {
        if line.trim_ascii_end().is_empty() {
            break;
        }
        end += line.len();
    }
    end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_head_of_a_chain_has_its_own_status_location_and_cookies() {
        let dump = b"HTTP/1.1 302 Found\r\nSet-Cookie: a=1\r\nLocation: /home\r\n\r\nHTTP/2 200 \r\nset-cookie:b=2\r\n\r\n\
                     <html>\r\n\r\nHTTP/1.1 200 OK\r\nSet-Cookie: no=1\r\n";
        let head = |status, location: Option<&str>, line: &str| DumpedHead {
            status: Some(status),
            location: location.map(|text| text.as_bytes().to_vec()),
            set_cookies: vec![line.as_bytes().to_vec()],
        };
        assert_eq!(heads(dump), [head(302, Some("/home"), "a=1"), head(200, None, "b=2")]);
    }

    #[test]
    fn a_dump_without_a_status_line_is_one_head() {
        for (dump, count) in
            [(&b"Set-Cookie: a=1\n"[..], 1), (b"\r\n\r\nSet-Cookie: a=1", 1), (b"", 0), (b"\n", 0)]
        {
            let heads = heads(dump);
            assert_eq!((heads.len(), heads.first().and_then(|head| head.status)), (count, None));
        }
    }

    #[test]
    fn of_a_talk_only_what_came_in_counts() {
        let talk = b"* Connected to a.test\n> GET / HTTP/1.1\r\n> Cookie: no=1\r\n> \r\n< HTTP/1.1 302 Found\r\n\
                     < Set-Cookie: a=1\r\n< Location: /home\r\n< \r\n* Ignoring the response-body\n> GET /home HTTP/1.1\r\n\
                     < HTTP/1.1 200 OK\r\n< set-cookie: b=2\r\n<\nSet-Cookie: no=2\r\n";
        let lines: Vec<_> = heads(talk).into_iter().map(|head| (head.status, head.set_cookies)).collect();
        assert_eq!(lines, [(Some(302), vec![b"a=1".to_vec()]), (Some(200), vec![b"b=2".to_vec()])]);
    }

    #[test]
    fn octets_stay_as_they_came() {
        let heads = heads(b"HTTP/1.1 200 OK\nSet-Cookie: a=\x07\xff\nbad line\n\n");
        assert_eq!(heads[0].set_cookies, [b"a=\x07\xff"]);
    }
}
