//! Owns the proof that a save is whole or not at all: on a disk that fails at each call in turn, and beside other saves.
//! Does not kill or race real processes; `kills` and `races` do.

mod support;

use std::cell::RefCell;
use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use chrono::{DateTime, TimeDelta, Utc};
use kuki::cookie::context::Context;
use kuki::cookie::receive::receive;
use kuki::cookie::select::select;
use kuki::store::disk::{Content, Disk, Os, Owner};
use kuki::store::error::StoreError;
use kuki::store::file::{Committed, FileStore, Snapshot};
use kuki::store::lock::Patience;
use support::server::Server;
use support::{Home, Ran, program};
use url::Url;

/// What becomes of the call at which the disk fails, and of those after it.
#[derive(Clone, Copy, Debug)]
enum Failure {
    /// The process was killed before the call took effect.
    Before,
    /// The call took effect, and the process was killed before it knew.
    After,
    /// The process was killed when half of the octets were written.
    Halfway,
    /// The call alone fails, with this error number; cleaning up works.
    Once(i32),
}

/// The disk, until it fails.
struct Faulty {
    failure: Failure,
    at: usize,
    calls: RefCell<Vec<&'static str>>,
}

impl Faulty {
    fn new(failure: Failure, at: usize) -> Faulty {
        Faulty { failure, at, calls: RefCell::new(Vec::new()) }
    }

    fn calls(&self) -> Vec<&'static str> {
        self.calls.borrow().clone()
    }

    fn call<T>(&self, name: &'static str, whole: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
        let call = self.calls.borrow().len();
        self.calls.borrow_mut().push(name);
        let killed = || io::Error::other("the process is dead");
        match self.failure {
            _ if call < self.at => whole(),
            Failure::After if call == self.at => whole().and(Err(killed())),
            Failure::Once(number) if call == self.at => Err(io::Error::from_raw_os_error(number)),
            Failure::Once(_) => whole(),
            Failure::After | Failure::Before | Failure::Halfway => Err(killed()),
        }
    }
}

impl Disk for &Faulty {
    type File = File;

    fn user(&self) -> u32 {
        Os.user()
    }

    fn give(&self, file: &File, owner: Owner) -> io::Result<()> {
        self.call("give", || Os.give(file, owner))
    }

    fn read(&self, path: &Path) -> io::Result<Content> {
        self.call("read", || Os.read(path))
    }

    fn make_directory(&self, path: &Path) -> io::Result<()> {
        self.call("make_directory", || Os.make_directory(path))
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        self.call("create", || Os.create(path))
    }

    fn write(&self, file: &mut File, octets: &[u8]) -> io::Result<()> {
        if matches!(self.failure, Failure::Halfway) && self.calls.borrow().len() == self.at {
            Os.write(file, &octets[..octets.len() / 2])?;
        }
        self.call("write", || Os.write(file, octets))
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        self.call("sync", || Os.sync(file))
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        self.call("rename", || Os.rename(from, to))
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        self.call("sync_directory", || Os.sync_directory(path))
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        self.call("remove", || Os.remove(path))
    }
}

/// The disk as another user finds it: every file that was there belongs to somebody else.
struct Abroad {
    user: u32,
    given: RefCell<Vec<Owner>>,
}

const SOMEBODY: Owner = Owner { user: 4711, group: 4712 };

impl Disk for &Abroad {
    type File = File;

    fn user(&self) -> u32 {
        self.user
    }

    fn read(&self, path: &Path) -> io::Result<Content> {
        Ok(match Os.read(path)? {
            Content::Octets { octets, mode, .. } => Content::Octets { octets, mode, owner: SOMEBODY },
            other => other,
        })
    }

    fn make_directory(&self, path: &Path) -> io::Result<()> {
        Os.make_directory(path)
    }

    fn create(&self, path: &Path) -> io::Result<File> {
        Os.create(path)
    }

    fn give(&self, _file: &File, owner: Owner) -> io::Result<()> {
        self.given.borrow_mut().push(owner);
        Ok(())
    }

    fn write(&self, file: &mut File, octets: &[u8]) -> io::Result<()> {
        assert_eq!(self.given.borrow()[..], [SOMEBODY], "it is handed over before it holds anything");
        Os.write(file, octets)
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        Os.sync(file)
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        Os.rename(from, to)
    }

