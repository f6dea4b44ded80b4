//! Owns the certificate that is shown to a server, with its key.
//! Does not open files; their octets come in.

use std::fmt;
use std::sync::Arc;

use rustls::crypto::ring;
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use rustls::sign::{CertifiedKey, SingleCertAndKey};

/// A certificate chain and the key that belongs to it.
#[derive(Clone)]
pub struct Identity {
    key: Arc<CertifiedKey>,
}

/// Why octets make no identity.
#[derive(Debug, PartialEq, Eq)]
pub enum IdentityFault {
    EncryptedKey,
    NoCertificate,
    NoKey,
    /// In the library's words.
    Unfit(String),
}

impl Identity {
    /// Of two PEM texts, which may be the same.
    pub fn from_pem(certificate: &[u8], key: &[u8]) -> Result<Identity, IdentityFault> {
        let chain: Vec<_> = CertificateDer::pem_slice_iter(certificate)
            .collect::<Result<_, _>>()
            .map_err(|_| IdentityFault::NoCertificate)?;
        if chain.is_empty() {
            return Err(IdentityFault::NoCertificate);
        }
        if is_encrypted(key) {
            return Err(IdentityFault::EncryptedKey);
        }
        let key = PrivateKeyDer::from_pem_slice(key).map_err(|_| IdentityFault::NoKey)?;
        let key = CertifiedKey::from_der(chain, key, &ring::default_provider())
            .map_err(|error| IdentityFault::Unfit(error.to_string()))?;
        Ok(Identity { key: Arc::new(key) })
    }

    pub(super) fn resolver(&self) -> Arc<SingleCertAndKey> {
        Arc::new(SingleCertAndKey::from(Arc::clone(&self.key)))
    }
}

/// Without the key.
impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Identity")
    }
}

/// In either of the two forms that there are.
fn is_encrypted(key: &[u8]) -> bool {
    let has = |words: &[u8]| key.windows(words.len()).any(|window| window == words);
    has(b"-----BEGIN ENCRYPTED PRIVATE KEY-----") || has(b"Proc-Type: 4,ENCRYPTED")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pair() -> (String, String) {
        let made = rcgen::generate_simple_self_signed(["a.test".to_owned()]).expect("a certificate");
        (made.cert.pem(), made.signing_key.serialize_pem())
    }

    #[test]
    fn a_certificate_and_its_key_make_an_identity_and_nothing_else_does() {
        let ((certificate, key), (_, other)) = (pair(), pair());
        let fault = |certificate: &str, key: &str| {
            Identity::from_pem(certificate.as_bytes(), key.as_bytes()).map(|_| ()).err()
        };
        let both = format!("{key}{certificate}");
        assert_eq!((fault(&certificate, &key), fault(&both, &both)), (None, None));
        assert_eq!(fault(&key, &key), Some(IdentityFault::NoCertificate));
        assert_eq!(fault(&certificate, &certificate), Some(IdentityFault::NoKey));
        assert!(matches!(fault(&certificate, &other), Some(IdentityFault::Unfit(_))));
        for locked in [
            key.replace("PRIVATE", "ENCRYPTED PRIVATE"),
            key.replacen("-----\n", "-----\nProc-Type: 4,ENCRYPTED\n", 1),
        ] {
            assert_eq!(fault(&certificate, &locked), Some(IdentityFault::EncryptedKey), "{locked}");
        }
    }
}
