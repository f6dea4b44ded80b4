//! Owns the document of `--report`, version 1: what was asked, sent, received and decided, transfer by transfer.
//! Does not write it anywhere, and decides nothing again; it reads traces.

use std::time::Instant;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::{HeaderMap, HeaderName, Version};
use serde::Serialize;

use crate::cookie::record::Key;
use crate::cookie::verdict::{Receipt, Verdict};
use crate::exchange::sighting::Sighting;
use crate::exchange::trace::{Hop, Trace};
use crate::exchange::transport::Head;
use crate::output::head;
use crate::output::redact::Secrets;
use crate::output::vocabulary::{CookieEntry, ReceiptEntry, WithheldEntry};
use crate::output::write_out::Times;

/// The whole document.
#[derive(Debug, Serialize)]
pub struct Document {
    format: &'static str,
    version: u32,
    kuki_version: &'static str,
    secrets: &'static str,
    jar: Option<JarEntry>,
    transfers: Vec<TransferEntry>,
    exit_status: u8,
}

#[derive(Debug, Serialize)]
pub struct JarEntry {
    pub name: String,
    /// What came in is kept.
    pub saved: bool,
    pub stored: usize,
    pub replaced: usize,
    pub deleted: usize,
    pub evicted: usize,
}

/// One URL of the command line.
#[derive(Debug, Serialize)]
pub struct TransferEntry {
    url: String,
    /// The last of them brought the result.
    attempts: Vec<AttemptEntry>,
    timings: TimingsEntry,
    body: BodyEntry,
    error: Option<ErrorEntry>,
    exit_status: u8,
}

#[derive(Debug, Serialize)]
struct AttemptEntry {
    exchanges: Vec<ExchangeEntry>,
    /// Why there was another attempt.
    problem: Option<String>,
}

/// What became of the last answer's body.
#[derive(Debug, Serialize)]
struct BodyEntry {
    octets: u64,
    file: Option<String>,
}

#[derive(Debug, Serialize)]
struct ErrorEntry {
    message: String,
    hint: Option<String>,
}

/// Seconds from the start of the transfer.
#[derive(Debug, Serialize)]
struct TimingsEntry {
    namelookup: Option<f64>,
    connect: Option<f64>,
    appconnect: Option<f64>,
    connected: Option<f64>,
    pretransfer: Option<f64>,
    starttransfer: Option<f64>,
    redirect: f64,
    total: f64,
}

#[derive(Debug, Serialize)]
struct ExchangeEntry {
    request: RequestEntry,
    response: Option<ResponseEntry>,
    cookies: CookiesEntry,
    set_cookies: Vec<ReceiptEntry>,
    headers_held_back: Vec<String>,
    connection: ConnectionEntry,
    timings: HopTimings,
}

#[derive(Debug, Serialize)]
struct RequestEntry {
    method: String,
    url: String,
    version: Option<&'static str>,
    headers: Vec<HeaderEntry>,
    body_octets: Option<u64>,
}

#[derive(Debug, Serialize)]
struct ResponseEntry {
    version: &'static str,
    status: u16,
    reason: Option<String>,
    headers: Vec<HeaderEntry>,
    /// Of a body that was not read, or not to its end, nobody knows.
    body_octets: Option<u64>,
}

#[derive(Debug, Serialize)]
struct HeaderEntry {
    name: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    value: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    value_base64: Option<String>,
}

#[derive(Debug, Serialize)]
struct CookiesEntry {
    sent: Vec<CookieEntry>,
    withheld: Vec<WithheldEntry>,
    replaced_by_hand: Vec<CookieEntry>,
}

#[derive(Debug, Serialize)]
struct ConnectionEntry {
    new: u32,
    remote_ip: Option<String>,
    remote_port: Option<u16>,
    local_ip: Option<String>,
    local_port: Option<u16>,
}

/// Seconds from the start of the transfer.
#[derive(Debug, Serialize)]
struct HopTimings {
    sent: Option<f64>,
    namelookup: Option<f64>,
    connected: Option<f64>,
    answered: Option<f64>,
}

/// An attempt that was followed by another.
#[derive(Debug)]
pub struct Failed {
    pub trace: Trace,
    pub problem: String,
}

/// What a transfer leaves behind.
#[derive(Debug)]
pub struct Outcome<'a> {
    /// Without userinfo.
    pub url: &'a str,
    pub failed: &'a [Failed],
    pub trace: &'a Trace,
    pub began: Instant,
    pub times: Times,
    pub received: u64,
    pub file: Option<&'a str>,
    /// The message and the hint.
    pub error: Option<(&'a str, Option<&'a str>)>,
    pub exit: u8,
}

impl Document {
    pub fn new(
        jar: Option<JarEntry>,
        transfers: Vec<TransferEntry>,
        exit_status: u8,
        secrets: Secrets,
    ) -> Document {
        Document {
            format: "kuki-report",
            version: 1,
            kuki_version: env!("CARGO_PKG_VERSION"),
            secrets: match secrets {
                Secrets::Masked => "masked",
                Secrets::Revealed => "revealed",
            },
            jar,
            transfers,
            exit_status,
        }
    }
}

impl JarEntry {
    /// Nothing has changed in it yet.
    pub fn new(name: String) -> JarEntry {
        JarEntry { name, saved: true, stored: 0, replaced: 0, deleted: 0, evicted: 0 }
    }

    pub fn count(&mut self, receipts: &[Receipt]) {
        for receipt in receipts {
            match receipt.verdict {
                Verdict::Stored => self.stored += 1,
                Verdict::Replaced => self.replaced += 1,
                Verdict::Deleted => self.deleted += 1,
                Verdict::EvictedAtOnce | Verdict::NothingToDelete | Verdict::Refused(_) => {}
            }
            self.evicted += receipt.evicted.len();
        }
    }
}

