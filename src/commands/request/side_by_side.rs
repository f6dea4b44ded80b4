//! Owns -Z: transfers side by side on one thread, a bounded number of them at a time.
//! Does not know what a transfer does.

use futures_util::stream::{FuturesUnordered, StreamExt};

use crate::commands::exit::Exit;
use crate::commands::request::run::Run;
use crate::commands::request::transfer::transfer;
use crate::commands::settings::request::RunSettings;

/// As in curl, what counts is how the last one that failed ended.
pub async fn side_by_side(settings: &RunSettings, most: usize, run: &Run<'_>) -> Exit {
    let mut addresses = settings.addresses.iter().enumerate();
    let (mut going, mut exit) = (FuturesUnordered::new(), Exit::SUCCESS);
    loop {
        let free = if run.is_over(exit, settings.pace) { 0 } else { most.saturating_sub(going.len()) };
        for (at, address) in addresses.by_ref().take(free) {
            going.push(async move {
                match at {
                    0 => transfer(&settings.first, run).await,
                    _ => transfer(&settings.template.aimed(&address)?, run).await,
                }
            });
        }
        let Some(ended) = going.next().await else { return exit };
        let ended = run.outcome(ended);
        if ended != Exit::SUCCESS {
            exit = ended;
        }
        // Whoever waits for the others would be told the same of each of them.
        if run.is_over(exit, settings.pace) {
            return exit;
        }
    }
}
