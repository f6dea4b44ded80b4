//! Owns sending a request: the chain of hops, then the commit of its cookies, then the body.
//! Does not follow redirects or judge cookies; `exchange` does.

use std::mem::ManuallyDrop;
use std::path::Path;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep};

use crate::cli::request::RequestArgs;
use crate::commands::console::Console;
use crate::commands::delivery::{self, Delivered, Limits, deliver, interrupted, timed_out};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::{Ended, Interrupts};
use crate::commands::report::{self, Marks};
use crate::commands::retry::Outcome;
use crate::commands::session::{OpenJar, Saved};
use crate::commands::settings::request::{self, RequestSettings};
use crate::exchange::error::HopError;
use crate::exchange::hops::{self, Witness};
use crate::exchange::trace::{Hop, Trace};
use crate::formats::exported::Writing;
use crate::formats::netscape;
use crate::output::head;
use crate::output::judgement::Look;
use crate::output::verbose;
use crate::output::write_out::{self, Facts};
use crate::sys::clock;
use crate::transport::client::{Http, Incoming};
use crate::transport::error::TransportError;

pub fn run(args: RequestArgs, console: &mut Console) -> Result<Exit, CommandError> {
    if let Some(file) = &args.output.stderr {
        console.tell_elsewhere(delivery::stream(Path::new(file))?);
    }
    let mut settings = request::request(args)?;
    console.voice = settings.voice;
    console.choose(settings.colour);
    if let Some(report) = &settings.response.output.write_out {
        for name in write_out::unknown(&report.format) {
            console.warn(&format!("-w: there is no variable `{name}`"), "docs/answers.md lists them");
        }
    }
    let mut jar = match &settings.jar {
        Some(jar) => Some(OpenJar::open(jar.clone(), console)?),
        None => None,
    };
    if let Some(jar) = &jar {
        settings.plan.judging = settings.judging.for_jar(jar.jar());
    }
    // Never taken down: the runtime would wait for a name look-up for which nobody waits any more, and the process takes
    // the rest along when it ends.
    let mut call = ManuallyDrop::new(Call::begin(&settings)?);
    let mut trace = Trace::default();
    let answered = call.persist(&settings, jar.as_mut(), &mut trace, console);
    let printed = match &jar {
        Some(jar) if settings.response.prints_cookies => {
            netscape::write(&jar.jar().sorted(), &Writing::default()).octets
        }
        _ => Vec::new(),
    };
    // Cookies that came in are kept, also when the chain broke later; without an answer nothing is touched.
    let saved = match jar {
        Some(jar) if call.was_answered || trace.was_answered() => {
            let wait = call.deadline.map(|deadline| deadline.saturating_duration_since(Instant::now()));
            jar.commit(console, &call.interrupts, wait)
        }
        _ => Ok(Saved::All),
    };
    call.interrupts.disarm();
    // Whoever reads this slowly must not keep the cookies from being saved.
    console.tell(&std::mem::take(&mut call.untold));
    let dumped = delivery::dump_heads(&trace, &settings.response.output);
    let mut delivered = Delivered::default();
    let mut shown = answered.and_then(|body| {
        dumped?;
        let limits = Limits { runtime: &call.runtime, interrupts: &call.interrupts, deadline: call.deadline };
        deliver(body, &trace, &settings.response, &limits, &mut delivered, console)
    });
    if let Some(report) = &settings.response.output.write_out {
        let error = shown.as_ref().err().or(saved.as_ref().err());
        let exit = error.map_or(Exit::SUCCESS, |error| error.exit);
        let facts = Facts {
            trace: &trace,
            url: &report.url,
            exit: exit.status(),
            error: error.map(|error| error.message.as_str()),
            file: delivered.file.as_deref(),
            jar: settings.jar.as_ref().map(|jar| jar.name.as_str()),
            times: call.marks.times(),
            received: delivered.received,
        };
        let written = report::write(&report.format, &facts, console);
        // An error from before goes first.
        shown = shown.and_then(|exit| written.map(|()| exit));
    }
    match (shown, saved) {
        // What was lost goes first, and the hint that cookies were kept would not be true.
        (Err(error), Err(unsaved)) => {
            console.fail(&unsaved);
            Err(CommandError { hint: None, ..error })
        }
        (Err(error), Ok(_)) => Err(error),
        (Ok(_), Err(unsaved)) => Err(unsaved),
        (Ok(exit), Ok(saved)) => {
            if let (Saved::AllButTouches(error), true) = (saved, settings.response.is_verbose) {
                console.tell(&format!("* that cookies were used could not be noted: {error}\n"));
            }
            if !printed.is_empty() {
                console.say_exactly(&printed)?;
            }
            Ok(exit)
        }
    }
}

/// A request under way.
struct Call {
    runtime: Runtime,
    interrupts: Interrupts,
    deadline: Option<Instant>,
    http: Http,
    /// What `-v` has to say of the last answer.
    untold: String,
    /// Did an attempt before the last one bring anything?
    was_answered: bool,
    marks: Marks,
}

impl Call {
    fn begin(settings: &RequestSettings) -> Result<Call, CommandError> {
        let failed = |error| CommandError::new(Exit::USAGE, format!("the runtime cannot start: {error}"));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let interrupts = Interrupts::default();
        Ok(Call {
            runtime,
            interrupts,
            deadline: None,
            http: Http::new(settings.connection.clone()),
            untold: String::new(),
            was_answered: false,
            marks: Marks::begin(),
        })
    }

