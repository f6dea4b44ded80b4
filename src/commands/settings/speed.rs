//! Owns the choices about how fast a transfer may go, and must.
//! Does not measure anything.

use std::ffi::OsStr;
use std::time::Duration;

use crate::cli::transfer::TransferPart;
use crate::commands::error::CommandError;
use crate::commands::settings::output::size;
use crate::exchange::pace::{Least, Speed};

/// What `-Y` alone allows, and `-y` alone demands, as in curl.
const TIME: u64 = 30;
const RATE: u64 = 1;

/// 0 is no limit, as in curl.
pub(super) fn speed(typed: &TransferPart) -> Result<Speed, CommandError> {
    let most = typed.limit_rate.as_deref().map(|given| size(given, "--limit-rate")).transpose()?;
    let given = |given: Option<&OsStr>, flag| {
        let number = given.map(|given| number(given, flag)).transpose()?;
        Ok::<_, CommandError>(number.filter(|number| *number > 0))
    };
    let rate = given(typed.speed_limit.as_deref(), "-Y")?;
    let time = given(typed.speed_time.as_deref(), "-y")?;
    let least = (rate.is_some() || time.is_some())
        .then(|| Least { rate: rate.unwrap_or(RATE), time: Duration::from_secs(time.unwrap_or(TIME)) });
    Ok(Speed { most: most.filter(|most| *most > 0), least })
}

fn number(given: &OsStr, flag: &str) -> Result<u64, CommandError> {
    given.to_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
        CommandError::usage(format!("{flag}: `{}` is not a number", given.display()))
            .hint("-Y counts octets a second, -y seconds, both without a letter")
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_half_of_a_least_speed_has_curls_default_for_the_other() {
        let of = |limit_rate: Option<&str>, speed_limit: Option<&str>, speed_time: Option<&str>| {
            let typed = |text: Option<&str>| text.map(Into::into);
            let part = TransferPart {
                limit_rate: typed(limit_rate),
                speed_limit: typed(speed_limit),
                speed_time: typed(speed_time),
                ..TransferPart::default()
            };
            speed(&part)
                .map(|speed| (speed.most, speed.least.map(|least| (least.rate, least.time.as_secs()))))
        };
        for (typed, expected) in [
            ((None, None, None), (None, None)),
            ((Some("10k"), None, None), (Some(10_240), None)),
            ((Some("0"), Some("0"), Some("0")), (None, None)),
            ((None, Some("100"), None), (None, Some((100, 30)))),
            ((None, None, Some("5")), (None, Some((1, 5)))),
            ((None, Some("100"), Some("5")), (None, Some((100, 5)))),
        ] {
            assert_eq!(
                of(typed.0, typed.1, typed.2).map_err(|error| error.message),
                Ok(expected),
                "{typed:?}"
            );
        }
        for typed in [(Some("x"), None, None), (None, Some("1k"), None), (None, None, Some("-1"))] {
            assert!(of(typed.0, typed.1, typed.2).is_err(), "{typed:?}");
        }
    }
}
