//! Owns sending a request: the chain of hops, then the commit of its cookies, then the body.
//! Does not follow redirects or judge cookies; `exchange` does.

use std::fs::File;
use std::io::Write;
use std::mem::ManuallyDrop;

use tokio::runtime::{Builder, Runtime};
use tokio::time::{Instant, sleep};

use crate::cli::request::RequestArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::{Ended, Interrupts};
use crate::commands::retry::Outcome;
use crate::commands::session::{OpenJar, Saved};
use crate::commands::settings::request::{self, Heads, RequestSettings, ResponseSettings};
use crate::exchange::error::HopError;
use crate::exchange::hops::{self, Witness};
use crate::exchange::trace::{Hop, Trace};
use crate::exchange::transport::{Body, Head};
use crate::formats::exported::Writing;
use crate::formats::netscape;
use crate::output::body::Sink;
use crate::output::head;
use crate::output::judgement::Look;
use crate::output::verbose;
use crate::sys::{clock, terminal};
use crate::transport::client::{Http, Incoming};
use crate::transport::error::TransportError;

pub fn run(args: RequestArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let mut settings = request::request(args)?;
    console.voice = settings.voice;
    console.choose(settings.colour);
    let mut jar = match &settings.jar {
        Some(jar) => Some(OpenJar::open(jar.clone(), console)?),
        None => None,
    };
    if let Some(jar) = &jar {
        settings.plan.judging = settings.judging.for_jar(jar.jar());
    }
    let mut call = Call::begin(&settings)?;
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
    let shown = answered.and_then(|body| call.deliver(body, &trace, &settings.response, console));
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
    /// Never taken down: that would wait for a name look-up for which nobody waits any more.
    runtime: ManuallyDrop<Runtime>,
    interrupts: Interrupts,
    deadline: Option<Instant>,
    http: Http,
    /// What `-v` has to say of the last answer.
    untold: String,
    /// Did an attempt before the last one bring anything?
    was_answered: bool,
}

impl Call {
    fn begin(settings: &RequestSettings) -> Result<Call, CommandError> {
        let failed = |error| CommandError::new(Exit::USAGE, format!("the runtime cannot start: {error}"));
        let runtime = Builder::new_current_thread().enable_all().build().map_err(failed)?;
        let interrupts = Interrupts::default();
        let runtime = ManuallyDrop::new(runtime);
        Ok(Call {
            runtime,
            interrupts,
            deadline: None,
            http: Http::new(settings.connection.clone()),
            untold: String::new(),
            was_answered: false,
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
        let mut witness = Told { console, verbose, interrupts: &self.interrupts, untold: &mut self.untold };
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

    /// Shows what was asked for: heads, body, both.
    fn deliver(
        &mut self,
        body: Incoming,
        trace: &Trace,
        settings: &ResponseSettings,
        console: &mut Console,
    ) -> Result<Exit, CommandError> {
        let heads: Vec<&Head> = trace.hops.iter().filter_map(|hop| hop.response.as_ref()).collect();
        let status = heads.last().map(|head| head.status);
        if let Some(status) = status.filter(|status| settings.fails_on_error && status.as_u16() >= 400) {
            let message = format!("the server answered {}", head::status(status));
            return Err(CommandError::new(Exit::HTTP_ERROR, message).hint("leave -f out to see what it said"));
        }
        let mut file = match &settings.output {
            None => None,
            Some(path) => {
                let what = path.display().to_string();
                Some((File::create(path).map_err(|error| CommandError::writing(&what, &error))?, what))
            }
        };
        let (out, what): (&mut dyn Write, &str) = match &mut file {
            Some((file, what)) => (file, what),
            None => (&mut *console.out, "standard output"),
        };
        let is_terminal = settings.output.is_none() && terminal::stdout_is_terminal();
        let mut sink = if is_terminal { Sink::terminal(out) } else { Sink::Exact(out) };
        let writing = |error: &std::io::Error| CommandError::writing(what, error);
        if settings.heads != Heads::Hidden {
            for head in heads {
                let _ = sink.write(&head::exact(head)).map_err(|error| writing(&error))?;
            }
        }
        if settings.heads != Heads::Only {
            self.pour(body, &mut sink, writing)?;
        }
        sink.finish().map_err(|error| writing(&error))?;
        Ok(Exit::SUCCESS)
    }

    fn pour(
        &mut self,
        mut body: Incoming,
        sink: &mut Sink,
        writing: impl Fn(&std::io::Error) -> CommandError,
    ) -> Result<(), CommandError> {
        let poured = self.runtime.block_on(self.interrupts.bound(
            async {
                while let Some(chunk) = body.chunk().await? {
                    if sink.write(&chunk).map_err(|error| writing(&error))?.is_err() {
                        return Err(binary());
                    }
                }
                Ok(())
            },
            self.deadline,
        ));
        match poured {
            Ended::Done(done) => done,
            Ended::Interrupted(signal) => Err(interrupted(signal)),
            Ended::TimedOut => Err(timed_out("the body was not complete")),
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
}

impl Witness for Told<'_> {
    fn sending(&mut self, hop: &Hop) {
        if let Some(look) = self.verbose {
            self.console.tell(&std::mem::take(self.untold));
            self.console.tell(&verbose::request(hop, look));
        }
    }

    fn received(&mut self, hop: &Hop) {
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

fn binary() -> CommandError {
    let message = "the body is binary, and standard output is a terminal";
    CommandError::new(Exit::WRITE_FAILED, message).hint("write it to a file with -o FILE, or pipe it on")
}

fn interrupted(signal: i32) -> CommandError {
    CommandError::new(Exit::by_signal(signal), "interrupted").hint("cookies that had come in are kept")
}

fn timed_out(what: &str) -> CommandError {
    CommandError::new(Exit::TIMED_OUT, format!("the time of --max-time is over: {what}"))
        .hint("allow more with -m SECONDS; cookies that had come in are kept")
}
