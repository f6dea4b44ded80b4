//! Owns the tests of logins that come from elsewhere than -u: a token, a file, the environment, a netrc.
//! Does not test to which origins they go; that is `redirects`, but for the token.

use std::process::Stdio;

use crate::support::server::{Server, header, redirect};
use crate::support::{Home, Ran};

const ADA: &str = "Basic YWRhOnB3";

fn last(server: &Server) -> Option<String> {
    let heard = server.heard();
    header(heard.last()?, "authorization").map(str::to_owned)
}

#[test]
fn a_token_is_sent_to_the_first_origin_only_and_is_not_shown() {
    let other = Server::saying("");
    let location = other.url("/");
    let server = Server::start(move |_| redirect(302, &location, ""));
    let ran = Home::new().ok(["-L", "-v", "--oauth2-bearer", "t0ken", &server.url("/")]);
    assert_eq!((last(&server).as_deref(), last(&other)), (Some("Bearer t0ken"), None));
    assert!(!ran.err.contains("t0ken"), "{}", ran.err);
    let ran = Home::new().run(["--oauth2-bearer", "a\nX: b", &server.url("/")]);
    assert_eq!((ran.status, server.heard().len()), (2, 1));
}

#[test]
fn a_password_comes_from_a_file_a_variable_or_standard_input() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.write("secret", "pw\r\nmore\n");
    let url = server.url("/");
    for arguments in [
        ["--password-file", "secret"],
        ["--password-env", "SECRET"],
        ["--password-file", "-"],
        ["--password-command", "cat secret | cat"],
    ] {
        let mut command = home.kuki(["-u", "ada"].iter().chain(&arguments).chain([&&*url]));
        let secret = std::fs::File::open(home.path().join("secret")).expect("it was just written");
        let ran =
            command.env("SECRET", "pw").stdin(Stdio::from(secret)).output().expect("the program starts");
        assert_eq!((Ran::from(ran).status, last(&server).as_deref()), (0, Some(ADA)), "{arguments:?}");
    }
}

#[test]
fn a_token_may_come_from_elsewhere_and_a_command_does_not_read_the_body() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.write("body", "the body");
    for arguments in [["--bearer-env", "TOKEN"], ["--bearer-command", "cat; printf 't0ken\\nmore\\n'"]] {
        let mut command = home.kuki(arguments.iter().copied().chain(["-d", "@-", &server.url("/")]));
        let body = std::fs::File::open(home.path().join("body")).expect("it was just written");
        let ran =
            command.env("TOKEN", "t0ken").stdin(Stdio::from(body)).output().expect("the program starts");
        assert_eq!((Ran::from(ran).status, last(&server).as_deref()), (0, Some("Bearer t0ken")));
        assert!(server.heard().pop().is_some_and(|request| request.ends_with("\r\n\r\nthe body")));
    }
}

#[test]
fn a_password_that_is_missing_or_given_twice_is_refused() {
    for (arguments, status, line) in [
        (&["--password-env", "SECRET"][..], 2, "--password-env needs a user"),
        (&["--password-command", "false"], 2, "--password-command needs a user"),
        (
            &["-u", "ada", "--password-command", "exit 3"],
            2,
            "--password-command: the command failed: exit status: 3",
        ),
        (&["-u", "ada", "--password-command", ":"], 2, "--password-command: the command printed nothing"),
        (
            &["-u", "ada:pw", "--password-command", ":"],
            2,
            "-u has a password already, and --password-command",
        ),
        (&["--bearer-env", "SECRET"], 2, "--bearer-env: the variable `SECRET` is not set"),
        (
            &["--bearer-env", "A", "--bearer-command", "b"],
            2,
            "--bearer-env and --bearer-command name two tokens",
        ),
        (&["--bearer-command", "echo a", "--digest"], 2, "--bearer-command can't go with --digest"),
        (&["--bearer-command", "printf 'a\\001b'"], 2, "--bearer-command: a header's value holds a control"),
        (&["-u", "ada", "--password-env", "SECRET"], 2, "--password-env: the variable `SECRET` is not set"),
        (&["-u", "ada", "--password-env", ""], 2, "--password-env: the variable `` is not set"),
        (&["-u", "ada", "--password-file", "none"], 26, "none cannot be read: "),
        (&["-u", "ada:pw", "--password-env", "HOME"], 2, "-u has a password already"),
        (
            &["-u", "ada", "--password-env", "HOME", "--password-file", "x"],
            2,
            "--password-file and --password-env name two passwords",
        ),
    ] {
        let ran = Home::new().run(arguments.iter().copied().chain(["http://127.0.0.1:1/"]));
        let lines: Vec<_> = ran.err.lines().collect();
        assert_eq!((ran.status, lines.len()), (status, 2), "{ran:#?}");
        assert!(lines[0].starts_with(&format!("kuki: {line}")), "{lines:?}");
    }
}

#[test]
fn a_netrc_gives_the_login_of_exactly_this_host_and_user() {
    let server = Server::saying("");
    let (resolve, other) = (server.resolve("a.test"), server.resolve("www.a.test"));
    let home = Home::new();
    home.write(".netrc", "machine a.test login ada password pw\n");
    home.write("other", "machine a.test login bob password pw\n");
    let port = server.address.port();
    for (arguments, authority, expected) in [
        (&["-n"][..], "a.test", Some(ADA)),
        (&["--netrc-optional"], "a.test", Some(ADA)),
        (&["--netrc-file", "other"], "a.test", Some("Basic Ym9iOnB3")),
        (&["-n"], "ada@a.test", Some(ADA)),
        (&["-n"], "eve@a.test", Some("Basic ZXZlOg==")),
        (&["-n"], "ada:url@a.test", Some(ADA)),
        (&["--netrc-optional"], "ada:url@a.test", Some("Basic YWRhOnVybA==")),
        (&["-n", "-u", "eve:x"], "a.test", Some("Basic ZXZlOng=")),
        (&["-n"], "www.a.test", None),
        (&[], "a.test", None),
    ] {
        let url = format!("http://{authority}:{port}/");
        let _ = home.ok(["--resolve", &resolve, "--resolve", &other, &url].iter().chain(arguments));
        assert_eq!(last(&server).as_deref(), expected, "{arguments:?} {authority}");
    }
}

#[test]
fn a_netrc_that_is_not_there_matters_unless_it_is_optional() {
    let server = Server::saying("");
    for (arguments, status) in
        [(&["-n"][..], 26), (&["--netrc-file", "none"], 26), (&["--netrc-optional"], 0)]
    {
        let url = server.url("/");
        let ran = Home::new().run(arguments.iter().copied().chain([&*url]));
        assert_eq!(ran.status, status, "{arguments:?} {}", ran.err);
    }
}