    fn sync_directory(&self, path: &Path) -> io::Result<()> {
        Os.sync_directory(path)
    }

    fn remove(&self, path: &Path) -> io::Result<()> {
        Os.remove(path)
    }
}

/// What lies there before the save.
#[derive(Clone, Copy, Debug)]
enum Before {
    Jar,
    Leftover,
    Nothing,
}

impl Before {
    fn lay(self, home: &Home) -> PathBuf {
        let jar = home.path().join("jars/j.json");
        if !matches!(self, Before::Nothing) {
            fs::create_dir(home.path().join("jars")).expect("a fresh home");
            fs::write(&jar, OLD).expect("a new directory");
        }
        if matches!(self, Before::Leftover) {
            fs::write(home.path().join("jars/j.json.tmp"), "half of a j").expect("a new directory");
        }
        jar
    }

    /// The file before, and as the save of `sid=new` is to make it.
    fn texts(self) -> (Option<&'static str>, &'static str) {
        match self {
            Before::Jar | Before::Leftover => (Some(OLD), NEW),
            Before::Nothing => (None, FIRST),
        }
    }
}

/// A jar of these cookies, each a line.
macro_rules! jar {
    ($($row:literal),*) => {
        concat!(
            r#"{"format":"kuki-jar","version":1,"#,
            r#""limits":{"per_domain":20,"total":300,"cookie_bytes":4096},"policy":"classic","#,
            "\n\"removed\":[],\n\"cookies\":[\n", $($row),*, "\n]}\n"
        )
    };
}

const OLD: &str = jar!(
    r#"{"name":"sid","value":"old","domain":"a.test","host_only":true,"path":"/","expires":null,"secure":false,"#,
    r#""http_only":false,"same_site":null,"created":"2026-05-01T10:00:00.000000Z","#,
    r#""updated":"2026-05-01T10:00:00.000000Z","last_access":"2026-05-01T11:00:00.000000Z","pinned":false}"#
);
const NEW: &str = jar!(
    r#"{"name":"sid","value":"new","domain":"a.test","host_only":true,"path":"/","expires":null,"secure":false,"#,
    r#""http_only":false,"same_site":null,"created":"2026-05-01T10:00:00.000000Z","#,
    r#""updated":"2026-05-01T12:00:00.000000Z","last_access":"2026-05-01T12:00:00.000000Z","pinned":false}"#
);
const FIRST: &str = jar!(
    r#"{"name":"sid","value":"new","domain":"a.test","host_only":true,"path":"/","expires":null,"secure":false,"#,
    r#""http_only":false,"same_site":null,"created":"2026-05-01T12:00:00.000000Z","#,
    r#""updated":"2026-05-01T12:00:00.000000Z","last_access":"2026-05-01T12:00:00.000000Z","pinned":false}"#
);
const TOUCHED: &str = jar!(
    r#"{"name":"sid","value":"old","domain":"a.test","host_only":true,"path":"/","expires":null,"secure":false,"#,
    r#""http_only":false,"same_site":null,"created":"2026-05-01T10:00:00.000000Z","#,
    r#""updated":"2026-05-01T10:00:00.000000Z","last_access":"2026-05-01T12:00:00.000000Z","pinned":false}"#
);

/// Nobody else saves, but what another test starts holds our locks too until it is a program of its own.
struct Patient;

impl Patience for Patient {
    fn limit(&self) -> Duration {
        Duration::from_secs(60)
    }

    fn waiting(&mut self, _lock: &Path) {}

    fn is_over(&self) -> bool {
        false
    }
}

/// Noon, and so many seconds.
fn at(seconds: i64) -> DateTime<Utc> {
    let noon = DateTime::parse_from_rfc3339("2026-05-01T12:00:00Z").expect("a time");
    noon.with_timezone(&Utc) + TimeDelta::seconds(seconds)
}

fn site(seconds: i64) -> Context {
    Context::new(&Url::parse("https://a.test/").expect("a URL"), at(seconds)).expect("a host")
}

fn load(path: &Path) -> Snapshot {
    FileStore::open(path, Os).load().expect("a readable jar")
}

