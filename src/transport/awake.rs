//! Owns how a large body is waited for: awake for a moment, since to sleep and be woken takes longer than it takes to come.
//! Does not read it.

use std::future::{Future, poll_fn};
use std::pin::pin;

use bytes::Bytes;

/// After a chunk of so many octets there is probably another in a moment.
const LARGE: usize = 8 * 1024;

/// So often is looked before going to sleep: for some 60 µs. A sender on the same machine is held up if it has to wake
/// somebody for every chunk; and a line of 100 Mbit/s brings so few that looking takes a tenth of a core at most.
const LOOKS: u32 = 64;

/// How one body comes in.
#[derive(Debug, Default)]
pub struct Vigil {
    is_large: bool,
}

impl Vigil {
    /// Waits for the next chunk.
    pub async fn wait<E>(
        &mut self,
        next: impl Future<Output = Result<Option<Bytes>, E>>,
    ) -> Result<Option<Bytes>, E> {
        let mut next = pin!(next);
        let mut looks = if self.is_large { LOOKS } else { 0 };
        let chunk = poll_fn(|context| {
            let polled = next.as_mut().poll(context);
            if polled.is_pending() && looks > 0 {
                looks -= 1;
                context.waker().wake_by_ref();
            }
            polled
        })
        .await;
        self.is_large = matches!(&chunk, Ok(Some(octets)) if octets.len() >= LARGE);
        chunk
    }
}

#[cfg(test)]
mod tests {
    use std::future::{pending, ready};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicU32, Ordering};
    use std::task::{Context, Poll, Wake, Waker};

    use super::*;

    #[derive(Default)]
    struct Count(AtomicU32);

    impl Wake for Count {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// How often a wait for what never comes wakes itself, looked at so many times, after a chunk of so many octets.
    fn wakes(before: usize, times: u32) -> u32 {
        let count = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&count));
        let mut context = Context::from_waker(&waker);
        let mut vigil = Vigil::default();
        let chunk = Bytes::from(vec![0; before]);
        let came = pin!(vigil.wait(ready(Ok::<_, ()>(Some(chunk.clone()))))).poll(&mut context);
        assert_eq!(came, Poll::Ready(Ok(Some(chunk))));
        let mut wait = pin!(vigil.wait(pending::<Result<_, ()>>()));
        for _ in 0..times {
            assert_eq!(wait.as_mut().poll(&mut context), Poll::Pending);
        }
        count.0.load(Ordering::Relaxed)
    }

    #[test]
    fn who_waits_stays_awake_for_a_while_after_a_large_chunk_only() {
        assert_eq!(wakes(0, 3), 0);
        assert_eq!(wakes(LARGE, 3), 3);
        assert_eq!(wakes(LARGE, LOOKS + 9), LOOKS);
        assert_eq!(wakes(LARGE - 1, 3), 0);
    }
}
