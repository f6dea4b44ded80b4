//! Owns the question which domains are registries, under which strangers are neighbours.
//! Does not parse the list: it is compiled in, so that asking costs nothing at start.

/// The public suffix of a canonical host name; an unlisted top-level label counts as one.
///
/// The list's crate is case-sensitive and knows no trailing dot: only canonical names may be asked.
pub fn public_suffix(name: &str) -> &str {
    psl::suffix_str(name).unwrap_or(name)
}

/// The version of the crate that carries the compiled-in list; the lock file is held to it by a test.
pub const LIST_VERSION: &str = "2.1.247";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules_wildcards_exceptions_and_the_private_section_are_known() {
        for (name, suffix) in [
            ("www.example.com", "com"),
            ("a.b.co.uk", "co.uk"),
            ("x.foo.ck", "foo.ck"),
            ("x.www.ck", "ck"),
            ("me.github.io", "github.io"),
            ("y.x.compute.amazonaws.com", "x.compute.amazonaws.com"),
            ("app.corp.test", "test"),
            ("localhost", "localhost"),
        ] {
            assert_eq!(public_suffix(name), suffix, "{name}");
        }
    }

    #[test]
    fn the_stated_list_version_is_the_locked_one() {
        let lock = include_str!("../../Cargo.lock");
        let locked = format!("name = \"psl\"\nversion = \"{LIST_VERSION}\"");
        assert!(lock.contains(&locked), "Cargo.lock has another version of the list: state it here");
    }
}
