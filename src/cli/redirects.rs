//! Owns the arguments for going on: where a redirect leads, and trying again.
//! Does not check their values.

use std::ffi::OsString;

use clap::Args;

/// How far a redirect is followed, and what is tried again.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Redirects and retries")]
pub struct RedirectsPart {
    /// Follow at most this many redirects; -1 is no limit
    #[arg(long, value_name = "NUMBER")]
    pub max_redirs: Option<OsString>,

    /// Follow redirects, and let your credentials and headers go along to every host
    #[arg(long)]
    pub location_trusted: bool,

    /// Leave a POST a POST when a 301 redirects it
    #[arg(long)]
    pub post301: bool,

    /// Leave a POST a POST when a 302 redirects it
    #[arg(long)]
    pub post302: bool,

    /// Leave a POST a POST when a 303 redirects it
    #[arg(long)]
    pub post303: bool,

    /// Try again at most this often after a time-out, a name that is not found, or 408, 429, 500, 502, 503 and 504
    #[arg(long, value_name = "NUMBER")]
    pub retry: Option<OsString>,

    /// Wait this long before each retry, and not 1, 2, 4, … seconds; a longer Retry-After goes before it
    #[arg(long, value_name = "SECONDS")]
    pub retry_delay: Option<OsString>,

    /// Begin no retry later than this
    #[arg(long, value_name = "SECONDS")]
    pub retry_max_time: Option<OsString>,

    /// Try again after every error
    #[arg(long)]
    pub retry_all_errors: bool,

    /// Try again also where the connection is refused
    #[arg(long)]
    pub retry_connrefused: bool,
}
