//! Owns the comparison of the policy `browser` with Chromium itself, on many Set-Cookie sequences over loopback.
//! Does not hold what Chromium does; it is asked. Where it is not installed, nothing is compared, and that is said.
//!
//! `KUKI_SEQUENCES` makes more of them, `KUKI_SEED` others. What is known to differ is only that Chromium keeps partitioned
//! cookies (CHIPS) apart from others of the same name, and from those that came by another scheme.

#[path = "support/chromium.rs"]
mod browser;
#[path = "support/sequences.rs"]
mod sequences;
mod support;
#[path = "support/tls.rs"]
#[allow(dead_code, reason = "only a part of it is needed here")]
mod tls_server;

use std::io::{self, Write};
use std::sync::{Arc, Mutex};

use chrono::{DateTime, TimeDelta, Utc};
use url::Url;

use kuki::cookie::context::{Context, Rules};
use kuki::cookie::jar::Jar;
use kuki::cookie::policy::Policy;
use kuki::cookie::receive::receive;
use kuki::cookie::record::Cookie;
use kuki::cookie::select::{of_other_hosts, select};
use kuki::cookie::verdict::{Verdict, Withheld};
use kuki::sys::clock;

use browser::{Blocked, Chromium, Held};
use sequences::{Initiator, Place, Sequence};
use support::server::header;
use tls_server::TlsServer;

/// What was decided about a sequence: the refused lines with the name of the reason, and at its end the Cookie header and
/// the cookies that were held back.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    /// Octets as Latin-1; empty for none.
    header: String,
    refused: Vec<(String, Vec<String>)>,
    held: Vec<Held>,
}

#[test]
fn the_browser_policy_decides_as_chromium_does() {
    let Some(mut chromium) = Chromium::start() else {
        return say("Chromium is not installed: the policy `browser` is not compared with it");
    };
    let number =
        |name: &str, usual| std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(usual);
    let stage = Stage::start();
    let (count, seed) = (number("KUKI_SEQUENCES", 150), number("KUKI_SEED", 1));
    let sequences = sequences::fixed().into_iter().chain(sequences::random(seed as u64).take(count));
    let (mut all, mut headers, mut lines, mut names) = (0, Vec::new(), 0, Vec::new());
    let (mut cookies, mut whys) = (0, Vec::new());
    for sequence in sequences {
        let (theirs, ours) =
            (stage.by_chromium(&mut chromium, &sequence), by_kuki(&sequence, Policy::Browser));
        all += 1;
        lines += theirs.refused.len();
        if theirs.header != ours.header {
            headers.push(format!("{sequence}\n  Chromium {:?}\n  kuki     {:?}", theirs.header, ours.header));
        }
        // The text of a line is not compared: octets that are no UTF-8 do not come through the pipe.
        let agreed =
            theirs.refused.iter().zip(&ours.refused).filter(|((_, theirs), (_, ours))| agree(theirs, ours));
        if agreed.count() != theirs.refused.len() || theirs.refused.len() != ours.refused.len() {
            names.push(format!("{sequence}\n  Chromium {:?}\n  kuki     {:?}", theirs.refused, ours.refused));
        }
        // What was never stored, or not by both, was compared already.
        for held in theirs.held.iter().filter(|_| theirs.header == ours.header) {
            let Some(same) = ours.held.iter().find(|same| held.is_of(same)) else {
                whys.push(format!("{sequence}\n  Chromium {held:?}\n  kuki     sent it, or has it not"));
                continue;
            };
            cookies += 1;
            if !agree(&held.reasons, &same.reasons) {
                whys.push(format!("{sequence}\n  Chromium {held:?}\n  kuki     {:?}", same.reasons));
            }
        }
    }
    say(&format!(
        "{}: {} of {all} Cookie headers are the same; of {lines} refused lines {} have its reason, and of {cookies} cookies \
         held back all but {}",
        chromium.version(),
        all - headers.len(),
        lines - names.len(),
        whys.len(),
    ));
    let told = headers.iter().chain(&names).chain(&whys).cloned().collect::<Vec<_>>().join("\n");
    let is_close = headers.len() * 100 <= all && names.len() * 20 <= lines && whys.len() * 20 <= cookies;
    assert!(is_close, "{told}");
    if !told.is_empty() {
        say(&told);
    }
}

/// A line can have several reasons there, and one here. What another site's page sets is blocked there before anything else
/// is looked at, if blocking is on; SameSite says the same also where it is off.
fn agree(theirs: &[String], ours: &[String]) -> bool {
    let is_blocked = theirs.iter().any(|name| name == "UserPreferences");
    ours.iter().any(|name| theirs.contains(name) || is_blocked && name.starts_with("SameSite"))
}

/// A server for every host, on one port for http and https.
struct Stage {
    server: TlsServer,
    /// What it says next.
    lines: Arc<Mutex<Vec<u8>>>,
}

