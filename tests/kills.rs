//! Owns the proof that the real program can be killed at any system call and leaves the old jar or the new one.
//! Does not simulate: `strace` kills it; `crash` has a disk that fails wherever it is told to.

// Whoever runs the tests is told what was left out, and how many kills hit the save itself.
#![allow(clippy::print_stderr)]

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::Command;

use serde_json::Value;
use support::server::Server;
use support::{Home, Ran, program};

/// What a save does to the disk, each under all the names that systems have for it; strace ignores the names after a
/// question mark that it does not know.
const CALLS: [&str; 10] = [
    "?mkdir,?mkdirat",
    "?open,openat",
    "?flock,?fcntl",
    "?fstat,?newfstatat,?statx",
    "read",
    "write",
    "fsync",
    "?rename,?renameat,?renameat2",
    "?unlink,?unlinkat",
    "close",
];

/// A jar that holds `a=1`, and a run that brings `b=2`.
struct Scene {
    home: Home,
    jar: PathBuf,
    old: Vec<u8>,
}

impl Scene {
    fn new(server: &Server) -> Scene {
        let home = Home::new();
        let jar = home.path().join("jar.json");
        home.ok(["--jar", "jar.json", &server.url("/old")]);
        // What a killed process left behind: the run begins with taking it away.
        home.write("jar.json.tmp", "half of a j");
        let old = fs::read(&jar).expect("the jar");
        Scene { home, jar, old }
    }

    /// Runs under strace with the given injection, if any.
    fn run(&self, server: &Server, inject: &[String]) -> Ran {
        let mut command = Command::new("strace");
        command.args(["-f", "-qq", "-o", "trace"]).args(inject).arg(program());
        command.args(["--jar", "jar.json", &server.url("/new")]);
        command.env_clear().env("HOME", self.home.path()).current_dir(self.home.path());
        Ran::from(command.output().expect("strace was there a moment ago"))
    }

    fn cookies(&self) -> Vec<String> {
        let listed = self.home.ok(["--jar", "jar.json", "jar", "list", "--format", "json"]);
        let rows: Vec<Value> = serde_json::from_str(&listed.out).expect("a whole JSON array");
        let pair = |row: &Value| format!("{}={}", row["name"], row["value"]).replace('"', "");
        rows.iter().map(pair).collect()
    }

    /// Has the new text, or a part of it, been written while the old jar still stands?
    fn is_between_write_and_rename(&self) -> bool {
        let written = fs::read(self.home.path().join("jar.json.tmp")).unwrap_or_default();
        written.starts_with(b"{\"format\"") && fs::read(&self.jar).expect("the jar") == self.old
    }

    /// The old jar or the new one, and the next save works and leaves nothing behind.
    #[track_caller]
    fn check(&self, server: &Server, case: &str) {
        let (octets, cookies) = (fs::read(&self.jar).expect("the jar"), self.cookies());
        assert!(octets == self.old || cookies == ["a=1", "b=2"], "{case}: {cookies:?}");
        self.home.ok(["--jar", "jar.json", &server.url("/next")]);
        assert_eq!(self.cookies().last().map(String::as_str), Some("c=3"), "{case}");
        assert!(!self.home.path().join("jar.json.tmp").exists(), "{case}: a leftover");
    }
}

/// Kills the run at the first, second, … of these calls until it survives; says how many kills there were, and how many
/// of them fell between the first write and the rename.
fn kill_at_each(call: &str, server: &Server) -> (usize, usize) {
    let (mut kills, mut between) = (0, 0);
    loop {
        let (scene, nth) = (Scene::new(server), kills + 1);
        let inject = format!("inject={call}:signal=KILL:when={nth}");
        let ran = scene.run(server, &["-e".to_owned(), format!("trace={call}"), "-e".to_owned(), inject]);
        between += usize::from(scene.is_between_write_and_rename());
        scene.check(server, &format!("killed at {call} number {nth}"));
        if ran.status == 0 {
            return (kills, between);
        }
        assert_eq!((ran.status, ran.err.as_str()), (137, ""), "a kill, and nothing else, ends it early");
        kills = nth;
    }
}

fn server() -> Server {
    Server::start(|request| {
        let line = match request.split([' ']).nth(1) {
            Some("/old") => "Set-Cookie: a=1",
            Some("/new") => "Set-Cookie: b=2",
            _ => "Set-Cookie: c=3",
        };
        support::server::ok(line)
    })
}

/// Why strace can't do its work here, if it can't.
fn obstacle(server: &Server) -> Option<String> {
    if let Err(error) = Command::new("strace").arg("-V").output() {
        return Some(format!("strace: {error}"));
    }
    let ran = Scene::new(server).run(server, &[]);
    (ran.status != 0).then(|| format!("strace may not trace: {}", ran.err.trim()))
}

#[test]
fn a_kill_at_any_system_call_of_a_save_leaves_the_old_jar_or_the_new_one() {
    let server = server();
    if let Some(obstacle) = obstacle(&server) {
        assert!(std::env::var_os("CI").is_none(), "{obstacle}");
        eprintln!("skipped: {obstacle}");
        return;
    }
    let counts = CALLS.map(|call| (call, kill_at_each(call, &server)));
    for (call, (kills, between)) in counts {
        eprintln!("{kills:3} kills at {call}, {between} of them between the first write and the rename");
        // A directory that is there need not be made.
        assert!(kills > 0 || call.contains("mkdir"), "a save makes no {call}");
    }
    let between: usize = counts.iter().map(|(_, (_, between))| between).sum();
    eprintln!("{between} kills fell between the first write of the temporary and the rename");
    assert!(between > 0);
}
