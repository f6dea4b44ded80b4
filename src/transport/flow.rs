//! Owns that a transfer keeps to its speed: pieces are held back, and one that is too slow is ended.
//! Does not know the rules of speed; `exchange/pace` does.

use std::fmt;
use std::future::{Future, poll_fn};
use std::pin::{Pin, pin};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::Poll;
use std::time::Duration;

use bytes::Bytes;
use tokio::time::{Instant, sleep};

use crate::exchange::pace::{LOOK, Least, Pace, Speed, Watch};

/// Octets that went, in either direction.
type Count = Arc<AtomicU64>;

/// How far all the transfers of a run are, for whoever wants to watch.
#[derive(Debug, Default)]
pub struct Progress {
    sent: Way,
    received: Way,
}

/// One direction.
#[derive(Debug, Default)]
struct Way {
    octets: AtomicU64,
    expected: AtomicU64,
    /// Of something it is not known how much there is.
    is_endless: AtomicBool,
}

/// Of the direction in which things go now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Gone {
    pub octets: u64,
    pub whole: Option<u64>,
}

impl Progress {
    pub fn gone(&self) -> Gone {
        let way = if self.received.has_begun() { &self.received } else { &self.sent };
        let expected = way.expected.load(Ordering::Relaxed);
        let octets = way.octets.load(Ordering::Relaxed);
        let is_known = expected > 0 && !way.is_endless.load(Ordering::Relaxed);
        Gone { octets, whole: is_known.then_some(expected.max(octets)) }
    }
}

impl Way {
    fn expect(&self, octets: Option<u64>) {
        match octets {
            Some(octets) => {
                self.expected.fetch_add(octets, Ordering::Relaxed);
            }
            None => self.is_endless.store(true, Ordering::Relaxed),
        }
    }

    fn gone(&self, octets: u64) {
        self.octets.fetch_add(octets, Ordering::Relaxed);
    }

    fn has_begun(&self) -> bool {
        self.is_endless.load(Ordering::Relaxed) || self.expected.load(Ordering::Relaxed) > 0
    }
}

/// The transfer was too slow for too long.
#[derive(Debug)]
pub struct TooSlow(pub Least);

/// Holds one transfer to its speed.
pub struct Flow {
    began: Instant,
    speed: Speed,
    count: Count,
    progress: Option<Arc<Progress>>,
    /// Was what is to come in told to whoever watches?
    has_expected: bool,
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
    pub fn begin(speed: Speed, progress: Option<&Arc<Progress>>) -> Option<Flow> {
        if speed == Speed::default() && progress.is_none() {
            return None;
        }
        let count = Count::default();
        let watch = speed.least.map(|least| Box::pin(watch(least, Arc::clone(&count))) as _);
        let pacing = speed.most.map(|rate| Pacing { pace: Pace::new(rate), rest: Bytes::new() });
        let progress = progress.cloned();
        Some(Flow { began: Instant::now(), speed, count, progress, has_expected: false, watch, pacing })
    }

    /// For what is sent: the pace, and when it began.
    pub fn of_upload(&self, length: Option<u64>) -> Outflow {
        self.progress.iter().for_each(|progress| progress.sent.expect(length));
        let pace = self.speed.most.map(Pace::new);
        Outflow { began: self.began, count: Arc::clone(&self.count), progress: self.progress.clone(), pace }
    }

    /// So much is to come in, where that is known.
    pub fn expect(&mut self, length: Option<u64>) {
        if let Some(progress) = self.progress.as_ref().filter(|_| !self.has_expected) {
            progress.received.expect(length);
            self.has_expected = true;
        }
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
        let octets = piece.len() as u64;
        self.count.fetch_add(octets, Ordering::Relaxed);
        self.progress.iter().for_each(|progress| progress.received.gone(octets));
        piece
    }
}

/// The part of it that goes along with what is sent.
pub struct Outflow {
    began: Instant,
    count: Count,
    progress: Option<Arc<Progress>>,
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
        let octets = octets as u64;
        self.count.fetch_add(octets, Ordering::Relaxed);
        self.progress.iter().for_each(|progress| progress.sent.gone(octets));
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_shown_is_the_direction_in_which_things_go() {
        let progress = Arc::new(Progress::default());
        let gone = |octets, whole| Gone { octets, whole };
        assert_eq!(progress.gone(), gone(0, None));
        let begin = || Flow::begin(Speed::default(), Some(&progress)).expect("somebody watches");
        let (mut flow, mut other) = (begin(), begin());
        flow.of_upload(Some(9)).sent(4);
        assert_eq!(progress.gone(), gone(4, Some(9)));
        other.of_upload(Some(1)).sent(1);
        assert_eq!(progress.gone(), gone(5, Some(10)));
        flow.expect(Some(3));
        flow.expect(Some(3));
        assert_eq!(
            (flow.take(Bytes::from_static(b"ab")), progress.gone()),
            (Some("ab".into()), gone(2, Some(3)))
        );
        // More than was promised is all that there is.
        assert_eq!(
            (flow.take(Bytes::from_static(b"cd")), progress.gone()),
            (Some("cd".into()), gone(4, Some(4)))
        );
        other.expect(None);
        assert_eq!(progress.gone(), gone(4, None));
    }
}
