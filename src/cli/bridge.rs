//! Owns the arguments that lead from a command line of curl's to one of ours, and from ours to curl's and to the wire.
//! Does not read or write any of them.

use std::ffi::OsString;

use clap::Args;

/// From curl, to curl, and what would be sent.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "To and from curl")]
pub struct BridgePart {
    /// Take the words of a curl command that was copied into this file, in its place; `-` is standard input
    ///
    /// What browsers copy "as cURL" is meant, for POSIX shells or for cmd. Nothing in it is run; pipes and variables are
    /// refused.
    #[arg(long, value_name = "FILE")]
    pub from_curl: Vec<OsString>,
}
