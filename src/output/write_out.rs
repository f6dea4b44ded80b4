//! Owns the language of `-w`: what a format says, and what its variables are for one chain of hops.
//! Does not write anywhere; it gives out octets and the stream that each of them is for.

use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::Version;
use http::header::{CONTENT_TYPE, COOKIE, HOST, REFERER};
use serde_json::{Map, Value, json};
use url::Position;

use crate::cookie::verdict::Verdict;
use crate::exchange::sighting::Sighting;
use crate::exchange::trace::{Hop, Trace};
use crate::exchange::transport::Head;

/// A part of a format.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Text(Vec<u8>),
    /// `%{name}`.
    Variable(String),
    /// `%header{name}`, of the last answer.
    Header(String),
    /// `%cookie{name}`, as the chain leaves it.
    Cookie(String),
    /// What follows goes there.
    To(Stream),
    /// What follows is only for a chain that failed.
    OnError,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stream {
    Stdout,
    Stderr,
    File { path: Vec<u8>, appends: bool },
}

/// All that a format may ask for.
#[derive(Clone, Copy, Debug)]
pub struct Facts<'a> {
    pub trace: &'a Trace,
    /// As it was typed.
    pub url: &'a str,
    /// Which of the URLs of the command line it is of, counted from 0.
    pub number: usize,
    pub exit: u8,
    pub error: Option<&'a str>,
    /// The file that the body went to.
    pub file: Option<&'a str>,
    pub jar: Option<&'a str>,
    pub times: Times,
    /// Octets of the last body, as they came.
    pub received: u64,
}

/// Hops that led elsewhere; one that asked for a login did not.
fn redirects(hops: &[Hop]) -> usize {
    let left = hops.split_last().map_or(&[][..], |(_, before)| before);
    let leads_on = |hop: &&Hop| hop.response.as_ref().is_some_and(|head| head.status.is_redirection());
    left.iter().filter(leads_on).count()
}

/// From the start of the request; what can't be told apart is not among them.
#[derive(Clone, Copy, Debug, Default)]
pub struct Times {
    pub total: Duration,
    /// Until the last request of the chain went out; zero if it is the only one.
    pub redirect: Duration,
    /// Until the last request's host, or proxy, was looked up.
    pub looked_up: Option<Duration>,
    /// Until its TCP connection stood.
    pub connect: Option<Duration>,
    /// Until its TLS stood; zero without TLS.
    pub appconnect: Option<Duration>,
    /// Until its whole connection stood.
    pub connected: Option<Duration>,
    /// Until it could go out.
    pub pretransfer: Option<Duration>,
    /// Until the head of the last answer was in.
    pub head: Option<Duration>,
}

/// Every variable that there is, as far as it is known.
const VARIABLES: [&str; 49] = [
    "certs",
    "content_type",
    "cookies_evicted",
    "cookies_refused",
    "cookies_sent",
    "cookies_set",
    "errormsg",
    "exitcode",
    "filename_effective",
    "ftp_entry_path",
    "http_code",
    "http_connect",
    "http_version",
    "jar",
    "local_ip",
    "local_port",
    "method",
    "num_certs",
    "num_connects",
    "num_headers",
    "num_redirects",
    "proxy_ssl_verify_result",
    "redirect_url",
    "referer",
    "remote_ip",
    "remote_port",
    "response_code",
    "scheme",
    "size_download",
    "size_header",
    "size_request",
    "size_upload",
    "speed_download",
    "speed_upload",
    "ssl_verify_result",
    "time_appconnect",
    "time_connect",
    "time_namelookup",
    "time_pretransfer",
    "time_redirect",
    "time_starttransfer",
    "time_total",
    "url",
    "url_effective",
    "urlnum",
    // Those that are made of the others, or direct the output.
    "header_json",
    "json",
    "stderr",
    "stdout",
];