/// What a response of that time sets.
fn answer(snapshot: &mut Snapshot, line: &str, seconds: i64) {
    receive(line.as_bytes(), &site(seconds), snapshot.jar_mut());
}

fn touch(snapshot: &mut Snapshot, seconds: i64) {
    let context = site(seconds);
    let touches = select(&context, snapshot.jar()).touches(&context, snapshot.jar());
    for touch in touches {
        snapshot.jar_mut().apply(touch, context.now);
    }
}

/// Saves, at a minute past noon.
fn commit_to<D: Disk>(store: &FileStore<D>, mut snapshot: Snapshot) -> Result<Committed, StoreError> {
    store.save(&mut snapshot, || at(60), &mut Patient)
}

fn commit(path: &Path, snapshot: Snapshot) -> Committed {
    commit_to(&FileStore::open(path, Os), snapshot).expect("a jar that can be saved")
}

fn save<D: Disk>(path: &Path, disk: D, line: &str) -> Result<Committed, StoreError> {
    let store = FileStore::open(path, disk);
    let mut snapshot = store.load()?;
    answer(&mut snapshot, line, 0);
    commit_to(&store, snapshot)
}

/// `name=value` of every cookie in the file.
fn cookies(path: &Path) -> Vec<String> {
    let snapshot = load(path);
    let pairs = snapshot.jar().sorted().into_iter().map(|cookie| cookie.pair());
    pairs.map(|pair| String::from_utf8(pair).expect("these tests set ASCII")).collect()
}

fn listing(directory: &Path) -> Vec<String> {
    let entries = fs::read_dir(directory).expect("a directory");
    let name = |entry: io::Result<fs::DirEntry>| entry.expect("an entry").file_name().into_string();
    let mut names: Vec<_> = entries.map(|entry| name(entry).expect("these tests name in ASCII")).collect();
    names.sort();
    names
}

fn mode(path: &Path) -> u32 {
    fs::metadata(path).expect("it was made").mode() & 0o7777
}

/// Fails the save at every call it makes, one after the other, until none is left to fail.
#[track_caller]
fn survives(failure: Failure) {
    for before in [Before::Jar, Before::Leftover, Before::Nothing] {
        let (old, new) = before.texts();
        for step in 0.. {
            let home = Home::new();
            let (jar, disk) = (before.lay(&home), Faulty::new(failure, step));
            let saved = save(&jar, &disk, "sid=new");
            let found = fs::read_to_string(&jar).ok();
            let case = format!("{before:?}, {failure:?} at call {step} of {:?}: {saved:?}", disk.calls());
            assert!(found.as_deref() == old || found.as_deref() == Some(new), "{case}: {found:?}");
            let is_left = jar.with_file_name("j.json.tmp").exists();
            assert!(saved.is_err() || (found.as_deref() == Some(new) && !is_left), "{case}");
            if matches!(failure, Failure::Once(_)) && disk.calls().contains(&"create") {
                let refused_removal = disk.calls().get(step) == Some(&"remove");
                assert!(!is_left || refused_removal, "{case}: a leftover that could have been removed");
            }
            assert_eq!(save(&jar, Os, "next=1").expect(&case), Committed::Written);
            let sid = found.map_or("", |text| if text.contains("\"new\"") { "sid=new" } else { "sid=old" });
            let expected: Vec<_> = ["next=1", sid].into_iter().filter(|pair| !pair.is_empty()).collect();
            assert_eq!(cookies(&jar), expected, "{case}");
            assert_eq!(listing(jar.parent().expect("jars")), ["j.json", "j.json.lock"], "{case}");
            if saved.is_ok() {
                assert_eq!(disk.calls().len(), step, "{case}: a failure was swallowed");
                break;
            }
        }
    }
}

#[test]
fn a_save_that_is_killed_before_any_of_its_calls_leaves_the_old_jar_or_the_new_one() {
    survives(Failure::Before);
}

#[test]
fn a_save_that_is_killed_after_any_of_its_calls_leaves_the_old_jar_or_the_new_one() {
    survives(Failure::After);
}

#[test]
fn a_save_that_is_killed_in_the_midst_of_writing_leaves_the_old_jar_or_the_new_one() {
    survives(Failure::Halfway);
}

