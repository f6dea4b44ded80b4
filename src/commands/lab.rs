//! Owns `kuki lab`: the practice server in the foreground, with a line for each request.
//! Does not answer requests; the lab's own room does, which shares nothing with the client.

use std::io::Write;
use std::net::{Ipv4Addr, SocketAddr};

use tokio::runtime::Builder;

use crate::cli::lab::LabArgs;
use crate::commands::console::Console;
use crate::commands::error::CommandError;
use crate::commands::exit::Exit;
use crate::lab::{Entry, Lab};
use crate::output::sanitize;
use crate::sys::stdio;

pub fn run(args: &LabArgs, console: &mut Console) -> Result<Exit, CommandError> {
    let port = match &args.port {
        None => 0,
        Some(given) => given.to_str().and_then(|text| text.parse().ok()).ok_or_else(|| {
            CommandError::usage(format!("--port: `{}` is not a port", given.display()))
                .hint("a number up to 65535")
        })?,
    };
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let cannot = |error| {
        CommandError::new(Exit::BIND_FAILED, format!("the lab cannot listen on {address}: {error}"))
            .hint("another port may be free; --port 0 takes any")
    };
    let runtime = Builder::new_current_thread().enable_all().build().map_err(cannot)?;
    runtime.block_on(async {
        let lab = Lab::bind(address).await.map_err(cannot)?;
        let address = lab.address().map_err(cannot)?;
        console.say(
            format!("kuki lab at http://{address}/ (user ada, password lovelace; Ctrl-C ends it)\n")
                .as_bytes(),
        )?;
        let is_silent = args.silent;
        lab.serve(move |entry| {
            if !is_silent {
                // Whoever closed the stream does not want the lines; the lab goes on.
                let _ = stdio::stderr().write_all(line(entry).as_bytes());
            }
        })
        .await
    })
}

fn line(entry: &Entry) -> String {
    format!(
        "{} {} {}\n",
        entry.status,
        sanitize::line(entry.method.as_bytes()),
        sanitize::line(entry.target.as_bytes())
    )
}
