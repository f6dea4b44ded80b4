//! Owns the only wall clock.
//! Does not keep time for anybody; `now` is asked once for each moment that counts.

use std::time::SystemTime;

use chrono::{DateTime, SubsecRound, Utc};

use crate::sys::env;

/// The time, to the microsecond that a jar keeps. `KUKI_NOW` (RFC 3339) stands still in its place, for tests.
#[expect(clippy::disallowed_methods, reason = "this is the one wall clock")]
pub fn now() -> DateTime<Utc> {
    let set = env::text("KUKI_NOW").and_then(|text| DateTime::parse_from_rfc3339(&text).ok());
    let now = set.map_or_else(|| DateTime::from(SystemTime::now()), |time| time.with_timezone(&Utc));
    now.trunc_subsecs(6)
}
