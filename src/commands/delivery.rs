//! Owns the way of the last answer to where it was asked for: its heads, its body with the codings undone, a file.
//! Does not send anything.

use std::fs::OpenOptions;
use std::io::{self, Write};
use std::path::Path;

use http::header::CONTENT_LENGTH;
use tokio::time::Instant;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::{Ended, Interrupts};
use crate::commands::kept::Kept;
use crate::commands::settings::output::{OutputSettings, Target};
use crate::commands::settings::request::{Heads, ResponseSettings};
use crate::commands::wanted::{self, Etag, Wanted};
use crate::exchange::coding::{self, Coding, CodingError};
use crate::exchange::decode::Decoder;
use crate::exchange::trace::Trace;
use crate::exchange::transport::{Body, Head};
use crate::output::body::Sink;
use crate::output::head;
use crate::output::pretty::Dress;
use crate::output::style::Palette;
use crate::sys::{stdio, terminal};
use crate::transport::client::Incoming;

/// What may end a delivery before its time.
#[derive(Clone, Copy)]
pub struct Limits<'a> {
    pub interrupts: &'a Interrupts,
    pub deadline: Option<Instant>,
}

/// What became of the body.
#[derive(Debug, Default)]
pub struct Delivered {
    /// Octets, as they came.
    pub received: u64,
    pub file: Option<String>,
}

/// Shows what was asked for: heads, body, both.
pub async fn deliver(
    body: Incoming,
    trace: &Trace,
    settings: &ResponseSettings,
    limits: Limits<'_>,
    delivered: &mut Delivered,
    console: &Console,
) -> Result<Exit, CommandError> {
    for (message, hint) in &settings.transfer.warnings {
        console.warn(message, hint);
    }
    let heads = heads(trace);
    let last = heads.last();
    let failure = last.filter(|head| head.status.as_u16() >= 400).map(|head| {
        let message = format!("the server answered {}", head::status(head.status));
        CommandError::new(Exit::HTTP_ERROR, message)
    });
    if let Some(failure) = failure.as_ref().filter(|_| settings.fails_on_error) {
        let message = failure.message.clone();
        return Err(CommandError::new(Exit::HTTP_ERROR, message).hint("leave -f out to see what it said"));
    }
    let shows_body = settings.heads != Heads::Only;
    let allowed = Allowed(settings.output.most.unwrap_or(u64::MAX));
    let typed = trace.hops.first().map(|hop| &hop.request.url);
    let wanted = match last.filter(|_| shows_body) {
        Some(head) => {
            let path = typed.and_then(|url| settings.output.path(url, Some(&head.headers)).ok()?);
            let what = path.map_or("the body".to_owned(), |(path, _)| path.display().to_string());
            let judged = wanted::judge(head, &settings.transfer, &what, console);
            // What the server says against the request goes before what it does not say of the part.
            match (judged, &failure) {
                (Err(_), Some(failure)) if settings.output.fails_with_body => {
                    return Err(CommandError::new(failure.exit, failure.message.clone()));
                }
                (judged, _) => judged?,
            }
        }
        None => Wanted::All,
    };
    let etag = Etag::of(last.copied(), &settings.transfer);
    etag.say(console)?;
    if wanted == Wanted::Nothing && settings.output.target != Target::Stdout {
        return etag.save().map(|()| Exit::SUCCESS);
    }
    if let Some(head) = last.filter(|_| shows_body) {
        let length = head.headers.get(CONTENT_LENGTH).and_then(|length| length.to_str().ok()?.parse().ok());
        allowed.check(length.unwrap_or(0))?;
    }
    let mut kept = match typed {
        Some(url) => {
            let resume = settings.transfer.resume.filter(|_| shows_body);
            Kept::open(&settings.output, resume, url, last.map(|head| &head.headers))?
        }
        None => None,
    };
    delivered.file = kept.as_ref().map(|kept| kept.path.display().to_string());
    let what = delivered.file.clone().unwrap_or_else(|| "standard output".to_owned());
    let is_terminal = match &kept {
        Some(kept) => terminal::is_terminal(&kept.file),
        None => !settings.output.is_raw && terminal::stdout_is_terminal(),
    };
    let mut stdout = console.stdout();
    let out: &mut dyn Write = match &mut kept {
        Some(kept) => &mut kept.file,
        None => &mut stdout,
    };
    let dress = settings.output.pretty.dress(is_terminal);
    let headers = last.map(|head| &head.headers);
    let is_part = matches!(wanted, Wanted::Part { .. });
    let mut sink = match is_terminal {
        true => Sink::terminal(out, headers, dress),
        false if dress.is_none() || is_part => Sink::exact(out),
        false => Sink::asked(out, headers, dress),
    };
    let writing = |error: &io::Error| CommandError::writing(&what, error);
    let show = async {
        if settings.heads != Heads::Hidden {
            for head in &heads {
                let paints = is_terminal || dress.palette == Palette::Colour;
                let shown =
                    if paints { head::painted(head, dress.palette).into() } else { head::exact(head) };
                sink.write_finished(&shown).map_err(|error| writing(&error))?;
            }
        }
        if !shows_body || wanted == Wanted::Nothing {
            return Ok(());
        }
        let codings = match last {
            Some(head) => coding::transfer(&head.headers).and_then(|()| match settings.undoes_codings {
                true => coding::chain(&head.headers),
                false => Ok(Vec::new()),
            }),
            None => Ok(Vec::new()),
        };
        pour(body, codings, allowed, &mut delivered.received, limits, &mut |octets| {
            let shown = sink.write(octets).map_err(|error| writing(&error))?;
            shown.map_err(|_| binary())
        })
        .await?;
        wanted.check(delivered.received)
    };
    let shown: Result<(), CommandError> = show.await;
    // What was good is shown to its end, also if something behind it was not.
    let finished = sink.finish().map_err(|error| writing(&error));
    let failed = failure.filter(|_| settings.output.fails_with_body).map_or(Ok(()), Err);
    let done = shown.and(finished).and(failed).and_then(|()| etag.save()).map(|()| Exit::SUCCESS);
    if let (Some(kept), Some(head), true, true) = (&kept, last, done.is_ok(), settings.transfer.keeps_time) {
        wanted::keep_time(&kept.file, &head.headers, console);
    }
    match kept {
        Some(kept) if done.is_err() && settings.output.removes_on_error => kept.remove(),
        _ => {}
    }
    done
}

