//! Owns the arguments of a request: curl's letters with curl's meanings.
//! Does not check their values; a flag that was given twice counts once, with its last value.

use std::ffi::OsString;

use clap::{ArgAction, ArgMatches, Args, Command, Error, FromArgMatches};

use crate::cli::accepted::AcceptedPart;
use crate::cli::address::AddressPart;
use crate::cli::body::BodyPart;
use crate::cli::bridge::BridgePart;
use crate::cli::config::ConfigPart;
use crate::cli::login::LoginPart;
use crate::cli::options::{Part, Parts};
use crate::cli::protocols::ProtocolsPart;
use crate::cli::proxy::ProxyPart;
use crate::cli::redirects::RedirectsPart;
use crate::cli::several::SeveralPart;
use crate::cli::shared::{JarChoice, Look, RulesChoice};
use crate::cli::tls::TlsPart;
use crate::cli::transfer::TransferPart;

/// What was typed of a request. A part that nobody named was not built, and holds what it holds by default.
#[derive(Debug)]
pub struct RequestArgs {
    pub target: Vec<Word>,
    /// What -o and -O say, in their order, which is that of the URLs.
    pub outputs: Vec<Output>,
    pub several: SeveralPart,
    pub request: RequestPart,
    pub body: BodyPart,
    pub response: ResponsePart,
    pub output: OutputPart,
    pub transfer: TransferPart,
    pub connection: ConnectionPart,
    pub redirects: RedirectsPart,
    pub protocols: ProtocolsPart,
    pub config: ConfigPart,
    pub login: LoginPart,
    pub address: AddressPart,
    pub tls: TlsPart,
    pub proxy: ProxyPart,
    pub bridge: BridgePart,
    pub cookies: CookiesPart,
    pub jar: JarChoice,
    pub rules: RulesChoice,
    pub look: Look,
}

/// A word without an option, or a URL that has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Word {
    Plain(OsString),
    Url(OsString),
}

/// Where a body goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Output {
    File(OsString),
    /// A file with the name that ends the URL.
    Remote,
}

/// What stands without an option.
#[derive(Args, Debug)]
struct Positionals {
    /// The method, if it is not to be guessed, the URL, and items of the request
    ///
    /// Without a method it is POST if there is data, HEAD with -I, or else GET. A URL without a scheme is https, but
    /// http for loopback hosts; `:8080/path` is localhost.
    #[arg(value_name = "[METHOD] URL [ITEM]", hide = true)]
    pub target: Vec<OsString>,
}

/// What is sent.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Request")]
pub struct RequestPart {
    /// Send this method
    #[arg(short = 'X', long, value_name = "METHOD")]
    pub request: Option<OsString>,

    /// Send this header (can be repeated): `Name: value`, `Name:` to leave User-Agent or Content-Type out,
    /// `Name;` for an empty one, `@FILE` for one a line
    #[arg(short = 'H', long, value_name = "HEADER")]
    pub header: Vec<OsString>,

    /// Ask for the head only
    #[arg(short = 'I', long)]
    pub head: bool,

    /// Log in by HTTP Basic; without a password it is asked for
    #[arg(short, long, value_name = "USER[:PASSWORD]")]
    pub user: Option<OsString>,

    /// Send this User-Agent; an empty one sends none
    #[arg(short = 'A', long, value_name = "NAME")]
    pub user_agent: Option<OsString>,

    /// Send this Referer
    #[arg(short = 'e', long, value_name = "URL")]
    pub referer: Option<OsString>,

    /// Ask for these octets only, for example `0-499`, `500-` or `-500`
    #[arg(short, long, value_name = "RANGE")]
    pub range: Option<OsString>,

    /// Follow redirects, at most 50 of them unless --max-redirs says otherwise
    #[arg(short = 'L', long)]
    pub location: bool,
}

/// What is shown of the answer, and where.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Response")]
pub struct ResponsePart {
    /// Show the response heads before the body
    #[arg(short, long)]
    pub include: bool,

    /// Write the body to this file; `-` is standard output (can be repeated, one for each URL)
    ///
    /// `#1` in its name is what the first glob of the URL is at the time.
    #[arg(short, long, value_name = "FILE")]
    pub output: Vec<OsString>,

    /// Fail with status 22, without a body, when the server answers 400 or more
    #[arg(short, long)]
    pub fail: bool,

    /// Show on standard error what is sent and received, and the verdict on every Set-Cookie
    #[arg(short, long)]
    pub verbose: bool,

    /// Show no messages, not even errors
    #[arg(short, long)]
    pub silent: bool,

    /// Show errors even with -s
    #[arg(short = 'S', long)]
    pub show_error: bool,
}

