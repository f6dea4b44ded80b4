//! Owns the arguments of `kuki config`.
//! Does not read the file.

use std::ffi::OsString;

use clap::{Args, Subcommand};

#[derive(Args, Debug)]
#[command(arg_required_else_help = false, subcommand_required = true)]
pub struct ConfigArgs {
    #[command(subcommand)]
    pub action: ConfigAction,
}

#[derive(Subcommand, Debug)]
#[command(disable_help_subcommand = true)]
pub enum ConfigAction {
    /// Print where the configuration file is, or would be
    Path,
    /// Show which values are in force, and where each comes from
    ///
    /// With a URL the sections of its host count, too. Whatever else a request may have can stand there as well, so that
    /// `kuki config show` in front of a command line says what becomes of it; nothing is sent.
    Show(ShowArgs),
}

#[derive(Args, Debug)]
pub struct ShowArgs {
    /// Show them as `table` or `json` [default: table]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    /// Show passwords and tokens instead of masking them
    #[arg(long)]
    pub reveal: bool,

    /// The URL of a request, and the request's options
    #[arg(value_name = "REQUEST", trailing_var_arg = true, allow_hyphen_values = true)]
    pub words: Vec<OsString>,
}
