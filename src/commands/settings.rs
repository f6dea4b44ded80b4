//! Owns the choice between flag, environment and default, and turns what was typed into what is meant.
//! Does not act on it, beyond reading what a value names with `@`.

use std::ffi::{OsStr, OsString};
use std::fs::File;
use std::net::IpAddr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use http::header::{ACCEPT, CONTENT_LENGTH, HOST, TRANSFER_ENCODING, USER_AGENT};
use http::{HeaderName, HeaderValue, Method};
use percent_encoding::{CONTROLS, percent_decode_str, percent_encode};
use url::Url;

use crate::cli::request::RequestArgs;
use crate::cli::shared::{JarChoice, Look, RulesChoice};
use crate::commands::console::{Colour, Voice};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files::{self, Value};
use crate::commands::session::{Access, JarSettings};
use crate::cookie::context::Rules;
use crate::cookie::host::Host;
use crate::cookie::jar::Jar;
use crate::cookie::policy::Policy;
use crate::cookie::site::Kind;
use crate::cookie::suffix::{Compiled, Read, Suffixes};
use crate::exchange::request::{Follow, Given, Judging, Plan};
use crate::output::redact::Secrets;
use crate::store::locator::locate;
use crate::sys::{env, terminal};
use crate::transport::client::Options;
use crate::transport::resolver::Override;
use crate::transport::tls::Trust;

const DEFAULT_JAR: &str = "default";
const LOCK_TIMEOUT: Duration = Duration::from_secs(30);
const MOST_REDIRECTS: usize = 50;
const AGENT: &str = concat!("kuki/", env!("CARGO_PKG_VERSION"));

/// All that a request needs to know.
pub struct RequestSettings {
    pub plan: Plan,
    pub judging: JudgingChoice,
    pub connection: Options,
    pub max_time: Option<Duration>,
    pub jar: Option<JarSettings>,
    pub response: ResponseSettings,
    pub voice: Voice,
    pub colour: Colour,
    pub secrets: Secrets,
}

/// What is shown of the response, and where.
#[derive(Clone, Debug)]
pub struct ResponseSettings {
    pub heads: Heads,
    pub fails_on_error: bool,
    pub is_verbose: bool,
    /// `None` is standard output.
    pub output: Option<PathBuf>,
}

/// Which part of a response is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heads {
    Hidden,
    Shown,
    /// The head alone was asked for.
    Only,
}

pub fn request(args: RequestArgs) -> Result<RequestSettings, CommandError> {
    let (method, target) = method_and_target(&args)?;
    let mut url = url(&target)?;
    let authorization = authorization(args.user.as_deref(), &mut url)?;
    let body = body(&args)?;
    let mut headers = given(&args.header)?;
    let user_agent = match args.user_agent.as_deref() {
        None => HeaderValue::from_static(AGENT),
        Some(agent) if agent.is_empty() => {
            headers.without.push(USER_AGENT);
            HeaderValue::from_static(AGENT)
        }
        Some(agent) => header_value(agent.as_bytes(), "-A")?,
    };
    let is_json = !args.json.is_empty();
    let judging = judging(&args.rules, method.is_safe())?;
    let plan = Plan {
        method,
        url,
        headers,
        authorization,
        content_type: body.as_ref().map(|_| HeaderValue::from_static(content_type(is_json))),
        body,
        accept: HeaderValue::from_static(if is_json { "application/json" } else { "*/*" }),
        user_agent,
        follow: if args.location { Follow::UpTo(MOST_REDIRECTS) } else { Follow::Never },
        judging: Judging::default(),
    };
    let connection = connection(&args, &plan.url)?;
    let voice = match (args.silent, args.show_error) {
        (false, _) => Voice::Normal,
        (true, true) => Voice::OnlyErrors,
        (true, false) => Voice::Silent,
    };
    Ok(RequestSettings {
        plan,
        judging,
        connection,
        max_time: limit(args.max_time.as_deref(), "--max-time")?,
        jar: jar(&args.jar)?,
        response: ResponseSettings {
            heads: match (args.head, args.include) {
                (true, _) => Heads::Only,
                (false, true) => Heads::Shown,
                (false, false) => Heads::Hidden,
            },
            fails_on_error: args.fail,
            is_verbose: args.verbose,
            output: args.output.filter(|path| path != "-").map(PathBuf::from),
        },
        voice,
        colour: colour(&args.look)?,
        secrets: secrets(&args.look),
    })
}