#[test]
fn a_save_that_the_disk_refuses_once_leaves_no_rubbish() {
    for number in [libc::EACCES, libc::EDQUOT, libc::EFBIG, libc::EINTR, libc::EIO, libc::ENOSPC, libc::EROFS]
    {
        survives(Failure::Once(number));
    }
}

/// What a save says whose call of that name the disk refuses, and whether the old jar still stands.
fn refused_at(name: &str) -> (String, bool) {
    let (home, plan) = (Home::new(), Faulty::new(Failure::Before, usize::MAX));
    let jar = Before::Jar.lay(&home);
    save(&jar, &plan, "sid=new").expect("nothing fails");
    let step = plan.calls().iter().rposition(|call| *call == name).expect("a call of that name");
    fs::write(&jar, OLD).expect("our own file");
    let refused = save(&jar, &Faulty::new(Failure::Once(libc::ENOSPC), step), "sid=new").expect_err(name);
    let said = refused.to_string().replace(jar.to_str().expect("a path in ASCII"), "JAR");
    (said, fs::read_to_string(&jar).expect("the jar") == OLD)
}

#[test]
fn a_save_that_fails_says_where_and_whether_the_old_jar_still_stands() {
    let full = "No space left on device (os error 28)";
    for (call, doing) in [
        ("make_directory", "making its directory"),
        ("create", "making a temporary file"),
        ("write", "writing a temporary file"),
        ("sync", "syncing a temporary file"),
        ("rename", "replacing it"),
    ] {
        assert_eq!(refused_at(call), (format!("the jar JAR cannot be saved: {doing}: {full}"), true));
    }
    let saved = "the jar JAR was saved, but may not outlast a power cut: syncing its directory";
    assert_eq!(refused_at("sync_directory"), (format!("{saved}: {full}"), false));
}

#[test]
fn a_jar_of_somebody_else_is_left_to_its_owner_by_the_superuser_and_refused_to_any_other_user() {
    for (user, given) in [(0, vec![SOMEBODY]), (1000, vec![])] {
        let (home, abroad) = (Home::new(), Abroad { user, given: RefCell::default() });
        let jar = Before::Jar.lay(&home);
        if user == 0 {
            // One that is made anew would be handed over too, which only the superuser may.
            home.write("jars/j.json.lock", "");
        }
        assert_eq!(FileStore::open(&jar, &abroad).load().expect("a jar").foreign, Some(SOMEBODY.user));
        let saved = save(&jar, &abroad, "sid=new");
        let found = fs::read_to_string(&jar).expect("the jar");
        assert_eq!(abroad.given.take(), given);
        if user == 0 {
            assert_eq!((saved.expect("saved"), &*found), (Committed::Written, NEW));
            continue;
        }
        let said = saved.expect_err("not ours").to_string();
        let why = "cannot be saved: replacing it: it belongs to another user";
        assert_eq!((said, &*found), (format!("the jar {} {why}", jar.display()), OLD));
        // A lock of ours would lock its owner out.
        assert_eq!(listing(jar.parent().expect("jars")), ["j.json"]);
    }
}

#[test]
fn a_jar_of_our_own_is_no_news_and_is_given_to_nobody() {
    let (home, disk) = (Home::new(), Faulty::new(Failure::Before, usize::MAX));
    let jar = Before::Jar.lay(&home);
    assert_eq!(load(&jar).foreign, None);
    save(&jar, &disk, "sid=new").expect("nothing fails");
    assert!(!disk.calls().contains(&"give"));
}

#[test]
fn a_save_syncs_the_new_file_before_the_rename_and_the_directory_after_it() {
    let (home, disk) = (Home::new(), Faulty::new(Failure::Before, usize::MAX));
    save(&Before::Jar.lay(&home), &disk, "sid=new").expect("nothing fails");
    let whole = ["read", "make_directory", "read", "create", "write", "sync", "rename", "sync_directory"];
    assert_eq!(disk.calls(), whole);
}

#[test]
fn a_run_that_only_sent_cookies_notes_their_last_access_without_waiting_for_the_disk() {
    let (home, disk) = (Home::new(), Faulty::new(Failure::Before, usize::MAX));
    let jar = Before::Jar.lay(&home);
    let store = FileStore::open(&jar, &disk);
    let mut snapshot = store.load().expect("a readable jar");
    touch(&mut snapshot, 0);
    assert_eq!(commit_to(&store, snapshot).expect("saved"), Committed::Written);
    assert_eq!(disk.calls(), ["read", "make_directory", "read", "create", "write", "rename"]);
    assert_eq!(fs::read_to_string(&jar).expect("the jar"), TOUCHED);
}

