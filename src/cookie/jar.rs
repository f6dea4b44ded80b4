//! Owns the cookies of one jar, on a shelf for each domain, so that a look-up costs by the host's own domains.
//! Does not parse, and does not know of files; a store brings it and takes it away.

use std::collections::HashMap;

use chrono::{DateTime, TimeDelta, Utc};

use crate::cookie::change::{Applied, Change, Governance, Place, Removal};
use crate::cookie::context::Origin;
use crate::cookie::eviction::{first, rank_in_domain, rank_in_jar};
use crate::cookie::host::Host;
use crate::cookie::limits::Limits;
use crate::cookie::path;
use crate::cookie::policy::Policy;
use crate::cookie::record::{Cookie, Key};
use crate::cookie::site::registrable_domain;
use crate::cookie::suffix::Compiled;
use crate::cookie::verdict::{Cause, Eviction};

/// How long, and how many, deletions are remembered.
const REMEMBERED_FOR: TimeDelta = TimeDelta::minutes(10);
const REMEMBERED: usize = 300;

#[derive(Clone, Debug, Default)]
pub struct Jar {
    pub limits: Limits,
    pub policy: Policy,
    /// What the place where the jar is kept can hold, if not everything.
    pub holds: Option<fn(&Cookie) -> bool>,
    /// Each shelf is sorted by path, name and host-only, which with the domain are a cookie's identity.
    shelves: HashMap<Host, Vec<Cookie>>,
    removed: Vec<Removal>,
    count: usize,
    latest_created: Option<DateTime<Utc>>,
    /// Every edit since the jar was loaded, so that nobody can forget to bring one home.
    journal: Vec<Change>,
}

impl Jar {
    pub fn new(limits: Limits) -> Jar {
        Jar { limits, ..Jar::default() }
    }

    /// Kept where not every cookie can be.
    pub fn holding(holds: fn(&Cookie) -> bool) -> Jar {
        Jar { holds: Some(holds), ..Jar::default() }
    }

    pub fn can_hold(&self, cookie: &Cookie) -> bool {
        self.holds.is_none_or(|holds| holds(cookie))
    }

    pub fn len(&self) -> usize {
        self.count
    }

    pub fn is_empty(&self) -> bool {
        self.count == 0
    }

    /// The cookies whose domain is exactly this one.
    pub fn of_domain(&self, domain: &str) -> &[Cookie] {
        self.shelves.get(domain).map_or(&[], Vec::as_slice)
    }

    pub fn get(&self, key: &Key) -> Option<&Cookie> {
        let shelf = self.shelves.get(&key.domain)?;
        position(shelf, key).ok().map(|at| &shelf[at])
    }

    /// All cookies, in no order.
    pub fn iter(&self) -> impl Iterator<Item = &Cookie> {
        self.shelves.values().flatten()
    }

    /// All cookies by domain, path and name: the order of the file and of the table.
    pub fn sorted(&self) -> Vec<&Cookie> {
        let mut shelves: Vec<_> = self.shelves.iter().collect();
        shelves.sort_unstable_by_key(|(domain, _)| *domain);
        shelves.into_iter().flat_map(|(_, shelf)| shelf).collect()
    }

    pub fn removed(&self) -> &[Removal] {
        &self.removed
    }

    /// Puts a cookie back as it was saved; `false` if one of its identity is there already.
    pub fn restore(&mut self, cookie: Cookie) -> bool {
        let shelf = match self.shelves.get_mut(&cookie.domain) {
            Some(shelf) => shelf,
            None => self.shelves.entry(cookie.domain.clone()).or_default(),
        };
        // Files are sorted, so the end is nearly always the place.
        let at = match shelf.last() {
            Some(last) if order(last).lt(&order(&cookie)) => shelf.len(),
            None => 0,
            Some(_) => match shelf.binary_search_by(|other| order(other).cmp(&order(&cookie))) {
                Ok(_) => return false,
                Err(at) => at,
            },
        };
        self.latest_created = self.latest_created.max(Some(cookie.created));
        shelf.insert(at, cookie);
        self.count += 1;
        true
    }

    /// Puts many cookies back, in whatever order: by identity, each finds its place at the end of its shelf.
    pub fn restore_all(&mut self, mut cookies: Vec<Cookie>) {
        cookies.sort_by(|one, other| order(one).cmp(&order(other)));
        for cookie in cookies {
            self.restore(cookie);
        }
    }

    /// Remembers a deletion as it was saved.
    pub fn restore_removal(&mut self, removal: Removal) {
        self.removed.push(removal);
    }

