//! Owns the HTTP stack's client: built late, told to do nothing that a trace would not show.
//! Does not sort errors; that is `error`.

use std::collections::HashMap;
use std::fs::File;
use std::net::IpAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use bytes::Bytes;
use http::HeaderValue;
use http::header::HOST;
use hyper::ext::ReasonPhrase;
use hyper_util::client::legacy::connect::HttpInfo;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use url::{Host, Origin, Position, Url};

use crate::exchange::pace::Speed;
use crate::exchange::request::Outgoing;
use crate::exchange::sighting::{Watch, Way as WayTaken};
use crate::exchange::transport::{Body, Head, Transport};
use crate::transport::awake::Vigil;
use crate::transport::detour::{Detour, Target};
use crate::transport::error::{Phase, TransportError};
use crate::transport::flow::{Flow, Progress};
use crate::transport::proxy::{Proxies, Proxy};
use crate::transport::resolver::{Family, Override, Resolver};
use crate::transport::tls::{self, Spoken, Tls, Trust};
use crate::transport::upload;
use crate::transport::watched::{Watched, watching};

/// What the user may choose about connections.
#[derive(Clone, Debug, Default)]
pub struct Options {
    pub connect_timeout: Option<Duration>,
    pub detours: Vec<Detour>,
    pub family: Family,
    pub from: Option<Source>,
    pub keepalive: Option<Duration>,
    pub spoken: Spoken,
    pub overrides: Vec<Override>,
    pub proxies: Proxies,
    pub speed: Speed,
    /// Where somebody watches.
    pub progress: Option<Arc<Progress>>,
    pub tls: Tls,
    /// Somebody wants to know what can be seen of connections.
    pub is_watched: bool,
    pub unix_socket: Option<PathBuf>,
    /// Where a body's standard input comes from.
    pub stdin: Option<Arc<File>>,
}

/// From where connections are made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Source {
    Address(IpAddr),
    Interface(String),
}

/// The port that has overrides of its own, the proxy, the detour, and what is spoken.
type Way = (u16, Option<String>, Option<Target>, Spoken);

/// Sends requests with the `reqwest` stack.
#[derive(Debug)]
pub struct Http {
    options: Options,
    /// The stack's resolver is not told the port, on which an override depends: so there is a client for each port
    /// that has one, and nearly always just the one for 0, any port. A proxy, too, has a client of its own,
    /// and so has a detour.
    pool: Mutex<Pool>,
}

/// The clients, each of which keeps its connections open for the next request.
#[derive(Debug, Default)]
struct Pool {
    clients: HashMap<Way, Client>,
    /// To whom these connections lead.
    origins: Vec<Origin>,
}

impl Pool {
    /// The stack keeps a connection to every origin it has ever seen, and a run may see thousands: before there are too
    /// many they are all given up, but for those on which something is still going on.
    fn visit(&mut self, url: &Url) {
        let origin = url.origin();
        if self.origins.contains(&origin) {
            return;
        }
        if self.origins.len() == MOST_ORIGINS {
            *self = Pool::default();
        }
        self.origins.push(origin);
    }
}

/// Where a URL's connection leads, if not where the URL says.
struct Lead {
    target: Option<Target>,
    /// The URL that the stack is given in the place of one whose connection it would not lead elsewhere.
    stand_in: Option<Url>,
}

/// So many may have idle connections.
const MOST_ORIGINS: usize = 32;

/// The stack's limits on a response head. Over HTTP/1 it also takes no more than 100 lines.
const HEAD_OCTETS_HTTP2: u32 = 1 << 20;

impl Http {
    pub fn new(options: Options) -> Http {
        Http { options, pool: Mutex::default() }
    }

    /// Where the connection of a URL leads by `--connect-to`: the first that fits counts. For an address the stack asks
    /// no resolver, so that `--resolve` is a detour as well.
    fn target(&self, url: &Url) -> Option<Target> {
        let led = self.options.detours.iter().find_map(|detour| detour.of(url));
        led.or_else(|| self.options.overrides.iter().find_map(|given| given.detour(url)))
    }

    fn lead(&self, url: &Url) -> Lead {
        let target = self.target(url);
        // HTTP/2 would tell the server the stand-in's name.
        let is_known_http1 = self.options.spoken != Spoken::Http2;
        let judged = !matches!(self.options.tls.trust, Trust::Anything);
        let out_of_reach = target.as_ref().filter(|target| !target.can_be_reached_by(url) && is_known_http1);
        let stand_in = out_of_reach.and_then(|target| target.stand_in(url, judged));
        Lead { target, stand_in }
    }

