//! Owns the promise of cookies.txt: any octets are read or refused, and what was read and can be held is written so
//! that it is read again as the same cookies, as an import and as a jar.
//! Does not ask whether a refusal is right; fixtures/formats does.

#![no_main]

use chrono::DateTime;
use kuki::cookie::record::Cookie;
use kuki::formats::detect::detect;
use kuki::formats::exported::Writing;
use kuki::formats::format::Format;
use kuki::formats::imported::Reading;
use kuki::formats::netscape::{can_hold, read, read_strict, write};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let now = DateTime::from_timestamp(1_700_000_000, 0).expect("a time");
    let reading = Reading { url: "https://www.example.com/docs/page".parse().ok(), ..Reading::at(now) };
    let _ = detect(text);
    let _ = read_strict(text, now);
    let Ok(imported) = read(text, &reading) else { return };
    let cookies: Vec<Cookie> = imported.records.into_iter().map(|record| record.cookie).collect();
    let held: Vec<&Cookie> = cookies.iter().filter(|cookie| can_hold(cookie)).collect();
    let written = write(&held, &Writing::default()).octets;
    assert_eq!(detect(&written), Some(Format::Netscape));
    let again = read(&written, &reading).expect("what was written can be read");
    assert_eq!(again.rejected, []);
    let same = |one: &Cookie, other: &Cookie| {
        // The times of creation count only the cookies, which may have become fewer.
        *one == Cookie { created: one.created, ..other.clone() }
    };
    assert_eq!(again.records.len(), held.len());
    for (found, expected) in again.records.iter().zip(&held) {
        assert!(same(&found.cookie, expected), "{:?} became {:?}", expected, found.cookie);
    }
    let jar = read_strict(&written, now).expect("what was written is a jar");
    let keys: std::collections::HashSet<_> = held.iter().map(|cookie| cookie.key()).collect();
    assert_eq!(jar.len(), keys.len());
    assert!(jar.is_sorted_by(|one, next| one.created < next.created));
});