    /// Makes one edit, under the rules that depend on what the jar holds.
    ///
    /// Answers apply in the order in which they came in: an edit loses to a newer one. A time in the future is no
    /// witness of that (a clock was wrong), so it is not believed.
    pub fn apply(&mut self, change: Change, now: DateTime<Utc>) -> Applied {
        let applied = match &change {
            Change::Govern(governance) => self.govern(*governance, now),
            Change::Pin { key, pinned } => self.pin(key, *pinned),
            Change::Put { cookie, from, place } => self.put(cookie, *from, *place, now),
            Change::Remove { key, at, from } => self.remove(key, *at, *from, now),
            Change::Touch { key, at } => self.touch(key, *at),
        };
        if matches!(applied, Applied::Done { .. }) {
            self.journal.push(change);
        }
        applied
    }

    /// Removes cookies for the jar's owner, who may remove anything, Secure or not.
    pub fn forget(&mut self, keys: Vec<Key>, now: DateTime<Utc>) {
        for key in keys {
            self.apply(Change::Remove { key, at: now, from: Origin::Secure }, now);
        }
    }

    /// The edits that were made, in their order.
    pub fn journal(&self) -> &[Change] {
        &self.journal
    }

    /// Whoever takes the edits home has done so.
    pub fn brought_home(&mut self) {
        self.journal.clear();
    }

    /// RFC 6265bis 5.7: an expired cookie is not to be kept.
    pub fn drop_expired(&mut self, now: DateTime<Utc>) {
        for key in expired(self.iter(), now) {
            if let Some(cookie) = self.take(&key) {
                // An older answer that is still on its way must not take its place.
                self.remember(key, cookie.updated, now);
            }
        }
    }

    fn put(&mut self, cookie: &Cookie, from: Origin, place: Place, now: DateTime<Utc>) -> Applied {
        let key = cookie.key();
        if self.holds_newer(&key, cookie.updated, now) {
            return Applied::Superseded;
        }
        if let Some(secure) = self.secure_left_alone(&key, from, now) {
            return Applied::MetSecure(secure);
        }
        let stored = self.take(&key);
        let mut cookie = cookie.clone();
        // A pin is the user's, and outlives the cookie's own time.
        cookie.pinned = stored.as_ref().map_or(cookie.pinned, |stored| stored.pinned);
        // An expired cookie is none, though its place was not needed yet.
        let stored = stored.filter(|stored| !stored.is_expired(now));
        if let Some(stored) = &stored {
            cookie.last_access = cookie.last_access.max(stored.last_access);
        }
        cookie.created = match &stored {
            Some(stored) if place == Place::Kept || stored.value == cookie.value => stored.created,
            _ => self.after_latest(cookie.created),
        };
        self.removed.retain(|removal| removal.key != key);
        self.restore(cookie);
        let evicted = self.make_room(&self.counted_with(&key.domain), now);
        let survives = !evicted.iter().any(|eviction| eviction.key == key);
        Applied::Done { existed: stored.is_some(), survives, evicted }
    }

    /// Strictly increasing, so that cookies of one answer keep their order.
    fn after_latest(&self, created: DateTime<Utc>) -> DateTime<Utc> {
        self.latest_created.map_or(created, |latest| created.max(latest + TimeDelta::microseconds(1)))
    }

    fn govern(&mut self, governance: Governance, now: DateTime<Utc>) -> Applied {
        let Governance { policy, per_domain, total, cookie_bytes } = governance;
        if let Some(policy) = policy {
            self.policy = policy;
        }
        let limits = self.limits;
        self.limits = Limits {
            per_domain: per_domain.unwrap_or(limits.per_domain),
            total: total.unwrap_or(limits.total),
            cookie_bytes: cookie_bytes.unwrap_or(limits.cookie_bytes),
        };
        let evicted = self.groups().iter().flat_map(|group| self.make_room(group, now)).collect();
        Applied::Done { existed: true, survives: true, evicted }
    }

    fn pin(&mut self, key: &Key, pinned: bool) -> Applied {
        self.with(key, |cookie| cookie.pinned = pinned)
    }

    fn remove(&mut self, key: &Key, at: DateTime<Utc>, from: Origin, now: DateTime<Utc>) -> Applied {
        if self.holds_newer(key, at, now) {
            return Applied::Superseded;
        }
        if let Some(secure) = self.secure_left_alone(key, from, now) {
            return Applied::MetSecure(secure);
        }
        let existed = self.take(key).is_some_and(|stored| !stored.is_expired(now));
        self.remember(key.clone(), at, now);
        Applied::Done { existed, survives: false, evicted: Vec::new() }
    }

    fn remember(&mut self, key: Key, at: DateTime<Utc>, now: DateTime<Utc>) {
        self.removed.retain(|removal| removal.key != key && removal.at + REMEMBERED_FOR > now);
        if self.removed.len() >= REMEMBERED {
            self.removed.sort_by_key(|removal| removal.at);
            self.removed.drain(..=self.removed.len() - REMEMBERED);
        }
        self.removed.push(Removal { key, at });
    }

    fn touch(&mut self, key: &Key, at: DateTime<Utc>) -> Applied {
        self.with(key, |cookie| cookie.last_access = cookie.last_access.max(at))
    }

