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
    /// Print where the jar's file is
    Path(PathArgs),
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
