//! Owns the proof that real processes on one jar lose nothing: many at once, in any order, and in front of a busy lock.
//! Does not break the disk under them; `crash` and `kills` do.
//!
//! `KUKI_RACERS=200 cargo test --test races` runs as many racers (60 by default, 300 at most, which is what a jar
//! holds).

// Whoever runs the tests is told what was left out.
#![allow(clippy::print_stderr)]

mod support;

use std::collections::BTreeSet;
use std::fs::{self, File};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Barrier, Condvar, Mutex};
use std::thread;

use serde_json::Value;
use support::server::{Server, ok};
use support::{Home, Ran};

/// What a domain may hold, and what a jar may hold.
const PER_DOMAIN: usize = 20;
const TOTAL: usize = 300;

/// Enough for the slowest machine; a racer that hangs ends the test all the same. What is left of the first is never
/// less than the second, which is the wait that a racer tells of.
const PATIENCE: [&str; 4] = ["--max-time", "600", "--lock-timeout", "120"];

fn racers() -> usize {
    let set = std::env::var("KUKI_RACERS").ok();
    let count = set.map_or(60, |count| count.parse().expect("KUKI_RACERS is a number"));
    assert!((1..=TOTAL).contains(&count), "KUKI_RACERS is between 1 and {TOTAL}");
    count
}

fn lock_of(jar: &Path) -> PathBuf {
    jar.with_file_name("default.json.lock")
}

/// The lock of the home's default jar, held by this test.
fn hold_lock(home: &Home) -> File {
    let path = lock_of(&home.default_jar());
    fs::create_dir_all(path.parent().expect("the directory of jars")).expect("a fresh home");
    let lock = File::create(path).expect("a fresh home");
    lock.lock().expect("nobody else holds it");
    lock
}

fn spawn(command: &mut Command) -> Child {
    command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().expect("the program starts")
}

fn ended(child: Child) -> Ran {
    Ran::from(child.wait_with_output().expect("a child of ours"))
}

/// `domain name=value` of every cookie, as `kuki jar list` gives them.
fn listed(home: &Home) -> BTreeSet<String> {
    let ran = home.run(["jar", "list", "--format", "json"]);
    assert!(matches!(ran.status, 0 | 1), "{ran:#?}");
    let rows: Vec<Value> = serde_json::from_str(&ran.out).expect("a whole JSON array");
    let text = |row: &Value, field: &str| row[field].as_str().expect("a text").to_owned();
    rows.iter()
        .map(|row| format!("{} {}={}", text(row, "domain"), text(row, "name"), text(row, "value")))
        .collect()
}

#[test]
fn of_many_processes_that_load_before_any_saves_every_one_keeps_its_cookie() {
    let count = racers();
    let hosts = count.div_ceil(PER_DOMAIN).max(12);
    let barrier = Arc::new(Barrier::new(count));
    let server = Server::start(move |request| {
        let racer = request.split(['/', ' ']).nth(2).expect("GET /N").to_owned();
        barrier.wait();
        ok(&format!("Set-Cookie: racer{racer}=value{racer}"))
    });
    let home = Home::new();
    let run = |racer: usize| {
        let host = format!("host{}.test", racer % hosts);
        let (url, resolve) = (server.url_of(&host, &format!("/{racer}")), server.resolve(&host));
        spawn(home.kuki(["--resolve", &resolve, &url]).args(PATIENCE))
    };
    let running: Vec<_> = (0..count).map(run).collect();
    for child in running {
        let ran = ended(child);
        assert_eq!((ran.status, &*ran.out), (0, "ok\n"), "{ran:#?}");
    }
    let expected: BTreeSet<_> =
        (0..count).map(|racer| format!("host{}.test racer{racer}=value{racer}", racer % hosts)).collect();
    assert_eq!(listed(&home), expected);
    let text = fs::read(home.default_jar()).expect("the jar");
    let file: Value = serde_json::from_slice(&text).expect("a whole file");
    assert_eq!(file["cookies"].as_array().map(Vec::len), Some(count));
}

/// Lets answers go one by one, each when the test says so.
#[derive(Default)]
struct Gate {
    open: Mutex<usize>,
    moved: Condvar,
}

impl Gate {
    fn wait_for(&self, turn: usize) {
        let open = self.open.lock().expect("no test panics while it holds this");
        drop(self.moved.wait_while(open, |open| *open <= turn).expect("no test panics while it holds this"));
    }