/// Reads a format. What is no part of the language stands for itself, as in curl.
pub fn parse(format: &[u8]) -> Vec<Piece> {
    let (mut pieces, mut text, mut rest) = (Vec::new(), Vec::new(), format);
    while let [octet, behind @ ..] = rest {
        if let Some((piece, after)) = special(rest) {
            if !text.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut text)));
            }
            pieces.push(piece);
            rest = after;
            continue;
        }
        let (octet, after) = match rest {
            [b'%', b'%', after @ ..] => (b'%', after),
            [b'\\', b'n', after @ ..] => (b'\n', after),
            [b'\\', b'r', after @ ..] => (b'\r', after),
            [b'\\', b't', after @ ..] => (b'\t', after),
            _ => (*octet, behind),
        };
        text.push(octet);
        rest = after;
    }
    if !text.is_empty() {
        pieces.push(Piece::Text(text));
    }
    pieces
}

/// A piece that begins with `%` and a name, and what is behind it.
fn special(rest: &[u8]) -> Option<(Piece, &[u8])> {
    let kinds: [&[u8]; 4] = [b"%{", b"%header{", b"%cookie{", b"%output{"];
    let kind = kinds.into_iter().find(|kind| rest.starts_with(kind))?;
    let inner = &rest[kind.len()..];
    let end = inner.iter().position(|octet| *octet == b'}')?;
    let (name, after) = (&inner[..end], &inner[end + 1..]);
    let text = || String::from_utf8_lossy(name).into_owned();
    let piece = match kind {
        b"%header{" => Piece::Header(text()),
        b"%cookie{" => Piece::Cookie(text()),
        b"%output{" => {
            let appends = name.starts_with(b">>");
            let path = name.strip_prefix(b">>").unwrap_or(name).to_vec();
            Piece::To(Stream::File { path, appends })
        }
        _ => match name {
            b"stdout" => Piece::To(Stream::Stdout),
            b"stderr" => Piece::To(Stream::Stderr),
            b"onerror" => Piece::OnError,
            _ => Piece::Variable(text()),
        },
    };
    Some((piece, after))
}

/// The variables that nobody knows.
pub fn unknown(pieces: &[Piece]) -> Vec<&str> {
    let names = pieces.iter().filter_map(|piece| match piece {
        Piece::Variable(name) => Some(name.as_str()),
        _ => None,
    });
    names.filter(|name| !VARIABLES.contains(name)).collect()
}

/// What a format gives, in its order.
pub fn render(pieces: &[Piece], facts: &Facts) -> Vec<(Stream, Vec<u8>)> {
    let mut out = vec![(Stream::Stdout, Vec::new())];
    for piece in pieces {
        let octets = match piece {
            Piece::Text(text) => text.clone(),
            Piece::Variable(name) => facts.text(name).into_bytes(),
            Piece::Header(name) => {
                let value = facts.head().and_then(|head| head.headers.get(name.as_str()));
                value.map(|value| value.as_bytes().to_vec()).unwrap_or_default()
            }
            Piece::Cookie(name) => facts.cookie(name.as_bytes()),
            Piece::To(stream) => {
                out.push((stream.clone(), Vec::new()));
                continue;
            }
            Piece::OnError if facts.exit == 0 => break,
            Piece::OnError => continue,
        };
        if let Some((_, last)) = out.last_mut() {
            last.extend(octets);
        }
    }
    // A file that is named is made, also if nothing is written to it.
    out.retain(|(stream, octets)| matches!(stream, Stream::File { .. }) || !octets.is_empty());
    out
}