    /// What the stack would not do as it was asked to, and not say.
    fn refuse(&self, url: &Url, proxy: Option<&Proxy>, lead: &Lead) -> Result<(), TransportError> {
        if self.options.unix_socket.is_some() {
            return Ok(());
        }
        if let Some(target) = &lead.target
            && (proxy.is_some() || (!target.can_be_reached_by(url) && lead.stand_in.is_none()))
        {
            return Err(TransportError::detour(url));
        }
        let address = match url.host() {
            Some(Host::Ipv4(address)) => Some(IpAddr::V4(address)),
            Some(Host::Ipv6(address)) => Some(IpAddr::V6(address)),
            _ => None,
        };
        if proxy.is_none()
            && lead.target.is_none()
            && address.is_some_and(|address| !self.options.family.has(&address))
        {
            return Err(TransportError::family(url));
        }
        Ok(())
    }

    fn way(&self, url: &Url, proxy: Option<&Proxy>) -> WayTaken {
        let has_tls = url.scheme() == "https";
        let talks_http = |proxy: &Proxy| proxy.url().scheme().starts_with("http");
        let is_plain_proxy = proxy.is_none_or(|proxy| proxy.url().scheme() == "http");
        WayTaken {
            is_bare: !has_tls && is_plain_proxy,
            has_tls,
            has_tunnel: has_tls && proxy.is_some_and(talks_http),
            has_proxy: proxy.is_some(),
        }
    }

    fn client(&self, url: &Url, proxy: Option<&Proxy>, lead: Lead) -> Result<Client, TransportError> {
        self.refuse(url, proxy, &lead)?;
        let Lead { target, stand_in } = lead;
        // The name that is looked up is the proxy's, and mostly no other.
        let port = match (proxy, &target) {
            (Some(proxy), _) if !proxy.looks_up_here() => proxy.port(),
            (_, Some(target)) => target.port,
            _ => url.port_or_known_default().unwrap_or_default(),
        };
        let own = if self.options.overrides.iter().any(|given| given.port == port) { port } else { 0 };
        let spoken = if stand_in.is_some() { Spoken::Http1 } else { self.options.spoken };
        let key = (own, proxy.map(ToString::to_string), target.clone(), spoken);
        let mut pool = self.pool.lock().unwrap_or_else(PoisonError::into_inner);
        pool.visit(url);
        if let Some(client) = pool.clients.get(&key) {
            return Ok(client.clone());
        }
        let built = self.build(own, proxy, target, spoken);
        let client = built.map_err(|error| TransportError::of(error, url, proxy, Phase::Setup))?;
        pool.clients.insert(key, client.clone());
        Ok(client)
    }

    fn build(
        &self,
        port: u16,
        proxy: Option<&Proxy>,
        target: Option<Target>,
        spoken: Spoken,
    ) -> reqwest::Result<Client> {
        let overrides = self.options.overrides.iter().filter(|given| given.port == port);
        let mut builder = Client::builder()
            .tls_backend_preconfigured(tls::config(&self.options.tls, spoken))
            .dns_resolver(Resolver::new(overrides, self.options.family, target))
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
        builder = match spoken {
            Spoken::Any => builder,
            Spoken::Http1 => builder.http1_only(),
            Spoken::Http2 => builder.http2_prior_knowledge(),
        };
        if let Some(proxy) = proxy {
            builder = builder.proxy(reqwest::Proxy::all(proxy.url().clone())?);
        }
        builder = match &self.options.from {
            None => builder,
            Some(Source::Address(address)) => builder.local_address(*address),
            Some(Source::Interface(name)) => builder.interface(name),
        };
        if let Some(time) = self.options.keepalive {
            builder = builder.tcp_keepalive(time).tcp_keepalive_interval(time);
        }
        if self.options.is_watched {
            builder = builder.connector_layer(Watched);
        }
        if let Some(path) = &self.options.unix_socket {
            builder = builder.unix_socket(path.clone());
        }
        builder.build()
    }
}

impl Transport for Http {
    type Error = TransportError;
    type Body = Incoming;

    fn leaves_the_machine(&self, url: &Url) -> bool {
        let is_local = self.options.unix_socket.is_some();
        let is_led_away = || {
            let overridden = self.options.overrides.iter().filter(|given| {
                Some(given.host.as_str()) == url.host_str() && Some(given.port) == url.port_or_known_default()
            });
            let mut addresses = overridden.flat_map(|given| &given.addresses);
            addresses.any(|address| !address.is_loopback())
                || self.target(url).is_some_and(|target| !target.is_loopback())
        };
        !is_local && (self.options.proxies.of(url).is_some() || is_led_away())
    }