impl TransferEntry {
    pub fn of(outcome: &Outcome, secrets: Secrets) -> TransferEntry {
        let entries = |trace: &Trace, received| {
            let last = trace.hops.len().saturating_sub(1);
            let entry = |(at, hop): (usize, &Hop)| {
                let octets = (at == last).then_some(received).flatten();
                ExchangeEntry::of(hop, outcome.began, octets, secrets)
            };
            trace.hops.iter().enumerate().map(entry).collect::<Vec<_>>()
        };
        let failed = outcome.failed.iter().map(|failed| AttemptEntry {
            exchanges: entries(&failed.trace, None),
            problem: Some(failed.problem.clone()),
        });
        let last = AttemptEntry { exchanges: entries(outcome.trace, Some(outcome.received)), problem: None };
        TransferEntry {
            url: outcome.url.to_owned(),
            attempts: failed.chain([last]).collect(),
            timings: TimingsEntry::of(&outcome.times),
            body: BodyEntry { octets: outcome.received, file: outcome.file.map(str::to_owned) },
            error: outcome.error.map(|(message, hint)| ErrorEntry {
                message: message.to_owned(),
                hint: hint.map(str::to_owned),
            }),
            exit_status: outcome.exit,
        }
    }
}

impl TimingsEntry {
    fn of(times: &Times) -> TimingsEntry {
        TimingsEntry {
            namelookup: times.looked_up.map(|span| span.as_secs_f64()),
            connect: times.connect.map(|span| span.as_secs_f64()),
            appconnect: times.appconnect.map(|span| span.as_secs_f64()),
            connected: times.connected.map(|span| span.as_secs_f64()),
            pretransfer: times.pretransfer.map(|span| span.as_secs_f64()),
            starttransfer: times.head.map(|span| span.as_secs_f64()),
            redirect: times.redirect.as_secs_f64(),
            total: times.total.as_secs_f64(),
        }
    }
}

impl ExchangeEntry {
    fn of(hop: &Hop, began: Instant, octets: Option<u64>, secrets: Secrets) -> ExchangeEntry {
        let seen = hop.watch.seen();
        let identified = |keys: &[Key]| keys.iter().map(CookieEntry::identified).collect();
        let response = hop.response.as_ref();
        ExchangeEntry {
            request: RequestEntry {
                method: hop.request.method.to_string(),
                url: hop.request.url.to_string(),
                version: response.map(|head| head.version).or(hop.request.version).map(head::version),
                headers: headers(&hop.request.headers, secrets, Secrets::request_header),
                body_octets: hop.request.body.as_ref().map_or(Some(0), |body| body.length()),
            },
            response: response.map(|head| ResponseEntry {
                version: head::version(head.version),
                status: head.status.as_u16(),
                reason: reason(head),
                headers: headers(&head.headers, secrets, Secrets::header),
                body_octets: octets,
            }),
            cookies: CookiesEntry {
                sent: identified(&hop.cookies.sent),
                withheld: hop
                    .cookies
                    .withheld
                    .iter()
                    .map(|(key, why)| WithheldEntry::of(CookieEntry::identified(key), *why))
                    .collect(),
                replaced_by_hand: identified(&hop.cookies.replaced_by_hand),
            },
            set_cookies: hop.receipts.iter().map(|receipt| ReceiptEntry::of(receipt, secrets)).collect(),
            headers_held_back: hop.held_back.iter().map(head::title_case).collect(),
            connection: ConnectionEntry::of(&seen),
            timings: HopTimings::of(&seen, began),
        }
    }
}

impl ConnectionEntry {
    fn of(seen: &Sighting) -> ConnectionEntry {
        ConnectionEntry {
            new: seen.connections,
            remote_ip: seen.remote.map(|address| address.ip().to_string()),
            remote_port: seen.remote.map(|address| address.port()),
            local_ip: seen.local.map(|address| address.ip().to_string()),
            local_port: seen.local.map(|address| address.port()),
        }
    }
}

impl HopTimings {
    fn of(seen: &Sighting, began: Instant) -> HopTimings {
        let since =
            |mark: Option<Instant>| mark.map(|mark| mark.saturating_duration_since(began).as_secs_f64());
        HopTimings {
            sent: since(seen.sent),
            namelookup: since(seen.looked_up),
            connected: since(seen.connected),
            answered: since(seen.answered),
        }
    }
}

/// HTTP/2 has none.
fn reason(head: &Head) -> Option<String> {
    let usual = || head.status.canonical_reason().filter(|_| head.version != Version::HTTP_2);
    let written = head.reason.as_deref().map(|reason| String::from_utf8_lossy(reason).into_owned());
    written.or_else(|| usual().map(str::to_owned))
}

fn headers(
    headers: &HeaderMap,
    secrets: Secrets,
    masked: fn(Secrets, &HeaderName, &[u8]) -> String,
) -> Vec<HeaderEntry> {
    let entry = |name: &HeaderName, value: &[u8]| {
        let (value, value_base64) = match (secrets, std::str::from_utf8(value)) {
            (Secrets::Masked, _) => (Some(masked(secrets, name, value)), None),
            (Secrets::Revealed, Ok(text)) => (Some(text.to_owned()), None),
            (Secrets::Revealed, Err(_)) => (None, Some(STANDARD.encode(value))),
        };
        HeaderEntry { name: head::title_case(name), value, value_base64 }
    };
    headers.iter().map(|(name, value)| entry(name, value.as_bytes())).collect()
}
