//! Owns the arguments by which cookies of a jar are named; all verbs that look for some share them.
//! Does not look for any.

use std::ffi::OsString;

use clap::Args;

#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Which cookies")]
pub struct FilterArgs {
    /// Only those of exactly this domain
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<OsString>,

    /// With --domain: those of the domains below it, too
    #[arg(long)]
    pub subdomains: bool,

    /// Only those of this name; `*` and `?` stand for other letters (can be repeated)
    #[arg(long, value_name = "NAME")]
    pub name: Vec<OsString>,

    /// Only those of exactly this path
    #[arg(long, value_name = "PATH")]
    pub path: Option<OsString>,

    /// Only session cookies, which have no expiry
    #[arg(long)]
    pub session: bool,

    /// Only those that have an expiry
    #[arg(long)]
    pub persistent: bool,

    /// Only those that have expired and are still in the file
    #[arg(long)]
    pub expired: bool,

    /// Only Secure ones
    #[arg(long)]
    pub secure: bool,

    /// Only HttpOnly ones
    #[arg(long)]
    pub http_only: bool,

    /// Only those with this SameSite: strict, lax, none or unset
    #[arg(long, value_name = "SAMESITE")]
    pub same_site: Option<OsString>,

    /// Only those that expire before this time: RFC 3339, or a date
    #[arg(long, value_name = "TIME")]
    pub expires_before: Option<OsString>,

    /// Only those that expire in so long, as in 45min, 12h or 3d
    #[arg(long, value_name = "SPAN", overrides_with = "expires_before")]
    pub expires_within: Option<OsString>,
}

#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Which cookies")]
pub struct SentTo {
    /// Only those that would be sent to this URL, in the order of the header
    #[arg(long, value_name = "URL")]
    pub url: Option<OsString>,
}
