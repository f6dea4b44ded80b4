//! Owns the JSON document of `kuki explain`, version 1: the same as the page, for programs.
//! Does not mask anything; whoever asks for JSON wants the values.

use serde::Serialize;

use crate::cookie::policy::Policy;
use crate::cookie::record::Key;
use crate::cookie::verdict::Receipt;
use crate::output::explanation::{Answer, Asked, Explanation, Judged, Otherwise, other, unshadowed};
use crate::output::redact::Secrets;
use crate::output::vocabulary::{CookieEntry, ReceiptEntry, WithheldEntry, document, moment, octets};

const FORMAT: &str = "kuki-explain";
const VERSION: u32 = 1;
const EXACT: Secrets = Secrets::Revealed;

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u32,
    jar: Option<&'a str>,
    policy: &'static str,
    answers: Vec<AnswerEntry<'a>>,
    requests: Vec<RequestEntry<'a>>,
}

#[derive(Serialize)]
struct AnswerEntry<'a> {
    url: &'a str,
    method: &'a str,
    status: Option<u16>,
    at: String,
    sent: Vec<CookieEntry>,
    set_cookies: Vec<JudgedEntry>,
}

#[derive(Serialize)]
struct JudgedEntry {
    #[serde(flatten)]
    receipt: ReceiptEntry,
    /// `null` where both policies do the same.
    other_policy: Option<OtherReceipt>,
}

#[derive(Serialize)]
struct OtherReceipt {
    policy: &'static str,
    #[serde(flatten)]
    receipt: ReceiptEntry,
}

#[derive(Serialize)]
struct RequestEntry<'a> {
    url: &'a str,
    method: &'a str,
    at: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    cookie_header: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    cookie_header_base64: Option<String>,
    sent: Vec<CookieEntry>,
    withheld: Vec<WithheldEntry>,
    shadowed: Vec<ShadowedEntry>,
    unrelated: usize,
    other_policy: Vec<OtherWay>,
}

/// A cookie that goes behind another of its name.
#[derive(Serialize)]
struct ShadowedEntry {
    cookie: CookieEntry,
    by: CookieEntry,
    fix: String,
}

#[derive(Serialize)]
struct OtherWay {
    policy: &'static str,
    cookie: CookieEntry,
    code: &'static str,
    message: Option<String>,
    devtools: Option<&'static str>,
}

pub fn json(explanation: &Explanation) -> String {
    let policy = explanation.policy;
    document(&Document {
        format: FORMAT,
        version: VERSION,
        jar: explanation.jar.as_deref(),
        policy: policy.word(),
        answers: explanation.answers.iter().map(|answer| AnswerEntry::of(answer, policy)).collect(),
        requests: explanation.requests.iter().map(|asked| RequestEntry::of(asked, policy)).collect(),
    })
}

impl AnswerEntry<'_> {
    fn of(answer: &Answer, policy: Policy) -> AnswerEntry<'_> {
        AnswerEntry {
            url: answer.url.as_str(),
            method: &answer.method,
            status: answer.status,
            at: moment(answer.at),
            sent: answer.sent.iter().map(CookieEntry::identified).collect(),
            set_cookies: answer.judged.iter().map(|judged| JudgedEntry::of(judged, policy)).collect(),
        }
    }
}

impl JudgedEntry {
    fn of(judged: &Judged, policy: Policy) -> JudgedEntry {
        let Judged { receipt, remarks, otherwise } = judged;
        let other_receipt = |receipt: &Receipt| OtherReceipt {
            policy: other(policy).word(),
            receipt: ReceiptEntry::of(receipt, EXACT),
        };
        JudgedEntry {
            receipt: ReceiptEntry::with(receipt, remarks, EXACT),
            other_policy: otherwise.as_ref().map(other_receipt),
        }
    }
}

impl RequestEntry<'_> {
    fn of(asked: &Asked, policy: Policy) -> RequestEntry<'_> {
        let (cookie_header, cookie_header_base64) = asked.header.as_deref().map(octets).unwrap_or_default();
        let shadowed = asked.shadowed().into_iter().map(|(cookie, by)| ShadowedEntry {
            cookie: CookieEntry::identified(&cookie.key()),
            by: CookieEntry::identified(&by.key()),
            fix: unshadowed(cookie, by),
        });
        let withheld = asked
            .withheld
            .iter()
            .map(|(cookie, why)| WithheldEntry::of(CookieEntry::of(cookie, EXACT), *why));
        RequestEntry {
            url: asked.url.as_str(),
            method: &asked.method,
            at: moment(asked.at),
            cookie_header,
            cookie_header_base64,
            sent: asked.sent.iter().map(|cookie| CookieEntry::of(cookie, EXACT)).collect(),
            withheld: withheld.collect(),
            shadowed: shadowed.collect(),
            unrelated: asked.unrelated,
            other_policy: asked.otherwise.iter().map(|(key, way)| OtherWay::of(key, *way, policy)).collect(),
        }
    }
}

impl OtherWay {
    fn of(key: &Key, otherwise: Otherwise, policy: Policy) -> OtherWay {
        let why = match otherwise {
            Otherwise::Withheld(why) => Some(why),
            _ => None,
        };
        OtherWay {
            policy: other(policy).word(),
            cookie: CookieEntry::identified(key),
            code: otherwise.code(),
            message: why.map(|why| why.to_string()),
            devtools: why.and_then(|why| why.devtools()),
        }
    }
}
