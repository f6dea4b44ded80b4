//! Owns the proof that the real program bears a disk that is full, read-only, without locks, or somebody else's: the old
//! jar stands, the status is not zero, and what is said is true. Does not simulate; `crash` does.

// Whoever runs the tests is told what was left out.
#![allow(clippy::print_stderr)]

mod support;

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::fs::{MetadataExt, PermissionsExt, chown};
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::thread;

use support::server::Server;
use support::{Home, Ran, program, strace};

/// A home with a jar of 40 cookies, too many for a small disk, and a server whose answer changes it.
struct Scene {
    home: Home,
    server: Server,
    jar: PathBuf,
    old: Vec<u8>,
}

impl Scene {
    fn new() -> Scene {
        let lines: Vec<_> = (0..20).map(|number| format!("Set-Cookie: c{number}=1")).collect();
        let (home, filler) = (Home::new(), Server::saying(&lines.join("\n")));
        for host in ["a.test", "b.test"] {
            home.ok(["--jar", "jar.json", "--resolve", &filler.resolve(host), &filler.url_of(host, "/")]);
        }
        let jar = fs::canonicalize(home.path()).expect("a home").join("jar.json");
        let old = fs::read(&jar).expect("the jar");
        Scene { home, server: Server::saying("Set-Cookie: new=1"), jar, old }
    }

    fn arguments(&self) -> [String; 3] {
        ["--jar".to_owned(), self.jar.display().to_string(), self.server.url("/")]
    }

    /// Runs under strace with these injections, which touch calls on the given file of the home alone, if one is given.
    fn under(&self, file: Option<&str>, injections: &[String]) -> Ran {
        let injections: Vec<_> = injections.iter().map(String::as_str).collect();
        let arguments = self.arguments();
        let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
        let mut command = strace::kuki(&self.home, &injections, &arguments);
        if let Some(file) = file {
            let all: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
            command = Command::new("strace");
            command.arg("-P").arg(self.home.path().join(file)).args(all);
            command.env_clear().env("HOME", self.home.path()).current_dir(self.home.path());
        }
        let ran = Ran::from(command.output().expect("strace was there a moment ago"));
        let trace = fs::read_to_string(self.home.path().join("trace")).expect("a trace");
        assert!(trace.contains("(INJECTED)"), "{injections:?} met no call: {trace}");
        ran
    }

    fn without_home(&self, text: &str) -> String {
        text.replace(&format!("{}/", self.jar.parent().expect("a home").display()), "")
    }

    /// The body was delivered, then the save failed and said so; nothing was changed, and nothing is left.
    #[track_caller]
    fn is_unsaved(&self, case: &str, ran: &Ran, said: &str) {
        let err = self.without_home(&ran.err);
        let lines: Vec<_> = err.lines().collect();
        let [first, hint] = lines[..] else { panic!("{case}: {ran:#?}") };
        assert_eq!(
            (ran.status, &*ran.out, first),
            (102, "ok\n", &*format!("kuki: {said}")),
            "{case}: {ran:#?}"
        );
        assert!(hint.starts_with("hint: "), "{case}: {hint}");
        assert!(fs::read(&self.jar).expect("the jar") == self.old, "{case}: the jar was changed");
        assert!(!self.home.path().join("jar.json.tmp").exists(), "{case}: a leftover");
    }

