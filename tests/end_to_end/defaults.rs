//! Owns the tests of the configuration file: whose word counts, for which hosts, and what is refused.
//! Does not test the reading of keys; `cli/defaults.rs` does.

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

use crate::support::server::{Server, header, redirect};
use crate::support::{Home, Ran};

/// A home with this configuration file, for its owner alone.
fn home(config: &str) -> Home {
    let home = Home::new();
    let path = path(&home);
    fs::create_dir_all(path.parent().expect("a directory")).expect("a fresh home");
    fs::write(&path, config).expect("a fresh home");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).expect("our own file");
    home
}

fn path(home: &Home) -> PathBuf {
    home.path().join(".config/kuki/config.toml")
}

/// What the server heard last.
fn last(server: &Server) -> String {
    server.heard().pop().expect("a request")
}

/// The header of the last request, or `-`.
fn heard(server: &Server, name: &str) -> String {
    header(&last(server), name).unwrap_or("-").to_owned()
}

#[test]
fn what_is_typed_goes_before_a_host_and_that_before_the_default() {
    let server = Server::saying("");
    let home = home(&format!(
        "[default]\nuser-agent = \"general\"\nheader = [\"X-A: general\", \"X-B: general\"]\n\
         [host.\"127.0.0.1:{}\"]\nuser-agent = \"host\"\nheader = \"x-a: host\"\n",
        server.address.port()
    ));
    for (arguments, expected) in [
        (&[][..], ["host", "host", "general"]),
        (&["-A", "typed"], ["typed", "host", "general"]),
        (&["-H", "X-A: typed", "-H", "X-B:"], ["host", "typed", "-"]),
        (&["-H", "User-Agent: typed"], ["typed", "host", "general"]),
        (&["-q"], ["kuki/0.1.0", "-", "-"]),
        (&["-sq"], ["kuki/0.1.0", "-", "-"]),
        (&["-q", "--no-disable"], ["host", "host", "general"]),
    ] {
        let _ = home.ok(arguments.iter().copied().chain([&*server.url("/")]));
        let found = ["user-agent", "x-a", "x-b"].map(|name| heard(&server, name));
        assert_eq!(found, expected.map(str::to_owned), "{arguments:?}");
    }
    let _ = home.ok([server.url("/"), "X-A:item".to_owned()]);
    assert_eq!(heard(&server, "x-a"), "item");
}

#[test]
fn a_switch_of_the_file_is_turned_off_by_a_section_and_by_what_is_typed() {
    let server = Server::saying("");
    let home = home(&format!(
        "[default]\ninclude = true\n[host.\"127.0.0.1:{}\"]\ninclude = false\n",
        server.address.port()
    ));
    assert_eq!(home.ok([server.url("/")]).out, "ok\n");
    let other = Server::saying("");
    assert!(home.ok([other.url("/")]).out.starts_with("HTTP/1.1 200"));
    assert_eq!(home.ok(["--no-include", &other.url("/")]).out, "ok\n");
    assert_eq!(home.ok(["-q", &other.url("/")]).out, "ok\n");
}

#[test]
fn the_default_jar_is_that_of_the_file_unless_somebody_names_another() {
    let home = home("[default]\njar = \"work\"\n");
    let path = |arguments: &[&str]| {
        let out = home.ok(arguments).out;
        out.trim_end().rsplit('/').next().unwrap_or_default().to_owned()
    };
    assert_eq!(path(&["jar", "path"]), "work.json");
    assert_eq!(path(&["jar", "path", "--jar", "typed"]), "typed.json");
    assert_eq!(path(&["-q", "jar", "path"]), "default.json");
    let without = self::home("[default]\nno-jar = true\n");
    assert_eq!(without.run(["jar", "list"]).status, 1);
    let server = Server::saying("Set-Cookie: a=1");
    let _ = without.ok([server.url("/")]);
    assert!(!without.default_jar().exists());
    let mut command = home.kuki(["jar", "path"]);
    let ran = Ran::from(command.env("KUKI_JAR", "other").output().expect("the program starts"));
    assert!(ran.out.ends_with("/other.json\n"), "{ran:#?}");

    let server = Server::saying("Set-Cookie: a=1");
    let _ = home.ok([server.url("/")]);
    assert!(home.ok(["jar", "list"]).out.contains("1 cookie in jar 'work'"));
    for arguments in [&["--no-jar"][..], &["-b", "none.txt"], &["-c", "some.txt"]] {
        let _ = home.ok(arguments.iter().copied().chain([&*server.url("/")]));
        assert_eq!(heard(&server, "cookie"), "-", "{arguments:?}");
    }
    assert_eq!(home.run(["tour"]).status, 0);
}

