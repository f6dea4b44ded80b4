//! Owns the choices about a transfer: where it goes on, and under which condition an answer is wanted.
//! Does not judge the answer; `exchange` does.

use std::ffi::OsStr;
use std::io::ErrorKind;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use chrono::{DateTime, NaiveDate, NaiveTime, Utc};
use http::header::{ACCEPT_ENCODING, CONTENT_RANGE, IF_NONE_MATCH, RANGE};
use http::{HeaderName, HeaderValue};
use url::Url;

use crate::cli::request::RequestArgs;
use crate::cli::transfer::TransferPart;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files;
use crate::commands::settings::given::header_value;
use crate::commands::settings::output::{OutputSettings, Target};
use crate::cookie::date;
use crate::cookie::policy::Policy;
use crate::exchange::body::{Body, Piece};
use crate::exchange::condition::Condition;
use crate::exchange::request::Given;

/// What is wanted of an answer.
#[derive(Clone, Debug, Default)]
pub struct TransferSettings {
    pub resume: Option<Resume>,
    pub condition: Option<Condition>,
    pub etag_file: Option<PathBuf>,
    /// The file gets the time of the document.
    pub keeps_time: bool,
    /// What was asked for and can't be done.
    pub warnings: Vec<(String, &'static str)>,
}

/// Where a download goes on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Resume {
    /// Never 0, which is no resuming at all.
    pub offset: u64,
    /// It is the size of the file, or else it was typed.
    pub is_size: bool,
    /// Codings were asked for by hand, so the file may hold them.
    pub takes_codings: bool,
}

pub(super) fn transfer(
    args: &RequestArgs,
    output: &OutputSettings,
    url: &Url,
    headers: &mut Given,
) -> Result<TransferSettings, CommandError> {
    let typed = &args.transfer;
    let mut settings = TransferSettings {
        etag_file: typed.etag_save.as_ref().map(PathBuf::from),
        keeps_time: typed.remote_time,
        ..TransferSettings::default()
    };
    if let Some(offset) = typed.continue_at.as_deref().filter(|_| args.body.upload.is_none()) {
        settings.resume = resume(offset, args, output, url, headers)?;
    }
    if let Some(given) = typed.time_cond.as_deref() {
        match condition(given)? {
            Some(condition) => {
                let (name, value) = condition.header();
                add(headers, name, value);
                settings.condition = Some(condition);
            }
            None => settings.warnings.push((
                format!("-z: `{}` is neither a date nor a file, so there is no condition", given.display()),
                "for example 2027-01-31, `Sun, 31 Jan 2027 12:00:00 GMT`, or a file that is there",
            )),
        }
    }
    if let Some(etags) = etags(typed)? {
        add(headers, IF_NONE_MATCH, etags);
    }
    Ok(settings)
}

/// A header given by hand goes before it.
fn add(headers: &mut Given, name: HeaderName, value: HeaderValue) {
    if !headers.has(&name) && !headers.without.contains(&name) {
        headers.headers.push((name, value));
    }
}

fn resume(
    given: &OsStr,
    args: &RequestArgs,
    output: &OutputSettings,
    url: &Url,
    headers: &mut Given,
) -> Result<Option<Resume>, CommandError> {
    let refused = |message: &str, hint: &str| Err(CommandError::usage(message).hint(hint));
    let is_to_file = output.target != Target::Stdout;
    if headers.has(&RANGE) || headers.without.contains(&RANGE) {
        return refused("-C and a range can't go together", "-C makes the Range header itself");
    }
    if args.output.compressed {
        return refused(
            "-C and --compressed can't go together",
            "a part of a coded body can't be undone alone",
        );
    }
    if output.target == (Target::Remote { named_by_head: true }) {
        return refused(
            "-C and -J can't go together",
            "the file must be known before the answer is; name it with -o",
        );
    }
    if output.removes_on_error {
        return refused("-C and --remove-on-error can't go together", "what is there already would go, too");
    }
    if output.keeps_old {
        return refused("-C and --no-clobber can't go together", "-C changes the file that is there");
    }
    if args.response.include && is_to_file {
        return refused(
            "-C and -i can't go together in a file",
            "-D FILE keeps the heads apart from the body",
        );
    }
    let is_size = given == "-";
    let offset = match is_size {
        true => match output.path(url, None)? {
            Some((path, _)) => size(&path)?,
            None => {
                return refused(
                    "-C - needs a file to go on with",
                    "name it with -o FILE or -O, or give the offset",
                );
            }
        },
        false => self::offset(given)?,
    };
    if offset == 0 {
        return Ok(None);
    }
    let takes_codings = headers.has(&ACCEPT_ENCODING);
    add(headers, RANGE, header_value(format!("bytes={offset}-").as_bytes(), "-C")?);
    add(headers, ACCEPT_ENCODING, HeaderValue::from_static("identity"));
    Ok(Some(Resume { offset, is_size, takes_codings }))
}

/// What a file holds already; what is not there, and what is no file, holds nothing.
fn size(path: &Path) -> Result<u64, CommandError> {
    match path.metadata() {
        Ok(found) => Ok(if found.is_file() { found.len() } else { 0 }),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(0),
        Err(error) => Err(CommandError::writing(&path.display().to_string(), &error)),
    }
}

