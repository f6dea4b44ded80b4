//! Owns what can go wrong with a jar's file.
//! Does not choose an exit status.

use std::fmt;
use std::io;
use std::path::PathBuf;
use std::time::Duration;

#[derive(Debug)]
pub enum StoreError {
    /// The jar is there and can't be understood; it is left as it is.
    Corrupt { path: PathBuf, fault: Fault },
    /// Others filled the jar meanwhile, and the edits were not to push anything out.
    Crowded { path: PathBuf, evicted: usize },
    /// Somebody holds the lock for longer than we may wait.
    Locked { path: PathBuf, waited: Duration },
    /// The wait for the lock was broken off from outside.
    LockInterrupted { path: PathBuf },
    /// The lock can't be taken at all: no right to it, or a file system without locks.
    LockUnusable { path: PathBuf, source: io::Error },
    /// The jar can't be read at all.
    Unreadable { path: PathBuf, source: io::Error },
    /// The path names something that is no jar's file.
    Unsuitable { path: PathBuf, what: &'static str },
    /// The new jar could not be put in the place of the old one, which stands.
    Unsaved { path: PathBuf, doing: &'static str, source: io::Error },
    /// The new jar is in the place of the old one, but the disk did not say that it stays there.
    Unsynced { path: PathBuf, source: io::Error },
}

/// Where and why a text is no jar.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    pub what: String,
    pub at: Option<(usize, usize)>,
}

impl StoreError {
    /// Did this happen while reading, with nothing of ours to save yet?
    pub fn is_about_reading(&self) -> bool {
        matches!(
            self,
            StoreError::Corrupt { .. } | StoreError::Unreadable { .. } | StoreError::Unsuitable { .. }
        )
    }
}

impl std::error::Error for StoreError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            StoreError::LockUnusable { source, .. }
            | StoreError::Unreadable { source, .. }
            | StoreError::Unsaved { source, .. }
            | StoreError::Unsynced { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl fmt::Display for StoreError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            StoreError::Corrupt { path, fault } => {
                write!(f, "the jar {} cannot be read: {fault}", path.display())
            }
            StoreError::Crowded { path, evicted } => write!(
                f,
                "another process filled the jar {} meanwhile, so that {evicted} of its cookies would go",
                path.display()
            ),
            StoreError::Locked { path, waited } => write!(
                f,
                "the jar's lock {} is held by another process, for more than {} s",
                path.display(),
                waited.as_secs_f64()
            ),
            StoreError::LockInterrupted { path } => {
                write!(f, "interrupted while waiting for the jar's lock {}", path.display())
            }
            StoreError::LockUnusable { path, source } => {
                write!(f, "the jar's lock {} cannot be used: {source}", path.display())
            }
            StoreError::Unreadable { path, source } => {
                write!(f, "the jar {} cannot be read: {source}", path.display())
            }
            StoreError::Unsuitable { path, what } => {
                write!(f, "the jar {} cannot be read: it is {what}", path.display())
            }
            StoreError::Unsaved { path, doing, source } => {
                write!(f, "the jar {} cannot be saved: {doing}: {source}", path.display())
            }
            StoreError::Unsynced { path, source } => write!(
                f,
                "the jar {} was saved, but may not outlast a power cut: syncing its directory: {source}",
                path.display()
            ),
        }
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)?;
        match self.at {
            Some((line, column)) => write!(f, " at line {line}, column {column}"),
            None => Ok(()),
        }
    }
}