impl<'a> Facts<'a> {
    fn head(&self) -> Option<&'a Head> {
        self.trace.hops.iter().rev().find_map(|hop| hop.response.as_ref())
    }

    fn last(&self) -> Option<&'a Hop> {
        self.trace.hops.last()
    }

    fn text(&self, name: &str) -> String {
        match (name, self.value(name)) {
            ("http_code" | "response_code", Value::Number(code)) => format!("{:0>3}", code.to_string()),
            ("http_connect", Value::Number(code)) => format!("{:0>3}", code.to_string()),
            (_, Value::Null) => String::new(),
            (_, Value::String(text)) => text,
            (_, Value::Number(number)) if number.is_f64() => format!("{:.6}", number.as_f64().unwrap_or(0.0)),
            (_, value) => value.to_string(),
        }
    }

    /// `null` is what is not known.
    fn value(&self, name: &str) -> Value {
        let hops = &self.trace.hops;
        let receipts = || hops.iter().flat_map(|hop| &hop.receipts);
        let seconds = |span: Duration| json!(span.as_secs_f64());
        let seen = self.last().map(|hop| hop.watch.seen()).unwrap_or_default();
        let way = seen.way.unwrap_or_default();
        let body = self.last().and_then(|hop| hop.request.body.as_ref());
        let uploaded = body.map_or(Some(0), |body| body.length());
        let speed = |octets: Option<u64>| {
            let octets = octets?;
            let per_second = (u128::from(octets) * 1_000_000_000).checked_div(self.times.total.as_nanos());
            per_second.and_then(|speed| u64::try_from(speed).ok())
        };
        let optional = |span: Option<Duration>| span.map_or(Value::Null, seconds);
        match name {
            "content_type" => {
                let value = self.head().and_then(|head| head.headers.get(CONTENT_TYPE));
                value.map_or(Value::Null, |value| json!(String::from_utf8_lossy(value.as_bytes())))
            }
            "cookies_evicted" => json!(receipts().map(|receipt| receipt.evicted.len()).sum::<usize>()),
            "cookies_refused" => {
                json!(receipts().filter(|receipt| matches!(receipt.verdict, Verdict::Refused(_))).count())
            }
            "cookies_sent" => json!(hops.iter().map(|hop| sent(hop).len()).sum::<usize>()),
            "cookies_set" => json!(receipts().filter(|receipt| is_set(&receipt.verdict)).count()),
            "errormsg" => self.error.map_or(Value::Null, |error| json!(error)),
            "exitcode" => json!(self.exit),
            "filename_effective" => self.file.map_or(Value::Null, |file| json!(file)),
            "header_json" => self.header_json(),
            "http_code" | "response_code" => json!(self.head().map_or(0, |head| head.status.as_u16())),
            "certs" if way.has_tls => certificates(&seen),
            // A tunnel that is no 200 is none.
            "http_connect" if way.has_tunnel => json!(seen.refused_tunnel.or(seen.connected.map(|_| 200))),
            "http_connect" => json!(0),
            "urlnum" => json!(self.number),
            "local_ip" => json!(seen.local.map(|address| address.ip().to_string())),
            "local_port" => json!(seen.local.map(|address| address.port())),
            "num_certs" if way.has_tls && !seen.certificates.is_empty() => json!(seen.certificates.len()),
            "num_certs" if seen.way.is_some() && !way.has_tls => json!(0),
            "num_connects" if seen.way.is_some() => json!(self.connections()),
            "proxy_ssl_verify_result" if seen.way.is_some() && !way.has_proxy => json!(0),
            "remote_ip" => json!(seen.remote.map(|address| address.ip().to_string())),
            "remote_port" => json!(seen.remote.map(|address| address.port())),
            "ssl_verify_result" if seen.is_verified || (seen.way.is_some() && !way.has_tls) => json!(0),
            "time_appconnect" => optional(self.times.appconnect),
            "time_connect" => optional(self.times.connect),
            "time_namelookup" => optional(self.times.looked_up),
            "time_pretransfer" => optional(self.times.pretransfer),
            "size_request" => json!(self.request_octets()),
            "http_version" => json!(match self.head().map(|head| head.version) {
                None => "0",
                Some(Version::HTTP_10) => "1",
                Some(Version::HTTP_2) => "2",
                Some(_) => "1.1",
            }),
            "jar" => self.jar.map_or(Value::Null, |jar| json!(jar)),
            "json" => self.json(),
            "method" => self.last().map_or(Value::Null, |hop| json!(hop.request.method.as_str())),
            "num_headers" => json!(self.head().map_or(0, |head| head.headers.len())),
            "num_redirects" => json!(redirects(hops)),
            "redirect_url" => self.redirect_url(),
            "referer" => {
                let value = self.last().and_then(|hop| hop.request.headers.get(REFERER));
                value.map_or(Value::Null, |value| json!(String::from_utf8_lossy(value.as_bytes())))
            }
            "scheme" => {
                self.last().map_or(Value::Null, |hop| json!(hop.request.url.scheme().to_ascii_uppercase()))
            }
            "size_download" => json!(self.received),
            "size_upload" => json!(uploaded),
            "speed_download" => json!(speed(Some(self.received))),
            "speed_upload" => json!(speed(uploaded)),
            "time_redirect" => seconds(self.times.redirect),
            "time_starttransfer" => optional(self.times.head),
            "time_total" => seconds(self.times.total),
            "url" => json!(self.url),
            "url_effective" => self.last().map_or(json!(self.url), |hop| json!(hop.request.url.as_str())),
            _ => Value::Null,
        }
    }

    fn json(&self) -> Value {
        let made = ["header_json", "json", "stderr", "stdout"];
        let names = VARIABLES.into_iter().filter(|name| !made.contains(name));
        let mut object: Map<_, _> = names.map(|name| (name.to_owned(), self.value(name))).collect();
        object.insert("kuki_version".to_owned(), json!(env!("CARGO_PKG_VERSION")));
        Value::Object(object)
    }

    fn header_json(&self) -> Value {
        let mut object = Map::new();
        for (name, value) in self.head().into_iter().flat_map(|head| &head.headers) {
            let values = object.entry(name.as_str()).or_insert_with(|| json!([]));
            if let Value::Array(values) = values {
                values.push(json!(String::from_utf8_lossy(value.as_bytes())));
            }
        }
        Value::Object(object)
    }

    fn connections(&self) -> u32 {
        self.trace.hops.iter().map(|hop| hop.watch.seen().connections).sum()
    }

    /// What all requests had, as far as they stand on the wire as the stack writes them.
    fn request_octets(&self) -> Option<u64> {
        self.trace.hops.iter().map(head_octets).sum()
    }

    /// Where the last answer leads, if nobody went there.
    fn redirect_url(&self) -> Value {
        let target = self.last().and_then(|hop| {
            let head = hop.response.as_ref().filter(|head| head.status.is_redirection())?;
            hop.request.url.join(head.headers.get(http::header::LOCATION)?.to_str().ok()?).ok()
        });
        target.map_or(Value::Null, |target| json!(target.as_str()))
    }

    /// The value that the chain leaves a cookie of this name with; empty if there is none.
    fn cookie(&self, name: &[u8]) -> Vec<u8> {
        for hop in self.trace.hops.iter().rev() {
            for receipt in hop.receipts.iter().rev().filter(|receipt| receipt.name == name) {
                match &receipt.cookie {
                    Some(cookie) if is_set(&receipt.verdict) => return cookie.value.clone(),
                    _ if receipt.verdict == Verdict::Deleted => return Vec::new(),
                    _ => {}
                }
            }
            let pair = sent(hop)
                .into_iter()
                .find(|pair| pair.starts_with(name) && pair.get(name.len()) == Some(&b'='));
            if let Some(pair) = pair {
                return pair[name.len() + 1..].to_vec();
            }
        }
        Vec::new()
    }
}