    async fn send(&self, outgoing: &Outgoing, watch: &Watch) -> Result<(Head, Incoming), TransportError> {
        let Outgoing { method, version, url, headers, body } = outgoing;
        let lead = self.lead(url);
        let mut headers = headers.clone();
        if lead.stand_in.is_some() && !headers.contains_key(HOST) {
            let authority = &url[Position::BeforeHost..Position::AfterPort];
            headers.extend(HeaderValue::from_str(authority).ok().map(|authority| (HOST, authority)));
        }
        let asked = lead.stand_in.as_ref().unwrap_or(url).clone();
        let mut request = reqwest::Request::new(method.clone(), asked);
        *request.headers_mut() = headers;
        if let Some(version) = *version {
            *request.version_mut() = version;
        }
        let mut flow = Flow::begin(self.options.speed, self.options.progress.as_ref()).map(Box::new);
        let outflow = |length| flow.as_ref().map(|flow| flow.of_upload(length));
        *request.body_mut() =
            body.as_ref().map(|body| upload::body(body, self.options.stdin.as_ref(), outflow(body.length())));
        let proxy = self.options.proxies.of(url);
        if self.options.is_watched {
            watch.note(|seen| {
                seen.sent = Some(Instant::now());
                seen.way = Some(self.way(url, proxy));
            });
        }
        let response = watching(watch, self.client(url, proxy, lead)?.execute(request));
        let response = match &mut flow {
            Some(flow) => flow.watched(response).await.map_err(|slow| TransportError::slow(&slow, url))?,
            None => response.await,
        };
        let response = response.map_err(|error| TransportError::of(error, url, proxy, Phase::Send));
        let mut response = response.inspect_err(|error| {
            if let Some(status) = error.refused_tunnel() {
                watch.note(|seen| seen.refused_tunnel = Some(status));
            }
        })?;
        if self.options.is_watched {
            let info = response.extensions().get::<HttpInfo>();
            watch.note(|seen| {
                seen.answered = Some(Instant::now());
                seen.remote = info.map(HttpInfo::remote_addr);
                seen.local = info.map(HttpInfo::local_addr);
            });
        }
        let reason = response.extensions_mut().remove::<ReasonPhrase>();
        let head = Head {
            version: response.version(),
            status: response.status(),
            reason: reason.map(|reason| reason.as_bytes().to_vec()),
            headers: std::mem::take(response.headers_mut()),
        };
        Ok((
            head,
            Incoming { response, url: url.clone(), proxy: proxy.cloned(), flow, vigil: Vigil::default() },
        ))
    }
}

/// A body that is still coming in.
#[derive(Debug)]
pub struct Incoming {
    response: Response,
    url: Url,
    proxy: Option<Proxy>,
    /// Where it is held to a speed.
    flow: Option<Box<Flow>>,
    vigil: Vigil,
}

impl Body for Incoming {
    type Error = TransportError;

    async fn chunk(&mut self) -> Result<Option<Bytes>, TransportError> {
        let failed = |error| TransportError::of(error, &self.url, self.proxy.as_ref(), Phase::Body);
        let slow = |slow| TransportError::slow(&slow, &self.url);
        let Some(flow) = &mut self.flow else {
            return self.vigil.wait(self.response.chunk()).await.map_err(failed);
        };
        flow.expect(self.response.content_length());
        if let Some(held) = flow.held().await.map_err(slow)? {
            return Ok(Some(held));
        }
        let chunk = flow.watched(self.vigil.wait(self.response.chunk())).await.map_err(slow)?;
        match chunk.map_err(failed)?.map(|chunk| flow.take(chunk)) {
            None => Ok(None),
            Some(Some(passed)) => Ok(Some(passed)),
            Some(None) => flow.held().await.map_err(slow),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_of_this_machine_that_is_given_another_address_leaves_it() {
        let url = "http://localhost:8080/".parse().expect("a URL");
        for (address, leaves) in [("127.0.0.1", false), ("::1", false), ("192.0.2.2", true)] {
            let addresses = vec![address.parse().expect("an address")];
            let overrides = vec![Override { host: "localhost".to_owned(), port: 8080, addresses }];
            let http = Http::new(Options { overrides, ..Options::default() });
            assert_eq!(http.leaves_the_machine(&url), leaves, "{address}");
        }
    }

    #[test]
    fn the_client_builds_with_our_tls() {
        for trust in [
            Trust::System,
            Trust::Anything,
            Trust::Only { file: Some("/nowhere".into()), directories: vec![] },
        ] {
            for spoken in [Spoken::Any, Spoken::Http1, Spoken::Http2] {
                let tls = Tls { trust: trust.clone(), ..Tls::default() };
                let http = Http::new(Options { spoken, tls, ..Options::default() });
                http.build(0, None, None, spoken)
                    .expect("the TLS library is the one that the HTTP stack was built with");
            }
        }
    }
}
