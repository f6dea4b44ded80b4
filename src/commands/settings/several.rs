//! Owns the choices about several transfers in one run: how they follow each other, and what can't be done several times.
//! Does not transfer anything.

use std::ffi::{OsStr, OsString};

use crate::cli::request::{Output, RequestArgs};
use crate::cli::several::SeveralPart;
use crate::commands::error::CommandError;
use crate::commands::settings::addresses::Addresses;
use crate::exchange::body::Body;

/// How transfers follow each other.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Pace {
    /// How many go side by side; without it they go one after the other.
    pub side_by_side: Option<usize>,
    pub stops_at_failure: bool,
}

const SIDE_BY_SIDE: usize = 50;
/// More would be more than a process may have files open.
const MOST_SIDE_BY_SIDE: usize = 300;

pub(super) fn pace(args: &SeveralPart) -> Result<Pace, CommandError> {
    let most = args.parallel_max.as_deref().map(number).transpose()?.filter(|most| *most > 0);
    let most = most.unwrap_or(SIDE_BY_SIDE).min(MOST_SIDE_BY_SIDE);
    Ok(Pace { side_by_side: args.parallel.then_some(most), stops_at_failure: args.fail_early })
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
    match body.and_then(Body::spent) {
        Some(what) if !addresses.is_single() => {
            let message = format!("{} can be sent only once, and there are several URLs", what.display());
            Err(CommandError::usage(message).hint("send it from a file"))
        }
        _ => Ok(()),
    }
}
