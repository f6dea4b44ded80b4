//! Owns the two ways in which Express marks a value: `s:` before a signed one, `j:` before JSON.
//! Does not check signatures.

use crate::formats::decode::base64;
use crate::formats::decode::json::structure;
use crate::formats::decode::layer::{Kind, Layer};
use crate::formats::decode::{Inner, Peeled, Piece};

/// HMAC-SHA256 in base64, without its padding.
const SIGNATURE: usize = 43;

/// `s:VALUE.SIGNATURE`, as express-session and res.cookie write it.
pub fn signed(piece: Piece) -> Option<Peeled> {
    let text = std::str::from_utf8(piece.octets).ok()?;
    let (value, signature) = text.strip_prefix("s:")?.rsplit_once('.')?;
    let is_signature = signature.len() == SIGNATURE && base64::standard(signature).is_some();
    let layer = Layer::likely(Kind::ExpressSigned).signed(signature, None);
    is_signature.then(|| Peeled { layer, inner: Inner::Octets(value.as_bytes().to_vec()) })
}

/// `j:JSON`, as res.cookie writes an object.
pub fn json(piece: Piece) -> Option<Peeled> {
    let inner = piece.octets.strip_prefix(b"j:")?;
    structure(inner)?;
    Some(Peeled { layer: Layer::certain(Kind::ExpressJson), inner: Inner::Octets(inner.to_vec()) })
}
