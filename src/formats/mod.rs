//! Owns cookies as text: kuki's own JSON, one object a cookie, and dumps of headers.
//! Does not open files; text goes in, text comes out.

pub mod header;
pub mod json;
pub mod row;
mod time;
