//! Owns where a request's cookies come from and where they are kept, as far as curl's letters say: -b, -c and -j.
//! Does not read the files.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

use http::header::COOKIE;
use url::Url;

use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::session::{Access, JarSettings, Start};
use crate::commands::settings::given::header_value;
use crate::commands::settings::shared::{jar, lock_timeout};
use crate::exchange::request::Given;
use crate::store::layout::Layout;
use crate::sys::clock;

/// In the place of `-c`'s file.
pub fn is_stdout(file: &OsStr) -> bool {
    file == "-" || file == "/dev/stdout"
}

/// One file may be spelt in two ways.
fn is_same(one: &Path, other: &Path) -> bool {
    let whole = |path: &Path| std::path::absolute(path).map(|path| path.canonicalize().unwrap_or(path)).ok();
    one == other || whole(one).is_some_and(|one| whole(other) == Some(one))
}

/// What `-b` says: an argument with a `=` holds cookies, which join those of the headers, and any other names a file.
pub fn by_hand(args: &RequestArgs, headers: &mut Given) -> Result<Vec<PathBuf>, CommandError> {
    let (cookies, files): (Vec<&OsString>, Vec<&OsString>) =
        args.cookies.cookie.iter().partition(|given| given.as_bytes().contains(&b'='));
    for cookies in cookies {
        headers.headers.push((COOKIE, header_value(cookies.as_bytes(), "-b")?));
    }
    Ok(files.into_iter().map(PathBuf::from).collect())
}

/// The jar of a request. Where files are named by `-b` or `-c`, they are the jar, and the default one takes no part.
pub fn kept(args: &RequestArgs, files: Vec<PathBuf>, url: &Url) -> Result<Option<JarSettings>, CommandError> {
    if files.is_empty() && args.cookies.cookie_jar.is_none() {
        let kept = jar(&args.jar)?;
        return Ok(kept.map(|kept| JarSettings { junks_session: args.cookies.junk_session_cookies, ..kept }));
    }
    if args.jar.jar.is_some() {
        return Err(CommandError::usage("--jar can't go with -b FILE or -c FILE")
            .hint("--jar FILE alone reads it and saves to it; a cookies.txt is a jar, too"));
    }
    let into = args.cookies.cookie_jar.as_deref();
    if into.is_some_and(OsStr::is_empty) {
        return Err(CommandError::usage("-c needs the name of a file").hint("for example -c cookies.txt"));
    }
    if into.is_some() && args.jar.read_only {
        return Err(CommandError::usage("-c can't go with --read-only").hint("leave one of them out"));
    }
    // Read and written, one file is a jar like any other; an empty name only starts with nothing.
    let is_in_place = match (&*files, into) {
        ([one], Some(into)) => !is_stdout(into) && is_same(one, Path::new(into)),
        _ => false,
    };
    let path = match (&args.cookies.cookie_jar, files.first()) {
        (Some(into), _) => PathBuf::from(into),
        (None, Some(from)) => from.clone(),
        (None, None) => PathBuf::new(),
    };
    let saves = into.is_some_and(|into| !is_stdout(into) && into != "/dev/null");
    let files = files.into_iter().filter(|file| !file.as_os_str().is_empty()).collect();
    Ok(Some(JarSettings {
        name: path.display().to_string(),
        layout: match path.extension() {
            Some(extension) if extension == "json" => Layout::Json,
            _ => Layout::Netscape { as_of: clock::now() },
        },
        path,
        access: if saves { Access::ReadWrite } else { Access::ReadOnly },
        lock_timeout: lock_timeout(&args.jar)?,
        start: if is_in_place { Start::Jar } else { Start::Files { files, url: url.clone() } },
        junks_session: args.cookies.junk_session_cookies,
    }))
}
