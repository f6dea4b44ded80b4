//! Owns what can go wrong on the wire, sorted by the phase in which it did.
//! Does not choose an exit status.

use std::error::Error;
use std::fmt;
use std::io;

use rustls::Error as TlsError;
use url::Url;

use crate::transport::flow::TooSlow;
use crate::transport::proxy::Proxy;
use crate::transport::resolver::ResolveError;
use crate::transport::tls::{CertificateRefused, RootsError};
use crate::transport::upload::UploadError;

#[derive(Debug)]
pub struct TransportError {
    pub phase: Phase,
    /// Scheme, host and port; the path and the query may hold secrets.
    origin: String,
    /// Through which proxy it went, without its login.
    proxy: Option<String>,
    detail: String,
}

/// Where a request stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Phase {
    /// HTTP, but a head that breaks its rules.
    BadHead,
    /// Reading the response's body.
    Body,
    /// The body ended before its length.
    BodyCutShort,
    Connect,
    /// Nobody listens there.
    ConnectRefused,
    ConnectTimeout,
    /// The connection closed before a response.
    EmptyReply,
    /// The address or interface of ours.
    From,
    /// A head over the stack's limits.
    HeadTooLarge,
    /// What came was not HTTP.
    NotHttp,
    /// The SOCKS proxy did not do what it was asked.
    ProxyHandshake,
    ProxyResolve,
    /// The HTTP proxy made no tunnel.
    ProxyTunnel,
    Resolve,
    /// The file or store of root certificates.
    Roots,
    Send,
    Setup,
    Tls,
    /// --speed-limit and --speed-time.
    TooSlow,
    /// The server's certificate was not believed.
    TlsCertificate,
    /// Reading what was to be sent.
    Upload,
}

impl TransportError {
    /// Sorts an error of the stack, which happened while doing `phase` unless its causes know better.
    pub fn of(error: reqwest::Error, url: &Url, proxy: Option<&Proxy>, phase: Phase) -> TransportError {
        let origin = url.origin().ascii_serialization();
        let (phase, detail) = match sort(&error, phase) {
            (Phase::Connect, detail) if url.scheme() == "https" && is_cut_off(&error) => (Phase::Tls, detail),
            sorted => sorted,
        };
        let (phase, detail) = match proxy {
            Some(proxy) => through(proxy, &error, phase, detail),
            None => (phase, detail),
        };
        TransportError { phase, origin, proxy: proxy.map(ToString::to_string), detail }
    }

    /// A detour that the stack can't make.
    pub fn detour(url: &Url) -> TransportError {
        let detail = "--connect-to and --resolve can't lead through a proxy, away from an address whose certificate is judged, or with --http2-prior-knowledge from a port that the URL names";
        TransportError::without_cause(Phase::Setup, url, detail)
    }

    /// The URL's host is an address of the family that was ruled out.
    pub fn family(url: &Url) -> TransportError {
        TransportError::without_cause(
            Phase::Resolve,
            url,
            "it is no address of the family that was asked for",
        )
    }

    /// With which status the proxy opened no tunnel. The stack tells one of them only.
    pub fn refused_tunnel(&self) -> Option<u16> {
        (self.phase == Phase::ProxyTunnel && self.detail.contains("authorization required")).then_some(407)
    }

    pub fn slow(slow: &TooSlow, url: &Url) -> TransportError {
        TransportError::without_cause(Phase::TooSlow, url, &slow.to_string())
    }

    fn without_cause(phase: Phase, url: &Url, detail: &str) -> TransportError {
        let origin = url.origin().ascii_serialization();
        TransportError { phase, origin, proxy: None, detail: detail.to_owned() }
    }
}

impl TransportError {
    /// Is the host one word, as a verb is?
    pub fn is_about_a_word(&self) -> bool {
        let host = self.origin.split_once("://").map_or("", |(_, host)| host);
        host.bytes().all(|octet| octet.is_ascii_lowercase())
    }

    pub fn is_about_a_proxy(&self) -> bool {
        self.proxy.is_some()
    }
}

