//! Owns the arguments of `kuki jar`.
//! Does not touch a jar.

use std::ffi::OsString;

use clap::{Args, Subcommand};

use crate::cli::shared::{JarChoice, Look};

#[derive(Args, Debug)]
#[command(arg_required_else_help = false, subcommand_required = true)]
pub struct JarArgs {
    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub look: Look,

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
    List {
        /// Show them as `table` or `json` [default: table]
        #[arg(long, value_name = "FORMAT")]
        format: Option<OsString>,
    },
    /// Remove cookies: all of them, or those that all of the given filters fit
    ///
    /// The exit status is 1 if no cookie fits.
    Clear {
        /// Only cookies of exactly this domain
        #[arg(long, value_name = "DOMAIN")]
        domain: Option<OsString>,

        /// Only cookies of this name
        #[arg(long, value_name = "NAME")]
        name: Option<OsString>,

        /// Only session cookies, which have no expiry
        #[arg(long)]
        session: bool,
    },
    /// Print where the jar's file is
    Path,
}