/// What becomes of the answer.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Output")]
pub struct OutputPart {
    /// Write the body to a file with the name that ends the URL (can be repeated, one for each URL)
    #[arg(short = 'O', long, action = ArgAction::Append, num_args = 0, default_missing_value = "")]
    pub remote_name: Vec<OsString>,

    /// With -O, take the name that the server gives, if it gives one; no file is replaced
    #[arg(short = 'J', long)]
    pub remote_header_name: bool,

    /// Write files of -o and -O into this directory
    #[arg(long, value_name = "DIR")]
    pub output_dir: Option<OsString>,

    /// Make the directories that a file needs
    #[arg(long)]
    pub create_dirs: bool,

    /// Replace no file: put `.1`, `.2`, … behind its name
    #[arg(long)]
    pub no_clobber: bool,

    /// Remove the file if there is an error
    #[arg(long)]
    pub remove_on_error: bool,

    /// Write the response heads to this file; `-` is standard output
    #[arg(short = 'D', long, value_name = "FILE")]
    pub dump_header: Option<OsString>,

    /// Fail with status 22 when the server answers 400 or more, and show the body
    #[arg(long)]
    pub fail_with_body: bool,

    /// Fail with status 63 when the body has more octets, as it comes or as it is shown (`64k`, `10m`, `2g`)
    #[arg(long, value_name = "SIZE")]
    pub max_filesize: Option<OsString>,

    /// Write this when it is over: `%{http_code}\n`, or `@FILE`; docs/answers.md lists what there is
    #[arg(short, long, value_name = "FORMAT")]
    pub write_out: Option<OsString>,

    /// Write what was sent, received and decided to this file, as JSON; `-` is standard output, behind the body
    #[arg(long, value_name = "FILE")]
    pub report: Option<OsString>,

    /// Make the answer readable: all, colors, format (layout only) or none [default: all on a terminal, else none]
    #[arg(long, value_name = "HOW")]
    pub pretty: Option<OsString>,

    /// Tell on standard error, hop by hop, which cookies were sent, withheld, stored and refused, and why; all of it with -v
    #[arg(long)]
    pub explain: bool,

    /// Write everything that goes to standard error to this file; `-` is standard output
    #[arg(long, value_name = "FILE")]
    pub stderr: Option<OsString>,

    /// Draw progress as nothing but a bar
    #[arg(short = '#', long)]
    pub progress_bar: bool,

    /// Draw no progress; it is drawn on a terminal when a body takes longer than a second to go elsewhere
    #[arg(long)]
    pub no_progress_meter: bool,

    /// Show the body as it comes, which is always so
    #[arg(short = 'N', long)]
    pub no_buffer: bool,

    /// Ask for a compressed body and undo it; without -o or a range this is so anyway
    #[arg(long, overrides_with = "no_compressed")]
    pub compressed: bool,

    /// Do not ask for a compressed body, and show what comes as it was sent
    #[arg(long, overrides_with = "compressed")]
    pub no_compressed: bool,
}

/// How the server is reached.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Connection")]
pub struct ConnectionPart {
    /// Allow this long for everything together
    #[arg(short, long, value_name = "SECONDS")]
    pub max_time: Option<OsString>,

    /// Allow this long for connecting
    #[arg(long, value_name = "SECONDS")]
    pub connect_timeout: Option<OsString>,

    /// Accept any certificate
    #[arg(short = 'k', long)]
    pub insecure: bool,

    /// Trust the certificates in this PEM file, and no others
    #[arg(long, value_name = "FILE")]
    pub cacert: Option<OsString>,

    /// Take this address for a host and port (can be repeated)
    #[arg(long, value_name = "HOST:PORT:ADDRESS")]
    pub resolve: Vec<OsString>,

    /// Speak HTTP/1.1 and do not offer HTTP/2
    #[arg(long = "http1.1")]
    pub http1_1: bool,
}

/// Where cookies come from and go to, in curl's letters.
#[derive(Args, Debug, Default)]
#[command(next_help_heading = "Cookies")]
pub struct CookiesPart {
    /// Send these cookies, `a=1; b=2`, or those in a file of any format (can be repeated)
    ///
    /// What holds no `=` is a file. Cookies given by hand are never stored. With files, the default jar takes no part.
    #[arg(short = 'b', long, value_name = "COOKIES|FILE")]
    pub cookie: Vec<OsString>,

    /// Write all cookies to this cookies.txt at the end; with `-b` of the same file it is a jar like any other
    ///
    /// The default jar takes no part.
    #[arg(short = 'c', long, value_name = "FILE")]
    pub cookie_jar: Option<OsString>,

