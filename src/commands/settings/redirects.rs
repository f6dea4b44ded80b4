//! Owns the choices about going on: which redirects are followed and how, and what is tried again.
//! Does not follow or retry anything.

use std::ffi::OsStr;

use http::StatusCode;

use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::retry::Retries;
use crate::commands::settings::connection::limit;
use crate::commands::settings::protocols::redirected;
use crate::exchange::request::{Follow, Redirects};

const MOST_REDIRECTS: usize = 50;

pub(super) fn redirects(args: &RequestArgs) -> Result<(Follow, Redirects), CommandError> {
    let typed = &args.redirects;
    let limit = match typed.max_redirs.as_deref() {
        None => MOST_REDIRECTS,
        Some(given) if given == "-1" => usize::MAX,
        Some(given) => number(given, "--max-redirs", "a number of redirects, or -1 for no limit")?,
    };
    let is_followed = args.request.location || typed.location_trusted;
    let kept = [
        (typed.post301, StatusCode::MOVED_PERMANENTLY),
        (typed.post302, StatusCode::FOUND),
        (typed.post303, StatusCode::SEE_OTHER),
    ];
    let keeping_post = kept.into_iter().filter(|(is_kept, _)| *is_kept).map(|(_, status)| status).collect();
    let follow = if is_followed { Follow::UpTo(limit) } else { Follow::Never };
    let schemes = redirected(&args.protocols)?;
    Ok((follow, Redirects { schemes, keeping_post, are_trusted: typed.location_trusted }))
}

pub(super) fn retries(args: &RequestArgs) -> Result<Retries, CommandError> {
    let typed = &args.redirects;
    let most = typed.retry.as_deref().map(|given| number(given, "--retry", "how often to try again"));
    Ok(Retries {
        most: most.transpose()?.unwrap_or_default(),
        delay: limit(typed.retry_delay.as_deref(), "--retry-delay")?,
        max_time: limit(typed.retry_max_time.as_deref(), "--retry-max-time")?,
        all_errors: typed.retry_all_errors,
        refused: typed.retry_connrefused,
    })
}

fn number<N: std::str::FromStr>(given: &OsStr, flag: &str, what: &str) -> Result<N, CommandError> {
    given.to_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
        CommandError::usage(format!("{flag}: `{}` is not a number", given.display()))
            .hint(format!("give {what}, for example {flag} 3"))
    })
}