    fn open(&self, turns: usize) {
        *self.open.lock().expect("no test panics while it holds this") = turns;
        self.moved.notify_all();
    }
}

/// Has every thread of a process come to a stop?
fn is_stopped(process: u32) -> bool {
    let tasks = fs::read_dir(format!("/proc/{process}/task")).expect("a running child of ours");
    tasks.flatten().all(|task| {
        let stat = fs::read_to_string(task.path().join("stat")).expect("its state");
        stat.rsplit(") ").next().is_some_and(|rest| rest.starts_with('T'))
    })
}

fn signal(name: &str, process: u32) {
    let sent = Command::new("sh").args(["-c", "kill -$0 $1", name, &process.to_string()]).status();
    assert!(sent.expect("a shell").success());
}

/// Waits until the program says that it waits for the lock, and returns what it says after that.
fn reads_that_it_waits(child: &mut Child, limit: &str, lock: &Path) -> BufReader<ChildStderr> {
    let mut stderr = BufReader::new(child.stderr.take().expect("a pipe"));
    let mut line = String::new();
    stderr.read_line(&mut line).expect("a line");
    let lock = lock.display();
    assert_eq!(line, format!("kuki: waiting up to {limit} s for another process that holds {lock}\n"));
    stderr
}

/// Racers on one cookie: all have loaded, then they get their answers in this order while nobody can save, then they
/// save in that order. What is left?
fn after_racing(answers: &[&'static str], saving: &[usize]) -> BTreeSet<String> {
    let (home, gate) = (Home::new(), Arc::new(Gate::default()));
    let arrived = Arc::new(Barrier::new(answers.len() + 1));
    let (says, turns, all) = (answers.to_vec(), Arc::clone(&gate), Arc::clone(&arrived));
    let server = Server::start(move |request| {
        let racer: usize =
            request.split(['/', ' ']).nth(2).and_then(|text| text.parse().ok()).expect("GET /N");
        all.wait();
        turns.wait_for(racer);
        ok(&format!("Set-Cookie: {}", says[racer]))
    });
    let mut racers: Vec<_> = (0..answers.len())
        .map(|racer| spawn(home.kuki([&server.url(&format!("/{racer}"))]).args(PATIENCE)))
        .collect();
    arrived.wait();
    let lock = hold_lock(&home);
    let mut voices = Vec::new();
    for (turn, racer) in racers.iter_mut().enumerate() {
        gate.open(turn + 1);
        // Its answer has come in, with a time of its own, before it waits for the lock.
        voices.push(reads_that_it_waits(racer, "120", &lock_of(&home.default_jar())));
        signal("STOP", racer.id());
        while !is_stopped(racer.id()) {
            thread::yield_now();
        }
    }
    drop(lock);
    for racer in saving {
        signal("CONT", racers[*racer].id());
        assert!(racers[*racer].wait().expect("a child of ours").success());
    }
    listed(&home)
}

#[test]
fn racers_that_replace_and_delete_one_cookie_end_with_the_newest_answer_whoever_saves_last() {
    if !Path::new("/proc/self/task").exists() {
        assert!(std::env::var_os("CI").is_none(), "/proc is needed to see a process stopped");
        eprintln!("skipped: without /proc there is no seeing that a process has stopped");
        return;
    }
    let (put, delete) = (["sid=0", "sid=1", "sid=2", "sid=3"], "sid=gone; Max-Age=0");
    let ends_put = [put[0], delete, put[2], delete, put[3]];
    let ends_deleted = [delete, put[1], delete, put[3], delete];
    for saving in [[0, 1, 2, 3, 4], [4, 3, 2, 1, 0], [2, 4, 0, 3, 1]] {
        let newest = BTreeSet::from(["127.0.0.1 sid=3".to_owned()]);
        assert_eq!(after_racing(&ends_put, &saving), newest, "{saving:?}");
        assert_eq!(after_racing(&ends_deleted, &saving), BTreeSet::new(), "{saving:?}");
    }
}

#[test]
fn readers_never_see_a_torn_jar_nor_one_that_shrinks_while_others_write() {
    const WRITERS: usize = 4;
    const EACH: usize = 5;
    let server = Server::start(|request| {
        let name = request.split(['/', ' ']).nth(2).expect("GET /NAME");
        ok(&format!("Set-Cookie: {name}=1"))
    });
    let (home, writing) = (Home::new(), AtomicUsize::new(WRITERS));
    let write = |writer: usize| {
        for turn in 0..EACH {
            home.ok([server.url(&format!("/w{writer}t{turn}"))]);
        }
        writing.fetch_sub(1, Ordering::SeqCst);
    };
    let read = || {
        let (mut seen, mut looks) = (BTreeSet::new(), 0);
        while writing.load(Ordering::SeqCst) > 0 {
            let now = listed(&home);
            assert!(now.is_superset(&seen), "{seen:?} became {now:?}");
            seen = now;
            looks += 1;
        }
        looks
    };
    thread::scope(|scope| {
        let writers: Vec<_> = (0..WRITERS).map(|writer| scope.spawn(move || write(writer))).collect();
        let reader = scope.spawn(read);
        for writer in writers {
            if let Err(panic) = writer.join() {
                writing.store(0, Ordering::SeqCst);
                std::panic::resume_unwind(panic);
            }
        }
        assert!(reader.join().expect("the reader saw nothing wrong") > 0, "nobody read while others wrote");
    });
    assert_eq!(listed(&home).len(), WRITERS * EACH);
}

/// What a racer of the mixed race does to its own cookie, all of which but the unborn are there before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    Set,
    Replace,
    DeleteByAnswer,
    DeleteByHand,
    Pin,
    Use,
}

