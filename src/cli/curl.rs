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
        (Some(long), _) if long.starts_with("expand-") => CURL.iter().find(|known| known.long == "variable"),
        (Some(long), _) => CURL.iter().find(|known| known.long == long),
        (None, [b'-', letter, ..]) => CURL.iter().find(|known| known.short == *letter),
        _ => None,
    };
    let CurlFlag { long, short, here } = found?;
    let Here::Refused(hint) = here else { return None };
    let name = match (name, short) {
        (Some(name), _) => format!("--{name}"),
        (None, short) => format!("-{} (--{long})", char::from(*short)),
    };
    Some((name, hint))
}

/// Is it a flag of curl's?
pub fn knows(long: &str) -> bool {
    CURL.binary_search_by(|known| known.long.cmp(long)).is_ok()
}

const fn supported(long: &'static str, short: u8) -> CurlFlag {
    CurlFlag { long, short, here: Here::Supported }
}

const fn accepted(long: &'static str, short: u8, why: &'static str) -> CurlFlag {
    CurlFlag { long, short, here: Here::Accepted(why) }
}

const fn refused(long: &'static str, short: u8, nearest: &'static str) -> CurlFlag {
    CurlFlag { long, short, here: Here::Refused(nearest) }
}

/// All of them, by their names: those of curl 7.88 and those that came until 8.17.
#[rustfmt::skip]
pub const CURL: &[CurlFlag] = &[
    refused("abstract-unix-socket", 0, "--unix-socket takes a path"),
    refused("alt-svc", 0, "an answer that names another server is not believed; --connect-to leads elsewhere"),
    supported("anyauth", 0),
    refused("append", b'a', "kuki speaks http and https only"),
    refused("aws-sigv4", 0, "sign with a tool for it, and pass the header with -H @FILE"),
    supported("basic", 0),
    refused("ca-native", 0, "the system's certificates are trusted anyway, unless --cacert or --capath names others"),
    supported("cacert", 0),
    supported("capath", 0),
    supported("cert", b'E'),
    refused("cert-status", 0, "stapled answers are not judged"),
    refused("cert-type", 0, "-E takes PEM; openssl turns other kinds into it"),
    refused("ciphers", 0, "rustls chooses among safe ones; --tls-max and --tlsv1.3 choose the version"),
    supported("compressed", 0),
    refused("compressed-ssh", 0, "kuki speaks http and https only"),
    supported("config", b'K'),
    supported("connect-timeout", 0),
    supported("connect-to", 0),
    supported("continue-at", b'C'),
    supported("cookie", b'b'),
    supported("cookie-jar", b'c'),
    supported("create-dirs", 0),
    refused("create-file-mode", 0, "set the umask of the shell before it"),
    refused("crlf", 0, "send the file as it is to be, with --data-binary or -T"),
    refused("crlfile", 0, "revocation lists are not read"),
    refused("curves", 0, "rustls chooses among safe ones; --tls-max and --tlsv1.3 choose the version"),
    supported("data", b'd'),
    supported("data-ascii", 0),
    supported("data-binary", 0),
    supported("data-raw", 0),
    supported("data-urlencode", 0),
    refused("delegation", 0, "there is no Kerberos here; a token goes by --oauth2-bearer or -H"),
    supported("digest", 0),
    supported("disable", b'q'),
    refused("disable-eprt", 0, "kuki speaks http and https only"),
    refused("disable-epsv", 0, "kuki speaks http and https only"),
    supported("disallow-username-in-url", 0),
    refused("dns-interface", 0, "names are looked up by the system; give an address with --resolve HOST:PORT:ADDRESS"),
    refused("dns-ipv4-addr", 0, "names are looked up by the system; give an address with --resolve HOST:PORT:ADDRESS"),
    refused("dns-ipv6-addr", 0, "names are looked up by the system; give an address with --resolve HOST:PORT:ADDRESS"),
    refused("dns-servers", 0, "names are looked up by the system; give an address with --resolve HOST:PORT:ADDRESS"),
    refused("doh-cert-status", 0, "names are looked up by the system; give an address with --resolve HOST:PORT:ADDRESS"),
    refused("doh-insecure", 0, "names are looked up by the system; give an address with --resolve HOST:PORT:ADDRESS"),
    refused("doh-url", 0, "names are looked up by the system; give an address with --resolve HOST:PORT:ADDRESS"),
    refused("dump-ca-embed", 0, "no certificates are built in; the system's are trusted"),
    supported("dump-header", b'D'),
    refused("ech", 0, "the name of the host goes in the clear; a proxy (-x) hides it"),
    refused("egd-file", 0, "random numbers are the system's"),
    refused("engine", 0, "keys are PEM files: --key FILE"),
    supported("etag-compare", 0),
    supported("etag-save", 0),
    accepted("expect100-timeout", 0, "no `Expect` is sent of kuki's own, so nothing is waited for"),
    supported("fail", b'f'),
    supported("fail-early", 0),
    supported("fail-with-body", 0),
    refused("false-start", 0, "TLS 1.3 is as fast"),
    refused("follow", 0, "-L follows, and changes methods as browsers do"),
    supported("form", b'F'),
    refused("form-escape", 0, "names are percent-encoded as browsers do"),
    supported("form-string", 0),
    refused("ftp-account", 0, "kuki speaks http and https only"),
    refused("ftp-alternative-to-user", 0, "kuki speaks http and https only"),
    refused("ftp-create-dirs", 0, "kuki speaks http and https only"),
    refused("ftp-method", 0, "kuki speaks http and https only"),
    refused("ftp-pasv", 0, "kuki speaks http and https only"),
    refused("ftp-port", b'P', "kuki speaks http and https only"),
    refused("ftp-pret", 0, "kuki speaks http and https only"),
    refused("ftp-skip-pasv-ip", 0, "kuki speaks http and https only"),
    refused("ftp-ssl-ccc", 0, "kuki speaks http and https only"),
    refused("ftp-ssl-ccc-mode", 0, "kuki speaks http and https only"),
    refused("ftp-ssl-control", 0, "kuki speaks http and https only"),
    supported("get", b'G'),
    supported("globoff", b'g'),
    refused("happy-eyeballs-timeout-ms", 0, "-4 or -6 chooses one family"),
    refused("haproxy-clientip", 0, "no PROXY line can be sent; -H 'X-Forwarded-For: …' may do"),
    refused("haproxy-protocol", 0, "no PROXY line can be sent; -H 'X-Forwarded-For: …' may do"),
    supported("head", b'I'),
    supported("header", b'H'),
    supported("help", b'h'),
    refused("hostpubmd5", 0, "kuki speaks http and https only"),
    refused("hostpubsha256", 0, "kuki speaks http and https only"),
    refused("hsts", 0, "write https:// yourself; redirects there are followed with -L"),
    refused("http0.9", 0, "an answer without a head is never taken"),
    supported("http1.0", b'0'),
    supported("http1.1", 0),
    supported("http2", 0),
    supported("http2-prior-knowledge", 0),
    refused("http3", 0, "--http2 is the latest that is spoken"),
    refused("http3-only", 0, "--http2 is the latest that is spoken"),
    refused("ignore-content-length", 0, "a length that is not true is an error"),
    supported("include", b'i'),
    supported("insecure", b'k'),
    supported("interface", 0),
    refused("ip-tos", 0, "packets are marked by the system"),
    refused("ipfs-gateway", 0, "write the URL of the gateway: http://127.0.0.1:8080/ipfs/…"),
    supported("ipv4", b'4'),
    supported("ipv6", b'6'),
    supported("json", 0),
    supported("junk-session-cookies", b'j'),
    refused("keepalive-cnt", 0, "--keepalive-time sets the time between probes"),
    supported("keepalive-time", 0),
    supported("key", 0),
    refused("key-type", 0, "--key takes PEM; openssl turns other kinds into it"),
    refused("knownhosts", 0, "kuki speaks http and https only"),
    refused("krb", 0, "there is no Kerberos here; a token goes by --oauth2-bearer or -H"),
    refused("libcurl", 0, "-v shows what is sent"),
    supported("limit-rate", 0),
    refused("list-only", b'l', "kuki speaks http and https only"),
    refused("local-port", 0, "--interface chooses the address; its port is the system's choice"),
    supported("location", b'L'),
    supported("location-trusted", 0),
    refused("login-options", 0, "kuki speaks http and https only"),
    refused("mail-auth", 0, "kuki speaks http and https only"),
    refused("mail-from", 0, "kuki speaks http and https only"),
    refused("mail-rcpt", 0, "kuki speaks http and https only"),
    refused("mail-rcpt-allowfails", 0, "kuki speaks http and https only"),
    refused("manual", b'M', "kuki --help says each option; docs/ says more"),
    supported("max-filesize", 0),
    supported("max-redirs", 0),
    supported("max-time", b'm'),
    refused("metalink", 0, "curl has given it up, too"),
    refused("mptcp", 0, "connections are plain TCP"),
    refused("negotiate", 0, "there is no Kerberos here; a token goes by --oauth2-bearer or -H"),
    supported("netrc", b'n'),
    supported("netrc-file", 0),
    supported("netrc-optional", 0),
    refused("next", b':', "use one command each: they share the jar; several URLs with the same options go in one, or with -Z"),
    refused("no-alpn", 0, "--http1.1 does not offer HTTP/2"),
    supported("no-buffer", b'N'),
    supported("no-clobber", 0),
    refused("no-keepalive", 0, "probes are sent, and --keepalive-time says how often"),
    accepted("no-npn", 0, "no such extension is sent"),
    supported("no-progress-meter", 0),
    refused("no-sessionid", 0, "no TLS session outlives the run"),
    supported("noproxy", 0),
    refused("ntlm", 0, "use -u for Basic, or a proxy that speaks NTLM for you"),
    refused("ntlm-wb", 0, "use -u for Basic, or a proxy that speaks NTLM for you"),
    supported("oauth2-bearer", 0),
    refused("out-null", 0, "-o /dev/null does the same"),
    supported("output", b'o'),
    supported("output-dir", 0),
    supported("parallel", b'Z'),
    supported("parallel-immediate", 0),
    supported("parallel-max", 0),
    refused("parallel-max-host", 0, "--parallel-max bounds all of them"),
    refused("pass", 0, "take the password off: openssl pkey -in KEY -out plain.pem"),
    refused("path-as-is", 0, "the URL parser always takes `/../` out; percent-encode what must stay, as %2e%2e"),
    refused("pinnedpubkey", 0, "trust one certificate alone with --cacert FILE"),
    supported("post301", 0),
    supported("post302", 0),
    supported("post303", 0),
    refused("preproxy", 0, "one proxy at a time: -x"),
    supported("progress-bar", b'#'),
    supported("proto", 0),
    supported("proto-default", 0),
    supported("proto-redir", 0),
    supported("proxy", b'x'),
    refused("proxy-anyauth", 0, "-U logs in by Basic"),
    accepted("proxy-basic", 0, "it is how -U logs in anyway"),
    refused("proxy-ca-native", 0, "an https proxy is judged by --cacert, --capath and -k, as the server is"),
    refused("proxy-cacert", 0, "an https proxy is judged by --cacert, --capath and -k, as the server is"),
    refused("proxy-capath", 0, "an https proxy is judged by --cacert, --capath and -k, as the server is"),
    refused("proxy-cert", 0, "certificates are shown to servers only (-E), and a proxy takes -U"),
    refused("proxy-cert-type", 0, "certificates are shown to servers only (-E), and a proxy takes -U"),
    refused("proxy-ciphers", 0, "rustls chooses among safe ones; --tls-max and --tlsv1.3 choose the version"),
    refused("proxy-crlfile", 0, "revocation lists are not read"),
    refused("proxy-digest", 0, "-U logs in by Basic"),
    refused("proxy-header", 0, "-H goes to the server; a proxy gets -U"),
    refused("proxy-http2", 0, "HTTP/1.1 is spoken to proxies"),
    refused("proxy-insecure", 0, "an https proxy is judged by --cacert, --capath and -k, as the server is"),
    refused("proxy-key", 0, "certificates are shown to servers only (-E), and a proxy takes -U"),
    refused("proxy-key-type", 0, "certificates are shown to servers only (-E), and a proxy takes -U"),
    refused("proxy-negotiate", 0, "there is no Kerberos here; a token goes by --oauth2-bearer or -H"),
    refused("proxy-ntlm", 0, "use -u for Basic, or a proxy that speaks NTLM for you"),
    refused("proxy-pass", 0, "certificates are shown to servers only (-E), and a proxy takes -U"),
    refused("proxy-pinnedpubkey", 0, "an https proxy is judged by --cacert, --capath and -k, as the server is"),
    refused("proxy-service-name", 0, "there is no Kerberos here; a token goes by --oauth2-bearer or -H"),
    accepted("proxy-ssl-allow-beast", 0, "the TLS library has no such weakness to allow"),
    refused("proxy-ssl-auto-client-cert", 0, "certificates are shown to servers only (-E), and a proxy takes -U"),
    refused("proxy-tls13-ciphers", 0, "rustls chooses among safe ones; --tls-max and --tlsv1.3 choose the version"),
    refused("proxy-tlsauthtype", 0, "TLS-SRP is not spoken; show a certificate with -E"),
    refused("proxy-tlspassword", 0, "TLS-SRP is not spoken; show a certificate with -E"),
    refused("proxy-tlsuser", 0, "TLS-SRP is not spoken; show a certificate with -E"),
    accepted("proxy-tlsv1", 0, "TLS 1.2 or later is spoken, which is later"),
    supported("proxy-user", b'U'),
    refused("proxy1.0", 0, "-x speaks HTTP/1.1 to the proxy"),
    refused("proxytunnel", b'p', "https goes through a tunnel anyway, http never does"),
    refused("pubkey", 0, "kuki speaks http and https only"),
    refused("quote", b'Q', "kuki speaks http and https only"),
    refused("random-file", 0, "random numbers are the system's"),
    supported("range", b'r'),
    supported("rate", 0),
    refused("raw", 0, "--no-compressed shows the body as it was coded; chunks are always put together"),
    supported("referer", b'e'),
    supported("remote-header-name", b'J'),
    supported("remote-name", b'O'),
    supported("remote-name-all", 0),
    supported("remote-time", b'R'),
    supported("remove-on-error", 0),
    supported("request", b'X'),
    refused("request-target", 0, "the target is the URL's path and query"),
    supported("resolve", 0),
    supported("retry", 0),
    supported("retry-all-errors", 0),
    supported("retry-connrefused", 0),
    supported("retry-delay", 0),
    supported("retry-max-time", 0),
    refused("sasl-authzid", 0, "kuki speaks http and https only"),
    refused("sasl-ir", 0, "kuki speaks http and https only"),
    refused("service-name", 0, "there is no Kerberos here; a token goes by --oauth2-bearer or -H"),
    supported("show-error", b'S'),
    refused("sigalgs", 0, "rustls chooses among safe ones; --tls-max and --tlsv1.3 choose the version"),
    supported("silent", b's'),
    refused("skip-existing", 0, "--no-clobber keeps the file, and writes beside it"),
    supported("socks4", 0),
    supported("socks4a", 0),
    supported("socks5", 0),
    accepted("socks5-basic", 0, "it is how -U logs in to a SOCKS proxy anyway"),
    refused("socks5-gssapi", 0, "there is no Kerberos here; a token goes by --oauth2-bearer or -H"),
    refused("socks5-gssapi-nec", 0, "there is no Kerberos here; a token goes by --oauth2-bearer or -H"),
    refused("socks5-gssapi-service", 0, "there is no Kerberos here; a token goes by --oauth2-bearer or -H"),
    supported("socks5-hostname", 0),
    supported("speed-limit", b'Y'),
    supported("speed-time", b'y'),
    refused("ssl", 0, "write https:// in the URL"),
    accepted("ssl-allow-beast", 0, "the TLS library has no such weakness to allow"),
    refused("ssl-auto-client-cert", 0, "name the certificate with -E FILE"),
    accepted("ssl-no-revoke", 0, "revocation is not looked up"),
    refused("ssl-reqd", 0, "write https:// in the URL"),
    accepted("ssl-revoke-best-effort", 0, "revocation is not looked up"),
    refused("ssl-sessions", 0, "no TLS session outlives the run"),
    refused("sslv2", b'2', "TLS 1.2 is the oldest that is spoken"),
    refused("sslv3", b'3', "TLS 1.2 is the oldest that is spoken"),
    supported("stderr", 0),
    accepted("styled-output", 0, "heads of -i are not styled"),
    accepted("suppress-connect-headers", 0, "the exchange with a proxy is not shown"),
    refused("tcp-fastopen", 0, "several URLs in one run share their connections"),
    accepted("tcp-nodelay", 0, "it is so anyway"),
    refused("telnet-option", b't', "kuki speaks http and https only"),
    refused("tftp-blksize", 0, "kuki speaks http and https only"),
    refused("tftp-no-options", 0, "kuki speaks http and https only"),
    supported("time-cond", b'z'),
    refused("tls-earlydata", 0, "nothing is sent before the handshake is over"),
    supported("tls-max", 0),
    refused("tls13-ciphers", 0, "rustls chooses among safe ones; --tls-max and --tlsv1.3 choose the version"),
    refused("tlsauthtype", 0, "TLS-SRP is not spoken; show a certificate with -E"),
    refused("tlspassword", 0, "TLS-SRP is not spoken; show a certificate with -E"),
    refused("tlsuser", 0, "TLS-SRP is not spoken; show a certificate with -E"),
    accepted("tlsv1", b'1', "TLS 1.2 or later is spoken, which is later"),
    accepted("tlsv1.0", 0, "TLS 1.2 or later is spoken, which is later"),
    accepted("tlsv1.1", 0, "TLS 1.2 or later is spoken, which is later"),
    supported("tlsv1.2", 0),
    supported("tlsv1.3", 0),
    refused("tr-encoding", 0, "bodies are asked for compressed by Accept-Encoding"),
    refused("trace", 0, "-v shows the heads, -i and -o the answer"),
    refused("trace-ascii", 0, "-v shows the heads, -i and -o the answer"),
    refused("trace-config", 0, "-v shows the heads"),
    refused("trace-ids", 0, "-v shows the heads"),
    refused("trace-time", 0, "-w '%{time_total}' tells how long it took"),
    supported("unix-socket", 0),
    supported("upload-file", b'T'),
    refused("upload-flags", 0, "kuki speaks http and https only"),
    supported("url", 0),
    supported("url-query", 0),
    accepted("use-ascii", b'B', "it means nothing for HTTP"),
    supported("user", b'u'),
    supported("user-agent", b'A'),
    refused("variable", 0, "the shell has variables: \"$NAME\""),
    supported("verbose", b'v'),
    supported("version", b'V'),
    refused("vlan-priority", 0, "packets are marked by the system"),
    supported("write-out", b'w'),
    refused("xattr", 0, "-w '%{url_effective} %{content_type}' tells what it would store"),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::options::{self, Part};

    const DOCUMENT: &str = include_str!("../../docs/curl.md");

    #[test]
    fn names_are_in_their_order() {
        assert!(CURL.is_sorted_by(|one, other| one.long < other.long));
    }

    /// After a flag has been added to the parser, or taken away, the row here has to follow.
    #[test]
    fn the_table_says_of_each_flag_what_the_parser_does_with_it() {
        for CurlFlag { long, short, here } in CURL {
            // The parser's own.
            if ["help", "version"].contains(long) {
                continue;
            }
            let known = options::long(long.as_bytes());
            let is_taken = known.is_some_and(|known| known.part != Part::Verb && known.part != Part::Filter);
            assert_eq!(is_taken, !matches!(here, Here::Refused(_)), "--{long}");
            assert!(!is_taken || known.is_some_and(|known| known.short == *short), "--{long}: its letter");
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
        for CurlFlag { long, here, .. } in CURL {
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
