//! Owns the judgement of one `Set-Cookie` for one request: the storage model of RFC 6265bis 5.7, in its order.
//! Does not keep anything but what the jar it is given then holds.

use chrono::{DateTime, TimeDelta, Utc};
use cookie_store::CookieDomain;

use crate::cookie::attribute::{Attributes, MaxAge, SameSite};
use crate::cookie::change::{Applied, Change, Place};
use crate::cookie::context::{Context, Origin};
use crate::cookie::host::Host;
use crate::cookie::jar::Jar;
use crate::cookie::note::Note;
use crate::cookie::path;
use crate::cookie::policy::Policy;
use crate::cookie::prefix::{self, Prefix};
use crate::cookie::record::Cookie;
use crate::cookie::site::Kind;
use crate::cookie::syntax::{self, Parsed};
use crate::cookie::verdict::{Receipt, Refusal, Verdict};

/// Nothing is kept for longer (5.5).
pub(super) const LONGEST_LIFE: TimeDelta = TimeDelta::days(400);

/// Judges one `Set-Cookie` value and makes the change that it asks for.
pub fn receive(line: &[u8], context: &Context, jar: &mut Jar) -> Receipt {
    let refused = |name: &[u8], refusal, notes| Receipt {
        line: line.to_vec(),
        name: name.to_vec(),
        verdict: Verdict::Refused(refusal),
        cookie: None,
        notes,
        evicted: Vec::new(),
    };
    let (name, value) = syntax::pair(line);
    let (octets, limit) = (name.len() + value.len(), jar.limits.cookie_bytes);
    if octets > limit {
        return refused(name, Refusal::TooLarge { octets, limit }, Vec::new());
    }
    let mut parsed = match syntax::parse(line, context.policy()) {
        Ok(parsed) => parsed,
        Err(refusal) => return refused(name, refusal, Vec::new()),
    };
    let mut notes = std::mem::take(&mut parsed.notes);
    match cookie_of(&parsed, context, &mut notes) {
        Ok(cookie) => {
            let line = line.to_vec();
            Receipt { line, notes, ..apply(cookie, context, jar) }
        }
        Err(refusal) => refused(parsed.name, refusal, notes),
    }
}

/// All the steps that need no look at what is stored.
///
/// Of several reasons to refuse a line the first is told, in the order in which a browser comes to them.
fn cookie_of(parsed: &Parsed, context: &Context, notes: &mut Vec<Note>) -> Result<Cookie, Refusal> {
    let Parsed { name, value, attributes, .. } = parsed;
    let expires = expiry(attributes, context.now, notes);
    let (domain, host_only) = domain(attributes.domain.unwrap_or_default(), context, notes)?;
    let cookie = Cookie {
        name: name.to_vec(),
        value: value.to_vec(),
        domain,
        host_only,
        path: path::from_attribute(attributes.path, &context.url),
        expires,
        secure: attributes.secure,
        http_only: attributes.http_only,
        same_site: attributes.same_site,
        created: context.now,
        updated: context.now,
        last_access: context.now,
        pinned: false,
        set_over_http: context.origin == Origin::Insecure,
    };
    if cookie.path.len() > path::LONGEST {
        return Err(Refusal::PathTooLong { octets: cookie.path.len() });
    }
    prefix::check(&cookie)?;
    let is_insecure = context.origin == Origin::Insecure;
    if let Some(prefix) = Prefix::of(name)
        && (is_insecure || (prefix.demands_path() && attributes.path != Some(b"/")))
    {
        return Err(Refusal::Prefix { prefix });
    }
    if context.policy().is_browser() && name.is_empty() && value.contains(&b'=') {
        return Err(Refusal::NamelessWithEquals);
    }
    check_origin(attributes, context)?;
    check_site(attributes.same_site, context)?;
    if cookie.secure && context.origin == Origin::Loopback {
        notes.push(Note::LoopbackIsSecure);
    }
    Ok(cookie)
}

/// Whether the flags fit the origin, and each other.
fn check_origin(attributes: &Attributes, context: &Context) -> Result<(), Refusal> {
    let is_browser = context.policy().is_browser();
    if is_browser && attributes.partitioned && !(attributes.secure && context.origin.is_trusted()) {
        return Err(Refusal::PartitionedWithoutSecure);
    }
    if attributes.secure && context.origin == Origin::Insecure {
        return Err(Refusal::SecureFromInsecureOrigin);
    }
    if is_browser && attributes.same_site == SameSite::None && !attributes.secure {
        return Err(Refusal::SameSiteNoneWithoutSecure);
    }
    Ok(())
}

/// A page of another site may set what is not bound to its own site; where the whole page goes, anything may be set.
fn check_site(same_site: SameSite, context: &Context) -> Result<(), Refusal> {
    if !context.source.is_cross_site() || context.source.kind != Kind::Fetch {
        return Ok(());
    }
    let is_free = match same_site {
        SameSite::None => true,
        SameSite::Unset => !context.policy().is_browser(),
        SameSite::Lax | SameSite::Strict => false,
    };
    if is_free {
        Ok(())
    } else {
        Err(Refusal::SameSiteFromCrossSite { same_site, relation: context.source.relation })
    }
}