/// What a commit does after the cookies for the site were sent again, so many seconds past noon.
fn sends_again(jar: &Path, seconds: i64) -> Committed {
    let mut snapshot = load(jar);
    touch(&mut snapshot, seconds);
    commit(jar, snapshot)
}

#[test]
fn a_use_that_changes_nobodys_turn_to_be_evicted_is_noted_once_a_minute() {
    let home = Home::new();
    let jar = Before::Jar.lay(&home);
    let (known, noted) = (Committed::Nothing, Committed::Written);
    for (seconds, expected) in [(0, noted), (1, known), (59, known), (60, noted), (61, known), (59, noted)] {
        assert_eq!(sends_again(&jar, seconds), expected, "at {seconds}");
    }
}

#[test]
fn a_use_is_noted_at_once_where_another_cookie_was_used_or_set_since() {
    let home = Home::new();
    let jar = Before::Jar.lay(&home);
    assert_eq!(sends_again(&jar, 0), Committed::Written);
    for (at, other) in [(10, "other=1; Path=/elsewhere"), (20, "other=2; Path=/elsewhere")] {
        let mut snapshot = load(&jar);
        answer(&mut snapshot, other, at);
        commit(&jar, snapshot);
        assert_eq!(sends_again(&jar, at), Committed::Written, "{other}: used together, the order is another");
        assert_eq!(sends_again(&jar, at + 1), Committed::Written, "{other}");
        assert_eq!(sends_again(&jar, at + 2), Committed::Nothing, "{other}");
    }
    let mut snapshot = load(&jar);
    answer(&mut snapshot, "sid=again", 30);
    commit(&jar, snapshot);
    assert_eq!(sends_again(&jar, 31), Committed::Written, "never sent since it was set");
}

#[test]
fn an_older_touch_does_not_take_a_last_access_back() {
    let home = Home::new();
    let jar = Before::Jar.lay(&home);
    let (mut slow, mut fast) = (load(&jar), load(&jar));
    touch(&mut fast, 0);
    commit(&jar, fast);
    touch(&mut slow, -1800);
    commit(&jar, slow);
    assert_eq!(fs::read_to_string(&jar).expect("the jar"), TOUCHED);
}

#[test]
fn a_run_without_changes_does_not_touch_the_disk() {
    let home = Home::new();
    let jar = Before::Leftover.lay(&home);
    let state = |path: &Path| {
        let found = fs::metadata(path).expect("the jar");
        (found.ino(), found.mtime(), found.mtime_nsec(), fs::read_to_string(path).expect("the jar"))
    };
    let before = state(&jar);
    assert_eq!(commit(&jar, load(&jar)), Committed::Nothing);
    let server = Server::saying("");
    let path = jar.to_str().expect("a path in ASCII");
    home.ok(["--jar", path, &server.url("/")]);
    assert_eq!(state(&jar), before);
    assert_eq!(listing(jar.parent().expect("jars")), ["j.json", "j.json.tmp"]);
}

#[test]
fn a_jar_that_was_saved_goes_on_being_used_and_saved_beside_others() {
    let home = Home::new();
    let jar = home.path().join("j.json");
    let store = FileStore::open(&jar, Os);
    let mut mine = store.load().expect("no jar yet");
    let keep = |mine: &mut Snapshot| store.save(mine, || at(60), &mut Patient);
    answer(&mut mine, "one=1", 0);
    assert_eq!(keep(&mut mine).expect("a jar"), Committed::Written);
    assert_eq!(keep(&mut mine).expect("a jar"), Committed::Nothing);
    save(&jar, Os, "theirs=1").expect("a jar");
    answer(&mut mine, "two=2", 1);
    // What cannot be saved is not lost by that.
    let disk = Faulty::new(Failure::Once(libc::ENOSPC), 0);
    FileStore::open(&jar, &disk).save(&mut mine, || at(60), &mut Patient).expect_err("a disk that refuses");
    assert_eq!(keep(&mut mine).expect("a jar"), Committed::Written);
    assert_eq!(cookies(&jar), ["one=1", "theirs=1", "two=2"]);
    answer(&mut mine, "one=; Max-Age=0", 2);
    assert_eq!(keep(&mut mine).expect("a jar"), Committed::Written);
    assert_eq!(cookies(&jar), ["theirs=1", "two=2"]);
    assert_eq!(mine.jar().len(), 2);
}

