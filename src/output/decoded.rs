//! Owns the page of `kuki decode`: a line for each layer, what it says of itself below, and at the end the content.
//! Does not decode.

use chrono::{DateTime, Utc};

use crate::formats::decode::layer::{Certainty, Content, Decoded, Layer, Stop};
use crate::output::style::{Meaning, Palette};
use crate::output::{indent, moment, sanitize};

/// How the page is to look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    pub palette: Palette,
    pub now: DateTime<Utc>,
}

/// The longest name but that of ASP.NET.
const COLUMN: usize = 15;

/// What is nested deeper is shown as it came.
const DEEPEST: usize = 100;

/// `heading` says which value it is, where there could be others.
pub fn page(heading: Option<&str>, decoded: &Decoded, look: Look) -> String {
    let heading = heading.map(|heading| look.palette.paint(Meaning::Heading, heading));
    let layers = decoded.layers.iter().flat_map(|layer| self::layer(layer, look));
    let lines: Vec<String> = heading.into_iter().chain(layers).chain(content(decoded, look)).collect();
    lines.join("\n") + "\n"
}

fn layer(layer: &Layer, look: Look) -> Vec<String> {
    let certainty = match layer.certainty {
        Certainty::Certain => "",
        Certainty::Likely => "looks like ",
    };
    let unchecked = match &layer.signature {
        Some(_) if layer.is_unsigned() => "; it is not signed: anybody can have written it",
        Some(_) => "; the signature is not checked",
        None => "",
    };
    let words = format!("{certainty}{}{unchecked}", layer.kind.words());
    let mut lines = vec![fact(layer.kind.code(), Meaning::Name, &words, look)];
    if let Some(header) = &layer.header {
        lines.push(detail("header", &sanitize::line(header.as_bytes()), look));
    }
    if let Some(at) = layer.signed_at {
        lines.push(detail("signed", &moment::told(at, look.now), look));
    }
    lines
        .extend(layer.claims.iter().map(|claim| detail(claim.name, &time(claim.name, claim.at, look), look)));
    if let Some(signature) = layer.signature.as_deref().filter(|signature| !signature.is_empty()) {
        lines.push(detail("signature", &sanitize::line(signature.as_bytes()), look));
    }
    lines
}

/// What a time of a token means now.
fn time(name: &str, at: DateTime<Utc>, look: Look) -> String {
    let told = moment::told(at, look.now);
    let lies_ahead = at > look.now;
    let (words, meaning) = match name {
        "exp" if lies_ahead => ("expires ", Meaning::Good),
        "exp" => ("expired ", Meaning::Bad),
        "nbf" if lies_ahead => ("not valid before ", Meaning::Bad),
        "nbf" => ("valid since ", Meaning::Good),
        "iat" if lies_ahead => ("issued in the future: ", Meaning::Bad),
        "iat" => ("issued ", Meaning::Quiet),
        _ => ("logged in ", Meaning::Quiet),
    };
    look.palette.paint(meaning, &format!("{words}{told}"))
}

fn content(decoded: &Decoded, look: Look) -> Vec<String> {
    let fact = |word, text: &str| fact(word, Meaning::Name, text, look);
    let is_bare = decoded.layers.is_empty();
    let mut lines = match &decoded.content {
        Content::Encrypted => vec![fact("encrypted", "only who has the key can read more")],
        Content::Json(json) => {
            // Whoever nests thousands of brackets would have the page grow with their square.
            let is_deep = depth(json) > DEEPEST;
            let shown = if is_deep { json.clone() } else { indent::laid_out(json) };
            vec![fact("json", &octets(json.len())), sanitize::text(shown.as_bytes())]
        }
        Content::Octets(_) if decoded.stop == Some(Stop::TooLarge) => Vec::new(),
        Content::Octets(content) => {
            vec![fact("octets", &octets(content.len())), sanitize::line(content)]
        }
        Content::Text(text) if text.is_empty() => vec![fact("text", "nothing at all")],
        Content::Text(text) => {
            let known = if is_bare { "; no form that is known" } else { "" };
            let size = format!("{}{}{known}", octets(text.len()), made_of(text));
            vec![fact("text", &size), sanitize::text(text.as_bytes())]
        }
    };
    lines.extend(decoded.stop.map(|stop| {
        let why = match stop {
            Stop::TooDeep => "there are more layers than can make sense",
            Stop::TooLarge => "it is larger than 4 MiB",
        };
        self::fact("stopped", Meaning::Bad, why, look)
    }));
    lines
}