/// Those of a request's head over HTTP/1, which is one line after the other; in HTTP/2 it depends on those before it.
fn head_octets(hop: &Hop) -> Option<u64> {
    let head = hop.response.as_ref()?;
    let (request, way) = (&hop.request, hop.watch.seen().way?);
    let is_chunked = request.body.as_ref().is_some_and(|body| body.length().is_none());
    let is_odd = is_chunked && request.version == Some(Version::HTTP_10);
    if head.version == Version::HTTP_2 || way.has_proxy || is_odd {
        return None;
    }
    let url = &request.url;
    let target = &url[Position::BeforePath..Position::AfterQuery];
    let host = &url[Position::BeforeHost..Position::AfterPort];
    let line = request.method.as_str().len() + 1 + target.len() + " HTTP/1.1\r\n".len();
    let fields =
        request.headers.iter().map(|(name, value)| name.as_str().len() + value.len() + ": \r\n".len());
    let has_host = request.headers.contains_key(HOST);
    let host = if has_host { 0 } else { "Host: \r\n".len() + host.len() };
    let chunked = if is_chunked { "Transfer-Encoding: chunked\r\n".len() } else { 0 };
    u64::try_from(line + host + chunked + fields.sum::<usize>() + "\r\n".len()).ok()
}

/// In PEM, the server's own first.
fn certificates(seen: &Sighting) -> Value {
    if seen.certificates.is_empty() {
        return Value::Null;
    }
    let pem = |der: &Vec<u8>| {
        let text = STANDARD.encode(der);
        let lines: Vec<_> = text.as_bytes().chunks(64).map(String::from_utf8_lossy).collect();
        format!("-----BEGIN CERTIFICATE-----\n{}\n-----END CERTIFICATE-----\n", lines.join("\n"))
    };
    json!(seen.certificates.iter().map(pem).collect::<String>())
}