/// Which jar, or none.
pub fn jar(choice: &JarChoice) -> Result<Option<JarSettings>, CommandError> {
    let lock_timeout =
        choice.lock_timeout.as_deref().map(|text| seconds(text, "--lock-timeout")).transpose()?;
    if choice.no_jar {
        return Ok(None);
    }
    let (given, source) = match (&choice.jar, env::variable("KUKI_JAR")) {
        (Some(jar), _) => (jar.clone(), "--jar"),
        (None, Some(jar)) => (jar, "KUKI_JAR"),
        (None, None) => (OsString::from(DEFAULT_JAR), "the default jar"),
    };
    let shown = given.to_string_lossy().into_owned();
    let path = locate(&given, env::jars_directory().as_deref()).map_err(|why| {
        CommandError::usage(format!("{source}: `{shown}` names no jar: {why}"))
            .hint("a jar is a name, as in --jar work, or a path, as in --jar ./work.json")
    })?;
    let access = if choice.read_only { Access::ReadOnly } else { Access::ReadWrite };
    let lock_timeout = lock_timeout.unwrap_or(LOCK_TIMEOUT);
    Ok(Some(JarSettings { path, name: shown, access, lock_timeout }))
}

/// By which rules cookies are judged, as far as the command line says.
pub fn judging(choice: &RulesChoice, is_safe: bool) -> Result<JudgingChoice, CommandError> {
    let policy = choice.policy.as_deref().map(policy).transpose()?;
    let kind = match (choice.fetch, is_safe) {
        (true, _) => Kind::Fetch,
        (false, true) => Kind::Navigation,
        (false, false) => Kind::UnsafeNavigation,
    };
    let initiator = choice.initiator.as_deref().map(url).transpose()?.map(|url| (url, kind));
    if choice.fetch && initiator.is_none() {
        return Err(CommandError::usage("--fetch needs --initiator").hint("name the page that asks"));
    }
    let file = choice.public_suffix_list.clone().or_else(|| env::variable("KUKI_PUBLIC_SUFFIX_LIST"));
    let suffixes: Arc<dyn Suffixes> = match file {
        None => Arc::new(Compiled),
        Some(file) => Arc::new(suffix_list(Path::new(&file))?),
    };
    Ok(JudgingChoice { policy, initiator, suffixes })
}

/// What was chosen, before a jar is there that may have a policy of its own.
pub struct JudgingChoice {
    policy: Option<Policy>,
    initiator: Option<(Url, Kind)>,
    suffixes: Arc<dyn Suffixes>,
}

impl JudgingChoice {
    pub fn for_jar(&self, jar: &Jar) -> Judging {
        let policy = self.policy.unwrap_or(jar.policy);
        Judging {
            rules: Rules { policy, suffixes: Arc::clone(&self.suffixes) },
            initiator: self.initiator.clone(),
        }
    }
}

pub fn policy(given: &OsStr) -> Result<Policy, CommandError> {
    given.to_str().and_then(Policy::parse).ok_or_else(|| {
        CommandError::usage(format!("--policy `{}` is neither classic nor browser", given.display()))
            .hint("classic is RFC 6265bis, browser is what Chromium does")
    })
}

fn suffix_list(path: &Path) -> Result<Read, CommandError> {
    let octets = files::read(path)?;
    let text = String::from_utf8(octets).map_err(|_| "it is not UTF-8".to_owned());
    text.and_then(|text| Read::from_text(&text)).map_err(|why| {
        CommandError::new(Exit::READ_FAILED, format!("{} is no public suffix list: {why}", path.display()))
            .hint("the list is public_suffix_list.dat of publicsuffix.org")
    })
}

pub fn colour(look: &Look) -> Result<Colour, CommandError> {
    match look.color.as_deref().map(OsStr::as_bytes) {
        None | Some(b"auto") => Ok(Colour::Auto),
        Some(b"always") => Ok(Colour::Always),
        Some(b"never") => Ok(Colour::Never),
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            Err(CommandError::usage(format!("--color `{other}` is none of auto, always and never"))
                .hint("auto colours what goes to a terminal, unless NO_COLOR is set"))
        }
    }
}

