//! Owns the TLS settings, and the roots of trust, which are read only when a certificate has to be judged.
//! Does not talk to the network.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::{ClientConfig, DigitallySignedStruct, Error, OtherError, RootCertStore, SignatureScheme};
use rustls_native_certs::load_certs_from_paths;

/// Which certificates are believed.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    Anything,
    /// Those in this PEM file, and no others.
    File(PathBuf),
    #[default]
    System,
}

const SESSIONS: usize = 16;

/// The settings of every connection of this process.
pub fn config(trust: &Trust, http1_only: bool) -> ClientConfig {
    let provider = Arc::new(ring::default_provider());
    let verifier = Arc::new(LazyVerifier {
        trust: trust.clone(),
        algorithms: provider.signature_verification_algorithms,
        provider: Arc::clone(&provider),
        roots: OnceLock::new(),
    });
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("the provider has the suites of the default versions")
        .dangerous()
        .with_custom_certificate_verifier(verifier)
        .with_no_client_auth();
    config.alpn_protocols = alpn(http1_only);
    // One process meets few servers; room for the 256 sessions of the default is made at once, and costs.
    config.resumption = Resumption::in_memory_sessions(SESSIONS);
    config
}

/// The stack leaves these to whoever brings the TLS settings.
fn alpn(http1_only: bool) -> Vec<Vec<u8>> {
    let all: &[&[u8]] = if http1_only { &[b"http/1.1"] } else { &[b"h2", b"http/1.1"] };
    all.iter().map(|protocol| protocol.to_vec()).collect()
}

/// A file or store of certificates that gives none.
#[derive(Clone, Debug)]
pub struct RootsError {
    what: String,
}

impl std::error::Error for RootsError {}

impl fmt::Display for RootsError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// Reads the roots at the first certificate: an `http:` request never pays for them.
#[derive(Debug)]
struct LazyVerifier {
    trust: Trust,
    algorithms: WebPkiSupportedAlgorithms,
    provider: Arc<CryptoProvider>,
    roots: OnceLock<Result<Arc<WebPkiServerVerifier>, RootsError>>,
}

impl LazyVerifier {
    fn load(&self) -> Result<Arc<WebPkiServerVerifier>, RootsError> {
        let (roots, place) = match &self.trust {
            Trust::File(path) => (from_file(path)?, path.display().to_string()),
            _ => (from_system()?, "the system's certificates".to_owned()),
        };
        WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&self.provider))
            .build()
            .map_err(|error| RootsError { what: format!("{place}: {error}") })
    }
}

impl ServerCertVerifier for LazyVerifier {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        if matches!(self.trust, Trust::Anything) {
            return Ok(ServerCertVerified::assertion());
        }
        let verifier = self.roots.get_or_init(|| self.load()).as_ref();
        let verifier = verifier.map_err(|error| Error::Other(OtherError(Arc::new(error.clone()))))?;
        verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now)
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls12_signature(message, certificate, signature, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        verify_tls13_signature(message, certificate, signature, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

fn from_file(path: &Path) -> Result<RootCertStore, RootsError> {
    let found = load_certs_from_paths(Some(path), None);
    if let Some(error) = found.errors.first() {
        return Err(RootsError { what: format!("{}: {error}", path.display()) });
    }
    store(found.certs).ok_or_else(|| RootsError { what: format!("{} holds no certificate", path.display()) })
}

/// The bundle or, where there is none, the directory: reading both costs twice and finds the same.
fn from_system() -> Result<RootCertStore, RootsError> {
    let places = openssl_probe::probe();
    let found = match (&places.cert_file, places.cert_dir.first()) {
        (Some(file), _) => load_certs_from_paths(Some(file), None),
        (None, Some(directory)) => load_certs_from_paths(None, Some(directory)),
        (None, None) => rustls_native_certs::load_native_certs(),
    };
    store(found.certs).ok_or_else(|| RootsError { what: "the system has no root certificates".to_owned() })
}

fn store(certificates: Vec<CertificateDer<'static>>) -> Option<RootCertStore> {
    let mut roots = RootCertStore::empty();
    let (added, _unreadable) = roots.add_parsable_certificates(certificates);
    (added > 0).then_some(roots)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn http1_only_offers_nothing_else() {
        assert_eq!(config(&Trust::System, true).alpn_protocols, [b"http/1.1".to_vec()]);
        assert_eq!(config(&Trust::System, false).alpn_protocols, [b"h2".to_vec(), b"http/1.1".to_vec()]);
    }
}
