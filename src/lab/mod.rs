//! Owns the practice server: a small HTTP/1.1 site with logins, sessions, cookies and redirects, for loopback.
//! Does not share a line with the client, so that a bug cannot hide on both sides, and prints nothing.

mod answer;
mod cookie;
mod echo;
mod login;
mod page;
mod redirect;
mod route;
mod server;
mod session;
mod set;

pub use server::{Entry, Lab};
