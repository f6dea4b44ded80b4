//! Owns the loop: build a hop, send it, take its cookies, decide the next.
//! Does not save anything: what happened is in the trace, what changed is in the jar's journal.

use chrono::{DateTime, Utc};
use http::header::{AUTHORIZATION, CONTENT_LENGTH};
use http::{HeaderValue, Method};
use url::Url;

use crate::cookie::context::{Context, Origin};
use crate::cookie::jar::Jar;
use crate::exchange::auth::Talk;
use crate::exchange::body::Body;
use crate::exchange::cookies;
use crate::exchange::error::HopError;
use crate::exchange::headers::{self, Trust};
use crate::exchange::redirect::{self, Next, same_origin};
use crate::exchange::request::{Follow, Outgoing, Plan};
use crate::exchange::sighting::Watch;
use crate::exchange::trace::{Hop, Trace};
use crate::exchange::transport::{Body as Incoming, Transport};

/// A jar that chains use side by side, each of them for a moment.
pub trait SharedJar {
    fn with<R>(&self, edit: impl FnOnce(&mut Jar) -> R) -> R;
}

/// Hears of each hop while it happens.
pub trait Witness {
    fn sending(&mut self, hop: &Hop);
    /// The head is in and its cookies are judged.
    fn received(&mut self, hop: &Hop);
}

/// Of an answer that is not shown so much is read, so that its connection can be used again.
const WORTH_READING: usize = 64 * 1024;

/// Follows the chain to its last response head; the body is the caller's to read.
///
/// The trace is filled as it goes, so that it also holds what happened when the chain breaks or is dropped.
pub async fn run<T: Transport>(
    plan: &Plan,
    transport: &T,
    jar: Option<&impl SharedJar>,
    clock: impl Fn() -> DateTime<Utc>,
    trace: &mut Trace,
    witness: &mut dyn Witness,
) -> Result<T::Body, HopError<T::Error>> {
    let mut trust = Trust::FirstOrigin;
    let mut next = Next { method: plan.method.clone(), url: plan.url.clone(), repeats_body: true };
    let login = plan.negotiation.as_ref().filter(|_| !plan.gives_authorization_by_hand());
    let mut talk = login.map(|login| Talk::new(login, &plan.url));
    let (mut redirects, mut was_sent) = (0, false);
    loop {
        let context = |url: &Url| context(plan, transport, url, clock());
        let belongs_to_body = next.repeats_body && plan.body.is_some();
        let hop = build(plan, next, trust, talk.as_mut(), jar, context);
        witness.sending(&hop);
        trace.hops.push(hop);
        let hop = trace.hops.last_mut().expect("it was just pushed");
        was_sent |= hop.request.body.is_some();
        let sent = transport.send(&hop.request, &hop.watch).await;
        let (head, body) =
            sent.map_err(|source| HopError::Transport { url: hop.request.url.clone(), source })?;
        if let Some(jar) = jar
            && let Some(context) = context(&hop.request.url)
        {
            hop.receipts = jar.with(|jar| cookies::take(&head.headers, &context, jar));
        }
        let is_withheld = belongs_to_body && hop.request.body.is_none();
        let is_asked_again = talk.as_mut().is_some_and(|talk| talk.goes_on(&head, is_withheld));
        let redirect = redirect::next(&hop.request.method, &hop.request.url, &head, &plan.redirects);
        hop.response = Some(head);
        witness.received(hop);
        let spent = |is_for_login| match plan.body.as_ref().and_then(Body::spent).filter(|_| was_sent) {
            Some(what) => {
                let (from, what) = (hop.request.url.clone(), what.display().to_string());
                Err(HopError::SpentBody { from, what, is_for_login })
            }
            None => Ok(()),
        };
        if is_asked_again {
            if belongs_to_body {
                spent(true)?;
            }
            drain(body).await;
            let (method, url) = (hop.request.method.clone(), hop.request.url.clone());
            next = Next { method, url, repeats_body: belongs_to_body };
            continue;
        }
        let Follow::UpTo(limit) = plan.follow else { return Ok(body) };
        let Some(redirect) = redirect? else { return Ok(body) };
        // A body that was dropped on the way does not come back.
        let repeats_body = redirect.repeats_body && belongs_to_body;
        if repeats_body {
            spent(false)?;
        }
        next = Next { repeats_body, ..redirect };
        redirects += 1;
        if redirects > limit {
            return Err(HopError::TooManyRedirects { limit });
        }
        trust = match (same_origin(&next.url, &plan.url), plan.redirects.are_trusted) {
            (true, true) => Trust::FirstOrigin,
            (false, true) => Trust::Trusted,
            (true, false) => trust,
            (false, false) => Trust::Stranger,
        };
        if trust == Trust::Stranger {
            talk = None;
        }
        if let Some(talk) = &mut talk {
            talk.begin(&next.url);
        }
    }
}