#[test]
fn a_login_of_a_host_goes_to_that_origin_and_to_no_other() {
    let (stranger, target) = (Server::saying(""), Server::saying(""));
    let away = target.url("/away");
    let server = Server::start(move |_| redirect(302, &away, ""));
    let port = server.address.port();
    let home = home(&format!(
        "[default]\nlocation = true\n\
         [host.\"127.0.0.1:{port}\"]\nuser = \"ada:pw\"\nheader = \"X-Api-Key: k\"\ncookie = \"a=b\"\n\
         [host.\"api.test:{port}\"]\nuser = \"ada:pw\"\n"
    ));
    let _ = home.ok([server.url("/")]);
    assert_eq!(heard(&server, "authorization"), "Basic YWRhOnB3");
    assert_eq!((heard(&server, "x-api-key"), heard(&server, "cookie")), ("k".to_owned(), "a=b".to_owned()));
    // A section is for https where it does not say http, and the name of another host is another host.
    let _ = home.ok(["--resolve", &server.resolve("api.test"), &server.url_of("api.test", "/")]);
    assert_eq!(heard(&server, "authorization"), "-");
    let _ = home.ok([stranger.url("/")]);
    for other in [&stranger, &target] {
        for name in ["authorization", "x-api-key", "cookie"] {
            assert_eq!(heard(other, name), "-", "{name}");
        }
    }
}

#[test]
fn several_urls_must_agree_about_the_sections_that_fit() {
    let (server, stranger) = (Server::saying(""), Server::saying(""));
    let port = server.address.port();
    let home = home(&format!("[host.\"127.0.0.1:{port}\"]\nuser = \"ada:pw\"\n"));
    let refused =
        format!("kuki: the section of `127.0.0.1:{port}` is for some of the URLs, and not for others");
    let glob = format!("http://127.0.0.1:{{{port},{}}}/", stranger.address.port());
    for urls in [&[server.url("/"), stranger.url("/")][..], &[stranger.url("/"), server.url("/")], &[glob]] {
        let ran = home.run(urls);
        assert_eq!((ran.status, ran.err.lines().next()), (2, Some(&*refused)), "{urls:?}");
        assert!(server.heard().is_empty() && stranger.heard().is_empty());
    }
    let _ = home.ok([server.url("/[1-3]"), server.url("/4")]);
    let heard = server.heard();
    assert_eq!(heard.len(), 4);
    assert!(heard.iter().all(|request| header(request, "authorization").is_some()));
    // So many hosts that nobody looks at them all get nothing.
    let _ = home.run(["--fail-early", &format!("http://127.0.0.[1-255]:{{{port},1,2,3,4,5}}/")]);
    assert_eq!(
        server.heard().iter().skip(4).filter(|request| header(request, "authorization").is_some()).count(),
        0
    );
}

#[test]
fn a_typed_login_takes_the_place_of_the_whole_login_of_the_file() {
    let server = Server::saying("");
    let port = server.address.port();
    let home = home(&format!("[host.\"127.0.0.1:{port}\"]\nuser = \"ada\"\npassword-env = \"PW\"\n"));
    let run = |arguments: &[&str]| {
        let mut command = home.kuki(arguments);
        Ran::from(command.env("PW", "secret").output().expect("the program starts"))
    };
    let url = server.url("/");
    for (arguments, expected) in [
        (&[&*url][..], "Basic YWRhOnNlY3JldA=="),
        (&["-u", "bob:pw", &url], "Basic Ym9iOnB3"),
        (&["--oauth2-bearer", "t", &url], "Bearer t"),
        (&["-H", "Authorization: x", &url], "x"),
        (&["-H", "Authorization:", &url], "-"),
        (&[&*format!("http://bob:pw@127.0.0.1:{port}/")], "Basic Ym9iOnB3"),
    ] {
        let ran = run(arguments);
        assert_eq!((ran.status, heard(&server, "authorization")), (0, expected.to_owned()), "{arguments:?}");
    }
}

#[test]
fn the_environment_goes_before_the_file() {
    let (server, proxy) = (Server::saying(""), Server::saying("X-Proxy: 1"));
    let home = home("[default]\nproxy = \"http://127.0.0.1:1\"\n");
    assert_eq!(home.run(["http://a.test/"]).status, 7);
    let mut command = home.kuki(["http://a.test/"]);
    let ran = Ran::from(command.env("http_proxy", proxy.url("")).output().expect("the program starts"));
    assert_eq!(ran.status, 0, "{ran:#?}");
    assert!(last(&proxy).starts_with("GET http://a.test/ "));
    let _ = home.ok(["-x", "", &server.url("/")]);
}

