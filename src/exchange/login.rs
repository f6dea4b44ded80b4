//! Owns what a login is made of, where the server is to ask for it before it is shown.
//! Does not talk with the server; `auth` does.

/// Who logs in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Credentials {
    pub user: Vec<u8>,
    pub password: Vec<u8>,
}

/// A login that waits to be asked for.
#[derive(Clone, Debug)]
pub struct Negotiation {
    pub who: Credentials,
    pub ways: Ways,
    /// What nobody can foresee, in letters and digits.
    pub cnonce: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ways {
    Digest,
    /// The best that the server offers.
    DigestOrBasic,
}
