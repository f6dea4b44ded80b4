//! Owns the tests of what a terminal shows: progress while it lasts and nothing of it later, and no escapes of a server.
//! Does not test the colours.

use std::fs;
use std::io::Write;
use std::process::{Child, Command, Stdio};
use std::sync::Mutex;
use std::sync::mpsc::{self, Sender};

use crate::support::Home;
use crate::support::server::Server;
use crate::terminal::Terminal;

const HALF: &str = "HTTP/1.1 200 OK\r\nContent-Length: 40000\r\nConnection: close\r\n\r\n";

/// Sends one half of a body at once, and the other when it is told to.
fn halting() -> (Server, Sender<()>) {
    let (sender, told) = mpsc::channel();
    let told = Mutex::new(told);
    let server = Server::with(move |stream, _| {
        let half = "x".repeat(20_000);
        let _ = stream.write_all(format!("{HALF}{half}").as_bytes());
        // A test that is over wants no other half.
        if told.lock().expect("no test panics while it waits").recv().is_ok() {
            let _ = stream.write_all(half.as_bytes());
        }
    });
    (server, sender)
}

/// Starts the program with its standard error on the terminal.
fn start(home: &Home, terminal: &Terminal, arguments: &[&str]) -> Child {
    // It ends by itself where the test would wait for ever.
    let mut command = home.kuki([&["-m", "60"], arguments].concat());
    command.env("TERM", "xterm").env("NO_COLOR", "1");
    command.stdout(Stdio::piped()).stderr(terminal.stdio()).spawn().expect("the program starts")
}

/// What a line holds after all that was done to it.
fn is_left(shown: &str) -> String {
    let line = |line: &str| {
        let last = line.rsplit("\x1b[2K").next().unwrap_or_default();
        last.replace("\x1b[1A", "").trim_matches('\r').to_owned()
    };
    shown.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

#[test]
fn progress_is_drawn_while_it_lasts_and_is_gone_at_the_end() {
    for (arguments, drawn) in [
        (&["-o", "page"][..], " 50 %  19.53 KiB of 39.06 KiB  ["),
        (&[], " 50 %  19.53 KiB of 39.06 KiB  ["),
        (&["-#", "-o", "page"], "-  50 %"),
        (&["-o", "page", "-v"], " 50 %  19.53 KiB of 39.06 KiB  ["),
    ] {
        let (home, (server, go_on), mut terminal) = (Home::new(), halting(), Terminal::open(80));
        let url = server.url("/");
        let arguments = [arguments, &[&*url]].concat();
        let child = start(&home, &terminal, &arguments);
        terminal.until(drawn);
        go_on.send(()).expect("a server that waits");
        let output = child.wait_with_output().expect("an end");
        assert_eq!(output.status.code(), Some(0));
        let length =
            fs::metadata(home.path().join("page")).map_or(output.stdout.len() as u64, |page| page.len());
        let shown = terminal.all();
        assert_eq!((length, is_left(&shown).contains('%')), (40_000, false), "{shown:?}");
    }
}

#[test]
fn a_signal_or_an_error_leaves_its_message_and_nothing_of_the_progress() {
    for (signal, status, message) in [
        (Some("INT"), 130, "kuki: interrupted"),
        (Some("TERM"), 143, "kuki: interrupted"),
        (None, 18, "kuki: the body from "),
    ] {
        let (home, (server, go_on), mut terminal) = (Home::new(), halting(), Terminal::open(80));
        let child = start(&home, &terminal, &["-o", "page", &server.url("/")]);
        terminal.until(" 50 %");
        match signal {
            Some(signal) => {
                let mut kill = Command::new("sh");
                kill.args(["-c", "kill -s \"$0\" \"$1\"", signal, &child.id().to_string()]);
                assert!(kill.status().expect("a shell").success());
            }
            None => drop(go_on),
        }
        assert_eq!(child.wait_with_output().expect("an end").status.code(), Some(status));
        let shown = terminal.all();
        assert!(is_left(&shown).starts_with(message), "{shown:?}");
    }
}

#[test]
fn an_upload_is_drawn_too() {
    let (sender, told) = mpsc::channel();
    let told = Mutex::new(told);
    let server = Server::with(move |stream, _| {
        let _ = told.lock().expect("no test panics while it waits").recv();
        let _ = stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\nConnection: close\r\n\r\nok\n");
    });
    let (home, mut terminal) = (Home::new(), Terminal::open(80));
    home.write("file", "x".repeat(20_000));
    let child = start(&home, &terminal, &["-T", "file", &server.url("/")]);
    terminal.until("100 %  19.53 KiB of 19.53 KiB  [");
    sender.send(()).expect("a server that waits");
    assert_eq!(child.wait_with_output().expect("an end").stdout, b"ok\n");
    assert_eq!(is_left(&terminal.all()), "");
}

#[test]
fn nothing_is_drawn_of_what_is_soon_over_or_where_it_was_not_wanted() {
    let (home, server) = (Home::new(), Server::saying(""));
    let terminal = Terminal::open(80);
    let child = start(&home, &terminal, &["-o", "page", &server.url("/")]);
    assert_eq!((child.wait_with_output().expect("an end").status.code(), &*terminal.all()), (Some(0), ""));
    for (arguments, is_dumb) in [(&["-s"][..], false), (&["--no-progress-meter"], false), (&[], true)] {
        let (home, (server, go_on), terminal) = (Home::new(), halting(), Terminal::open(80));
        let url = server.url("/");
        let mut command = home.kuki([&["-y", "2", "-o", "page"], arguments, &[&*url]].concat());
        command
            .stderr(terminal.stdio())
            .env("TERM", if is_dumb { "dumb" } else { "xterm" })
            .env("NO_COLOR", "1");
        // It gives up by itself, and later than anything would have been drawn.
        assert_eq!(command.status().expect("the program starts").code(), Some(28));
        drop((command, go_on));
        let shown = terminal.all();
        assert!(!shown.contains('%') && !shown.contains('\x1b'), "{shown:?}");
    }
}

#[test]
fn heads_on_a_terminal_can_not_drive_it() {
    let (home, server) = (Home::new(), Server::saying("X-A: a\u{9b}31mb\u{202e}c"));
    for arguments in [&["-D", "-"][..], &["-i"], &["-D", "/dev/stdout"]] {
        let terminal = Terminal::open(80);
        let mut command = home.kuki([arguments, &[&*server.url("/")]].concat());
        let status = command.env("NO_COLOR", "1").stdout(terminal.stdio()).stderr(Stdio::null()).status();
        drop(command);
        assert!(status.expect("the program starts").success());
        let shown = terminal.all();
        assert!(
            shown.contains("X-A: a\\u{9b}31mb\\u{202e}c\r\n") && shown.ends_with("\r\nok\r\n"),
            "{shown:?}"
        );
    }
}