#[test]
fn what_is_wrong_in_the_file_is_told_with_its_place_and_nothing_is_sent() {
    for (config, line, hint) in [
        (
            "[default]\nmax-tiem = 1",
            "line 2, column 1: there is no option `max-tiem`",
            "did you mean `max-time`?",
        ),
        ("[default]\nsilent = ", "line 2, column 10: ", "the form is TOML"),
        ("[host.\"*.com\"]", "line 1, column 7: host `*.com`: below a public suffix", "write [host."),
        (
            "[default]\nuser = \"a:b\"",
            "line 2, column 1: `user` in [default] would go to every host",
            "put it",
        ),
        (
            "[default]\nurl = \"http://a.test\"",
            "line 2, column 1: `url` belongs to one command",
            "type --url",
        ),
    ] {
        let (home, server) = (home(config), Server::saying(""));
        let ran = home.run([server.url("/")]);
        let start = format!("kuki: {}: {line}", path(&home).display());
        let lines: Vec<_> = ran.err.lines().collect();
        assert_eq!((ran.status, lines.len(), server.heard().len()), (2, 2, 0), "{ran:#?}");
        assert!(lines[0].starts_with(&start) && lines[1].starts_with(&format!("hint: {hint}")), "{ran:#?}");
        // What helps to mend it goes on.
        for arguments in [&["--help"][..], &["--version"], &["config", "path"], &["-q", "jar", "path"]] {
            assert_eq!(home.run(arguments).status, 0, "{arguments:?}");
        }
    }
}

#[test]
fn a_value_of_the_file_that_makes_no_sense_is_said_to_be_of_the_file() {
    let home = home("[default]\nmax-time = \"soon\"\n");
    let ran = home.run(["http://a.test/"]);
    let line = "kuki: --max-time: `soon` is not a time in seconds";
    assert_eq!((ran.status, ran.err.lines().next()), (2, Some(line)));
    assert!(ran.err.contains("config.toml says max-time, and -q leaves that out"), "{}", ran.err);
}

#[test]
fn a_file_that_is_none_is_refused_at_once() {
    let fifo = home("");
    fs::remove_file(path(&fifo)).expect("our own file");
    let made = Command::new("mkfifo").arg(path(&fifo)).status();
    assert!(made.is_ok_and(|status| status.success()));
    let directory = home("");
    fs::remove_file(path(&directory)).expect("our own file");
    fs::create_dir(path(&directory)).expect("a directory");
    let large = home(&"#\n".repeat(1 << 20));
    for (home, why) in
        [(fifo, "it is a FIFO"), (directory, "it is a directory"), (large, "it is larger than 1 MiB")]
    {
        let ran = home.run(["http://a.test/"]);
        let line = format!("kuki: the configuration file {} cannot be read: {why}", path(&home).display());
        assert_eq!((ran.status, ran.err.lines().next()), (26, Some(&*line)), "{ran:#?}");
    }
}

#[test]
fn a_home_that_is_none_holds_no_file() {
    let (home, server) = (Home::new(), Server::saying(""));
    for directory in ["/dev/null", "/nonexistent"] {
        let mut command = home.kuki(["--no-jar", &server.url("/")]);
        let ran = Ran::from(command.env("HOME", directory).output().expect("the program starts"));
        assert_eq!((ran.status, &*ran.out), (0, "ok\n"), "{ran:#?}");
    }
}

#[test]
fn a_file_with_a_login_that_others_can_read_is_reported_and_one_that_they_can_write_refused() {
    let server = Server::saying("");
    let home = home(&format!("[host.\"127.0.0.1:{}\"]\nuser = \"ada:pw\"\n", server.address.port()));
    let run = |mode: u32, arguments: &[&str]| {
        fs::set_permissions(path(&home), fs::Permissions::from_mode(mode)).expect("our own file");
        home.run(arguments.iter().copied().chain([&*server.url("/")]))
    };
    assert_eq!(run(0o600, &[]).err, "");
    let ran = run(0o644, &[]);
    assert!(
        ran.err.contains("holds a login and can be read by others (mode 0644)\nhint: chmod 600 "),
        "{ran:#?}"
    );
    assert_eq!(
        (ran.status, run(0o644, &["-s"]).err, run(0o644, &["-q"]).err),
        (0, String::new(), String::new())
    );
    let ran = run(0o602, &[]);
    assert!(ran.status == 2 && ran.err.contains("everybody may write to "), "{ran:#?}");
}

