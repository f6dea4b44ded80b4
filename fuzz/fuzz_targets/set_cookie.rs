//! Owns what must hold of a jar and of a Cookie header, whatever a server sends: no control octet goes out again, no
//! header grows too long, and the jar can be saved and loaded.
//! Does not know which verdict is right; the test vectors do.
//!
//! The input is lines, ended by a line feed or by 0xff, so that a seed can be read and a mutation can still hold a CR
//! or a NUL. The first octet's lowest bit chooses the policy (`0` classic, `1` browser), the rest of the first line is
//! the URL's path, and each further line is a `Set-Cookie` value.

#![no_main]

use chrono::{DateTime, TimeDelta, Utc};
use kuki::cookie::context::{Context, Rules};
use kuki::cookie::fault::fault;
use kuki::cookie::jar::Jar;
use kuki::cookie::policy::Policy;
use kuki::cookie::receive::receive;
use kuki::cookie::select::select;
use kuki::store::schema::{self, Document};
use libfuzzer_sys::fuzz_target;
use url::Url;

const ORIGINS: [&str; 4] =
    ["https://www.example.com/", "http://www.example.com/", "http://localhost/", "http://127.0.0.1/"];

/// From which length on common servers refuse a header line, its name included.
const HEADER_OCTETS: usize = 8190;

fuzz_target!(|input: &[u8]| {
    let mut lines = input.split(|octet| matches!(octet, b'\n' | 0xff));
    let Some((first, path)) = lines.next().and_then(<[u8]>::split_first) else { return };
    let policy = if first & 1 == 0 { Policy::Classic } else { Policy::Browser };
    let path = String::from_utf8_lossy(path);
    let lines: Vec<&[u8]> = lines.collect();

    let mut jar = Jar::new(policy.limits());
    jar.policy = policy;
    for (origin, turn) in ORIGINS.into_iter().zip(0..) {
        let Some(context) = context(origin, &path, policy, turn) else { return };
        for line in &lines {
            receive(line, &context, &mut jar);
        }
    }
    for (origin, turn) in ORIGINS.into_iter().zip(10..) {
        let Some(context) = context(origin, &path, policy, turn) else { return };
        check_header(&context, &jar);
    }
    for cookie in jar.iter() {
        assert_eq!(fault(cookie), None, "{cookie:?}");
    }
    check_file(jar);
});

/// The turns are a second apart, so that some cookies have a past and some expire.
fn context(origin: &str, path: &str, policy: Policy, turn: i64) -> Option<Context> {
    let url = Url::parse(&format!("{origin}{path}")).ok()?;
    let now: DateTime<Utc> = DateTime::from_timestamp(1_777_636_800, 0)? + TimeDelta::seconds(turn);
    Some(Context::new(&url, now)?.under(Rules { policy, ..Rules::default() }))
}

fn check_header(context: &Context, jar: &Jar) {
    let selection = select(context, jar);
    let Some(header) = selection.header() else {
        assert!(selection.sent.is_empty(), "cookies without a header");
        return;
    };
    let is_bad = |octet: &u8| octet.is_ascii_control() && *octet != b'\t';
    assert!(!header.iter().any(is_bad), "a control octet in {:?}", header.escape_ascii().to_string());
    assert!("Cookie: ".len() + header.len() < HEADER_OCTETS, "a header of {} octets", header.len());
}

fn check_file(jar: Jar) {
    let mut document = Document::default();
    document.jar = jar;
    let written = schema::write(&document).expect("a jar can be written");
    let again = schema::read(&written).expect("what was written can be read");
    assert_eq!(again.jar.sorted(), document.jar.sorted());
}
