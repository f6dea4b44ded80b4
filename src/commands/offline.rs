//! Owns what is shown instead of sending: the requests themselves, or a curl command for each.
//! Does not send anything, and leaves the jar alone.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::Path;

use crate::cli::bridge::BridgePart;
use crate::commands::console::Console;
use crate::commands::curl_line;
use crate::commands::delivery::binary;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::session::{Access, JarSettings, OpenJar};
use crate::commands::settings::request::RunSettings;
use crate::exchange::body::Piece;
use crate::exchange::hops;
use crate::exchange::request::Outgoing;
use crate::output::body::Sink;
use crate::output::pretty::Dress;
use crate::output::redact::Secrets;
use crate::output::{request, shell};
use crate::sys::{clock, stdio, terminal};
use crate::transport::client::Http;

/// Of no use without an answer.
const OF_ANSWERS: [&str; 10] = [
    "dump-header",
    "etag-save",
    "explain",
    "output",
    "remote-name",
    "remote-name-all",
    "remote-time",
    "report",
    "retry",
    "write-out",
];

/// So much of a body is in memory.
const CHUNK: usize = 64 * 1024;

pub fn offline(
    mut settings: RunSettings,
    bridge: &BridgePart,
    console: &Console,
) -> Result<Exit, CommandError> {
    tell_of_idle(bridge, console);
    let kept = settings.jar.take().map(|jar| JarSettings { access: Access::ReadOnly, ..jar });
    let jar = kept.map(|jar| OpenJar::open(jar, console)).transpose()?;
    if let Some(jar) = &jar {
        settings.judge_by(settings.judging.for_jar(jar.jar()));
    }
    let http = Http::new(settings.connection.clone());
    let jar = jar.map(RefCell::new);
    let mut has_masks = false;
    for (at, address) in settings.addresses.iter().enumerate() {
        let aimed = match at {
            0 => settings.first.clone(),
            _ => settings.template.aimed(&address)?,
        };
        let hop = hops::prepared(&aimed.plan, &http, jar.as_ref(), clock::now());
        if bridge.as_curl {
            let output = address.output.as_ref();
            let words = curl_line::words(&bridge.typed, output, &aimed.plan, &hop.request, aimed.secrets)?;
            console.say_exactly(&[shell::line(&words), b"\n".to_vec()].concat())?;
            has_masks |=
                aimed.secrets == Secrets::Masked && words.iter().any(|word| curl_line::is_masked(word));
        } else {
            if at > 0 && settings.first.plan.body.is_some() {
                console.say_exactly(b"\n\n")?;
            }
            show(&hop.request, aimed.secrets, console)?;
        }
    }
    if has_masks {
        console.note("secrets are masked, and curl would send the masks: --reveal shows a line that runs");
    }
    Ok(Exit::SUCCESS)
}

/// What only an answer could give is asked for in vain.
fn tell_of_idle(bridge: &BridgePart, console: &Console) {
    let idle: &[&str] = if bridge.as_curl { &["explain", "report"] } else { &OF_ANSWERS };
    let typed = bridge.typed.iter().map(|given| given.option.long).filter(|name| idle.contains(name));
    let typed: BTreeSet<_> = typed.map(|name| format!("--{name}")).collect();
    if !typed.is_empty() {
        let typed = typed.into_iter().collect::<Vec<_>>().join(", ");
        console.note(&match bridge.as_curl {
            true => format!("{typed}: curl has no such option, so it is left out"),
            false => format!("nothing is sent, so there is no answer for {typed}"),
        });
    }
}

fn show(request: &Outgoing, secrets: Secrets, console: &Console) -> Result<(), CommandError> {
    let is_terminal = terminal::stdout_is_terminal();
    let mut out = console.stdout();
    let mut sink =
        if is_terminal { Sink::terminal(&mut out, None, Dress::NONE) } else { Sink::exact(&mut out) };
    let writing = |error: io::Error| CommandError::writing("standard output", &error);
    let mut write = |octets: &[u8]| sink.write(octets).map_err(writing)?.map_err(|_| binary());
    write(&request::head(request, is_terminal.then_some(secrets)))?;
    for piece in request.body.iter().flat_map(|body| &body.pieces) {
        pour(piece, &mut write)?;
    }
    sink.finish().map_err(writing)
}

fn pour(
    piece: &Piece,
    write: &mut impl FnMut(&[u8]) -> Result<(), CommandError>,
) -> Result<(), CommandError> {
    let (mut from, path): (Box<dyn Read>, &Path) = match piece {
        Piece::Octets(octets) => return write(octets),
        Piece::File { path, from, length } => (file(path, *from, *length)?, path),
        Piece::Stdin => (Box::new(stdio::stdin()), Path::new("standard input")),
    };
    let mut chunk = vec![0; CHUNK];
    loop {
        match from.read(&mut chunk) {
            Ok(0) => return Ok(()),
            Ok(read) => write(&chunk[..read])?,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(CommandError::reading(path, &error)),
        }
    }
}

fn file(path: &Path, from: u64, length: Option<u64>) -> Result<Box<dyn Read>, CommandError> {
    let open = || {
        let mut file = File::open(path)?;
        if from > 0 {
            file.seek(SeekFrom::Start(from))?;
        }
        Ok(Box::new(file.take(length.unwrap_or(u64::MAX))) as Box<dyn Read>)
    };
    open().map_err(|error| CommandError::reading(path, &error))
}