pub fn secrets(look: &Look) -> Secrets {
    if look.reveal { Secrets::Revealed } else { Secrets::Masked }
}

fn method_and_target(args: &RequestArgs) -> Result<(Method, OsString), CommandError> {
    let (positional, target) = match &*args.target {
        [] => {
            let hint = "kuki https://example.com, or kuki --help; kuki tour shows the whole story";
            return Err(CommandError::usage("no URL was given").hint(hint));
        }
        [target] => (None, target),
        [method, target] => (Some(method), target),
        [_, _, extra, ..] => {
            let extra = extra.to_string_lossy();
            return Err(CommandError::usage(format!("unexpected argument `{extra}` after the URL"))
                .hint("one URL at a time, with at most a method before it; data goes with -d or --json"));
        }
    };
    if !args.data.is_empty() && !args.json.is_empty() {
        return Err(CommandError::usage("-d and --json can't go together")
            .hint("give the whole body with one of them"));
    }
    let has_data = !args.data.is_empty() || !args.json.is_empty();
    if args.head && has_data {
        return Err(CommandError::usage("-I asks for a head only, so it can't send data")
            .hint("leave one of them out"));
    }
    let method = match (&args.request, positional) {
        (Some(given), _) => method(given, "-X")?,
        (None, Some(given)) => method(&given.to_ascii_uppercase(), "the method before the URL")?,
        (None, None) if args.head => Method::HEAD,
        (None, None) if has_data => Method::POST,
        (None, None) => Method::GET,
    };
    Ok((method, target.clone()))
}

fn method(given: &OsStr, what: &str) -> Result<Method, CommandError> {
    let shown = given.to_string_lossy();
    if shown.eq_ignore_ascii_case("CONNECT") {
        return Err(CommandError::usage(format!("{what}: CONNECT makes a tunnel, and is not a request"))
            .hint("give the method of the request itself"));
    }
    Method::from_bytes(given.as_bytes()).map_err(|_| {
        CommandError::usage(format!("{what}: `{shown}` is not a method")).hint(
            "a request is `kuki [METHOD] URL`, with one URL: for example `kuki POST https://example.com/`",
        )
    })
}

/// A URL as people type it: without a scheme it is https, or http for loopback; `:8080/x` is localhost.
pub fn url(given: &OsStr) -> Result<Url, CommandError> {
    let shown = without_userinfo(&given.to_string_lossy());
    let bad = |why: &str| CommandError::new(Exit::BAD_URL, format!("`{shown}` is not a URL: {why}"));
    if given.as_bytes().iter().any(u8::is_ascii_control) {
        return Err(
            bad("it holds a control character").hint("percent-encode it, for example a line end as %0A")
        );
    }
    let text = match given.to_str() {
        Some(text) => text.to_owned(),
        None => percent_encode(given.as_bytes(), CONTROLS).to_string(),
    };
    let text = if text.starts_with(":") { format!("localhost{text}") } else { text };
    let whole = match text.split_once("://") {
        Some((scheme, _)) if !scheme.contains(['/', '?', '#']) => text,
        _ => {
            let https = format!("https://{text}");
            let host = Url::parse(&https).ok().as_ref().and_then(Host::of);
            if host.is_some_and(|host| host.is_loopback()) { format!("http://{text}") } else { https }
        }
    };
    let mut url = Url::parse(&whole).map_err(|error| {
        bad(&error.to_string()).hint("for example https://example.com/path; quote it if it holds & or ?")
    })?;
    if !matches!(url.scheme(), "http" | "https") {
        let message = format!("the scheme `{}` is not supported", url.scheme());
        return Err(CommandError::new(Exit::UNSUPPORTED_PROTOCOL, message).hint("only http and https are"));
    }
    url.set_fragment(None);
    if Host::of(&url).is_none() {
        return Err(bad("its host has an empty label").hint("check the dots in it"));
    }
    if http::Uri::try_from(url.as_str()).is_err() {
        return Err(
            bad("the HTTP stack can't send it").hint("it is over 64 KiB, or its host holds odd characters")
        );
    }
    Ok(url)
}

