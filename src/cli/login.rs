//! Owns the arguments that say who asks, beyond -u.
//! Does not check their values, and reads no file.

use std::ffi::OsString;

use clap::Args;

/// Where a login comes from.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Login")]
pub struct LoginPart {
    /// Log in by HTTP Digest: the server asks, the password never goes along
    #[arg(long)]
    pub digest: bool,

    /// Log in by the best way that the server offers, Digest or Basic
    #[arg(long)]
    pub anyauth: bool,

    /// Log in by HTTP Basic, which is so anyway; with --digest, by whichever the server offers
    #[arg(long)]
    pub basic: bool,

    /// Log in with this token (Authorization: Bearer)
    #[arg(long, value_name = "TOKEN")]
    pub oauth2_bearer: Option<OsString>,

    /// Log in with the token in this variable of the environment
    #[arg(long, value_name = "NAME")]
    pub bearer_env: Option<OsString>,

    /// Log in with the token that this line for the shell prints
    #[arg(long, value_name = "COMMAND")]
    pub bearer_command: Option<OsString>,

    /// Log in by what ~/.netrc says of the URL's host
    #[arg(short, long)]
    pub netrc: bool,

    /// The same with another file than ~/.netrc
    #[arg(long, value_name = "FILE")]
    pub netrc_file: Option<OsString>,

    /// Log in by ~/.netrc if it is there, and rather by a login in the URL
    #[arg(long)]
    pub netrc_optional: bool,

    /// Take the password of -u USER from the first line of this file; `-` is standard input
    #[arg(long, value_name = "FILE")]
    pub password_file: Option<OsString>,

    /// Take the password of -u USER from this variable of the environment
    #[arg(long, value_name = "NAME")]
    pub password_env: Option<OsString>,

    /// Take the password of -u USER from what this line for the shell prints
    #[arg(long, value_name = "COMMAND")]
    pub password_command: Option<OsString>,
}
