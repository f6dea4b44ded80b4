//! Owns `kuki jar limits`.
//! Does not enforce them; the jar does, also on the cookies that it already holds.

use std::ffi::OsStr;

use crate::cli::jar::LimitsArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::Interrupts;
use crate::commands::jar::shape::Shape;
use crate::commands::session::OpenJar;
use crate::commands::settings::judging::policy;
use crate::cookie::change::{Applied, Change, Governance};
use crate::output::deeds;
use crate::output::list::counted;
use crate::output::vocabulary::JarEntry;
use crate::sys::clock;

/// What is to change.
pub fn governance(args: &LimitsArgs) -> Result<Governance, CommandError> {
    let policy = args.policy.as_deref().map(policy).transpose()?;
    let own = policy.map(|policy| policy.limits());
    let or_own = |given, flag, own| Ok::<_, CommandError>(number(given, flag)?.or(own));
    Ok(Governance {
        policy,
        per_domain: or_own(args.per_domain.as_deref(), "--per-domain", own.map(|own| own.per_domain))?,
        total: or_own(args.total.as_deref(), "--total", own.map(|own| own.total))?,
        cookie_bytes: or_own(
            args.cookie_bytes.as_deref(),
            "--cookie-bytes",
            own.map(|own| own.cookie_bytes),
        )?,
    })
}

pub fn run(
    governance: Governance,
    shape: Shape,
    mut jar: OpenJar,
    console: &mut Console,
) -> Result<Exit, CommandError> {
    let now = clock::now();
    let mut gone = Vec::new();
    if governance != Governance::default() {
        jar.must_be_writable("kuki jar limits")?;
        jar.must_be_ours("limits or a policy")?;
        if let Applied::Done { evicted, .. } = jar.jar_mut().apply(Change::Govern(governance), now)
            && !evicted.is_empty()
        {
            console.note(&format!("evicted by the new limits: {}", counted(evicted.len())));
            gone.extend(evicted.into_iter().map(|eviction| eviction.key));
        }
    }
    let (limits, policy, count) = (jar.jar().limits, jar.jar().policy, jar.jar().len());
    let (name, path) = jar.called();
    jar.commit(console, &Interrupts::default(), None)?;
    let text = format!(
        "per domain    {}\ntotal         {}\ncookie bytes  {}\npolicy        {}\n",
        limits.per_domain,
        limits.total,
        limits.cookie_bytes,
        policy.word()
    );
    let jar = JarEntry { name: &name, path: &path };
    shape.tell(console, &text, || deeds::limits(&jar, limits, policy, count, &gone))?;
    Ok(Exit::SUCCESS)
}

fn number(given: Option<&OsStr>, flag: &str) -> Result<Option<usize>, CommandError> {
    let Some(given) = given else { return Ok(None) };
    let number = given.to_str().and_then(|text| text.parse().ok()).filter(|number| *number > 0);
    number.map(Some).ok_or_else(|| {
        CommandError::usage(format!("{flag}: `{}` is not a number of at least 1", given.display()))
            .hint("for example 180; a limit as good as none is 1000000")
    })
}
