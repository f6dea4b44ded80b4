//! Owns the grammar of globs in URLs, as curl has it: `{a,b}`, `[1-10]`, `[001-100:2]`, `[a-z]`; and what they stand for.
//! Does not know URLs, and makes one at a time, however many there are.

use std::net::Ipv6Addr;

/// A pattern that stands for one text or many.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Glob {
    parts: Vec<Part>,
    count: u64,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(Vec<u8>),
    Set(Vec<Vec<u8>>),
    Letters { from: u8, to: u8, step: u8 },
    Numbers { from: u64, to: u64, step: u64, width: usize },
}

/// Why a pattern is none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct GlobFault {
    /// Counted from 1, in octets.
    pub position: usize,
    pub what: &'static str,
}

impl Glob {
    /// What stands for itself, whatever it holds.
    pub fn literal(text: &[u8]) -> Glob {
        Glob { parts: vec![Part::Text(text.to_vec())], count: 1 }
    }

    pub fn parse(pattern: &[u8]) -> Result<Glob, GlobFault> {
        if !pattern.iter().any(|octet| b"[]{}".contains(octet)) {
            return Ok(Glob::literal(pattern));
        }
        let (mut parts, mut text, mut at) = (Vec::new(), Vec::new(), 0);
        while let Some(octet) = pattern.get(at) {
            let rest = &pattern[at..];
            let fault = |what| GlobFault { position: at + 1, what };
            let (part, length) = match (octet, rest.get(1)) {
                (b'\\', Some(escaped @ (b'[' | b']' | b'{' | b'}'))) => {
                    text.push(*escaped);
                    at += 2;
                    continue;
                }
                (b'[', _) => match verbatim(rest) {
                    Some(length) => {
                        text.extend_from_slice(&rest[..length]);
                        at += length;
                        continue;
                    }
                    None if !rest.contains(&b']') => return Err(fault("the closing bracket is missing")),
                    None => range(rest).ok_or_else(|| fault("a range is [1-10], [a-z] or [0-100:10]"))?,
                },
                (b'{', _) => set(rest, at)?,
                (b'}' | b']', _) => return Err(fault("nothing was opened that this closes")),
                _ => {
                    text.push(*octet);
                    at += 1;
                    continue;
                }
            };
            parts.extend((!text.is_empty()).then(|| Part::Text(std::mem::take(&mut text))));
            parts.push(part);
            at += length;
        }
        parts.extend((!text.is_empty()).then_some(Part::Text(text)));
        let count = parts.iter().try_fold(1_u64, |count, part| count.checked_mul(part.count()));
        let too_many = GlobFault { position: pattern.len(), what: "it stands for too many URLs" };
        Ok(Glob { parts, count: count.ok_or(too_many)? })
    }

    pub fn count(&self) -> u64 {
        self.count
    }

    /// One of them, counted from 0; the last part changes first.
    pub fn nth(&self, number: u64) -> Vec<u8> {
        let mut text = Vec::new();
        let mut left = self.count;
        for part in &self.parts {
            left /= part.count();
            part.write(number / left % part.count(), &mut text);
        }
        text
    }

    /// A name with what the parts are at that number, in the place of `#1`, `#2`, …
    pub fn fill(&self, number: u64, name: &[u8]) -> Vec<u8> {
        let mut left = self.count;
        let mut current = Vec::new();
        for part in &self.parts {
            left /= part.count();
            if !matches!(part, Part::Text(_)) {
                let mut text = Vec::new();
                part.write(number / left % part.count(), &mut text);
                current.push(text);
            }
        }
        let (mut filled, mut rest) = (Vec::new(), name);
        while let [octet, behind @ ..] = rest {
            let digits = behind.iter().take_while(|octet| octet.is_ascii_digit()).count();
            let of = std::str::from_utf8(&behind[..digits]).ok().and_then(|text| text.parse::<usize>().ok());
            match of.filter(|_| *octet == b'#').and_then(|of| current.get(of.checked_sub(1)?)) {
                Some(text) => {
                    filled.extend_from_slice(text);
                    rest = &behind[digits..];
                }
                None => {
                    filled.push(*octet);
                    rest = behind;
                }
            }
        }
        filled
    }
}

