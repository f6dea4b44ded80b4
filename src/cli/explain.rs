//! Owns the arguments of `kuki explain`.
//! Does not explain.

use std::ffi::OsString;

use clap::Args;

use crate::cli::shared::{JarChoice, Look, RulesChoice};

#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// The URL that is asked for; nothing is sent there
    #[arg(value_name = "URL")]
    pub url: OsString,

    /// Say what this Set-Cookie would do, in answer to the URL (can be repeated)
    #[arg(long, value_name = "LINE")]
    pub set_cookie: Vec<OsString>,

    /// Take the Set-Cookie lines from a dump of headers, such as `curl -si` prints; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub headers: Option<OsString>,

    /// Say afterwards what would be sent to this URL, instead of the first (can be repeated)
    #[arg(long, value_name = "URL")]
    pub next_url: Vec<OsString>,

    /// Imagine that it is this time (RFC 3339)
    #[arg(long, value_name = "TIME")]
    pub at: Option<OsString>,

    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub rules: RulesChoice,

    #[command(flatten)]
    pub look: Look,
}