#[test]
fn a_command_of_the_file_runs_for_its_host_only_and_not_where_others_may_have_written_it() {
    let (server, other) = (Server::saying(""), Server::saying(""));
    let home = home(&format!(
        "[host.\"127.0.0.1:{}\"]\nbearer-command = \"echo run >> log; echo t0ken\"\n",
        server.address.port()
    ));
    let runs = || fs::read_to_string(home.path().join("log")).unwrap_or_default().lines().count();
    let _ = home.ok([server.url("/")]);
    assert_eq!((heard(&server, "authorization"), runs()), ("Bearer t0ken".to_owned(), 1));
    let _ = home.ok([other.url("/")]);
    let _ = home.ok(["-u", "ada:pw", &server.url("/")]);
    let _ = home.ok(["-H", "Authorization: x", &server.url("/")]);
    let _ = home.ok(["config", "show", &server.url("/")]);
    assert_eq!(runs(), 1);
    fs::set_permissions(path(&home), fs::Permissions::from_mode(0o620)).expect("our own file");
    let ran = home.run([server.url("/")]);
    assert!(ran.status == 2 && ran.err.contains("names a command (bearer-command)"), "{ran:#?}");
    assert_eq!(runs(), 1);
}

#[test]
fn it_is_shown_where_each_value_comes_from() {
    let home = home(
        "[default]\nmax-time = 10\njar = \"work\"\n[host.\"a.test\"]\nuser = \"ada:pw\"\nmax-time = 60\n",
    );
    let shown = home.ok(["config", "show", "-sm5", "https://a.test/", "--format", "json"]).out;
    assert!(!shown.contains("pw"), "{shown}");
    let shown: serde_json::Value = serde_json::from_str(&shown).expect("JSON");
    let rows: Vec<String> = shown["values"]
        .as_array()
        .expect("rows")
        .iter()
        .map(|row| {
            let text = |value: &serde_json::Value| value.as_str().unwrap_or("-").to_owned();
            let outdone = text(&row["outdone_by"]["source"]);
            format!(
                "{} {} {} {outdone}",
                text(&row["option"]),
                text(&row["value"]),
                text(&row["from"]["source"])
            )
        })
        .collect();
    for expected in [
        "max-time 10 default host",
        "max-time 60 host command-line",
        "max-time 5 command-line -",
        "jar work default -",
        "user ada:… host -",
        "silent true command-line -",
        "color auto built-in -",
    ] {
        assert!(rows.contains(&expected.to_owned()), "{expected}: {rows:#?}");
    }
    let ran = home.ok(["config", "show", "http://a.test/"]);
    assert!(ran.err.contains("[host.\"a.test\"] is for another scheme or port"), "{ran:#?}");
    assert!(home.ok(["config", "show", "--reveal", "https://a.test/"]).out.contains("ada:pw"));
    assert_eq!(home.ok(["config", "path"]).out, format!("{}\n", path(&home).display()));
    assert_eq!(home.run(["config", "show", "--nonsense"]).status, 2);
}

#[test]
fn another_directory_may_be_named_by_the_environment_and_curls_file_is_not_read() {
    let (home, server) = (Home::new(), Server::saying(""));
    let _ = home.write(".curlrc", "user-agent = curlrc\n");
    fs::create_dir_all(home.path().join("else/kuki")).expect("a fresh home");
    let _ = home.write("else/kuki/config.toml", "[default]\nuser-agent = \"else\"\n");
    let mut command = home.kuki([server.url("/")]);
    let ran = command.env("XDG_CONFIG_HOME", home.path().join("else")).status().expect("the program starts");
    assert!(ran.success());
    assert_eq!(heard(&server, "user-agent"), "else");
    let _ = home.ok([server.url("/")]);
    assert_eq!(heard(&server, "user-agent"), "kuki/0.1.0");
}

/// The example is what people copy: it is to be understood, and to mean what the text says.
#[test]
fn the_example_of_the_documentation_is_understood() {
    let docs =
        fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/docs/config.md")).expect("docs/config.md");
    let example =
        docs.split("```toml\n").nth(1).and_then(|rest| rest.split("```").next()).expect("an example");
    let home = home(example);
    let shown = home.ok(["config", "show", "https://api.example.com/"]).out;
    assert_eq!(docs.matches(shown.split_once('\n').expect("two lines").1).count(), 1, "{shown}");
}