impl Part {
    /// How many texts it stands for; never 0.
    fn count(&self) -> u64 {
        match self {
            Part::Text(_) => 1,
            Part::Set(texts) => texts.len() as u64,
            Part::Letters { from, to, step } => u64::from((to - from) / step) + 1,
            // Only all the numbers of 64 bits would be one more than can be counted.
            Part::Numbers { from, to, step, .. } => ((to - from) / step).saturating_add(1),
        }
    }

    fn write(&self, number: u64, text: &mut Vec<u8>) {
        match self {
            Part::Text(own) => text.extend_from_slice(own),
            Part::Set(texts) => {
                let chosen = usize::try_from(number).ok().and_then(|number| texts.get(number));
                text.extend_from_slice(chosen.map(Vec::as_slice).unwrap_or_default());
            }
            Part::Letters { from, step, .. } => {
                let number = u8::try_from(number).unwrap_or_default();
                text.push(from.saturating_add(number.saturating_mul(*step)));
            }
            Part::Numbers { from, step, width, .. } => {
                let number = from.saturating_add(number.saturating_mul(*step));
                text.extend_from_slice(format!("{number:0width$}").as_bytes());
            }
        }
    }
}

/// `[]` and an IPv6 address in brackets, which are no globs: their length.
fn verbatim(text: &[u8]) -> Option<usize> {
    let end = text.iter().position(|octet| *octet == b']')?;
    let inner = std::str::from_utf8(&text[1..end]).ok()?;
    let address = inner.split('%').next().unwrap_or_default();
    (inner.is_empty() || address.parse::<Ipv6Addr>().is_ok()).then_some(end + 1)
}

/// `[FROM-TO]` or `[FROM-TO:STEP]`, and its length.
fn range(text: &[u8]) -> Option<(Part, usize)> {
    let end = text.iter().position(|octet| *octet == b']')?;
    let inner = std::str::from_utf8(&text[1..end]).ok()?;
    let (bounds, step) = inner.split_once(':').unwrap_or((inner, "1"));
    let (from, to) = bounds.split_once('-')?;
    let number = |text: &str| text.bytes().all(|octet| octet.is_ascii_digit()).then(|| text.parse().ok())?;
    let step: u64 = number(step).filter(|step| *step > 0)?;
    let part = match (from.as_bytes(), to.as_bytes()) {
        ([low @ (b'a'..=b'z' | b'A'..=b'Z')], [high])
            if low <= high
                && high.is_ascii_alphabetic()
                && low.is_ascii_lowercase() == high.is_ascii_lowercase() =>
        {
            Part::Letters { from: *low, to: *high, step: u8::try_from(step).ok()? }
        }
        _ => {
            let (low, high): (u64, u64) = (number(from)?, number(to)?);
            let width = if from.starts_with('0') { from.len() } else { 0 };
            Part::Numbers { from: low, to: high, step, width }
        }
    };
    let (low, high) = match part {
        Part::Letters { from, to, .. } => (u64::from(from), u64::from(to)),
        Part::Numbers { from, to, .. } => (from, to),
        _ => return None,
    };
    // As in curl, a step that leads beyond the end is a mistake, but for a range of one.
    let fits = low <= high && (step <= high - low || (low == high && step == 1));
    fits.then_some((part, end + 1))
}

