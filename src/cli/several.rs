//! Owns the arguments for several URLs in one run.
//! Does not check their values.

use std::ffi::OsString;

use clap::Args;

/// Which URLs, and how they follow each other.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Several URLs")]
pub struct SeveralPart {
    /// Ask for this URL, whatever it looks like (can be repeated)
    #[arg(long, value_name = "URL")]
    pub url: Vec<OsString>,

    /// Take brackets and braces in a URL as they are, and not as `{a,b}`, `[1-10]`, `[001-100:2]` and `[a-z]`
    #[arg(short, long)]
    pub globoff: bool,

    /// Write the body of every URL without an -o to a file with the name that ends the URL
    #[arg(long)]
    pub remote_name_all: bool,

    /// Stop at the first transfer that fails
    #[arg(long)]
    pub fail_early: bool,

    /// Begin at most this many transfers in a second, minute, hour or day, unless they go side by side
    #[arg(long, value_name = "NUMBER[/s|m|h|d]")]
    pub rate: Option<OsString>,

    /// Transfer side by side
    #[arg(short = 'Z', long)]
    pub parallel: bool,

    /// Transfer at most this many side by side [default: 50]
    #[arg(long, value_name = "NUMBER")]
    pub parallel_max: Option<OsString>,

    /// Wait for no connection that could be shared, which is always so
    #[arg(long)]
    pub parallel_immediate: bool,
}
