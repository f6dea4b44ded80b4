//! Owns the arguments of a request: curl's letters with curl's meanings.
//! Does not check their values; a flag that was given twice counts once, with its last value.

use std::ffi::OsString;

use clap::Args;

use crate::cli::shared::{JarChoice, Look, RulesChoice};

#[derive(Args, Debug)]
pub struct RequestArgs {
    /// The method, if it is not to be guessed, and the URL
    ///
    /// Without a method it is POST if there is data, HEAD with -I, or else GET. A URL without a scheme is https, but
    /// http for loopback hosts; `:8080/path` is localhost.
    #[arg(value_name = "[METHOD] URL", hide = true)]
    pub target: Vec<OsString>,

    /// Send this method
    #[arg(short = 'X', long, value_name = "METHOD", help_heading = "Request")]
    pub request: Option<OsString>,

    /// Send this header (can be repeated): `Name: value`, `Name:` to leave User-Agent or Content-Type out,
    /// `Name;` for an empty one, `@FILE` for one a line
    #[arg(short = 'H', long, value_name = "HEADER", help_heading = "Request")]
    pub header: Vec<OsString>,

    /// Send this body, or `@FILE`, or `@-` for standard input (can be repeated, joined by `&`)
    #[arg(short, long, value_name = "DATA", help_heading = "Request")]
    pub data: Vec<OsString>,

    /// Send this JSON, with the headers for it; `@FILE` and `@-` as with -d (can be repeated)
    #[arg(long, value_name = "DATA", help_heading = "Request")]
    pub json: Vec<OsString>,

    /// Ask for the head only
    #[arg(short = 'I', long, help_heading = "Request")]
    pub head: bool,

    /// Log in by HTTP Basic; without a password it is asked for
    #[arg(short, long, value_name = "USER[:PASSWORD]", help_heading = "Request")]
    pub user: Option<OsString>,

    /// Send this User-Agent; an empty one sends none
    #[arg(short = 'A', long, value_name = "NAME", help_heading = "Request")]
    pub user_agent: Option<OsString>,

    /// Follow redirects, at most 50
    #[arg(short = 'L', long, help_heading = "Request")]
    pub location: bool,

    /// Show the response heads before the body
    #[arg(short, long, help_heading = "Response")]
    pub include: bool,

    /// Write the body to this file; `-` is standard output
    #[arg(short, long, value_name = "FILE", help_heading = "Response")]
    pub output: Option<OsString>,

    /// Fail with status 22, without a body, when the server answers 400 or more
    #[arg(short, long, help_heading = "Response")]
    pub fail: bool,

    /// Show on standard error what is sent and received, and the verdict on every Set-Cookie
    #[arg(short, long, help_heading = "Response")]
    pub verbose: bool,

    /// Show no messages, not even errors
    #[arg(short, long, help_heading = "Response")]
    pub silent: bool,

    /// Show errors even with -s
    #[arg(short = 'S', long, help_heading = "Response")]
    pub show_error: bool,

    /// Allow this long for everything together
    #[arg(short, long, value_name = "SECONDS", help_heading = "Connection")]
    pub max_time: Option<OsString>,

    /// Allow this long for connecting
    #[arg(long, value_name = "SECONDS", help_heading = "Connection")]
    pub connect_timeout: Option<OsString>,

    /// Accept any certificate
    #[arg(short = 'k', long, help_heading = "Connection")]
    pub insecure: bool,

    /// Trust the certificates in this PEM file, and no others
    #[arg(long, value_name = "FILE", help_heading = "Connection")]
    pub cacert: Option<OsString>,

    /// Take this address for a host and port (can be repeated)
    #[arg(long, value_name = "HOST:PORT:ADDRESS", help_heading = "Connection")]
    pub resolve: Vec<OsString>,

    /// Speak HTTP/1.1 and do not offer HTTP/2
    #[arg(long = "http1.1", help_heading = "Connection")]
    pub http1_1: bool,

    /// Send these cookies, `a=1; b=2`, or those in a file of any format (can be repeated)
    ///
    /// What holds no `=` is a file. Cookies given by hand are never stored. With files, the default jar takes no part.
    #[arg(short = 'b', long, value_name = "COOKIES|FILE", help_heading = "Jar")]
    pub cookie: Vec<OsString>,

    /// Write all cookies to this cookies.txt at the end; with `-b` of the same file it is a jar like any other
    #[arg(short = 'c', long, value_name = "FILE", help_heading = "Jar")]
    pub cookie_jar: Option<OsString>,

    /// Junk session cookies that were stored before
    #[arg(short = 'j', long, help_heading = "Jar")]
    pub junk_session_cookies: bool,

    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub rules: RulesChoice,

    #[command(flatten)]
    pub look: Look,
}

/// The verbs, which the parser keeps apart from a request; a test holds this to them.
pub const VERBS_HELP: &str = "\
Verbs (`kuki VERB --help` says more):
  jar      Look at the stored cookies, change and clear them
  explain  Say what a Set-Cookie would do, and which cookies would be sent, and why
  lab      Run a practice server with logins and sessions, on loopback
  tour     See the whole story in a few seconds, against the embedded lab

`kuki --version` shows the release.

Example: kuki -L -d user=ada -d pass=lovelace http://127.0.0.1:8080/login";
