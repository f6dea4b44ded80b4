//! Owns the arguments of `kuki jar`.
//! Does not touch a jar.

use std::ffi::OsString;

use clap::{Args, Subcommand};

use crate::cli::filter::{FilterArgs, SentTo};
use crate::cli::shared::{JarChoice, Look, RulesChoice};

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
    /// Values are masked in the table unless --reveal is given; the other formats are exact. The exit status is 1 if
    /// there are none.
    #[command(visible_alias = "ls")]
    List(ListArgs),
    /// Show the cookies of a name
    ///
    /// `kuki jar get sid --url https://example.com --format value` prints the value that would be sent there. The exit
    /// status is 1 if there is none.
    Get(GetArgs),
    /// Put cookies into the jar, by the same rules as a response
    ///
    /// The exit status is 105 if one is refused, with the reason.
    Set(SetArgs),
    /// Remove cookies by name or by what they are
    ///
    /// The exit status is 1 if no cookie fits.
    #[command(visible_alias = "rm")]
    Remove(RemoveArgs),
    /// Remove all cookies, or those that all of the given filters fit
    ///
    /// The exit status is 1 if no cookie fits.
    Clear(ClearArgs),
    /// Take cookies in from a file of another program
    ///
    /// The format is seen from the content. Rows that are no cookies are told with their place, and the rest is taken.
    Import(ImportArgs),
    /// Write cookies out in the format of another program
    Export(ExportArgs),
    /// Copy cookies from one jar into another
    ///
    /// A jar that is not there yet gets the limits and the policy of the first one, too.
    #[command(visible_alias = "cp")]
    Copy(CopyArgs),
    /// Show the limits and the policy of the jar, or change them
    Limits(LimitsArgs),
    /// Print where the jar's file is
    Path(PathArgs),
    /// Keep cookies when room is short: they are evicted last
    Pin(PinArgs),
    /// Let pinned cookies be evicted like others again
    Unpin(PinArgs),
    /// Look for cookies that are less safe than they could be, and for what is about to go wrong
    ///
    /// Made for a pipeline that has just logged in. The exit status is 104 if there is a finding at or above --fail-on, and 1
    /// if no cookie fits. What is found, and what it means: docs/audit.md.
    Audit(AuditArgs),
    /// Show every named jar, with its counts and its size
    All(AllArgs),
}

#[derive(Args, Debug)]
pub struct ListArgs {
    #[command(flatten)]
    pub listing: Listing,

    #[command(flatten)]
    pub filter: FilterArgs,

    #[command(flatten)]
    pub sent_to: SentTo,

    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub look: Look,
}

#[derive(Args, Debug)]
pub struct Listing {
    /// Show them as `table`, `json`, `ndjson`, `header`, `netscape`, `names` or `value` [default: table]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    /// Sort by `domain`, `name`, `path`, `expires`, `created`, `used` or `size`; a `-` in front turns it around
    #[arg(long, value_name = "KEY")]
    pub sort: Option<OsString>,
}

#[derive(Args, Debug)]
pub struct GetArgs {
    /// The name; `*` and `?` stand for other letters
    #[arg(value_name = "NAME")]
    pub wanted: OsString,

    /// Show what the values say, as `kuki decode` does; --format is then `text` or `json`
    #[arg(long)]
    pub decode: bool,

    #[command(flatten)]
    pub list: ListArgs,
}

#[derive(Args, Debug)]
pub struct SetArgs {
    /// What a Set-Cookie would say: `NAME=VALUE; ATTRIBUTES`; `-` reads such lines from standard input
    #[arg(value_name = "LINE")]
    pub line: Vec<OsString>,

    /// The URL of the response that is imagined
    #[arg(long, value_name = "URL")]
    pub url: Option<OsString>,

    /// In the place of a line: the name
    #[arg(long, value_name = "NAME", help_heading = "Fields")]
    pub name: Option<OsString>,

    /// The value; `@FILE` and `@-` read it
    #[arg(long, value_name = "VALUE", help_heading = "Fields")]
    pub value: Option<OsString>,

    /// The Domain attribute; without --url it is also the host
    #[arg(long, value_name = "DOMAIN", help_heading = "Fields")]
    pub domain: Option<OsString>,

    /// The Path attribute
    #[arg(long, value_name = "PATH", help_heading = "Fields")]
    pub path: Option<OsString>,

    /// The Expires attribute: a cookie date, RFC 3339, or a date
    #[arg(long, value_name = "TIME", help_heading = "Fields")]
    pub expires: Option<OsString>,

    /// The Max-Age attribute: seconds, or as in 45min, 12h or 3d
    #[arg(long, value_name = "SPAN", help_heading = "Fields")]
    pub max_age: Option<OsString>,

    /// The Secure attribute
    #[arg(long, help_heading = "Fields")]
    pub secure: bool,

    /// The HttpOnly attribute
    #[arg(long, help_heading = "Fields")]
    pub http_only: bool,

