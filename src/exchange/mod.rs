//! Owns one request and its hops: what goes on the wire, what comes back, what is decided between.
//! Does not open a socket (it declares `Transport`), and knows a jar only as a value.

pub mod auth;
pub mod body;
pub mod challenge;
pub mod coding;
pub mod condition;
pub mod cookies;
pub mod decode;
pub mod digest;
pub mod error;
pub mod file_name;
pub mod form;
pub mod headers;
pub mod hops;
pub mod json;
pub mod login;
pub mod multipart;
pub mod netrc;
pub mod pace;
pub mod redirect;
pub mod request;
pub mod resume;
pub mod scope;
pub mod sighting;
pub mod trace;
pub mod transport;
