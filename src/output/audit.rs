//! Owns how an audit looks: a page for people, and the JSON document of version 1 (`docs/audit.schema.json`).
//! Does not find anything.

use chrono::{DateTime, Utc};
use serde::Serialize;

use crate::cookie::audit::finding::{Finding, Issue, Severity};
use crate::output::judgement::place;
use crate::output::list::counted;
use crate::output::sanitize;
use crate::output::style::{Meaning, Palette};
use crate::output::vocabulary::{CookieEntry, JarEntry, document as written, moment};

/// What was audited, and what came of it.
#[derive(Clone, Copy, Debug)]
pub struct Report<'a> {
    /// What the user calls the jar.
    pub title: &'a str,
    pub path: &'a str,
    pub cookies: usize,
    pub findings: &'a [Finding],
    /// From which weight on there is a failure, if ever.
    pub fail_on: Option<Severity>,
    pub now: DateTime<Utc>,
}

impl Report<'_> {
    pub fn fails(&self) -> bool {
        let is_grave =
            |finding: &Finding| self.fail_on.is_some_and(|least| finding.issue.severity() >= least);
        self.findings.iter().any(is_grave)
    }

    fn count(&self, severity: Severity) -> usize {
        self.findings.iter().filter(|finding| finding.issue.severity() == severity).count()
    }
}

const COLUMN: usize = 7;

pub fn page(report: &Report, palette: Palette) -> String {
    let mut page: String = report.findings.iter().map(|finding| entry(finding, palette)).collect();
    let counts = Severity::ALL.map(|severity| format!("{} {}", report.count(severity), severity.word()));
    let summary = if report.findings.is_empty() { "no findings".to_owned() } else { counts.join(", ") };
    page.push_str(&format!("{summary} in {} of jar '{}'\n", counted(report.cookies), report.title));
    page
}

/// The fact first, the reason below, the fix last.
fn entry(Finding { issue, key }: &Finding, palette: Palette) -> String {
    let severity = issue.severity();
    let meaning = match severity {
        Severity::High | Severity::Medium => Meaning::Bad,
        Severity::Low => Meaning::Heading,
        Severity::Info => Meaning::Quiet,
    };
    let word = palette.paint(meaning, &format!("{:<COLUMN$}", severity.word()));
    let about = key.as_ref().map_or_else(|| "the jar".to_owned(), place);
    let indent = " ".repeat(COLUMN + 1);
    let reason = sanitize::line(issue.to_string().as_bytes());
    let fix = sanitize::line(issue.fix().as_bytes());
    let fix = palette.paint(Meaning::Quiet, &format!("fix: {fix}"));
    format!("{word} {about}  {}\n{indent}{reason}\n{indent}{fix}\n", issue.code())
}

#[derive(Serialize)]
struct Document<'a> {
    format: &'static str,
    version: u8,
    at: String,
    jar: JarEntry<'a>,
    cookies: usize,
    fail_on: &'static str,
    fails: bool,
    counts: Counts,
    findings: Vec<FindingEntry>,
}

#[derive(Serialize)]
struct Counts {
    high: usize,
    medium: usize,
    low: usize,
    info: usize,
}

#[derive(Serialize)]
struct FindingEntry {
    severity: &'static str,
    code: &'static str,
    message: String,
    fix: String,
    /// `null` where it is about the jar.
    cookie: Option<CookieEntry>,
    /// The cookie that stands before this one.
    #[serde(skip_serializing_if = "Option::is_none")]
    other: Option<CookieEntry>,
}

pub fn document(report: &Report) -> String {
    written(&Document {
        format: "kuki-audit",
        version: 1,
        at: moment(report.now),
        jar: JarEntry { name: report.title, path: report.path },
        cookies: report.cookies,
        fail_on: report.fail_on.map_or("never", Severity::word),
        fails: report.fails(),
        counts: Counts {
            high: report.count(Severity::High),
            medium: report.count(Severity::Medium),
            low: report.count(Severity::Low),
            info: report.count(Severity::Info),
        },
        findings: report.findings.iter().map(finding).collect(),
    })
}

fn finding(Finding { issue, key }: &Finding) -> FindingEntry {
    let other = match issue {
        Issue::Shadowed { by, .. } => Some(CookieEntry::identified(by)),
        _ => None,
    };
    FindingEntry {
        severity: issue.severity().word(),
        code: issue.code(),
        message: issue.to_string(),
        fix: issue.fix(),
        cookie: key.as_ref().map(CookieEntry::identified),
        other,
    }
}
