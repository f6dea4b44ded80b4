//! Owns the run of the optional conformance cases, `../shared/conformance/*.jsonl`, through the rules alone, and
//! through the real program, a process a step.
//! Does not hold any case, and does not fail where that folder is missing.

mod support;

use std::fs;
use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::thread;

use chrono::{DateTime, TimeDelta, Utc};
use serde::Deserialize;
use url::Url;

use kuki::cookie::context::Context;
use kuki::cookie::jar::Jar;
use kuki::cookie::receive::receive;
use kuki::cookie::select::select;

use support::Home;

/// Before every date that a case means as future, and after those it means as past.
const START: &str = "2026-01-01T00:00:00Z";

#[derive(Deserialize)]
struct Case {
    id: String,
    /// Why the case is disputed: it follows RFC 6265 where RFC 6265bis decides otherwise.
    debatable: Option<String>,
    steps: Vec<Step>,
    probe: String,
    expect: String,
}

#[derive(Deserialize)]
struct Step {
    url: String,
    set_cookie: Vec<String>,
}

impl Case {
    /// The Cookie header that goes to the probe, octets as Latin-1; empty for none.
    fn header(&self) -> String {
        let mut now: DateTime<Utc> = START.parse().expect("a good time");
        let mut jar = Jar::default();
        for step in &self.steps {
            let context = self.context(&step.url, now);
            for line in &step.set_cookie {
                receive(&octets(line), &context, &mut jar);
            }
            now += TimeDelta::seconds(1);
        }
        let header = select(&self.context(&self.probe, now), &jar).header().unwrap_or_default();
        header.into_iter().map(char::from).collect()
    }

    fn context(&self, url: &str, now: DateTime<Utc>) -> Context {
        let url = Url::parse(url).unwrap_or_else(|error| panic!("{}: {url}: {error}", self.id));
        Context::new(&url, now).unwrap_or_else(|| panic!("{}: {url} has no host", self.id))
    }

    /// The same, each step and the probe by a process of its own, over HTTP, with the jar on disk.
    fn header_by_processes(&self, server: &Puppet) -> String {
        let home = Home::new();
        for Step { url, set_cookie } in &self.steps {
            server.will_say(set_cookie);
            server.ask(&home, url);
        }
        server.will_say(&[]);
        server.ask(&home, &self.probe).into_iter().map(char::from).collect()
    }

    fn difference(&self, found: String) -> Option<String> {
        (found != self.expect).then(|| format!("{}: expected {:?}, found {found:?}", self.id, self.expect))
    }
}

#[test]
fn every_undisputed_case_of_the_folder_passes() {
    passes("by the rules", |case| case.header());
}

#[test]
fn every_undisputed_case_of_the_folder_passes_by_processes_over_http() {
    let server = Puppet::start();
    passes("by processes", |case| case.header_by_processes(&server));
}

#[track_caller]
fn passes(how: &str, header: impl Fn(&Case) -> String) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance");
    let Some(cases) = cases(&folder) else {
        return say("no conformance cases here: ../shared/conformance is not a folder");
    };
    let (debatable, settled): (Vec<_>, Vec<_>) = cases.iter().partition(|case| case.debatable.is_some());
    let difference = |case: &&Case| case.difference(header(case));
    let failures: Vec<_> = settled.iter().filter_map(difference).collect();
    let passing = settled.len() - failures.len();
    say(&format!("{how}: {passing} of {} undisputed conformance cases pass", settled.len()));
    for case in debatable {
        if let (Some(difference), Some(why)) = (difference(&case), &case.debatable) {
            say(&format!("{how}: disputed, {why}: {difference}"));
        }
    }
    assert!(failures.is_empty(), "{} cases fail\n{}", failures.len(), failures.join("\n"));
}

/// A server that is told what to say next, and keeps the Cookie header that it heard last, octet for octet.
struct Puppet {
    address: SocketAddr,
    next: Arc<Mutex<Vec<u8>>>,
    heard: Arc<Mutex<Vec<u8>>>,
}

impl Puppet {
    fn start() -> Puppet {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let (next, heard) = (Arc::new(Mutex::new(Vec::new())), Arc::new(Mutex::new(Vec::new())));
        let (says, hears) = (Arc::clone(&next), Arc::clone(&heard));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let mut stream = stream.expect("a connection");
                *hears.lock().expect("nobody panics with it") = cookie_header(&mut stream);
                stream
                    .write_all(&says.lock().expect("nobody panics with it"))
                    .expect("a client that listens");
            }
        });
        Puppet { address, next, heard }
    }

    fn will_say(&self, set_cookie: &[String]) {
        let lines =
            set_cookie.iter().flat_map(|line| [b"Set-Cookie: ".to_vec(), octets(line), b"\r\n".to_vec()]);
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n".to_vec();
        *self.next.lock().expect("nobody panics with it") =
            std::iter::once(head).chain(lines).chain([b"\r\n".to_vec()]).collect::<Vec<_>>().concat();
    }

    /// Sends a request for the URL here, whatever its host, and returns the Cookie header that it carried.
    fn ask(&self, home: &Home, url: &str) -> Vec<u8> {
        let mut url = Url::parse(url).expect("a URL");
        let host = url.host_str().expect("a host").to_owned();
        url.set_port(Some(self.address.port())).expect("an http URL");
        let resolve = format!("{host}:{}:127.0.0.1", self.address.port());
        // An answer that is no HTTP (a NUL, a bare CR) fails, and sets nothing; what counts is the next header.
        let _ = home.run(["--resolve", &resolve, url.as_str()]);
        self.heard.lock().expect("nobody panics with it").clone()
    }
}

fn cookie_header(stream: &mut TcpStream) -> Vec<u8> {
    let mut head = Vec::new();
    let mut piece = [0; 4096];
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let count = stream.read(&mut piece).expect("a request");
        assert!(count > 0, "a request broke off");
        head.extend_from_slice(&piece[..count]);
    }
    let lines = head.split(|octet| *octet == b'\n').map(<[u8]>::trim_ascii_end);
    lines.into_iter().find_map(|line| line.strip_prefix(b"Cookie: ")).unwrap_or_default().to_vec()
}

/// To the terminal itself: what a passing test prints is shown to nobody.
fn say(line: &str) {
    writeln!(io::stderr(), "{line}").expect("stderr is open");
}

/// The cases of every file of the folder; a folder without any is a mistake.
fn cases(folder: &Path) -> Option<Vec<Case>> {
    let entries = fs::read_dir(folder).ok()?;
    let mut files: Vec<PathBuf> = entries.map(|entry| entry.expect("a readable entry").path()).collect();
    files.retain(|file| file.extension().is_some_and(|extension| extension == "jsonl"));
    files.sort();
    let read = |file: &PathBuf| fs::read_to_string(file).expect("a readable file");
    let text: String = files.iter().map(read).collect();
    let cases: Vec<Case> =
        text.lines().map(|line| serde_json::from_str(line).expect("a case a line")).collect();
    assert!(!cases.is_empty(), "no cases in {}", folder.display());
    Some(cases)
}

fn octets(latin1: &str) -> Vec<u8> {
    latin1.chars().map(|c| u8::try_from(c).expect("octets as Latin-1")).collect()
}
