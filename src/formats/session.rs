//! Owns the session files of HTTPie and xh, the forms with a list of cookies and the older ones with an object.
//! Does not keep the headers and credentials that stand beside them.

use serde::Serialize;
use serde_json::value::RawValue;
use serde_json::{Value, json};

use crate::cookie::record::Cookie;
use crate::formats::document::{Document, pretty};
use crate::formats::draft::Draft;
use crate::formats::exported::{Loss, Writing, Written};
use crate::formats::fields::{Fields, time};
use crate::formats::imported::{Imported, NotOfFormat, Place, Reading};
use crate::formats::textual::{Textual, textual};

pub fn read(text: &[u8], reading: &Reading) -> Result<Imported, NotOfFormat> {
    let not = |why: &str| NotOfFormat { why: why.to_owned() };
    let Document::Object(session) = Document::read(text)? else {
        return Err(not("it is a list, where a session file is an object"));
    };
    let cookies =
        session.document("cookies").ok_or_else(|| not("it has neither a list nor an object `cookies`"));
    let rows: Vec<(Option<String>, &RawValue)> = match cookies? {
        Document::List(rows) => rows.into_iter().map(|row| (None, row)).collect(),
        Document::Object(rows) => rows.0.into_iter().map(|(name, row)| (Some(name), row)).collect(),
    };
    let mut imported = Imported::default();
    for (index, (name, row)) in rows.into_iter().enumerate() {
        imported.take(Place::Entry(index + 1), cookie(name, row, reading));
    }
    imported.date_in_order(reading.now);
    Ok(imported)
}

/// A row of the list, or a member of the object, which is called by the cookie's name.
fn cookie(name: Option<String>, row: &RawValue, reading: &Reading) -> Result<Cookie, String> {
    let fields = Fields::read(row)?;
    let name = match name {
        Some(name) => name,
        None => fields.needed("name")?.to_owned(),
    };
    let draft = Draft {
        name: name.into_bytes(),
        value: fields.needed("value")?.into(),
        domain: domain(fields.text("domain")?.unwrap_or_default(), reading).to_owned(),
        path: fields.text("path")?.unwrap_or_default().into(),
        expires: fields.seconds("expires")?.map(time),
        secure: fields.is_set("secure")?,
        ..Draft::default()
    };
    draft.cookie(reading)
}

/// Python's cookie jar, and so HTTPie, puts `.local` behind a host without a dot. `localhost.local` is nobody's name;
/// any other might be the name of a machine, unless the user says that it is not.
fn domain<'a>(domain: &'a str, reading: &Reading) -> &'a str {
    match domain.strip_suffix(".local") {
        Some("localhost") => "localhost",
        Some(host) if reading.url.as_ref().and_then(|url| url.host_str()) == Some(host) => host,
        _ => domain,
    }
}

#[derive(Serialize)]
struct Session {
    #[serde(rename = "__meta__")]
    meta: Value,
    auth: Value,
    cookies: Vec<Value>,
    headers: [Value; 0],
}

pub fn write_httpie(cookies: &[&Cookie], writing: &Writing) -> Written {
    let row = |textual: &Textual| {
        let is_dotless = !textual.cookie.domain.as_str().contains(['.', ':']);
        json!({
            "domain": textual.dotted_domain() + if is_dotless { ".local" } else { "" },
            "expires": textual.expires.map(|expires| expires.timestamp()),
            "name": textual.name,
            "path": textual.path,
            "secure": textual.cookie.secure,
            "value": textual.value,
        })
    };
    // The version is that of the form: HTTPie takes anything older than 3.1 for a file to be upgraded.
    let meta = json!({
        "about": "HTTPie session file",
        "help": "https://httpie.io/docs#sessions",
        "httpie": "3.2.4",
    });
    let auth = json!({"type": null, "username": null, "password": null});
    // HTTPie sends it to what lies below, too.
    write(
        cookies,
        writing,
        meta,
        auth,
        |textual| textual.cookie.host_only && !textual.cookie.domain.is_address(),
        row,
    )
}

pub fn write_xh(cookies: &[&Cookie], writing: &Writing) -> Written {
    let row = |textual: &Textual| {
        let mut row = json!({
            "name": textual.name,
            "value": textual.value,
            "path": textual.path,
            "secure": textual.cookie.secure,
            "domain": textual.cookie.domain.as_str(),
        });
        if let Some(expires) = textual.expires {
            row["expires"] = expires.timestamp().into();
        }
        row
    };
    let meta = json!({"about": "xh session file", "xh": "0.26.3"});
    let auth = json!({"type": null, "raw_auth": null});
    // xh writes no dot, and takes every domain for one with all that is below it.
    write(cookies, writing, meta, auth, |textual| !textual.cookie.domain.is_address(), row)
}

fn write(
    cookies: &[&Cookie],
    writing: &Writing,
    meta: Value,
    auth: Value,
    loses_host_only: impl Fn(&Textual) -> bool,
    row: impl Fn(&Textual) -> Value,
) -> Written {
    let mut written = Written::default();
    let cookies = textual(cookies, writing, &mut written);
    for textual in &cookies {
        textual.lose_what_only_browsers_keep(&mut written);
        if loses_host_only(textual) {
            written.lose(Loss::HostOnly);
        }
    }
    let cookies = cookies.iter().map(row).collect();
    Written { octets: pretty(&Session { meta, auth, cookies, headers: [] }), ..written }
}
