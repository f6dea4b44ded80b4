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
use kuki::cookie::select::select;
use kuki::cookie::verdict::Verdict;
use kuki::sys::clock;

use browser::Chromium;
use sequences::{Place, Sequence};
use support::server::header;
use tls_server::TlsServer;

/// What was decided about a sequence: the refused lines with the name of the reason, and the Cookie header at its end.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Outcome {
    /// Octets as Latin-1; empty for none.
    header: String,
    refused: Vec<(String, Vec<String>)>,
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
    }
    say(&format!(
        "{}: {} of {all} Cookie headers are the same, and of {lines} refused lines {} have its reason",
        chromium.version(),
        all - headers.len(),
        lines - names.len(),
    ));
    let told = headers.iter().chain(&names).cloned().collect::<Vec<_>>().join("\n");
    assert!(headers.len() * 100 <= all && names.len() * 20 <= lines, "{told}");
    if !told.is_empty() {
        say(&told);
    }
}

/// A line can have several reasons there, and one here.
fn agree(theirs: &[String], ours: &[String]) -> bool {
    ours.iter().any(|name| theirs.contains(name))
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
            self.will_say(&step.lines);
            for blocked in chromium.visit(&self.url(&step.at)) {
                // Where a browser gives no reason there is nothing to compare.
                if !blocked.reasons.is_empty() {
                    refused.push((blocked.line, blocked.reasons));
                }
            }
        }
        self.will_say(&[]);
        let probe = self.url(&sequence.probe);
        match &sequence.initiator {
            None => {
                chromium.visit(&probe);
            }
            Some((page, script)) => {
                chromium.visit(&self.url(page));
                let script = script.replace("URL", &format!("{probe:?}"));
                if script.contains("fetch") { chromium.run(&script) } else { chromium.leave(&script) }
            }
        }
        let calls = self.server.heard();
        let last = calls.last().expect("it was asked");
        Outcome { header: header(&last.request, "cookie").unwrap_or_default().to_owned(), refused }
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
    let context = |place: &Place, now| {
        let url =
            Url::parse(&format!("{}://{}{}", place.scheme, place.host, place.path)).expect("a good URL");
        let rules = Rules { policy, ..Rules::default() };
        Context::new(&url, now).expect("it has a host").under(rules)
    };
    let mut refused = Vec::new();
    for step in &sequence.steps {
        for line in &step.lines {
            if let Verdict::Refused(refusal) = receive(line, &context(&step.at, now), &mut jar).verdict {
                let line = line.iter().copied().map(char::from).collect();
                refused.extend(refusal.devtools().map(|name| (line, vec![name.to_owned()])));
            }
        }
        now += TimeDelta::milliseconds(20);
    }
    let mut probe = context(&sequence.probe, now);
    if let Some((page, script)) = &sequence.initiator {
        probe = probe.made_by(&context(page, now).url, sequences::kind(script));
    }
    let header = select(&probe, &jar).header().unwrap_or_default();
    Outcome { header: header.into_iter().map(char::from).collect(), refused }
}

/// Around the test runner, which keeps back what passing tests say.
fn say(text: &str) {
    let _ = writeln!(io::stderr(), "{text}");
}
