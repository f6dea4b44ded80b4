//! Owns the rules of speed: how long to hold octets back so that no more go in a second, and when too few have gone.
//! Does not wait or read a clock; whoever does says how much time has passed since the beginning.

use std::time::Duration;

/// How fast a transfer may go, and must.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Speed {
    /// Octets in a second.
    pub most: Option<u64>,
    pub least: Option<Least>,
}

/// Fewer octets in a second, for so long, end it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Least {
    pub rate: u64,
    pub time: Duration,
}

/// Holds octets back.
#[derive(Clone, Copy, Debug)]
pub struct Pace {
    rate: u64,
    /// When the next octets may go.
    due: Duration,
}

/// So much of what was not used is made up for, since no wait ends just in time.
const SLACK: Duration = Duration::from_secs(1);
const PIECES_IN_A_SECOND: u64 = 8;
const LARGEST_PIECE: u64 = 128 * 1024;

impl Pace {
    pub fn new(rate: u64) -> Pace {
        Pace { rate: rate.max(1), due: Duration::ZERO }
    }

    /// How many octets go at once.
    pub fn piece(&self) -> usize {
        let piece = (self.rate / PIECES_IN_A_SECOND).clamp(1, LARGEST_PIECE);
        usize::try_from(piece).unwrap_or(usize::MAX)
    }

    /// How long to hold these octets back.
    pub fn wait(&mut self, octets: usize, now: Duration) -> Duration {
        let wait = self.due.saturating_sub(now);
        let nanoseconds = (octets as u128 * 1_000_000_000) / u128::from(self.rate);
        let lasts = Duration::from_nanos(u64::try_from(nanoseconds).unwrap_or(u64::MAX));
        self.due = self.due.max(now.saturating_sub(SLACK)).saturating_add(lasts);
        wait
    }
}

/// Watches whether enough goes.
#[derive(Clone, Copy, Debug)]
pub struct Watch {
    least: Least,
    /// Since when it is too slow.
    slow_since: Duration,
    /// The last look, and the octets that had gone then.
    looked: Duration,
    seen: u64,
}

/// So often a look is taken, and over so long a speed is measured.
pub const LOOK: Duration = Duration::from_secs(1);

impl Watch {
    pub fn new(least: Least) -> Watch {
        Watch { least, slow_since: Duration::ZERO, looked: Duration::ZERO, seen: 0 }
    }

    /// A look, with all the octets that have gone so far: has it been too slow for too long?
    pub fn is_too_slow(&mut self, octets: u64, now: Duration) -> bool {
        let (gone, passed) = (octets.saturating_sub(self.seen), now.saturating_sub(self.looked));
        let needed = u128::from(self.least.rate) * passed.as_nanos() / 1_000_000_000;
        if u128::from(gone) >= needed.max(1) {
            self.slow_since = now;
        }
        // Who could not look in time was busy elsewhere, and the transfer had to wait.
        if passed > 2 * LOOK {
            self.slow_since += (passed - LOOK).min(now.saturating_sub(self.slow_since));
        }
        (self.looked, self.seen) = (now, octets);
        now.saturating_sub(self.slow_since) >= self.least.time
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    /// How long a body of so many octets takes if it is always at hand.
    fn taken(rate: u64, octets: usize) -> Duration {
        let (mut pace, mut now, mut left) = (Pace::new(rate), Duration::ZERO, octets);
        while left > 0 {
            let piece = pace.piece().min(left);
            now += pace.wait(piece, now);
            left -= piece;
        }
        now
    }

    #[test]
    fn a_body_takes_as_long_as_its_rate_says_but_for_its_last_piece() {
        for (rate, octets, milliseconds) in [
            (1000, 10_000, 9_875),
            (1, 5, 4_000),
            (1 << 20, 10 << 20, 9_875),
            (1 << 40, 1 << 20, 0),
            (1000, 100, 0),
            (0, 3, 2_000),
        ] {
            assert_eq!(taken(rate, octets).as_millis(), milliseconds, "{rate} {octets}");
        }
        assert_eq!(Pace::new(u64::MAX).wait(usize::MAX, SECOND), Duration::ZERO);
    }

    #[test]
    fn what_was_not_used_for_long_is_not_made_up_for() {
        let mut pace = Pace::new(1000);
        assert_eq!(pace.wait(1000, Duration::ZERO), Duration::ZERO);
        assert_eq!(pace.wait(1000, Duration::ZERO), SECOND);
        // A minute later there is a second in hand, and no more.
        assert_eq!(pace.wait(1000, 60 * SECOND), Duration::ZERO);
        assert_eq!(pace.wait(1000, 60 * SECOND), Duration::ZERO);
        assert_eq!(pace.wait(1000, 60 * SECOND), SECOND);
    }

    #[test]
    fn a_transfer_is_too_slow_once_it_has_been_so_for_the_whole_time() {
        for (rate, gone_each_second, ended_after) in [
            (10, &[0, 0, 0][..], Some(3)),
            (10, &[9, 9, 9], Some(3)),
            (10, &[10, 10, 10, 10], None),
            (10, &[9, 9, 10, 9, 9, 9], Some(6)),
            (10, &[9, 9, 100, 0, 0, 10], None),
            (0, &[0, 0, 0], Some(3)),
            (0, &[1, 1, 1, 1], None),
        ] {
            let mut watch = Watch::new(Least { rate, time: 3 * SECOND });
            let (mut all, mut now) = (0, Duration::ZERO);
            let ended = gone_each_second.iter().position(|gone| {
                (all, now) = (all + gone, now + SECOND);
                watch.is_too_slow(all, now)
            });
            assert_eq!(ended.map(|at| at + 1), ended_after, "{rate} {gone_each_second:?}");
        }
    }

    #[test]
    fn a_transfer_that_had_to_wait_for_us_was_not_too_slow() {
        let mut watch = Watch::new(Least { rate: 10, time: 3 * SECOND });
        assert!(!watch.is_too_slow(0, SECOND));
        assert!(!watch.is_too_slow(0, 61 * SECOND));
        assert!(watch.is_too_slow(0, 62 * SECOND));
    }
}
