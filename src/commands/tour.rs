//! Owns `kuki tour`: the whole story against the embedded lab, one real process a step, with a jar of its own.
//! Does not fake anything: what is printed is the command a user would type, and what it really says.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::process::{Command, Stdio};
use std::{io, thread};

use tokio::runtime::Builder;

use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::commands::interrupt::Interrupts;
use crate::lab::Lab;
use crate::output::shell::quoted;
use crate::output::style::Meaning;
use crate::sys::{env, stdio};

/// A step: what it shows, what is typed, and the exit status that it must have.
struct Step {
    says: &'static str,
    arguments: &'static [&'static str],
    exit: i32,
}

/// `LAB` stands for the lab's address.
const STEPS: [Step; 7] = [
    Step {
        says: "Log in. The session cookie goes into the jar, and with the redirect to the next page.",
        arguments: &["-L", "-d", "user=ada", "-d", "pass=lovelace", "LAB/login"],
        exit: 0,
    },
    Step {
        says: "Call as the user. This is another process: the jar carried the session over.",
        arguments: &["LAB/whoami"],
        exit: 0,
    },
    Step {
        says: "Look into the jar. Values are masked; --reveal shows them.",
        arguments: &["jar", "list"],
        exit: 0,
    },
    Step {
        says: "Meet a cookie that is refused, and the reason.",
        arguments: &["-v", "LAB/set?theme=dark&Domain=example.com"],
        exit: 0,
    },
    Step { says: "Log out. The server deletes the cookie.", arguments: &["LAB/logout"], exit: 0 },
    Step {
        says: "So the session is over: with -f, a script would stop here, with status 22.",
        arguments: &["-f", "LAB/whoami"],
        exit: 22,
    },
    Step { says: "And the jar is empty, which is status 1.", arguments: &["jar", "list"], exit: 1 },
];

pub fn run(console: &mut Console) -> Result<Exit, CommandError> {
    let failed = |what: &str, error: io::Error| {
        CommandError::new(Exit::USAGE, format!("the tour cannot {what}: {error}"))
    };
    // The directory is removed when the tour ends, so a signal must not end it in the midst of a step.
    let interrupts = Interrupts::default();
    interrupts.arm();
    let directory = tempfile::Builder::new().prefix("kuki-tour-").tempdir();
    let directory = directory.map_err(|error| failed("make a directory", error))?;
    let jar = directory.path().join("jar.json");
    let lab = start_lab().map_err(|error| failed("start the lab", error))?;
    let executable = env::own_executable().map_err(|error| failed("find its own program", error))?;
    let quiet = |console: &Console, text: &str| console.palette.paint(Meaning::Quiet, text);
    console.say(
        format!("The lab is at http://{lab}/, and the jar at {} for as long as this takes.\n", jar.display())
            .as_bytes(),
    )?;
    for step in STEPS {
        let arguments: Vec<String> =
            step.arguments.iter().map(|argument| argument.replace("LAB", &format!("http://{lab}"))).collect();
        let typed: Vec<_> = arguments.iter().map(|argument| quoted(argument)).collect();
        console.say(
            format!("\n{}\n$ kuki {}\n", quiet(console, &format!("# {}", step.says)), typed.join(" "))
                .as_bytes(),
        )?;
        let exit = spawn(&executable, &arguments, &jar).map_err(|error| failed("run itself", error))?;
        if let Some(signal) = interrupts.caught() {
            return Ok(Exit::by_signal(signal));
        }
        if exit == Some(i32::from(Exit::WRITE_FAILED.status())) {
            // Whoever read this has seen enough, and the step has said nothing of it either.
            return Ok(Exit::WRITE_FAILED);
        }
        if exit != Some(step.exit) {
            let ended = exit.map_or("a signal".to_owned(), |exit| format!("status {exit}"));
            let message = format!("this step was to end with status {}, and ended with {ended}", step.exit);
            return Err(
                CommandError::new(Exit::USAGE, message).hint("what it said stands above; please report it")
            );
        }
    }
    console.say(
        b"\nThat is the story. `kuki --help` lists the options; `kuki lab` gives you a server of your own.\n",
    )?;
    Ok(Exit::SUCCESS)
}

/// Serves from a thread that ends with the process.
fn start_lab() -> io::Result<SocketAddr> {
    let runtime = Builder::new_current_thread().enable_all().build()?;
    let lab = runtime.block_on(Lab::bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0))))?;
    let address = lab.address()?;
    thread::Builder::new().name("lab".to_owned()).spawn(move || runtime.block_on(lab.serve(|_| {})))?;
    Ok(address)
}

fn spawn(executable: &Path, arguments: &[String], jar: &Path) -> io::Result<Option<i32>> {
    let mut command = Command::new(executable);
    // The story is the same for everybody, whatever their configuration file says.
    command.arg("-q").args(arguments).env("KUKI_JAR", jar).env("no_proxy", "*").stdin(Stdio::null());
    // The story is one stream, also where errors would go elsewhere.
    command.stderr(stdio::stdout_file()?);
    Ok(command.status()?.code())
}
