//! Owns a call: the chain of hops up to its last answer, again and again while that is allowed and may help.
//! Does not save cookies or read bodies.

use tokio::time::{Instant, sleep};

use crate::commands::delivery::{interrupted, timed_out};
use crate::commands::error::CommandError;
use crate::commands::interrupt::Ended;
use crate::commands::report::Marks;
use crate::commands::request::explained;
use crate::commands::request::run::Run;
use crate::commands::request::told::Told;
use crate::commands::retry::Outcome;
use crate::commands::settings::request::RequestSettings;
use crate::exchange::error::HopError;
use crate::exchange::hops;
use crate::exchange::trace::Trace;
use crate::output::head;
use crate::output::judgement::Look;
use crate::output::report::Failed;
use crate::sys::clock;
use crate::transport::client::Incoming;
use crate::transport::error::TransportError;

/// What becomes of a call while it lasts.
pub struct Call {
    /// Of the last attempt.
    pub trace: Trace,
    pub deadline: Option<Instant>,
    /// What `-v` has to say of the last answer.
    pub untold: String,
    pub marks: Marks,
    /// The attempts before the last one.
    pub failed: Vec<Failed>,
}

impl Call {
    pub fn begin() -> Call {
        Call {
            trace: Trace::default(),
            deadline: None,
            untold: String::new(),
            marks: Marks::begin(),
            failed: Vec::new(),
        }
    }

    /// The chain, again and again while that is allowed and may help.
    pub async fn persist(
        &mut self,
        settings: &RequestSettings,
        run: &Run<'_>,
    ) -> Result<Incoming, CommandError> {
        let began = Instant::now();
        let mut done = 0;
        loop {
            // The limit is that of an attempt, as in curl.
            self.deadline = settings.max_time.and_then(|limit| Instant::now().checked_add(limit));
            let answered = self.exchange(settings, run).await;
            let outcome = match &answered {
                Ok(_) => self.trace.hops.last().and_then(|hop| hop.response.as_ref()).map(Outcome::Answered),
                Err(broken) => broken.outcome(),
            };
            let fails_on_error = settings.response.fails_on_error;
            // What can be read only once may be gone, and must not be sent again as nothing.
            let is_spent = settings.plan.body.as_ref().is_some_and(|body| body.spent().is_some());
            let outcome =
                outcome.filter(|outcome| !is_spent || (self.trace.hops.len() == 1 && outcome.is_unsent()));
            let wait = outcome.and_then(|outcome| {
                settings.retries.wait(outcome, done, began.elapsed(), fails_on_error, clock::now())
            });
            let Some(wait) = wait else { return answered.map_err(CommandError::from) };
            done += 1;
            let problem = self.problem(answered);
            self.put_aside(&problem, settings, run);
            let left = settings.retries.most - done;
            run.console.note(&format!("{problem}; trying again in {wait:?} ({left} left)"));
            if let Ended::Interrupted(signal) = run.interrupts.bound(sleep(wait), None).await {
                return Err(interrupted(signal));
            }
        }
    }

    fn problem(&self, answered: Result<Incoming, Broken>) -> String {
        let last = self.trace.hops.last().and_then(|hop| hop.response.as_ref());
        match (answered, last) {
            (Err(broken), _) => CommandError::from(broken).message,
            (Ok(_), Some(answer)) => format!("the server answered {}", head::status(answer.status)),
            (Ok(_), None) => String::new(),
        }
    }

    /// Makes room for another attempt; cookies that this one brought are to be saved, whatever comes.
    fn put_aside(&mut self, problem: &str, settings: &RequestSettings, run: &Run) {
        run.console.tell(&std::mem::take(&mut self.untold));
        explained::tell_hops(&self.trace, settings, run);
        if self.trace.was_answered() {
            run.interrupts.arm();
        }
        let trace = std::mem::take(&mut self.trace);
        self.failed.push(Failed { trace, problem: problem.to_owned() });
    }

    /// The chain, up to the head of its last answer.
    async fn exchange(&mut self, settings: &RequestSettings, run: &Run<'_>) -> Result<Incoming, Broken> {
        let verbose = settings.response.is_verbose.then(|| Look {
            palette: run.console.palette,
            secrets: settings.secrets,
            now: clock::now(),
        });
        let mut witness =
            Told { run, verbose, untold: &mut self.untold, marks: &mut self.marks, is_under_way: false };
        let jar = run.jar.as_ref();
        let chain = hops::run(&settings.plan, &run.http, jar, clock::now, &mut self.trace, &mut witness);
        match run.interrupts.bound(chain, self.deadline).await {
            Ended::Done(answer) => answer.map_err(|error| Broken::Hop(Box::new(error))),
            Ended::Interrupted(signal) => Err(Broken::Interrupted(signal)),
            Ended::TimedOut => {
                let url = self.trace.last_url().unwrap_or(&settings.plan.url);
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
