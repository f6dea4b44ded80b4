//! Owns cookies as text: kuki's own JSON, the cookie files of other programs, and dumps of headers.
//! Does not open files; text goes in, text comes out.

pub mod cookie_header;
pub mod cookie_store;
pub mod decode;
pub mod detect;
mod document;
pub mod draft;
pub mod dump;
pub mod exported;
pub mod extension;
mod fields;
pub mod format;
pub mod har;
pub mod har_exchange;
pub mod header;
pub mod imported;
pub mod json;
pub mod netscape;
pub mod netscape_line;
pub mod playwright;
pub mod row;
pub mod session;
pub mod set_cookie;
pub mod shape;
mod textual;
mod time;