/// The steps that look at the jar.
fn apply(cookie: Cookie, context: &Context, jar: &mut Jar) -> Receipt {
    let deletes = cookie.is_expired(context.now);
    let judged = |verdict, cookie: Cookie, evicted| Receipt {
        line: Vec::new(),
        name: cookie.name.clone(),
        verdict,
        cookie: Some(cookie),
        notes: Vec::new(),
        evicted,
    };
    if !deletes && !jar.can_hold(&cookie) {
        return judged(Verdict::Refused(Refusal::FormatCannotHold), cookie, Vec::new());
    }
    let change = if deletes {
        Change::Remove { key: cookie.key(), at: context.now, from: context.origin }
    } else {
        let place = if context.policy().is_browser() { Place::KeptBySameValue } else { Place::Kept };
        Change::Put { cookie: cookie.clone(), from: context.origin, place }
    };
    let (verdict, evicted) = match jar.apply(change, context.now) {
        Applied::Done { existed, evicted, survives } => {
            let verdict = match (deletes, survives, existed) {
                (true, _, true) => Verdict::Deleted,
                (true, _, false) => Verdict::NothingToDelete,
                (false, false, _) => Verdict::EvictedAtOnce,
                (false, true, true) => Verdict::Replaced,
                (false, true, false) => Verdict::Stored,
            };
            (verdict, evicted)
        }
        Applied::MetSecure(key) => {
            let name = String::from_utf8_lossy(&key.name).into_owned();
            let refusal = Refusal::OverwritesSecure { name, domain: key.domain.to_string() };
            (Verdict::Refused(refusal), Vec::new())
        }
        Applied::Superseded => (Verdict::Refused(Refusal::Superseded), Vec::new()),
    };
    judged(verdict, cookie, evicted)
}

/// `Max-Age` beats `Expires`, and neither reaches further than the cap.
fn expiry(attributes: &Attributes, now: DateTime<Utc>, notes: &mut Vec<Note>) -> Option<DateTime<Utc>> {
    let furthest = now + LONGEST_LIFE;
    let asked = match attributes.max_age {
        Some(MaxAge::Delete) => now,
        Some(MaxAge::Seconds(seconds)) => i64::try_from(seconds)
            .ok()
            .and_then(TimeDelta::try_seconds)
            .and_then(|life| now.checked_add_signed(life))
            .unwrap_or(DateTime::<Utc>::MAX_UTC),
        None => attributes.expires?,
    };
    if asked > furthest {
        notes.push(Note::ExpiryCapped);
    }
    Some(asked.min(furthest))
}

/// The domain that the cookie gets, and whether it is for that host only.
fn domain(attribute: &[u8], context: &Context, notes: &mut Vec<Note>) -> Result<(Host, bool), Refusal> {
    let host = &context.host;
    let bare = attribute.strip_prefix(b".").unwrap_or(attribute);
    if bare.is_empty() {
        // The RFC takes a lone dot for no domain at all, a browser for a wrong one.
        return match context.policy() {
            Policy::Browser if !attribute.is_empty() => {
                Err(Refusal::DomainMismatch { domain: ".".to_owned(), host: host.to_string() })
            }
            _ => Ok((host.clone(), true)),
        };
    }
    let domain = canonical_domain(bare, context.policy())?;
    if !CookieDomain::Suffix(domain.clone()).matches(&context.url) {
        return Err(Refusal::DomainMismatch { domain, host: host.to_string() });
    }
    if !host.is_address() {
        let suffix = context.rules.suffixes.public_suffix(host.as_str());
        if domain == host.as_str() && domain == suffix {
            notes.push(Note::DomainIsSuffix { domain });
            return Ok((host.clone(), true));
        }
        if domain == suffix {
            return Err(Refusal::DomainIsPublicSuffix { domain });
        }
        if domain.len() < suffix.len() {
            return Err(Refusal::DomainAboveSuffix { domain, host: host.to_string() });
        }
    }
    match Host::canonical(&domain) {
        Some(domain) => Ok((domain, false)),
        None => Err(Refusal::DomainMismatch { domain, host: host.to_string() }),
    }
}

/// The RFC refuses what is not ASCII; a browser maps it by IDNA, as it does the hosts of URLs.
fn canonical_domain(attribute: &[u8], policy: Policy) -> Result<String, Refusal> {
    let text = std::str::from_utf8(attribute).map_err(|_| Refusal::DomainNotAscii)?;
    if text.is_ascii() {
        return Ok(text.to_ascii_lowercase());
    }
    match policy {
        Policy::Classic => Err(Refusal::DomainNotAscii),
        Policy::Browser => {
            url::Host::parse(text).map(|host| host.to_string()).map_err(|_| Refusal::DomainNotAscii)
        }
    }
}
