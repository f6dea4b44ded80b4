//! Owns the process's view of its surroundings: clock, environment, terminal, standard streams, limits of the process.
//! Does not interpret what it finds; everything above asks here, so that tests can answer for the world.

pub mod clock;
pub mod env;
pub mod process;
pub mod stdio;
pub mod terminal;
