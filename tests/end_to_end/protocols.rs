//! Owns the tests of which protocols a URL may have, and where redirects may lead.
//! Does not test how a list of protocols is read, which has tests beside it.

use crate::support::Home;
use crate::support::server::{Server, ok, redirect};

#[test]
fn a_protocol_that_is_not_allowed_is_refused_before_anything_is_sent() {
    let (home, server) = (Home::new(), Server::saying(""));
    let (url, host) = (server.url("/"), server.address.to_string());
    for (arguments, told) in [
        (vec!["--proto", "=https", &url], "kuki: --proto does not allow http, which this URL is\n"),
        (vec!["--proto=-all,https", &host], "hint: write https:// in the URL"),
        (vec!["--proto", "=ftp", "https://h/"], "--proto does not allow https"),
        (vec!["--proto", "=http", &url, "https://h/"], "--proto does not allow https"),
        (vec!["--proto-default", "ftp", &host], "--proto-default: `ftp` is not supported"),
    ] {
        let ran = home.run(&arguments);
        assert!(ran.status == 1 && ran.err.contains(told) && ran.err.lines().count() == 2, "{ran:#?}");
    }
    let ran = home.run(["--proto", "=htps", &url]);
    assert!(ran.status == 2 && ran.err.contains("--proto: `htps` is not a protocol"), "{ran:#?}");
    assert_eq!(server.heard(), Vec::<String>::new());
}

#[test]
fn what_is_allowed_is_asked_for() {
    let (home, server) = (Home::new(), Server::saying(""));
    let (url, host) = (server.url("/"), server.address.to_string());
    for arguments in [
        vec!["--proto", "=http", "--tlsv1.2", "-sSf", &url],
        vec!["--proto", "-all,http,https", &url],
        vec!["--proto-redir", "=https", "-L", &url],
        vec!["--proto-default", "HTTP", &host],
        vec!["--proto", "=https", "--proto-default", "https", "--offline", &host],
        vec!["--proto", "=https", "--offline", "example.com"],
    ] {
        home.ok(&arguments);
    }
    assert_eq!(server.heard().len(), 4);
}

#[test]
fn a_redirect_to_what_is_not_allowed_ends_the_chain_and_keeps_its_cookies() {
    let server = Server::start(|request| match request.starts_with("GET /there ") {
        true => ok(""),
        false => redirect(302, "/there", "Set-Cookie: a=1"),
    });
    let home = Home::new();
    let ran = home.run(["-L", "--proto-redir", "=https", &server.url("/")]);
    assert!(
        ran.status == 1 && ran.err.contains(" redirects to a URL that is http, which is not"),
        "{ran:#?}"
    );
    assert_eq!((server.heard().len(), crate::stored(&home).len()), (1, 1));
    // What --proto takes away, --proto-redir does not give back.
    let ran = home.ok(["-L", "--proto", "=http", "--proto-redir", "all", &server.url("/")]);
    assert_eq!(ran.out, "ok\n");
}

#[test]
fn a_login_in_a_url_can_be_refused() {
    let (home, server) = (Home::new(), Server::saying(""));
    let url = server.url("/").replace("http://", "http://ada:secret@");
    let ran = home.run(["--disallow-username-in-url", &url]);
    assert!(ran.status == 67 && ran.err.contains("the URL holds a user name"), "{ran:#?}");
    assert!(!ran.err.contains("secret"), "{ran:#?}");
    home.ok(["--disallow-username-in-url", "-u", "ada:secret", &server.url("/")]);
    assert_eq!(server.heard().len(), 1);
}

#[test]
fn transfers_one_after_the_other_are_no_more_often_than_they_may_be() {
    let (home, server) = (Home::new(), Server::saying(""));
    home.ok(["--rate", "1000/s", "--no-jar", &server.url("/[1-3]")]);
    assert_eq!(server.heard().len(), 3);
    let ran = home.run(["--rate", "2/week", &server.url("/[1-3]")]);
    assert!(ran.status == 2 && ran.err.contains("--rate: `2/week` is not a rate"), "{ran:#?}");
    assert_eq!(server.heard().len(), 3);
}
