//! Owns the progress that is drawn on a terminal while a run lasts: whether there is any, what it shows, and its end.
//! Does not count octets; the transport does.

use std::fmt::Write;
use std::future::{Future, poll_fn};
use std::pin::pin;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressState, ProgressStyle};
use tokio::time::sleep;

use crate::commands::console::Console;
use crate::commands::interrupt::Interrupts;
use crate::commands::settings::output::{MeterLook, OutputSettings, Target};
use crate::sys::terminal;
use crate::transport::flow::{Gone, Progress};

/// What is over sooner shows nothing.
const DELAY: Duration = Duration::from_secs(1);
const REDRAWN_EACH: Duration = Duration::from_millis(200);
const DRAWN_IN_A_SECOND: u8 = 5;

pub struct Meter {
    look: MeterLook,
    progress: Arc<Progress>,
    /// Then a signal can wait until the line is taken away; a reader of ours might keep it waiting for ever.
    is_to_file: bool,
}

impl Meter {
    /// `None` where nobody sees it, or where the body itself is shown.
    pub fn of(output: &OutputSettings, console: &Console) -> Option<Meter> {
        let look = output.meter?;
        let is_to_file = output.target != Target::Stdout;
        let is_seen = console.draws() && (is_to_file || !terminal::stdout_is_terminal());
        is_seen.then(|| Meter { look, progress: Arc::default(), is_to_file })
    }

    pub fn progress(&self) -> Arc<Progress> {
        Arc::clone(&self.progress)
    }

    /// Draws beside the future, from when it has lasted for a while until it ends.
    pub async fn beside<F: Future>(
        &self,
        future: F,
        console: &Console,
        interrupts: &Interrupts,
    ) -> F::Output {
        let (mut future, mut delay, mut bar) = (pin!(future), pin!(sleep(DELAY)), None);
        let output = poll_fn(|context| {
            // Before the future is polled, which then hears of signals. The saving of the jar ends that.
            if bar.is_some() && self.is_to_file {
                interrupts.arm();
            }
            if let Poll::Ready(output) = future.as_mut().poll(context) {
                return Poll::Ready(output);
            }
            match &bar {
                Some(bar) => show(bar, self.look, self.progress.gone()),
                None if delay.as_mut().poll(context).is_ready() => {
                    let drawn = begin(self.look, self.progress.gone());
                    console.draw(Some(drawn.clone()));
                    bar = Some(drawn);
                    context.waker().wake_by_ref();
                }
                None => {}
            }
            Poll::Pending
        })
        .await;
        console.draw(None);
        output
    }
}

fn begin(look: MeterLook, gone: Gone) -> ProgressBar {
    let bar = ProgressBar::with_draw_target(gone.whole, ProgressDrawTarget::hidden()).with_elapsed(DELAY);
    bar.set_style(style(look, gone.whole.is_some()));
    // What had gone before is no part of the rate.
    bar.set_position(gone.octets);
    bar.tick();
    bar.reset_eta();
    bar.set_draw_target(ProgressDrawTarget::stderr_with_hz(DRAWN_IN_A_SECOND));
    bar.enable_steady_tick(REDRAWN_EACH);
    bar
}

fn show(bar: &ProgressBar, look: MeterLook, gone: Gone) {
    if bar.length() != gone.whole {
        match gone.whole {
            Some(whole) => bar.set_length(whole),
            None => bar.unset_length(),
        }
        bar.set_style(style(look, gone.whole.is_some()));
    }
    if gone.octets < bar.position() {
        bar.reset_eta();
    }
    bar.set_position(gone.octets);
}

fn style(look: MeterLook, has_end: bool) -> ProgressStyle {
    let template = match (look, has_end) {
        (MeterLook::Line, true) => {
            "{percent:>3} %  {binary_bytes} of {binary_total_bytes}  [{wide_bar}]  {binary_bytes_per_sec}, {left}"
        }
        (MeterLook::Line, false) => "{spinner} {binary_bytes}  {binary_bytes_per_sec}, {elapsed}",
        (MeterLook::Bar, true) => "{wide_bar} {percent:>3} %",
        (MeterLook::Bar, false) => "{spinner} {binary_bytes}",
    };
    let style = ProgressStyle::with_template(template).expect("a template of ours");
    style.with_key("left", left).progress_chars("##-").tick_chars("-\\|/ ")
}

/// The time that is left, unless nothing comes.
fn left(state: &ProgressState, out: &mut dyn Write) {
    // Writing to memory can't fail.
    let _ = match state.per_sec() {
        rate if rate < 1.0 => write!(out, "stalled"),
        _ => write!(out, "{:#} left", indicatif::HumanDuration(state.eta())),
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_look_has_a_style() {
        for look in [MeterLook::Line, MeterLook::Bar] {
            for whole in [None, Some(9)] {
                let bar = ProgressBar::hidden();
                show(&bar, look, Gone { octets: 5, whole });
                assert_eq!((bar.position(), bar.length()), (5, whole));
            }
        }
    }
}
