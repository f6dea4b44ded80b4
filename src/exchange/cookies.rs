//! Owns the one Cookie header of a hop, from the jar and from what was given by hand, and what a response sets.
//! Does not know the rules; it asks them for one hop at a time.

use http::header::{COOKIE, SET_COOKIE};
use http::{HeaderMap, HeaderValue};

use crate::cookie::context::{Context, Origin};
use crate::cookie::jar::Jar;
use crate::cookie::receive::receive;
use crate::cookie::record::{Cookie, Key};
use crate::cookie::select::select;
use crate::cookie::verdict::Receipt;
use crate::exchange::trace::Cookies;

/// Puts the Cookie header of this hop in place, and touches what it sends.
///
/// A name given by hand (already in `headers`) replaces the jar's cookies of that name, for this request only.
pub fn attach(headers: &mut HeaderMap, stored: Option<(Context, &mut Jar)>) -> Cookies {
    let by_hand = given_pairs(headers);
    let mut record = Cookies::default();
    let mut pairs: Vec<Vec<u8>> = Vec::new();
    if let Some((context, jar)) = stored {
        let mut selection = select(&context, jar);
        record.others = jar.len() - selection.sent.len() - selection.withheld.len();
        let named = |cookie: &Cookie| by_hand.iter().any(|pair| name(pair) == cookie.name);
        record.replaced_by_hand = keys(selection.sent.iter().filter(|cookie| named(cookie)));
        selection.sent.retain(|cookie| !named(cookie));
        record.sent = keys(selection.sent.iter());
        let on_loopback = context.origin == Origin::Loopback;
        record.secure_on_loopback = keys(selection.sent.iter().filter(|cookie| on_loopback && cookie.secure));
        record.withheld = selection.withheld.iter().map(|(cookie, why)| (cookie.key(), *why)).collect();
        pairs = selection.sent.iter().map(|cookie| cookie.pair()).collect();
        for touch in selection.touches(&context, jar) {
            jar.apply(touch, context.now);
        }
    }
    // What is wholly the user's goes out as it was written.
    if pairs.is_empty() && headers.get_all(COOKIE).iter().count() == 1 {
        headers.get_mut(COOKIE).into_iter().for_each(|value| value.set_sensitive(true));
        return record;
    }
    pairs.extend(by_hand);
    headers.remove(COOKIE);
    // Cookies hold no control characters, so their header can always be made.
    if let Ok(mut value) = HeaderValue::from_maybe_shared(bytes::Bytes::from(pairs.join(&b"; "[..])))
        && !value.is_empty()
    {
        value.set_sensitive(true);
        headers.insert(COOKIE, value);
    }
    record
}

/// Judges every `Set-Cookie` of a response, in the order in which they came.
pub fn take(headers: &HeaderMap, context: &Context, jar: &mut Jar) -> Vec<Receipt> {
    headers.get_all(SET_COOKIE).iter().map(|line| receive(line.as_bytes(), context, jar)).collect()
}

fn keys<'a>(cookies: impl Iterator<Item = &'a &'a Cookie>) -> Vec<Key> {
    cookies.map(|cookie| cookie.key()).collect()
}

fn given_pairs(headers: &HeaderMap) -> Vec<Vec<u8>> {
    let parts =
        headers.get_all(COOKIE).iter().flat_map(|value| value.as_bytes().split(|octet| *octet == b';'));
    parts.map(|part| part.trim_ascii().to_vec()).filter(|part| !part.is_empty()).collect()
}

fn name(pair: &[u8]) -> &[u8] {
    match pair.iter().position(|octet| *octet == b'=') {
        Some(at) => pair[..at].trim_ascii_end(),
        None => b"",
    }
}
