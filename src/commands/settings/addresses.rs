//! Owns the URLs of a run, one at a time: what a glob makes of each that was typed, and which -o or -O is for it.
//! Does not read a URL; `target` does.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::{OsStrExt, OsStringExt};

use crate::cli::glob::Glob;
use crate::cli::request::{Output, RequestArgs};
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::settings::protocols::Protocols;
use crate::commands::settings::target::without_userinfo;

/// A URL as a transfer begins with it.
#[derive(Clone, Debug)]
pub struct Address {
    pub url: OsString,
    pub output: Option<Output>,
    /// Which of the URLs that were typed it is of, counted from 0.
    pub number: usize,
}

/// All of them. A glob may stand for more than would fit into memory.
#[derive(Debug)]
pub struct Addresses {
    typed: Vec<(Glob, Option<Output>)>,
    /// More -o and -O were given than URLs.
    pub are_fewer_than_outputs: bool,
}

impl Addresses {
    /// What is wrong in any of the URLs is told before anything is sent.
    pub(super) fn read(
        args: &RequestArgs,
        urls: &[OsString],
        protocols: Protocols,
    ) -> Result<Addresses, CommandError> {
        let all_remote = args.several.remote_name_all.then_some(Output::Remote);
        let mut outputs = args.outputs.iter().cloned();
        let read = |typed: &OsString| {
            let glob = if args.several.globoff { Ok(Glob::literal(typed.as_bytes())) } else { glob(typed) }?;
            Ok((glob, outputs.next().or_else(|| all_remote.clone())))
        };
        let typed: Vec<_> = urls.iter().map(read).collect::<Result<_, CommandError>>()?;
        for (glob, _) in typed.iter().skip(1) {
            protocols.url(&OsString::from_vec(glob.nth(0)))?;
        }
        Ok(Addresses { typed, are_fewer_than_outputs: args.outputs.len() > urls.len() })
    }

    pub fn is_single(&self) -> bool {
        matches!(&*self.typed, [(glob, _)] if glob.count() == 1)
    }

    pub fn iter(&self) -> impl Iterator<Item = Address> {
        self.typed.iter().enumerate().flat_map(|(number, (glob, output))| {
            (0..glob.count()).map(move |at| Address {
                url: OsString::from_vec(glob.nth(at)),
                output: output.as_ref().map(|output| match output {
                    Output::File(name) => Output::File(OsString::from_vec(glob.fill(at, name.as_bytes()))),
                    Output::Remote => Output::Remote,
                }),
                number,
            })
        })
    }
}

fn glob(typed: &OsStr) -> Result<Glob, CommandError> {
    // Which is worse, and is told when it is read as a URL.
    if typed.as_bytes().iter().any(u8::is_ascii_control) {
        return Ok(Glob::literal(typed.as_bytes()));
    }
    Glob::parse(typed.as_bytes()).map_err(|fault| {
        let shown = without_userinfo(&typed.to_string_lossy());
        let message = format!("`{shown}`: no glob at position {}: {}", fault.position, fault.what);
        CommandError::new(Exit::BAD_URL, message)
            .hint("-g takes brackets and braces as they are, and a backslash does so for the one behind it")
    })
}