impl Stage {
    fn start() -> Stage {
        let lines = Arc::new(Mutex::new(Vec::new()));
        let next = Arc::clone(&lines);
        let server = TlsServer::start("stage.test", move |_| {
            let page = b"<link rel=icon href=data:,>";
            let head =
                format!("HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: {}\r\n", page.len());
            let lines = next.lock().expect("no test panics while it speaks").clone();
            [head.as_bytes(), &lines, b"Connection: close\r\n\r\n", page].concat()
        });
        Stage { server, lines }
    }

    fn by_chromium(&self, chromium: &mut Chromium, sequence: &Sequence) -> Outcome {
        chromium.forget_cookies();
        let mut refused = Vec::new();
        for step in &sequence.steps {
            for blocked in self.request(chromium, &step.at, &step.initiator, &step.lines) {
                // Where a browser gives no reason there is nothing to compare.
                if !blocked.reasons.is_empty() {
                    refused.push((blocked.line, blocked.reasons));
                }
            }
        }
        self.request(chromium, &sequence.probe, &sequence.initiator, &[]);
        let held = chromium.held_back();
        let calls = self.server.heard();
        let last = calls.last().expect("it was asked");
        Outcome { header: header(&last.request, "cookie").unwrap_or_default().to_owned(), refused, held }
    }

    fn request(
        &self,
        chromium: &mut Chromium,
        at: &Place,
        initiator: &Option<Initiator>,
        lines: &[Vec<u8>],
    ) -> Vec<Blocked> {
        let url = self.url(at);
        let Some((page, script)) = initiator else {
            self.will_say(lines);
            return chromium.visit(&url);
        };
        self.will_say(&[]);
        chromium.visit(&self.url(page));
        self.will_say(lines);
        let is_fetched = script.contains("fetch");
        let script = script.replace("URL", &format!("{url:?}"));
        if is_fetched { chromium.run(&script) } else { chromium.leave(&script) }
    }

    fn will_say(&self, lines: &[Vec<u8>]) {
        let text = lines.iter().flat_map(|line| [b"Set-Cookie: ", &line[..], b"\r\n"].concat()).collect();
        *self.lines.lock().expect("no test panics while it speaks") = text;
    }

    fn url(&self, place: &Place) -> String {
        format!("{}://{}:{}{}", place.scheme, place.host, self.server.address.port(), place.path)
    }
}

fn by_kuki(sequence: &Sequence, policy: Policy) -> Outcome {
    let mut now: DateTime<Utc> = clock::now();
    let mut jar = Jar::default();
    (jar.policy, jar.limits) = (policy, policy.limits());
    let made_by = |context: Context, initiator: &Option<Initiator>, now| match initiator {
        Some((page, script)) => {
            context.made_by(&self::context(page, policy, now).url, sequences::kind(script))
        }
        None => context,
    };
    let mut refused = Vec::new();
    for step in &sequence.steps {
        let context = made_by(context(&step.at, policy, now), &step.initiator, now);
        for line in &step.lines {
            if let Verdict::Refused(refusal) = receive(line, &context, &mut jar).verdict {
                let line = line.iter().copied().map(char::from).collect();
                refused.extend(refusal.devtools().map(|name| (line, vec![name.to_owned()])));
            }
        }
        now += TimeDelta::milliseconds(20);
    }
    let probe = made_by(context(&sequence.probe, policy, now), &sequence.initiator, now);
    let selection = select(&probe, &jar);
    let others = of_other_hosts(&probe, &jar).into_iter().map(|cookie| (cookie, Withheld::DomainMismatch));
    let held = selection.withheld.iter().copied().chain(others).map(|(cookie, why)| Held::ours(cookie, why));
    let header = selection.header().unwrap_or_default();
    Outcome { header: header.into_iter().map(char::from).collect(), refused, held: held.collect() }
}

fn context(place: &Place, policy: Policy, now: DateTime<Utc>) -> Context {
    let url = Url::parse(&format!("{}://{}{}", place.scheme, place.host, place.path)).expect("a good URL");
    let rules = Rules { policy, ..Rules::default() };
    Context::new(&url, now).expect("it has a host").under(rules)
}

impl Held {
    fn ours(cookie: &Cookie, why: Withheld) -> Held {
        let text = |octets: &[u8]| ascii(&String::from_utf8_lossy(octets));
        let dot = if cookie.host_only || cookie.domain.is_address() { "" } else { "." };
        Held {
            name: text(&cookie.name),
            domain: format!("{dot}{}", cookie.domain),
            path: text(&cookie.path),
            reasons: why.devtools().map(str::to_owned).into_iter().collect(),
        }
    }

    fn is_of(&self, other: &Held) -> bool {
        let key = |held: &Held| (ascii(&held.name), held.domain.clone(), ascii(&held.path));
        key(self) == key(other)
    }
}

/// What comes through the pipe of any text.
fn ascii(text: &str) -> String {
    text.chars().filter(char::is_ascii).collect()
}

/// Around the test runner, which keeps back what passing tests say.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
