//! Owns the configuration file on the disk: who may write it and read it, and what it says of which origins.
//! Does not choose between what it says and what was typed.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};

use crate::cli::defaults::{self, BadFile, HostSection, Place, Setting};
use crate::cli::typed::Entry;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::exchange::scope::Scope;
use crate::output::shell::quoted;
use crate::store::disk::{Content, Disk, Os};

/// Nobody types so many options.
const MOST_OCTETS: usize = 1 << 20;

const GO_WITHOUT: &str = "mend it, or go without it by -q";

/// The file, as it is.
pub struct Found {
    pub path: PathBuf,
    octets: Vec<u8>,
    mode: u32,
    user: u32,
}

/// What it says.
#[derive(Debug, Default)]
pub struct Sections {
    pub general: Vec<Setting>,
    /// What is said of fewer origins comes later.
    pub hosts: Vec<(Scope, HostSection)>,
}

pub fn open(path: &Path) -> Result<Option<Found>, CommandError> {
    let refused = |why: &str| {
        let message = format!("the configuration file {} cannot be read: {why}", path.display());
        Err(CommandError::new(Exit::READ_FAILED, message).hint(GO_WITHOUT))
    };
    match Os.read(path) {
        Ok(Content::Absent) => Ok(None),
        Ok(Content::Unsuitable(what)) => refused(&format!("it is {what}")),
        Ok(Content::Octets { octets, .. }) if octets.len() > MOST_OCTETS => {
            refused("it is larger than 1 MiB")
        }
        Ok(Content::Octets { octets, mode, owner }) => {
            Ok(Some(Found { path: path.to_owned(), octets, mode, user: owner.user }))
        }
        Err(error) if is_nowhere(path, &error) => Ok(None),
        Err(error) => refused(&error.to_string()),
    }
}

/// Where the way there is barred, as by a home that is none, there is no file for this user.
fn is_nowhere(path: &Path, error: &io::Error) -> bool {
    error.kind() == ErrorKind::NotADirectory || fs::symlink_metadata(path).is_err()
}

pub fn read(found: &Found) -> Result<Sections, CommandError> {
    let bad = |BadFile { place: Place { line, column }, why, hint }| {
        let message = format!("{}: line {line}, column {column}: {why}", found.path.display());
        CommandError::usage(message).hint(hint)
    };
    if found.mode & 0o002 != 0 {
        let path = found.path.display().to_string();
        let message = format!("everybody may write to {path} (mode {:04o}), so it is not read", found.mode);
        return Err(CommandError::usage(message).hint(format!("chmod 600 {}, or -q", quoted(&path))));
    }
    let text = std::str::from_utf8(&found.octets).map_err(|error| {
        let before = String::from_utf8_lossy(&found.octets[..error.valid_up_to()]);
        let line = before.matches('\n').count() + 1;
        let column = before.rsplit('\n').next().unwrap_or_default().chars().count() + 1;
        bad(BadFile {
            place: Place { line, column },
            why: "it is not UTF-8".to_owned(),
            hint: "save it as UTF-8".to_owned(),
        })
    })?;
    let defaults = defaults::read(text).map_err(bad)?;
    let mut hosts = Vec::new();
    for section in defaults.hosts {
        let scope = Scope::read(&section.pattern).map_err(|why| {
            bad(BadFile {
                place: section.place,
                why: format!("host `{}`: {why}", section.pattern),
                hint: "write [host.\"example.com\"], \"*.example.com\" for those below it, or \"http://localhost:8080\""
                    .to_owned(),
            })
        })?;
        hosts.push((scope, section));
    }
    hosts.sort_by(|(one, _), (other, _)| one.by_reach(other));
    Ok(Sections { general: defaults.general, hosts })
}

impl Found {
    /// Refuses commands that somebody else may have written.
    pub fn trust(&self, entries: &[&Entry]) -> Result<(), CommandError> {
        let is_ours = self.user == Os.user() || self.user == 0;
        let command = entries.iter().find(|entry| entry.long.ends_with("-command"));
        let Some(entry) = command.filter(|_| !is_ours || self.mode & 0o022 != 0) else { return Ok(()) };
        let path = self.path.display().to_string();
        let message = format!(
            "{path} names a command ({}), and others may have written it (owner {}, mode {:04o})",
            entry.long, self.user, self.mode
        );
        Err(CommandError::usage(message)
            .hint(format!("own it, and chmod 600 {}; or go without it by -q", quoted(&path))))
    }

    /// A warning, where others may read what is nobody's business.
    pub fn exposed(&self, entries: &[&Entry]) -> Option<(String, String)> {
        if self.mode & 0o044 == 0 || !entries.iter().any(|entry| entry.is_secret()) {
            return None;
        }
        let path = self.path.display().to_string();
        let message = format!("{path} holds a login and can be read by others (mode {:04o})", self.mode);
        Some((message, format!("chmod 600 {}", quoted(&path))))
    }
}
