//! Owns the arguments that lead a request through a proxy.
//! Does not check their values, and knows nothing of the environment.

use std::ffi::OsString;

use clap::Args;

/// Who stands between.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Proxies")]
pub struct ProxyPart {
    /// Go through this proxy (http, https, socks4, socks4a, socks5, socks5h); an empty one is none, whatever the
    /// environment says
    #[arg(short = 'x', long, value_name = "[SCHEME://]HOST[:PORT]")]
    pub proxy: Option<OsString>,

    /// Log in to the proxy; without a password it is asked for
    #[arg(short = 'U', long, value_name = "USER[:PASSWORD]")]
    pub proxy_user: Option<OsString>,

    /// Use no proxy for these hosts: names with all below them, addresses, CIDR blocks; `*` is every host
    #[arg(long, value_name = "LIST")]
    pub noproxy: Option<OsString>,

    /// Go through this SOCKS 4 proxy; the host's name is looked up here
    #[arg(long, value_name = "HOST[:PORT]")]
    pub socks4: Option<OsString>,

    /// Go through this SOCKS 4a proxy, which looks the host's name up
    #[arg(long, value_name = "HOST[:PORT]")]
    pub socks4a: Option<OsString>,

    /// Go through this SOCKS 5 proxy; the host's name is looked up here
    #[arg(long, value_name = "HOST[:PORT]")]
    pub socks5: Option<OsString>,

    /// Go through this SOCKS 5 proxy, which looks the host's name up
    #[arg(long, value_name = "HOST[:PORT]")]
    pub socks5_hostname: Option<OsString>,
}
