//! Owns the JSON of browser extensions: Cookie-Editor, EditThisCookie and their like, and Cookie Quick Manager.
//! Does not keep which container or profile of the browser a cookie was in.

use serde::Serialize;
use serde_json::Number;
use serde_json::value::RawValue;

use crate::cookie::attribute::SameSite;
use crate::cookie::record::Cookie;
use crate::formats::document::{cookies, pretty, taken};
use crate::formats::draft::Draft;
use crate::formats::exported::{Writing, Written};
use crate::formats::fields::{Fields, time};
use crate::formats::imported::{Imported, NotOfFormat, Reading};
use crate::formats::textual::{Textual, seconds, textual};

pub fn read(text: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    Ok(taken(cookies(text, "it is not a list of cookies")?, reading, cookie))
}

fn cookie(row: &RawValue, reading: &Reading) -> Result<Cookie, String> {
    let fields = Fields::read(row)?;
    let draft = if fields.has("Name raw") { quick_manager(&fields)? } else { editor(&fields)? };
    fields.check_partition(&draft.domain, reading)?;
    draft.cookie(reading)
}

/// The fields of the browsers' own interface for extensions, which most of them write as they come.
fn editor(fields: &Fields) -> Result<Draft, String> {
    let is_session = fields.is_set("session")?;
    Ok(Draft {
        name: fields.needed("name")?.into(),
        value: fields.needed("value")?.into(),
        domain: fields.text("domain")?.unwrap_or_default().to_owned(),
        host_only: fields.flag("hostOnly")?,
        path: fields.text("path")?.unwrap_or_default().into(),
        expires: fields.seconds("expirationDate")?.filter(|_| !is_session).map(time),
        secure: fields.is_set("secure")?,
        http_only: fields.is_set("httpOnly")?,
        same_site: fields.same_site("sameSite")?,
        created: None,
    })
}

/// Cookie Quick Manager writes everything as text, the host as a URL, and a session as the expiry 0.
fn quick_manager(fields: &Fields) -> Result<Draft, String> {
    let host = fields.needed("Host raw")?;
    let host = host.split_once("://").map_or(host, |(_, host)| host);
    Ok(Draft {
        name: fields.needed("Name raw")?.into(),
        value: fields.needed("Content raw")?.into(),
        domain: host.trim_end_matches('/').to_owned(),
        host_only: fields.flag("This domain only raw")?,
        path: fields.text("Path raw")?.unwrap_or_default().into(),
        expires: fields.seconds("Expires raw")?.filter(|seconds| *seconds != 0.0).map(time),
        secure: fields.is_set("Send for raw")?,
        http_only: fields.is_set("HTTP only raw")?,
        same_site: fields.same_site("SameSite raw")?,
        created: None,
    })
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    domain: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_date: Option<Number>,
    host_only: bool,
    http_only: bool,
    name: &'a str,
    path: &'a str,
    same_site: &'static str,
    secure: bool,
    session: bool,
    store_id: Option<&'static str>,
    value: &'a str,
}

pub fn write(cookies: &[&Cookie], writing: &Writing) -> Written {
    let mut written = Written::default();
    let cookies = textual(cookies, writing, &mut written);
    let rows: Vec<_> = cookies.iter().map(row).collect();
    Written { octets: pretty(&rows), ..written }
}

fn row<'a>(textual: &Textual<'a>) -> Row<'a> {
    let cookie = textual.cookie;
    Row {
        domain: textual.dotted_domain(),
        expiration_date: textual.expires.map(seconds),
        host_only: cookie.host_only,
        http_only: cookie.http_only,
        name: textual.name,
        path: textual.path,
        same_site: match cookie.same_site {
            SameSite::Unset => "unspecified",
            SameSite::None => "no_restriction",
            SameSite::Lax => "lax",
            SameSite::Strict => "strict",
        },
        secure: cookie.secure,
        session: textual.expires.is_none(),
        store_id: None,
        value: textual.value,
    }
}
