//! Owns what the exchange asks of a transport: one request out, one response head and its body back.
//! Does not implement it.

use std::error::Error;
use std::future::Future;

use bytes::Bytes;
use http::{HeaderMap, StatusCode, Version};
use url::Url;

use crate::exchange::request::Outgoing;
use crate::exchange::sighting::Watch;

/// Sends one request and reads one response head. No cookies, no redirects.
pub trait Transport {
    type Error: Error;
    type Body: Body<Error = Self::Error>;

    /// Does a request for a loopback host go elsewhere all the same, since somebody stands between?
    fn leaves_the_machine(&self, _url: &Url) -> bool {
        false
    }

    /// What can be seen on the way is noted with the watch.
    fn send(
        &self,
        request: &Outgoing,
        watch: &Watch,
    ) -> impl Future<Output = Result<(Head, Self::Body), Self::Error>>;
}

/// A response's body, in the chunks in which it arrives.
pub trait Body {
    type Error: Error;

    fn chunk(&mut self) -> impl Future<Output = Result<Option<Bytes>, Self::Error>>;
}

/// A response's head.
#[derive(Clone, Debug)]
pub struct Head {
    pub version: Version,
    pub status: StatusCode,
    /// As the server wrote it, where that is not the status's own.
    pub reason: Option<Vec<u8>>,
    pub headers: HeaderMap,
}
