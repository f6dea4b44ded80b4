//! Owns the audit of a jar: which of its cookies are less safe than they could be, and what is about to go wrong.
//! Does not see files, and does not take values apart; it is told of both.

pub mod finding;
pub mod role;
mod shadow;

use std::cmp::Reverse;
use std::collections::BTreeMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::cookie::attribute::SameSite;
use crate::cookie::audit::finding::{Finding, Issue};
use crate::cookie::audit::role::{Role, Shape};
use crate::cookie::jar::Jar;
use crate::cookie::prefix::Prefix;
use crate::cookie::record::Cookie;
use crate::cookie::site::registrable_domain;
use crate::cookie::suffix::Compiled;

/// A session that lives longer is worth stealing for longer than is usual.
const LONG: TimeDelta = TimeDelta::days(30);
/// No cookie lives longer (RFC 6265bis 5.5), and an answer takes a moment to be judged.
const CAP: TimeDelta = TimeDelta::days(400);
const MOMENT: TimeDelta = TimeDelta::minutes(1);
/// A token that is just being renewed is no news.
const STALE: TimeDelta = TimeDelta::days(1);

/// What was seen in a cookie's value.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Seen {
    pub shape: Shape,
    pub is_unsigned: bool,
    pub token_expires: Option<DateTime<Utc>>,
}

/// The gravest first. `chosen` are those of the jar's cookies that are meant.
pub fn audit(
    jar: &Jar,
    chosen: &[&Cookie],
    see: &dyn Fn(&Cookie) -> Seen,
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    for cookie in chosen {
        let about = |issue| Finding { issue, key: Some(cookie.key()) };
        if cookie.is_expired(now) {
            findings.push(about(Issue::ExpiredInFile));
            continue;
        }
        let seen = see(cookie);
        let role = Role::of(cookie, seen.shape);
        let issues = [guard(cookie, role), life(cookie, role), token(seen, now), size(cookie, jar)];
        findings.extend(issues.into_iter().flatten().map(about));
    }
    findings.extend(shadow::shadowed(jar, chosen, see, now));
    findings.extend(crowds(jar, chosen));
    findings.sort_by_key(|finding| Reverse(finding.issue.severity()));
    findings
}

/// What is to be said of the file itself: its mode and its owner, where they are not as they should be.
pub fn of_file(exposed: Option<u32>, foreign: Option<u32>) -> Vec<Finding> {
    let mode = exposed.map(|mode| Issue::JarReadableByOthers { mode });
    let owner = foreign.map(|user| Issue::JarOfAnotherUser { user });
    owner.into_iter().chain(mode).map(|issue| Finding { issue, key: None }).collect()
}

fn guard(cookie: &Cookie, role: Role) -> Vec<Issue> {
    let is_session = role == Role::Session;
    let could_bear_prefix = cookie.secure
        && cookie.host_only
        && cookie.path == b"/"
        && !cookie.name.is_empty()
        && Prefix::of(&cookie.name).is_none();
    let on_loopback = cookie.domain.is_loopback();
    let is_broad = !cookie.host_only && !cookie.domain.is_address();
    let domain = cookie.domain.clone();
    let is_site = registrable_domain(domain.as_str(), &Compiled) == domain.as_str();
    let name = String::from_utf8_lossy(&cookie.name).into_owned();
    let issues = [
        (is_session && !cookie.secure, Issue::SessionWithoutSecure { on_loopback }),
        (is_session && !cookie.http_only, Issue::SessionWithoutHttpOnly),
        (is_session && cookie.same_site == SameSite::Unset, Issue::SessionWithoutSameSite),
        (is_session && is_broad, Issue::SessionToSubdomains { domain, is_site }),
        (role == Role::Csrf && !cookie.secure && !on_loopback, Issue::CsrfWithoutSecure),
        (cookie.same_site == SameSite::None && !cookie.secure, Issue::SameSiteNoneWithoutSecure),
        (cookie.set_over_http, Issue::SetOverHttp { is_sensitive: role != Role::Other }),
        (role != Role::Other && could_bear_prefix, Issue::PrefixWouldHold { name }),
    ];
    issues.into_iter().filter(|(applies, _)| *applies).map(|(_, issue)| issue).collect()
}

fn life(cookie: &Cookie, role: Role) -> Vec<Issue> {
    let Some(life) = cookie.expires.map(|expires| expires - cookie.updated) else { return Vec::new() };
    match role {
        Role::Session if life > LONG => vec![Issue::SessionLivesLong { days: life.num_days() }],
        _ if life >= CAP - MOMENT => vec![Issue::LifeAtCap],
        _ => Vec::new(),
    }
}

fn token(seen: Seen, now: DateTime<Utc>) -> Vec<Issue> {
    let expired = seen.token_expires.filter(|at| now.signed_duration_since(*at) >= STALE);
    let unsigned = seen.is_unsigned.then_some(Issue::TokenUnsigned);
    unsigned.into_iter().chain(expired.map(|at| Issue::TokenExpired { at })).collect()
}

fn size(cookie: &Cookie, jar: &Jar) -> Vec<Issue> {
    let (octets, limit) = (cookie.octets(), jar.limits.cookie_bytes);
    if is_near(octets, limit) { vec![Issue::CookieNearLimit { octets, limit }] } else { Vec::new() }
}

/// Where cookies count together, and soon push each other out.
fn crowds(jar: &Jar, chosen: &[&Cookie]) -> Vec<Finding> {
    let together = |cookie: &Cookie| {
        let domain = cookie.domain.as_str();
        let counted = if jar.policy.is_browser() { registrable_domain(domain, &Compiled) } else { domain };
        counted.to_owned()
    };
    let mut counts: BTreeMap<String, usize> = chosen.iter().map(|cookie| (together(cookie), 0)).collect();
    for cookie in jar.iter() {
        if let Some(count) = counts.get_mut(&together(cookie)) {
            *count += 1;
        }
    }
    let (per_domain, total) = (jar.limits.per_domain, jar.limits.total);
    let full = counts.into_iter().filter(|(_, count)| is_near(*count, per_domain));
    let full = full.map(|(domain, count)| Issue::DomainNearLimit { domain, count, limit: per_domain });
    let jar = is_near(jar.len(), total).then(|| Issue::JarNearLimit { count: jar.len(), limit: total });
    jar.into_iter().chain(full).map(|issue| Finding { issue, key: None }).collect()
}

/// Nine tenths and more.
fn is_near(count: usize, limit: usize) -> bool {
    count.saturating_mul(10) >= limit.saturating_mul(9)
}

#[cfg(test)]
pub mod tests;
