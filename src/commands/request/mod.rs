//! Owns a run: what its transfers share is made ready, and they are carried out one after the other or side by side.
//! Does not know what a transfer does.

mod call;
mod explained;
mod meant;
mod run;
mod side_by_side;
mod told;
mod transfer;

use std::mem::ManuallyDrop;
use std::path::Path;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep_until};

use crate::cli::request::RequestArgs;
use crate::commands::console::Console;
use crate::commands::delivery;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::Ended;
use crate::commands::meter::Meter;
use crate::commands::offline::offline;
use crate::commands::report;
use crate::commands::request::run::Run;
use crate::commands::request::side_by_side::side_by_side;
use crate::commands::request::transfer::transfer;
use crate::commands::session::OpenJar;
use crate::commands::settings::request::{self, RequestSettings, RunSettings};
use crate::output::report::Document;
use crate::output::write_out;

pub fn run(mut args: RequestArgs, console: &mut Console) -> Result<Exit, CommandError> {
    if let Some(file) = &args.output.stderr {
        console.tell_elsewhere(delivery::stream(Path::new(file))?);
    }
    let action = meant::action(&args.target);
    let bridge = std::mem::take(&mut args.bridge);
    let mut settings = request::request(args)?;
    console.voice = settings.voice;
    console.choose(settings.colour);
    warn(&settings, console);
    if bridge.offline || bridge.as_curl {
        return offline(settings, &bridge, console);
    }
    let jar = settings.jar.clone().map(|jar| OpenJar::open(jar, console)).transpose()?;
    if let Some(jar) = &jar {
        settings.judge_by(settings.judging.for_jar(jar.jar()));
    }
    // Neither is ever taken down: the runtime would wait for a name look-up for which nobody waits any more, and the process
    // takes the rest along when it ends.
    let runtime = ManuallyDrop::new(runtime()?);
    let is_single = settings.addresses.is_single();
    let meter = Meter::of(&settings.first.response.output, console);
    let mut connection = settings.connection.clone();
    connection.progress = meter.as_ref().map(Meter::progress);
    let run = ManuallyDrop::new(Run::new(console, connection, jar, is_single));
    let transfers = async {
        match settings.pace.side_by_side {
            Some(most) if !is_single => side_by_side(&settings, most, &run).await,
            _ => one_by_one(&settings, action, &run).await,
        }
    };
    let exit = match &meter {
        Some(meter) => runtime.block_on(meter.beside(transfers, console, &run.interrupts)),
        None => runtime.block_on(transfers),
    };
    // Without its cookies the next run would not be what this one has made ready.
    let exit = run.end().map_or_else(|unsaved| console.fail(&unsaved), |_| exit);
    let exit = reported(&settings.first, &run, exit);
    if settings.first.response.prints_cookies && exit == Exit::SUCCESS {
        console.say_exactly(&run.printed())?;
    }
    Ok(exit)
}

/// Writes the report; how the run ended before goes first.
fn reported(settings: &RequestSettings, run: &Run, exit: Exit) -> Exit {
    let Some(path) = &settings.response.output.report_file else { return exit };
    let document = Document::new(run.counted.take(), run.reported.take(), exit.status(), settings.secrets);
    match report::save(path, &document, run.console) {
        Err(error) if exit == Exit::SUCCESS => run.console.fail(&error),
        _ => exit,
    }
}

/// As in curl, what counts is how the last one ended.
async fn one_by_one(settings: &RunSettings, action: Option<&str>, run: &Run<'_>) -> Exit {
    let mut began = Instant::now();
    let first = transfer(&settings.first, run).await;
    let mut exit = run.outcome(first.map_err(|error| meant::hint(error, action)));
    for address in settings.addresses.iter().skip(1) {
        if run.is_over(exit, settings.pace) {
            break;
        }
        if let Some(next) = settings.pace.between_starts.and_then(|time| began.checked_add(time))
            && let Ended::Interrupted(signal) = run.interrupts.bound(sleep_until(next), None).await
        {
            return run.outcome(Err(delivery::interrupted(signal)));
        }
        began = Instant::now();
        exit = run.outcome(match settings.template.aimed(&address) {
            Ok(aimed) => transfer(&aimed, run).await,
            Err(error) => Err(error),
        });
    }
    exit
}

fn warn(settings: &RunSettings, console: &Console) {
    if settings.addresses.are_fewer_than_outputs {
        console.warn("there are more -o and -O than URLs", "each goes with one URL, in their order");
    }
    let RequestSettings { response, .. } = &settings.first;
    for name in response.output.write_out.iter().flat_map(|report| write_out::unknown(&report.format)) {
        console.warn(&format!("-w: there is no variable `{name}`"), "docs/answers.md lists them");
    }
}

fn runtime() -> Result<Runtime, CommandError> {
    let failed = |error| CommandError::new(Exit::USAGE, format!("the runtime cannot start: {error}"));
    Builder::new_current_thread().enable_all().build().map_err(failed)
}
