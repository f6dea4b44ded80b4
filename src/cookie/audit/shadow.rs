//! Owns the finding of cookies that go to one URL under one name, where servers take the first for the only one.
//! Does not say which of them is meant.

use chrono::{DateTime, Utc};

use crate::cookie::audit::Seen;
use crate::cookie::audit::finding::{Finding, Issue};
use crate::cookie::audit::role::Role;
use crate::cookie::jar::Jar;
use crate::cookie::path::meet;
use crate::cookie::record::Cookie;

/// Each pair of which one is chosen, told of the one that comes second.
pub fn shadowed(
    jar: &Jar,
    chosen: &[&Cookie],
    see: &dyn Fn(&Cookie) -> Seen,
    now: DateTime<Utc>,
) -> Vec<Finding> {
    let mut findings = Vec::new();
    let is_chosen = |cookie: &Cookie| chosen.iter().any(|other| std::ptr::eq(*other, cookie));
    let all = jar.sorted();
    for lower in all.into_iter().filter(|cookie| !cookie.is_expired(now)) {
        for above in lower.domain.domains() {
            let others = jar.of_domain(above).iter().filter(|other| other.name == lower.name);
            for upper in others.filter(|other| !other.is_expired(now) && meets(lower, other)) {
                if !is_chosen(lower) && !is_chosen(upper) {
                    continue;
                }
                let is_sensitive =
                    [lower, upper].iter().any(|cookie| Role::of(cookie, see(cookie).shape) != Role::Other);
                let (first, second) =
                    if lower.place() < upper.place() { (lower, upper) } else { (upper, lower) };
                let issue = Issue::Shadowed { by: first.key(), is_sensitive };
                findings.push(Finding { issue, key: Some(second.key()) });
            }
        }
    }
    findings
}

/// Is there a URL that both go to? Of a domain's own each pair counts once.
fn meets(lower: &Cookie, upper: &Cookie) -> bool {
    let reaches = match lower.domain == upper.domain {
        true => (&lower.path, lower.host_only) < (&upper.path, upper.host_only),
        false => !upper.host_only,
    };
    reaches && meet(&lower.path, &upper.path)
}
