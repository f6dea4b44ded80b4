//! Owns `kuki explain`: what a Set-Cookie would do, and which cookies would go where.
//! Does not send anything, and saves nothing.

mod imagined;
mod replay;
mod source;
mod wish;

use crate::cli::explain::ExplainArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::explain::replay::Replay;
use crate::commands::explain::source::answers;
use crate::commands::explain::wish::{Shape, Wish};
use crate::commands::session::OpenJar;
use crate::commands::settings::shared::{colour, jar, secrets};
use crate::cookie::jar::Jar;
use crate::output::explanation::Explanation;
use crate::output::judgement::Look;
use crate::output::{explain, explained};
use crate::sys::terminal;

pub fn run(args: &ExplainArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let colour = colour(&args.look)?;
    console.choose(colour);
    let wish = Wish::read(args)?;
    let settings = jar(&args.jar)?;
    let name = settings.as_ref().map(|settings| settings.name.clone());
    let jar = match settings {
        Some(settings) => OpenJar::open(settings, console)?.into_jar(),
        None => Jar::default(),
    };
    let judging = wish.judging.for_jar(&jar);
    let answers = answers(args, &wish, console)?;
    let mut replay = Replay::new(jar, judging, &wish);
    let answers = answers.into_iter().filter_map(|answer| replay.receive(answer)).collect();
    let mut requests = Vec::new();
    for at in &wish.requests_at {
        requests.extend(wish.next.iter().map(|url| replay.ask(url, *at)));
    }
    let explanation = Explanation { jar: name, policy: replay.policy(), answers, requests };
    let palette = colour.palette(terminal::stdout_is_terminal());
    let look = Look { palette, secrets: secrets(&args.look), now: wish.now };
    match wish.shape {
        Shape::Json => console.say_exactly(explained::json(&explanation).as_bytes())?,
        Shape::Text => {
            let page = explain::page(&explanation, look, terminal::width());
            console.say(if page.is_empty() { b"nothing sets a cookie\n" } else { page.as_bytes() })?;
        }
    }
    Ok(Exit::SUCCESS)
}
