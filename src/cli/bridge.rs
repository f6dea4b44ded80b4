//! Owns the arguments that lead from a command line of curl's to one of ours, and from ours to curl's and to the wire.
//! Does not read or write any of them.

use std::ffi::OsString;

use clap::Args;

use crate::cli::options::Known;

/// From curl, to curl, and what would be sent.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "To and from curl")]
pub struct BridgePart {
    /// Show the request with the cookies that would go, and send nothing; the jar stays as it is
    ///
    /// On a terminal, cookies and credentials are masked unless --reveal is given; to a pipe everything goes as it is.
    #[arg(long)]
    pub offline: bool,

    /// Show a curl command that sends the same request, and send nothing; secrets are masked unless --reveal is given
    #[arg(long, conflicts_with = "offline")]
    pub as_curl: bool,

    /// Take the words of a curl command that was copied into this file, in its place; `-` is standard input
    ///
    /// What browsers copy "as cURL" is meant, for POSIX shells or for cmd. Nothing in it is run; pipes and variables are
    /// refused.
    #[arg(long, value_name = "FILE")]
    pub from_curl: Vec<OsString>,

    /// All options in their order.
    #[arg(skip)]
    pub typed: Vec<Typed>,
}

/// An option as it was typed.
#[derive(Clone, Debug, PartialEq)]
pub struct Typed {
    pub option: &'static Known,
    pub value: Option<OsString>,
}