fn offset(given: &OsStr) -> Result<u64, CommandError> {
    let is_number = given.as_bytes().iter().all(u8::is_ascii_digit);
    given.to_str().filter(|_| is_number).and_then(|text| text.parse().ok()).ok_or_else(|| {
        CommandError::usage(format!("-C: `{}` is not an offset", given.display()))
            .hint("give a number of octets, or `-` to go on behind what the file holds")
    })
}

/// `-T` with `-C`: what lies behind the offset is sent, and the server is told where it belongs.
pub(super) fn resume_upload(
    args: &RequestArgs,
    body: &mut Body,
    headers: &mut Given,
) -> Result<(), CommandError> {
    let Some(given) = args.transfer.continue_at.as_deref() else { return Ok(()) };
    if args.body.upload.is_none() {
        return Err(CommandError::usage(
            "-C goes on with a download, or with an upload by -T, and there is other data",
        )
        .hint("leave -C or the data out"));
    }
    if given == "-" {
        return Err(CommandError::usage("-C - can't know how much of the upload the server has")
            .hint("give the offset, for example -C 1000"));
    }
    let start = offset(given)?;
    if start == 0 {
        return Ok(());
    }
    let [Piece::File { from, length: Some(length), .. }] = &mut body.pieces[..] else {
        return Err(CommandError::usage(
            "-C goes on with an upload from a file, and -T names none with a length",
        )
        .hint("leave -C out, or name a file that has octets"));
    };
    if start >= *length {
        let message = format!("-C: the file has {length} octets, so there are none to send from {start} on");
        return Err(CommandError::new(Exit::CUT_SHORT, message).hint("nothing was sent"));
    }
    let place = format!("bytes {start}-{}/{length}", *length - 1);
    (*from, *length) = (start, *length - start);
    add(headers, CONTENT_RANGE, header_value(place.as_bytes(), "-C")?);
    Ok(())
}

/// A date, or a file and so its time; `None` where it is neither, since curl goes on without a condition, too.
fn condition(given: &OsStr) -> Result<Option<Condition>, CommandError> {
    let (is_older, given) = match given.as_bytes() {
        [b'-', rest @ ..] => (true, OsStr::from_bytes(rest)),
        _ => (false, given),
    };
    let time = match given.to_str().and_then(moment) {
        Some(time) => time,
        None => match Path::new(given).metadata().and_then(|found| found.modified()) {
            Ok(time) => DateTime::from(time),
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(CommandError::reading(Path::new(given), &error)),
        },
    };
    Ok(Some(if is_older { Condition::Older(time) } else { Condition::Newer(time) }))
}

/// RFC 3339, RFC 2822, or what the date of a cookie may look like, with or without a time of day.
fn moment(text: &str) -> Option<DateTime<Utc>> {
    let utc = |time: DateTime<chrono::FixedOffset>| time.with_timezone(&Utc);
    let midnight = |date: NaiveDate| date.and_time(NaiveTime::MIN).and_utc();
    let loose = |text: &str| date::parse(text.as_bytes(), Policy::Classic);
    let exact = DateTime::parse_from_rfc3339(text).or_else(|_| DateTime::parse_from_rfc2822(text));
    exact
        .map(utc)
        .ok()
        .or_else(|| text.parse().map(midnight).ok())
        .or_else(|| NaiveDate::parse_from_str(text, "%Y%m%d").map(midnight).ok())
        .or_else(|| loose(text))
        .or_else(|| loose(&format!("{text} 00:00:00")))
}

/// The ETags of a file, one a line. An empty file is the empty one, as in curl.
fn etags(typed: &TransferPart) -> Result<Option<HeaderValue>, CommandError> {
    let Some(path) = typed.etag_compare.as_deref() else { return Ok(None) };
    // Before the first run there is nothing to compare with.
    let is_first_run = typed.etag_save.as_deref() == Some(path)
        && Path::new(path).metadata().is_err_and(|error| error.kind() == ErrorKind::NotFound);
    if is_first_run {
        return Ok(None);
    }
    let octets = files::read_bounded(Path::new(path))?;
    let lines = octets.split(|octet| *octet == b'\n').map(<[u8]>::trim_ascii).filter(|line| !line.is_empty());
    let joined = lines.collect::<Vec<_>>().join(&b", "[..]);
    header_value(if joined.is_empty() { b"\"\"" } else { &joined }, "--etag-compare").map(Some)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_may_be_written_in_many_ways() {
        for (text, expected) in [
            ("2027-01-31T12:00:00+01:00", Some("2027-01-31T11:00:00")),
            ("2027-01-31", Some("2027-01-31T00:00:00")),
            ("20270131", Some("2027-01-31T00:00:00")),
            ("Sun, 31 Jan 2027 12:00:00 GMT", Some("2027-01-31T12:00:00")),
            ("Sun, 31 Jan 2027 12:00:00 -0100", Some("2027-01-31T13:00:00")),
            ("Wed 01 Sep 2021 12:18:00", Some("2021-09-01T12:18:00")),
            ("1 Sep 2021", Some("2021-09-01T00:00:00")),
            ("Sep 1 12:18:00 2021", Some("2021-09-01T12:18:00")),
            ("page.html", None),
            ("2021", None),
            ("", None),
        ] {
            let read = moment(text).map(|time| time.format("%FT%T").to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        }
    }
}
