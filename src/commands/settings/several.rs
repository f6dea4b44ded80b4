//! Owns the choices about several transfers in one run: how they follow each other, and what can't be done several times.
//! Does not transfer anything.

use std::ffi::{OsStr, OsString};
use std::time::Duration;

use crate::cli::request::{Output, RequestArgs};
use crate::cli::several::SeveralPart;
use crate::commands::error::CommandError;
use crate::commands::settings::addresses::Addresses;
use crate::exchange::body::Body;
use crate::sys::process;

/// How transfers follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many go side by side; without it they go one after the other.
    pub side_by_side: Option<usize>,
    pub stops_at_failure: bool,
    /// From the start of one to the start of the next, where they go one after the other.
    pub between_starts: Option<Duration>,
}

const SIDE_BY_SIDE: usize = 50;
/// As in curl.
const MOST_SIDE_BY_SIDE: usize = 300;
/// What a run has open whatever it does: connections for which there is no use just now, the jar, standard streams.
const OTHER_FILES: u64 = 48;

pub(super) fn pace(args: &SeveralPart) -> Result<Pace, CommandError> {
    let most = args.parallel_max.as_deref().map(number).transpose()?.filter(|most| *most > 0);
    let most = most.unwrap_or(SIDE_BY_SIDE).min(MOST_SIDE_BY_SIDE);
    Ok(Pace {
        side_by_side: args.parallel.then(|| most.min(fitting(process::most_files()))),
        stops_at_failure: args.fail_early,
        between_starts: args.rate.as_deref().map(between_starts).transpose()?,
    })
}

/// `N/U`, N transfers in a second, minute, hour or day; without a unit it is an hour, as in curl.
fn between_starts(rate: &OsStr) -> Result<Duration, CommandError> {
    let read = |text: &str| {
        let (number, unit) = text.split_once('/').unwrap_or((text, "h"));
        let unit = match unit {
            "s" => 1,
            "m" => 60,
            "h" => 60 * 60,
            "d" => 24 * 60 * 60,
            _ => return None,
        };
        Duration::from_secs(unit).checked_div(number.parse().ok()?)
    };
    rate.to_str().and_then(read).ok_or_else(|| {
        CommandError::usage(format!("--rate: `{}` is not a rate", rate.display()))
            .hint("give transfers for each second, minute, hour or day, for example 2/s or 10/m")
    })
}

/// How many transfers, each with a connection and a file, fit into so many open files.
fn fitting(files: u64) -> usize {
    usize::try_from(files.saturating_sub(OTHER_FILES) / 2).unwrap_or(usize::MAX).max(1)
}

fn number(given: &OsStr) -> Result<usize, CommandError> {
    given.to_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
        CommandError::usage(format!("--parallel-max: `{}` is not a number", given.display()))
            .hint("give how many transfers may go side by side, for example 8")
    })
}

/// Refuses what goes with one URL only, before anything is sent.
pub(super) fn check(
    args: &RequestArgs,
    urls: &[OsString],
    addresses: &Addresses,
    body: Option<&Body>,
) -> Result<(), CommandError> {
    let is_mixed = args.outputs.contains(&Output::Remote) && args.outputs.len() > 1;
    if urls.len() == 1 && addresses.are_fewer_than_outputs && is_mixed {
        return Err(CommandError::usage("-o and -O can't go together for one URL")
            .hint("-o names the file, -O takes the name from the URL"));
    }
    if urls.len() > 1 && args.body.upload.is_some() {
        return Err(CommandError::usage("-T can't go with several URLs")
            .hint("upload with one command each, or name the places with one glob: http://host/{a,b}"));
    }
    if !addresses.is_single() && (args.transfer.etag_save.is_some() || args.transfer.etag_compare.is_some()) {
        let message = "--etag-save and --etag-compare go with one URL, and there are several";
        return Err(
            CommandError::usage(message).hint("an ETag is that of one document; send one command each")
        );
    }
    match body.and_then(Body::spent) {
        Some(what) if !addresses.is_single() => {
            let message = format!("{} can be sent only once, and there are several URLs", what.display());
            Err(CommandError::usage(message).hint("send it from a file"))
        }
        _ => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rate_is_read_as_in_curl() {
        for (given, milliseconds) in [
            ("2/s", Some(500)),
            ("10/m", Some(6_000)),
            ("3/h", Some(1_200_000)),
            ("1/d", Some(86_400_000)),
            ("3600", Some(1000)),
            ("0/s", None),
            ("2/x", None),
            ("2/3s", None),
            ("-1/s", None),
            ("", None),
        ] {
            let read = between_starts(given.as_ref()).map(|time| time.as_millis()).ok();
            assert_eq!(read, milliseconds, "{given}");
        }
    }
}
