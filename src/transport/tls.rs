//! Owns the TLS settings, and the roots of trust, which are read only when a certificate has to be judged.
//! Does not talk to the network.

use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::{Arc, OnceLock};

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{Resumption, WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{
    CryptoProvider, WebPkiSupportedAlgorithms, ring, verify_tls12_signature, verify_tls13_signature,
};
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::version::{TLS12, TLS13};
use rustls::{
    ALL_VERSIONS, CertificateError, CipherSuite, ClientConfig, DigitallySignedStruct, Error, KeyLogFile,
    OtherError, RootCertStore, SignatureScheme, SupportedProtocolVersion,
};
use rustls_native_certs::load_certs_from_paths;

use crate::transport::certificate;
use crate::transport::identity::Identity;
use crate::transport::watched;

/// Which certificates are believed.
#[derive(Clone, Debug, Default)]
pub enum Trust {
    Anything,
    /// Those in this PEM file and these directories, and no others.
    Only {
        file: Option<PathBuf>,
        directories: Vec<PathBuf>,
    },
    #[default]
    System,
}

/// What the user may choose about TLS.
#[derive(Clone, Debug, Default)]
pub struct Tls {
    pub trust: Trust,
    pub identity: Option<Identity>,
    pub versions: Versions,
    /// Keys are written to the file that `SSLKEYLOGFILE` names.
    pub logs_keys: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Versions {
    #[default]
    All,
    Tls12,
    Tls13,
}

/// Which versions of HTTP are offered.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Spoken {
    #[default]
    Any,
    Http1,
    Http2,
}

const SESSIONS: usize = 16;

/// The settings of every connection of this process.
pub fn config(tls: &Tls, spoken: Spoken) -> ClientConfig {
    let provider = Arc::new(provider());
    let verifier = Arc::new(LazyVerifier {
        trust: tls.trust.clone(),
        algorithms: provider.signature_verification_algorithms,
        provider: Arc::clone(&provider),
        roots: OnceLock::new(),
    });
    let versions: &[&SupportedProtocolVersion] = match tls.versions {
        Versions::All => ALL_VERSIONS,
        Versions::Tls12 => &[&TLS12],
        Versions::Tls13 => &[&TLS13],
    };
    let builder = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("the provider has the suites of these versions")
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    let mut config = match &tls.identity {
        None => builder.with_no_client_auth(),
        Some(identity) => builder.with_client_cert_resolver(identity.resolver()),
    };
    config.alpn_protocols = alpn(spoken);
    if tls.logs_keys {
        config.key_log = Arc::new(KeyLogFile::new());
    }
    // One process meets few servers; room for the 256 sessions of the default is made at once, and costs.
    config.resumption = Resumption::in_memory_sessions(SESSIONS);
    config
}

/// The library's, but that of the suites of each version those with AES keys of 128 bits are offered first, as by browsers:
/// they are as safe as anybody needs, and both ends have less work with them.
fn provider() -> CryptoProvider {
    let mut provider = ring::default_provider();
    provider.cipher_suites.sort_by_key(|suite| (suite.tls13().is_none(), !AES_128.contains(&suite.suite())));
    provider
}

const AES_128: [CipherSuite; 3] = [
    CipherSuite::TLS13_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256,
    CipherSuite::TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,
];

/// The stack leaves these to whoever brings the TLS settings.
fn alpn(spoken: Spoken) -> Vec<Vec<u8>> {
    let all: &[&[u8]] = match spoken {
        Spoken::Any => &[b"h2", b"http/1.1"],
        Spoken::Http1 => &[b"http/1.1"],
        Spoken::Http2 => &[b"h2"],
    };
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

/// A certificate that was not accepted: which, and why.
#[derive(Clone, Debug)]
pub struct CertificateRefused {
    what: String,
}

impl std::error::Error for CertificateRefused {}

impl fmt::Display for CertificateRefused {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.what)
    }
}

