//! Owns the choices about connections, and the limits of time.
//! Does not connect.

use std::ffi::OsStr;
use std::net::IpAddr;
use std::time::Duration;

use url::Url;

use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::settings::proxy::proxies;
use crate::commands::settings::tls::{spoken, tls};
use crate::transport::client::Options;
use crate::transport::resolver::Override;

pub(super) fn connection(args: &RequestArgs, url: &Url) -> Result<Options, CommandError> {
    Ok(Options {
        connect_timeout: limit(args.connection.connect_timeout.as_deref(), "--connect-timeout")?,
        spoken: spoken(args)?.0,
        overrides: args.connection.resolve.iter().map(|given| resolve(given)).collect::<Result<_, _>>()?,
        proxies: proxies(&args.proxy)?,
        tls: tls(args, url)?,
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
