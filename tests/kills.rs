//! Owns the proof that the real program can be killed at any system call, and at any moment of a long save, and leaves
//! the old jar or the new one. Does not simulate; `crash` has a disk that fails wherever it is told to.
//!
//! `KUKI_KILLS=500 cargo test --test kills` kills so many saves of a jar of 20,000 cookies (by default 24 of 2,000; the
//! release program, by `KUKI_TEST_PROGRAM`, takes a minute or two for it).

// Whoever runs the tests is told what was left out, and how many kills hit the save itself.
#![allow(clippy::print_stderr)]

mod support;

use std::fs;
use std::path::PathBuf;
use std::process::{Child, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use serde_json::Value;
use support::server::Server;
use support::{Home, Ran, strace};

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
        let injections: Vec<_> = inject.iter().map(String::as_str).collect();
        let url = server.url("/new");
        let mut command = strace::kuki(&self.home, &injections, &["--jar", "jar.json", &url]);
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
        let ran = scene.run(server, &[format!("trace={call}"), inject]);
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

#[test]
fn a_kill_at_any_system_call_of_a_save_leaves_the_old_jar_or_the_new_one() {
    let server = server();
    if let Some(obstacle) = strace::obstacle() {
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

/// A jar of so many cookies that its save takes a while.
fn large_jar(count: usize) -> String {
    let row = |number: usize| {
        format!(
            r#"{{"name":"c{}","value":"{number}","domain":"h{:05}.test","host_only":true,"path":"/","expires":null,"secure":false,"http_only":false,"same_site":null,"created":"2026-05-01T10:00:00.{number:06}Z","updated":"2026-05-01T10:00:00.{number:06}Z","last_access":"2026-05-01T10:00:00.{number:06}Z","pinned":false}}"#,
            number % 10,
            number / 10,
        )
    };
    let rows: Vec<_> = (0..count).map(row).collect();
    let limits = r#"{"per_domain":20,"total":1000000,"cookie_bytes":4096}"#;
    let header = format!(r#"{{"format":"kuki-jar","version":1,"limits":{limits},"policy":"classic","#);
    format!("{header}\n\"removed\":[],\n\"cookies\":[\n{}\n]}}\n", rows.join(",\n"))
}

/// When a save is killed, by what can be seen of it from outside.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// So many looks after the server was asked, before which nothing is saved.
    Asked { looks: usize },
    /// Once the temporary file has so many octets.
    Written { octets: u64 },
    /// So many looks after it has them all, before or while it is synced.
    Whole { looks: usize },
    /// So many looks after it took the jar's name.
    Renamed { looks: usize },
}

impl Moment {
    /// The moments of `count` kills, spread over a save whose file has `octets`.
    fn spread(count: usize, octets: u64) -> impl Iterator<Item = Moment> {
        (0..count).map(move |number| {
            let (kind, turn) = (number % 8, number / 8);
            match kind {
                0 => Moment::Asked { looks: turn * turn * 8 },
                1..4 => Moment::Written { octets: octets * number as u64 / count as u64 },
                4..7 => Moment::Whole { looks: turn * turn + kind },
                _ => Moment::Renamed { looks: turn },
            }
        })
    }
}

/// What the save had come to when it was killed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Stage {
    BeforeWriting,
    BetweenWriteAndRename,
    AfterRename,
    Ended,
}

struct LargeScene {
    home: Home,
    asked: Arc<AtomicBool>,
    server: Server,
}

impl LargeScene {
    fn new(cookies: usize) -> LargeScene {
        let home = Home::new();
        home.write("jar.json", large_jar(cookies));
        let asked = Arc::new(AtomicBool::new(false));
        let heard = Arc::clone(&asked);
        let server = Server::start(move |request| {
            heard.store(true, Ordering::SeqCst);
            let value = request.split(['/', ' ']).nth(2).expect("GET /N");
            support::server::ok(&format!("Set-Cookie: killed={value}"))
        });
        LargeScene { home, asked, server }
    }

    fn jar(&self) -> String {
        fs::read_to_string(self.home.path().join("jar.json")).expect("the jar")
    }

    /// Runs a save of `killed=value` up to that moment.
    fn kill(&self, value: &str, moment: Moment, whole: u64) -> Stage {
        self.asked.store(false, Ordering::SeqCst);
        let mut command = self.home.kuki(["--jar", "jar.json", &self.server.url(&format!("/{value}"))]);
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().expect("the program");
        let temporary = self.home.path().join("jar.json.tmp");
        let (mut was_written, mut looks) = (false, 0);
        let has_ended = |child: &mut Child| child.try_wait().expect("a child of ours").is_some();
        while !has_ended(&mut child) {
            let size = fs::metadata(&temporary).ok().map(|found| found.len());
            was_written |= size == Some(whole);
            let (is_there, after) = match moment {
                Moment::Asked { looks } => (self.asked.load(Ordering::SeqCst), looks),
                Moment::Written { octets } => (size.is_some_and(|size| size >= octets), 0),
                Moment::Whole { looks } => (size == Some(whole), looks),
                Moment::Renamed { looks } => (was_written && size.is_none(), looks),
            };
            looks += usize::from(is_there);
            if looks > after {
                break;
            }
        }
        child.kill().expect("a child of ours");
        let ended = child.wait().expect("a child of ours");
        let size = fs::metadata(&temporary).ok().map(|found| found.len());
        match (ended.success(), size) {
            (true, _) => Stage::Ended,
            (false, Some(1..)) => Stage::BetweenWriteAndRename,
            (false, _) if self.holds(value) => Stage::AfterRename,
            (false, _) => Stage::BeforeWriting,
        }
    }

    fn holds(&self, value: &str) -> bool {
        self.jar().contains(&format!(r#""name":"killed","value":"{value}""#))
    }
}

/// All lines but that of the cookie which the killed saves bring.
fn others(jar: &str) -> Vec<&str> {
    let lines = jar.lines().map(|line| line.trim_end_matches(','));
    lines.filter(|line| !line.starts_with(r#"{"name":"killed""#)).collect()
}

#[test]
fn kills_spread_over_the_save_of_a_large_jar_lose_nothing() {
    let asked_for = std::env::var("KUKI_KILLS").ok();
    let (kills, cookies) =
        asked_for.map_or((24, 2_000), |count| (count.parse().expect("KUKI_KILLS is a number"), 20_000));
    let scene = LargeScene::new(cookies);
    // From here on every save replaces a value by one that is as long.
    scene.home.ok(["--jar", "jar.json", &scene.server.url("/n000000")]);
    let whole = scene.jar().len() as u64;
    let mut stages = Vec::new();
    for (number, moment) in Moment::spread(kills, whole).enumerate() {
        let (old, value) = (scene.jar(), format!("k{number:06}"));
        let stage = scene.kill(&value, moment, whole);
        let found = scene.jar();
        let case = format!("kill {number} at {moment:?}, {stage:?}");
        assert!(found == old || (scene.holds(&value) && others(&found) == others(&old)), "{case}");
        assert!(stage != Stage::Ended || found != old, "{case}: it ended well and saved nothing");
        scene.home.ok(["--jar", "jar.json", &scene.server.url(&format!("/n{number:06}"))]);
        assert!(scene.holds(&format!("n{number:06}")) && others(&scene.jar()) == others(&old), "{case}");
        assert!(!scene.home.path().join("jar.json.tmp").exists(), "{case}: a leftover");
        stages.push(stage);
    }
    let count = |stage| stages.iter().filter(|other| **other == stage).count();
    eprintln!(
        "{} of {kills} kills before the first write, {} between it and the rename, {} after the rename; {} too late",
        count(Stage::BeforeWriting),
        count(Stage::BetweenWriteAndRename),
        count(Stage::AfterRename),
        count(Stage::Ended)
    );
    assert!(count(Stage::Ended) < kills, "nothing was killed");
}
