//! Owns `kuki explain`: what a Set-Cookie would do, and which cookies would go where.
//! Does not send anything, and saves nothing.

use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use url::Url;

use crate::cli::explain::ExplainArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::files;
use crate::commands::session::OpenJar;
use crate::commands::settings::judging::judging;
use crate::commands::settings::shared::{colour, jar, secrets};
use crate::commands::settings::target;
use crate::commands::settings::times::moment;
use crate::cookie::context::Context;
use crate::cookie::jar::Jar;
use crate::cookie::receive::receive;
use crate::cookie::remark::explained;
use crate::cookie::select::select;
use crate::exchange::request::Judging;
use crate::formats::header;
use crate::output::explain;
use crate::output::judgement::Look;
use crate::sys::{clock, terminal};

pub fn run(args: &ExplainArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let colour = colour(&args.look)?;
    console.choose(colour);
    let url = target::url(&args.url)?;
    let next: Vec<Url> = args.next_url.iter().map(|url| target::url(url)).collect::<Result<_, _>>()?;
    let mut jar = match jar(&args.jar)? {
        Some(settings) => OpenJar::open(settings, console)?.into_jar(),
        None => Jar::default(),
    };
    let judging = judging(&args.rules, true)?.for_jar(&jar);
    let now = args.at.as_deref().map_or_else(|| Ok(clock::now()), |given| moment(given, "--at"))?;
    let look =
        Look { palette: colour.palette(terminal::stdout_is_terminal()), secrets: secrets(&args.look), now };
    let lines = lines(args)?;
    let mut page = String::new();
    if let Some(context) = judging.context(&url, now).filter(|_| !lines.is_empty()) {
        let judged = |line: &Vec<u8>| {
            let receipt = receive(line, &context, &mut jar);
            explained(receipt, &context, &jar)
        };
        let receipts: Vec<_> = lines.iter().map(judged).collect();
        page.push_str(&explain::received(&url, &receipts, look));
    }
    for url in if next.is_empty() { std::slice::from_ref(&url) } else { &next } {
        page.push_str(&would_be_sent(url, &judging, &jar, look));
    }
    console.say(page.as_bytes())?;
    Ok(Exit::SUCCESS)
}

fn would_be_sent(url: &Url, judging: &Judging, jar: &Jar, look: Look) -> String {
    let selection =
        judging.context(url, look.now).map(|context: Context| select(&context, jar)).unwrap_or_default();
    let others = jar.len() - selection.sent.len() - selection.withheld.len();
    explain::sent(url, &selection, others, look)
}

/// What the imagined answer sets: the lines that were given, then those of the dump.
fn lines(args: &ExplainArgs) -> Result<Vec<Vec<u8>>, CommandError> {
    let mut lines: Vec<Vec<u8>> = args.set_cookie.iter().map(|line| line.as_bytes().to_vec()).collect();
    if let Some(file) = &args.headers {
        lines.extend(header::set_cookie_values(&files::read(Path::new(file))?));
    }
    Ok(lines)
}