    /// The chain, again and again while that is allowed and may help. The trace is that of the last attempt.
    fn persist(
        &mut self,
        settings: &RequestSettings,
        mut jar: Option<&mut OpenJar>,
        trace: &mut Trace,
        console: &mut Console,
    ) -> Result<Incoming, CommandError> {
        let began = Instant::now();
        let mut done = 0;
        loop {
            // The limit is that of an attempt, as in curl.
            self.deadline = settings.max_time.and_then(|limit| Instant::now().checked_add(limit));
            let answered = self.exchange(settings, jar.as_deref_mut(), trace, console);
            let outcome = match &answered {
                Ok(_) => trace.hops.last().and_then(|hop| hop.response.as_ref()).map(Outcome::Answered),
                Err(broken) => broken.outcome(),
            };
            let fails_on_error = settings.response.fails_on_error;
            // What can be read only once may be gone, and must not be sent again as nothing.
            let is_spent = settings.plan.body.as_ref().is_some_and(|body| body.spent().is_some());
            let outcome =
                outcome.filter(|outcome| !is_spent || (trace.hops.len() == 1 && outcome.is_unsent()));
            let wait = outcome.and_then(|outcome| {
                settings.retries.wait(outcome, done, began.elapsed(), fails_on_error, clock::now())
            });
            let Some(wait) = wait else { return answered.map_err(CommandError::from) };
            done += 1;
            let problem = match answered {
                Ok(_) => trace
                    .hops
                    .last()
                    .and_then(|hop| hop.response.as_ref())
                    .map_or_else(String::new, |answer| {
                        format!("the server answered {}", head::status(answer.status))
                    }),
                Err(broken) => CommandError::from(broken).message,
            };
            self.put_aside(trace, console);
            let left = settings.retries.most - done;
            console.note(&format!("{problem}; trying again in {:?} ({left} left)", wait));
            let waited = self.runtime.block_on(async { self.interrupts.bound(sleep(wait), None).await });
            if let Ended::Interrupted(signal) = waited {
                return Err(interrupted(signal));
            }
        }
    }

    /// Makes room for another attempt; cookies that this one brought are to be saved, whatever comes.
    fn put_aside(&mut self, trace: &mut Trace, console: &mut Console) {
        console.tell(&std::mem::take(&mut self.untold));
        if trace.was_answered() {
            self.was_answered = true;
            self.interrupts.arm();
        }
        *trace = Trace::default();
    }

    /// The chain, up to the head of its last answer.
    fn exchange(
        &mut self,
        settings: &RequestSettings,
        jar: Option<&mut OpenJar>,
        trace: &mut Trace,
        console: &mut Console,
    ) -> Result<Incoming, Broken> {
        let verbose = settings.response.is_verbose.then(|| Look {
            palette: console.palette,
            secrets: settings.secrets,
            now: clock::now(),
        });
        let mut witness = Told {
            console,
            verbose,
            interrupts: &self.interrupts,
            untold: &mut self.untold,
            marks: &mut self.marks,
        };
        let jar = jar.map(OpenJar::jar_mut);
        let chain = hops::run(&settings.plan, &self.http, jar, clock::now, trace, &mut witness);
        let ended = self.runtime.block_on(self.interrupts.bound(chain, self.deadline));
        match ended {
            Ended::Done(answer) => answer.map_err(|error| Broken::Hop(Box::new(error))),
            Ended::Interrupted(signal) => Err(Broken::Interrupted(signal)),
            Ended::TimedOut => {
                let url = trace.last_url().unwrap_or(&settings.plan.url);
                Err(Broken::TimedOut { origin: url.origin().ascii_serialization() })
            }
        }
    }
}

/// An attempt that brought no last answer.
enum Broken {
    Hop(Box<HopError<TransportError>>),
    Interrupted(i32),
    TimedOut { origin: String },
}

impl Broken {
    /// `None` where nobody wants another attempt.
    fn outcome(&self) -> Option<Outcome<'static>> {
        match self {
            Broken::Hop(error) => Some(match &**error {
                HopError::Transport { source, .. } => Outcome::Failed(source.phase),
                _ => Outcome::Astray,
            }),
            Broken::Interrupted(_) => None,
            Broken::TimedOut { .. } => Some(Outcome::TimedOut),
        }
    }
}

impl From<Broken> for CommandError {
    fn from(broken: Broken) -> CommandError {
        match broken {
            Broken::Hop(error) => CommandError::from(*error),
            Broken::Interrupted(signal) => interrupted(signal),
            Broken::TimedOut { origin } => timed_out(&format!("no whole answer came from {origin}")),
        }
    }
}

/// Tells of each hop as it happens, under `-v`, and hears when there is something to lose.
struct Told<'a> {
    console: &'a mut Console,
    /// How `-v` is to look, if it was given.
    verbose: Option<Look>,
    interrupts: &'a Interrupts,
    untold: &'a mut String,
    marks: &'a mut Marks,
}

impl Witness for Told<'_> {
    fn sending(&mut self, hop: &Hop) {
        self.marks.sending();
        if let Some(look) = self.verbose {
            self.console.tell(&std::mem::take(self.untold));
            self.console.tell(&verbose::request(hop, look));
        }
    }

    fn received(&mut self, hop: &Hop) {
        self.marks.received();
        // What this answer set is to be saved, also if a signal ends the chain before its last hop.
        if redirects(hop) {
            self.interrupts.arm();
        }
        if let Some(look) = self.verbose {
            *self.untold = verbose::response(hop, look);
        }
    }
}

fn redirects(hop: &Hop) -> bool {
    hop.response.as_ref().is_some_and(|head| head.status.is_redirection())
}