/// The first hop as it would go out.
pub fn prepared<T: Transport>(
    plan: &Plan,
    transport: &T,
    jar: Option<&impl SharedJar>,
    now: DateTime<Utc>,
) -> Hop {
    let first = Next { method: plan.method.clone(), url: plan.url.clone(), repeats_body: true };
    let login = plan.negotiation.as_ref().filter(|_| !plan.gives_authorization_by_hand());
    let mut talk = login.map(|login| Talk::new(login, &plan.url));
    build(plan, first, Trust::FirstOrigin, talk.as_mut(), jar, |url| context(plan, transport, url, now))
}

fn context<T: Transport>(plan: &Plan, transport: &T, url: &Url, now: DateTime<Utc>) -> Option<Context> {
    let context = plan.judging.context(url, now)?;
    let is_exposed = context.origin == Origin::Loopback && transport.leaves_the_machine(url);
    Some(if is_exposed { Context { origin: Origin::Insecure, ..context } } else { context })
}

async fn drain(mut body: impl Incoming) {
    let mut read = 0;
    while let Ok(Some(chunk)) = body.chunk().await {
        read += chunk.len();
        if read > WORTH_READING {
            break;
        }
    }
}

fn build(
    plan: &Plan,
    next: Next,
    trust: Trust,
    mut talk: Option<&mut Talk>,
    jar: Option<&impl SharedJar>,
    context: impl Fn(&Url) -> Option<Context>,
) -> Hop {
    let Next { method, url, repeats_body } = next;
    let body = plan.body.clone().filter(|_| repeats_body);
    let (mut headers, held_back) = headers::build(plan, &method, body.is_some(), trust);
    // The headers are those of the whole request already, as in curl.
    let is_withheld = body.is_some() && talk.as_ref().is_some_and(|talk| talk.withholds_body());
    let body = if is_withheld { None } else { body };
    if let Some(value) = talk.as_mut().and_then(|talk| talk.authorization(&method, &url)) {
        headers.insert(AUTHORIZATION, value);
    }
    let usually_has_body = is_withheld || [Method::POST, Method::PUT, Method::PATCH].contains(&method);
    // Without a length the stack sends it in chunks.
    if let Some(length) = body.as_ref().map_or(usually_has_body.then_some(0), Body::length) {
        headers.insert(CONTENT_LENGTH, HeaderValue::from(length));
    }
    // Without a jar there is nothing to judge, and no need for what the rules would know.
    let cookies = match jar.and_then(|jar| Some((context(&url)?, jar))) {
        Some((context, jar)) => jar.with(|jar| cookies::attach(&mut headers, Some((context, jar)))),
        None => cookies::attach(&mut headers, None),
    };
    Hop {
        request: Outgoing { method, version: plan.version, url, headers, body },
        cookies,
        held_back,
        response: None,
        receipts: Vec::new(),
        watch: Watch::default(),
    }
}
