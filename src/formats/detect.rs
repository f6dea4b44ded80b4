//! Owns the guess which format a text is of, from the text alone.
//! Does not read cookies; a text that is of a format by its looks may still hold none.

use crate::formats::format::Format;
use crate::formats::header;
use crate::formats::netscape_line::Line;
use crate::formats::shape::Shape;

/// The format of a text, if its looks tell; a byte order mark and blanks in front tell nothing.
pub fn detect(octets: &[u8]) -> Option<Format> {
    let text = octets.strip_prefix(b"\xef\xbb\xbf").unwrap_or(octets).trim_ascii_start();
    match text.first()? {
        b'{' => of_object(&Shape::of(text)),
        b'[' => of_array(&Shape::of(text)),
        _ if is_netscape(text) => Some(Format::Netscape),
        _ => of_headers(text),
    }
}

fn of_object(shape: &Shape) -> Option<Format> {
    let has = |field| shape.has(field);
    if has("log") {
        Some(Format::Har)
    } else if shape.entry_has("raw_cookie") || has("raw_cookie") {
        Some(Format::CookieStore)
    } else if has("__meta__") || (has("cookies") && has("headers")) {
        Some(if shape.meta_has("xh") { Format::Xh } else { Format::Httpie })
    } else if has("format") && has("cookies") || shape.entry_has("host_only") {
        Some(Format::Json)
    } else if has("cookies") {
        Some(if shape.entry_has("hostOnly") { Format::Extension } else { Format::Playwright })
    } else {
        has("host_only").then_some(Format::Ndjson)
    }
}

/// The fields of its first cookie tell them apart; an empty list is one in any of them.
fn of_array(shape: &Shape) -> Option<Format> {
    let has = |field| shape.entry_has(field);
    if has("raw_cookie") {
        Some(Format::CookieStore)
    } else if ["hostOnly", "expirationDate", "storeId", "Name raw"].into_iter().any(has) {
        Some(Format::Extension)
    } else if has("httpOnly") || has("sameSite") {
        Some(Format::Playwright)
    } else {
        (has("host_only") || shape.is_empty).then_some(Format::Json)
    }
}

/// By its first comment, or by its first line that is none.
fn is_netscape(text: &[u8]) -> bool {
    let heads: [&[u8]; 2] = [b"# netscape http cookie file", b"# http cookie file"];
    let is_head = |line: &[u8]| heads.contains(&&*line.trim_ascii().to_ascii_lowercase());
    header::first_line(text).is_some_and(is_head)
        || header::lines(text).find_map(|(_, line)| Line::read(line)).is_some_and(|line| line.is_ok())
}

fn of_headers(text: &[u8]) -> Option<Format> {
    let line = header::first_line(text)?;
    let is_named =
        |name: &str| header::name_of(line).is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()));
    if header::is_status_line(line) || is_named("set-cookie") {
        return Some(Format::SetCookie);
    }
    if header::is_request_line(line) || is_named("cookie") {
        return Some(Format::CookieHeader);
    }
    if header::name_of(line).is_some() {
        let has_cookie = !header::set_cookie_values(text).is_empty();
        return has_cookie.then_some(Format::SetCookie);
    }
    let is_text = !line.iter().any(|octet| octet.is_ascii_control() && *octet != b'\t');
    let has_pair = line.contains(&b'=') && !line.starts_with(b"<") && is_text;
    has_pair.then(|| if has_attribute(line) { Format::SetCookie } else { Format::CookieHeader })
}

/// Does anything behind the first pair look like an attribute? None of their names is usual for a cookie.
fn has_attribute(line: &[u8]) -> bool {
    const NAMES: [&str; 7] = ["domain", "expires", "httponly", "max-age", "path", "samesite", "secure"];
    line.split(|octet| *octet == b';').skip(1).any(|part| {
        let name = part.split(|octet| *octet == b'=').next().unwrap_or_default().trim_ascii();
        NAMES.iter().any(|attribute| name.eq_ignore_ascii_case(attribute.as_bytes()))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_is_told_by_its_looks() {
        for (text, expected) in [
            ("", None),
            (" \n", None),
            ("hello", None),
            ("<html lang=en>", None),
            ("{}", None),
            ("[]", Some(Format::Json)),
            ("[1]", None),
            (r#"[{"name":"a","host_only":true}]"#, Some(Format::Json)),
            ("[\n{\"name\":\"a\",\"host_only\":tru", Some(Format::Json)),
            (r#"{"format":"kuki-jar","version":1,"cookies":[]}"#, Some(Format::Json)),
            ("{\"name\":\"a\",\"host_only\":true}\n{\"name\":\"b\"}\n", Some(Format::Ndjson)),
            (r#"{"cookies":[],"origins":[]}"#, Some(Format::Playwright)),
            (r#"[{"name":"a","httpOnly":true,"expires":-1}]"#, Some(Format::Playwright)),
            (r#"[{"name":"a","hostOnly":true,"httpOnly":true}]"#, Some(Format::Extension)),
            (r#"[{"Host raw":"http://h/","Name raw":"a"}]"#, Some(Format::Extension)),
            (r#"{"url":"https://h","cookies":[{"hostOnly":true}]}"#, Some(Format::Extension)),
            (r#"{"log":{"entries":[]}}"#, Some(Format::Har)),
            (r#"{"__meta__":{"httpie":"3.2.4"},"cookies":[]}"#, Some(Format::Httpie)),
            (r#"{"cookies":{"a":{"value":"1"}},"headers":{}}"#, Some(Format::Httpie)),
            (r#"{"__meta__":{"about":"xh session file","xh":"0.25.0"},"cookies":{}}"#, Some(Format::Xh)),
            (r#"[{"raw_cookie":"a=1","path":["/",true]}]"#, Some(Format::CookieStore)),
            (r#"{"raw_cookie":"a=1","path":["/",true]}"#, Some(Format::CookieStore)),
            ("# Netscape HTTP Cookie File\n", Some(Format::Netscape)),
            ("# HTTP Cookie File\r\n# x\r\n", Some(Format::Netscape)),
            ("# note\n\nh.example\tTRUE\t/\tFALSE\t0\ta\tb=c\n", Some(Format::Netscape)),
            ("h.example TRUE / FALSE 0 a b=c\n", Some(Format::Netscape)),
            ("# note\n", None),
            ("Cookie: a=1", Some(Format::CookieHeader)),
            ("a=1; b=2", Some(Format::CookieHeader)),
            ("GET / HTTP/1.1\nHost: h\nCookie: a=1\n", Some(Format::CookieHeader)),
            ("set-cookie: a=1", Some(Format::SetCookie)),
            ("HTTP/2 200\n", Some(Format::SetCookie)),
            ("Date: now\nSet-Cookie: a=1\n", Some(Format::SetCookie)),
            ("Date: now\n", None),
            ("a=1; path=/", Some(Format::SetCookie)),
            ("a=1; HttpOnly", Some(Format::SetCookie)),
        ] {
            assert_eq!(detect(text.as_bytes()), expected, "{text}");
            assert_eq!(detect(format!("\u{feff}\n {text}").as_bytes()), expected, "{text} behind a mark");
        }
    }
}