/// Writes the heads where `-D` wants them, also those of a chain that broke.
///
/// Those of a further transfer go behind what is there.
pub fn dump_heads(trace: &Trace, settings: &OutputSettings, begins: bool) -> Result<(), CommandError> {
    let Some(path) = &settings.heads_file else { return Ok(()) };
    let octets: Vec<u8> = heads(trace).into_iter().flat_map(head::exact).collect();
    let (mut out, is_terminal) = opened(path, begins)?;
    let mut sink =
        if is_terminal { Sink::terminal(&mut *out, None, Dress::NONE) } else { Sink::exact(&mut *out) };
    // A head with a NUL does not get as far as this.
    let written = sink.write(&octets).and_then(|_| sink.finish());
    written.map_err(|error| CommandError::writing(&path.display().to_string(), &error))
}

/// A file to write anew, or standard output, `-`.
pub fn stream(path: &Path) -> Result<Box<dyn Write>, CommandError> {
    opened(path, true).map(|(out, _)| out)
}

/// The same, and whether it is a terminal.
fn opened(path: &Path, begins: bool) -> Result<(Box<dyn Write>, bool), CommandError> {
    if path == Path::new("-") {
        return Ok((stdio::stdout(), terminal::stdout_is_terminal()));
    }
    let mut options = OpenOptions::new();
    let created = options.create(true).write(true).truncate(begins).append(!begins).open(path);
    created
        .map(|file| {
            let is_terminal = terminal::is_terminal(&file);
            (Box::new(file) as Box<dyn Write>, is_terminal)
        })
        .map_err(|error| CommandError::writing(&path.display().to_string(), &error))
}

fn heads(trace: &Trace) -> Vec<&Head> {
    trace.hops.iter().filter_map(|hop| hop.response.as_ref()).collect()
}

/// How many octets may come, and how many may be made of them.
#[derive(Clone, Copy)]
struct Allowed(u64);

impl Allowed {
    fn check(self, count: u64) -> Result<(), CommandError> {
        if count <= self.0 {
            return Ok(());
        }
        let message = format!("the body has more than the {} octets of --max-filesize", self.0);
        Err(CommandError::new(Exit::TOO_LARGE, message).hint("allow more, or ask for less"))
    }
}

/// Reads the body to its end, and gives what it stands for to the sink.
async fn pour(
    mut body: Incoming,
    codings: Result<Vec<Coding>, CodingError>,
    allowed: Allowed,
    received: &mut u64,
    limits: Limits<'_>,
    sink: &mut dyn FnMut(&[u8]) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let late = || timed_out("the body was not complete");
    let mut shown = 0_u64;
    let mut sink = |octets: &[u8]| {
        shown = shown.saturating_add(octets.len() as u64);
        allowed.check(shown)?;
        // A few octets may stand for so many that undoing them takes its time, also where nothing comes of it.
        if limits.deadline.is_some_and(|deadline| Instant::now() >= deadline) {
            return Err(late());
        }
        if octets.is_empty() { Ok(()) } else { sink(octets) }
    };
    let poured = limits.interrupts.bound(
        async {
            let mut decoder = None;
            while let Some(chunk) = body.chunk().await? {
                *received = received.saturating_add(chunk.len() as u64);
                allowed.check(*received)?;
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
    );
    match poured.await {
        Ended::Done(done) => done,
        Ended::Interrupted(signal) => Err(interrupted(signal)),
        Ended::TimedOut => Err(late()),
    }
}

pub fn binary() -> CommandError {
    let message = "the body is binary, and standard output is a terminal";
    CommandError::new(Exit::WRITE_FAILED, message)
        .hint("write it to a file with -o FILE, pipe it on, or insist with -o -")
}

pub fn interrupted(signal: i32) -> CommandError {
    CommandError::new(Exit::by_signal(signal), "interrupted").hint("cookies that had come in are kept")
}

pub fn timed_out(what: &str) -> CommandError {
    CommandError::new(Exit::TIMED_OUT, format!("the time of --max-time is over: {what}"))
        .hint("allow more with -m SECONDS; cookies that had come in are kept")
}
