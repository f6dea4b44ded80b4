//! Owns the arguments of `kuki explain`.
//! Does not explain.

use std::ffi::OsString;

use clap::Args;

use crate::cli::shared::{JarChoice, Look, RulesChoice};

#[derive(Args, Debug)]
pub struct ExplainArgs {
    /// The URL that is asked for; nothing is sent there. It may be left out with --har
    #[arg(value_name = "URL")]
    pub url: Option<OsString>,

    /// Say what this Set-Cookie would do, in answer to the URL (can be repeated)
    #[arg(long, value_name = "LINE")]
    pub set_cookie: Vec<OsString>,

    /// Take the Set-Cookie lines from a dump of headers, such as `curl -si` prints; `-` is standard input
    ///
    /// Of a redirect chain each head counts for its own URL, where the Location before it leads.
    #[arg(long, value_name = "FILE")]
    pub headers: Option<OsString>,

    /// Go through the answers of a HAR, each with its own URL, time and page; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub har: Option<OsString>,

    /// Say afterwards what would be sent to this URL, instead of the first (can be repeated)
    #[arg(long, value_name = "URL")]
    pub next_url: Vec<OsString>,

    /// Imagine that it is this time (RFC 3339), or that the requests come so much later: +30d, +12h (can be repeated)
    #[arg(long, value_name = "TIME|SPAN")]
    pub at: Vec<OsString>,

    /// Imagine this method, which counts for SameSite where a page makes the request [default: GET]
    #[arg(long, value_name = "METHOD")]
    pub method: Option<OsString>,

    /// With --initiator: the whole page goes there, which is the default
    #[arg(long)]
    pub navigate: bool,

    /// Show cookies of this name only; `*` and `?` stand for other letters (can be repeated)
    #[arg(long, value_name = "NAME")]
    pub name: Vec<OsString>,

    /// Write a text for people, or json [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub rules: RulesChoice,

    #[command(flatten)]
    pub look: Look,
}