    /// Junk the stored session cookies first, those of every host; they are gone from the jar, too
    #[arg(short = 'j', long)]
    pub junk_session_cookies: bool,
}

type Augment = fn(Command) -> Command;

/// In the order of the help text.
pub const PARTS: [(Part, Augment); 20] = [
    (Part::Request, RequestPart::augment_args),
    (Part::Body, BodyPart::augment_args),
    (Part::Response, ResponsePart::augment_args),
    (Part::Output, OutputPart::augment_args),
    (Part::Transfer, TransferPart::augment_args),
    (Part::Several, SeveralPart::augment_args),
    (Part::Connection, ConnectionPart::augment_args),
    (Part::Redirects, RedirectsPart::augment_args),
    (Part::Protocols, ProtocolsPart::augment_args),
    (Part::Proxy, ProxyPart::augment_args),
    (Part::Tls, TlsPart::augment_args),
    (Part::Address, AddressPart::augment_args),
    (Part::Login, LoginPart::augment_args),
    (Part::Config, ConfigPart::augment_args),
    (Part::Bridge, BridgePart::augment_args),
    (Part::Cookies, CookiesPart::augment_args),
    (Part::Jar, JarChoice::augment_args),
    (Part::Rules, RulesChoice::augment_args),
    (Part::Look, Look::augment_args),
    (Part::Accepted, AcceptedPart::augment_args),
];

impl RequestArgs {
    /// Adds the arguments of these parts: each costs some thousands of instructions at every start.
    pub fn augment(command: Command, parts: Parts) -> Command {
        let command = Positionals::augment_args(command);
        let wanted = PARTS.into_iter().filter(|(part, _)| parts.has(*part));
        wanted.fold(command, |command, (_, augment)| augment(command))
    }

    pub fn read(matches: &mut ArgMatches, parts: Parts) -> Result<RequestArgs, Error> {
        Ok(RequestArgs {
            target: words(matches, parts),
            outputs: outputs(matches, parts),
            several: part(matches, parts, Part::Several)?,
            request: part(matches, parts, Part::Request)?,
            body: part(matches, parts, Part::Body)?,
            response: part(matches, parts, Part::Response)?,
            output: part(matches, parts, Part::Output)?,
            transfer: part(matches, parts, Part::Transfer)?,
            connection: part(matches, parts, Part::Connection)?,
            redirects: part(matches, parts, Part::Redirects)?,
            protocols: part(matches, parts, Part::Protocols)?,
            proxy: part(matches, parts, Part::Proxy)?,
            tls: part(matches, parts, Part::Tls)?,
            address: part(matches, parts, Part::Address)?,
            login: part(matches, parts, Part::Login)?,
            config: part(matches, parts, Part::Config)?,
            bridge: part(matches, parts, Part::Bridge)?,
            cookies: part(matches, parts, Part::Cookies)?,
            jar: part(matches, parts, Part::Jar)?,
            rules: part(matches, parts, Part::Rules)?,
            look: part(matches, parts, Part::Look)?,
        })
    }
}

/// The positionals and the URLs, in the order of the command line.
fn words(matches: &ArgMatches, parts: Parts) -> Vec<Word> {
    let mut words = placed(matches, "target", Word::Plain);
    if parts.has(Part::Several) {
        words.extend(placed(matches, "url", Word::Url));
    }
    in_order(words)
}

fn outputs(matches: &ArgMatches, parts: Parts) -> Vec<Output> {
    let mut outputs = Vec::new();
    if parts.has(Part::Response) {
        outputs.extend(placed(matches, "output", Output::File));
    }
    if parts.has(Part::Output) {
        outputs.extend(placed(matches, "remote_name", |_| Output::Remote));
    }
    in_order(outputs)
}

/// The values of an argument, each with its place on the command line.
fn placed<T>(matches: &ArgMatches, id: &str, made: impl Fn(OsString) -> T) -> Vec<(usize, T)> {
    let values = matches.get_many::<OsString>(id).unwrap_or_default();
    let places = matches.indices_of(id).unwrap_or_default();
    places.zip(values).map(|(place, value)| (place, made(value.clone()))).collect()
}

fn in_order<T>(mut placed: Vec<(usize, T)>) -> Vec<T> {
    placed.sort_by_key(|(place, _)| *place);
    placed.into_iter().map(|(_, value)| value).collect()
}

fn part<A: FromArgMatches + Default>(matches: &mut ArgMatches, parts: Parts, part: Part) -> Result<A, Error> {
    if parts.has(part) { A::from_arg_matches_mut(matches) } else { Ok(A::default()) }
}