/// `{one,two}`, which begins at this place of the pattern, and its length.
fn set(text: &[u8], at: usize) -> Result<(Part, usize), GlobFault> {
    let fault = |offset: usize, what| GlobFault { position: at + offset + 1, what };
    let (mut texts, mut current, mut offset) = (Vec::new(), Vec::new(), 1);
    loop {
        match (text.get(offset), text.get(offset + 1)) {
            (None, _) => return Err(fault(0, "the closing brace is missing")),
            (Some(b'{' | b'['), _) => return Err(fault(offset, "braces hold no other globs")),
            (Some(b']'), _) => return Err(fault(offset, "nothing was opened that this closes")),
            (Some(b'}'), _) if offset == 1 => return Err(fault(offset, "there is nothing in the braces")),
            (Some(end @ (b',' | b'}')), _) => {
                texts.push(std::mem::take(&mut current));
                if *end == b'}' {
                    return Ok((Part::Set(texts), offset + 1));
                }
            }
            (Some(b'\\'), Some(escaped)) => {
                current.push(*escaped);
                offset += 1;
            }
            (Some(octet), _) => current.push(*octet),
        }
        offset += 1;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(pattern: &str) -> Vec<String> {
        let glob = Glob::parse(pattern.as_bytes()).unwrap_or_else(|fault| panic!("{pattern}: {fault:?}"));
        (0..glob.count()).map(|n| String::from_utf8(glob.nth(n)).expect("ASCII in, ASCII out")).collect()
    }

    #[test]
    fn a_glob_stands_for_what_it_stands_for_in_curl() {
        for (pattern, expected) in [
            ("h/a", &["h/a"][..]),
            ("h/[1-3]", &["h/1", "h/2", "h/3"]),
            ("[8-10]", &["8", "9", "10"]),
            ("[08-10]", &["08", "09", "10"]),
            ("[001-3]", &["001", "002", "003"]),
            ("[1-10:4]", &["1", "5", "9"]),
            ("[a-e:2]", &["a", "c", "e"]),
            ("[Y-Z]", &["Y", "Z"]),
            ("[7-7]x", &["7x"]),
            ("[a-a]", &["a"]),
            ("{a,b}{1,2}", &["a1", "a2", "b1", "b2"]),
            ("{,a}", &["", "a"]),
            ("{a}", &["a"]),
            ("{a\\,b,c}", &["a,b", "c"]),
            ("x{a,b}-[1-2].c", &["xa-1.c", "xa-2.c", "xb-1.c", "xb-2.c"]),
            // No globs.
            ("h?a[]=1", &["h?a[]=1"]),
            ("http://[::1]:80/[1-2]", &["http://[::1]:80/1", "http://[::1]:80/2"]),
            ("http://[fe80::1%25eth0]/", &["http://[fe80::1%25eth0]/"]),
            ("\\[1-3\\]\\{a,b\\}", &["[1-3]{a,b}"]),
            ("\\x\\", &["\\x\\"]),
        ] {
            assert_eq!(all(pattern), expected, "{pattern}");
        }
        assert_eq!(Glob::literal(b"[1-2]").nth(0), b"[1-2]");
    }

    #[test]
    fn a_glob_that_is_none_is_refused_with_its_place() {
        for (pattern, position) in [
            ("h/[3-1]", 3),
            ("h/[a]", 3),
            ("[a-Z]", 1),
            ("[1-3", 1),
            ("[1-3:0]", 1),
            ("[1-3:5]", 1),
            ("[1-3:2x]", 1),
            ("[-1-3]", 1),
            ("[aa-c]", 1),
            ("[a-3]", 1),
            ("[-]", 1),
            ("?a[b]=c", 3),
            ("[1-99999999999999999999]", 1),
            ("{}", 2),
            ("x{a", 2),
            ("{a,{b}}", 4),
            ("{a[1-2]}", 3),
            ("a}", 2),
            ("a]", 2),
            ("[0-4294967295][0-4294967295][1-2]", 33),
        ] {
            let fault = Glob::parse(pattern.as_bytes()).map_err(|fault| fault.position);
            assert_eq!(fault, Err(position), "{pattern}");
        }
    }

    #[test]
    fn a_glob_of_many_costs_nothing_until_one_is_asked_for() {
        let glob = Glob::parse(b"[0-4294967295]/[1-1000000000]").expect("a glob");
        assert_eq!(glob.count(), 4_294_967_296_000_000_000);
        assert_eq!(glob.nth(glob.count() - 1), b"4294967295/1000000000");
    }

    #[test]
    fn a_name_is_filled_with_what_the_parts_are() {
        let glob = Glob::parse(b"{a,b}/[1-3]").expect("a glob");
        for (name, expected) in [
            ("#1_#2", "b_3"),
            ("#2#1.txt", "3b.txt"),
            ("#3#0#x#", "#3#0#x#"),
            ("plain", "plain"),
            ("#12", "#12"),
        ] {
            assert_eq!(glob.fill(5, name.as_bytes()), expected.as_bytes(), "{name}");
        }
    }
}