/// A URL as it may be shown in an error, where it may not even be one.
fn without_userinfo(text: &str) -> String {
    let authority = text.find("://").map_or(0, |at| at + 3);
    let end = text[authority..].find(['/', '?', '#']).map_or(text.len(), |at| authority + at);
    match text[..end].rfind('@') {
        Some(at) if at >= authority => format!("{}…{}", &text[..authority], &text[at..]),
        _ => text.to_owned(),
    }
}

/// `-u`, or else the userinfo of the URL, which is taken out of it either way.
fn authorization(user: Option<&OsStr>, url: &mut Url) -> Result<Option<HeaderValue>, CommandError> {
    let decoded = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
    let of_url = (!url.username().is_empty() || url.password().is_some())
        .then(|| [decoded(url.username()), decoded(url.password().unwrap_or_default())].join(&b':'));
    // Both succeed for every URL that has a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
    let credentials = match user {
        None => of_url,
        Some(user) if user.as_bytes().contains(&b':') => Some(user.as_bytes().to_vec()),
        Some(user) => {
            let prompt =
                format!("Password of {} at {}: ", user.display(), url.host_str().unwrap_or_default());
            let password = terminal::password(&prompt).map_err(|error| {
                CommandError::usage(format!("-u has no password, and none can be asked for: {error}"))
                    .hint("run it in a terminal, or give -u USER:PASSWORD")
            })?;
            Some([user.as_bytes(), password.as_bytes()].join(&b':'))
        }
    };
    let Some(credentials) = credentials else { return Ok(None) };
    let mut value = header_value(format!("Basic {}", STANDARD.encode(credentials)).as_bytes(), "-u")?;
    value.set_sensitive(true);
    Ok(Some(value))
}

fn body(args: &RequestArgs) -> Result<Option<Bytes>, CommandError> {
    let mut parts = Vec::new();
    for given in &args.data {
        parts.push(match files::value(given)? {
            Value::Literal(text) => text,
            // As curl does: a text file's line ends are no part of a form.
            Value::Read(octets) => octets.into_iter().filter(|octet| !b"\r\n\0".contains(octet)).collect(),
        });
    }
    if !parts.is_empty() {
        return Ok(Some(parts.join(&b'&').into()));
    }
    for given in &args.json {
        parts.push(match files::value(given)? {
            Value::Literal(octets) | Value::Read(octets) => octets,
        });
    }
    Ok((!parts.is_empty()).then(|| parts.concat().into()))
}

fn content_type(is_json: bool) -> &'static str {
    if is_json { "application/json" } else { "application/x-www-form-urlencoded" }
}

fn given(arguments: &[OsString]) -> Result<Given, CommandError> {
    let mut given = Given::default();
    for argument in arguments {
        match files::value(argument)? {
            Value::Literal(line) => header(&line, &mut given)?,
            Value::Read(file) => {
                let lines =
                    file.split(|octet| *octet == b'\n').map(|line| line.strip_suffix(b"\r").unwrap_or(line));
                for line in lines.filter(|line| !line.is_empty()) {
                    header(line, &mut given)?;
                }
            }
        }
    }
    Ok(given)
}

