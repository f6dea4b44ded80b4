//! Owns the way of the last answer to where it was asked for: its heads, its body with the codings undone, a file.
//! Does not send anything.

use std::fs::File;
use std::io::Write;

use tokio::runtime::Runtime;
use tokio::time::Instant;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::{Ended, Interrupts};
use crate::commands::settings::request::{Heads, ResponseSettings};
use crate::exchange::coding::{self, Coding, CodingError};
use crate::exchange::decode::Decoder;
use crate::exchange::trace::Trace;
use crate::exchange::transport::{Body, Head};
use crate::output::body::Sink;
use crate::output::head;
use crate::sys::terminal;
use crate::transport::client::Incoming;

/// What runs a delivery, and what may end it before its time.
pub struct Limits<'a> {
    pub runtime: &'a Runtime,
    pub interrupts: &'a Interrupts,
    pub deadline: Option<Instant>,
}

/// Shows what was asked for: heads, body, both.
pub fn deliver(
    body: Incoming,
    trace: &Trace,
    settings: &ResponseSettings,
    limits: &Limits,
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
        for head in &heads {
            let _ = sink.write(&head::exact(head)).map_err(|error| writing(&error))?;
        }
    }
    let poured = if settings.heads == Heads::Only {
        Ok(())
    } else {
        let codings = match heads.last() {
            Some(head) if settings.undoes_codings => coding::chain(&head.headers),
            _ => Ok(Vec::new()),
        };
        pour(body, codings, limits, &mut |octets| {
            let shown = sink.write(octets).map_err(|error| writing(&error))?;
            shown.map_err(|_| binary())
        })
    };
    // What was good is shown to its end, also if something behind it was not.
    let finished = sink.finish().map_err(|error| writing(&error));
    poured.and(finished).map(|()| Exit::SUCCESS)
}

/// Reads the body to its end, and gives what it stands for to the sink.
fn pour(
    mut body: Incoming,
    codings: Result<Vec<Coding>, CodingError>,
    limits: &Limits,
    sink: &mut dyn FnMut(&[u8]) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let late = || timed_out("the body was not complete");
    let mut sink = |octets: &[u8]| {
        // A few octets may stand for so many that undoing them takes its time.
        if limits.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(late());
        }
        sink(octets)
    };
    let poured = limits.runtime.block_on(limits.interrupts.bound(
        async {
            let mut decoder = None;
            while let Some(chunk) = body.chunk().await? {
                // A body without an octet can't have the wrong coding.
                let decoder = match &mut decoder {
                    Some(decoder) => decoder,
                    None => decoder.insert(Decoder::new(codings.as_deref().map_err(CodingError::clone)?)),
                };
                decoder.push(&chunk, &mut sink)?;
            }
            Ok(decoder.map_or(Ok(()), |decoder| decoder.finish())?)
        },
        limits.deadline,
    ));
    match poured {
        Ended::Done(done) => done,
        Ended::Interrupted(signal) => Err(interrupted(signal)),
        Ended::TimedOut => Err(late()),
    }
}

fn binary() -> CommandError {
    let message = "the body is binary, and standard output is a terminal";
    CommandError::new(Exit::WRITE_FAILED, message).hint("write it to a file with -o FILE, or pipe it on")
}

pub fn interrupted(signal: i32) -> CommandError {
    CommandError::new(Exit::by_signal(signal), "interrupted").hint("cookies that had come in are kept")
}

pub fn timed_out(what: &str) -> CommandError {
    CommandError::new(Exit::TIMED_OUT, format!("the time of --max-time is over: {what}"))
        .hint("allow more with -m SECONDS; cookies that had come in are kept")
}
