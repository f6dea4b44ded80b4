//! Owns the page of `kuki explain`: what each `Set-Cookie` would do, then what would be sent where.
//! Does not decide; it is given the verdicts.

use chrono::{DateTime, SecondsFormat, Utc};

use crate::cookie::policy::Policy;
use crate::cookie::record::Cookie;
use crate::cookie::verdict::{Receipt, Verdict};
use crate::output::explanation::{Answer, Asked, Explanation, Otherwise, other, unshadowed};
use crate::output::facts::{accused, fixed, judged, site, withheld};
use crate::output::judgement::{Look, about, name};
use crate::output::page::{Below, Fact, Layout, render};
use crate::output::redact::Secrets;
use crate::output::sanitize;
use crate::output::style::Meaning;

/// The whole page.
pub fn page(explanation: &Explanation, look: Look, columns: Option<usize>) -> String {
    let policy = explanation.policy;
    let answers = explanation.answers.iter().map(|answer| self::answer(answer, policy, look, columns));
    let requests = explanation.requests.iter().map(|asked| request(asked, policy, look, columns));
    answers.chain(requests).collect()
}

/// The verdicts on what an answer set.
pub fn answer(answer: &Answer, policy: Policy, look: Look, columns: Option<usize>) -> String {
    let heading = heading_of_answer(answer) + &when(answer.at, look);
    let look = Look { now: answer.at, ..look };
    let mut facts = Vec::new();
    if !answer.sent.is_empty() {
        let names: Vec<_> = answer.sent.iter().map(|key| name(&key.name)).collect();
        facts.push(Fact::new("sent", Meaning::Good, String::new(), names.join(", ")));
    }
    for judged in &answer.judged {
        facts.extend(self::judged(&judged.receipt, &judged.remarks, look));
        if let Some(otherwise) = &judged.otherwise {
            facts.push(by_other_rules(otherwise, policy, look));
        }
    }
    render(&heading, &facts, layout(look, columns))
}

/// What would go with a request, and what would stay.
pub fn request(asked: &Asked, policy: Policy, look: Look, columns: Option<usize>) -> String {
    let when = when(asked.at, look);
    let look = Look { now: asked.at, ..look };
    let mut facts: Vec<_> = asked.sent.iter().map(|cookie| sent(cookie, look)).collect();
    facts.extend(asked.shadowed().into_iter().map(|(cookie, first)| shadowed(cookie, first)));
    facts.extend(asked.withheld.iter().map(|(cookie, why)| withheld(&cookie.key(), *why)));
    facts.extend(asked.otherwise.iter().map(|(key, otherwise)| {
        let text = format!("{}  {}", site(key), said(*otherwise, policy));
        Fact::new(word(policy), Meaning::Quiet, name(&key.name), text)
    }));
    if asked.unrelated > 0 {
        let text = format!("{} of unrelated sites", asked.unrelated);
        facts.push(Fact::new("others", Meaning::Quiet, String::new(), text));
    }
    facts.push(header(asked, look.secrets));
    let method = if asked.method == "GET" {
        String::new()
    } else {
        format!("{} ", sanitize::line(asked.method.as_bytes()))
    };
    let heading = format!("a {method}request for {}{when}", asked.url);
    render(&heading, &facts, layout(look, columns))
}

/// Where it is another time than the page's.
fn when(at: DateTime<Utc>, look: Look) -> String {
    if at == look.now {
        return String::new();
    }
    format!(" at {}", at.to_rfc3339_opts(SecondsFormat::Secs, true))
}

fn layout(look: Look, columns: Option<usize>) -> Layout {
    Layout { palette: look.palette, columns }
}

fn heading_of_answer(answer: &Answer) -> String {
    let method = sanitize::line(answer.method.as_bytes());
    match answer.status {
        Some(status) => format!("{method} {}  {status}", answer.url),
        None => format!("an answer from {}", answer.url),
    }
}

fn sent(cookie: &Cookie, look: Look) -> Fact {
    Fact::new("sent", Meaning::Good, name(&cookie.name), about(cookie, look))
}

fn shadowed(cookie: &Cookie, first: &Cookie) -> Fact {
    let text = format!(
        "{}  shadowed: it goes behind the one of {}, and most servers take the first",
        site(&cookie.key()),
        site(&first.key())
    );
    let fix = format!("fix: {}", unshadowed(cookie, first));
    Fact::new("note", Meaning::Name, name(&cookie.name), text)
        .with(Below::Text(sanitize::line(fix.as_bytes())))
}

fn header(asked: &Asked, secrets: Secrets) -> Fact {
    let text = match &asked.header {
        Some(value) => format!("Cookie: {}", secrets.header(&http::header::COOKIE, value)),
        None => "no Cookie header".to_owned(),
    };
    Fact::new("header", Meaning::Quiet, String::new(), text)
}

/// The word under which the other policy speaks.
fn word(policy: Policy) -> &'static str {
    other(policy).word()
}

fn speaker(policy: Policy) -> &'static str {
    match other(policy) {
        Policy::Browser => "a browser",
        Policy::Classic => "the RFC",
    }
}

fn by_other_rules(otherwise: &Receipt, policy: Policy, look: Look) -> Fact {
    let who = speaker(policy);
    let subject = name(&otherwise.name);
    let about = otherwise.cookie.as_ref().map(|cookie| about(cookie, look)).unwrap_or_default();
    match &otherwise.verdict {
        Verdict::Refused(refusal) => {
            let text = format!("{who} would refuse it: {}: {refusal}", refusal.code());
            let fact = Fact::new(word(policy), Meaning::Bad, subject, sanitize::line(text.as_bytes()));
            let fact = accused(fact, otherwise, look);
            fixed(fact, Some(refusal.fix()), otherwise.verdict.rfc(), refusal.devtools())
        }
        verdict => {
            let text = format!("{who} would judge otherwise: {}  {about}", verdict.code());
            Fact::new(word(policy), Meaning::Quiet, subject, text.trim_end().to_owned())
        }
    }
}

fn said(otherwise: Otherwise, policy: Policy) -> String {
    let who = speaker(policy);
    match otherwise {
        Otherwise::NotStored => format!("{who} would not send it: it would not be stored"),
        Otherwise::Sent => format!("{who} would send it"),
        Otherwise::Withheld(why) => format!("{who} would not send it: {}: {why}", why.code()),
    }
}
