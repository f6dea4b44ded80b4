//! Owns what curl's `-b FILE` means: the cookies of files of any format, for this run.
//! Does not write them anywhere; `-c` does.

use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use url::Url;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files;
use crate::cookie::change::{Change, Place};
use crate::cookie::context::Origin;
use crate::cookie::jar::Jar;
use crate::cookie::limits::Limits;
use crate::formats::detect::detect;
use crate::formats::format::{self, Format};
use crate::formats::imported::{Imported, Reading};
use crate::output::list::counted;
use crate::store::layout::{Layout, roomy};
use crate::sys::clock;

/// A jar of what the files hold. Of two cookies of one identity the later one stays.
pub fn jar(files: &[PathBuf], url: &Url, layout: Layout, console: &Console) -> Result<Jar, CommandError> {
    let now = clock::now();
    let mut jar = layout.empty().jar;
    // Whoever wrote the files had limits of their own.
    jar.limits = Limits { per_domain: usize::MAX, total: usize::MAX, ..Limits::default() };
    for file in files {
        let Some(octets) = content(file, console)? else { continue };
        let reading = Reading { url: Some(url.clone()), ..Reading::at(now) };
        let Imported { records, rejected } = understood(file, &octets, &reading)?;
        if !rejected.is_empty() {
            let message = format!("{}: {} of its rows are no cookies", file.display(), rejected.len());
            console.warn(&message, "kuki jar import FILE --dry-run says which, and why");
        }
        let (held, left): (Vec<_>, Vec<_>) =
            records.into_iter().partition(|record| jar.can_hold(&record.cookie));
        if !left.is_empty() {
            let message =
                format!("{}: {} can't be held by a cookies.txt", file.display(), counted(left.len()));
            console.warn(&message, "a file for -c whose name ends in .json holds everything");
        }
        for record in held {
            let put = Change::Put { cookie: record.cookie, from: Origin::Secure, place: Place::Kept };
            jar.apply(put, now);
        }
    }
    jar.limits = roomy(&jar);
    Ok(jar)
}

/// A file that is not there holds no cookies, as in curl, where a first run names the jar that it will make.
fn content(file: &Path, console: &Console) -> Result<Option<Vec<u8>>, CommandError> {
    let is_missing =
        file != Path::new("-") && file.metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
    if is_missing {
        let message = format!("-b: there is no file {}, so no cookies come from it", file.display());
        console.warn(&message, "cookies that are given by hand are written NAME=VALUE");
        return Ok(None);
    }
    files::read_bounded(file).map(Some)
}

fn understood(file: &Path, octets: &[u8], reading: &Reading) -> Result<Imported, CommandError> {
    if octets.trim_ascii().is_empty() {
        return Ok(Imported::default());
    }
    let failed = |why: String| {
        CommandError::new(Exit::READ_FAILED, format!("-b: {} {why}", file.display()))
            .hint("kuki jar import --help lists the formats; nothing was sent")
    };
    let format =
        detect(octets).ok_or_else(|| failed("looks like no format of cookies that is known".to_owned()))?;
    // A cookie that names no host must not go to whoever is asked; curl takes header lines for this host's.
    let is_of_headers = matches!(format, Format::CookieHeader | Format::SetCookie);
    let reading = Reading { url: reading.url.clone().filter(|_| is_of_headers), ..reading.clone() };
    format::read(format, octets, &reading)
        .map_err(|not| failed(format!("can't be read as {}: {not}", format.word())))
}