#[test]
fn a_jar_behind_a_symbolic_link_is_replaced_at_its_target() {
    let home = Home::new();
    let jar = Before::Leftover.lay(&home);
    let (near, far) = (home.path().join("near.json"), home.path().join("far.json"));
    symlink("jars/j.json", &near).expect("a link");
    symlink("near.json", &far).expect("a link to a link");
    save(&far, Os, "sid=new").expect("saved");
    assert_eq!(fs::read_to_string(&jar).expect("the target"), NEW);
    assert_eq!(fs::read_link(&near).expect("still a link"), Path::new("jars/j.json"));
    assert_eq!(fs::read_link(&far).expect("still a link"), Path::new("near.json"));
    assert_eq!(listing(home.path()), ["far.json", "jars", "near.json"]);
    assert_eq!(listing(jar.parent().expect("jars")), ["j.json", "j.json.lock"]);
}

#[test]
fn a_dangling_symbolic_link_gets_its_target_made() {
    let home = Home::new();
    let link = home.path().join("link.json");
    symlink("deep/down/j.json", &link).expect("a link");
    save(&link, Os, "sid=new").expect("saved");
    assert_eq!(fs::read_to_string(home.path().join("deep/down/j.json")).expect("the target"), FIRST);
    assert_eq!(fs::read_link(&link).expect("still a link"), Path::new("deep/down/j.json"));
}

/// The modes of a jar, its lock and the two directories over it, all made under that umask.
fn modes_under(umask: &str) -> [u32; 4] {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
    let mut shell = Command::new("sh");
    shell.args(["-c", "umask \"$0\"; exec \"$@\"", umask]).arg(program());
    shell.args(["--jar", "new/er/j.json", &server.url("/")]).current_dir(home.path());
    let output = shell.env_clear().env("HOME", home.path()).stdin(Stdio::null()).output();
    let ran = Ran::from(output.expect("a shell"));
    assert_eq!(ran.status, 0, "umask {umask}: {ran:#?}");
    ["new", "new/er", "new/er/j.json", "new/er/j.json.lock"].map(|name| mode(&home.path().join(name)))
}

#[track_caller]
fn is_for_its_owner_alone_under(umasks: [&str; 3]) {
    for umask in umasks {
        let modes = modes_under(umask).map(|mode| format!("{mode:o}"));
        assert_eq!(modes, ["700", "700", "600", "600"], "umask {umask}");
    }
}

#[test]
fn what_is_made_is_for_its_owner_alone_under_any_usual_umask() {
    is_for_its_owner_alone_under(["000", "022", "077"]);
}

#[test]
fn what_is_made_is_for_its_owner_to_use_also_under_a_umask_that_takes_the_owners_rights() {
    is_for_its_owner_alone_under(["177", "277", "777"]);
}

#[test]
fn a_jar_that_others_could_read_is_closed_by_a_save_and_its_directory_stays_as_it_was() {
    for open in [0o700, 0o755, 0o1777] {
        let home = Home::new();
        let jar = Before::Jar.lay(&home);
        let directory = jar.parent().expect("jars");
        fs::set_permissions(directory, fs::Permissions::from_mode(open)).expect("our own directory");
        fs::set_permissions(&jar, fs::Permissions::from_mode(0o644)).expect("our own file");
        assert_eq!(load(&jar).exposed, Some(0o644));
        save(&jar, Os, "sid=new").expect("saved");
        assert_eq!((mode(directory), mode(&jar), load(&jar).exposed), (open, 0o600, None));
    }
}

