//! Owns the going through of imagined answers and requests, on a jar that is thrown away, by both policies side by side.
//! Does not know the rules; it asks them.

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use crate::commands::explain::imagined::Imagined;
use crate::commands::explain::wish::Wish;
use crate::cookie::context::Context;
use crate::cookie::jar::Jar;
use crate::cookie::policy::Policy;
use crate::cookie::receive::receive;
use crate::cookie::record::{Cookie, Key};
use crate::cookie::remark::remarks;
use crate::cookie::select::{of_other_hosts, select};
use crate::cookie::verdict::{Receipt, Withheld};
use crate::exchange::request::Judging;
use crate::output::explanation::{Answer, Asked, Judged, Otherwise, other};

pub struct Replay<'a> {
    wish: &'a Wish,
    chosen: Side,
    contrary: Side,
    /// It only goes on: an answer that stands later came later, whatever its clock says.
    clock: Option<DateTime<Utc>>,
}

/// What one policy makes of it all.
struct Side {
    jar: Jar,
    judging: Judging,
}

impl<'a> Replay<'a> {
    pub fn new(jar: Jar, judging: Judging, wish: &'a Wish) -> Replay<'a> {
        let mut contrary = judging.clone();
        contrary.rules.policy = other(judging.rules.policy);
        let contrary = Side { jar: jar.clone(), judging: contrary };
        Replay { wish, chosen: Side { jar, judging }, contrary, clock: None }
    }

    pub fn policy(&self) -> Policy {
        self.chosen.judging.rules.policy
    }

    /// `None` where there is nothing to tell: nothing that was asked about is set.
    pub fn receive(&mut self, answer: Imagined) -> Option<Answer> {
        let at = self.now(answer.at);
        let contexts = [&self.chosen, &self.contrary].map(|side| side.context(&answer, at));
        let [Some(chosen), Some(contrary)] = contexts else { return None };
        let sent = self.chosen.send(&chosen);
        self.contrary.send(&contrary);
        let sent = if answer.was_sent { sent } else { Vec::new() };
        let mut judged = Vec::new();
        for line in &answer.set_cookies {
            let receipt = receive(line, &chosen, &mut self.chosen.jar);
            let otherwise = receive(line, &contrary, &mut self.contrary.jar);
            if self.wish.is_about(&receipt.name) {
                let remarks = remarks(&receipt, &chosen, &self.chosen.jar);
                let otherwise = differs(&receipt, &otherwise).then_some(otherwise);
                judged.push(Judged { receipt, remarks, otherwise });
            }
        }
        if judged.is_empty() {
            return None;
        }
        let sent = sent.into_iter().filter(|key: &Key| self.wish.is_about(&key.name)).collect();
        let Imagined { url, method, status, .. } = answer;
        let url = without_userinfo(&url);
        Some(Answer { url, method, status, at, sent, judged })
    }

    pub fn ask(&self, url: &Url, at: DateTime<Utc>) -> Asked {
        let at = self.clock.map_or(at, |clock| at.max(clock));
        let mut asked = Asked {
            url: without_userinfo(url),
            method: self.wish.method.clone(),
            at,
            header: None,
            sent: Vec::new(),
            withheld: Vec::new(),
            unrelated: self.chosen.jar.len(),
            otherwise: Vec::new(),
        };
        if let Some(context) = self.chosen.judging.context(url, at) {
            self.fill(&mut asked, &context);
        }
        asked
    }

    fn fill(&self, asked: &mut Asked, context: &Context) {
        let jar = &self.chosen.jar;
        let selection = select(context, jar);
        let siblings = of_other_hosts(context, jar);
        asked.header = selection.header();
        asked.unrelated -= selection.sent.len() + selection.withheld.len() + siblings.len();
        let siblings = siblings.into_iter().map(|cookie| (cookie, Withheld::DomainMismatch));
        let is_asked = |cookie: &&Cookie| self.wish.is_about(&cookie.name);
        asked.otherwise = self.otherwise(context, &selection.sent);
        asked.sent = selection.sent.into_iter().filter(is_asked).cloned().collect();
        let withheld = selection.withheld.into_iter().chain(siblings);
        asked.withheld = withheld
            .filter(|(cookie, _)| is_asked(cookie))
            .map(|(cookie, why)| (cookie.clone(), why))
            .collect();
    }

    /// With which cookies the other policy does something else.
    fn otherwise(&self, context: &Context, sent: &[&Cookie]) -> Vec<(Key, Otherwise)> {
        let contrary = context.clone().under(self.contrary.judging.rules.clone());
        let selection = select(&contrary, &self.contrary.jar);
        let theirs: Vec<Key> = selection.sent.iter().map(|cookie| cookie.key()).collect();
        let ours: Vec<Key> = sent.iter().map(|cookie| cookie.key()).collect();
        let way = |key: &Key| {
            let withheld = selection.withheld.iter().find(|(cookie, _)| cookie.key() == *key);
            withheld.map_or(Otherwise::NotStored, |(_, why)| Otherwise::Withheld(*why))
        };
        let less = ours.iter().filter(|key| !theirs.contains(key)).map(|key| (key.clone(), way(key)));
        let more = theirs.iter().filter(|key| !ours.contains(key)).map(|key| (key.clone(), Otherwise::Sent));
        less.chain(more).filter(|(key, _)| self.wish.is_about(&key.name)).collect()
    }

    fn now(&mut self, at: Option<DateTime<Utc>>) -> DateTime<Utc> {
        let at = at.unwrap_or(self.wish.now);
        let at = self.clock.map_or(at, |clock| at.max(clock));
        self.clock = Some(at);
        at
    }
}

impl Side {
    /// What goes along is used by that, which tells who has to go when the jar is full.
    fn send(&mut self, context: &Context) -> Vec<Key> {
        // It goes out before its answer comes in.
        let before = context.now.checked_sub_signed(TimeDelta::microseconds(1)).unwrap_or(context.now);
        let context = &Context { now: before, ..context.clone() };
        let selection = select(context, &self.jar);
        let touches = selection.touches(context, &self.jar);
        let sent = selection.sent.into_iter().map(Cookie::key).collect();
        for touch in touches {
            self.jar.apply(touch, context.now);
        }
        sent
    }

    fn context(&self, answer: &Imagined, at: DateTime<Utc>) -> Option<Context> {
        let context = self.judging.context(&answer.url, at)?;
        Some(match &answer.initiator {
            Some((page, kind)) => context.made_by(page, *kind),
            None => context,
        })
    }
}

/// As it is asked for: a password in it goes nowhere, and so does not belong on the page.
fn without_userinfo(url: &Url) -> Url {
    let mut url = url.clone();
    // It fails only for URLs that can't have any.
    let _ = url.set_username("").and_then(|()| url.set_password(None));
    url
}

/// Is it another verdict, or another cookie? When it came, and who had to go, is none of the rules' reading of it.
fn differs(one: &Receipt, other: &Receipt) -> bool {
    let read = |receipt: &Receipt| {
        let cookie = receipt.cookie.clone()?;
        Some((cookie.key(), cookie.value, cookie.expires, cookie.secure, cookie.http_only, cookie.same_site))
    };
    one.verdict.code() != other.verdict.code() || read(one) != read(other)
}
