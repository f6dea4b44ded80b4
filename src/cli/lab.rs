//! Owns the arguments of `kuki lab`.
//! Does not serve.

use std::ffi::OsString;

use clap::Args;

#[derive(Args, Debug)]
pub struct LabArgs {
    /// Listen on this port of 127.0.0.1; 0 takes a free one [default: 0]
    #[arg(long, value_name = "PORT")]
    pub port: Option<OsString>,

    /// Print the address, but not a line for each request
    #[arg(short, long)]
    pub silent: bool,
}
