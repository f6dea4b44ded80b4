//! Owns the promise of the formats that are JSON of other programs: any octets are read or refused, and what was read
//! is written so that it is read again, but for what was said to be lost and what expires within the second.
//! Does not ask whether a refusal is right; fixtures/formats does.

#![no_main]

use chrono::{DateTime, TimeDelta};
use kuki::cookie::record::Cookie;
use kuki::formats::exported::{Loss, Writing};
use kuki::formats::format::{Format, read, write};
use kuki::formats::imported::Reading;
use libfuzzer_sys::fuzz_target;

const FORMATS: [Format; 6] =
    [Format::CookieStore, Format::Extension, Format::Har, Format::Httpie, Format::Playwright, Format::Xh];

fuzz_target!(|text: &[u8]| {
    let now = DateTime::from_timestamp(1_780_000_000, 0).expect("a time");
    let reading = Reading { url: "https://www.example.com/docs/page".parse().ok(), ..Reading::at(now) };
    for format in FORMATS {
        let Ok(imported) = read(format, text, &reading) else { continue };
        let lasts = |cookie: &Cookie| cookie.expires.is_none_or(|at| at >= now + TimeDelta::seconds(1));
        let cookies: Vec<_> =
            imported.records.into_iter().map(|record| record.cookie).filter(lasts).collect();
        for cookie in &cookies {
            for format in FORMATS {
                let Some(written) = write(format, &[cookie], &Writing::default()) else { continue };
                let again = read(format, &written.octets, &reading).expect("its own text");
                assert_eq!(again.rejected, [], "{format:?} {cookie:?}");
                let left_out = written.lost.iter().any(|(loss, _)| *loss == Loss::Cookie);
                assert_eq!(again.records.len(), usize::from(!left_out), "{format:?} {cookie:?}");
                if let Some(found) = again.records.first() {
                    let parts =
                        |cookie: &Cookie| (cookie.name.clone(), cookie.value.clone(), cookie.path.clone());
                    assert_eq!(parts(&found.cookie), parts(cookie), "{format:?}");
                    assert_eq!(found.cookie.secure, cookie.secure, "{format:?}");
                    if format != Format::Xh {
                        assert_eq!(found.cookie.host_only, cookie.host_only, "{format:?}");
                    }
                }
            }
        }
    }
});
