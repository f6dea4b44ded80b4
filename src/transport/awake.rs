//! Owns how a large body is waited for: awake for a moment, since to sleep and be woken takes longer than it takes to come.
//! Does not read it.

use std::future::{Future, poll_fn};
use std::pin::pin;

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
    pub async fn wait<F: Future>(&self, next: F) -> F::Output {
        let mut next = pin!(next);
        let mut looks = if self.is_large { LOOKS } else { 0 };
        poll_fn(|context| {
            let polled = next.as_mut().poll(context);
            if polled.is_pending() && looks > 0 {
                looks -= 1;
                context.waker().wake_by_ref();
            }
            polled
        })
        .await
    }

    /// So many octets came.
    pub fn came(&mut self, octets: usize) {
        self.is_large = octets >= LARGE;
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
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

    /// How often a wait for what never comes wakes itself, looked at so many times.
    fn wakes(vigil: &Vigil, times: u32) -> u32 {
        let count = Arc::new(Count::default());
        let waker = Waker::from(Arc::clone(&count));
        let mut wait = pin!(vigil.wait(pending::<()>()));
        for _ in 0..times {
            assert_eq!(wait.as_mut().poll(&mut Context::from_waker(&waker)), Poll::Pending);
        }
        count.0.load(Ordering::Relaxed)
    }

    #[test]
    fn who_waits_stays_awake_for_a_while_after_a_large_chunk_only() {
        let mut vigil = Vigil::default();
        assert_eq!(wakes(&vigil, 3), 0);
        vigil.came(LARGE);
        assert_eq!(wakes(&vigil, 3), 3);
        assert_eq!(wakes(&vigil, LOOKS + 9), LOOKS);
        vigil.came(LARGE - 1);
        assert_eq!(wakes(&vigil, 3), 0);
    }
}
