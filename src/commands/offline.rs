//! Owns what is shown instead of sending: the request itself, or a curl command that sends it.
//! Does not send anything, and leaves the jar alone.

use std::cell::RefCell;
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
use crate::output::body::Sink;
use crate::output::pretty::Dress;
use crate::output::redact::Secrets;
use crate::output::{request, shell};
use crate::sys::{clock, stdio, terminal};
use crate::transport::client::Http;

/// So much of a body is in memory.
const CHUNK: usize = 64 * 1024;

pub fn offline(
    mut settings: RunSettings,
    bridge: &BridgePart,
    console: &Console,
) -> Result<Exit, CommandError> {
    if !settings.addresses.is_single() {
        return Err(CommandError::usage(
            "--offline and --as-curl show one request, and there are several URLs",
        )
        .hint("name one URL, and -g if its brackets and braces are no globs"));
    }
    let kept = settings.jar.take().map(|jar| JarSettings { access: Access::ReadOnly, ..jar });
    let jar = kept.map(|jar| OpenJar::open(jar, console)).transpose()?;
    if let Some(jar) = &jar {
        settings.judge_by(settings.judging.for_jar(jar.jar()));
    }
    let http = Http::new(settings.connection.clone());
    let settings = settings.first;
    let jar = jar.map(RefCell::new);
    let hop = hops::prepared(&settings.plan, &http, jar.as_ref(), clock::now());
    if bridge.as_curl {
        let words = curl_line::words(&bridge.typed, &settings.plan, &hop.request, settings.secrets)?;
        console.say_exactly(&[shell::line(&words), b"\n".to_vec()].concat())?;
        if settings.secrets == Secrets::Masked && words.iter().any(|word| curl_line::is_masked(word)) {
            console
                .note("secrets are masked, and curl would send the masks: --reveal shows a line that runs");
        }
        return Ok(Exit::SUCCESS);
    }
    let is_terminal = terminal::stdout_is_terminal();
    let mut out = console.stdout();
    let mut sink =
        if is_terminal { Sink::terminal(&mut out, None, Dress::NONE) } else { Sink::exact(&mut out) };
    let writing = |error: io::Error| CommandError::writing("standard output", &error);
    let mut write = |octets: &[u8]| sink.write(octets).map_err(writing)?.map_err(|_| binary());
    write(&request::head(&hop.request, is_terminal.then_some(settings.secrets)))?;
    for piece in hop.request.body.iter().flat_map(|body| &body.pieces) {
        pour(piece, &mut write)?;
    }
    sink.finish().map_err(writing)?;
    Ok(Exit::SUCCESS)
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
