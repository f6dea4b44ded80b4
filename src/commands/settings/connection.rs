//! Owns the choices about connections, and the limits of time.
//! Does not connect.

use std::ffi::OsStr;
use std::fs::File;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::transport::client::Options;
use crate::transport::resolver::Override;
use crate::transport::tls::Trust;

pub(super) fn connection(args: &RequestArgs, url: &Url) -> Result<Options, CommandError> {
    if let (Some(file), "https", false) = (&args.connection.cacert, url.scheme(), args.connection.insecure)
        && let Err(error) = File::open(file)
    {
        let message = format!("the certificates to trust cannot be read: {}: {error}", file.display());
        return Err(CommandError::new(Exit::BAD_CA_FILE, message).hint("name a PEM file with --cacert FILE"));
    }
    let trust = match (&args.connection.cacert, args.connection.insecure) {
        (_, true) => Trust::Anything,
        (Some(file), false) => Trust::File(PathBuf::from(file)),
        (None, false) => Trust::System,
    };
    Ok(Options {
        connect_timeout: limit(args.connection.connect_timeout.as_deref(), "--connect-timeout")?,
        http1_only: args.connection.http1_1,
        overrides: args.connection.resolve.iter().map(|given| resolve(given)).collect::<Result<_, _>>()?,
        stdin: None,
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
pub(super) fn limit(given: Option<&OsStr>, flag: &str) -> Result<Option<Duration>, CommandError> {
    let limit = given.map(|text| seconds(text, flag)).transpose()?;
    Ok(limit.filter(|limit| !limit.is_zero()))
}

/// A time in seconds, with a fraction if need be.
pub(super) fn seconds(given: &OsStr, flag: &str) -> Result<Duration, CommandError> {
    let number = given.to_str().and_then(|text| text.parse::<f64>().ok());
    number.and_then(|seconds| Duration::try_from_secs_f64(seconds).ok()).ok_or_else(|| {
        CommandError::usage(format!("{flag}: `{}` is not a time in seconds", given.display()))
            .hint("for example 5 or 0.5")
    })
}
