//! Owns dumps of headers, such as `curl -si` prints: their Set-Cookie values, and the Cookie headers of requests.
//! Does not judge the values.

/// The values of all Set-Cookie lines, in their order, octet for octet.
///
/// A dump is one head or several, each ended by an empty line; whatever follows the last head is a body. A folded
/// line belongs to the header before it and is never one of its own.
pub fn set_cookie_values(dump: &[u8]) -> Vec<Vec<u8>> {
    named(dump, b"set-cookie", is_status_line).into_iter().map(|(_, value)| value).collect()
}

/// The values of all headers of one name in a head; the name is in lower case.
pub(super) fn values(head: &[u8], name: &[u8]) -> Vec<Vec<u8>> {
    named(head, name, is_status_line).into_iter().map(|(_, value)| value).collect()
}

/// The Set-Cookie values with the number of each line, from one; a text without any header is one value a line.
pub fn set_cookies(text: &[u8]) -> Vec<(usize, Vec<u8>)> {
    if first_line(text).is_some_and(|line| is_status_line(line) || name_of(line).is_some()) {
        return named(text, b"set-cookie", is_status_line);
    }
    bare(text)
}

/// The Cookie headers of a head, each with its line; a text without one of them is one header a line.
pub fn cookies(text: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let named = named(text, b"cookie", is_request_line);
    let is_request = first_line(text).is_some_and(is_request_line);
    if named.is_empty() && !is_request { bare(text) } else { named }
}

/// The name of the header that a line is, if it is one.
pub fn name_of(line: &[u8]) -> Option<&[u8]> {
    let is_token = |octet: &u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(octet);
    let colon = line.iter().position(|octet| *octet == b':')?;
    let name = line[..colon].trim_ascii_end();
    (!name.is_empty() && name.iter().all(is_token)).then_some(name)
}

pub fn is_status_line(line: &[u8]) -> bool {
    line.starts_with(b"HTTP/")
}

pub fn is_request_line(line: &[u8]) -> bool {
    let version = line.iter().rposition(|octet| *octet == b' ').map(|at| &line[at + 1..]);
    version.is_some_and(|version| version.starts_with(b"HTTP/"))
}

/// The first line that is not empty.
pub fn first_line(text: &[u8]) -> Option<&[u8]> {
    lines(text).map(|(_, line)| line).find(|line| !is_blank(line))
}

/// Lines without their ends, with their numbers.
pub fn lines(text: &[u8]) -> impl Iterator<Item = (usize, &[u8])> {
    (1..).zip(text.split(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line)))
}

fn named(dump: &[u8], name: &[u8], opens_head: fn(&[u8]) -> bool) -> Vec<(usize, Vec<u8>)> {
    let mut values: Vec<(usize, Vec<u8>)> = Vec::new();
    let mut is_in_head = true;
    let mut folds_into_value = false;
    for (number, line) in lines(dump).skip_while(|(_, line)| line.is_empty()) {
        if !is_in_head {
            if !opens_head(line) {
                break;
            }
            is_in_head = true;
        }
        match line {
            [] => is_in_head = false,
            [b' ' | b'\t', ..] => {
                if let (true, Some((_, value))) = (folds_into_value, values.last_mut()) {
                    value.push(b' ');
                    value.extend_from_slice(line.trim_ascii());
                }
            }
            line => {
                let value = value_of(line, name);
                folds_into_value = value.is_some();
                values.extend(value.map(|value| (number, value)));
            }
        }
    }
    values
}

fn value_of(line: &[u8], header: &[u8]) -> Option<Vec<u8>> {
    let colon = line.iter().position(|octet| *octet == b':')?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let blank = |octet: &u8| matches!(octet, b' ' | b'\t');
    let start = value.iter().position(|octet| !blank(octet)).unwrap_or(value.len());
    name.trim_ascii_end().eq_ignore_ascii_case(header).then(|| value[start..].to_vec())
}

fn bare(text: &[u8]) -> Vec<(usize, Vec<u8>)> {
    let lines = lines(text).filter(|(_, line)| !is_blank(line));
    lines.map(|(number, line)| (number, line.trim_ascii().to_vec())).collect()
}

fn is_blank(line: &[u8]) -> bool {
    line.trim_ascii().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn values(dump: &str) -> Vec<String> {
        let text = |value: Vec<u8>| String::from_utf8(value).expect("UTF-8 in, UTF-8 out");
        set_cookie_values(dump.as_bytes()).into_iter().map(text).collect()
    }

    #[test]
    fn every_head_of_a_dump_is_read_and_no_body() {
        let dump = "HTTP/1.1 302 Found\r\nSet-Cookie: a=1\r\nset-cookie:b=2; Path=/\r\n\r\n\
                    HTTP/2 200\r\nSET-COOKIE: c=3\r\n\r\nSet-Cookie: body=4\r\n";
        assert_eq!(values(dump), ["a=1", "b=2; Path=/", "c=3"]);
    }

    #[test]
    fn lines_alone_are_a_dump_too() {
        assert_eq!(values("Set-Cookie: a=1\nX: y\nSet-Cookie: b=2"), ["a=1", "b=2"]);
        assert_eq!(values(""), [""; 0]);
    }

    #[test]
    fn a_folded_line_is_no_header_of_its_own() {
        assert_eq!(
            values("X: y\r\n Set-Cookie: evil=1\r\nSet-Cookie: a=1\r\n\t; Path=/\r\n"),
            ["a=1 ; Path=/"]
        );
    }

    fn numbered(lines: Vec<(usize, Vec<u8>)>) -> Vec<(usize, String)> {
        lines.into_iter().map(|(line, value)| (line, String::from_utf8(value).expect("UTF-8"))).collect()
    }

    #[test]
    fn values_without_a_header_stand_one_a_line() {
        let text = "\na=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT\r\n\nb=2\n";
        let expected = [(2, "a=1; Expires=Wed, 01 Jan 2031 00:00:00 GMT".to_owned()), (4, "b=2".to_owned())];
        assert_eq!(numbered(set_cookies(text.as_bytes())), expected);
        let dump = "\nHTTP/1.1 200 OK\nX: y\nSet-Cookie: a=1\n\nb=2\n";
        assert_eq!(numbered(set_cookies(dump.as_bytes())), [(4, "a=1".to_owned())]);
        assert_eq!(numbered(set_cookies(b"X: y\n\nb=2\n")), []);
    }

    #[test]
    fn of_a_request_the_cookie_header_is_read_and_no_body() {
        let dump = "POST / HTTP/1.1\r\nHost: h\r\ncookie: a=1; b=2\r\n\r\nCookie: body=1";
        assert_eq!(numbered(cookies(dump.as_bytes())), [(3, "a=1; b=2".to_owned())]);
        assert_eq!(numbered(cookies(b"GET / HTTP/1.1\nHost: h\n")), []);
        assert_eq!(numbered(cookies(b"a=1\n\nb=2\n")), [(1, "a=1".to_owned()), (3, "b=2".to_owned())]);
    }
}