    /// The SameSite attribute: strict, lax or none
    #[arg(long, value_name = "SAMESITE", help_heading = "Fields")]
    pub same_site: Option<OsString>,

    /// Write a text for people, or json [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    #[command(flatten)]
    pub rules: RulesChoice,

    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub look: Look,
}

#[derive(Args, Debug)]
pub struct RemoveArgs {
    /// The names; `*` and `?` stand for other letters
    #[arg(value_name = "NAME")]
    pub wanted: Vec<OsString>,

    #[command(flatten)]
    pub clear: ClearArgs,
}

#[derive(Args, Debug)]
pub struct ClearArgs {
    /// Write a text for people, or json [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    #[command(flatten)]
    pub filter: FilterArgs,

    #[command(flatten)]
    pub sent_to: SentTo,

    #[command(flatten)]
    pub care: Care,

    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub look: Look,
}

#[derive(Args, Debug)]
pub struct Care {
    /// Show what would be done, and do nothing
    #[arg(long)]
    pub dry_run: bool,

    /// Don't ask; it is only asked on a terminal
    #[arg(long)]
    pub yes: bool,
}

#[derive(Args, Debug)]
pub struct ImportArgs {
    /// The file; `-` is standard input
    #[arg(value_name = "FILE")]
    pub file: OsString,

    /// Read it as this format, instead of what its content looks like: json, ndjson, netscape, playwright, har,
    /// extension, cookie, set-cookie, httpie, xh or cookie-store
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    /// Where cookies belong that the file names no host for
    #[arg(long, value_name = "URL")]
    pub url: Option<OsString>,

    /// Take nothing at all if a row is rejected
    #[arg(long)]
    pub strict: bool,

    /// Make room by evicting others, the least recently used first
    #[arg(long)]
    pub evict: bool,

    /// Tell what was done as a text for people, or as json [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub summary: Option<OsString>,

    #[command(flatten)]
    pub filter: FilterArgs,

    #[command(flatten)]
    pub care: Care,

    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub look: Look,
}

#[derive(Args, Debug)]
pub struct ExportArgs {
    /// The file, which only its owner may read; `-`, or nothing, is standard output
    #[arg(value_name = "FILE")]
    pub file: Option<OsString>,

    /// The format: json, ndjson, netscape, playwright, extension, cookie, set-cookie, httpie, xh or cookie-store
    /// [default: netscape for a FILE that ends in .txt, or else json]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    /// Write nothing if the format can't hold all of the cookies
    #[arg(long)]
    pub lossless: bool,

    /// In cookies.txt: leave `#HttpOnly_` out, which wget takes for a comment
    #[arg(long)]
    pub no_http_only_prefix: bool,

    /// Give session cookies an expiry in so long, as in 12h or 1d; Python skips them otherwise
    #[arg(long, value_name = "SPAN")]
    pub session_expiry: Option<OsString>,

    #[command(flatten)]
    pub filter: FilterArgs,

    #[command(flatten)]
    pub sent_to: SentTo,

    #[command(flatten)]
    pub jar: JarChoice,
}

#[derive(Args, Debug)]
pub struct CopyArgs {
    /// The jar to copy from: a name or a path
    #[arg(value_name = "FROM")]
    pub from: OsString,

    /// The jar to copy into
    #[arg(value_name = "INTO")]
    pub into: OsString,

    /// Make room by evicting others, the least recently used first
    #[arg(long)]
    pub evict: bool,

    /// Write a text for people, or json [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    #[command(flatten)]
    pub filter: FilterArgs,

    #[command(flatten)]
    pub sent_to: SentTo,

    #[command(flatten)]
    pub care: Care,

    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub look: Look,
}

#[derive(Args, Debug)]
pub struct AuditArgs {
    /// Fail with status 104 from this severity on: high, medium, low, info or never [default: high]
    #[arg(long, value_name = "SEVERITY")]
    pub fail_on: Option<OsString>,

    /// Show it as `table` or `json` [default: table]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    #[command(flatten)]
    pub filter: FilterArgs,

    #[command(flatten)]
    pub sent_to: SentTo,

    #[command(flatten)]
    pub jar: JarChoice,

    #[command(flatten)]
    pub look: Look,
}

#[derive(Args, Debug)]
pub struct AllArgs {
    /// Show them as `table` or `json` [default: table]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    #[command(flatten)]
    pub look: Look,
}

#[derive(Args, Debug)]
pub struct PathArgs {
    /// Write a text for people, or json [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

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

    /// Write a text for people, or json [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    #[command(flatten)]
    pub jar: JarChoice,
}

#[derive(Args, Debug)]
pub struct PinArgs {
    /// The cookies' name; `*` and `?` stand for other letters
    #[arg(value_name = "NAME")]
    pub wanted: OsString,

    /// Write a text for people, or json [default: text]
    #[arg(long, value_name = "FORMAT")]
    pub format: Option<OsString>,

    #[command(flatten)]
    pub filter: FilterArgs,

    #[command(flatten)]
    pub sent_to: SentTo,

    #[command(flatten)]
    pub jar: JarChoice,
}