/// `Name: value`, `Name:` (leave it out) or `Name;` (send it empty), as in curl.
fn header(line: &[u8], given: &mut Given) -> Result<(), CommandError> {
    // Before anything is trimmed: a line end at an end is one too.
    if line.iter().any(|octet| octet.is_ascii_control() && *octet != b'\t') {
        return Err(control_character("-H"));
    }
    let shown = || String::from_utf8_lossy(line).escape_debug().to_string();
    let named = |name: &[u8]| {
        HeaderName::from_bytes(name.trim_ascii()).map_err(|_| {
            CommandError::usage(format!("-H: `{}` does not begin with the name of a header", shown()))
                .hint("write `Name: value`; a name has letters, digits and hyphens, and no spaces")
        })
    };
    let Some(at) = line.iter().position(|octet| *octet == b':') else {
        let Some(name) = line.strip_suffix(b";") else {
            return Err(CommandError::usage(format!("-H: `{}` is no header", shown()))
                .hint("write `Name: value`, `Name:` to leave a default out, or `Name;` for an empty one"));
        };
        given.headers.push((named(name)?, HeaderValue::from_static("")));
        return Ok(());
    };
    let name = named(&line[..at])?;
    let value = line[at + 1..].trim_ascii();
    if name == TRANSFER_ENCODING {
        return Err(CommandError::usage("-H: the HTTP stack chooses Transfer-Encoding itself")
            .hint("leave it out; the body goes with its length"));
    }
    if name == CONTENT_LENGTH {
        // The length of what is really sent goes out in any case, and another one would only confuse the server.
    } else if !value.is_empty() {
        given.headers.push((name, header_value(value, "-H")?));
    } else if name == HOST || name == ACCEPT {
        let message = format!("-H: the HTTP stack can't leave `{}` out", shown().trim_end_matches(':'));
        return Err(CommandError::usage(message).hint("give it a value instead"));
    } else {
        given.without.push(name);
    }
    Ok(())
}

fn header_value(value: &[u8], flag: &str) -> Result<HeaderValue, CommandError> {
    HeaderValue::from_bytes(value).map_err(|_| control_character(flag))
}

fn control_character(flag: &str) -> CommandError {
    CommandError::usage(format!("{flag}: a header's value holds a control character"))
        .hint("headers are single lines; leave line ends and other control characters out")
}

fn connection(args: &RequestArgs, url: &Url) -> Result<Options, CommandError> {
    if let (Some(file), "https", false) = (&args.cacert, url.scheme(), args.insecure)
        && let Err(error) = File::open(file)
    {
        let message = format!("the certificates to trust cannot be read: {}: {error}", file.display());
        return Err(CommandError::new(Exit::BAD_CA_FILE, message).hint("name a PEM file with --cacert FILE"));
    }
    let trust = match (&args.cacert, args.insecure) {
        (_, true) => Trust::Anything,
        (Some(file), false) => Trust::File(PathBuf::from(file)),
        (None, false) => Trust::System,
    };
    Ok(Options {
        connect_timeout: limit(args.connect_timeout.as_deref(), "--connect-timeout")?,
        http1_only: args.http1_1,
        overrides: args.resolve.iter().map(|given| resolve(given)).collect::<Result<_, _>>()?,
        trust,
    })
}

/// `HOST:PORT:ADDRESS[,ADDRESS…]`; an IPv6 address may stand in brackets.
fn resolve(given: &OsStr) -> Result<Override, CommandError> {
    let parsed = given.to_str().and_then(|text| {
        // curl's `+` makes an entry that lapses, which no run of kuki lives to see.
        let (host, rest) = text.strip_prefix('+').unwrap_or(text).split_once(':')?;
        let (port, addresses) = rest.split_once(':')?;
        let address = |text: &str| text.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().ok();
        let addresses = addresses.split(',').map(address).collect::<Option<Vec<_>>>()?;
        let host =
            Url::parse(&format!("http://{host}/")).ok().filter(|_| host != "*")?.host_str()?.to_owned();
        Some(Override { host, port: port.parse().ok()?, addresses })
    });
    parsed.ok_or_else(|| {
        CommandError::usage(format!("--resolve: `{}` can't be understood", given.display()))
            .hint("write HOST:PORT:ADDRESS, for example example.com:443:127.0.0.1; `*` is not known")
    })
}

/// A limit of time; 0 is none at all, as in curl.
fn limit(given: Option<&OsStr>, flag: &str) -> Result<Option<Duration>, CommandError> {
    let limit = given.map(|text| seconds(text, flag)).transpose()?;
    Ok(limit.filter(|limit| !limit.is_zero()))
}

/// A time in seconds, with a fraction if need be.
fn seconds(given: &OsStr, flag: &str) -> Result<Duration, CommandError> {
    let number = given.to_str().and_then(|text| text.parse::<f64>().ok());
    number.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).ok_or_else(|| {
        CommandError::usage(format!("{flag}: `{}` is not a time in seconds", given.display()))
            .hint("for example 5 or 0.5")
    })
}
