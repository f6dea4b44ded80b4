//! Owns the tests of options that come from a file.
//! Does not test the reading of lines; `cli/config.rs` does.

use std::process::Stdio;

use crate::support::server::{Server, header};
use crate::support::{Home, Ran};

#[test]
fn the_options_of_a_file_stand_where_it_was_named() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.write("more", "-H = \"X-More: 1\"\n");
    home.write(
        "config",
        format!("# a comment\nuser-agent = \"from file\"\nconfig = more\nurl = {}\n", server.url("/a")),
    );
    for (arguments, agent) in [
        (&["-K", "config"][..], "from file"),
        (&["-q", "-sKconfig"], "from file"),
        (&["-A", "before", "--config", "config"], "from file"),
        (&["--config=config", "-A", "behind"], "behind"),
    ] {
        let ran = home.ok(arguments);
        let heard = server.heard();
        let request = heard.last().expect("a request");
        assert_eq!((&*ran.out, header(request, "user-agent")), ("ok\n", Some(agent)), "{arguments:?}");
        assert!(request.starts_with("GET /a ") && header(request, "x-more") == Some("1"), "{request}");
    }
    let file = std::fs::File::open(home.path().join("config")).expect("it was just written");
    let mut command = home.kuki(["-K", "-"]);
    let ran = Ran::from(command.stdin(Stdio::from(file)).output().expect("the program starts"));
    assert_eq!((ran.status, &*ran.out), (0, "ok\n"), "{}", ran.err);
}

#[test]
fn a_file_that_cannot_be_understood_is_named_with_its_line() {
    let home = Home::new();
    home.write("bad", "silent\nuser-agent = two words\n");
    home.write("unknown", "nonsense\n");
    home.write("itself", "config = itself\n");
    for (file, status, line) in [
        ("bad", 2, "-K: line 2 of bad: a value with blanks in it must stand in double quotes"),
        ("unknown", 2, "unexpected argument '--nonsense' found"),
        ("itself", 2, "-K: itself is named by 8 files in each other"),
        ("missing", 26, "missing cannot be read: No such file or directory (os error 2)"),
    ] {
        let ran = home.run(["-K", file, "http://a.test/"]);
        let line = format!("kuki: {line}");
        assert_eq!((ran.status, ran.err.lines().next(), ran.err.lines().count()), (status, Some(&*line), 2));
    }
}
