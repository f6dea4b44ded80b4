//! Owns cookies as text: kuki's own JSON, one object a cookie.
//! Does not open files; text goes in, text comes out.

pub mod json;
pub mod row;
mod time;
