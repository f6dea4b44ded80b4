//! Owns what is done and said of each hop while it happens: `-v`, the marks of time, and the ear for signals.
//! Does not decide anything of the chain.

use crate::commands::report::Marks;
use crate::commands::request::run::Run;
use crate::exchange::hops::Witness;
use crate::exchange::trace::Hop;
use crate::output::judgement::Look;
use crate::output::verbose;

/// Tells of each hop as it happens, under `-v`, and hears when there is something to lose.
pub struct Told<'a> {
    pub run: &'a Run<'a>,
    /// How `-v` is to look, if it was given.
    pub verbose: Option<Look>,
    /// What `-v` has to say of the last answer, once the jar is saved.
    pub untold: &'a mut String,
    pub marks: &'a mut Marks,
    /// An answer came in.
    pub is_under_way: bool,
}

impl Witness for Told<'_> {
    fn sending(&mut self, hop: &Hop) {
        self.marks.sending();
        // What the answer before it set is to be saved, also if a signal ends the chain before its last hop.
        if self.is_under_way {
            self.run.interrupts.arm();
        }
        if let Some(look) = self.verbose {
            self.run.console.tell(&std::mem::take(self.untold));
            self.run.console.tell(&verbose::request(hop, look));
        }
    }

    fn received(&mut self, hop: &Hop) {
        self.marks.received();
        self.run.answered();
        self.is_under_way = true;
        if let Some(look) = self.verbose {
            *self.untold = verbose::response(hop, look);
        }
    }
}
