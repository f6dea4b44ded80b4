//! Owns the choice between flag, environment and default, and turns what was typed into what is meant.
//! Does not act on it, beyond reading what a value names with `@`.

pub mod addresses;
mod body;
mod connection;
mod cookies;
mod form;
mod given;
mod items;
pub mod judging;
mod login;
pub mod origins;
pub mod output;
pub mod pretty;
mod protocols;
mod proxy;
mod redirects;
pub mod request;
mod secret;
pub mod several;
pub mod shared;
mod speed;
pub mod target;
pub mod times;
mod tls;
pub mod transfer;