/// How deep the brackets go, at most; those in texts count as well.
fn depth(json: &str) -> usize {
    let (mut depth, mut deepest) = (0_usize, 0);
    for octet in json.bytes() {
        match octet {
            b'[' | b'{' => depth += 1,
            b']' | b'}' => depth = depth.saturating_sub(1),
            _ => {}
        }
        deepest = deepest.max(depth);
    }
    deepest
}

/// What the letters of an id allow: how much chance there is in it at most.
fn made_of(text: &str) -> String {
    let is_hex = text.len() >= 8 && text.bytes().all(|octet| octet.is_ascii_hexdigit());
    let is_number = text.bytes().all(|octet| octet.is_ascii_digit());
    match (is_number, is_hex) {
        (true, _) => ", all of them digits".to_owned(),
        (false, true) => format!(", all of them hexadecimal digits ({} bits)", text.len() * 4),
        (false, false) => String::new(),
    }
}

fn octets(count: usize) -> String {
    format!("{count} {}", if count == 1 { "octet" } else { "octets" })
}

fn fact(word: &str, meaning: Meaning, text: &str, look: Look) -> String {
    format!("{} {text}", look.palette.paint(meaning, &format!("{word:<COLUMN$}")))
}

fn detail(word: &str, text: &str, look: Look) -> String {
    let word = format!("  {word:<width$}", width = COLUMN - 2);
    format!("{} {text}", look.palette.paint(Meaning::Quiet, &word))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::decode::decode;

    const NOON: i64 = 1_777_636_800;

    fn shown(value: &str, later: i64) -> String {
        let now = DateTime::from_timestamp(NOON + later, 0).expect("a time");
        page(None, &decode(value.as_bytes()), Look { palette: Palette::Plain, now })
    }

    #[test]
    fn what_is_nested_deeply_is_not_laid_out() {
        let nested = |depth: usize| format!("{}1{}", "[".repeat(depth), "]".repeat(depth));
        for (depth, lines) in [(100, 202), (101, 2)] {
            assert_eq!(shown(&nested(depth), 0).lines().count(), lines, "{depth}");
        }
    }

    #[test]
    fn a_token_tells_its_times_as_they_are_now() {
        let token = "eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJzdWIiOiJhZGEiLCJpYXQiOjE3Nzc2MzY4MDAsIm5iZiI6MTc3NzYzNjgwMCwiZXhwIjoxNzc3NjQwNDAwfQ.8vsebi29JZR8bS8iTk4szO0-8F8wzRV3x1fJ1Aa6ObM";
        let page = shown(token, 60);
        let expected = r#"jwt             JSON Web Token; the signature is not checked
  header        {"alg":"HS256","typ":"JWT"}
  iat           issued 2026-05-01 12:00:00 UTC, 60 s ago
  nbf           valid since 2026-05-01 12:00:00 UTC, 60 s ago
  exp           expires 2026-05-01 13:00:00 UTC, in 59 min
  signature     8vsebi29JZR8bS8iTk4szO0-8F8wzRV3x1fJ1Aa6ObM
json            64 octets
{
  "sub": "ada",
  "iat": 1777636800,
  "nbf": 1777636800,
  "exp": 1777640400
}
"#;
        assert_eq!(page, expected);
        assert!(shown(token, 7_200).contains("expired 2026-05-01 13:00:00 UTC, 60 min ago\n"));
        assert!(shown(token, -60).contains("not valid before 2026-05-01 12:00:00 UTC, in 60 s\n"));
        assert!(shown(token, -60).contains("issued in the future: "));
    }

    #[test]
    fn what_is_unknown_is_said_to_be_and_what_could_drive_a_terminal_is_escaped() {
        assert_eq!(
            shown("deadbeef", 0),
            "text            8 octets, all of them hexadecimal digits (32 bits); no form that is known\ndeadbeef\n"
        );
        assert_eq!(shown("a\u{1b}[2J", 0).lines().last(), Some("a\\x1b[2J"));
        assert_eq!(shown("%1B%5B2J", 0).lines().last(), Some("\\x1b[2J"));
        assert!(shown("[\"\u{9b}31m\"]", 0).contains("\\u{9b}31m"));
        let unsigned = shown("eyJhbGciOiJub25lIiwidHlwIjoiSldUIn0.eyJzdWIiOiJhZGEifQ.", 0);
        assert!(unsigned.contains("it is not signed: anybody can have written it\n"), "{unsigned}");
    }
}
