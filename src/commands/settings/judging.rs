//! Owns by which rules cookies are to be judged: flag before environment before the jar's own policy.
//! Does not judge.

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;

use url::Url;

use crate::cli::shared::RulesChoice;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files;
use crate::commands::settings::target::url;
use crate::cookie::context::Rules;
use crate::cookie::jar::Jar;
use crate::cookie::policy::Policy;
use crate::cookie::site::Kind;
use crate::cookie::suffix::{Compiled, Read, Suffixes};
use crate::exchange::request::Judging;
use crate::sys::env;

/// By which rules cookies are judged, as far as the command line says.
pub fn judging(choice: &RulesChoice, is_safe: bool) -> Result<JudgingChoice, CommandError> {
    let policy = choice.policy.as_deref().map(policy).transpose()?;
    let kind = match (choice.fetch, is_safe) {
        (true, _) => Kind::Fetch,
        (false, true) => Kind::Navigation,
        (false, false) => Kind::UnsafeNavigation,
    };
    let initiator = choice
        .initiator
        .as_deref()
        .map(url)
        .transpose()
        .map_err(|error| CommandError { message: format!("--initiator: {}", error.message), ..error })?;
    let initiator = initiator.map(|url| (url, kind));
    if choice.fetch && initiator.is_none() {
        return Err(CommandError::usage("--fetch needs --initiator").hint("name the page that asks"));
    }
    let file = choice.public_suffix_list.clone().or_else(|| env::variable("KUKI_PUBLIC_SUFFIX_LIST"));
    let suffixes: Arc<dyn Suffixes> = match file {
        None => Arc::new(Compiled),
        Some(file) => Arc::new(suffix_list(Path::new(&file))?),
    };
    Ok(JudgingChoice { policy, initiator, suffixes })
}

/// What was chosen, before a jar is there that may have a policy of its own.
pub struct JudgingChoice {
    policy: Option<Policy>,
    initiator: Option<(Url, Kind)>,
    suffixes: Arc<dyn Suffixes>,
}

impl JudgingChoice {
    pub fn for_jar(&self, jar: &Jar) -> Judging {
        let policy = self.policy.unwrap_or(jar.policy);
        Judging {
            rules: Rules { policy, suffixes: Arc::clone(&self.suffixes) },
            initiator: self.initiator.clone(),
        }
    }
}

pub fn policy(given: &OsStr) -> Result<Policy, CommandError> {
    given.to_str().and_then(Policy::parse).ok_or_else(|| {
        CommandError::usage(format!("--policy `{}` is neither classic nor browser", given.display()))
            .hint("classic is RFC 6265bis, browser is what Chromium does")
    })
}

fn suffix_list(path: &Path) -> Result<Read, CommandError> {
    let octets = files::read(path)?;
    let text = String::from_utf8(octets).map_err(|_| "it is not UTF-8".to_owned());
    text.and_then(|text| Read::from_text(&text)).map_err(|why| {
        CommandError::new(Exit::READ_FAILED, format!("{} is no public suffix list: {why}", path.display()))
            .hint("the list is public_suffix_list.dat of publicsuffix.org")
    })
}
