//! Owns the choices about what becomes of an answer: whether codings are undone, where the body goes, what it may be.
//! Does not open files.

use std::ffi::{OsStr, OsString};
use std::path::PathBuf;
use std::rc::Rc;

use http::HeaderMap;
use http::header::{ACCEPT_ENCODING, RANGE};
use url::Url;

use crate::cli::request::{Output, RequestArgs};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files::{self, Value};
use crate::commands::settings::addresses::Address;
use crate::commands::settings::pretty::{Pretty, pretty};
use crate::commands::settings::target::without_userinfo;
use crate::exchange::file_name;
use crate::exchange::request::Given;
use crate::output::write_out::{self, Piece};

/// What becomes of an answer.
#[derive(Clone, Debug)]
pub struct OutputSettings {
    pub target: Target,
    pub directory: Option<PathBuf>,
    pub makes_directories: bool,
    /// A file that is there stays, and another name is found.
    pub keeps_old: bool,
    pub removes_on_error: bool,
    pub fails_with_body: bool,
    /// A file for the heads; `-` is standard output.
    pub heads_file: Option<PathBuf>,
    /// More octets are an error.
    pub most: Option<u64>,
    pub write_out: Option<Report>,
    /// A file for the whole story; `-` is standard output.
    pub report_file: Option<PathBuf>,
    pub pretty: Pretty,
    /// `-o -`: standard output was asked for by name, and gets every octet.
    pub is_raw: bool,
    /// How progress is drawn, where it can be.
    pub meter: Option<MeterLook>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MeterLook {
    Line,
    /// Nothing but a bar.
    Bar,
}

/// What is told when all is over.
#[derive(Clone, Debug)]
pub struct Report {
    pub format: Rc<[Piece]>,
    /// The URL as it was typed.
    pub url: String,
    /// Which of the URLs of the command line it is of.
    pub number: usize,
}

/// Where the body goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Stdout,
    File(PathBuf),
    /// A file with a name from the URL, or from the head if it has one.
    Remote {
        named_by_head: bool,
    },
}

impl OutputSettings {
    /// The same for the body of one URL.
    pub(super) fn of(&self, address: &Address, args: &RequestArgs) -> OutputSettings {
        let target = match &address.output {
            Some(Output::Remote) => Target::Remote { named_by_head: args.output.remote_header_name },
            Some(Output::File(path)) if path != "-" => Target::File(PathBuf::from(path)),
            _ => Target::Stdout,
        };
        let is_raw = matches!(&address.output, Some(Output::File(path)) if path == "-");
        let mut output = OutputSettings { target, is_raw, ..self.clone() };
        if let Some(report) = &mut output.write_out {
            report.url = without_userinfo(&address.url.to_string_lossy());
            report.number = address.number;
        }
        output
    }

    /// The file for the body, and whether it must not be there yet; `None` is standard output. `url` is the one that
    /// was typed, and `headers` those of the last answer.
    pub fn path(
        &self,
        url: &Url,
        headers: Option<&HeaderMap>,
    ) -> Result<Option<(PathBuf, bool)>, CommandError> {
        let (name, is_new) = match &self.target {
            Target::Stdout => return Ok(None),
            Target::File(path) => (path.clone(), false),
            Target::Remote { named_by_head } => {
                let by_head = headers.filter(|_| *named_by_head).and_then(file_name::of_head);
                // What a server names takes the place of nothing, and nobody's settings are taken by accident.
                let is_new = by_head.is_some();
                let name = by_head.or_else(|| file_name::of_url(url)).ok_or_else(nameless)?;
                let is_new = is_new || name.starts_with('.');
                (PathBuf::from(name), is_new)
            }
        };
        let path = self.directory.as_ref().map_or(name.clone(), |directory| directory.join(name));
        Ok(Some((path, is_new)))
    }
}

