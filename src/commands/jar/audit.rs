//! Owns `kuki jar audit`.
//! Does not judge cookies, and changes nothing in the jar.

use std::ffi::OsStr;

use chrono::{DateTime, Utc};

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::jar::choice::Choice;
use crate::commands::jar::shape::Shape;
use crate::commands::jar::view::View;
use crate::commands::session::OpenJar;
use crate::cookie::audit::finding::Severity;
use crate::cookie::audit::role::Shape as Value;
use crate::cookie::audit::{Seen, audit, of_file};
use crate::cookie::record::Cookie;
use crate::formats::decode::decode;
use crate::formats::decode::layer::Kind;
use crate::output::audit::{self, Report};

/// From which weight on a finding is a failure; `None` is never.
pub fn fail_on(given: Option<&OsStr>) -> Result<Option<Severity>, CommandError> {
    let Some(given) = given else { return Ok(Some(Severity::High)) };
    match given.to_str() {
        Some("never") => Ok(None),
        word => word.and_then(Severity::parse).map(Some).ok_or_else(|| {
            CommandError::usage(format!("--fail-on: `{}` is no severity", given.display()))
                .hint("high, medium, low, info, or never")
        }),
    }
}

pub fn run(
    shape: Shape,
    fail_on: Option<Severity>,
    choice: &Choice,
    view: &View,
    jar: &OpenJar,
    console: &mut Console,
    now: DateTime<Utc>,
) -> Result<Exit, CommandError> {
    let cookies = choice.of(jar.jar());
    let (exposed, foreign) = jar.exposure();
    let mut findings = of_file(exposed, foreign);
    findings.extend(audit(jar.jar(), &cookies, &seen, now));
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.issue.severity()));
    let path = jar.path().to_string_lossy();
    let report =
        Report { title: &view.title, path: &path, cookies: cookies.len(), findings: &findings, fail_on, now };
    match shape {
        Shape::Json => console.say_exactly(audit::document(&report).as_bytes())?,
        Shape::Page => console.say(audit::page(&report, view.look().palette).as_bytes())?,
    }
    Ok(if report.fails() { Exit::FINDINGS } else { Exit::found(cookies.len()) })
}

fn seen(cookie: &Cookie) -> Seen {
    let layers = decode(&cookie.value).layers;
    let token = layers.iter().find(|layer| layer.kind == Kind::Jwt);
    let is_token = layers.iter().any(|layer| matches!(layer.kind, Kind::Jwt | Kind::Jwe));
    let is_sealed = layers.iter().any(|layer| layer.kind.is_sealed());
    Seen {
        shape: match (is_token, is_sealed) {
            (true, _) => Value::Token,
            (false, true) => Value::Sealed,
            (false, false) => Value::Plain,
        },
        is_unsigned: token.is_some_and(|token| token.is_unsigned()),
        token_expires: token.and_then(|token| token.claim("exp")),
    }
}
