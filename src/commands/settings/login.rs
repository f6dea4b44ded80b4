//! Owns whose login goes along with a request: a token, -u, the URL, a netrc file; and where its password is.
//! Does not decide to which hops it goes; `exchange` does.

use std::ffi::{OsStr, OsString};
use std::fs;
use std::os::unix::ffi::OsStrExt;
use std::path::PathBuf;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use http::HeaderValue;
use percent_encoding::percent_decode_str;
use url::Url;

use crate::cli::login::LoginPart;
use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::settings::given::header_value;
use crate::commands::settings::secret;
use crate::exchange::login::{Credentials, Negotiation, Ways};
use crate::exchange::netrc;
use crate::sys::{env, terminal};

/// How the request says who asks.
#[derive(Debug, Default)]
pub(super) struct Login {
    /// The Authorization header that goes along at once.
    pub authorization: Option<HeaderValue>,
    /// In its place, what waits for the server to ask.
    pub negotiation: Option<Negotiation>,
}

/// The login, if there is one. The userinfo of the URL is taken out of it in any case.
pub(super) fn login(args: &RequestArgs, url: &mut Url) -> Result<Login, CommandError> {
    let ways = ways(&args.login);
    let decoded = |text: &str| percent_decode_str(text).collect::<Vec<u8>>();
    let user = decoded(url.username());
    let password = url.password().map(decoded);
    without_login(url);
    if let Some((flag, token)) = secret::token(&args.login)? {
        if ways.is_some() {
            return Err(CommandError::usage(format!("{flag} can't go with --digest or --anyauth"))
                .hint("a token is sent at once; leave one of them out"));
        }
        let value = sensitive(&[b"Bearer ", &*token].concat(), flag)?;
        return Ok(Login { authorization: Some(value), negotiation: None });
    }
    let given = args.request.user.as_deref();
    if let (None, Some(flag)) = (given, secret::password_flag(&args.login)?) {
        let message = format!("{flag} needs a user");
        return Err(CommandError::usage(message).hint("name the user with -u USER"));
    }
    let is_whole = password.is_some();
    let of_url = (!user.is_empty() || is_whole).then(|| [&*user, &*password.unwrap_or_default()].join(&b':'));
    let credentials = match given {
        Some(given) => Some(typed(given, &args.login, url)?),
        None if is_whole && args.login.netrc_optional => of_url,
        None => by_netrc(&args.login, url, &user)?.or(of_url),
    };
    let Some(credentials) = credentials else { return Ok(Login::default()) };
    if let Some(ways) = ways {
        return Ok(Login { authorization: None, negotiation: Some(negotiation(&credentials, ways)?) });
    }
    let value = sensitive(format!("Basic {}", STANDARD.encode(credentials)).as_bytes(), "-u")?;
    Ok(Login { authorization: Some(value), negotiation: None })
}

pub(super) fn has_token(login: &LoginPart) -> bool {
    login.oauth2_bearer.is_some() || login.bearer_env.is_some() || login.bearer_command.is_some()
}

/// Which ways the server may choose from; `None` is Basic without being asked. As in curl, they add up.
fn ways(typed: &LoginPart) -> Option<Ways> {
    match (typed.anyauth, typed.digest, typed.basic) {
        (true, ..) | (_, true, true) => Some(Ways::DigestOrBasic),
        (false, true, false) => Some(Ways::Digest),
        (false, false, _) => None,
    }
}

fn negotiation(credentials: &[u8], ways: Ways) -> Result<Negotiation, CommandError> {
    let at = credentials.iter().position(|octet| *octet == b':').unwrap_or(credentials.len());
    let user = credentials[..at].to_vec();
    if user.iter().any(u8::is_ascii_control) {
        return Err(CommandError::usage("the user's name holds a control character, which no header can")
            .hint("leave it out; a password may hold any character"));
    }
    let password = credentials.get(at + 1..).unwrap_or_default().to_vec();
    let mut random = [0; 16];
    getrandom::fill(&mut random)
        .map_err(|error| CommandError::usage(format!("--digest needs a random number: {error}")))?;
    let cnonce = format!("{:032x}", u128::from_ne_bytes(random));
    Ok(Negotiation { who: Credentials { user, password }, ways, cnonce })
}

pub(super) fn without_login(url: &mut Url) {
    // Both succeed for every URL that has a host.
    let _ = url.set_username("");
    let _ = url.set_password(None);
}

fn sensitive(value: &[u8], flag: &str) -> Result<HeaderValue, CommandError> {
    let mut value = header_value(value, flag)?;
    value.set_sensitive(true);
    Ok(value)
}

/// `-u USER:PASSWORD`, or `-u USER` and a password from elsewhere.
fn typed(given: &OsStr, login: &LoginPart, url: &Url) -> Result<Vec<u8>, CommandError> {
    let has_password = given.as_bytes().contains(&b':');
    if let (true, Some(flag)) = (has_password, secret::password_flag(login)?) {
        let message = format!("-u has a password already, and {flag} names another");
        return Err(CommandError::usage(message).hint("give -u USER alone"));
    }
    match secret::password(login)? {
        Some(password) => Ok([given.as_bytes(), &*password].join(&b':')),
        None if has_password => Ok(given.as_bytes().to_vec()),
        None => {
            let host = url.host_str().unwrap_or_default();
            let password = terminal::password(&format!("Password of {} at {host}: ", given.display()));
            let password = password.map_err(|error| {
                CommandError::usage(format!("-u has no password, and none can be asked for: {error}"))
                    .hint("run it in a terminal, or give -u USER:PASSWORD, --password-file or --password-env")
            })?;
            Ok([given.as_bytes(), password.as_bytes()].join(&b':'))
        }
    }
}

fn by_netrc(login: &LoginPart, url: &Url, user: &[u8]) -> Result<Option<Vec<u8>>, CommandError> {
    if !login.netrc && !login.netrc_optional && login.netrc_file.is_none() {
        return Ok(None);
    }
    let home = || env::variable("HOME").map(|home| PathBuf::from(home).join(".netrc").into_os_string());
    let Some(path): Option<OsString> = login.netrc_file.clone().or_else(home) else { return Ok(None) };
    let octets = match fs::read(&path) {
        Ok(octets) => octets,
        Err(_) if login.netrc_optional => return Ok(None),
        Err(error) => {
            let message = format!("{} cannot be read: {error}", path.display());
            return Err(CommandError::new(Exit::READ_FAILED, message)
                .hint("name another file with --netrc-file, or go without one by --netrc-optional"));
        }
    };
    let wanted = (!user.is_empty()).then_some(user);
    let found = netrc::find(&octets, url.host_str().unwrap_or_default(), wanted);
    Ok(found.map(|login| [login.user, login.password].join(&b':')))
}