/// As it is for every URL; where the body of one goes is another question.
pub(super) fn output(args: &RequestArgs) -> Result<OutputSettings, CommandError> {
    let given = &args.output;
    let refused = |message: &str, hint: &str| Err(CommandError::usage(message).hint(hint));
    if args.response.fail && given.fail_with_body {
        return refused("-f and --fail-with-body can't go together", "--fail-with-body shows the body too");
    }
    if given.remote_header_name && args.response.include {
        return refused("-J and -i can't go together", "-D FILE keeps the heads apart from the body");
    }
    Ok(OutputSettings {
        target: Target::Stdout,
        directory: path(given.output_dir.as_ref()),
        meter: match (args.response.silent || given.no_progress_meter, given.progress_bar) {
            (true, _) => None,
            (false, true) => Some(MeterLook::Bar),
            (false, false) => Some(MeterLook::Line),
        },
        makes_directories: given.create_dirs,
        keeps_old: given.no_clobber,
        removes_on_error: given.remove_on_error,
        fails_with_body: given.fail_with_body,
        heads_file: path(given.dump_header.as_ref()),
        write_out: given.write_out.as_deref().map(report).transpose()?,
        report_file: path(given.report.as_ref()),
        pretty: pretty(given.pretty.as_deref(), &args.look)?,
        is_raw: false,
        most: given
            .max_filesize
            .as_deref()
            .map(|given| size(given, "--max-filesize"))
            .transpose()?
            .filter(|most| *most > 0),
    })
}

fn nameless() -> CommandError {
    CommandError::new(Exit::WRITE_FAILED, "-O: the URL ends in no name for a file")
        .hint("name the file with -o FILE")
}

fn path(given: Option<&OsString>) -> Option<PathBuf> {
    given.map(PathBuf::from)
}

fn report(format: &OsStr) -> Result<Report, CommandError> {
    let format = match files::value(format)? {
        Value::Literal(octets) | Value::Read(octets) => write_out::parse(&octets),
    };
    Ok(Report { format: format.into(), url: String::new(), number: 0 })
}

/// A number of octets, with curl's `k`, `m`, `g`, `t`, `p`.
pub(super) fn size(given: &OsStr, flag: &str) -> Result<u64, CommandError> {
    let read = |text: &str| {
        let digits = text.trim_end_matches(|letter: char| letter.is_ascii_alphabetic());
        let unit = match text[digits.len()..].to_ascii_lowercase().as_str() {
            "" | "b" => 1,
            "k" => 1 << 10,
            "m" => 1 << 20,
            "g" => 1 << 30,
            "t" => 1 << 40,
            "p" => 1 << 50,
            _ => return None,
        };
        digits.parse::<u64>().ok()?.checked_mul(unit)
    };
    given.to_str().and_then(read).ok_or_else(|| {
        CommandError::usage(format!("{flag}: `{}` is not a size", given.display()))
            .hint("write a number of octets, or 64k, 10m, 2g")
    })
}

/// Is a compressed body asked for, and undone?
///
/// Not without being told to where the octets themselves are wanted: a file, a part of one, or what the user's own
/// `Accept-Encoding` asks for.
pub(super) fn undoes_codings(args: &RequestArgs, target: &Target, given: &Given) -> bool {
    let has_own = given.has(&ACCEPT_ENCODING) || given.without.contains(&ACCEPT_ENCODING);
    let octets_are_wanted = *target != Target::Stdout || has_own || given.has(&RANGE);
    args.output.compressed || !(args.output.no_compressed || octets_are_wanted)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_size_has_curls_letters() {
        let size = |text: &str| size(OsStr::new(text), "--max-filesize").ok();
        assert_eq!(
            ["0", "7", "7b", "2k", "3M", "1G", "1t", "2P", "", "k", "-1", "99999999999g"].map(size),
            [
                Some(0),
                Some(7),
                Some(7),
                Some(2048),
                Some(3 << 20),
                Some(1 << 30),
                Some(1 << 40),
                Some(2 << 50),
                None,
                None,
                None,
                None
            ]
        );
    }
}
