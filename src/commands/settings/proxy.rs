//! Owns the choice of proxies: flags before the environment, by curl's names.
//! Does not connect to one.

use std::ffi::{OsStr, OsString};

use crate::cli::proxy::ProxyPart;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::sys::{env, terminal};
use crate::transport::bypass::Bypass;
use crate::transport::proxy::{Proxies, Proxy, ProxyFault};

pub(super) fn proxies(args: &ProxyPart) -> Result<Proxies, CommandError> {
    let (mut http, mut https) = match typed(args)? {
        Some((flag, scheme, given)) => {
            let proxy = if given.is_empty() { None } else { Some(read(given, scheme, flag)?) };
            (proxy.clone(), proxy)
        }
        // Upper-case HTTP_PROXY is what a CGI server makes of a client's header, and nobody's wish.
        None => (from_environment(&["http_proxy"])?, from_environment(&["https_proxy", "HTTPS_PROXY"])?),
    };
    if http.is_none() && https.is_none() {
        return Ok(Proxies::default());
    }
    if let Some(user) = &args.proxy_user {
        let (user, password) = login(user)?;
        for proxy in [&mut http, &mut https] {
            let logged_in = proxy.take().map(|proxy| proxy.with_login(&user, &password));
            *proxy = logged_in.transpose().map_err(|_| {
                CommandError::usage("-U: this login fits into no proxy").hint("give it as USER:PASSWORD")
            })?;
        }
    }
    let list = args.noproxy.clone().or_else(|| first(&["no_proxy", "NO_PROXY"]).map(|(_, list)| list));
    let bypass = list.map_or_else(Bypass::default, |list| Bypass::parse(&list.to_string_lossy()));
    Ok(Proxies { http, https, bypass })
}

/// The one proxy of the command line, with the scheme that it has by default.
fn typed(args: &ProxyPart) -> Result<Option<(&'static str, &'static str, &OsStr)>, CommandError> {
    let given = [
        ("-x", "http", &args.proxy),
        ("--socks4", "socks4", &args.socks4),
        ("--socks4a", "socks4a", &args.socks4a),
        ("--socks5", "socks5", &args.socks5),
        ("--socks5-hostname", "socks5h", &args.socks5_hostname),
    ];
    let mut given =
        given.into_iter().filter_map(|(flag, scheme, given)| Some((flag, scheme, given.as_deref()?)));
    let proxy = given.next();
    match (proxy, given.next()) {
        (Some((one, ..)), Some((other, ..))) => {
            Err(CommandError::usage(format!("{one} and {other} name two proxies"))
                .hint("a request goes through one proxy: leave one of them out"))
        }
        _ => Ok(proxy),
    }
}

fn from_environment(names: &[&str]) -> Result<Option<Proxy>, CommandError> {
    let found = first(names).or_else(|| first(&["all_proxy", "ALL_PROXY"]));
    found.map(|(name, given)| read(&given, "http", &name)).transpose()
}

fn first(names: &[&str]) -> Option<(String, OsString)> {
    names.iter().find_map(|name| Some(((*name).to_owned(), env::variable(name)?)))
}

fn read(given: &OsStr, scheme: &str, source: &str) -> Result<Proxy, CommandError> {
    let text = given.to_string_lossy();
    // The parser of URLs would only leave some of them out.
    let has_control = text.chars().any(char::is_control);
    let proxy = if has_control { Err(ProxyFault::Syntax) } else { Proxy::parse(&text, scheme) };
    proxy.map_err(|fault| {
        // What stands before an @ may be a password.
        let shown = text.rsplit('@').next().unwrap_or_default();
        let (exit, why) = match fault {
            ProxyFault::Scheme => (Exit::PROXY_SCHEME, "is of a kind of proxy that is not supported"),
            ProxyFault::Syntax => (Exit::BAD_PROXY, "names no proxy"),
        };
        CommandError::new(exit, format!("{source}: `{shown}` {why}"))
            .hint("for example http://proxy.example:3128 or socks5h://127.0.0.1:1080")
    })
}

fn login(given: &OsStr) -> Result<(String, String), CommandError> {
    let Some(given) = given.to_str() else {
        return Err(CommandError::usage("-U is not UTF-8").hint("give it as USER:PASSWORD"));
    };
    if let Some((user, password)) = given.split_once(':') {
        return Ok((user.to_owned(), password.to_owned()));
    }
    let password = terminal::password(&format!("Password of {given} at the proxy: ")).map_err(|error| {
        CommandError::usage(format!("-U has no password, and none can be asked for: {error}"))
            .hint("run it in a terminal, or give -U USER:PASSWORD")
    })?;
    Ok((given.to_owned(), password))
}
