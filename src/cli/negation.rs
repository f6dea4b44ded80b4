//! Owns what holds for every verb's arguments: the last one wins, each switch has its `--no-…`, values may begin
//! with a hyphen.
//! Does not know any argument by name.

use clap::{Arg, ArgAction, Command};

/// Adds all that to a verb whose own arguments are there already.
pub fn complete(command: Command) -> Command {
    let ids = |command: &Command, wanted: fn(&Arg) -> bool| -> Vec<_> {
        command.get_arguments().filter(|arg| wanted(arg)).map(|arg| arg.get_id().clone()).collect()
    };
    let switches = ids(&command, |arg| matches!(arg.get_action(), ArgAction::SetTrue));
    let values = ids(&command, |arg| arg.get_action().takes_values() && !arg.is_positional());
    let mut command = command.args_override_self(true).mut_subcommands(complete);
    for id in values {
        command = command.mut_arg(id, |arg| arg.allow_hyphen_values(true));
    }
    for id in switches {
        let Some(switch) = command.get_arguments().find(|arg| *arg.get_id() == id) else { continue };
        let Some(long) = switch.get_long() else { continue };
        let opposite = format!("no-{long}");
        let everywhere = switch.is_global_set();
        let no = Arg::new(opposite.clone())
            .long(opposite.clone())
            .help("Undo the switch of this name, given before")
            .hide(true)
            .global(everywhere)
            .action(ArgAction::SetTrue)
            .overrides_with(id.clone());
        command = command.mut_arg(id, |arg| arg.overrides_with(opposite)).arg(no);
    }
    command
}
