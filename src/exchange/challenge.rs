//! Owns the reading of `WWW-Authenticate`: the challenges of a head, however many stand in one line.
//! Does not choose one, and does not answer.

use http::HeaderMap;
use http::header::WWW_AUTHENTICATE;

/// No server means more than this, of challenges and of what each of them says; what follows is not read.
const MOST: usize = 32;

/// One scheme with its parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Challenge {
    pub scheme: Vec<u8>,
    /// The names in lower case.
    parameters: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Challenge {
    pub fn is(&self, scheme: &str) -> bool {
        self.scheme.eq_ignore_ascii_case(scheme.as_bytes())
    }

    /// The first of that name.
    pub fn parameter(&self, name: &str) -> Option<&[u8]> {
        let found = self.parameters.iter().find(|(own, _)| own == name.as_bytes());
        found.map(|(_, value)| &**value)
    }

    pub fn says_true(&self, name: &str) -> bool {
        self.parameter(name).is_some_and(|value| value.eq_ignore_ascii_case(b"true"))
    }
}

/// All challenges, in their order.
pub fn of_head(headers: &HeaderMap) -> Vec<Challenge> {
    let lines = headers.get_all(WWW_AUTHENTICATE).iter();
    lines.flat_map(|line| of_line(line.as_bytes())).take(MOST).collect()
}

/// A comma parts parameters and challenges alike: a word that no `=` follows begins a challenge.
fn of_line(line: &[u8]) -> Vec<Challenge> {
    let (mut challenges, mut rest) = (Vec::<Challenge>::new(), line);
    loop {
        rest = skip(rest, b", \t");
        let word = token(&mut rest);
        if word.is_empty() {
            // What nobody understands ends with its part.
            let Some(after) = behind_comma(rest) else { return challenges };
            rest = after;
            continue;
        }
        let after = skip(rest, b" \t");
        match after.strip_prefix(b"=") {
            Some(value) if !challenges.is_empty() => {
                rest = skip(value, b" \t");
                let value = value_of(&mut rest);
                if let Some(challenge) = challenges.last_mut().filter(|last| last.parameters.len() < MOST) {
                    challenge.parameters.push((word.to_ascii_lowercase(), value));
                }
            }
            Some(_) => match behind_comma(rest) {
                Some(after) => rest = after,
                None => return challenges,
            },
            None if challenges.len() == MOST => return challenges,
            None => {
                challenges.push(Challenge { scheme: word, parameters: Vec::new() });
                rest = token68(after);
            }
        }
    }
}

/// What stands behind a scheme in place of parameters, as in `Negotiate aGk=`, is passed over.
fn token68(text: &[u8]) -> &[u8] {
    let is_of_it = |octet: &u8| octet.is_ascii_alphanumeric() || b"-._~+/".contains(octet);
    let end = text.iter().position(|octet| !is_of_it(octet)).unwrap_or(text.len());
    let behind = skip(skip(&text[end..], b"="), b" \t");
    if end > 0 && (behind.is_empty() || behind.starts_with(b",")) { behind } else { text }
}

fn value_of(rest: &mut &[u8]) -> Vec<u8> {
    let Some(quoted) = rest.strip_prefix(b"\"") else {
        let end = rest.iter().position(|octet| b", \t".contains(octet)).unwrap_or(rest.len());
        let (value, after) = rest.split_at(end);
        *rest = after;
        return value.to_vec();
    };
    let (mut value, mut octets) = (Vec::new(), quoted.iter().copied());
    while let Some(octet) = octets.next() {
        match octet {
            b'"' => break,
            b'\\' => value.extend(octets.next()),
            _ => value.push(octet),
        }
    }
    *rest = &quoted[quoted.len() - octets.len()..];
    value
}

fn token(rest: &mut &[u8]) -> Vec<u8> {
    let is_of_it = |octet: &u8| octet.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(octet);
    let end = rest.iter().position(|octet| !is_of_it(octet)).unwrap_or(rest.len());
    let (word, after) = rest.split_at(end);
    *rest = after;
    word.to_vec()
}