    fn with(&mut self, key: &Key, edit: impl FnOnce(&mut Cookie)) -> Applied {
        let found = self.shelves.get_mut(&key.domain).and_then(|shelf| {
            let at = position(shelf, key).ok()?;
            shelf.get_mut(at)
        });
        match found {
            Some(cookie) => {
                edit(cookie);
                Applied::Done { existed: true, survives: true, evicted: Vec::new() }
            }
            None => Applied::Superseded,
        }
    }

    fn holds_newer(&self, key: &Key, at: DateTime<Utc>, now: DateTime<Utc>) -> bool {
        let newer = |other: DateTime<Utc>| at < other && other <= now;
        self.get(key).is_some_and(|stored| newer(stored.updated))
            || self.removed.iter().any(|removal| removal.key == *key && newer(removal.at))
    }

    /// RFC 6265bis 5.7, "leave secure cookies alone": what plain http may not overwrite, shadow or delete is a Secure
    /// cookie of the same name, whose domain matches in either direction, on whose path the new one lies.
    fn secure_left_alone(&self, key: &Key, from: Origin, now: DateTime<Utc>) -> Option<Key> {
        if from.is_trusted() {
            return None;
        }
        let related = |domain: &Host| domain.lies_under(&key.domain) || key.domain.lies_under(domain);
        self.shelves
            .iter()
            .filter(|(domain, _)| related(domain))
            .flat_map(|(_, shelf)| shelf)
            .filter(|other| other.secure && !other.is_expired(now))
            .find(|other| other.name == key.name && path::covers(&other.path, &key.path))
            .map(Cookie::key)
    }

    /// Holds the limits, after a cookie came into a group of domains that count together.
    fn make_room(&mut self, group: &[Host], now: DateTime<Utc>) -> Vec<Eviction> {
        let mut evicted = Vec::new();
        let count =
            |jar: &Jar| group.iter().map(|domain| jar.of_domain(domain.as_str()).len()).sum::<usize>();
        if count(self) > self.limits.per_domain {
            let gone = expired(group.iter().flat_map(|domain| self.of_domain(domain.as_str())), now);
            self.evict(gone, Cause::Expired, &mut evicted);
            let over = count(self).saturating_sub(self.limits.per_domain);
            let more = if over > 0 { self.policy.purge() } else { 0 };
            let all = group.iter().flat_map(|domain| self.of_domain(domain.as_str()));
            let victims = first(all, over + more, rank_in_domain);
            self.evict(victims, Cause::DomainFull, &mut evicted);
        }
        if self.count > self.limits.total {
            let gone = expired(self.iter(), now);
            self.evict(gone, Cause::Expired, &mut evicted);
            let victims = first(self.iter(), self.count.saturating_sub(self.limits.total), rank_in_jar);
            self.evict(victims, Cause::JarFull, &mut evicted);
        }
        evicted
    }

    /// The domains whose cookies count together: each for itself, or to a browser all of one registrable domain.
    fn counted_with(&self, domain: &Host) -> Vec<Host> {
        if !self.policy.is_browser() {
            return vec![domain.clone()];
        }
        let registrable = registrable_domain(domain.as_str(), &Compiled);
        let all = self.shelves.keys().filter(|other| other.domains().any(|above| above == registrable));
        all.cloned().collect()
    }

    /// All domains, those together that count together.
    fn groups(&self) -> Vec<Vec<Host>> {
        if !self.policy.is_browser() {
            return self.shelves.keys().map(|domain| vec![domain.clone()]).collect();
        }
        let mut groups: HashMap<&str, Vec<Host>> = HashMap::new();
        for domain in self.shelves.keys() {
            groups.entry(registrable_domain(domain.as_str(), &Compiled)).or_default().push(domain.clone());
        }
        groups.into_values().collect()
    }

    fn evict(&mut self, keys: Vec<Key>, cause: Cause, evicted: &mut Vec<Eviction>) {
        for key in keys {
            self.take(&key);
            evicted.push(Eviction { key, cause });
        }
    }

    fn take(&mut self, key: &Key) -> Option<Cookie> {
        let shelf = self.shelves.get_mut(&key.domain)?;
        let at = position(shelf, key).ok()?;
        let cookie = shelf.remove(at);
        if shelf.is_empty() {
            self.shelves.remove(&key.domain);
        }
        self.count -= 1;
        Some(cookie)
    }
}

fn order(cookie: &Cookie) -> (&[u8], &[u8], bool) {
    (&cookie.path, &cookie.name, cookie.host_only)
}

fn position(shelf: &[Cookie], key: &Key) -> Result<usize, usize> {
    shelf.binary_search_by(|cookie| order(cookie).cmp(&(&key.path, &key.name, key.host_only)))
}

fn expired<'a>(cookies: impl IntoIterator<Item = &'a Cookie>, now: DateTime<Utc>) -> Vec<Key> {
    cookies.into_iter().filter(|cookie| cookie.is_expired(now)).map(Cookie::key).collect()
}
