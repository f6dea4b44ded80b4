//! Owns the HTTP stack's client: built late, told to do nothing that a trace would not show.
//! Does not sort errors; that is `error`.

use std::collections::HashMap;
use std::fs::File;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use hyper::ext::ReasonPhrase;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::Url;

use crate::exchange::request::Outgoing;
use crate::exchange::transport::{Body, Head, Transport};
use crate::transport::error::{Phase, TransportError};
use crate::transport::resolver::{Override, Resolver};
use crate::transport::tls::{self, Trust};
use crate::transport::upload;

/// What the user may choose about connections.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub connect_timeout: Option<Duration>,
    pub http1_only: bool,
    pub overrides: Vec<Override>,
    /// Where a body's standard input comes from.
    pub stdin: Option<Arc<File>>,
    pub trust: Trust,
}

/// Sends requests with the `reqwest` stack.
#[derive(Debug)]
pub struct Http {
    options: Options,
    /// The stack's resolver is not told the port, on which an override depends: so there is a client for each port
    /// that has one, and nearly always just the one for 0, any port.
    clients: Mutex<HashMap<u16, Client>>,
}

/// The stack's limits on a response head. Over HTTP/1 it also takes no more than 100 lines.
const HEAD_OCTETS_HTTP2: u32 = 1 << 20;

impl Http {
    pub fn new(options: Options) -> Http {
        Http { options, clients: Mutex::default() }
    }

    fn client(&self, url: &Url) -> Result<Client, TransportError> {
        let port = url.port_or_known_default().unwrap_or_default();
        let own = if self.options.overrides.iter().any(|given| given.port == port) { port } else { 0 };
        let mut clients = self.clients.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(client) = clients.get(&own) {
            return Ok(client.clone());
        }
        let client = self.build(own).map_err(|error| TransportError::of(error, url, Phase::Setup))?;
        clients.insert(own, client.clone());
        Ok(client)
    }

    fn build(&self, port: u16) -> reqwest::Result<Client> {
        let overrides = self.options.overrides.iter().filter(|given| given.port == port);
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls::config(&self.options.trust, self.options.http1_only))
            .dns_resolver(Resolver::new(overrides))
            .redirect(Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .http1_title_case_headers()
            // One line with a stray control character must not cost the good cookie beside it.
            .http1_ignore_invalid_headers_in_responses(true)
            .http2_max_header_list_size(HEAD_OCTETS_HTTP2);
        if let Some(timeout) = self.options.connect_timeout {
            builder = builder.connect_timeout(timeout);
        }
        if self.options.http1_only {
            builder = builder.http1_only();
        }
        builder.build()
    }
}

impl Transport for Http {
    type Error = TransportError;
    type Body = Incoming;

    async fn send(&self, outgoing: &Outgoing) -> Result<(Head, Incoming), TransportError> {
        let Outgoing { method, url, headers, body } = outgoing;
        let mut request = reqwest::Request::new(method.clone(), url.clone());
        *request.headers_mut() = headers.clone();
        *request.body_mut() = body.as_ref().map(|body| upload::body(body, self.options.stdin.as_ref()));
        let response = self.client(url)?.execute(request).await;
        let mut response = response.map_err(|error| TransportError::of(error, url, Phase::Send))?;
        let reason = response.extensions_mut().remove::<ReasonPhrase>();
        let head = Head {
            version: response.version(),
            status: response.status(),
            reason: reason.map(|reason| reason.as_bytes().to_vec()),
            headers: std::mem::take(response.headers_mut()),
        };
        Ok((head, Incoming { response, url: url.clone() }))
    }
}

/// A body that is still coming in.
#[derive(Debug)]
pub struct Incoming {
    response: Response,
    url: Url,
}

impl Body for Incoming {
    type Error = TransportError;

    async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        self.response.chunk().await.map_err(|error| TransportError::of(error, &self.url, Phase::Body))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_client_builds_with_our_tls() {
        for trust in [Trust::System, Trust::Anything, Trust::File("/nowhere".into())] {
            for http1_only in [false, true] {
                let http = Http::new(Options { http1_only, trust: trust.clone(), ..Options::default() });
                http.build(0).expect("the TLS library is the one that the HTTP stack was built with");
            }
        }
    }
}
