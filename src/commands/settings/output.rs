//! Owns the choices about what becomes of an answer: whether codings are undone, and where the body goes.
//! Does not open files.

use http::header::{ACCEPT_ENCODING, RANGE};

use crate::cli::request::RequestArgs;
use crate::exchange::request::Given;

/// Is a compressed body asked for, and undone?
///
/// Not without being told to where the octets themselves are wanted: a file, a part of one, or what the user's own
/// `Accept-Encoding` asks for.
pub(super) fn undoes_codings(args: &RequestArgs, given: &Given) -> bool {
    let is_for_a_file = args.response.output.as_ref().is_some_and(|file| file != "-");
    let has_own = given.has(&ACCEPT_ENCODING) || given.without.contains(&ACCEPT_ENCODING);
    args.output.compressed || !(args.output.no_compressed || is_for_a_file || has_own || given.has(&RANGE))
}
