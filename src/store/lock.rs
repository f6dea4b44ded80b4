//! Owns the lock beside a jar: a file that is never deleted, held while the jar is changed.
//! Does not print; whoever calls is told when there is a wait.

use std::fs::{File, OpenOptions, Permissions, TryLockError};
use std::io;
use std::os::unix::fs::{MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use crate::store::disk::PRIVATE;
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
    pub fn acquire(path: &Path, patience: &mut dyn Patience) -> Result<Lock, StoreError> {
        let unusable = |source| StoreError::LockUnusable { path: path.to_owned(), source };
        let file = open(path).map_err(unusable)?;
        match file.try_lock() {
            Ok(()) => return Ok(Lock { _file: file }),
            Err(TryLockError::WouldBlock) => patience.waiting(path),
            Err(TryLockError::Error(source)) => return Err(unusable(source)),
        }
        let start = Instant::now();
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            let locked = file.lock().map(|()| Lock { _file: file });
            // If nobody waits any more, the lock is dropped with the message.
            let _ = sender.send(locked);
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
fn open(path: &Path) -> io::Result<File> {
    let file = OpenOptions::new()
        .read(true)
        .write(true)
        .create(true)
        .truncate(false)
        .mode(PRIVATE)
        .custom_flags(libc::O_NOFOLLOW | libc::O_NONBLOCK)
        .open(path)?;
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
