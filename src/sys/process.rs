//! Owns what the system allows this process.
//! Does not ask for more.

use rustix::process::{Resource, getrlimit};

/// How many files and connections it may have open at once.
pub fn most_files() -> u64 {
    getrlimit(Resource::Nofile).current.unwrap_or(u64::MAX)
}