impl Error for TransportError {}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TransportError { phase, origin, proxy, detail } = self;
        let proxy = proxy.as_deref();
        match phase {
            Phase::BadHead => write!(f, "the response head from {origin} breaks the rules of HTTP: {detail}"),
            Phase::Body => write!(f, "reading the body from {origin} failed: {detail}"),
            Phase::BodyCutShort => write!(f, "the body from {origin} ended before its length"),
            Phase::Connect | Phase::ConnectRefused => match proxy {
                Some(proxy) => write!(f, "could not connect to the proxy {proxy}: {detail}"),
                None => write!(f, "could not connect to {origin}: {detail}"),
            },
            Phase::ConnectTimeout => {
                write!(f, "connecting to {origin} took longer than --connect-timeout allows")
            }
            Phase::EmptyReply => write!(f, "{origin} closed the connection without an answer"),
            Phase::From => write!(f, "could not connect from where --interface says: {detail}"),
            Phase::HeadTooLarge => write!(
                f,
                "the response head from {origin} is over a limit of the HTTP stack (100 header lines or 400 KiB; \
                 1 MiB over HTTP/2)"
            ),
            Phase::NotHttp => write!(f, "{origin} did not answer in HTTP: {detail}"),
            Phase::ProxyHandshake => {
                write!(f, "the proxy {} did not connect to {origin}: {detail}", proxy.unwrap_or_default())
            }
            Phase::ProxyResolve => {
                write!(f, "could not resolve the proxy {}: {detail}", proxy.unwrap_or_default())
            }
            Phase::ProxyTunnel => {
                write!(f, "the proxy {} made no tunnel to {origin}: {detail}", proxy.unwrap_or_default())
            }
            Phase::Resolve => write!(f, "could not resolve the host of {origin}: {detail}"),
            Phase::Roots => write!(f, "the certificates to trust cannot be read: {detail}"),
            Phase::Send => write!(f, "the exchange with {origin} failed: {detail}"),
            Phase::Setup => write!(f, "the request to {origin} could not be set up: {detail}"),
            Phase::Tls => write!(f, "the TLS handshake with {origin} failed: {detail}"),
            Phase::TooSlow => write!(f, "the transfer with {origin} was too slow: {detail}"),
            Phase::Upload => f.write_str(detail),
            Phase::TlsCertificate => write!(f, "the certificate of {origin} was not accepted: {detail}"),
        }
    }
}