fn is_set(verdict: &Verdict) -> bool {
    matches!(verdict, Verdict::Stored | Verdict::Replaced)
}

/// The pairs of a hop's Cookie header.
fn sent(hop: &Hop) -> Vec<&[u8]> {
    let header = hop.request.headers.get(COOKIE).map(|value| value.as_bytes()).unwrap_or_default();
    header.split(|octet| *octet == b';').map(<[u8]>::trim_ascii).filter(|pair| !pair.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(format: &str, exit: u8) -> Vec<(Stream, String)> {
        let trace = Trace::default();
        let facts = Facts {
            trace: &trace,
            url: "http://h/",
            number: 0,
            exit,
            error: (exit > 0).then_some("it failed"),
            file: None,
            jar: Some("default"),
            times: Times { total: Duration::from_millis(1500), ..Times::default() },
            received: 300,
        };
        let pieces = parse(format.as_bytes());
        let text = |octets| String::from_utf8(octets).expect("UTF-8 in, UTF-8 out");
        render(&pieces, &facts).into_iter().map(|(stream, octets)| (stream, text(octets))).collect()
    }

    #[test]
    fn a_format_has_variables_escapes_and_itself() {
        for (format, expected) in [
            ("%{http_code}\\n", "000\n"),
            ("a%%b\\t\\r\\n\\x", "a%b\t\r\n\\x"),
            ("100% %{", "100% %{"),
            ("%{time_total} %{size_download} %{speed_download}", "1.500000 300 200"),
            ("[%{time_connect}%{time_appconnect}%{remote_ip}%{size_header}]", "[]"),
            ("[%{nonsense}]", "[]"),
            ("%{url} %{url_effective} %{num_redirects} %{jar}", "http://h/ http://h/ 0 default"),
            ("[%header{x}%cookie{y}]%{exitcode}", "[]0"),
            ("한%글", "한%글"),
        ] {
            assert_eq!(rendered(format, 0), [(Stream::Stdout, expected.to_owned())], "{format}");
        }
    }

    #[test]
    fn a_format_directs_what_follows() {
        let file = |appends| Stream::File { path: b"log".to_vec(), appends };
        assert_eq!(
            rendered("a%{stderr}b%output{log}c%{stdout}%output{>>log}", 0),
            [
                (Stream::Stdout, "a".to_owned()),
                (Stream::Stderr, "b".to_owned()),
                (file(false), "c".to_owned()),
                (file(true), String::new()),
            ]
        );
    }

    #[test]
    fn what_is_for_errors_is_for_errors_alone() {
        let format = "%{exitcode}%{onerror} %{errormsg}";
        assert_eq!(rendered(format, 0), [(Stream::Stdout, "0".to_owned())]);
        assert_eq!(rendered(format, 7), [(Stream::Stdout, "7 it failed".to_owned())]);
    }

    #[test]
    fn a_variable_that_nobody_knows_is_named() {
        assert_eq!(unknown(&parse(b"%{http_code}%{htp_code}%{json}%{onerror}%{stdout}")), ["htp_code"]);
    }
}
