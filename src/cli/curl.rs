//! Owns curl's flags: what becomes of each of them here, and of one that is refused what comes nearest.
//! Does not parse; it is asked only about what the parser did not know.

/// A flag of curl's manual.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CurlFlag {
    pub long: &'static str,
    /// 0 if there is none.
    pub short: u8,
    pub here: Here,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Here {
    /// It means what it means in curl.
    Supported,
    /// It is taken, and changes nothing, and why.
    Accepted(&'static str),
    /// And what comes nearest.
    Refused(&'static str),
}

/// What is said of a flag that the parser does not know, if it is one of curl's: its name and the nearest thing.
pub fn refusal(flag: &str) -> Option<(String, &'static str)> {
    let name = flag.strip_prefix("--").map(|long| long.split('=').next().unwrap_or_default());
    let found = match (name, flag.as_bytes()) {
        (Some(long), _) if long.starts_with("expand-") => flags().find(|known| known.long == "variable"),
        (Some(long), _) => flags().find(|known| known.long == long),
        (None, [b'-', letter, ..]) => flags().find(|known| known.short == *letter),
        _ => None,
    };
    let CurlFlag { long, short, here } = found?;
    let Here::Refused(hint) = here else { return None };
    let name = match (name, short) {
        (Some(name), _) => format!("--{name}"),
        (None, short) => format!("-{} (--{long})", char::from(short)),
    };
    Some((name, hint))
}

/// Is it a flag of curl's?
pub fn knows(long: &str) -> bool {
    flags().any(|known| known.long == long)
}

/// All of them, by their names: those of curl 7.88 and those that came until 8.17. A line is a flag: `+` supported, `=`
/// accepted or `-` refused, its letter or `.`, its name, and what is said of it.
///
/// One text, since each `&str` of a table costs every start of the program, which hardly ever asks for it.
const TEXT: &str = include_str!("curl.txt");

pub fn flags() -> impl Iterator<Item = CurlFlag> {
    TEXT.lines().filter_map(|line| {
        let mut parts = line.splitn(4, ' ');
        let (mark, letter, long) = (parts.next()?, parts.next()?, parts.next()?);
        let text = parts.next().unwrap_or_default();
        let short = letter.bytes().next().filter(|letter| *letter != b'.').unwrap_or(0);
        let here = match mark {
            "+" => Here::Supported,
            "=" => Here::Accepted(text),
            _ => Here::Refused(text),
        };
        Some(CurlFlag { long, short, here })
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::options::{self, Part};

    const DOCUMENT: &str = include_str!("../../docs/curl.md");

    #[test]
    fn names_are_in_their_order() {
        assert!(flags().is_sorted_by(|one, other| one.long < other.long));
        assert_eq!(flags().count(), TEXT.lines().count());
    }

    /// After a flag has been added to the parser, or taken away, the row here has to follow.
    #[test]
    fn the_table_says_of_each_flag_what_the_parser_does_with_it() {
        for CurlFlag { long, short, here } in flags() {
            // The parser's own.
            if ["help", "version"].contains(&long) {
                continue;
            }
            let known = options::long(long.as_bytes());
            let is_taken = known.is_some_and(|known| known.part != Part::Verb && known.part != Part::Filter);
            assert_eq!(is_taken, !matches!(here, Here::Refused(_)), "--{long}");
            assert!(!is_taken || known.is_some_and(|known| known.short == short), "--{long}: its letter");
            assert_eq!(
                known.is_some_and(|known| known.part == Part::Accepted),
                matches!(here, Here::Accepted(_)),
                "--{long}"
            );
        }
    }

    #[test]
    fn the_document_has_the_table() {
        let fix = "KUKI_UPDATE=1 cargo test --test curl writes docs/curl.md anew";
        for CurlFlag { long, here, .. } in flags() {
            let name = format!("`--{long}`");
            let row = DOCUMENT.lines().find(|line| line.starts_with('|') && line.contains(&name));
            let row = row.unwrap_or_else(|| panic!("--{long} is missing: {fix}"));
            let expected = match here {
                Here::Supported => "| supported |",
                Here::Accepted(_) => "| accepted:",
                Here::Refused(_) => "| refused:",
            };
            assert!(row.contains(expected), "--{long}: {fix}");
        }
    }

    #[test]
    fn a_refusal_names_the_flag_as_it_was_typed_and_what_comes_nearest() {
        for (flag, expected) in [
            ("--ftp-pasv", Some("--ftp-pasv")),
            ("--path-as-is", Some("--path-as-is")),
            ("--preproxy==x", Some("--preproxy")),
            ("--expand-url", Some("--expand-url")),
            ("-Q", Some("-Q (--quote)")),
            ("-:", Some("-: (--next)")),
            ("--nonsense", None),
            ("--silent", None),
            ("-s", None),
            ("--", None),
            ("", None),
        ] {
            let name = refusal(flag).map(|(name, _)| name);
            assert_eq!(name.as_deref(), expected, "{flag}");
        }
    }
}
