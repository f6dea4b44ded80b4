//! Owns the arguments for a transfer: where it goes on, under which condition, and how fast.
//! Does not check their values.

use std::ffi::OsString;

use clap::Args;

/// How a body is transferred.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Transfer")]
pub struct TransferPart {
    /// Go on at this offset, or behind what the file holds, `-`; with -T, send what lies behind the offset
    #[arg(short = 'C', long, value_name = "OFFSET")]
    pub continue_at: Option<OsString>,

    /// Take the body only if it is newer than this date or file, or older with `-` in front
    #[arg(short = 'z', long, value_name = "DATE|FILE")]
    pub time_cond: Option<OsString>,

    /// Take the body only if its ETag is not the one in this file
    #[arg(long, value_name = "FILE")]
    pub etag_compare: Option<OsString>,

    /// Write the ETag of the answer to this file; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub etag_save: Option<OsString>,

    /// Transfer at most so many octets a second, in both directions (`100k`, `3m`)
    #[arg(long, value_name = "SPEED")]
    pub limit_rate: Option<OsString>,

    /// Fail with status 28 when fewer octets a second are transferred for the time of -y
    #[arg(short = 'Y', long, value_name = "SPEED")]
    pub speed_limit: Option<OsString>,

    /// Allow the transfer to be slower than -Y, or 1 octet a second, for so long; 30 by default
    #[arg(short = 'y', long, value_name = "SECONDS")]
    pub speed_time: Option<OsString>,

    /// Give the file the time at which the server says that it was changed
    #[arg(short = 'R', long)]
    pub remote_time: bool,
}
