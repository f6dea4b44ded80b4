//! Owns a transfer: a call, then the saving of its cookies, then the body, then what `-w` tells.
//! Does not follow redirects or judge cookies; `exchange` does.

use tokio::time::Instant;

use crate::commands::delivery::{self, Delivered, Limits, deliver};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::report;
use crate::commands::request::call::Call;
use crate::commands::request::explained;
use crate::commands::request::run::Run;
use crate::commands::session::{Access, Saved};
use crate::commands::settings::request::RequestSettings;
use crate::output::report::{JarEntry, Outcome, TransferEntry};
use crate::output::write_out::Facts;

/// Transfers; the error is the one with which the transfer failed.
pub async fn transfer(settings: &RequestSettings, run: &Run<'_>) -> Result<Exit, CommandError> {
    let mut call = Call::begin();
    let answered = call.persist(settings, run).await;
    let saved = run.save(call.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now())));
    // Whoever reads this slowly must not keep the cookies from being saved.
    run.console.tell(&std::mem::take(&mut call.untold));
    explained::tell(&call.trace, settings, saved.is_ok(), run);
    let dumped = delivery::dump_heads(&call.trace, &settings.response.output, run.begins_heads());
    let mut delivered = Delivered::default();
    let shown = match answered.and_then(|body| dumped.map(|()| body)) {
        Ok(body) => {
            let limits = Limits { interrupts: &run.interrupts, deadline: call.deadline };
            deliver(body, &call.trace, &settings.response, limits, &mut delivered, run.console).await
        }
        Err(error) => Err(error),
    };
    let error = shown.as_ref().err().or(saved.as_ref().err());
    let told = tell(settings, &call, &delivered, error, run);
    if settings.response.output.report_file.is_some() {
        report(settings, &call, &delivered, error.or(told.as_ref().err()), saved.is_ok(), run);
    }
    // An error from before goes first.
    end(shown.and_then(|exit| told.map(|()| exit)), saved, settings, run)
}

/// What `--report` is to have of this transfer.
fn report(
    settings: &RequestSettings,
    call: &Call,
    delivered: &Delivered,
    error: Option<&CommandError>,
    is_saved: bool,
    run: &Run,
) {
    let outcome = Outcome {
        url: settings.plan.url.as_str(),
        failed: &call.failed,
        trace: &call.trace,
        began: call.marks.began(),
        times: call.marks.times(call.trace.hops.last()),
        received: delivered.received,
        file: delivered.file.as_deref(),
        error: error.map(|error| (error.message.as_str(), error.hint.as_deref())),
        exit: error.map_or(Exit::SUCCESS, |error| error.exit).status(),
    };
    run.reported.borrow_mut().push(TransferEntry::of(&outcome, settings.secrets));
    let Some(jar) = &settings.jar else { return };
    let mut counted = run.counted.borrow_mut();
    let counted = counted.get_or_insert_with(|| JarEntry::new(jar.name.clone()));
    counted.saved &= is_saved && jar.access == Access::ReadWrite;
    let traces = call.failed.iter().map(|failed| &failed.trace).chain([&call.trace]);
    for hop in traces.flat_map(|trace| &trace.hops) {
        counted.count(&hop.receipts);
    }
}

/// What `-w` has to tell.
fn tell(
    settings: &RequestSettings,
    call: &Call,
    delivered: &Delivered,
    error: Option<&CommandError>,
    run: &Run,
) -> Result<(), CommandError> {
    let Some(report) = &settings.response.output.write_out else { return Ok(()) };
    let facts = Facts {
        trace: &call.trace,
        url: &report.url,
        exit: error.map_or(Exit::SUCCESS, |error| error.exit).status(),
        error: error.map(|error| error.message.as_str()),
        file: delivered.file.as_deref(),
        jar: settings.jar.as_ref().map(|jar| jar.name.as_str()),
        number: report.number,
        times: call.marks.times(call.trace.hops.last()),
        received: delivered.received,
    };
    report::write(&report.format, &facts, run.console)
}

fn end(
    shown: Result<Exit, CommandError>,
    saved: Result<Saved, CommandError>,
    settings: &RequestSettings,
    run: &Run,
) -> Result<Exit, CommandError> {
    match (shown, saved) {
        // What was lost goes first, and the hint that cookies were kept would not be true.
        (Err(error), Err(unsaved)) => {
            run.console.fail(&unsaved);
            Err(CommandError { hint: None, ..error })
        }
        (Err(error), Ok(_)) => Err(error),
        (Ok(_), Err(unsaved)) => Err(unsaved),
        (Ok(exit), Ok(saved)) => {
            if let (Saved::AllButTouches(error), true) = (saved, settings.response.is_verbose) {
                run.console.tell(&format!("* that cookies were used could not be noted: {error}\n"));
            }
            Ok(exit)
        }
    }
}
