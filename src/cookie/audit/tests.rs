//! Owns the tests of the audit: each issue where it is one, and none where it is not.
//! Does not test how cookies are told apart; `role` does.

use chrono::{DateTime, TimeDelta, Utc};

use crate::cookie::attribute::SameSite;
use crate::cookie::audit::finding::{Finding, Issue, Severity};
use crate::cookie::audit::role::Shape;
use crate::cookie::audit::{Seen, audit, of_file};
use crate::cookie::host::Host;
use crate::cookie::jar::Jar;
use crate::cookie::policy::Policy;
use crate::cookie::record::Cookie;

fn now() -> DateTime<Utc> {
    DateTime::from_timestamp(1_777_636_800, 0).expect("a time")
}

/// A session with nothing to find but that a prefix would hold.
pub fn cookie() -> Cookie {
    Cookie {
        name: b"sid".to_vec(),
        value: b"1".to_vec(),
        domain: host("app.corp.test"),
        host_only: true,
        path: b"/app".to_vec(),
        expires: None,
        secure: true,
        http_only: true,
        same_site: SameSite::Lax,
        created: now(),
        updated: now(),
        last_access: now(),
        pinned: false,
        set_over_http: false,
    }
}

fn host(name: &str) -> Host {
    Host::canonical(name).expect("a host")
}

fn jar(cookies: impl IntoIterator<Item = Cookie>) -> Jar {
    let mut jar = Jar::default();
    for cookie in cookies {
        assert!(jar.restore(cookie));
    }
    jar
}

fn found(jar: &Jar, seen: Seen) -> Vec<Finding> {
    audit(jar, &jar.sorted(), &|_| seen, now())
}

#[track_caller]
fn finds(cookies: impl IntoIterator<Item = Cookie>, expected: &[(Severity, &str)]) {
    let findings = found(&jar(cookies), Seen::default());
    let told: Vec<_> =
        findings.iter().map(|finding| (finding.issue.severity(), finding.issue.code())).collect();
    assert_eq!(told, expected, "{findings:?}");
}

#[test]
fn a_good_session_has_no_finding() {
    finds([cookie()], &[]);
}

#[test]
fn each_guard_that_a_session_lacks_is_found() {
    use Severity::{High, Info, Low, Medium};
    let cases: [(Cookie, &[(Severity, &str)]); 14] = [
        (Cookie { set_over_http: true, ..cookie() }, &[(Medium, "set-over-http")]),
        (Cookie { name: b"theme".to_vec(), set_over_http: true, ..cookie() }, &[(Info, "set-over-http")]),
        (Cookie { secure: false, ..cookie() }, &[(High, "session-without-secure")]),
        (Cookie { secure: false, domain: host("localhost"), ..cookie() }, &[(Low, "session-without-secure")]),
        (Cookie { http_only: false, ..cookie() }, &[(Medium, "session-without-http-only")]),
        (Cookie { same_site: SameSite::Unset, ..cookie() }, &[(Low, "session-without-same-site")]),
        (
            Cookie { same_site: SameSite::None, secure: false, ..cookie() },
            &[(High, "session-without-secure"), (Medium, "same-site-none-without-secure")],
        ),
        (
            Cookie { host_only: false, domain: host("corp.test"), ..cookie() },
            &[(Medium, "session-to-subdomains")],
        ),
        (Cookie { host_only: false, ..cookie() }, &[(Low, "session-to-subdomains")]),
        (Cookie { path: b"/".to_vec(), ..cookie() }, &[(Info, "prefix-would-hold")]),
        (Cookie { path: b"/".to_vec(), name: b"__Host-sid".to_vec(), ..cookie() }, &[]),
        (Cookie { expires: Some(now() + TimeDelta::days(31)), ..cookie() }, &[(Low, "session-lives-long")]),
        (Cookie { expires: Some(now() + TimeDelta::days(30)), ..cookie() }, &[]),
        (Cookie { expires: Some(now()), secure: false, ..cookie() }, &[(Info, "expired-in-file")]),
    ];
    for (cookie, expected) in cases {
        finds([cookie], expected);
    }
}

#[test]
fn a_token_against_forgery_may_be_read_by_scripts_and_live_long() {
    let csrf = Cookie {
        name: b"csrftoken".to_vec(),
        http_only: false,
        expires: Some(now() + TimeDelta::days(364)),
        same_site: SameSite::Unset,
        host_only: false,
        ..cookie()
    };
    finds([csrf.clone()], &[]);
    finds([Cookie { secure: false, ..csrf }], &[(Severity::Low, "csrf-without-secure")]);
}

#[test]
fn what_is_no_session_needs_no_guard() {
    let theme = Cookie {
        name: b"theme".to_vec(),
        secure: false,
        http_only: false,
        same_site: SameSite::Unset,
        host_only: false,
        ..cookie()
    };
    finds([theme.clone()], &[]);
    let capped = Some(now() + TimeDelta::days(400));
    finds([Cookie { expires: capped, ..theme.clone() }], &[(Severity::Info, "life-at-cap")]);
    finds(
        [Cookie { same_site: SameSite::None, ..theme }],
        &[(Severity::Medium, "same-site-none-without-secure")],
    );
}

