//! Owns which stored cookies go with a request, in which order, and why the others stay (RFC 6265bis 5.8.3).
//! Does not touch the jar; the touches it causes are changes like any other.

use chrono::TimeDelta;

use crate::cookie::attribute::SameSite;
use crate::cookie::change::Change;
use crate::cookie::context::Context;
use crate::cookie::host::Host;
use crate::cookie::jar::Jar;
use crate::cookie::path;
use crate::cookie::record::Cookie;
use crate::cookie::site::{Kind, Relation, Source, registrable_domain};
use crate::cookie::verdict::Withheld;

/// A longer header line is refused by common servers, for every request until the cookies go.
const HEADER_OCTETS: usize = 8190;

/// A browser lets a form's POST have what was set without SameSite just before, since log-ins by way of another site
/// depend on it.
const YOUNG: TimeDelta = TimeDelta::minutes(2);

/// How far behind a cookie's last access may be where nothing depends on it.
const KNOWN_FOR: TimeDelta = TimeDelta::minutes(1);

/// The cookies of the host's own domains, each sent or withheld.
#[derive(Clone, Debug, Default)]
pub struct Selection<'a> {
    /// In the order of the header.
    pub sent: Vec<&'a Cookie>,
    pub withheld: Vec<(&'a Cookie, Withheld)>,
}

impl Selection<'_> {
    /// The value of the Cookie header; `None` if there is nothing to send.
    pub fn header(&self) -> Option<Vec<u8>> {
        let pairs: Vec<_> = self.sent.iter().map(|cookie| cookie.pair()).collect();
        (!pairs.is_empty()).then(|| pairs.join(&b"; "[..]))
    }

    /// Sending a cookie is using it. What is known already need not be noted again, for a jar in a file costs a write.
    pub fn touches(&self, context: &Context, jar: &Jar) -> Vec<Change> {
        if self.is_known(context, jar) {
            return Vec::new();
        }
        self.sent.iter().map(|cookie| Change::Touch { key: cookie.key(), at: context.now }).collect()
    }

    /// Were these, all at once and just now, the last to be used in the jar? Then noting it again changes nothing about
    /// who is evicted first. Cookies that were set since are noted once, to tell them from those never sent.
    fn is_known(&self, context: &Context, jar: &Jar) -> bool {
        let Some(noted) = self.sent.first().map(|cookie| cookie.last_access) else { return true };
        let age = context.now - noted;
        (TimeDelta::zero()..KNOWN_FOR).contains(&age)
            && self.sent.iter().all(|cookie| cookie.last_access == noted && cookie.updated < noted)
            && jar.iter().filter(|cookie| cookie.last_access >= noted).count() == self.sent.len()
    }
}

pub fn select<'a>(context: &Context, jar: &'a Jar) -> Selection<'a> {
    let mut selection = Selection::default();
    let suffix = match context.host.is_address() {
        true => "",
        false => context.rules.suffixes.public_suffix(context.host.as_str()),
    };
    let own = context.host.domains().flat_map(|domain| jar.of_domain(domain));
    for cookie in own {
        match reason_to_withhold(cookie, context, suffix) {
            Some(reason) => selection.withheld.push((cookie, reason)),
            None => selection.sent.push(cookie),
        }
    }
    selection.sent.sort_by_key(|cookie| cookie.place());
    cap(&mut selection);
    selection
}

/// The cookies of the same site's other hosts, which this host never gets: by domain, path and name.
pub fn of_other_hosts<'a>(context: &Context, jar: &'a Jar) -> Vec<&'a Cookie> {
    let suffixes = &*context.rules.suffixes;
    let site = registrable_domain(context.host.as_str(), suffixes);
    let is_of_site = |domain: &Host| {
        domain.as_str().ends_with(site) && registrable_domain(domain.as_str(), suffixes) == site
    };
    let mut others: Vec<_> = jar
        .iter()
        .filter(|cookie| !context.host.lies_under(&cookie.domain) && is_of_site(&cookie.domain))
        .collect();
    others.sort_by_cached_key(|cookie| cookie.key());
    others
}

fn reason_to_withhold(cookie: &Cookie, context: &Context, suffix: &str) -> Option<Withheld> {
    if cookie.is_expired(context.now) {
        Some(Withheld::Expired)
    } else if !cookie.host_only && cookie.domain.as_str().len() <= suffix.len() {
        // No answer could have set it; a file, or an older list of suffixes, could.
        Some(Withheld::PublicSuffix)
    } else if cookie.host_only && cookie.domain != context.host {
        Some(Withheld::HostOnly)
    } else if !path::matches(&cookie.path, &context.url) {
        Some(Withheld::NotOnPath)
    } else if cookie.secure && !context.origin.is_trusted() {
        Some(Withheld::SecureOnly)
    } else {
        reason_of_site(cookie, context)
    }
}

/// RFC 6265bis 5.8.3 on SameSite; what was left unset is bound to its site only by a browser.
fn reason_of_site(cookie: &Cookie, context: &Context) -> Option<Withheld> {
    let Source { relation, kind } = context.source;
    if !context.source.is_cross_site() {
        return None;
    }
    let is_browser = context.policy().is_browser();
    let same_site = cookie.same_site;
    let is_young = context.now - cookie.created < YOUNG;
    let goes_along = match same_site {
        SameSite::Strict => false,
        SameSite::Lax => kind == Kind::Navigation,
        SameSite::Unset => match kind {
            Kind::Navigation => true,
            Kind::UnsafeNavigation => !is_browser || is_young,
            Kind::Fetch => !is_browser,
        },
        SameSite::None => true,
    };
    if !goes_along {
        return Some(Withheld::SameSite { same_site, relation });
    }
    // Browsers stop sending cookies to sites that a page only asks something of.
    (is_browser && kind == Kind::Fetch && relation == Relation::CrossSite).then_some(Withheld::ThirdParty)
}

/// Leaves out what would make the header line too long.
fn cap(selection: &mut Selection) {
    let mut line = "Cookie: ".len();
    let (mut fitting, mut first) = (Vec::with_capacity(selection.sent.len()), true);
    for cookie in selection.sent.drain(..) {
        let equals = usize::from(!cookie.name.is_empty());
        let needed = cookie.octets() + equals + if first { 0 } else { "; ".len() };
        if line + needed < HEADER_OCTETS {
            line += needed;
            first = false;
            fitting.push(cookie);
        } else {
            selection.withheld.push((cookie, Withheld::HeaderFull));
        }
    }
    selection.sent = fitting;
}
