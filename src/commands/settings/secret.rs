//! Owns where a password or a token is, so that it need not stand on a command line: a file, a variable, a command that prints it.
//! Does not say whose it is.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::process::{Command, Stdio};

use crate::cli::login::LoginPart;
use crate::commands::error::CommandError;
use crate::commands::files;
use crate::sys::env;

type Read = fn(&OsStr, &str) -> Result<Vec<u8>, CommandError>;

/// The token, and the option that brings it.
pub(super) fn token(login: &LoginPart) -> Result<Option<(&'static str, Vec<u8>)>, CommandError> {
    read_only_one(
        [
            ("--oauth2-bearer", &login.oauth2_bearer, |token, _| Ok(token.as_bytes().to_vec())),
            ("--bearer-env", &login.bearer_env, of_variable),
            ("--bearer-command", &login.bearer_command, of_command),
        ],
        "tokens",
    )
}

pub(super) fn password(login: &LoginPart) -> Result<Option<Vec<u8>>, CommandError> {
    Ok(read_only_one(passwords(login), "passwords")?.map(|(_, password)| password))
}

/// The option that brings the password; nothing is read.
pub(super) fn password_flag(login: &LoginPart) -> Result<Option<&'static str>, CommandError> {
    Ok(only_one(passwords(login), "passwords")?.map(|(flag, ..)| flag))
}

fn passwords(login: &LoginPart) -> [(&'static str, &Option<OsString>, Read); 3] {
    [
        ("--password-file", &login.password_file, of_file),
        ("--password-env", &login.password_env, of_variable),
        ("--password-command", &login.password_command, of_command),
    ]
}

fn read_only_one(
    places: [(&'static str, &Option<OsString>, Read); 3],
    what: &str,
) -> Result<Option<(&'static str, Vec<u8>)>, CommandError> {
    let Some((flag, given, read)) = only_one(places, what)? else { return Ok(None) };
    Ok(Some((flag, read(given, flag)?)))
}

fn only_one<'a>(
    places: [(&'static str, &'a Option<OsString>, Read); 3],
    what: &str,
) -> Result<Option<(&'static str, &'a OsStr, Read)>, CommandError> {
    let mut given =
        places.into_iter().filter_map(|(flag, given, read)| Some((flag, given.as_deref()?, read)));
    match (given.next(), given.next()) {
        (Some((one, ..)), Some((other, ..))) => {
            Err(CommandError::usage(format!("{one} and {other} name two {what}"))
                .hint("leave one of them out"))
        }
        (first, _) => Ok(first),
    }
}

fn of_file(file: &OsStr, _: &str) -> Result<Vec<u8>, CommandError> {
    Ok(first_line(&files::read(file.as_ref())?))
}

fn of_variable(name: &OsStr, flag: &str) -> Result<Vec<u8>, CommandError> {
    let value = name.to_str().filter(|name| !name.is_empty() && !name.contains('=')).and_then(env::variable);
    value.map(|value| value.as_bytes().to_vec()).ok_or_else(|| {
        CommandError::usage(format!("{flag}: the variable `{}` is not set", name.display()))
            .hint("give the name of the variable, without a $")
    })
}

/// What the first line of its output is. A shell runs it, since people write here what they would type into one; nothing of
/// the request is put into it. It may ask at the terminal, but standard input is the request's.
fn of_command(line: &OsStr, flag: &str) -> Result<Vec<u8>, CommandError> {
    let failed = |why: &str| {
        CommandError::usage(format!("{flag}: the command {why}"))
            .hint("try it in a shell: its first line must be the secret, and its exit status 0")
    };
    let mut command = Command::new("/bin/sh");
    command.arg("-c").arg(line).stdin(Stdio::null()).stderr(Stdio::inherit());
    let output = command.output().map_err(|error| failed(&format!("cannot be started: {error}")))?;
    if !output.status.success() {
        return Err(failed(&format!("failed: {}", output.status)));
    }
    let secret = first_line(&output.stdout);
    if secret.is_empty() { Err(failed("printed nothing")) } else { Ok(secret) }
}

fn first_line(octets: &[u8]) -> Vec<u8> {
    let line = octets.split(|octet| *octet == b'\n').next().unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line).to_vec()
}