/// Is it refused only because an authority's own certificate stands where a server's belongs? Its time was looked at before.
fn is_of_authority(why: &CertificateError) -> bool {
    let CertificateError::Other(OtherError(why)) = why else { return false };
    matches!(why.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
}

fn refused(certificate: &CertificateDer<'_>, why: &CertificateError) -> Error {
    let why = match why {
        why if is_of_authority(why) => "it is an authority's own, and is not trusted itself".to_owned(),
        CertificateError::UnknownIssuer => "nobody who is trusted has issued it".to_owned(),
        CertificateError::BadSignature => {
            "whoever is trusted by its issuer's name has not signed it".to_owned()
        }
        why => why.to_string(),
    };
    let what = match certificate::names(certificate) {
        Some(names) => format!("{why} (it is of {}, issued by {})", names.subject, names.issuer),
        None => why,
    };
    Error::Other(OtherError(Arc::new(CertificateRefused { what })))
}

/// Reads the roots at the first certificate: an `http:` request never pays for them.
#[derive(Debug)]
struct LazyVerifier {
    trust: Trust,
    algorithms: WebPkiSupportedAlgorithms,
    provider: Arc<CryptoProvider>,
    roots: OnceLock<Result<Judge, RootsError>>,
}

#[derive(Debug)]
struct Judge {
    roots: Arc<RootCertStore>,
    verifier: Arc<WebPkiServerVerifier>,
}

impl Judge {
    /// A server may show a root itself: what is made to be its own issuer is that, and is what people name by --cacert.
    /// The handshake then shows that it has the root's key.
    fn judge_root(&self, shown: &CertificateDer<'_>, name: &ServerName<'_>) -> Result<(), Error> {
        let mut alone = RootCertStore::empty();
        alone.add(shown.clone().into_owned())?;
        if !alone.roots.iter().all(|root| self.roots.roots.contains(root)) {
            return Err(CertificateError::UnknownIssuer.into());
        }
        verify_server_name(&ParsedCertificate::try_from(shown)?, name)
    }
}

impl LazyVerifier {
    fn load(&self) -> Result<Judge, RootsError> {
        let (roots, place) = match &self.trust {
            Trust::Only { file, directories } => {
                let places = file.iter().chain(directories).map(|path| path.display().to_string());
                (from_places(file.as_deref(), directories)?, places.collect::<Vec<_>>().join(", "))
            }
            _ => (from_system()?, "the system's certificates".to_owned()),
        };
        let roots = Arc::new(roots);
        WebPkiServerVerifier::builder_with_provider(Arc::clone(&roots), Arc::clone(&self.provider))
            .build()
            .map(|verifier| Judge { roots, verifier })
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
        watched::note(|seen| {
            let shown = [end_entity].into_iter().chain(intermediates);
            seen.certificates = shown.map(|certificate| certificate.to_vec()).collect();
        });
        if matches!(self.trust, Trust::Anything) {
            return Ok(ServerCertVerified::assertion());
        }
        let judge = self.roots.get_or_init(|| self.load()).as_ref();
        let judge = judge.map_err(|error| Error::Other(OtherError(Arc::new(error.clone()))))?;
        let judged =
            judge.verifier.verify_server_cert(end_entity, intermediates, server_name, ocsp_response, now);
        let judged = match judged {
            Err(Error::InvalidCertificate(why)) if is_of_authority(&why) => {
                match judge.judge_root(end_entity, server_name) {
                    Ok(()) => Ok(ServerCertVerified::assertion()),
                    Err(Error::InvalidCertificate(CertificateError::UnknownIssuer)) => {
                        Err(Error::InvalidCertificate(why))
                    }
                    Err(other) => Err(other),
                }
            }
            judged => judged,
        };
        if judged.is_ok() {
            watched::note(|seen| seen.is_verified = true);
        }
        judged.map_err(|error| match error {
            Error::InvalidCertificate(why) => refused(end_entity, &why),
            error => error,
        })
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

/// A file must give certificates. Directories may lack them as long as there are others, since an environment often names
/// one that is not there.
fn from_places(file: Option<&Path>, directories: &[PathBuf]) -> Result<RootCertStore, RootsError> {
    let mut certificates = match file {
        Some(file) => load(file, Some(file), None)?,
        None => Vec::new(),
    };
    let mut first_fault = None;
    for directory in directories {
        match load(directory, None, Some(directory)) {
            Ok(found) => certificates.extend(found),
            Err(fault) => first_fault = first_fault.or(Some(fault)),
        }
    }
    let none = || RootsError { what: "none of the certificates can be read".to_owned() };
    store(certificates).ok_or_else(|| first_fault.unwrap_or_else(none))
}

fn load(
    place: &Path,
    file: Option<&Path>,
    directory: Option<&Path>,
) -> Result<Vec<CertificateDer<'static>>, RootsError> {
    let found = load_certs_from_paths(file, directory);
    match found.errors.first() {
        _ if !found.certs.is_empty() && directory.is_some() => Ok(found.certs),
        Some(error) => Err(RootsError { what: format!("{}: {error}", place.display()) }),
        None if found.certs.is_empty() => {
            Err(RootsError { what: format!("{} holds no certificate", place.display()) })
        }
        None => Ok(found.certs),
    }
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
        let offered = |spoken| config(&Tls::default(), spoken).alpn_protocols;
        assert_eq!(offered(Spoken::Http1), [b"http/1.1".to_vec()]);
        assert_eq!(offered(Spoken::Http2), [b"h2".to_vec()]);
        assert_eq!(offered(Spoken::Any), [b"h2".to_vec(), b"http/1.1".to_vec()]);
    }

    #[test]
    fn aes_128_is_offered_first_in_each_version_and_no_suite_is_left_out() {
        let config = config(&Tls::default(), Spoken::Any);
        let offered: Vec<_> =
            config.crypto_provider().cipher_suites.iter().map(|suite| suite.suite()).collect();
        assert_eq!(offered[0], CipherSuite::TLS13_AES_128_GCM_SHA256);
        assert!(!AES_128.contains(&offered[1]) && !AES_128.contains(&offered[2]), "{offered:?}");
        assert!(AES_128.contains(&offered[3]) && AES_128.contains(&offered[4]), "{offered:?}");
        assert_eq!(offered.len(), ring::default_provider().cipher_suites.len());
    }
}
