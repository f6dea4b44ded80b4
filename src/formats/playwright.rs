//! Owns the cookies of Playwright and Puppeteer: a `storageState`, or the list that a page or context gives.
//! Does not keep the local storage that stands beside them.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Number, Value};
use url::Url;

use crate::cookie::attribute::SameSite;
use crate::cookie::record::Cookie;
use crate::formats::document::{cookies, pretty, taken};
use crate::formats::draft::Draft;
use crate::formats::exported::{Loss, Writing, Written};
use crate::formats::fields::{Fields, time};
use crate::formats::imported::{Imported, NotOfFormat, Reading};
use crate::formats::textual::{Textual, seconds, textual};

pub fn read(text: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    Ok(taken(cookies(text, "it has no list `cookies`")?, reading, cookie))
}

fn cookie(row: &RawValue, reading: &Reading) -> Result<Cookie, String> {
    let fields = Fields::read(row)?;
    let draft = Draft {
        name: fields.needed("name")?.into(),
        value: fields.needed("value")?.into(),
        domain: fields.text("domain")?.unwrap_or_default().to_owned(),
        path: fields.text("path")?.unwrap_or_default().into(),
        // A session cookie has -1 here.
        expires: fields.seconds("expires")?.filter(|seconds| *seconds != -1.0).map(time),
        secure: fields.is_set("secure")?,
        http_only: fields.is_set("httpOnly")?,
        same_site: fields.same_site("sameSite")?,
        ..Draft::default()
    };
    fields.check_partition(&draft.domain, reading)?;
    match fields.text("url")? {
        // A list that was made to be given to a context may name a URL and no domain.
        Some(url) if draft.domain.is_empty() => {
            let url = Url::parse(url).map_err(|_| "its `url` is none".to_owned())?;
            draft.cookie(&Reading { url: Some(url), ..reading.clone() })
        }
        _ => draft.cookie(reading),
    }
}

#[derive(Serialize)]
struct State<'a> {
    cookies: Vec<Row<'a>>,
    origins: [Value; 0],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Row<'a> {
    name: &'a str,
    value: &'a str,
    domain: String,
    path: &'a str,
    expires: Number,
    http_only: bool,
    secure: bool,
    same_site: &'static str,
}

pub fn write(cookies: &[&Cookie], writing: &Writing) -> Written {
    let mut written = Written::default();
    let cookies: Vec<_> = textual(cookies, writing, &mut written);
    for textual in &cookies {
        if textual.cookie.same_site == SameSite::Unset {
            written.lose(Loss::SameSite);
        }
    }
    let cookies = cookies.iter().map(row).collect();
    Written { octets: pretty(&State { cookies, origins: [] }), ..written }
}

fn row<'a>(textual: &Textual<'a>) -> Row<'a> {
    let cookie = textual.cookie;
    Row {
        name: textual.name,
        value: textual.value,
        domain: textual.dotted_domain(),
        path: textual.path,
        expires: textual.expires.map_or((-1).into(), seconds),
        http_only: cookie.http_only,
        secure: cookie.secure,
        // The format has three words and none for unset, which a browser takes for this one.
        same_site: match cookie.same_site {
            SameSite::Unset => SameSite::Lax.word(),
            same_site => same_site.word(),
        },
    }
}
