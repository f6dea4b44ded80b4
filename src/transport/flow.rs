//! Owns that a transfer keeps to its speed: pieces are held back, and one that is too slow is ended.
//! Does not know the rules of speed; `exchange/pace` does.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep};

use crate::exchange::pace::{LOOK, Least, Pace, Speed, Watch};

/// Octets that went, in either direction.
pub type Count = Arc<AtomicU64>;

/// The transfer was too slow for too long.
#[derive(Debug)]
pub struct TooSlow(pub Least);

/// Holds one transfer to its speed.
pub struct Flow {
    began: Instant,
    speed: Speed,
    pub count: Count,
    watch: Option<Pin<Box<dyn Future<Output = TooSlow> + Send>>>,
    pacing: Option<Pacing>,
}

/// What came in and is held back.
struct Pacing {
    pace: Pace,
    rest: Bytes,
}

impl Flow {
    /// `None` where nothing is to be held to.
    pub fn begin(speed: Speed) -> Option<Flow> {
        if speed == Speed::default() {
            return None;
        }
        let count = Count::default();
        let watch = speed.least.map(|least| Box::pin(watch(least, Arc::clone(&count))) as _);
        let pacing = speed.most.map(|rate| Pacing { pace: Pace::new(rate), rest: Bytes::new() });
        Some(Flow { began: Instant::now(), speed, count, watch, pacing })
    }

    /// For what is sent: the pace, and when it began.
    pub fn of_upload(&self) -> Outflow {
        Outflow { began: self.began, count: Arc::clone(&self.count), pace: self.speed.most.map(Pace::new) }
    }

    /// Waits for the future, unless too little goes meanwhile.
    pub async fn watched<F: Future>(&mut self, future: F) -> Result<F::Output, TooSlow> {
        let Some(watch) = &mut self.watch else { return Ok(future.await) };
        let mut future = pin!(future);
        poll_fn(|context| {
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(Ok(output));
            }
            watch.as_mut().poll(context).map(Err)
        })
        .await
    }

    /// What is held back of a chunk, if anything is: a piece of it, in its time.
    pub async fn held(&mut self) -> Result<Option<Bytes>, TooSlow> {
        let Some(Pacing { pace, rest }) = &mut self.pacing else { return Ok(None) };
        if rest.is_empty() {
            return Ok(None);
        }
        let piece = rest.split_to(pace.piece().min(rest.len()));
        let wait = pace.wait(piece.len(), self.began.elapsed());
        if !wait.is_zero() {
            self.watched(sleep(wait)).await?;
        }
        Ok(Some(self.counted(piece)))
    }

    /// A chunk came in: it passes at once, or is held back, and then `None` comes of it.
    pub fn take(&mut self, chunk: Bytes) -> Option<Bytes> {
        match &mut self.pacing {
            Some(pacing) => {
                pacing.rest = chunk;
                None
            }
            None => Some(self.counted(chunk)),
        }
    }

    fn counted(&self, piece: Bytes) -> Bytes {
        self.count.fetch_add(piece.len() as u64, Ordering::Relaxed);
        piece
    }
}

/// The part of it that goes along with what is sent.
pub struct Outflow {
    began: Instant,
    count: Count,
    pace: Option<Pace>,
}

impl Outflow {
    /// How much of a chunk goes at once, and how long that is to wait.
    pub fn pace(&mut self, chunk: usize) -> (usize, Duration) {
        let Some(pace) = &mut self.pace else { return (chunk, Duration::ZERO) };
        let piece = pace.piece().min(chunk);
        (piece, pace.wait(piece, self.began.elapsed()))
    }

    pub fn sent(&self, octets: usize) {
        self.count.fetch_add(octets as u64, Ordering::Relaxed);
    }
}

/// Ends when too little has gone for too long.
async fn watch(least: Least, count: Count) -> TooSlow {
    let (began, mut watch) = (Instant::now(), Watch::new(least));
    loop {
        sleep(LOOK.min(least.time)).await;
        if watch.is_too_slow(count.load(Ordering::Relaxed), began.elapsed()) {
            return TooSlow(least);
        }
    }
}

impl fmt::Debug for Flow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Flow").field("speed", &self.speed).finish_non_exhaustive()
    }
}

impl fmt::Display for TooSlow {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let TooSlow(Least { rate, time }) = self;
        write!(f, "less than {rate} B/s went for {} s", time.as_secs())
    }
}