#[test]
fn a_file_name_of_250_octets_leaves_room_for_the_lock_and_one_of_251_is_refused_before_anything_is_touched() {
    let home = Home::new();
    let named = |octets: usize| home.path().join("jars").join("j".repeat(octets));
    let refused = save(&named(251), Os, "sid=new").expect_err("a name too long");
    let why = "naming its lock: the file name is over 250 octets, and its lock needs a few more";
    let expected = format!("the jar {} cannot be saved: {why}", named(251).display());
    assert_eq!((refused.to_string(), listing(home.path())), (expected, vec![]));
    save(&named(250), Os, "sid=new").expect("a name that fits");
    assert_eq!(fs::read_to_string(named(250)).expect("the jar"), FIRST);
}

#[test]
fn fields_of_a_newer_release_survive_a_rewrite() {
    let newer = |text: &str| {
        text.replace(r#""cookie_bytes":4096}"#, r#""cookie_bytes":4096,"per_site":{"a":[1]}}"#)
            .replace(r#""policy":"classic","#, r#""policy":"classic","made_by":{"kuki":1.50},"colour":null,"#)
            .replace(r#""pinned":false}"#, r#""pinned":false,"partition":"https://b.test","n":1e400}"#)
    };
    let home = Home::new();
    let jar = home.write("j.json", newer(OLD));
    save(&jar, Os, "sid=new").expect("saved");
    assert_eq!(fs::read_to_string(&jar).expect("the jar"), newer(NEW));
}

/// Two processes read the jar; the faster commits its response first, then the slower one with an older response.
fn slow_after_fast(slow: &str, fast: &str) -> (Vec<String>, Committed) {
    let home = Home::new();
    let jar = Before::Jar.lay(&home);
    let (mut slower, mut faster) = (load(&jar), load(&jar));
    answer(&mut slower, slow, 1);
    answer(&mut faster, fast, 2);
    assert_eq!(commit(&jar, faster), Committed::Written);
    let committed = commit(&jar, slower);
    (cookies(&jar), committed)
}

#[test]
fn a_newer_response_stands_against_an_older_one_that_is_saved_later() {
    for (slow, fast, expected) in [
        ("sid=slow", "sid=fast", &["sid=fast"][..]),
        ("sid=; Max-Age=0", "sid=fast", &["sid=fast"]),
        ("sid=slow", "sid=; Max-Age=0", &[]),
        ("sid=; Max-Age=0", "sid=; Max-Age=0", &[]),
    ] {
        let expected: Vec<_> = expected.iter().map(|pair| (*pair).to_owned()).collect();
        assert_eq!(slow_after_fast(slow, fast), (expected, Committed::Nothing), "{slow} after {fast}");
    }
}

#[test]
fn changes_to_different_cookies_are_both_kept() {
    for (slow, fast, expected) in [
        ("b=slow", "c=fast", &["b=slow", "c=fast", "sid=old"][..]),
        ("b=slow", "sid=; Max-Age=0", &["b=slow"]),
        ("sid=; Max-Age=0", "c=fast", &["c=fast"]),
        ("sid=slow; Path=/x", "sid=fast", &["sid=fast", "sid=slow"]),
    ] {
        let expected: Vec<_> = expected.iter().map(|pair| (*pair).to_owned()).collect();
        assert_eq!(slow_after_fast(slow, fast), (expected, Committed::Written), "{slow} after {fast}");
    }
}

#[test]
fn a_newer_response_brings_a_deleted_cookie_back() {
    let home = Home::new();
    let jar = Before::Jar.lay(&home);
    let (mut slower, mut faster) = (load(&jar), load(&jar));
    answer(&mut slower, "sid=again", 2);
    answer(&mut faster, "sid=; Max-Age=0", 1);
    commit(&jar, faster);
    commit(&jar, slower);
    assert_eq!((cookies(&jar), load(&jar).jar().removed().len()), (vec!["sid=again".to_owned()], 0));
}

#[test]
fn a_jar_that_became_unreadable_meanwhile_is_left_as_it_is() {
    let home = Home::new();
    let jar = Before::Jar.lay(&home);
    let mut snapshot = load(&jar);
    answer(&mut snapshot, "sid=new", 0);
    fs::write(&jar, "{ somebody is editing this").expect("our own file");
    let refused = commit_to(&FileStore::open(&jar, Os), snapshot).expect_err("no jar");
    let said = format!("the jar {} cannot be read: key must be a string at line 1, column 3", jar.display());
    assert_eq!(refused.to_string(), said);
    assert_eq!(fs::read_to_string(&jar).expect("the file"), "{ somebody is editing this");
}
