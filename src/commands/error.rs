//! Owns the folding of every room's errors into what a person reads: one sentence, then hints.
//! Does not print.

use std::io;
use std::path::Path;

use crate::commands::exit::Exit;
use crate::exchange::coding::CodingError;
use crate::exchange::error::HopError;
use crate::store::error::StoreError;
use crate::transport::error::{Phase, TransportError};

#[derive(Debug)]
pub struct CommandError {
    pub exit: Exit,
    pub message: String,
    pub hint: Option<String>,
    /// Nobody is there to read it: the reader of our output went away.
    pub is_silent: bool,
}

impl CommandError {
    pub fn new(exit: Exit, message: impl Into<String>) -> CommandError {
        CommandError { exit, message: message.into(), hint: None, is_silent: false }
    }

    pub fn usage(message: impl Into<String>) -> CommandError {
        CommandError::new(Exit::USAGE, message)
    }

    pub fn hint(self, hint: impl Into<String>) -> CommandError {
        CommandError { hint: Some(hint.into()), ..self }
    }

    /// Writing output failed; a closed pipe is no event worth a word.
    pub fn writing(what: &str, error: &io::Error) -> CommandError {
        // The name of a temporary file says nothing to anybody.
        let why = error.to_string();
        let why = why.split(" at path ").next().unwrap_or_default();
        let failed = CommandError::new(Exit::WRITE_FAILED, format!("writing {what} failed: {why}"));
        let is_silent = error.kind() == io::ErrorKind::BrokenPipe;
        let hint = match error.kind() {
            io::ErrorKind::IsADirectory => "it is a directory; name a file",
            io::ErrorKind::NotFound => "its directory is not there",
            _ => "is there room, and may you write there?",
        };
        CommandError { is_silent, ..failed.hint(hint) }
    }

    pub fn reading(path: &Path, error: &io::Error) -> CommandError {
        CommandError::new(Exit::READ_FAILED, format!("{} cannot be read: {error}", path.display()))
            .hint("is the path right? It is relative to the current directory; `-` is standard input")
    }
}

impl From<StoreError> for CommandError {
    fn from(error: StoreError) -> CommandError {
        let folded = CommandError::new(Exit::from(&error), error.to_string());
        folded.hint(match error {
            StoreError::Corrupt { .. } | StoreError::Unreadable { .. } | StoreError::Unsuitable { .. } => {
                "nothing was sent or changed; mend or move the file, or use another jar with --jar NAME"
            }
            StoreError::Crowded { .. } => "nothing was changed; --evict lets them go, and kuki jar limits makes room",
            StoreError::LockInterrupted { .. } => "nothing was saved",
            StoreError::Locked { .. } => {
                "nothing was saved; see who holds it (fuser FILE), or allow more with --lock-timeout SECONDS"
            }
            StoreError::LockUnusable { source, .. } if has_no_locks(&source) => {
                "nothing was saved: without a lock another process's cookies could be lost; keep the jar on another file system with --jar PATH"
            }
            StoreError::LockUnusable { .. } => {
                "nothing was saved; the directory must be writable, on a file system that has locks"
            }
            StoreError::Unsynced { .. } => "the disk or its file system reports a fault: look after it",
            StoreError::Unsaved { .. } => {
                "the jar is as it was; use another one with --jar, or none with --no-jar"
            }
        })
    }
}

/// Does the file system know no locks, or have none left?
fn has_no_locks(error: &io::Error) -> bool {
    error.kind() == io::ErrorKind::Unsupported || error.raw_os_error() == Some(libc::ENOLCK)
}

impl From<HopError<TransportError>> for CommandError {
    fn from(error: HopError<TransportError>) -> CommandError {
        let folded = CommandError::new(Exit::from(&error), error.to_string());
        match &error {
            HopError::TooManyRedirects { .. } => {
                folded.hint("see where they lead with -v; --max-redirs NUMBER allows more")
            }
            HopError::SpentBody { is_for_login: true, .. } => {
                folded.hint("send it from a file; --digest without --anyauth asks before it sends it")
            }
            HopError::SpentBody { .. } => {
                folded.hint("send it from a file, or send it to where the redirect leads")
            }
            HopError::Transport { source, .. } => with_hint(folded, source),
            HopError::BarredScheme { .. } => folded
                .hint("--proto and --proto-redir say what is allowed; without -L the answer itself is shown"),
            HopError::BadLocation { .. } | HopError::ForeignScheme { .. } => {
                folded.hint("leave -L out to see the answer itself")
            }
        }
    }
}

impl From<CodingError> for CommandError {
    fn from(error: CodingError) -> CommandError {
        CommandError::new(Exit::BAD_CODING, error.to_string()).hint(match &error {
            CodingError::Transfer { .. } => "only chunked is undone, and nothing else was asked for",
            _ => "--no-compressed shows what comes as it was sent",
        })
    }
}

impl From<TransportError> for CommandError {
    fn from(error: TransportError) -> CommandError {
        let folded = CommandError::new(Exit::from(&error), error.to_string());
        with_hint(folded, &error)
    }
}

fn with_hint(folded: CommandError, error: &TransportError) -> CommandError {
    let hint = match error.phase {
        Phase::BadHead => {
            "nothing of this answer was kept; the server, or who stands between, has to mend it"
        }
        Phase::Connect | Phase::ConnectRefused if error.is_about_a_proxy() => {
            "is the proxy running, and is its port right? See -x, http_proxy, https_proxy and all_proxy"
        }
        Phase::Connect | Phase::ConnectRefused => "is the server running, and is the port right?",
        Phase::ConnectTimeout => "the host does not answer; allow more with --connect-timeout SECONDS",
        Phase::EmptyReply | Phase::NotHttp => {
            "does the server speak https there, or http where you asked for https?"
        }
        Phase::From => "is it an address or an interface of this machine?",
        Phase::HeadTooLarge => "nothing of this answer was kept; ask the server for fewer or smaller headers",
        Phase::ProxyHandshake => {
            "does the proxy speak this SOCKS, and does it want a login (-U USER:PASSWORD)?"
        }
        Phase::ProxyResolve => "check the name in -x or in http_proxy, https_proxy and all_proxy",
        Phase::ProxyTunnel => {
            "does the proxy allow this host and port, and does it want a login (-U USER:PASSWORD)?"
        }
        Phase::Resolve if error.is_about_a_word() => {
            "check the name; if a verb was meant, kuki -h lists them"
        }
        Phase::Resolve => "check the name, or give its address with --resolve HOST:PORT:ADDRESS",
        Phase::Roots => "name a PEM file with --cacert FILE",
        Phase::Tls => "does the server speak TLS on this port?",
        Phase::TlsCertificate => "trust its issuer with --cacert FILE, or accept anything with -k",
        Phase::Body | Phase::BodyCutShort | Phase::Send => {
            "the server or the network broke off; -v shows how far it came"
        }
        Phase::TooSlow => "allow less with --speed-limit, or more time with --speed-time",
        Phase::Upload => "a file must stay as it is while it is sent",
        Phase::Setup => return folded,
    };
    folded.hint(hint)
}
