//! Owns the choices about TLS and the version of HTTP: flags before the environment, in curl's order.
//! Does not open a connection; the files of a certificate of our own are read here.

use std::ffi::{OsStr, OsString};
use std::fs::{self, File};
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::path::{Path, PathBuf};

use http::Version;
use url::Url;

use crate::cli::request::RequestArgs;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::sys::env;
use crate::transport::identity::{Identity, IdentityFault};
use crate::transport::tls::{Spoken, Tls, Trust, Versions};

pub(super) fn tls(args: &RequestArgs, url: &Url) -> Result<Tls, CommandError> {
    Ok(Tls {
        trust: trust(args, url)?,
        identity: identity(args)?,
        versions: versions(args)?,
        logs_keys: env::variable("SSLKEYLOGFILE").is_some(),
    })
}

fn trust(args: &RequestArgs, url: &Url) -> Result<Trust, CommandError> {
    if args.connection.insecure {
        return Ok(Trust::Anything);
    }
    let (file, directories) = match (args.connection.cacert.clone(), args.tls.capath.clone()) {
        (None, None) => match env::variable("CURL_CA_BUNDLE") {
            Some(file) => (Some(file), None),
            None => (env::variable("SSL_CERT_FILE"), env::variable("SSL_CERT_DIR")),
        },
        typed => typed,
    };
    if file.is_none() && directories.is_none() {
        return Ok(Trust::System);
    }
    let split = |list: &OsString| {
        let parts = list.as_bytes().split(|octet| *octet == b':').filter(|part| !part.is_empty());
        parts.map(|part| PathBuf::from(OsStr::from_bytes(part))).collect()
    };
    let directories: Vec<_> = directories.as_ref().map(split).unwrap_or_default();
    let file = file.map(PathBuf::from);
    // What is missing is told before anything is sent, if it is known that it will be needed.
    for path in file.iter().filter(|_| url.scheme() == "https") {
        if let Err(error) = File::open(path) {
            let message = format!("the certificates to trust cannot be read: {}: {error}", path.display());
            return Err(
                CommandError::new(Exit::BAD_CA_FILE, message).hint("name a PEM file with --cacert FILE")
            );
        }
    }
    Ok(Trust::Only { file, directories })
}

fn identity(args: &RequestArgs) -> Result<Option<Identity>, CommandError> {
    let Some(given) = &args.tls.cert else {
        if args.tls.key.is_some() {
            return Err(CommandError::usage("--key needs a certificate").hint("name it with -E FILE"));
        }
        return Ok(None);
    };
    let certificate = PathBuf::from(without_password(given));
    let key = args.tls.key.as_ref().map_or_else(|| certificate.clone(), PathBuf::from);
    let made = Identity::from_pem(&octets(&certificate)?, &octets(&key)?);
    made.map(Some).map_err(|fault| {
        let (certificate, key) = (certificate.display(), key.display());
        let (message, hint) = match fault {
            IdentityFault::EncryptedKey => (
                format!("the key in {key} is protected by a password, and only plain keys can be used"),
                format!("take the protection off, for example: openssl pkey -in {key} -out plain.pem"),
            ),
            IdentityFault::NoCertificate => (
                format!("{certificate} holds no certificate in PEM"),
                "name a PEM file with -E FILE".to_owned(),
            ),
            IdentityFault::NoKey => (
                format!("{key} holds no private key in PEM"),
                "name the file of the key with --key FILE".to_owned(),
            ),
            IdentityFault::Unfit(why) => (
                format!("the certificate in {certificate} and the key in {key} can't be used: {why}"),
                "do they belong together?".to_owned(),
            ),
        };
        CommandError::new(Exit::BAD_IDENTITY, message).hint(hint)
    })
}

fn octets(path: &Path) -> Result<Vec<u8>, CommandError> {
    fs::read(path).map_err(|error| {
        CommandError::new(Exit::BAD_IDENTITY, format!("{} cannot be read: {error}", path.display()))
            .hint("-E names the file of a certificate, --key that of its key, both in PEM")
    })
}

/// curl's `FILE:PASSWORD`, in which `\:` is a colon of the file's name. What is not encrypted needs no password.
fn without_password(given: &OsStr) -> OsString {
    let mut name = Vec::new();
    let mut octets = given.as_bytes().iter().copied().peekable();
    while let Some(octet) = octets.next() {
        match octet {
            b':' => break,
            b'\\' if matches!(octets.peek(), Some(b':' | b'\\')) => name.extend(octets.next()),
            octet => name.push(octet),
        }
    }
    OsString::from_vec(name)
}

fn versions(args: &RequestArgs) -> Result<Versions, CommandError> {
    let most = match args.tls.tls_max.as_deref().map(OsStr::as_bytes) {
        None | Some(b"default" | b"1.3") => Versions::All,
        Some(b"1.2") => Versions::Tls12,
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            return Err(CommandError::usage(format!(
                "--tls-max: `{other}` is no version that is spoken here"
            ))
            .hint("1.2, 1.3 and default are; older ones are broken"));
        }
    };
    match (args.tls.tlsv1_3, most) {
        (true, Versions::Tls12) => {
            Err(CommandError::usage("--tlsv1.3 and --tls-max 1.2 leave no version of TLS")
                .hint("leave one of them out"))
        }
        (true, _) => Ok(Versions::Tls13),
        (false, most) => Ok(most),
    }
}

/// Which versions of HTTP are offered, and the one that is spoken in any case.
pub(super) fn spoken(args: &RequestArgs) -> Result<(Spoken, Option<Version>), CommandError> {
    let given = [
        (args.tls.http1_0, "--http1.0", (Spoken::Http1, Some(Version::HTTP_10))),
        (args.connection.http1_1, "--http1.1", (Spoken::Http1, None)),
        (args.tls.http2, "--http2", (Spoken::Any, None)),
        (args.tls.http2_prior_knowledge, "--http2-prior-knowledge", (Spoken::Http2, Some(Version::HTTP_2))),
    ];
    let mut given = given.into_iter().filter(|(is_given, ..)| *is_given);
    match (given.next(), given.next()) {
        (None, _) => Ok((Spoken::Any, None)),
        (Some((.., spoken)), None) => Ok(spoken),
        (Some((_, one, _)), Some((_, other, _))) => {
            Err(CommandError::usage(format!("{one} and {other} name two versions of HTTP"))
                .hint("leave one of them out"))
        }
    }
}
