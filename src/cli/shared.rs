//! Owns the arguments that several verbs share: which jar, and how things look.
//! Does not give them defaults; those may come from the environment.

use std::ffi::OsString;

use clap::Args;

#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Jar")]
pub struct JarChoice {
    /// Use this jar: a name, or a path (it holds a `/`, or ends in .json or .txt)
    ///
    /// A name means a file in the data directory, which `kuki jar path` shows. A path that ends in .txt is a cookies.txt,
    /// in the format of curl and wget. The default is $KUKI_JAR, or else the jar named `default`.
    #[arg(long, value_name = "NAME|PATH", overrides_with = "no_jar")]
    pub jar: Option<OsString>,

    /// Use no jar: send no stored cookie, keep none
    #[arg(long, overrides_with = "jar")]
    pub no_jar: bool,

    /// Use the jar, but save nothing
    #[arg(long)]
    pub read_only: bool,

    /// Wait at most this long while another process saves the same jar [default: 30]
    #[arg(long, value_name = "SECONDS")]
    pub lock_timeout: Option<OsString>,
}

#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Rules")]
pub struct RulesChoice {
    /// Judge cookies by these rules: classic (RFC 6265bis) or browser (what Chromium does)
    ///
    /// The default is the jar's own policy, which `kuki jar limits --policy` sets. The limits stay the jar's.
    #[arg(long, value_name = "POLICY")]
    pub policy: Option<OsString>,

    /// Let this page make the request, so that SameSite counts
    #[arg(long, value_name = "URL")]
    pub initiator: Option<OsString>,

    /// With --initiator: a script or an element of the page asks, instead of the page going there
    #[arg(long)]
    pub fetch: bool,

    /// Read the public suffix list from this file, instead of the one that is compiled in
    ///
    /// The form is that of publicsuffix.org; $KUKI_PUBLIC_SUFFIX_LIST is the default.
    #[arg(long, value_name = "FILE")]
    pub public_suffix_list: Option<OsString>,
}

#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Look")]
pub struct Look {
    /// Colour the output: auto, always or never [default: auto]
    #[arg(long, value_name = "WHEN")]
    pub color: Option<OsString>,

    /// Show cookie values and credentials instead of masking them
    #[arg(long)]
    pub reveal: bool,
}
