//! Owns one request over the wire: name look-up, connection, TLS, HTTP.
//! Does not know cookies, and follows no redirect.

mod awake;
pub mod bypass;
mod certificate;
pub mod client;
pub mod detour;
pub mod error;
pub mod flow;
pub mod identity;
pub mod proxy;
pub mod resolver;
pub mod tls;
pub mod upload;
mod watched;
