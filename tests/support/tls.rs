//! Owns a server that speaks TLS with a certificate of its own, and plain HTTP on the same port.
//! Does not judge what it is offered; it remembers it.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

use rcgen::CertifiedKey;
use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use rustls::server::{Acceptor, WebPkiClientVerifier};
use rustls::{RootCertStore, ServerConfig};

/// Listens on loopback until the test ends, for one host name.
pub struct TlsServer {
    pub address: SocketAddr,
    /// The certificate in PEM, which is its own issuer.
    pub certificate: String,
    name: String,
    heard: Arc<Mutex<Vec<Call>>>,
}

/// One request, and how it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// `https` or `http`.
    pub scheme: &'static str,
    /// The protocols that the client offered by ALPN, in its order.
    pub offered: Vec<String>,
    /// The version of TLS, as `TLSv1_3`; empty without TLS.
    pub version: String,
    /// The request's head, its octets as Latin-1.
    pub request: String,
}

impl TlsServer {
    /// Answers each request with the octets that `answer` makes of it, one request a connection.
    pub fn start(name: &str, answer: impl Fn(&Call) -> Vec<u8> + Send + Sync + 'static) -> TlsServer {
        TlsServer::of(name, identity(name, None), answer)
    }

    /// Shows a certificate that says of itself that it is an authority's, as `openssl req -x509` makes them, and which
    /// is good until this year.
    pub fn authority(
        name: &str,
        year: i32,
        answer: impl Fn(&Call) -> Vec<u8> + Send + Sync + 'static,
    ) -> TlsServer {
        TlsServer::of(name, shown(authority(name, year), None), answer)
    }

    /// Lets nobody in but whoever has the certificate of this PEM.
    pub fn demanding(
        name: &str,
        certificate: &str,
        answer: impl Fn(&Call) -> Vec<u8> + Send + Sync + 'static,
    ) -> TlsServer {
        TlsServer::of(name, identity(name, Some(certificate)), answer)
    }

    fn of(
        name: &str,
        (certificate, config): (String, Arc<ServerConfig>),
        answer: impl Fn(&Call) -> Vec<u8> + Send + Sync + 'static,
    ) -> TlsServer {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&heard), Arc::new(answer));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                let (log, answer, config) = (Arc::clone(&log), Arc::clone(&answer), Arc::clone(&config));
                // A client that does not like the certificate breaks off: then there is no call to remember.
                thread::spawn(move || {
                    converse(stream, config, |call| {
                        log.lock().expect("no test panics while it logs").push(call.clone());
                        answer(call)
                    })
                });
            }
        });
        TlsServer { address, certificate, name: name.to_owned(), heard }
    }

    pub fn url(&self, path: &str) -> String {
        format!("https://{}:{}{path}", self.name, self.address.port())
    }

    /// The same host and port without TLS.
    pub fn plain_url(&self, path: &str) -> String {
        format!("http://{}:{}{path}", self.name, self.address.port())
    }

    /// `--resolve`'s value that leads a host, on this server's port, here.
    pub fn resolve(&self, host: &str) -> String {
        format!("{host}:{}:127.0.0.1", self.address.port())
    }

    pub fn heard(&self) -> Vec<Call> {
        self.heard.lock().expect("no test panics while it logs").clone()
    }
}

/// A certificate for a host that nobody has issued but itself, in PEM.
pub fn certificate_for(name: &str) -> String {
    certified(name).cert.pem()
}

/// The same with its key.
pub fn pair_for(name: &str) -> (String, String) {
    let CertifiedKey { cert, signing_key } = certified(name);
    (cert.pem(), signing_key.serialize_pem())
}

/// A certificate of an issuer who is called otherwise than all others here.
pub fn certificate_by(issuer: &str) -> String {
    let key = rcgen::KeyPair::generate().expect("a key");
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name.push(rcgen::DnType::CommonName, issuer);
    params.self_signed(&key).expect("a certificate").pem()
}

fn certified(name: &str) -> CertifiedKey<rcgen::KeyPair> {
    rcgen::generate_simple_self_signed([name.to_owned()]).expect("a host name fits into a certificate")
}

fn authority(name: &str, year: i32) -> CertifiedKey<rcgen::KeyPair> {
    let signing_key = rcgen::KeyPair::generate().expect("a key");
    let mut params =
        rcgen::CertificateParams::new([name.to_owned()]).expect("a host name fits into a certificate");
    params.not_after = rcgen::date_time_ymd(year, 1, 1);
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    let cert = params.self_signed(&signing_key).expect("a certificate");
    CertifiedKey { cert, signing_key }
}

fn identity(name: &str, client: Option<&str>) -> (String, Arc<ServerConfig>) {
    shown(certified(name), client)
}

fn shown(certified: CertifiedKey<rcgen::KeyPair>, client: Option<&str>) -> (String, Arc<ServerConfig>) {
    let CertifiedKey { cert, signing_key } = certified;
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(signing_key.serialize_der()));
    let provider = Arc::new(ring::default_provider());
    let clients = match client {
        None => WebPkiClientVerifier::no_client_auth(),
        Some(pem) => {
            let mut roots = RootCertStore::empty();
            let certificate = CertificateDer::from_pem_slice(pem.as_bytes()).expect("a certificate in PEM");
            roots.add(certificate).expect("a certificate that can be trusted");
            WebPkiClientVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
                .build()
                .expect("there is a root")
        }
    };
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has the suites of the default versions")
        .with_client_cert_verifier(clients)
        .with_single_cert(vec![cert.der().clone()], key)
        .expect("the key is the certificate's own");
    // What is written here is HTTP/1.1, whatever else is offered.
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    (cert.pem(), Arc::new(config))
}

fn converse(
    mut stream: TcpStream,
    config: Arc<ServerConfig>,
    answer: impl Fn(&Call) -> Vec<u8>,
) -> io::Result<()> {
    let mut first = [0];
    stream.peek(&mut first)?;
    if first != [HANDSHAKE] {
        let request = read_head(&mut stream)?;
        return stream.write_all(&answer(&Call {
            scheme: "http",
            offered: Vec::new(),
            version: String::new(),
            request,
        }));
    }
    let mut acceptor = Acceptor::default();
    let accepted = loop {
        acceptor.read_tls(&mut stream)?;
        if let Some(accepted) = acceptor.accept().map_err(|(error, _)| io::Error::other(error))? {
            break accepted;
        }
    };
    let hello = accepted.client_hello();
    let text = |protocol: &[u8]| String::from_utf8_lossy(protocol).into_owned();
    let offered = hello.alpn().map(|protocols| protocols.map(text).collect()).unwrap_or_default();
    let mut connection = accepted.into_connection(config).map_err(|(error, _)| io::Error::other(error))?;
    let mut tls = rustls::Stream::new(&mut connection, &mut stream);
    let request = read_head(&mut tls)?;
    let version = tls.conn.protocol_version().map_or_else(String::new, |version| format!("{version:?}"));
    tls.write_all(&answer(&Call { scheme: "https", offered, version, request }))?;
    tls.conn.send_close_notify();
    tls.flush()
}

fn read_head(stream: &mut impl Read) -> io::Result<String> {
    let mut octets = Vec::new();
    let mut piece = [0; 4096];
    while !octets.ends_with(b"\r\n\r\n") {
        match stream.read(&mut piece)? {
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            count => octets.extend_from_slice(&piece[..count]),
        }
    }
    Ok(octets.into_iter().map(char::from).collect())
}

/// The first octet of a TLS connection.
const HANDSHAKE: u8 = 0x16;
