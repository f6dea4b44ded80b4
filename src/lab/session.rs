//! Owns who may log in and who is logged in: the accounts, and the sessions with their ids and their idle life.
//! Does not read cookies or bodies; the time is an argument.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// The user of an account, if the password is the account's.
pub(super) fn account(user: &str, pass: &str) -> Option<&'static str> {
    ACCOUNTS.into_iter().find(|&account| account == (user, pass)).map(|(user, _)| user)
}

/// 128 random bits, written as 32 lower-case hexadecimal digits.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
pub(super) struct SessionId(u128);

impl SessionId {
    pub(super) fn random() -> Result<SessionId, getrandom::Error> {
        let mut octets = [0; 16];
        getrandom::fill(&mut octets)?;
        Ok(SessionId(u128::from_ne_bytes(octets)))
    }

    /// Reads the one spelling that `Display` writes.
    pub(super) fn read(text: &[u8]) -> Option<SessionId> {
        let is_digit = |octet: &u8| matches!(octet, b'0'..=b'9' | b'a'..=b'f');
        if text.len() != 32 || !text.iter().all(is_digit) {
            return None;
        }
        let text = str::from_utf8(text).ok()?;
        u128::from_str_radix(text, 16).ok().map(SessionId)
    }
}

impl fmt::Display for SessionId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

/// The sessions that are open, at most `MOST`, each until it has been idle for `IDLE_LIFE`.
#[derive(Default)]
pub(super) struct Sessions {
    open: Mutex<HashMap<SessionId, Session>>,
}

impl Sessions {
    /// Opens a session; the one that has been idle the longest makes room.
    pub(super) fn open(&self, id: SessionId, user: &'static str, now: Instant) {
        let mut open = self.lock();
        if open.len() >= MOST {
            open.retain(|_, session| session.is_alive(now));
        }
        if open.len() >= MOST {
            let oldest = open.iter().min_by_key(|(_, session)| session.used);
            if let Some((&oldest, _)) = oldest {
                open.remove(&oldest);
            }
        }
        open.insert(id, Session { user, used: now });
    }

    /// The user of a live session, which counts as a use of it.
    pub(super) fn user(&self, id: SessionId, now: Instant) -> Option<&'static str> {
        let mut open = self.lock();
        let session = open.get_mut(&id)?;
        if session.is_alive(now) {
            session.used = now;
            Some(session.user)
        } else {
            open.remove(&id);
            None
        }
    }

    pub(super) fn end(&self, id: SessionId) {
        self.lock().remove(&id);
    }

    /// A panic elsewhere leaves no map half changed, so a poisoned lock is as good as any.
    fn lock(&self) -> MutexGuard<'_, HashMap<SessionId, Session>> {
        self.open.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Session {
    user: &'static str,
    used: Instant,
}

impl Session {
    fn is_alive(&self, now: Instant) -> bool {
        now.saturating_duration_since(self.used) < IDLE_LIFE
    }
}

const ACCOUNTS: [(&str, &str); 2] = [("ada", "lovelace"), ("grace", "hopper")];
const IDLE_LIFE: Duration = Duration::from_secs(30 * 60);
const MOST: usize = 10_000;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_right_pair_is_an_account() {
        assert_eq!(account("ada", "lovelace"), Some("ada"));
        assert_eq!(account("grace", "hopper"), Some("grace"));
        assert_eq!(account("ada", "hopper"), None);
        assert_eq!(account("", ""), None);
    }

    #[test]
    fn an_id_reads_back_in_one_spelling_only() {
        let text = "00000000000000000000000000000abc";
        let id = SessionId(0xabc);
        assert_eq!(id.to_string(), text);
        assert_eq!(SessionId::read(text.as_bytes()), Some(id));
        assert_eq!(SessionId::read(text.to_uppercase().as_bytes()), None);
        assert_eq!(SessionId::read(b"+0000000000000000000000000000abc"), None);
        assert_eq!(SessionId::read(b"abc"), None);
    }

    #[test]
    fn random_ids_differ() {
        assert_ne!(SessionId::random(), SessionId::random());
    }

    #[test]
    fn use_keeps_a_session_and_idleness_ends_it() {
        let (sessions, id, start) = (Sessions::default(), SessionId(1), Instant::now());
        let almost = IDLE_LIFE - Duration::from_secs(1);
        sessions.open(id, "ada", start);
        assert_eq!(sessions.user(id, start + almost), Some("ada"));
        assert_eq!(sessions.user(id, start + almost * 2), Some("ada"));
        assert_eq!(sessions.user(id, start + almost * 2 + IDLE_LIFE), None);
        assert_eq!(sessions.user(id, start), None, "it does not come back");
    }

    #[test]
    fn an_ended_session_has_no_user() {
        let (sessions, now) = (Sessions::default(), Instant::now());
        sessions.open(SessionId(1), "ada", now);
        sessions.end(SessionId(1));
        assert_eq!(sessions.user(SessionId(1), now), None);
    }

    #[test]
    fn the_longest_idle_session_makes_room() {
        let (sessions, start) = (Sessions::default(), Instant::now());
        for number in 0..=MOST as u128 {
            let now = start + Duration::from_micros(number as u64);
            sessions.open(SessionId(number), "ada", now);
        }
        assert_eq!(sessions.lock().len(), MOST);
        assert_eq!(sessions.user(SessionId(0), start), None);
        assert_eq!(sessions.user(SessionId(1), start), Some("ada"));
    }
}