const DEEDS: [Deed; 6] =
    [Deed::Set, Deed::Replace, Deed::DeleteByAnswer, Deed::DeleteByHand, Deed::Pin, Deed::Use];

impl Deed {
    fn of(racer: usize) -> Deed {
        // A host's racers, every twelfth or so, are to be of all kinds.
        DEEDS[racer / 7 % DEEDS.len()]
    }

    /// What the server says to a racer.
    fn answer(racer: usize) -> String {
        match Deed::of(racer) {
            Deed::Set | Deed::Replace => format!("Set-Cookie: r{racer}=new{racer}; Path=/"),
            Deed::DeleteByAnswer => format!("Set-Cookie: r{racer}=; Max-Age=0; Path=/"),
            Deed::DeleteByHand | Deed::Pin | Deed::Use => String::new(),
        }
    }

    /// The value before the race, and the one after it.
    fn values(self, racer: usize) -> (Option<String>, Option<String>) {
        let (old, new) = (Some(format!("old{racer}")), Some(format!("new{racer}")));
        match self {
            Deed::Set => (None, new),
            Deed::Replace => (old, new),
            Deed::DeleteByAnswer | Deed::DeleteByHand => (old, None),
            Deed::Pin | Deed::Use => (old.clone(), old),
        }
    }
}

/// One line of what `listed` gives.
fn line(host: &str, racer: usize, value: Option<String>) -> Option<String> {
    Some(format!("{host} r{racer}={}", value?))
}

/// What a reader may see while the race is on: a whole jar in which every racer's cookie is as it was or as it is to
/// be, and never as it was again.
fn looks_on(home: &Home, host_of: impl Fn(usize) -> String, count: usize, running: &AtomicUsize) -> usize {
    let (mut done, mut looks) = (BTreeSet::new(), 0);
    while running.load(Ordering::SeqCst) > 0 {
        let now = listed(home);
        for racer in 0..count {
            let (before, after) = Deed::of(racer).values(racer);
            let (host, prefix) = (host_of(racer), format!("{} r{racer}=", host_of(racer)));
            let seen = now.range(prefix.clone()..).next().filter(|line| line.starts_with(&prefix)).cloned();
            if seen == line(&host, racer, after) {
                done.insert(racer);
            } else {
                assert_eq!(seen, line(&host, racer, before), "{racer}: {:?}", Deed::of(racer));
                assert!(!done.contains(&racer), "{racer}: {:?} was undone: {seen:?}", Deed::of(racer));
            }
        }
        looks += 1;
    }
    looks
}

