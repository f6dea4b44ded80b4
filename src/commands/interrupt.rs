//! Owns what happens to a running request from outside: signals and the end of its time.
//! Does not clean up; whoever waits is told and does so.

use std::future::{Future, poll_fn};
use std::io;
use std::pin::pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use signal_hook::consts::{SIGHUP, SIGINT, SIGTERM};
use tokio::signal::unix::{Signal, SignalKind, signal};
use tokio::time::{Instant, sleep_until};

/// Listens to the signals that end a process.
pub struct Interrupts {
    signals: Vec<(i32, Signal)>,
    /// The last signal that came, also while no future was waiting.
    caught: Arc<AtomicUsize>,
}

/// How a wait ended.
pub enum Ended<T> {
    Done(T),
    Interrupted(i32),
    TimedOut,
}

impl Interrupts {
    /// To be called inside a runtime.
    pub fn listen() -> io::Result<Interrupts> {
        let caught = Arc::new(AtomicUsize::new(0));
        let mut signals = Vec::new();
        for number in [SIGHUP, SIGINT, SIGTERM] {
            signals.push((number, signal(SignalKind::from_raw(number))?));
            let value = usize::try_from(number).unwrap_or_default();
            signal_hook::flag::register_usize(number, Arc::clone(&caught), value)?;
        }
        Ok(Interrupts { signals, caught })
    }

    pub fn was_caught(&self) -> bool {
        self.caught.load(Ordering::Relaxed) != 0
    }

    /// Waits for the future, but not beyond the deadline or a signal; the future is then dropped.
    pub async fn bound<F: Future>(&mut self, future: F, deadline: Option<Instant>) -> Ended<F::Output> {
        let mut future = pin!(future);
        let mut end = deadline.map(|deadline| Box::pin(sleep_until(deadline)));
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ended::Done(output));
            }
            for (number, signal) in &mut self.signals {
                if signal.poll_recv(context).is_ready() {
                    return Poll::Ready(Ended::Interrupted(*number));
                }
            }
            match &mut end {
                Some(end) => end.as_mut().poll(context).map(|()| Ended::TimedOut),
                None => Poll::Pending,
            }
        })
        .await
    }
}
