//! Owns the choices about connections, and the limits of time.
//! Does not connect.

use std::ffi::OsStr;
use std::net::IpAddr;
use std::path::PathBuf;
use std::time::Duration;

use url::Url;

use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::settings::proxy::proxies;
use crate::commands::settings::speed::speed;
use crate::commands::settings::tls::{spoken, tls};
use crate::transport::client::{Options, Source};
use crate::transport::detour::Detour;
use crate::transport::proxy::Proxies;
use crate::transport::resolver::{Family, Override};

pub(super) fn connection(args: &RequestArgs, url: &Url) -> Result<Options, CommandError> {
    let family = match (args.address.ipv4, args.address.ipv6) {
        (true, true) => {
            return Err(CommandError::usage("-4 and -6 leave no address").hint("leave one of them out"));
        }
        (true, false) => Family::V4,
        (false, true) => Family::V6,
        (false, false) => Family::Any,
    };
    Ok(Options {
        detours: args.address.connect_to.iter().map(|given| detour(given)).collect::<Result<_, _>>()?,
        family,
        from: args.address.interface.as_deref().map(from).transpose()?,
        keepalive: limit(args.address.keepalive_time.as_deref(), "--keepalive-time")?,
        unix_socket: args.address.unix_socket.as_ref().map(PathBuf::from),
        connect_timeout: limit(args.connection.connect_timeout.as_deref(), "--connect-timeout")?,
        spoken: spoken(args)?.0,
        overrides: args.connection.resolve.iter().map(|given| resolve(given)).collect::<Result<_, _>>()?,
        // Behind a socket of this machine no proxy takes part, and its login is not for whoever listens there.
        proxies: match args.address.unix_socket {
            Some(_) => Proxies::default(),
            None => proxies(&args.proxy)?,
        },
        speed: speed(&args.transfer)?,
        // Whoever wants to be told of it says so.
        is_watched: false,
        stdin: None,
        progress: None,
        tls: tls(args, url)?,
    })
}

fn detour(given: &OsStr) -> Result<Detour, CommandError> {
    clean(given).and_then(Detour::parse).ok_or_else(|| {
        CommandError::usage(format!("--connect-to: `{}` can't be understood", given.display()))
            .hint("write HOST1:PORT1:HOST2:PORT2, for example example.com:443:127.0.0.1:8443")
    })
}

/// Text without what the parser of URLs would only leave out.
fn clean(given: &OsStr) -> Option<&str> {
    given.to_str().filter(|text| !text.chars().any(char::is_control))
}

/// An address or the name of an interface; curl's `if!` and `host!` say which.
fn from(given: &OsStr) -> Result<Source, CommandError> {
    let text = given.to_str().filter(|text| !text.is_empty());
    let read = |text: &str| match (text.strip_prefix("if!"), text.strip_prefix("host!")) {
        (Some(name), _) => Some(Source::Interface(name.to_owned())),
        (None, Some(address)) => address.parse().ok().map(Source::Address),
        (None, None) => {
            Some(text.parse().map_or_else(|_| Source::Interface(text.to_owned()), Source::Address))
        }
    };
    text.and_then(read).ok_or_else(|| {
        CommandError::usage(format!(
            "--interface: `{}` is neither an interface nor an address",
            given.display()
        ))
        .hint("for example eth0, if!eth0, 192.0.2.7 or host!192.0.2.7; names of hosts are not looked up")
    })
}

/// `HOST:PORT:ADDRESS[,ADDRESS…]`; an IPv6 address may stand in brackets.
fn resolve(given: &OsStr) -> Result<Override, CommandError> {
    let parsed = clean(given).and_then(|text| {
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
