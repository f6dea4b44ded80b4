//! Owns the guess that a request was meant for the jar: a verb of `kuki jar`, typed without `jar`, and no host of that name.
//! Does not refuse anything; a host may be called so.

use crate::cli::request::Word;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;

const ACTIONS: [&str; 18] = [
    "all", "audit", "clear", "copy", "cp", "export", "get", "import", "limits", "list", "ls", "path", "pin",
    "remove", "rm", "set", "show", "unpin",
];

/// The action that the first word may be.
pub fn action(target: &[Word]) -> Option<&'static str> {
    let Word::Plain(first) = target.first()? else { return None };
    ACTIONS.into_iter().find(|action| first == action)
}

/// Says so where there is no such host.
pub fn hint(error: CommandError, action: Option<&str>) -> CommandError {
    match action {
        Some("show") if error.exit == Exit::UNRESOLVED => {
            error.hint("for stored cookies it is: kuki jar list")
        }
        Some(action) if error.exit == Exit::UNRESOLVED => {
            error.hint(format!("for stored cookies it is: kuki jar {action}"))
        }
        _ => error,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn the_actions_are_those_of_the_jar() {
        let mut verbs = crate::cli::verbs();
        verbs.build();
        let jar = verbs.find_subcommand("jar").expect("the verb");
        let named = jar.get_subcommands().flat_map(|action| {
            std::iter::once(action.get_name()).chain(action.get_all_aliases()).map(str::to_owned)
        });
        let expected: BTreeSet<String> = named.chain(["show".to_owned()]).collect();
        assert_eq!(ACTIONS.map(str::to_owned).into_iter().collect::<BTreeSet<_>>(), expected);
    }
}
