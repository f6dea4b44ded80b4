//! Owns the printing of heads: the lines of a request or response as they stand on the wire.
//! Does not mask anything by itself; `verbose` does.

use http::{HeaderName, StatusCode, Version};

use crate::exchange::transport::Head;
use crate::output::sanitize;
use crate::output::style::{Meaning, Palette};

/// A response's head, exact, for `-i` and `-I`.
pub fn exact(head: &Head) -> Vec<u8> {
    let mut out = status_line(head);
    out.extend_from_slice(b"\r\n");
    for (name, value) in &head.headers {
        out.extend_from_slice(title_case(name).as_bytes());
        out.extend_from_slice(b": ");
        out.extend_from_slice(value.as_bytes());
        out.extend_from_slice(b"\r\n");
    }
    out.extend_from_slice(b"\r\n");
    out
}

/// The same in colours, and harmless for a terminal.
pub fn painted(head: &Head, palette: Palette) -> String {
    let is_bad = head.status.is_client_error() || head.status.is_server_error();
    let meaning = match head.status.is_success() {
        true => Meaning::Good,
        false if is_bad => Meaning::Bad,
        false => Meaning::Number,
    };
    let line = sanitize::line(&status_line(head));
    let (version, status) = line.split_once(' ').unwrap_or((&line, ""));
    let mut text = format!("{} {}\n", palette.paint(Meaning::Quiet, version), palette.paint(meaning, status));
    for (name, value) in &head.headers {
        let name = palette.paint(Meaning::Name, &title_case(name));
        text.push_str(&format!("{name}: {}\n", sanitize::line(value.as_bytes())));
    }
    text + "\n"
}

pub fn status_line(head: &Head) -> Vec<u8> {
    let reason = match &head.reason {
        Some(reason) => reason,
        None if head.version == Version::HTTP_2 => &b""[..],
        None => head.status.canonical_reason().unwrap_or_default().as_bytes(),
    };
    let line = format!("{} {} ", version(head.version), head.status.as_u16());
    [line.as_bytes(), reason].concat()
}

/// `200 OK`, for one line of text.
pub fn status(status: StatusCode) -> String {
    format!("{} {}", status.as_u16(), status.canonical_reason().unwrap_or_default()).trim_end().to_owned()
}

/// The stack does not keep the case in which names came; this is the one in which they are mostly written.
pub fn title_case(name: &HeaderName) -> String {
    let mut starts_word = true;
    let letters = name.as_str().chars().map(|letter| {
        let cased = if starts_word { letter.to_ascii_uppercase() } else { letter };
        starts_word = letter == '-';
        cased
    });
    letters.collect()
}

pub fn version(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2",
        _ => "HTTP/1.1",
    }
}
