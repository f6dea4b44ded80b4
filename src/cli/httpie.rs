//! Owns HTTPie's and wget's options that are called otherwise here, and what they are called.
//! Does not parse; it is asked only about what the parser did not know.

/// By name, without hyphens.
const CALLED_OTHERWISE: [(&str, &str); 29] = [
    ("all", "-v, which shows every hop"),
    ("auth", "-u USER:PASSWORD"),
    ("auth-type", "--digest, or --oauth2-bearer TOKEN"),
    ("body", "the body alone is what is shown anyway"),
    ("cert-key", "--key FILE"),
    ("check-status", "-f, or --fail-with-body"),
    ("chunked", "-T -, which sends standard input in chunks"),
    ("debug", "-v"),
    ("default-scheme", "write the scheme before the URL"),
    ("download", "-O, or -o FILE, and -C - to go on"),
    ("format-options", "--pretty HOW"),
    ("ignore-stdin", "standard input is read only where `-` or @- says so"),
    ("load-cookies", "-b FILE, or --jar FILE.txt"),
    ("max-redirects", "--max-redirs NUMBER"),
    ("meta", "-w '%{time_total}\\n', or --report FILE"),
    ("method", "-X METHOD, or the method before the URL"),
    ("no-check-certificate", "-k"),
    ("post-data", "-d DATA"),
    ("post-file", "--data-binary @FILE"),
    ("print", "-i for the head, -v for all of it"),
    ("quiet", "-s"),
    ("raw", "--data-raw DATA"),
    ("save-cookies", "the jar keeps them; -c FILE writes a cookies.txt"),
    ("session", "the jar keeps cookies anyway; --jar NAME names another one"),
    ("session-read-only", "--jar NAME --read-only"),
    ("stream", "a body is shown as it comes anyway"),
    ("style", "--color WHEN, or --pretty HOW"),
    ("timeout", "-m SECONDS, or --connect-timeout SECONDS"),
    ("verify", "-k for any certificate, --cacert FILE for those in a file"),
];

/// What an option of theirs is called here.
pub fn counterpart(flag: &str) -> Option<&'static str> {
    let name = flag.strip_prefix("--")?.split('=').next()?;
    CALLED_OTHERWISE.iter().find(|(theirs, _)| *theirs == name).map(|(_, ours)| *ours)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::options;

    #[test]
    fn what_is_called_otherwise_is_in_order_and_no_option_of_a_request() {
        assert!(CALLED_OTHERWISE.is_sorted_by_key(|(theirs, _)| *theirs));
        for (theirs, _) in CALLED_OTHERWISE {
            let known = options::long(theirs.as_bytes());
            let is_verbs =
                known.is_none_or(|known| matches!(known.part, options::Part::Filter | options::Part::Verb));
            assert!(is_verbs, "{theirs}");
        }
    }

    #[test]
    fn an_option_is_found_with_its_value_and_without() {
        for (flag, expected) in [
            ("--style", Some("--color WHEN, or --pretty HOW")),
            ("--verify=no", Some("-k for any certificate, --cacert FILE for those in a file")),
            ("--nonsense", None),
            ("-style", None),
        ] {
            assert_eq!(counterpart(flag), expected, "{flag}");
        }
    }
}
