//! Owns what is found in a value: its layers, each with what it says for itself, and the content inside.
//! Does not find them.

use chrono::{DateTime, Utc};

/// A value, taken apart from the outside to the inside.
#[derive(Clone, Debug, PartialEq)]
pub struct Decoded {
    pub layers: Vec<Layer>,
    pub content: Content,
    pub stop: Option<Stop>,
}

/// What is left inside of all layers.
#[derive(Clone, Debug, PartialEq)]
pub enum Content {
    /// Without the key, nothing more can be said.
    Encrypted,
    /// An object or an array, as it was written.
    Json(String),
    Octets(Vec<u8>),
    Text(String),
}

/// Why there may be more inside.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    TooDeep,
    TooLarge,
}

#[derive(Clone, Debug, PartialEq)]
pub struct Layer {
    pub kind: Kind,
    pub certainty: Certainty,
    /// As it was written; nobody here has the key to check it.
    pub signature: Option<String>,
    pub signed_at: Option<DateTime<Utc>>,
    /// The head of a token, which is JSON.
    pub header: Option<String>,
    pub claims: Vec<Claim>,
}

/// A time that a token says of itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Claim {
    pub name: &'static str,
    pub at: DateTime<Utc>,
}

/// Does the form prove itself, or could another thing look the same?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Certainty {
    Certain,
    Likely,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    AspNet,
    Base64,
    Base64Url,
    Django,
    ExpressJson,
    ExpressSigned,
    Gzip,
    ItsDangerous,
    Jwe,
    Jwt,
    Laravel,
    Quotes,
    Url,
    Zlib,
}

impl Kind {
    pub const ALL: [Kind; 14] = [
        Kind::AspNet,
        Kind::Base64,
        Kind::Base64Url,
        Kind::Django,
        Kind::ExpressJson,
        Kind::ExpressSigned,
        Kind::Gzip,
        Kind::ItsDangerous,
        Kind::Jwe,
        Kind::Jwt,
        Kind::Laravel,
        Kind::Quotes,
        Kind::Url,
        Kind::Zlib,
    ];

    pub fn code(self) -> &'static str {
        match self {
            Kind::AspNet => "aspnet-data-protection",
            Kind::Base64 => "base64",
            Kind::Base64Url => "base64url",
            Kind::Django => "django",
            Kind::ExpressJson => "express-json",
            Kind::ExpressSigned => "express-signed",
            Kind::Gzip => "gzip",
            Kind::ItsDangerous => "itsdangerous",
            Kind::Jwe => "jwe",
            Kind::Jwt => "jwt",
            Kind::Laravel => "laravel",
            Kind::Quotes => "quotes",
            Kind::Url => "url",
            Kind::Zlib => "zlib",
        }
    }

    /// What it is, in words.
    pub fn words(self) -> &'static str {
        match self {
            Kind::AspNet => "ASP.NET Core Data Protection, encrypted",
            Kind::Base64 => "base64",
            Kind::Base64Url => "base64 with the letters of URLs",
            Kind::Django => "a value signed by Django",
            Kind::ExpressJson => "JSON behind the mark of Express (j:)",
            Kind::ExpressSigned => "a value signed by Express (s:)",
            Kind::Gzip => "compressed",
            Kind::ItsDangerous => "a value signed by itsdangerous (Flask, Starlette)",
            Kind::Jwe => "JSON Web Token, encrypted",
            Kind::Jwt => "JSON Web Token",
            Kind::Laravel => "Laravel, encrypted",
            Kind::Quotes => "quotes that are part of the value",
            Kind::Url => "URL-encoding",
            Kind::Zlib => "compressed",
        }
    }

    /// Has a server signed or encrypted it?
    pub fn is_sealed(self) -> bool {
        matches!(
            self,
            Kind::AspNet
                | Kind::Django
                | Kind::ExpressSigned
                | Kind::ItsDangerous
                | Kind::Jwe
                | Kind::Jwt
                | Kind::Laravel
        )
    }
}

impl Layer {
    pub fn certain(kind: Kind) -> Layer {
        Layer {
            kind,
            certainty: Certainty::Certain,
            signature: None,
            signed_at: None,
            header: None,
            claims: Vec::new(),
        }
    }

    pub fn likely(kind: Kind) -> Layer {
        Layer { certainty: Certainty::Likely, ..Layer::certain(kind) }
    }

    pub fn signed(self, signature: &str, at: Option<DateTime<Utc>>) -> Layer {
        Layer { signature: Some(signature.to_owned()), signed_at: at, ..self }
    }

    pub fn claim(&self, name: &str) -> Option<DateTime<Utc>> {
        self.claims.iter().find(|claim| claim.name == name).map(|claim| claim.at)
    }

    /// Nobody signed it, though it has the form of what is signed.
    pub fn is_unsigned(&self) -> bool {
        self.kind == Kind::Jwt && self.signature.as_deref() == Some("")
    }
}
