//! Owns the arguments of `kuki jar`.
//! Does not touch a jar.

use std::ffi::OsString;

use clap::{Args, Subcommand};

use crate::cli::shared::{JarChoice, Look};

#[derive(Args, Debug)]
#[command(arg_required_else_help = false, subcommand_required = true)]
pub struct JarArgs {
    #[command(subcommand)]
    pub action: JarAction,
}

#[derive(Subcommand, Debug)]
#[command(disable_help_subcommand = true)]
pub enum JarAction {
    /// Show the stored cookies
    ///
    /// Values are masked in the table unless --reveal is given; JSON is exact. A jar without cookies makes the exit
    /// status 1.
    List(ListArgs),
    /// Remove cookies: all of them, or those that all of the given filters fit
    ///
    /// The exit status is 1 if no cookie fits.
    Clear(ClearArgs),
    /// Show the limits and the policy of the jar, or change them
    Limits(LimitsArgs),
    /// Print where the jar's file is
    Path(PathArgs),
    /// Keep cookies when room is short: they are evicted last
    Pin(PinArgs),
    /// Let pinned cookies be evicted like others again
    Unpin(PinArgs),
}

#[derive(Args, Debug)]
pub struct ListArgs {
    /// Show them as `table` or `json` [default: table]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub look: Look,
}

#[derive(Args, Debug)]
pub struct ClearArgs {
    /// Only cookies of exactly this domain
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<OsString>,

    /// Only cookies of this name
    #[arg(long, value_name = "NAME")]
    pub name: Option<OsString>,

    /// Only session cookies, which have no expiry
    #[arg(long)]
    pub session: bool,

    #[command(flatten)]
    pub jar: JarChoice,
}

#[derive(Args, Debug)]
pub struct PathArgs {
    #[command(flatten)]
    pub jar: JarChoice,
}

#[derive(Args, Debug)]
pub struct LimitsArgs {
    /// Allow this many cookies of one domain
    #[arg(long, value_name = "N")]
    pub per_domain: Option<OsString>,

    /// Allow this many cookies in all
    #[arg(long, value_name = "N")]
    pub total: Option<OsString>,

    /// Allow this many octets of name and value together
    #[arg(long, value_name = "N")]
    pub cookie_bytes: Option<OsString>,

    /// Judge by these rules: classic or browser; browser also allows 180 and 3300, unless said otherwise
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<OsString>,

    #[command(flatten)]
    pub jar: JarChoice,
}

#[derive(Args, Debug)]
pub struct PinArgs {
    /// The cookies' name
    #[arg(value_name = "NAME")]
    pub name: OsString,

    /// Only those of exactly this domain
    #[arg(long, value_name = "DOMAIN")]
    pub domain: Option<OsString>,

    #[command(flatten)]
    pub jar: JarChoice,
}
