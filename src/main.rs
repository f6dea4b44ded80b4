//! Owns the process: its arguments and its end.
//! Does not do anything between the two.

use std::ffi::OsString;

#[expect(clippy::disallowed_methods, reason = "this is the one place")]
fn main() {
    let arguments: Vec<OsString> = std::env::args_os().skip(1).collect();
    // Ending at once spares the tearing down of what the system takes back anyway.
    std::process::exit(i32::from(kuki::run(arguments)));
}
