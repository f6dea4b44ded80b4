//! Owns one request over the wire: name look-up, connection, TLS, HTTP.
//! Does not know cookies, and follows no redirect.

pub mod client;
pub mod error;
pub mod resolver;
pub mod tls;
pub mod upload;
