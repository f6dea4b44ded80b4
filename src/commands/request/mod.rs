//! Owns a run: what its transfers share is made ready, and they are carried out.
//! Does not know what a transfer does.

mod call;
mod meant;
mod run;
mod told;
mod transfer;

use std::mem::ManuallyDrop;
use std::path::Path;

use tokio::runtime::{Builder, Runtime};

use crate::cli::request::RequestArgs;
use crate::commands::console::Console;
use crate::commands::delivery;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::offline::offline;
use crate::commands::report;
use crate::commands::request::run::Run;
use crate::commands::request::transfer::transfer;
use crate::commands::session::OpenJar;
use crate::commands::settings::request::{self, RequestSettings};
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
    warn_of_unknown_variables(&settings, console);
    if bridge.offline || bridge.as_curl {
        return offline(settings, &bridge, console);
    }
    let jar = settings.jar.clone().map(|jar| OpenJar::open(jar, console)).transpose()?;
    if let Some(jar) = &jar {
        settings.plan.judging = settings.judging.for_jar(jar.jar());
    }
    // Neither is ever taken down: the runtime would wait for a name look-up for which nobody waits any more, and the process
    // takes the rest along when it ends.
    let runtime = ManuallyDrop::new(runtime()?);
    let run = ManuallyDrop::new(Run::new(console, settings.connection.clone(), jar));
    let done = runtime.block_on(transfer(&settings, &run));
    let exit = reported(&settings, &run, done).map_err(|error| meant::hint(error, action))?;
    if settings.response.prints_cookies {
        console.say_exactly(&run.printed())?;
    }
    Ok(exit)
}

/// Writes the report; an error from before goes first.
fn reported(
    settings: &RequestSettings,
    run: &Run,
    ended: Result<Exit, CommandError>,
) -> Result<Exit, CommandError> {
    let Some(path) = &settings.response.output.report_file else { return ended };
    let exit = ended.as_ref().map_or_else(|error| error.exit, |exit| *exit).status();
    let document = Document::new(run.counted.take(), run.reported.take(), exit, settings.secrets);
    let written = report::save(path, &document, run.console);
    ended.and_then(|exit| written.map(|()| exit))
}

fn warn_of_unknown_variables(settings: &RequestSettings, console: &Console) {
    let Some(report) = &settings.response.output.write_out else { return };
    for name in write_out::unknown(&report.format) {
        console.warn(&format!("-w: there is no variable `{name}`"), "docs/answers.md lists them");
    }
}

fn runtime() -> Result<Runtime, CommandError> {
    let failed = |error| CommandError::new(Exit::USAGE, format!("the runtime cannot start: {error}"));
    Builder::new_current_thread().enable_all().build().map_err(failed)
}
