//! Owns how every option is spelt, whether a value follows, and to which part of the tree it belongs.
//! Does not say what an option means; the tree does, and a test holds this table to it.

/// A part of the tree of a request, built only when one of its options is typed; or whatever only verbs have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    Request,
    Body,
    Response,
    Connection,
    Redirects,
    Config,
    Login,
    Address,
    Tls,
    Proxy,
    Bridge,
    Several,
    /// Taken for curl's sake.
    Accepted,
    Cookies,
    Jar,
    Rules,
    Look,
    /// Which cookies of a jar are meant: there is no taking it back, which could be taken for its contrary.
    Filter,
    Output,
    Protocols,
    Transfer,
    Verb,
}

/// Some of them.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Parts(u32);

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Known {
    pub long: &'static str,
    /// 0 if there is none.
    pub short: u8,
    pub takes_value: bool,
    pub part: Part,
}

/// All options, by their long names.
pub const KNOWN: &[Known] = &[
    switch("anyauth", 0, Part::Login),
    switch("as-curl", 0, Part::Bridge),
    value("at", 0, Part::Verb),
    switch("basic", 0, Part::Login),
    value("bearer-command", 0, Part::Login),
    value("bearer-env", 0, Part::Login),
    value("cacert", 0, Part::Connection),
    value("capath", 0, Part::Tls),
    value("cert", b'E', Part::Tls),
    value("color", 0, Part::Look),
    switch("compressed", 0, Part::Output),
    value("config", b'K', Part::Config),
    value("connect-timeout", 0, Part::Connection),
    value("connect-to", 0, Part::Address),
    value("continue-at", b'C', Part::Transfer),
    value("cookie", b'b', Part::Cookies),
    value("cookie-bytes", 0, Part::Verb),
    value("cookie-jar", b'c', Part::Cookies),
    switch("create-dirs", 0, Part::Output),
    value("data", b'd', Part::Body),
    value("data-ascii", 0, Part::Body),
    value("data-binary", 0, Part::Body),
    value("data-raw", 0, Part::Body),
    value("data-urlencode", 0, Part::Body),
    switch("decode", 0, Part::Verb),
    switch("digest", 0, Part::Login),
    switch("disable", b'q', Part::Config),
    switch("disallow-username-in-url", 0, Part::Protocols),
    value("domain", 0, Part::Verb),
    switch("dry-run", 0, Part::Verb),
    value("dump-header", b'D', Part::Output),
    value("etag-compare", 0, Part::Transfer),
    value("etag-save", 0, Part::Transfer),
    switch("evict", 0, Part::Verb),
    value("expect100-timeout", 0, Part::Accepted),
    switch("expired", 0, Part::Filter),
    value("expires", 0, Part::Verb),
    value("expires-before", 0, Part::Verb),
    value("expires-within", 0, Part::Verb),
    switch("explain", 0, Part::Output),
    switch("fail", b'f', Part::Response),
    switch("fail-early", 0, Part::Several),
    value("fail-on", 0, Part::Verb),
    switch("fail-with-body", 0, Part::Output),
    switch("fetch", 0, Part::Rules),
    value("form", b'F', Part::Body),
    value("form-string", 0, Part::Body),
    value("format", 0, Part::Verb),
    value("from-curl", 0, Part::Bridge),
    switch("get", b'G', Part::Body),
    switch("globoff", b'g', Part::Several),
    value("har", 0, Part::Verb),
    switch("head", b'I', Part::Request),
    value("header", b'H', Part::Request),
    value("headers", 0, Part::Verb),
    switch("http-only", 0, Part::Filter),
    switch("http1.0", b'0', Part::Tls),
    switch("http1.1", 0, Part::Connection),
    switch("http2", 0, Part::Tls),
    switch("http2-prior-knowledge", 0, Part::Tls),
    switch("include", b'i', Part::Response),
    value("initiator", 0, Part::Rules),
    switch("insecure", b'k', Part::Connection),
    value("interface", 0, Part::Address),
    switch("ipv4", b'4', Part::Address),
    switch("ipv6", b'6', Part::Address),
    value("jar", 0, Part::Jar),
    value("json", 0, Part::Body),
    switch("junk-session-cookies", b'j', Part::Cookies),
    value("keepalive-time", 0, Part::Address),
    value("key", 0, Part::Tls),
    value("limit-rate", 0, Part::Transfer),
    switch("location", b'L', Part::Request),
    switch("location-trusted", 0, Part::Redirects),
    value("lock-timeout", 0, Part::Jar),
    switch("lossless", 0, Part::Verb),
    value("max-age", 0, Part::Verb),
    value("max-filesize", 0, Part::Output),
    value("max-redirs", 0, Part::Redirects),
    value("max-time", b'm', Part::Connection),
    value("method", 0, Part::Verb),
    switch("multipart", 0, Part::Body),
    value("name", 0, Part::Verb),
    switch("navigate", 0, Part::Verb),
    switch("netrc", b'n', Part::Login),
    value("netrc-file", 0, Part::Login),
    switch("netrc-optional", 0, Part::Login),
    value("next-url", 0, Part::Verb),
    switch("no-buffer", b'N', Part::Output),
    switch("no-clobber", 0, Part::Output),
    switch("no-compressed", 0, Part::Output),
    switch("no-http-only-prefix", 0, Part::Verb),
    switch("no-jar", 0, Part::Jar),
    switch("no-npn", 0, Part::Accepted),
    switch("no-progress-meter", 0, Part::Output),
    value("noproxy", 0, Part::Proxy),
    value("oauth2-bearer", 0, Part::Login),
    switch("offline", 0, Part::Bridge),
    value("output", b'o', Part::Response),
    value("output-dir", 0, Part::Output),
    switch("parallel", b'Z', Part::Several),
    switch("parallel-immediate", 0, Part::Several),
    value("parallel-max", 0, Part::Several),
    value("password-command", 0, Part::Login),
    value("password-env", 0, Part::Login),
    value("password-file", 0, Part::Login),
    value("path", 0, Part::Verb),
    value("per-domain", 0, Part::Verb),
    switch("persistent", 0, Part::Filter),
    value("policy", 0, Part::Rules),
    value("port", 0, Part::Verb),
    switch("post301", 0, Part::Redirects),
    switch("post302", 0, Part::Redirects),
    switch("post303", 0, Part::Redirects),
    value("pretty", 0, Part::Output),
    switch("progress-bar", b'#', Part::Output),
    value("proto", 0, Part::Protocols),
    value("proto-default", 0, Part::Protocols),
    value("proto-redir", 0, Part::Protocols),
    value("proxy", b'x', Part::Proxy),
    switch("proxy-basic", 0, Part::Accepted),
    switch("proxy-ssl-allow-beast", 0, Part::Accepted),
    switch("proxy-tlsv1", 0, Part::Accepted),
    value("proxy-user", b'U', Part::Proxy),
    value("public-suffix-list", 0, Part::Rules),
    value("range", b'r', Part::Request),
    value("rate", 0, Part::Several),
    switch("read-only", 0, Part::Jar),
    value("referer", b'e', Part::Request),
    switch("remote-header-name", b'J', Part::Output),
    switch("remote-name", b'O', Part::Output),
    switch("remote-name-all", 0, Part::Several),
    switch("remote-time", b'R', Part::Transfer),
    switch("remove-on-error", 0, Part::Output),
    value("report", 0, Part::Output),
    value("request", b'X', Part::Request),
    value("resolve", 0, Part::Connection),
    value("retry", 0, Part::Redirects),
    switch("retry-all-errors", 0, Part::Redirects),
    switch("retry-connrefused", 0, Part::Redirects),
    value("retry-delay", 0, Part::Redirects),
    value("retry-max-time", 0, Part::Redirects),
    switch("reveal", 0, Part::Look),
    value("same-site", 0, Part::Verb),
    switch("secure", 0, Part::Filter),
    switch("session", 0, Part::Filter),
    value("session-expiry", 0, Part::Verb),
    value("set-cookie", 0, Part::Verb),
    switch("show-error", b'S', Part::Response),
    switch("silent", b's', Part::Response),
    value("socks4", 0, Part::Proxy),
    value("socks4a", 0, Part::Proxy),
    value("socks5", 0, Part::Proxy),
    switch("socks5-basic", 0, Part::Accepted),
    value("socks5-hostname", 0, Part::Proxy),
    value("sort", 0, Part::Verb),
    value("speed-limit", b'Y', Part::Transfer),
    value("speed-time", b'y', Part::Transfer),
    switch("ssl-allow-beast", 0, Part::Accepted),
    switch("ssl-no-revoke", 0, Part::Accepted),
    switch("ssl-revoke-best-effort", 0, Part::Accepted),
    value("stderr", 0, Part::Output),
    switch("strict", 0, Part::Verb),
    switch("styled-output", 0, Part::Accepted),
    switch("subdomains", 0, Part::Filter),
    value("summary", 0, Part::Verb),
    switch("suppress-connect-headers", 0, Part::Accepted),
    switch("tcp-nodelay", 0, Part::Accepted),
    value("time-cond", b'z', Part::Transfer),
    value("tls-max", 0, Part::Tls),
    switch("tlsv1", b'1', Part::Accepted),
    switch("tlsv1.0", 0, Part::Accepted),
    switch("tlsv1.1", 0, Part::Accepted),
    switch("tlsv1.2", 0, Part::Tls),
    switch("tlsv1.3", 0, Part::Tls),
    value("total", 0, Part::Verb),
    value("unix-socket", 0, Part::Address),
    value("upload-file", b'T', Part::Body),
    value("url", 0, Part::Several),
    value("url-query", 0, Part::Body),
    switch("urlencoded", 0, Part::Body),
    switch("use-ascii", b'B', Part::Accepted),
    value("user", b'u', Part::Request),
    value("user-agent", b'A', Part::Request),
    value("value", 0, Part::Verb),
    switch("verbose", b'v', Part::Response),
    value("write-out", b'w', Part::Output),
    switch("yes", 0, Part::Verb),
];

