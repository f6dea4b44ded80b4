//! Owns the tests of `kuki tour`, by the real program: that it tells the whole story and leaves nothing behind.
//! Does not test what the steps do; the tests of those commands do.

use std::fs;
use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Stdio};

use crate::support::{Home, Ran};

/// A home with a directory for temporary files of its own.
fn home() -> (Home, PathBuf) {
    let home = Home::new();
    let temporary = home.path().join("tmp");
    fs::create_dir(&temporary).expect("a fresh home");
    (home, temporary)
}

fn tour(home: &Home) -> Command {
    let mut command = home.kuki(["tour"]);
    command.env("TMPDIR", home.path().join("tmp"));
    command
}

fn ran(home: &Home) -> Ran {
    Ran::from(tour(home).output().expect("the program starts"))
}

/// Where the lab was, as the tour says it in its first line.
fn lab(ran: &Ran) -> &str {
    let lab = ran.out.strip_prefix("The lab is at ").and_then(|rest| rest.split_once("/, and the jar at "));
    lab.unwrap_or_else(|| panic!("{ran:#?}")).0
}

#[test]
fn every_step_shows_the_command_that_a_user_would_type() {
    let (home, _) = home();
    let ran = ran(&home);
    let lab = lab(&ran);
    let commands: Vec<_> = ran.out.lines().filter(|line| line.starts_with("$ ")).collect();
    let expected = [
        format!("$ kuki -L -d user=ada -d pass=lovelace {lab}/login"),
        format!("$ kuki {lab}/whoami"),
        "$ kuki jar list".to_owned(),
        format!("$ kuki -v '{lab}/set?theme=dark&Domain=example.com'"),
        format!("$ kuki {lab}/logout"),
        format!("$ kuki -f {lab}/whoami"),
        "$ kuki jar list".to_owned(),
    ];
    assert_eq!((ran.status, commands), (0, expected.iter().map(String::as_str).collect()), "{ran:#?}");
}

#[test]
fn the_steps_are_real_and_say_what_really_happened() {
    let (home, _) = home();
    let ran = ran(&home);
    let after = |command: &str| ran.out.split_once(command).unwrap_or_else(|| panic!("{ran:#?}")).1;
    assert!(after("/whoami\n").lines().next().is_some_and(|line| line.contains("ada")), "{ran:#?}");
    assert!(after("$ kuki jar list\n").starts_with("DOMAIN "), "{ran:#?}");
    assert!(after("/whoami\n").contains("\nno cookies in jar "), "{ran:#?}");
    let refused = "\n* refused   theme  domain-mismatch: Domain=example.com does not cover 127.0.0.1\n";
    assert!(after("example.com'\n").contains(refused), "{ran:#?}");
    assert!(after("$ kuki -f ").contains("\nkuki: the server answered 401"), "{ran:#?}");
}

#[test]
fn it_leaves_nothing_behind_and_does_not_touch_the_jars_of_the_user() {
    let (home, temporary) = home();
    let jar = home.default_jar();
    fs::create_dir_all(jar.parent().expect("the directory of jars")).expect("a fresh home");
    fs::write(&jar, "not even a jar").expect("a fresh home");
    let set = home.path().join("set.json");
    let ran = Ran::from(tour(&home).env("KUKI_JAR", &set).output().expect("the program starts"));
    assert_eq!(ran.status, 0, "{ran:#?}");
    assert_eq!(fs::read_to_string(&jar).expect("the jar"), "not even a jar");
    assert_eq!((set.exists(), fs::read_dir(temporary).expect("our own").count()), (false, 0));
}

#[test]
fn a_signal_in_the_midst_of_it_leaves_nothing_behind_either() {
    let (home, temporary) = home();
    let mut command = tour(&home);
    let mut running =
        command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program starts");
    let mut stdout = BufReader::new(running.stdout.take().expect("a pipe"));
    let mut first = String::new();
    stdout.read_line(&mut first).expect("a line");
    let kill = Command::new("sh").args(["-c", "kill -TERM $0", &running.id().to_string()]).status();
    assert!(kill.expect("a shell").success());
    stdout.read_to_string(&mut first).expect("text");
    running.wait().expect("a child of ours");
    assert_eq!(fs::read_dir(temporary).expect("our own").count(), 0, "{first}");
}
