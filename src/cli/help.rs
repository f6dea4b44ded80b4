//! Owns the help at the front door: what stands first, and the short page of what is used most.
//! Does not describe an option a second time in the long page; the tree does.

use clap::{Arg, ArgAction, Command};

/// Which of the two pages is asked for, if any is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Page {
    Long,
    Short,
}

const TEMPLATE: &str = "{about-with-newline}\n{usage-heading} {usage}\n\n{before-help}{all-args}{after-help}";

const USAGE: &str = "kuki [OPTIONS] [METHOD] URL [ITEM]...\n       kuki VERB [OPTIONS]";

const ITEMS: &str = "\
Items behind the URL (`name=@FILE` takes the text from a file, and so do the others):
  name=text  name:=json  A JSON body, or a form with --urlencoded or --multipart
  name@FILE              A file of a form
  name==value            A pair of the query
  Header:value           A header";

/// What is used most, in the order of the short page, each in a line.
const EVERYDAY: [(&str, &str); 33] = [
    ("request", "Send this method"),
    ("header", "Send this header, `Name: value`"),
    ("data", "Send this body by POST; `@FILE` is a file"),
    ("data_urlencode", "The same, percent-encoded: `name=text`, `name@FILE`"),
    ("json", "Send this JSON"),
    ("form", "Send a form of parts: `name=text`, `name=@FILE`"),
    ("upload_file", "Send this file by PUT"),
    ("get", "Put the data into the query"),
    ("head", "Ask for the head only"),
    ("user", "Log in by HTTP Basic; without a password it is asked for"),
    ("location", "Follow redirects"),
    ("include", "Show the heads of the answers, too"),
    ("verbose", "Show what is sent and received, and what became of each Set-Cookie"),
    ("explain", "Tell which cookies were sent, withheld, stored and refused, and why"),
    ("silent", "Show no messages"),
    ("fail", "Fail with status 22 when the server answers 400 or more"),
    ("output", "Write the body to this file"),
    ("remote_name", "Write it to a file with the name that ends the URL"),
    ("continue_at", "Go on with a download: `-C -`"),
    ("write_out", "Write this when it is over, for example `%{http_code}\\n`"),
    ("report", "Write what was sent, received and decided to this file, as JSON"),
    ("max_time", "Allow this long for everything together"),
    ("retry", "Try again after what may pass, at most so often"),
    ("parallel", "Transfer several URLs side by side"),
    ("insecure", "Accept any certificate"),
    ("cookie", "Send these cookies, `a=1; b=2`, or those in a file"),
    ("jar", "Use this jar, and not the one named `default`"),
    ("no_jar", "Use no jar"),
    ("reveal", "Show cookie values instead of masking them"),
    ("offline", "Show the request that would go, and send nothing"),
    ("as_curl", "Show a curl command for it, and send nothing"),
    ("from_curl", "Take a curl command that was copied into this file"),
    ("help", "Show this page; all options with --help"),
];

/// The page that these words ask for: `-h` alone is the short one.
pub fn page<'a>(words: impl IntoIterator<Item = &'a std::ffi::OsString>) -> Page {
    let mut words = words.into_iter().take_while(|word| *word != "--");
    if words.any(|word| word == "-h") { Page::Short } else { Page::Long }
}

/// Gives a tree with all its options what a reader sees around and among them.
pub fn describe(command: Command, verbs: &[(&str, &str)], page: Page) -> Command {
    let verbs: String = verbs.iter().map(|(verb, about)| format!("\n  {verb:<8} {about}")).collect();
    let overview = format!("{ITEMS}\n\nVerbs (`kuki VERB --help` says more):{verbs}");
    let help = Arg::new("help").short('h').long("help").action(ArgAction::Help).help_heading("Look");
    let help = help.help("Show all options, or with -h those that are used most");
    let command = command.disable_help_flag(true).arg(help);
    let command = command.help_template(TEMPLATE).override_usage(USAGE).before_help(overview);
    match page {
        Page::Long => command.after_help(footer("`kuki -h` shows what is used most")),
        Page::Short => command.mut_args(everyday).after_help(footer("`kuki --help` shows all options")),
    }
}

fn footer(other_page: &str) -> String {
    format!(
        "Example: kuki -L -d user=ada -d pass=lovelace http://127.0.0.1:8080/login\n\n{other_page}, `kuki --version` the release."
    )
}

fn everyday(arg: Arg) -> Arg {
    match EVERYDAY.iter().position(|(id, _)| arg.get_id() == id) {
        Some(place) => arg.help(EVERYDAY[place].1).help_heading("Options").display_order(place),
        None => arg.hide(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::options::Parts;

    #[test]
    fn every_option_of_the_short_page_is_one() {
        let tree = describe(crate::cli::request(Parts::ALL), &[], Page::Long);
        for (id, _) in EVERYDAY {
            assert!(tree.get_arguments().any(|arg| arg.get_id() == id), "{id}");
        }
    }
}
