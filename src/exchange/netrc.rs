//! Owns the reading of a netrc file: which login belongs to a host.
//! Does not open the file, and matches a host exactly or not at all.

/// A login with its password.
#[derive(Debug, PartialEq, Eq)]
pub struct Login {
    pub user: Vec<u8>,
    pub password: Vec<u8>,
}

/// One `machine` or `default`.
#[derive(Default)]
struct Entry {
    /// `None` is `default`, which is every host.
    host: Option<Vec<u8>>,
    user: Option<Vec<u8>>,
    password: Option<Vec<u8>>,
}

/// The first login for the host, where that can be one with a password, as in curl; where a user is named already, that
/// user's and no other's.
pub fn find(text: &[u8], host: &str, user: Option<&[u8]>) -> Option<Login> {
    let host = host.trim_start_matches('[').trim_end_matches(']').as_bytes();
    let fitting = |entry: Entry| {
        let is_meant = entry.host.as_ref().is_none_or(|named| named.eq_ignore_ascii_case(host));
        let named = match (user, entry.user) {
            (Some(user), Some(own)) if user == own => own,
            (Some(_), Some(_)) => return None,
            (Some(user), None) => user.to_vec(),
            (None, own) => own?,
        };
        is_meant.then_some((named, entry.password))
    };
    let mut logins: Vec<_> = entries(text).into_iter().filter_map(fitting).collect();
    let whole = logins.iter().position(|(_, password)| password.is_some());
    let (user, password) = (!logins.is_empty()).then(|| logins.swap_remove(whole.unwrap_or_default()))?;
    Some(Login { user, password: password.unwrap_or_default() })
}

fn entries(text: &[u8]) -> Vec<Entry> {
    let mut entries: Vec<Entry> = Vec::new();
    let mut rest = text;
    while let Some(word) = word(&mut rest) {
        match &*word {
            b"default" => entries.push(Entry::default()),
            b"machine" => {
                let host = self::word(&mut rest);
                // A file that ends here names nobody.
                entries.extend(host.map(|host| Entry { host: Some(host), ..Entry::default() }));
            }
            b"login" => set(&mut entries, |entry| &mut entry.user, self::word(&mut rest)),
            b"password" => set(&mut entries, |entry| &mut entry.password, self::word(&mut rest)),
            b"account" => drop(self::word(&mut rest)),
            // A macro lasts until an empty line.
            b"macdef" => {
                let end = rest.windows(2).position(|pair| pair == b"\n\n").map_or(rest.len(), |at| at + 2);
                rest = &rest[end..];
            }
            _ => {}
        }
    }
    entries
}

fn set(entries: &mut [Entry], field: impl Fn(&mut Entry) -> &mut Option<Vec<u8>>, value: Option<Vec<u8>>) {
    if let Some(entry) = entries.last_mut() {
        *field(entry) = value;
    }
}

/// The next word, which may stand in quotes; what begins with `#` is a comment up to the end of its line.
fn word(rest: &mut &[u8]) -> Option<Vec<u8>> {
    loop {
        *rest = rest.trim_ascii_start();
        if rest.first() != Some(&b'#') {
            break;
        }
        let end = rest.iter().position(|octet| *octet == b'\n').unwrap_or(rest.len());
        *rest = &rest[end..];
    }
    if let Some(quoted) = rest.strip_prefix(b"\"") {
        return Some(unquoted(quoted, rest));
    }
    let end = rest.iter().position(u8::is_ascii_whitespace).unwrap_or(rest.len());
    let (word, further) = rest.split_at(end);
    *rest = further;
    (!word.is_empty()).then(|| word.to_vec())
}

fn unquoted<'a>(quoted: &'a [u8], rest: &mut &'a [u8]) -> Vec<u8> {
    let (mut word, mut octets) = (Vec::new(), quoted.iter().copied());
    while let Some(octet) = octets.next() {
        match octet {
            b'"' => break,
            b'\\' => word.extend(octets.next().map(|escaped| match escaped {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                other => other,
            })),
            octet => word.push(octet),
        }
    }
    *rest = &quoted[quoted.len() - octets.len()..];
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "# machine a.test login commented password out\n\
        machine a.test login ada password one\n\
        machine a.test\n\tlogin bob\n\taccount x\n\tpassword \"two \\\"words\\\" #\"\n\
        macdef init\nmachine c.test login eve password evil\n\n\
        machine b.test password alone\n\
        machine ::1 login six password p\n";

    fn found(text: &str, host: &str, user: Option<&str>) -> Option<String> {
        let login = find(text.as_bytes(), host, user.map(str::as_bytes))?;
        let text = |octets: Vec<u8>| String::from_utf8_lossy(&octets).into_owned();
        Some(format!("{}:{}", text(login.user), text(login.password)))
    }

    #[test]
    fn a_login_belongs_to_its_host_and_its_user() {
        for (host, user, expected) in [
            ("a.test", None, Some("ada:one")),
            ("A.TEST", None, Some("ada:one")),
            ("a.test", Some("ada"), Some("ada:one")),
            ("a.test", Some("bob"), Some("bob:two \"words\" #")),
            ("a.test", Some("eve"), None),
            ("www.a.test", None, None),
            ("test", None, None),
            ("b.test", None, None),
            ("b.test", Some("eve"), Some("eve:alone")),
            ("c.test", None, None),
            ("[::1]", None, Some("six:p")),
        ] {
            assert_eq!(found(FILE, host, user).as_deref(), expected, "{host} {user:?}");
        }
    }

    #[test]
    fn the_default_is_for_whoever_is_not_named_before() {
        let text = "machine a.test login a password 1 default login d password 2";
        assert_eq!(found(text, "a.test", None).as_deref(), Some("a:1"));
        assert_eq!(found(text, "b.test", None).as_deref(), Some("d:2"));
        assert_eq!(found(text, "b.test", Some("x")), None);
    }

    #[test]
    fn an_entry_without_a_login_or_a_password_gives_way_to_a_whole_one() {
        for (text, expected) in [
            ("machine a.test default login d password 2", Some("d:2")),
            ("machine a.test login a default login d password 2", Some("d:2")),
            ("machine a.test login a machine a.test login b password 1", Some("b:1")),
            ("machine a.test password 1 default login d password 2", Some("d:2")),
            ("machine a.test login a", Some("a:")),
            ("machine a.test login a machine b.test login b password 1", Some("a:")),
        ] {
            assert_eq!(found(text, "a.test", None).as_deref(), expected, "{text}");
        }
        // Another user's password is not given to the one that was named, as curl does.
        assert_eq!(
            found("machine a.test login a password 1 default login d password 2", "a.test", Some("z")),
            None
        );
    }

    #[test]
    fn a_file_that_breaks_off_gives_what_it_has() {
        for text in
            ["", "machine", "machine a.test", "machine a.test login", "login x", "macdef x", "\"", "#"]
        {
            assert_eq!(found(text, "a.test", None), None, "{text}");
        }
        assert_eq!(found("machine a.test login \"x", "a.test", None).as_deref(), Some("x:"));
    }
}