    /// All is well again.
    #[track_caller]
    fn is_saved(&self, case: &str, ran: &Ran) {
        assert_eq!((ran.status, &*ran.out, &*ran.err), (0, "ok\n", ""), "{case}: {ran:#?}");
        let text = fs::read_to_string(&self.jar).expect("the jar");
        assert!(text.contains(r#""name":"new""#) && text.contains(r#""name":"c19""#), "{case}: {text}");
        assert!(!self.home.path().join("jar.json.tmp").exists(), "{case}: a leftover");
    }
}

fn skips(obstacle: Option<String>) -> bool {
    if let Some(obstacle) = &obstacle {
        assert!(std::env::var_os("CI").is_none(), "{obstacle}");
        eprintln!("skipped: {obstacle}");
    }
    obstacle.is_some()
}

const RENAME: &str = "?rename,?renameat,?renameat2";

#[test]
fn a_call_that_the_disk_refuses_leaves_the_old_jar_and_says_why() {
    if skips(strace::obstacle()) {
        return;
    }
    let errors = [
        ("ENOSPC", "No space left on device (os error 28)"),
        ("EROFS", "Read-only file system (os error 30)"),
        ("EACCES", "Permission denied (os error 13)"),
        ("EIO", "Input/output error (os error 5)"),
        ("EDQUOT", "Disk quota exceeded (os error 122)"),
    ];
    let calls = [
        ("openat", "jar.json.tmp", "making a temporary file"),
        ("write", "jar.json.tmp", "writing a temporary file"),
        ("fsync", "jar.json.tmp", "syncing a temporary file"),
        (RENAME, "jar.json.tmp", "replacing it"),
    ];
    for (error, text) in errors {
        for (call, file, doing) in calls {
            let scene = Scene::new();
            let ran = scene.under(Some(file), &[format!("inject={call}:error={error}")]);
            let said = format!("the jar jar.json cannot be saved: {doing}: {text}");
            scene.is_unsaved(&format!("{error} at {call}"), &ran, &said);
        }
        let scene = Scene::new();
        let ran = scene.under(Some("jar.json.lock"), &[format!("inject=openat:error={error}")]);
        let said = format!("the jar's lock jar.json.lock cannot be used: {text}");
        scene.is_unsaved(&format!("{error} at the lock"), &ran, &said);
    }
}

#[test]
fn a_call_that_a_signal_broke_off_is_made_again_or_leaves_the_old_jar() {
    if skips(strace::obstacle()) {
        return;
    }
    let calls = [
        ("openat", "jar.json.lock"),
        ("flock", "jar.json.lock"),
        ("read", "jar.json"),
        ("openat", "jar.json.tmp"),
    ];
    for (call, file) in calls.into_iter().chain([("write", "jar.json.tmp"), ("fsync", "jar.json.tmp")]) {
        let scene = Scene::new();
        let ran = scene.under(Some(file), &[format!("inject={call}:error=EINTR:when=1")]);
        scene.is_saved(&format!("EINTR at {call} of {file}"), &ran);
    }
    let scene = Scene::new();
    let ran = scene.under(Some("jar.json.tmp"), &[format!("inject={RENAME}:error=EINTR:when=1")]);
    let said = "the jar jar.json cannot be saved: replacing it: Interrupted system call (os error 4)";
    scene.is_unsaved("EINTR at the rename, which may have happened", &ran, said);
}

#[test]
fn a_wait_for_the_lock_that_a_signal_broke_off_goes_on() {
    if skips(strace::obstacle()) {
        return;
    }
    let scene = Scene::new();
    let lock = File::open(scene.home.path().join("jar.json.lock")).expect("the lock");
    lock.lock().expect("nobody else holds it");
    let arguments = scene.arguments();
    let arguments: Vec<_> = arguments.iter().map(String::as_str).collect();
    let inject = ["trace=flock", "inject=flock:error=EINTR:when=1"];
    let mut waiting = strace::kuki(&scene.home, &inject, &arguments).spawn().expect("strace was there");
    // Once where it asks whether the lock is free, once where it waits.
    until_traced(&scene.home, "(INJECTED)", 2, &mut waiting);
    assert!(waiting.try_wait().expect("a child of ours").is_none(), "it gave up");
    drop(lock);
    assert!(waiting.wait().expect("a child of ours").success());
    assert!(fs::read_to_string(&scene.jar).expect("the jar").contains(r#""name":"new""#));
}

#[test]
fn a_file_system_without_locks_is_said_and_nothing_is_saved_in_it() {
    if skips(strace::obstacle()) {
        return;
    }
    for (error, text) in [
        ("ENOLCK", "No locks available (os error 37)"),
        ("EOPNOTSUPP", "Operation not supported (os error 95)"),
        ("ENOSYS", "Function not implemented (os error 38)"),
    ] {
        let scene = Scene::new();
        let ran = scene.under(None, &[format!("inject=flock:error={error}")]);
        scene.is_unsaved(error, &ran, &format!("the jar's lock jar.json.lock cannot be used: {text}"));
        assert!(ran.err.contains("another file system"), "{error}: {}", ran.err);
    }
}

#[test]
fn a_directory_that_cannot_be_synced_is_borne_where_there_is_no_such_thing_and_else_said() {
    if skips(strace::obstacle()) {
        return;
    }
    let scene = Scene::new();
    scene.is_saved("EINVAL", &scene.under(None, &["inject=fsync:error=EINVAL:when=2".to_owned()]));
    let scene = Scene::new();
    let ran = scene.under(None, &["inject=fsync:error=EIO:when=2".to_owned()]);
    let said = "kuki: the jar jar.json was saved, but may not outlast a power cut: syncing its directory: \
                Input/output error (os error 5)\nhint: the disk or its file system reports a fault: look after it\n";
    assert_eq!((ran.status, &*ran.out, &*scene.without_home(&ran.err)), (102, "ok\n", said));
    scene.is_saved("afterwards", &Ran { status: 0, err: String::new(), ..ran });
}

#[test]
fn a_first_save_syncs_every_directory_in_which_it_made_a_name() {
    if skips(strace::obstacle()) {
        return;
    }
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
    let url = server.url("/");
    let mut command = strace::kuki(&home, &["trace=fsync"], &["--jar", "new/er/jar.json", &url]);
    let all: Vec<_> = command.get_args().map(ToOwned::to_owned).collect();
    command = Command::new("strace");
    command.arg("-y").args(all).env_clear().env("HOME", home.path()).current_dir(home.path());
    assert_eq!(Ran::from(command.output().expect("strace")).status, 0);
    let trace = fs::read_to_string(home.path().join("trace")).expect("a trace");
    let base = fs::canonicalize(home.path()).expect("a home").display().to_string();
    let synced: Vec<_> =
        trace.lines().filter_map(|line| Some(line.split_once('<')?.1.split_once('>')?.0)).collect();
    let expected = ["", "/new", "/new/er/jar.json.tmp", "/new/er"].map(|path| format!("{base}{path}"));
    assert_eq!(synced, expected);
}

#[test]
fn a_limit_on_the_size_of_files_is_an_error_and_not_the_end() {
    let scene = Scene::new();
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -f 4; exec \"$0\" \"$@\""]).arg(program()).args(scene.arguments());
    shell.env_clear().env("HOME", scene.home.path()).current_dir(scene.home.path()).stdin(Stdio::null());
    let ran = Ran::from(shell.output().expect("a shell"));
    let said = "the jar jar.json cannot be saved: writing a temporary file: File too large (os error 27)";
    scene.is_unsaved("ulimit -f", &ran, said);
    scene.is_saved("afterwards", &scene.home.run(scene.arguments()));
}

#[test]
fn a_directory_in_which_nothing_may_be_made_keeps_its_jar() {
    let scene = Scene::new();
    let Some(mut command) = scene.home.kuki_bound_by_rights(scene.arguments()) else {
        eprintln!("skipped: the superuser may write anywhere, and setpriv can't take that right away here");
        return;
    };
    let rights =
        |mode| fs::set_permissions(scene.home.path(), fs::Permissions::from_mode(mode)).expect("ours");
    rights(0o500);
    let with_lock = Ran::from(command.output().expect("the program starts"));
    rights(0o700);
    let why = "making a temporary file: Permission denied (os error 13)";
    scene.is_unsaved("a lock is there", &with_lock, &format!("the jar jar.json cannot be saved: {why}"));
    fs::remove_file(scene.home.path().join("jar.json.lock")).expect("our own file");
    rights(0o500);
    let without_lock = Ran::from(command.output().expect("the program starts"));
    rights(0o700);
    let why = "Permission denied (os error 13)";
    scene.is_unsaved(
        "no lock is there",
        &without_lock,
        &format!("the jar's lock jar.json.lock cannot be used: {why}"),
    );
    scene.is_saved("afterwards", &scene.home.run(scene.arguments()));
}

/// Runs a script in which `$JAR` lies on a small disk of its own, mounted at `disk`, and `kuki` saves a cookie in it;
/// `None`, with a word, where nothing may be mounted.
fn on_a_small_disk(scene: &Scene, script: &str) -> Option<String> {
    let whole = format!(
        "set -e; mkdir disk; mount -t tmpfs -o size=64k none disk; echo mounted; JAR=disk/jar.json; cp jar.json $JAR\n\
         kuki() {{ code=0; \"$0\" --jar \"$JAR\" \"$1\" 2>&1 || code=$?; echo \"status $code\"; }}\n{script}"
    );
    let mut command = Command::new("unshare");
    command
        .args(["--map-root-user", "--mount", "sh", "-c", &whole])
        .arg(program())
        .arg(scene.server.url("/"));
    let path = std::env::var_os("PATH").expect("where unshare is");
    command.env_clear().env("PATH", path).env("HOME", scene.home.path()).current_dir(scene.home.path());
    let ran = Ran::from(command.output().ok()?);
    let Some(said) = ran.out.strip_prefix("mounted\n") else {
        eprintln!("skipped: nothing may be mounted here: {}", ran.err.trim());
        return None;
    };
    assert_eq!((ran.status, &*ran.err), (0, ""), "{}", ran.out);
    Some(said.to_owned())
}

#[test]
fn a_full_disk_keeps_its_jar_until_there_is_room_again() {
    let scene = Scene::new();
    let script = "cat /dev/zero > disk/filler 2>/dev/null || true\n\
                  kuki \"$1\"; cmp jar.json $JAR; ls disk; rm disk/filler\nkuki \"$1\"; grep -c new $JAR; ls disk";
    let Some(said) = on_a_small_disk(&scene, script) else { return };
    let expected = "ok\n\
        kuki: the jar disk/jar.json cannot be saved: writing a temporary file: No space left on device (os error 28)\n\
        hint: the jar is as it was; use another one with --jar, or none with --no-jar\n\
        status 102\nfiller\njar.json\njar.json.lock\nok\nstatus 0\n1\njar.json\njar.json.lock\n";
    assert_eq!(said, expected);
}

#[test]
fn a_read_only_file_system_keeps_its_jar() {
    let scene = Scene::new();
    let script = "mount -o remount,ro disk; kuki \"$1\"; cmp jar.json $JAR; ls disk";
    let Some(said) = on_a_small_disk(&scene, script) else { return };
    let expected = "ok\n\
        kuki: the jar's lock disk/jar.json.lock cannot be used: Read-only file system (os error 30)\n\
        hint: nothing was saved; the directory must be writable, on a file system that has locks\n\
        status 102\njar.json\n";
    assert_eq!(said, expected);
}

#[test]
fn a_jar_of_somebody_else_that_the_superuser_saves_stays_theirs_with_its_lock() {
    let scene = Scene::new();
    if fs::metadata(&scene.jar).expect("a jar").uid() != 0 {
        eprintln!("skipped: only the superuser can save a jar for somebody else");
        return;
    }
    fs::remove_file(scene.home.path().join("jar.json.lock")).expect("our own file");
    chown(&scene.jar, Some(4711), Some(4712)).expect("the superuser may");
    let ran = scene.home.ok(scene.arguments());
    let said = "kuki: the jar jar.json belongs to another user (id 4711)\n\
                hint: its cookies may be theirs, and they can read what is saved in it\n";
    assert_eq!(scene.without_home(&ran.err), said);
    scene.is_saved("for somebody else", &Ran { err: String::new(), ..ran });
    for name in ["jar.json", "jar.json.lock"] {
        let found = fs::metadata(scene.home.path().join(name)).expect("it is there");
        assert_eq!((found.uid(), found.gid(), found.mode() & 0o7777), (4711, 4712, 0o600), "{name}");
    }
}

#[test]
fn a_lock_held_by_a_stopped_process_is_waited_for_and_then_given_up() {
    if skips(strace::obstacle()) {
        return;
    }
    let scene = Scene::new();
    let other = Server::saying("Set-Cookie: stopped=1");
    let url = other.url("/");
    // It stops in the midst of its save, with the lock in its hand.
    let injections = ["trace=fsync", "inject=fsync:signal=STOP:when=1"];
    let mut command = strace::kuki(&scene.home, &injections, &["--jar", "jar.json", &url]);
    let mut stopped = command.stdout(Stdio::null()).spawn().expect("strace was there a moment ago");
    let seen = until_traced(&scene.home, "--- stopped by SIGSTOP ---", 1, &mut stopped);
    let id = seen.split(' ').next().expect("a process id");
    let ran = scene.home.run(scene.arguments().into_iter().chain(["--lock-timeout=0.2".to_owned()]));
    let said = "kuki: waiting up to 0.2 s for another process that holds jar.json.lock\n\
                kuki: the jar's lock jar.json.lock is held by another process, for more than 0.2 s\n\
                hint: nothing was saved; see who holds it (fuser FILE), or allow more with --lock-timeout SECONDS\n";
    assert_eq!((ran.status, &*ran.out, &*scene.without_home(&ran.err)), (102, "ok\n", said));
    assert!(fs::read(&scene.jar).expect("the jar") == scene.old);
    let mut waiting = scene.home.kuki(scene.arguments()).stderr(Stdio::piped()).spawn().expect("the program");
    let mut line = String::new();
    BufReader::new(waiting.stderr.take().expect("a pipe")).read_line(&mut line).expect("a line");
    assert!(line.starts_with("kuki: waiting up to 30 s"), "{line}");
    let goes_on = Command::new("sh").args(["-c", "kill -CONT $0", id]).status();
    assert!(goes_on.expect("a shell").success());
    assert!(stopped.wait().expect("a child of ours").success());
    assert!(waiting.wait().expect("a child of ours").success());
    let text = fs::read_to_string(&scene.jar).expect("the jar");
    assert!(text.contains(r#""name":"stopped""#) && text.contains(r#""name":"new""#), "{text}");
}

/// Waits until strace has written so many lines that hold this, and returns the last of them.
fn until_traced(home: &Home, what: &str, count: usize, traced: &mut Child) -> String {
    loop {
        let has_ended = traced.try_wait().expect("a child of ours").is_some();
        let seen = fs::read_to_string(home.path().join("trace")).unwrap_or_default();
        if let Some(line) = seen.lines().filter(|line| line.contains(what)).nth(count - 1) {
            return line.to_owned();
        }
        assert!(!has_ended, "it ended before {what} was seen: {seen}");
        thread::yield_now();
    }
}
