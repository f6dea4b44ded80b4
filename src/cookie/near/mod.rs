//! Owns the near misses: lines that do something, though probably not what their author meant.
//! Does not refuse anything; a well-made line has none.

pub mod asked;
pub mod attributes;
pub mod life;
pub mod pair;
pub mod reach;
