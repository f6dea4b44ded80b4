//! Owns the arguments of `kuki decode`.
//! Does not decode.

use std::ffi::OsString;

use clap::Args;

use crate::cli::filter::{FilterArgs, SentTo};
use crate::cli::shared::JarChoice;

#[derive(Args, Debug)]
pub struct DecodeArgs {
    /// The value; `-` reads it from standard input
    ///
    /// Other users of the machine can see a value that stands here, in the list of processes. `-` and --name don't show it
    /// to them. On the screen values and signatures are shown in full: that is what this verb is for. Signatures are not
    /// checked, since that needs the server's key.
    #[arg(value_name = "VALUE")]
    pub value: Option<OsString>,

    /// Show it as `text` or `json` [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    /// Colour the output: auto, always or never [default: auto]
    #[arg(long, value_name = "WHEN")]
    pub color: Option<OsString>,

    #[command(flatten)]
    pub filter: FilterArgs,

    #[command(flatten)]
    pub sent_to: SentTo,

    #[command(flatten)]
    pub jar: JarChoice,
}
