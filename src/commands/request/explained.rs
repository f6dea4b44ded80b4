//! Owns what `--explain` tells of an attempt on standard error.
//! Does not lay it out; `output/timeline` does.

use crate::commands::request::run::Run;
use crate::commands::session::Access;
use crate::commands::settings::request::RequestSettings;
use crate::cookie::remark::remarks;
use crate::cookie::verdict::Receipt;
use crate::exchange::trace::{Hop, Trace};
use crate::output::judgement::Look;
use crate::output::timeline::{self, Depth, Fate, Telling};
use crate::sys::{clock, terminal};

/// The hops of this attempt, if `--explain` was given.
pub fn tell_hops(trace: &Trace, settings: &RequestSettings, run: &Run) {
    if !settings.response.explains {
        return;
    }
    let look = Look { palette: run.console.palette, secrets: settings.secrets, now: clock::now() };
    let depth = if settings.response.is_verbose { Depth::Whole } else { Depth::Short };
    let telling = Telling { look, columns: terminal::width_of_stderr(), depth };
    let said = |hop: &Hop, receipt: &Receipt| {
        let context = settings.plan.judging.context(&hop.request.url, look.now);
        let remark = |context| run.jar.as_ref().map(|jar| remarks(receipt, &context, jar.borrow().jar()));
        context.and_then(remark).unwrap_or_default()
    };
    run.console.tell(&timeline::hops(trace, said, telling));
}

/// The hops of the last attempt, and what became of the jar.
pub fn tell(trace: &Trace, settings: &RequestSettings, is_saved: bool, run: &Run) {
    tell_hops(trace, settings, run);
    if !settings.response.explains {
        return;
    }
    let text = match (&run.jar, &settings.jar) {
        (Some(jar), Some(chosen)) => {
            let fate = match (is_saved, chosen.access) {
                (false, _) => Fate::Lost,
                (true, Access::ReadOnly) => Fate::NotSaved,
                (true, Access::ReadWrite) => Fate::Saved,
            };
            timeline::jar(&chosen.name, trace, jar.borrow().jar(), fate)
        }
        _ => "no jar: no stored cookie was sent, and no Set-Cookie was judged\n".to_owned(),
    };
    run.console.tell(&text);
}