/// The stack nests its errors; the innermost one that we know says what happened.
fn sort(error: &reqwest::Error, phase: Phase) -> (Phase, String) {
    let causes = || std::iter::successors(Some(error as &(dyn Error + 'static)), |error| inner(*error));
    for cause in causes() {
        if let Some(error) = cause.downcast_ref::<ResolveError>() {
            return (Phase::Resolve, error.to_string());
        }
        if let Some(error) = cause.downcast_ref::<UploadError>() {
            return (Phase::Upload, error.to_string());
        }
        if let Some(error) = cause.downcast_ref::<TlsError>() {
            return tls(error);
        }
        if let Some(error) = cause.downcast_ref::<hyper::Error>()
            && let Some(phase) = http(error, phase)
        {
            return (phase, deepest(cause));
        }
        let ended =
            cause.downcast_ref::<io::Error>().map(io::Error::kind) == Some(io::ErrorKind::UnexpectedEof);
        if ended && phase == Phase::Body {
            return (Phase::BodyCutShort, deepest(cause));
        }
    }
    let detail = deepest(error);
    match (error.is_timeout(), error.is_connect()) {
        (true, _) => (Phase::ConnectTimeout, detail),
        (false, true) if error_is_ours(error) => (Phase::From, detail),
        (false, true) => (refusal(error), detail),
        (false, false) => (phase, detail),
    }
}

/// What an error means that happened on the way through a proxy. The stack does not give the types of these errors out,
/// and hides what is inside those of SOCKS: so their texts are what there is.
fn through(proxy: &Proxy, error: &reqwest::Error, phase: Phase, detail: String) -> (Phase, String) {
    let causes = std::iter::successors(Some(error as &(dyn Error + 'static)), |error| inner(*error));
    for text in causes.map(ToString::to_string) {
        let unreached = "failed to create underlying connection";
        if let Some(what) = text.strip_prefix("SOCKS error: ") {
            let hidden = format!("{error:?}");
            return match what {
                _ if what != unreached => (Phase::ProxyHandshake, what.to_owned()),
                _ if hidden.contains("ResolveError") => {
                    (Phase::ProxyResolve, "its name is not known".to_owned())
                }
                _ if hidden.contains("ConnectionRefused") => {
                    (Phase::ConnectRefused, "Connection refused".to_owned())
                }
                _ => (Phase::Connect, "it can't be reached".to_owned()),
            };
        }
        if let Some(what) = text.strip_prefix("tunnel error: ").filter(|what| *what != unreached) {
            return (Phase::ProxyTunnel, what.to_owned());
        }
    }
    match phase {
        Phase::Resolve if !proxy.is_socks() => (Phase::ProxyResolve, detail),
        _ => (phase, detail),
    }
}

/// Did binding fail, and not connecting?
fn error_is_ours(error: &reqwest::Error) -> bool {
    let mut causes = std::iter::successors(Some(error as &(dyn Error + 'static)), |error| inner(*error));
    causes.any(|cause| cause.to_string().starts_with("tcp bind "))
}

/// Did the other side take the connection, and then close it? Before a request that can only be in the handshake.
fn is_cut_off(error: &reqwest::Error) -> bool {
    let causes = || std::iter::successors(Some(error as &(dyn Error + 'static)), |error| inner(*error));
    let is_over = |kind| {
        matches!(
            kind,
            io::ErrorKind::UnexpectedEof | io::ErrorKind::ConnectionReset | io::ErrorKind::BrokenPipe
        )
    };
    let mut kinds = causes().filter_map(|cause| Some(cause.downcast_ref::<io::Error>()?.kind()));
    kinds.any(is_over) && !causes().any(|cause| cause.to_string().starts_with("tcp "))
}

/// Every address refused, or the connection failed otherwise.
fn refusal(error: &reqwest::Error) -> Phase {
    let causes = std::iter::successors(Some(error as &(dyn Error + 'static)), |error| inner(*error));
    let mut kinds = causes.filter_map(|cause| Some(cause.downcast_ref::<io::Error>()?.kind()));
    let is_refused = kinds.any(|kind| kind == io::ErrorKind::ConnectionRefused);
    if is_refused { Phase::ConnectRefused } else { Phase::Connect }
}

/// An I/O error hides its inner error's own place in the chain; the rest tell their source.
fn inner<'a>(error: &'a (dyn Error + 'static)) -> Option<&'a (dyn Error + 'static)> {
    if let Some(io) = error.downcast_ref::<io::Error>()
        && let Some(wrapped) = io.get_ref()
    {
        return Some(wrapped);
    }
    error.source()
}

fn deepest(error: &(dyn Error + 'static)) -> String {
    let last = std::iter::successors(Some(error), |error| inner(*error)).last();
    last.map_or_else(String::new, ToString::to_string)
}

fn tls(error: &TlsError) -> (Phase, String) {
    if let TlsError::Other(other) = error
        && let Some(error) = other.0.downcast_ref::<RootsError>()
    {
        return (Phase::Roots, error.to_string());
    }
    if let TlsError::Other(other) = error
        && let Some(error) = other.0.downcast_ref::<CertificateRefused>()
    {
        return (Phase::TlsCertificate, error.to_string());
    }
    let phase = match error {
        TlsError::InvalidCertificate(_) => Phase::TlsCertificate,
        _ => Phase::Tls,
    };
    (phase, error.to_string())
}

fn http(error: &hyper::Error, phase: Phase) -> Option<Phase> {
    if error.is_parse_too_large() {
        Some(Phase::HeadTooLarge)
    } else if error.is_parse() {
        // The stack tells only of a part of these what they are, but all of them in their texts.
        let text = error.to_string();
        let is_line =
            ["header", "content-length", "transfer-encoding"].iter().any(|what| text.contains(what));
        Some(if is_line { Phase::BadHead } else { Phase::NotHttp })
    } else if error.is_incomplete_message() {
        Some(if phase == Phase::Body { Phase::BodyCutShort } else { Phase::EmptyReply })
    } else {
        None
    }
}
