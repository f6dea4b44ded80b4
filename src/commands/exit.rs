//! Owns the exit statuses: curl's where curl has one, ours above 100.
//! Does not decide when they apply.

use crate::exchange::error::HopError;
use crate::store::error::StoreError;
use crate::transport::error::{Phase, TransportError};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Exit(u8);

impl Exit {
    pub const SUCCESS: Exit = Exit(0);
    pub const NOTHING_MATCHED: Exit = Exit(1);
    pub const UNSUPPORTED_PROTOCOL: Exit = Exit(1);
    pub const USAGE: Exit = Exit(2);
    pub const BAD_URL: Exit = Exit(3);
    pub const BAD_PROXY: Exit = Exit(5);
    pub const UNRESOLVED: Exit = Exit(6);
    pub const PROXY_SCHEME: Exit = Exit(7);
    pub const CUT_SHORT: Exit = Exit(18);
    pub const HTTP_ERROR: Exit = Exit(22);
    pub const WRITE_FAILED: Exit = Exit(23);
    pub const READ_FAILED: Exit = Exit(26);
    pub const TIMED_OUT: Exit = Exit(28);
    pub const NO_PART: Exit = Exit(33);
    pub const BIND_FAILED: Exit = Exit(45);
    pub const BAD_IDENTITY: Exit = Exit(58);
    pub const BAD_CODING: Exit = Exit(61);
    pub const TOO_LARGE: Exit = Exit(63);
    pub const LOGIN_DENIED: Exit = Exit(67);
    pub const BAD_CA_FILE: Exit = Exit(77);
    pub const JAR_UNREADABLE: Exit = Exit(101);
    pub const JAR_UNSAVED: Exit = Exit(102);
    pub const FINDINGS: Exit = Exit(104);
    pub const REFUSED: Exit = Exit(105);
    const SPENT_BODY: Exit = Exit(65);
    const TOO_MANY_REDIRECTS: Exit = Exit(47);

    /// What a verb that looks for cookies says of how many it found.
    pub fn found(count: usize) -> Exit {
        if count == 0 { Exit::NOTHING_MATCHED } else { Exit::SUCCESS }
    }

    /// As a shell says that a signal ended a process.
    pub fn by_signal(signal: i32) -> Exit {
        Exit(u8::try_from(128 + signal).unwrap_or(u8::MAX))
    }

    pub fn status(self) -> u8 {
        self.0
    }
}

impl From<&StoreError> for Exit {
    fn from(error: &StoreError) -> Exit {
        match error {
            StoreError::Corrupt { .. } | StoreError::Unreadable { .. } | StoreError::Unsuitable { .. } => {
                Exit::JAR_UNREADABLE
            }
            StoreError::Crowded { .. } => Exit::REFUSED,
            StoreError::LockInterrupted { .. }
            | StoreError::LockUnusable { .. }
            | StoreError::Locked { .. }
            | StoreError::Unsaved { .. }
            | StoreError::Unsynced { .. } => Exit::JAR_UNSAVED,
        }
    }
}

impl From<&HopError<TransportError>> for Exit {
    fn from(error: &HopError<TransportError>) -> Exit {
        match error {
            HopError::BadLocation { .. } => Exit::BAD_URL,
            HopError::BarredScheme { .. } | HopError::ForeignScheme { .. } => Exit::UNSUPPORTED_PROTOCOL,
            HopError::SpentBody { .. } => Exit::SPENT_BODY,
            HopError::TooManyRedirects { .. } => Exit::TOO_MANY_REDIRECTS,
            HopError::Transport { source, .. } => Exit::from(source),
        }
    }
}

impl From<&TransportError> for Exit {
    fn from(error: &TransportError) -> Exit {
        Exit(match error.phase {
            Phase::ProxyResolve => 5,
            Phase::Upload => 26,
            Phase::Resolve => 6,
            Phase::Connect | Phase::ConnectRefused => 7,
            Phase::NotHttp => 1,
            Phase::BadHead => 8,
            Phase::BodyCutShort => 18,
            Phase::ConnectTimeout | Phase::TooSlow => 28,
            Phase::Tls => 35,
            Phase::From => 45,
            Phase::EmptyReply => 52,
            Phase::Body | Phase::HeadTooLarge | Phase::ProxyTunnel | Phase::Send => 56,
            Phase::TlsCertificate => 60,
            Phase::Roots => 77,
            Phase::ProxyHandshake => 97,
            Phase::Setup => 2,
        })
    }
}
