//! Owns the choices about protocols: which a URL may have, which one it has where it names none, and whether it may hold a login.
//! Does not follow redirects; `exchange` does, within what is allowed here.

use std::ffi::OsStr;

use url::Url;

use crate::cli::protocols::ProtocolsPart;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::settings::target;
use crate::exchange::request::Schemes;

/// What holds for the URLs that are typed.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Protocols {
    allowed: Schemes,
    /// Of a URL that names no scheme.
    default: Option<&'static str>,
    refuses_users: bool,
}

/// What curl knows, and what a list may therefore name. None of them is ever spoken here but the two.
const FOREIGN: [&str; 31] = [
    "dict", "file", "ftp", "ftps", "gopher", "gophers", "imap", "imaps", "ipfs", "ipns", "ldap", "ldaps",
    "mqtt", "mqtts", "pop3", "pop3s", "rtmp", "rtmpe", "rtmps", "rtmpt", "rtmpte", "rtmpts", "rtsp", "scp",
    "sftp", "smb", "smbs", "smtp", "smtps", "telnet", "tftp",
];
const WEB_SOCKETS: [&str; 2] = ["ws", "wss"];

impl Protocols {
    pub fn read(typed: &ProtocolsPart) -> Result<Protocols, CommandError> {
        let default = typed.proto_default.as_deref().map(|given| match scheme(given) {
            Some("http") => Ok("http"),
            Some("https") => Ok("https"),
            _ => {
                let message = format!("--proto-default: `{}` is not supported", given.display());
                Err(CommandError::new(Exit::UNSUPPORTED_PROTOCOL, message).hint("give http or https"))
            }
        });
        Ok(Protocols {
            allowed: list(typed.proto.as_deref(), "--proto")?,
            default: default.transpose()?,
            refuses_users: typed.disallow_username_in_url,
        })
    }

    /// A URL as it was typed, if it may be asked for.
    pub fn url(self, given: &OsStr) -> Result<Url, CommandError> {
        let url = target::url_by(given, self.default)?;
        if !self.allowed.allow(&url) {
            let message = format!("--proto does not allow {}, which this URL is", url.scheme());
            let hint = match (url.scheme(), self.allowed.https) {
                ("http", true) => "write https:// in the URL, or allow both: --proto =http,https",
                _ => "allow it, for example with --proto =http,https",
            };
            return Err(CommandError::new(Exit::UNSUPPORTED_PROTOCOL, message).hint(hint));
        }
        if self.refuses_users && !(url.username().is_empty() && url.password().is_none()) {
            let message = "--disallow-username-in-url: the URL holds a user name";
            return Err(
                CommandError::new(Exit::LOGIN_DENIED, message).hint("take it out, or give it with -u")
            );
        }
        Ok(url)
    }
}

/// Where redirects may lead.
pub(super) fn redirected(typed: &ProtocolsPart) -> Result<Schemes, CommandError> {
    let first = list(typed.proto.as_deref(), "--proto")?;
    let then = list(typed.proto_redir.as_deref(), "--proto-redir")?;
    Ok(Schemes { http: first.http && then.http, https: first.https && then.https })
}

/// A list as in curl, read from the left: `+` adds, which a bare name does too, `-` takes away, `=` forgets what stood before.
fn list(given: Option<&OsStr>, flag: &str) -> Result<Schemes, CommandError> {
    let Some(given) = given else { return Ok(Schemes::default()) };
    let mut allowed = Schemes::default();
    for entry in given.to_string_lossy().split(',').filter(|entry| !entry.is_empty()) {
        let name = entry.trim_start_matches(['+', '-', '=']);
        // Of several marks the last counts.
        let mark = entry[..entry.len() - name.len()].chars().last().unwrap_or('+');
        if mark == '=' {
            allowed = Schemes::NONE;
        }
        let is_allowed = mark != '-';
        match name.to_ascii_lowercase().as_str() {
            "all" => allowed = Schemes { http: is_allowed, https: is_allowed },
            "http" => allowed.http = is_allowed,
            "https" => allowed.https = is_allowed,
            other if FOREIGN.contains(&other) || WEB_SOCKETS.contains(&other) => {}
            _ => {
                let message = format!("{flag}: `{name}` is not a protocol");
                return Err(CommandError::usage(message)
                    .hint(format!("for example {flag} =https, or {flag} -all,http,https")));
            }
        }
    }
    Ok(allowed)
}

fn scheme(given: &OsStr) -> Option<&'static str> {
    let given = given.to_str()?;
    ["http", "https"].into_iter().find(|scheme| given.eq_ignore_ascii_case(scheme))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What curl 7.88 does with a URL of each kind was tried with each of these.
    #[test]
    fn a_list_of_protocols_is_read_as_in_curl() {
        for (given, http, https) in [
            ("", true, true),
            ("https", true, true),
            ("=https", false, true),
            ("=HTTPS", false, true),
            ("-all,https", false, true),
            ("-all,+http", true, false),
            ("-http", false, true),
            ("all,-ftp", true, true),
            ("=ftp", false, false),
            ("-all", false, false),
            (",,=https,", false, true),
            ("https,=http", true, false),
            ("=http,+https,-http", false, true),
            ("=wss,all", true, true),
        ] {
            let read = list(Some(given.as_ref()), "--proto").expect("a list");
            assert_eq!(read, Schemes { http, https }, "{given}");
        }
        for bad in ["htps", "=", "=https,foo", "= https", "https ftp"] {
            assert!(list(Some(bad.as_ref()), "--proto").is_err(), "{bad}");
        }
    }
}
