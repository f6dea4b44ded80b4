//! Owns the arguments for addresses: whose are taken, and from which of ours.
//! Does not check their values.

use std::ffi::OsString;

use clap::Args;

/// Between which addresses a connection runs.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Addresses")]
pub struct AddressPart {
    /// Take only IPv4 addresses
    #[arg(short = '4', long)]
    pub ipv4: bool,

    /// Take only IPv6 addresses
    #[arg(short = '6', long)]
    pub ipv6: bool,

    /// Connect to the second host and port in the place of the first (can be repeated); what is empty is any, or stays
    #[arg(long, value_name = "HOST1:PORT1:HOST2:PORT2")]
    pub connect_to: Vec<OsString>,

    /// Connect from this network interface or address of ours
    #[arg(long, value_name = "NAME|ADDRESS")]
    pub interface: Option<OsString>,

    /// Connect to this socket, whatever the URL's host and port are
    #[arg(long, value_name = "PATH")]
    pub unix_socket: Option<OsString>,

    /// Ask whether the other side is still there after this long without a word
    #[arg(long, value_name = "SECONDS")]
    pub keepalive_time: Option<OsString>,
}