impl Parts {
    pub const ALL: Parts = Parts(u32::MAX);

    pub fn add(&mut self, part: Part) {
        self.0 |= 1 << part as u16;
    }

    pub fn has(self, part: Part) -> bool {
        self.0 & (1 << part as u16) != 0
    }
}

pub fn long(name: &[u8]) -> Option<&'static Known> {
    let at = KNOWN.binary_search_by(|known| known.long.as_bytes().cmp(name)).ok()?;
    KNOWN.get(at)
}

pub fn short(letter: u8) -> Option<&'static Known> {
    KNOWN.iter().find(|known| known.short == letter && letter != 0)
}

const fn value(long: &'static str, short: u8, part: Part) -> Known {
    Known { long, short, takes_value: true, part }
}

const fn switch(long: &'static str, short: u8, part: Part) -> Known {
    Known { long, short, takes_value: false, part }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use clap::{Arg, Command};

    use super::*;
    use crate::cli::request::PARTS;

    #[test]
    fn names_are_in_their_order_and_no_letter_stands_for_two() {
        assert!(KNOWN.is_sorted_by(|one, other| one.long < other.long));
        let letters: Vec<_> = KNOWN.iter().map(|known| known.short).filter(|short| *short != 0).collect();
        assert_eq!(letters.len(), letters.iter().collect::<BTreeSet<_>>().len());
        for known in KNOWN {
            assert_eq!(long(known.long.as_bytes()), Some(known));
        }
    }

    /// Name, letter, whether a value follows.
    fn options<'a>(arguments: impl Iterator<Item = &'a Arg>) -> BTreeSet<(String, u8, bool)> {
        let named = |arg: &Arg| {
            let short = arg.get_short().map_or(0, |short| u8::try_from(short).unwrap_or(0));
            // A switch whose places count takes values, though none of them is typed.
            let takes_value = arg.get_action().takes_values() && arg.get_num_args() != Some(0.into());
            Some((arg.get_long()?.to_owned(), short, takes_value))
        };
        arguments.filter_map(named).filter(|(long, ..)| long != "help").collect()
    }

    fn known(belongs: impl Fn(Part) -> bool) -> BTreeSet<(String, u8, bool)> {
        let rows = KNOWN.iter().filter(|known| belongs(known.part));
        rows.map(|known| (known.long.to_owned(), known.short, known.takes_value)).collect()
    }

    #[test]
    fn each_part_has_the_options_that_the_table_says() {
        for (part, augment) in PARTS {
            let built = augment(Command::new("part"));
            assert_eq!(options(built.get_arguments()), known(|of| of == part), "{part:?}");
        }
    }

    #[test]
    fn the_table_is_that_of_the_whole_tree() {
        let mut found = BTreeSet::new();
        let mut commands = vec![crate::cli::request(Parts::ALL), crate::cli::verbs()];
        while let Some(mut command) = commands.pop() {
            command.build();
            found.extend(options(command.get_arguments()));
            commands.extend(command.get_subcommands().cloned());
        }
        assert_eq!(found, known(|_| true));
    }
}
