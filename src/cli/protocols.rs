//! Owns the arguments for protocols: which of them a URL, and where a redirect leads, may have.
//! Does not check their values.

use std::ffi::OsString;

use clap::Args;

/// What a URL may be.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Protocols")]
pub struct ProtocolsPart {
    /// Allow only these protocols, for example `=https` or `-all,https`, in URLs and in redirects
    #[arg(long, value_name = "LIST")]
    pub proto: Option<OsString>,

    /// Allow only these protocols in redirects; what --proto does not allow stays so
    #[arg(long, value_name = "LIST")]
    pub proto_redir: Option<OsString>,

    /// Take this for the protocol of a URL that names none
    #[arg(long, value_name = "http|https")]
    pub proto_default: Option<OsString>,

    /// Refuse a URL that holds a user name
    #[arg(long)]
    pub disallow_username_in_url: bool,
}