#[test]
fn a_race_of_all_kinds_of_changes_ends_with_every_one_made_and_none_is_undone_on_the_way() {
    let count = racers();
    let hosts = count.div_ceil(PER_DOMAIN).max(12);
    let host_of = move |racer: usize| format!("host{}.test", racer % hosts);
    let server = Server::start(|request| {
        let mut words = request.split(['/', ' ']).skip(2);
        let (kind, number) = (words.next().expect("GET /KIND/N"), words.next().expect("GET /KIND/N"));
        let racer = number.parse().expect("a racer's number");
        match kind {
            "old" => ok(&format!("Set-Cookie: r{racer}=old{racer}; Path=/")),
            _ => ok(&Deed::answer(racer)),
        }
    });
    let home = Home::new();
    let ask = |kind: &str, racer: usize| {
        let host = host_of(racer);
        let (url, resolve) = (server.url_of(&host, &format!("/{kind}/{racer}")), server.resolve(&host));
        spawn(home.kuki(["--resolve", &resolve, &url]).args(PATIENCE))
    };
    let by_hand = |verb: &str, racer: usize| {
        let name = format!("r{racer}");
        let name = if verb == "clear" { vec!["--name".to_owned(), name] } else { vec![name] };
        spawn(home.kuki(["jar", verb]).args(name).args(["--lock-timeout", "120"]))
    };
    let end = |children: Vec<Child>| {
        for child in children {
            let ran = ended(child);
            let only_waits = ran.err.lines().all(|line| line.starts_with("kuki: waiting up to "));
            assert!(ran.status == 0 && only_waits, "{ran:#?}");
        }
    };
    end((0..count).filter(|racer| Deed::of(*racer) != Deed::Set).map(|racer| ask("old", racer)).collect());
    let run = |racer: usize| match Deed::of(racer) {
        Deed::DeleteByHand => by_hand("clear", racer),
        Deed::Pin => by_hand("pin", racer),
        Deed::Set | Deed::Replace | Deed::DeleteByAnswer | Deed::Use => ask("new", racer),
    };
    let running = AtomicUsize::new(1);
    let looks = thread::scope(|scope| {
        let reader = scope.spawn(|| looks_on(&home, host_of, count, &running));
        let race = scope.spawn(|| end((0..count).map(run).collect()));
        let raced = race.join();
        running.store(0, Ordering::SeqCst);
        let looks = reader.join().expect("the reader saw nothing wrong");
        raced.expect("every racer ended well");
        looks
    });
    assert!(looks > 0, "nobody looked on");
    let left = (0..count).filter_map(|racer| line(&host_of(racer), racer, Deed::of(racer).values(racer).1));
    assert_eq!(listed(&home), left.collect());
    let file: Value =
        serde_json::from_slice(&fs::read(home.default_jar()).expect("the jar")).expect("a whole file");
    let cookies = file["cookies"].as_array().expect("an array");
    let pinned = cookies.iter().filter(|cookie| cookie["pinned"] == true).count();
    assert_eq!(pinned, (0..count).filter(|racer| Deed::of(*racer) == Deed::Pin).count());
    let sent_last = |name: String| {
        cookies.iter().find(|cookie| cookie["name"] == *name).map(|cookie| {
            cookie["last_access"].as_str().expect("a time") > cookie["updated"].as_str().expect("a time")
        })
    };
    let used = (0..count).filter(|racer| Deed::of(*racer) == Deed::Use);
    assert!(used.into_iter().all(|racer| sent_last(format!("r{racer}")) == Some(true)), "a touch was lost");
}

#[test]
fn a_lock_that_stays_busy_is_said_and_fails_the_command_after_the_body_was_delivered() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
    let _lock = hold_lock(&home);
    let ran = home.run(["--lock-timeout", "0.2", &server.url("/")]);
    let lock = lock_of(&home.default_jar()).display().to_string();
    let said = format!(
        "kuki: waiting up to 0.2 s for another process that holds {lock}\n\
         kuki: the jar's lock {lock} is held by another process, for more than 0.2 s\n\
         hint: nothing was saved; see who holds it (fuser FILE), or allow more with --lock-timeout SECONDS\n"
    );
    assert_eq!((ran.status, &*ran.out, ran.err), (102, "ok\n", said));
    assert!(!home.default_jar().exists());
}

#[test]
fn a_busy_lock_is_waited_for_and_the_cookie_saved_once_it_is_free() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
    let lock = hold_lock(&home);
    let mut waiting = spawn(&mut home.kuki([server.url("/")]));
    let mut stderr = reads_that_it_waits(&mut waiting, "30", &lock_of(&home.default_jar()));
    assert_eq!(listed(&home), BTreeSet::new());
    drop(lock);
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).expect("text");
    let ran = ended(waiting);
    assert_eq!((ran.status, &*ran.out, &*rest), (0, "ok\n", ""));
    assert_eq!(listed(&home), BTreeSet::from(["127.0.0.1 a=1".to_owned()]));
}

