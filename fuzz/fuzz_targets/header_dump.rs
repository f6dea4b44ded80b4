//! Owns the way of a dump of headers, whatever it holds, to the judgement of its cookies.
//! Does not look at the verdicts; `set_cookie` looks at what they leave in a jar.

#![no_main]

use chrono::DateTime;
use kuki::cookie::context::{Context, Rules};
use kuki::cookie::jar::Jar;
use kuki::cookie::policy::Policy;
use kuki::cookie::receive::receive;
use kuki::formats::header::set_cookie_values;
use libfuzzer_sys::fuzz_target;
use url::Url;

fuzz_target!(|dump: &[u8]| {
    let values = set_cookie_values(dump);
    let url = Url::parse("https://www.example.com/docs/page").expect("a good URL");
    for policy in [Policy::Classic, Policy::Browser] {
        let rules = Rules { policy, ..Rules::default() };
        let context = Context::new(&url, DateTime::UNIX_EPOCH).expect("a host").under(rules);
        let mut jar = Jar::new(policy.limits());
        jar.policy = policy;
        for value in &values {
            // A value with a line in it would be two headers to whoever prints it.
            assert!(!value.contains(&b'\n'), "a value of two lines");
            receive(value, &context, &mut jar);
        }
    }
});
