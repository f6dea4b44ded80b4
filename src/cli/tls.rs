//! Owns the arguments for what is spoken on a connection: versions of TLS and HTTP, and certificates.
//! Does not check their values.

use std::ffi::OsString;

use clap::Args;

/// What is spoken, and who is who.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "TLS and HTTP")]
pub struct TlsPart {
    /// Trust the certificates in these directories (`:` between them), and those of --cacert, and no others
    #[arg(long, value_name = "DIRECTORY")]
    pub capath: Option<OsString>,

    /// Show this certificate to servers that ask for one (PEM, with its chain, and with its key unless --key names it)
    #[arg(short = 'E', long, value_name = "FILE")]
    pub cert: Option<OsString>,

    /// Take the key of the certificate from this PEM file
    #[arg(long, value_name = "FILE")]
    pub key: Option<OsString>,

    /// Speak TLS 1.2 or later, which is so anyway
    #[arg(long = "tlsv1.2")]
    pub tlsv1_2: bool,

    /// Speak TLS 1.3 or later
    #[arg(long = "tlsv1.3")]
    pub tlsv1_3: bool,

    /// Speak no later version of TLS: 1.2, 1.3 or default
    #[arg(long, value_name = "VERSION")]
    pub tls_max: Option<OsString>,

    /// Speak HTTP/1.0
    #[arg(short = '0', long = "http1.0")]
    pub http1_0: bool,

    /// Offer HTTP/2 over https, which is so anyway
    #[arg(long)]
    pub http2: bool,

    /// Speak HTTP/2 without asking whether the server does
    #[arg(long)]
    pub http2_prior_knowledge: bool,
}
