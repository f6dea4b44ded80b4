//! Owns the lock beside a jar: a file that is never deleted, held while the jar is changed.
//! Does not print; whoever calls is told when there is a wait.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::store::disk::{Disk, Os, Owner, PRIVATE};
use crate::store::error::StoreError;

/// Held until it is dropped.
#[derive(Debug)]
pub struct Lock {
    _file: File,
}

/// How to wait while another process holds the lock.
pub trait Patience {
    /// How long at most.
    fn limit(&self) -> Duration;
    /// The lock is busy, and the wait begins.
    fn waiting(&mut self, lock: &Path);
    /// Is the wait to be broken off?
    fn is_over(&self) -> bool;
}

/// How often a wait asks whether it is to be broken off; the lock itself is handed over at once.
const GLANCE: Duration = Duration::from_millis(50);

impl Lock {
    /// Takes the lock; if it is busy, a thread blocks in the kernel's own queue, which is fair and does not poll.
    ///
    /// `owner`: to whom the jar belongs, if that is somebody else.
    pub fn acquire(
        path: &Path,
        owner: Option<Owner>,
        patience: &mut dyn Patience,
    ) -> Result<Lock, StoreError> {
        let unusable = |source| StoreError::LockUnusable { path: path.to_owned(), source };
        let file = open(path, owner).map_err(unusable)?;
        match uninterrupted(|| file.try_lock()) {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => patience.waiting(path),
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        let start = Instant::now();
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let locked = uninterrupted(|| file.lock().map_err(TryLockError::Error));
            // If nobody waits any more, the lock is dropped with the message.
            let _ = sender.send(locked.map(|()| Lock { _file: file }).map_err(io::Error::from));
        });
        loop {
            match receiver.recv_timeout(GLANCE) {
                Ok(locked) => return locked.map_err(unusable),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(unusable(io::Error::other("the thread that waited for it ended")));
                }
                Err(RecvTimeoutError::Timeout) if patience.is_over() => {
                    return Err(StoreError::LockInterrupted { path: path.to_owned() });
                }
                Err(RecvTimeoutError::Timeout) if start.elapsed() >= patience.limit() => {
                    return Err(StoreError::Locked { path: path.to_owned(), waited: patience.limit() });
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
        }
    }
}

/// Never truncates, never follows a link that somebody laid there, never waits for a FIFO's reader.
fn open(path: &Path, owner: Option<Owner>) -> io::Result<File> {
    let mut options = OpenOptions::new();
    options.read(true).write(true).custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK);
    let file = match options.open(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            match options.clone().create_new(true).mode(PRIVATE).open(path) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => options.open(path),
                made => made.and_then(|file| given(file, owner)),
            }
        }
        opened => opened,
    }?;
    let metadata = file.metadata()?;
    if !metadata.is_file() {
        return Err(io::Error::other("it is not a regular file"));
    }
    // A umask may have taken rights that the next process needs. A hard link could be to anything else of ours.
    if metadata.mode() & PRIVATE != PRIVATE && metadata.nlink() == 1 {
        file.set_permissions(Permissions::from_mode(PRIVATE))?;
    }
    Ok(file)
}

/// What the superuser makes beside another user's jar would lock that user out. Only a file of our own making is given
/// away: what lay there could be anything.
fn given(file: File, owner: Option<Owner>) -> io::Result<File> {
    if let Some(owner) = owner {
        Os.give(&file, owner)?;
    }
    Ok(file)
}

/// A signal that is no business of the lock's breaks a call off, on some file systems even one that does not wait.
fn uninterrupted(mut call: impl FnMut() -> Result<(), TryLockError>) -> Result<(), TryLockError> {
    loop {
        match call() {
            Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Interrupted => {}
            ended => return ended,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_call_that_a_signal_broke_off_is_made_again_and_any_other_end_is_final() {
        let failed = |kind: io::ErrorKind| Err(TryLockError::Error(kind.into()));
        let mut ends = vec![Ok(()), failed(io::ErrorKind::Unsupported), failed(io::ErrorKind::Interrupted)];
        let mut next = || uninterrupted(|| ends.pop().expect("another end"));
        assert!(
            matches!(next(), Err(TryLockError::Error(error)) if error.kind() == io::ErrorKind::Unsupported)
        );
        assert!(next().is_ok());
    }
}