#[test]
fn an_import_pushes_out_nothing_that_came_in_while_it_waited() {
    let home = Home::new();
    home.ok(["jar", "set", "--url", "http://h.test", "first=1"]);
    let full: Vec<String> = (0..PER_DOMAIN).map(|number| format!("other{number}=1")).collect();
    let set = ["--jar", "full.json", "jar", "set", "--url", "http://h.test"];
    home.ok(set.into_iter().chain(full.iter().map(|pair| &**pair)));
    let full = fs::read(home.path().join("full.json")).expect("a jar");
    home.write("new.txt", "# Netscape HTTP Cookie File\nh.test\tFALSE\t/\tFALSE\t0\tnew\t1\n");
    let before = fs::read(home.default_jar()).expect("a jar");
    for (more, status) in [(&[][..], 105), (&["--evict"], 0)] {
        fs::write(home.default_jar(), &before).expect("a jar of ours");
        let lock = hold_lock(&home);
        let mut waiting = spawn(home.kuki(["jar", "import", "new.txt"]).args(more));
        let mut stderr = reads_that_it_waits(&mut waiting, "30", &lock_of(&home.default_jar()));
        fs::write(home.default_jar(), &full).expect("a jar of ours");
        drop(lock);
        let mut rest = String::new();
        stderr.read_to_string(&mut rest).expect("text");
        assert_eq!(ended(waiting).status, status, "{rest}");
        let is_untouched = fs::read(home.default_jar()).expect("a jar") == full;
        assert_eq!(is_untouched, status != 0, "{rest}");
        assert_eq!(rest.contains("another process filled the jar"), status != 0, "{rest}");
    }
}

#[test]
fn a_signal_breaks_the_wait_for_the_lock_off() {
    let (home, done) = (Home::new(), Arc::new(Barrier::new(2)));
    let ends = Arc::clone(&done);
    let server = Server::with(move |stream, _| {
        let head = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 11\r\n\r\n";
        stream.write_all(format!("{head}first\n").as_bytes()).expect("a client that listens");
        ends.wait();
    });
    let _lock = hold_lock(&home);
    let mut waiting = spawn(&mut home.kuki([server.url("/")]));
    let lock = lock_of(&home.default_jar());
    let mut stderr = reads_that_it_waits(&mut waiting, "30", &lock);
    signal("TERM", waiting.id());
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).expect("text");
    let said = format!("kuki: interrupted while waiting for the jar's lock {}\n", lock.display());
    assert_eq!((ended(waiting).status, rest.starts_with(&said)), (143, true), "{rest}");
    assert!(!rest.contains("are kept"), "nothing was: {rest}");
    assert!(!home.default_jar().exists());
    done.wait();
}

#[test]
fn a_run_that_changes_nothing_does_not_ask_for_the_lock() {
    let (home, server) = (Home::new(), Server::saying(""));
    let _lock = hold_lock(&home);
    let ran = home.ok(["--lock-timeout", "0", &server.url("/")]);
    assert_eq!((&*ran.out, &*ran.err), ("ok\n", ""));
}

#[test]
fn cookies_are_saved_and_the_lock_is_free_while_the_body_still_comes_in() {
    let (home, looked) = (Home::new(), Arc::new(Barrier::new(2)));
    let goes_on = Arc::clone(&looked);
    let server = Server::with(move |stream, _| {
        let head = "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nContent-Length: 11\r\n\r\n";
        stream.write_all(format!("{head}first\n").as_bytes()).expect("a client that listens");
        goes_on.wait();
        stream.write_all(b"then\n").expect("a client that listens");
    });
    let mut running = spawn(&mut home.kuki([server.url("/")]));
    let mut stdout = BufReader::new(running.stdout.take().expect("a pipe"));
    let mut body = String::new();
    stdout.read_line(&mut body).expect("a line");
    let lock = File::open(lock_of(&home.default_jar())).expect("a lock that is never deleted");
    assert!(lock.try_lock().is_ok());
    assert_eq!(listed(&home), BTreeSet::from(["127.0.0.1 a=1".to_owned()]));
    looked.wait();
    stdout.read_to_string(&mut body).expect("text");
    assert_eq!((ended(running).status, &*body), (0, "first\nthen\n"));
}
