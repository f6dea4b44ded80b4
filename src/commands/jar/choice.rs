//! Owns which cookies of a jar a verb is about: those that fit everything given, or those that would go to a URL.
//! Does not do anything to them.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use chrono::{DateTime, Utc};
use url::Url;

use crate::cli::filter::{FilterArgs, SentTo};
use crate::commands::error::CommandError;
use crate::commands::settings::target;
use crate::commands::settings::times::{moment, span};
use crate::cookie::attribute::SameSite;
use crate::cookie::context::{Context, Rules};
use crate::cookie::filter::{Filter, Glob, Life};
use crate::cookie::host::Host;
use crate::cookie::jar::Jar;
use crate::cookie::record::Cookie;
use crate::cookie::select::select;

pub struct Choice {
    pub filter: Filter,
    sent_to: Option<Url>,
    now: DateTime<Utc>,
}

impl Choice {
    /// `wanted`: the names that stand behind the verb.
    pub fn read(
        wanted: &[OsString],
        filter: &FilterArgs,
        sent_to: &SentTo,
        now: DateTime<Utc>,
    ) -> Result<Choice, CommandError> {
        let sent_to = sent_to.url.as_deref().map(target::url).transpose()?;
        let filter = self::filter(wanted, filter, now)?;
        Ok(Choice { filter, sent_to, now })
    }

    /// Nothing was given that a cookie could fail to fit.
    pub fn is_everything(&self) -> bool {
        self.sent_to.is_none() && self.filter == Filter::default()
    }

    /// A name was given, as by somebody who wants the one cookie of that name.
    pub fn is_by_name(&self) -> bool {
        !self.filter.names.is_empty()
    }

    /// In the order of the file, or of the header.
    pub fn of<'a>(&self, jar: &'a Jar) -> Vec<&'a Cookie> {
        let candidates = match &self.sent_to {
            None => jar.sorted(),
            Some(url) => match Context::new(url, self.now) {
                Some(context) => {
                    let rules = Rules { policy: jar.policy, ..Rules::default() };
                    select(&context.under(rules), jar).sent
                }
                None => Vec::new(),
            },
        };
        candidates.into_iter().filter(|cookie| self.filter.fits(cookie, self.now)).collect()
    }
}

fn filter(wanted: &[OsString], args: &FilterArgs, now: DateTime<Utc>) -> Result<Filter, CommandError> {
    if args.subdomains && args.domain.is_none() {
        return Err(CommandError::usage("--subdomains needs --domain").hint("name the domain they lie below"));
    }
    if !wanted.is_empty() && !args.name.is_empty() {
        return Err(CommandError::usage("--name can't go with a name behind the verb")
            .hint("several names can stand behind kuki jar remove, and --name can be repeated"));
    }
    if [args.session, args.persistent, args.expired].into_iter().filter(|given| *given).count() > 1 {
        return Err(CommandError::usage("--session, --persistent and --expired exclude one another")
            .hint("a session cookie has no expiry, so it neither lasts nor expires"));
    }
    let names = wanted.iter().chain(&args.name);
    let life =
        [(args.session, Life::Session), (args.persistent, Life::Persistent), (args.expired, Life::Expired)];
    let within = args.expires_within.as_deref().map(|given| span(given, "--expires-within")).transpose()?;
    let before = args.expires_before.as_deref().map(|given| moment(given, "--expires-before")).transpose()?;
    Ok(Filter {
        domain: args.domain.as_deref().map(domain).transpose()?,
        with_subdomains: args.subdomains,
        names: names.map(|name| Glob::new(name.as_bytes())).collect(),
        path: args.path.clone().map(OsString::into_vec),
        life: life.into_iter().find(|(is_given, _)| *is_given).map(|(_, life)| life),
        // A span beyond all time is one that every expiry lies in.
        expires_before: within
            .map(|within| now.checked_add_signed(within).unwrap_or(DateTime::<Utc>::MAX_UTC))
            .or(before),
        is_secure: args.secure,
        is_http_only: args.http_only,
        same_site: args.same_site.as_deref().map(same_site).transpose()?,
    })
}

/// A domain in any spelling: with the table's dot in front, in capitals, in its own script.
fn domain(given: &OsStr) -> Result<Host, CommandError> {
    let text = given.to_string_lossy();
    Host::read(text.strip_prefix('.').unwrap_or(&text)).ok_or_else(|| {
        CommandError::usage(format!("--domain: `{text}` is not a domain")).hint("for example example.com")
    })
}

fn same_site(given: &OsStr) -> Result<SameSite, CommandError> {
    match given.as_bytes() {
        word if word.eq_ignore_ascii_case(b"unset") => Ok(SameSite::Unset),
        word => SameSite::parse(word).filter(|same_site| *same_site != SameSite::Unset).ok_or_else(|| {
            CommandError::usage(format!(
                "--same-site: `{}` is none of strict, lax, none and unset",
                given.display()
            ))
            .hint("unset finds cookies that have no SameSite")
        }),
    }
}
