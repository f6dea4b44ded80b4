//! Owns the list of cookies as a JSON array, exact and complete, with the field names of the jar's file.
//! Does not mask anything; whoever asks for JSON wants the values.

use crate::cookie::record::Cookie;
use crate::formats::row::RowOf;

/// A valid array that is still one cookie a line.
pub fn array<'a>(cookies: impl IntoIterator<Item = &'a Cookie>) -> serde_json::Result<Vec<u8>> {
    let rows = cookies
        .into_iter()
        .map(|cookie| serde_json::to_vec(&RowOf(cookie, &[])))
        .collect::<Result<Vec<_>, _>>()?;
    if rows.is_empty() {
        return Ok(b"[]\n".to_vec());
    }
    Ok([b"[\n", &*rows.join(&b",\n"[..]), b"\n]\n"].concat())
}
