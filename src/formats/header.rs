//! Owns dumps of response headers, such as `curl -si` prints: their Set-Cookie values.
//! Does not judge the values.

/// The values of all Set-Cookie lines, in their order, octet for octet.
///
/// A dump is one head or several, each ended by an empty line; whatever follows the last head is a body. A folded
/// line belongs to the header before it and is never one of its own.
pub fn set_cookie_values(dump: &[u8]) -> Vec<Vec<u8>> {
    let mut values: Vec<Vec<u8>> = Vec::new();
    let mut is_in_head = true;
    let mut folds_into_cookie = false;
    for line in dump.split(|octet| *octet == b'\n') {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        if !is_in_head {
            if !line.starts_with(b"HTTP/") {
                break;
            }
            is_in_head = true;
        }
        match line {
            [] => is_in_head = false,
            [b' ' | b'\t', ..] => {
                if let (true, Some(value)) = (folds_into_cookie, values.last_mut()) {
                    value.push(b' ');
                    value.extend_from_slice(line.trim_ascii());
                }
            }
            line => {
                let value = value_of(line);
                folds_into_cookie = value.is_some();
                values.extend(value);
            }
        }
    }
    values
}

fn value_of(line: &[u8]) -> Option<Vec<u8>> {
    let colon = line.iter().position(|octet| *octet == b':')?;
    let (name, value) = (&line[..colon], &line[colon + 1..]);
    let blank = |octet: &u8| matches!(octet, b' ' | b'\t');
    let start = value.iter().position(|octet| !blank(octet)).unwrap_or(value.len());
    name.trim_ascii_end().eq_ignore_ascii_case(b"set-cookie").then(|| value[start..].to_vec())
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
}