fn skip<'a>(text: &'a [u8], octets: &[u8]) -> &'a [u8] {
    let start = text.iter().position(|octet| !octets.contains(octet)).unwrap_or(text.len());
    &text[start..]
}

fn behind_comma(text: &[u8]) -> Option<&[u8]> {
    let at = text.iter().position(|octet| *octet == b',')?;
    Some(&text[at + 1..])
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `Scheme name=value name=value; Scheme`.
    fn told(line: &[u8]) -> String {
        let text = |octets: &[u8]| String::from_utf8_lossy(octets).into_owned();
        let challenge = |challenge: &Challenge| {
            let pairs =
                challenge.parameters.iter().map(|(name, value)| format!(" {}={}", text(name), text(value)));
            text(&challenge.scheme) + &pairs.collect::<String>()
        };
        of_line(line).iter().map(challenge).collect::<Vec<_>>().join("; ")
    }

    #[test]
    fn challenges_are_told_from_their_parameters() {
        for (line, expected) in [
            (&b"Basic realm=\"x\""[..], "Basic realm=x"),
            (
                b"Digest realm=\"r\", NONCE=n1 , qop=\"auth,auth-int\"",
                "Digest realm=r nonce=n1 qop=auth,auth-int",
            ),
            (
                b"Basic realm=\"a, b=c\", Digest realm=\"d\", nonce=\"n\"",
                "Basic realm=a, b=c; Digest realm=d nonce=n",
            ),
            (b"Digest realm=\"say \\\"hi\\\\\", nonce=n", "Digest realm=say \"hi\\ nonce=n"),
            (b"Negotiate, Basic realm=x", "Negotiate; Basic realm=x"),
            (b"Negotiate aGk==, Basic realm=x", "Negotiate; Basic realm=x"),
            (
                b"Newauth realm=\"apps\", type=1, title=\"Login to \\\"apps\\\"\", Basic realm=\"simple\"",
                "Newauth realm=apps type=1 title=Login to \"apps\"; Basic realm=simple",
            ),
            (b" , ,Digest , realm = \"r\" ,, nonce=n,", "Digest realm=r nonce=n"),
            (b"Digest realm=\"never ends, nonce=n", "Digest realm=never ends, nonce=n"),
            (b"Digest realm=\"ends badly\\", "Digest realm=ends badly"),
            (b"realm=\"nobody\", Basic realm=x", "Basic realm=x"),
            (b"Digest nonce=\"caf\xc3\xa9\", realm=", "Digest nonce=caf\u{e9} realm="),
            (b"\"\"; @, Basic realm=x", "Basic realm=x"),
            (b"", ""),
            (b"=", ""),
        ] {
            assert_eq!(told(line), expected, "{}", line.escape_ascii());
        }
    }

    #[test]
    fn a_flood_of_challenges_costs_no_more_than_some() {
        assert_eq!(of_line(&b"a, ".repeat(100_000)).len(), MOST);
        let [one] = &of_line(&[&b"a "[..], &b"b=c, ".repeat(100_000)].concat())[..] else {
            panic!("one challenge")
        };
        assert_eq!(one.parameters.len(), MOST);
    }

    #[test]
    fn every_line_of_a_head_counts_and_the_first_parameter_of_a_name() {
        let mut headers = HeaderMap::new();
        for line in ["Basic realm=a", "Digest nonce=1, nonce=2, stale=TRUE"] {
            headers.append(WWW_AUTHENTICATE, http::HeaderValue::from_static(line));
        }
        let [basic, digest] = &of_head(&headers)[..] else { panic!("two challenges") };
        assert!(basic.is("basic") && digest.is("DIGEST") && digest.says_true("stale"));
        assert_eq!((digest.parameter("nonce"), digest.parameter("none")), (Some(&b"1"[..]), None));
    }
}
