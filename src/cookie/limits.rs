//! Owns how much a jar may hold.
//! Does not say who goes when it holds more; that is `eviction`.

/// The limits of a jar; they are stored in it, so that every process agrees on them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    pub per_domain: usize,
    pub total: usize,
    /// Of name and value together.
    pub cookie_bytes: usize,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits { per_domain: 20, total: 300, cookie_bytes: 4096 }
    }
}
