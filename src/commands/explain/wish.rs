//! Owns what is to be explained: where to, when, by whose rules, of which cookies, in which form.
//! Does not read what answers set; `source` does.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;

use chrono::{DateTime, Utc};
use http::Method;
use url::Url;

use crate::cli::explain::ExplainArgs;
use crate::commands::error::CommandError;
use crate::commands::settings::judging::{JudgingChoice, judging};
use crate::commands::settings::target;
use crate::commands::settings::times::{When, when};
use crate::cookie::filter::Glob;
use crate::sys::clock;

pub struct Wish {
    pub url: Option<Url>,
    /// Where requests would go.
    pub next: Vec<Url>,
    pub now: DateTime<Utc>,
    pub requests_at: Vec<DateTime<Utc>>,
    pub method: String,
    pub judging: JudgingChoice,
    names: Vec<Glob>,
    pub shape: Shape,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Shape {
    Json,
    Text,
}

impl Wish {
    pub fn read(args: &ExplainArgs) -> Result<Wish, CommandError> {
        let url = args.url.as_deref().map(target::url).transpose()?;
        if url.is_none() && args.har.is_none() {
            return Err(CommandError::usage("kuki explain needs a URL").hint(
                "for example kuki explain https://example.com/; with --har FILE the URLs are in the file",
            ));
        }
        if args.navigate && args.rules.fetch {
            return Err(CommandError::usage("--navigate and --fetch exclude one another")
                .hint("--fetch is for what a script or an element of the page asks"));
        }
        if args.navigate && args.rules.initiator.is_none() {
            return Err(
                CommandError::usage("--navigate needs --initiator").hint("name the page that goes there")
            );
        }
        let method = method(args.method.as_deref())?;
        let mut next: Vec<Url> =
            args.next_url.iter().map(|url| target::url(url)).collect::<Result<_, _>>()?;
        if next.is_empty() {
            next.extend(url.clone());
        }
        let (now, requests_at) = times(args)?;
        Ok(Wish {
            url,
            next,
            now,
            requests_at,
            judging: judging(&args.rules, method.is_safe())?,
            method: method.to_string(),
            names: args.name.iter().map(|name| Glob::new(name.as_bytes())).collect(),
            shape: shape(args.format.as_deref())?,
        })
    }

    /// Is it about a cookie of this name?
    pub fn is_about(&self, name: &[u8]) -> bool {
        self.names.is_empty() || self.names.iter().any(|glob| glob.fits(name))
    }
}

/// When answers come in, and when the requests are made.
fn times(args: &ExplainArgs) -> Result<(DateTime<Utc>, Vec<DateTime<Utc>>), CommandError> {
    let (mut now, mut spans) = (None, Vec::new());
    for given in &args.at {
        match when(given, "--at")? {
            When::At(time) if now.is_none() => now = Some(time),
            When::At(_) => {
                return Err(CommandError::usage("--at: two times can't both be now")
                    .hint("what comes later is a span, as in --at +30d"));
            }
            When::After(span) => spans.push(span),
        }
    }
    let now = now.unwrap_or_else(clock::now);
    if spans.is_empty() {
        return Ok((now, vec![now]));
    }
    let later = spans.into_iter().map(|span| now.checked_add_signed(span));
    let requests_at = later.collect::<Option<Vec<_>>>().ok_or_else(|| {
        CommandError::usage("--at: the span leads beyond all time").hint("for example --at +30d")
    })?;
    Ok((now, requests_at))
}

fn method(given: Option<&OsStr>) -> Result<Method, CommandError> {
    let Some(given) = given else { return Ok(Method::GET) };
    Method::from_bytes(given.as_bytes()).map_err(|_| {
        CommandError::usage(format!("--method: `{}` is not a method", given.display()))
            .hint("for example POST")
    })
}

fn shape(given: Option<&OsStr>) -> Result<Shape, CommandError> {
    match given.map(OsStr::as_bytes) {
        None | Some(b"text") => Ok(Shape::Text),
        Some(b"json") => Ok(Shape::Json),
        Some(other) => {
            let other = String::from_utf8_lossy(other);
            Err(CommandError::usage(format!("--format: `{other}` is no form of an explanation"))
                .hint("text, or json, which docs/explain.schema.json describes"))
        }
    }
}