#[test]
fn a_token_is_to_be_signed_and_current() {
    let of = |seen: Seen| {
        let findings = found(&jar([Cookie { name: b"x".to_vec(), ..cookie() }]), seen);
        findings.into_iter().map(|finding| finding.issue.code()).collect::<Vec<_>>()
    };
    let token = Seen { shape: Shape::Token, ..Seen::default() };
    assert_eq!(of(token), [""; 0]);
    assert_eq!(of(Seen { is_unsigned: true, ..token }), ["token-unsigned"]);
    let expired = |hours| Seen { token_expires: Some(now() - TimeDelta::hours(hours)), ..token };
    assert_eq!(of(expired(23)), [""; 0]);
    assert_eq!(of(expired(24)), ["token-expired"]);
    let far = Seen { token_expires: Some(DateTime::<Utc>::MIN_UTC), ..token };
    assert_eq!(of(far), ["token-expired"]);
}

#[test]
fn of_two_cookies_for_one_url_the_second_in_the_header_is_told() {
    let at = |domain: &str, path: &str, host_only, age| Cookie {
        domain: host(domain),
        path: path.into(),
        host_only,
        created: now() - TimeDelta::hours(age),
        name: b"lang".to_vec(),
        ..cookie()
    };
    let pairs = |cookies: Vec<Cookie>| {
        let findings = found(&jar(cookies), Seen::default());
        let shown = |finding: &Finding| match &finding.issue {
            Issue::Shadowed { by, .. } => {
                let key = finding.key.clone().expect("a cookie");
                let text = |key: &crate::cookie::record::Key| {
                    format!("{}{}", key.domain, String::from_utf8_lossy(&key.path))
                };
                Some(format!("{} behind {}", text(&key), text(by)))
            }
            _ => None,
        };
        findings.iter().filter_map(shown).collect::<Vec<_>>()
    };
    let (app, corp) = ("app.corp.test", "corp.test");
    for (one, other, expected) in [
        (at(app, "/", true, 1), at(corp, "/", false, 2), &["app.corp.test/ behind corp.test/"][..]),
        (at(app, "/x", true, 1), at(corp, "/", false, 2), &["corp.test/ behind app.corp.test/x"]),
        (at(app, "/x", true, 1), at(app, "/", true, 2), &["app.corp.test/ behind app.corp.test/x"]),
        (at(app, "/", true, 1), at(app, "/", false, 2), &["app.corp.test/ behind app.corp.test/"]),
        (at(app, "/", true, 1), at(corp, "/", true, 2), &[]),
        (at(app, "/x", true, 1), at(app, "/y", true, 2), &[]),
        (at(app, "/", true, 1), at("b.corp.test", "/", false, 2), &[]),
    ] {
        assert_eq!(pairs(vec![one, other]), expected);
    }
}

#[test]
fn a_pair_of_which_one_is_meant_is_found_and_no_other() {
    let of = |name: &str, domain: &str| Cookie {
        name: name.into(),
        domain: host(domain),
        host_only: false,
        ..cookie()
    };
    let jar = jar([
        of("sid", "corp.test"),
        of("sid", "app.corp.test"),
        of("sso", "corp.test"),
        of("sso", "app.corp.test"),
    ]);
    let chosen: Vec<_> =
        jar.iter().filter(|cookie| cookie.name == b"sid" && cookie.domain == host("corp.test")).collect();
    let findings = audit(&jar, &chosen, &|_| Seen::default(), now());
    let shadowed: Vec<_> = findings.iter().filter(|finding| finding.issue.code() == "shadowed").collect();
    assert_eq!(shadowed.len(), 1);
    assert_eq!(shadowed[0].issue.severity(), Severity::Medium);
}

#[test]
fn a_limit_is_near_at_nine_tenths() {
    let of = |count: usize, domain: &str| -> Vec<Cookie> {
        let one = |number| Cookie { name: format!("c{number}").into(), domain: host(domain), ..cookie() };
        (0..count).map(one).collect()
    };
    finds(of(17, "a.test"), &[]);
    finds(of(18, "a.test"), &[(Severity::Low, "domain-near-limit")]);
    let all = (0..27).flat_map(|number| of(10, &format!("h{number}.test")));
    finds(all, &[(Severity::Low, "jar-near-limit")]);
    let large = Cookie { name: b"x".to_vec(), value: vec![b'x'; 3_700], ..cookie() };
    finds([large], &[(Severity::Low, "cookie-near-limit")]);
    // To a browser the hosts of a site count together.
    let mut jar = jar(of(10, "a.corp.test").into_iter().chain(of(10, "b.corp.test")));
    assert_eq!(found(&jar, Seen::default()), []);
    jar.policy = Policy::Browser;
    let domain = "corp.test".to_owned();
    assert_eq!(
        found(&jar, Seen::default()),
        [Finding { issue: Issue::DomainNearLimit { domain, count: 20, limit: 20 }, key: None }]
    );
}

#[test]
fn the_file_is_for_its_owner_alone() {
    let codes = |findings: Vec<Finding>| findings.iter().map(|found| found.issue.code()).collect::<Vec<_>>();
    assert_eq!(codes(of_file(None, None)), [""; 0]);
    assert_eq!(codes(of_file(Some(0o644), Some(1_000))), ["jar-of-another-user", "jar-readable-by-others"]);
}

#[test]
fn the_gravest_come_first() {
    let worst = Cookie {
        secure: false,
        http_only: false,
        same_site: SameSite::Unset,
        expires: Some(now() + TimeDelta::days(400)),
        ..cookie()
    };
    use Severity::{High, Low, Medium};
    finds(
        [worst],
        &[
            (High, "session-without-secure"),
            (Medium, "session-without-http-only"),
            (Low, "session-without-same-site"),
            (Low, "session-lives-long"),
        ],
    );
}
