//! Owns the arguments that are taken for curl's sake, and change nothing; `curl` says of each why.
//! Does not hold what was typed.

use std::ffi::OsString;

use clap::Args;

/// What is so anyway.
#[derive(Args, Debug, Default)]
pub struct AcceptedPart {
    /// No `Expect` is sent of kuki's own, so nothing is waited for
    #[arg(long, hide = true, value_name = "SECONDS")]
    pub expect100_timeout: Option<OsString>,

    /// No such extension is sent
    #[arg(long, hide = true)]
    pub no_npn: bool,

    /// It is how -U logs in anyway
    #[arg(long, hide = true)]
    pub proxy_basic: bool,

    /// The TLS library has no such weakness to allow
    #[arg(long, hide = true)]
    pub proxy_ssl_allow_beast: bool,

    /// TLS 1.2 or later is spoken, which is later
    #[arg(long, hide = true)]
    pub proxy_tlsv1: bool,

    /// It is how -U logs in to a SOCKS proxy anyway
    #[arg(long, hide = true)]
    pub socks5_basic: bool,

    /// The TLS library has no such weakness to allow
    #[arg(long, hide = true)]
    pub ssl_allow_beast: bool,

    /// Revocation is not looked up
    #[arg(long, hide = true)]
    pub ssl_no_revoke: bool,

    /// Revocation is not looked up
    #[arg(long, hide = true)]
    pub ssl_revoke_best_effort: bool,

    /// Heads of -i are not styled
    #[arg(long, hide = true)]
    pub styled_output: bool,

    /// The exchange with a proxy is not shown
    #[arg(long, hide = true)]
    pub suppress_connect_headers: bool,

    /// It is so anyway
    #[arg(long, hide = true)]
    pub tcp_nodelay: bool,

    /// TLS 1.2 or later is spoken, which is later
    #[arg(short = '1', long, hide = true)]
    pub tlsv1: bool,

    /// TLS 1.2 or later is spoken, which is later
    #[arg(long = "tlsv1.0", hide = true)]
    pub tlsv1_0: bool,

    /// TLS 1.2 or later is spoken, which is later
    #[arg(long = "tlsv1.1", hide = true)]
    pub tlsv1_1: bool,

    /// It means nothing for HTTP
    #[arg(short = 'B', long, hide = true)]
    pub use_ascii: bool,
}
