//! Owns the keeping of a jar in a file: found, read whole or not at all, changed under a lock, replaced in one step.
//! Does not know a cookie rule; it takes changes and lets the jar apply them.

pub mod disk;
pub mod error;
pub mod file;
pub mod layout;
pub mod locator;
pub mod lock;
pub mod schema;
