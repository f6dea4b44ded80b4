//! Owns what happens to a running request from outside: signals and the end of its time.
//! Does not clean up; whoever waits is told and does so.
//!
//! A signal is caught only once there is something to lose, cookies of a chain that goes on. Before that and after the
//! jar is saved it ends the process as it ends any other, and a small request does not pay for listening.

use std::future::{Future, poll_fn};
use std::io;
use std::os::unix::net::UnixStream as Pipe;
use std::pin::pin;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM, SIGXFSZ};
use signal_hook::{flag, low_level::pipe};
use tokio::net::UnixStream;
use tokio::time::{Instant, sleep_until};

/// Hears the signals that end a process, from when it is armed.
#[derive(Default)]
pub struct Interrupts {
    /// Set when it is armed; a signal makes it readable.
    pipe: OnceLock<Pipe>,
    caught: Arc<AtomicUsize>,
    /// There is nothing left to lose.
    is_disarmed: Arc<AtomicBool>,
}

/// How a wait ended.
pub enum Ended<T> {
    Done(T),
    Interrupted(i32),
    TimedOut,
}

impl Interrupts {
    /// From here on a signal is heard here, and does not end the process by itself.
    pub fn arm(&self) {
        self.is_disarmed.store(false, Ordering::Relaxed);
        if self.pipe.get().is_some() {
            return;
        }
        // Where this can't be done, signals go on ending the process.
        if let Ok(pipe) = self.register() {
            let _ = self.pipe.set(pipe);
        }
    }

    /// From here on a signal ends the process again, also where it waits for a reader of its output, until it is armed
    /// anew.
    pub fn disarm(&self) {
        self.is_disarmed.store(true, Ordering::Relaxed);
    }

    /// The signal that came.
    pub fn caught(&self) -> Option<i32> {
        i32::try_from(self.caught.load(Ordering::Relaxed)).ok().filter(|signal| *signal != 0)
    }

    /// From here on a file that would grow over the process's limit (`ulimit -f`) is an error like a full disk, and
    /// not the end of the process.
    pub fn outlive_file_size_limit() {
        // Where this can't be done, the signal goes on ending the process; the jar bears that.
        let _ = flag::register(SIGXFSZ, Arc::default());
    }

    fn register(&self) -> io::Result<Pipe> {
        let (reader, writer) = Pipe::pair()?;
        reader.set_nonblocking(true)?;
        for signal in [SIGHUP, SIGINT, SIGTERM] {
            flag::register_conditional_default(signal, Arc::clone(&self.is_disarmed))?;
            // First the number, then the waking, in this order.
            let number = usize::try_from(signal).unwrap_or_default();
            flag::register_usize(signal, Arc::clone(&self.caught), number)?;
            pipe::register(signal, writer.try_clone()?)?;
        }
        Ok(reader)
    }

    /// Waits for the future, but not beyond the deadline or a signal; the future is then dropped.
    pub async fn bound<F: Future>(&self, future: F, deadline: Option<Instant>) -> Ended<F::Output> {
        let mut future = pin!(future);
        let mut end = deadline.map(|deadline| Box::pin(sleep_until(deadline)));
        let mut wake = None;
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ended::Done(output));
            }
            if let Some(signal) = self.poll_caught(&mut wake, context) {
                return Poll::Ready(Ended::Interrupted(signal));
            }
            match &mut end {
                Some(end) => end.as_mut().poll(context).map(|()| Ended::TimedOut),
                None => Poll::Pending,
            }
        })
        .await
    }

    /// The signal that came, or else `None` and the promise that one will wake the task.
    fn poll_caught(&self, wake: &mut Option<UnixStream>, context: &mut Context) -> Option<i32> {
        if wake.is_none() {
            let reader = self.pipe.get()?.try_clone().ok()?;
            *wake = UnixStream::from_std(reader).ok();
        }
        // What it says does not matter, only that it speaks.
        let _ = wake.as_ref()?.poll_read_ready(context);
        self.caught()
    }
}
