//! Owns the tests of addresses: which are taken, what leads elsewhere, and from where connections come.
//! Does not test the reading of `--connect-to`; `transport/detour.rs` does.

use std::io::{Read, Write};
use std::os::unix::net::UnixListener;
use std::thread;

use crate::stored;
use crate::support::Home;
use crate::support::server::{Server, header, ok};
use crate::tls_server::TlsServer;

#[test]
fn only_addresses_of_the_family_that_is_asked_for_are_taken() {
    let server = Server::saying("");
    let port = server.address.port();
    let (both, only_six) = (format!("a.test:{port}:[::1],127.0.0.1"), format!("a.test:{port}:::1"));
    let url = server.url_of("a.test", "/");
    for (arguments, status) in [
        (&["-4", "--resolve", &*both, &*url][..], 0),
        (&["--ipv4", "--resolve", &only_six, &url], 6),
        (&["-6", &server.url("/")], 6),
        (&["-4", &server.url("/")], 0),
        (&["-4", "-6", &url], 2),
    ] {
        let ran = Home::new().run(arguments);
        assert_eq!(ran.status, status, "{arguments:?} {}", ran.err);
    }
    assert_eq!(server.heard().len(), 2);
}

#[test]
fn a_connection_is_led_elsewhere_and_everything_else_stays() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
    let to = format!("a.test:80:127.0.0.1:{}", server.address.port());
    let _ = home.ok(["--connect-to", "b.test:80:127.0.0.1:1", "--connect-to", &to, "http://a.test/"]);
    assert_eq!(header(&server.heard()[0], "host"), Some("a.test"));
    assert_eq!(stored(&home), ["a=1 of a.test"]);
    let same_port = server.url_of("a.test", "/");
    let _ = home.ok(["--connect-to", "::127.0.0.1:", &same_port]);
    assert_eq!(server.heard().len(), 2);
}

#[test]
fn an_address_and_a_port_of_the_url_are_led_elsewhere_too() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
    let port = server.address.port();
    let to = format!("::127.0.0.1:{port}");
    for (option, value, url, host) in [
        ("--connect-to", &*to, "http://192.0.2.1/", "192.0.2.1"),
        ("--connect-to", &to, "http://[2001:db8::1]:81/", "[2001:db8::1]:81"),
        ("--connect-to", &to, "http://a.test:81/", "a.test:81"),
        (
            "--resolve",
            &server.resolve("192.0.2.2"),
            &server.url_of("192.0.2.2", "/"),
            &format!("192.0.2.2:{port}"),
        ),
    ] {
        let _ = home.ok([option, value, url]);
        assert_eq!(header(&server.heard()[server.heard().len() - 1], "host"), Some(host), "{url}");
    }
    let of: Vec<_> = stored(&home).iter().map(|cookie| cookie.replace("a=1 of ", "")).collect();
    assert_eq!(of, ["192.0.2.1", "192.0.2.2", "[2001:db8::1]", "a.test"]);
}

#[test]
fn a_certificate_is_judged_by_the_urls_host_wherever_the_connection_leads() {
    let (home, server) = (Home::new(), TlsServer::start("a.test", |_| ok("")));
    home.write("ca.pem", &server.certificate);
    let to = format!("::127.0.0.1:{}", server.address.port());
    for (url, status) in [
        ("https://a.test/", 0),
        ("https://a.test:81/", 0),
        ("https://b.test:81/", 60),
        ("https://b.test/", 60),
    ] {
        let ran = home.run(["--cacert", "ca.pem", "--connect-to", &to, url]);
        assert_eq!(ran.status, status, "{url} {}", ran.err);
    }
}

#[test]
fn a_detour_that_cannot_be_made_is_refused_and_nobody_is_asked() {
    let server = Server::saying("");
    let to = format!("::127.0.0.1:{}", server.address.port());
    for (arguments, line) in [
        (
            &["https://192.0.2.1/"][..],
            "the request to https://192.0.2.1 could not be set up: --connect-to and --resolve can't lead",
        ),
        (
            &["--http2-prior-knowledge", "http://a.test:81/"],
            "the request to http://a.test:81 could not be set up: --connect-to and --resolve can't lead",
        ),
        (
            &["-x", "p.test", "http://a.test/"],
            "the request to http://a.test could not be set up: --connect-to and --resolve can't",
        ),
        (&["--connect-to", "a.test", "http://a.test/"], "--connect-to: `a.test` can't be understood"),
    ] {
        let ran = Home::new().run(["--connect-to", &to].into_iter().chain(arguments.iter().copied()));
        assert!(ran.status == 2 && ran.err.starts_with(&format!("kuki: {line}")), "{ran:#?}");
    }
    assert_eq!(server.heard().len(), 0);
}

#[test]
fn a_secure_cookie_of_loopback_is_not_led_away_from_it() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: s=1; Secure\nSet-Cookie: a=1"));
    let to = format!("localhost:80:127.0.0.1:{}", server.address.port());
    let led = format!("localhost:80:a.test:{}", server.address.port());
    let _ = home.ok(["--connect-to", &to, "http://localhost/"]);
    let _ = home.ok(["--connect-to", &led, "--resolve", &server.resolve("a.test"), "http://localhost/"]);
    let _ = home.ok(["--connect-to", &to, "http://localhost/"]);
    let sent: Vec<_> =
        server.heard().iter().map(|request| header(request, "cookie").unwrap_or("-").to_owned()).collect();
    assert_eq!(sent, ["-", "a=1", "s=1; a=1"]);
}

#[test]
fn a_connection_comes_from_the_address_that_is_named() {
    let server = Server::with(|stream, _| {
        let from = stream.peer_addr().expect("a peer").ip().to_string();
        let head = format!("HTTP/1.1 200 OK\r\nContent-Length: {}\r\nConnection: close\r\n\r\n", from.len());
        stream.write_all(format!("{head}{from}").as_bytes()).expect("a client");
    });
    for given in ["127.0.0.1", "host!127.0.0.1"] {
        assert_eq!(Home::new().ok(["--interface", given, &server.url("/")]).out, "127.0.0.1");
    }
    for (given, status) in [("192.0.2.1", 45), ("no-such-if", 45), ("host!a.test", 2), ("", 2)] {
        let ran = Home::new().run(["--interface", given, &server.url("/")]);
        assert_eq!((ran.status, ran.err.lines().count()), (status, 2), "{given} {ran:#?}");
    }
}

#[test]
fn a_request_goes_to_a_socket_of_this_machine() {
    let home = Home::new();
    let listener = UnixListener::bind(home.path().join("socket")).expect("a socket in a fresh home");
    let serving = thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let mut request = [0; 4096];
        let count = stream.read(&mut request).expect("a request");
        stream.write_all(&ok("Set-Cookie: a=1")).expect("a client");
        String::from_utf8_lossy(&request[..count]).into_owned()
    });
    // A proxy takes no part.
    let proxy = "http://user:secret@p.test";
    let ran =
        home.ok(["--unix-socket", "socket", "-x", proxy, "--keepalive-time", "9", "http://a.test/path"]);
    let request = serving.join().expect("a server that ends");
    assert!(!request.to_ascii_lowercase().contains("proxy-authorization"), "{request}");
    assert!(request.starts_with("GET /path HTTP/1.1\r\n"), "{request}");
    assert_eq!((&*ran.out, stored(&home)), ("ok\n", vec!["a=1 of a.test".to_owned()]));
    let ran = home.run(["--unix-socket", "missing", "http://a.test/"]);
    assert_eq!((ran.status, ran.err.lines().count()), (7, 2), "{ran:#?}");
}

#[test]
fn what_is_not_done_is_refused_by_its_name() {
    for option in ["--dns-servers", "--dns-interface", "--dns-ipv4-addr", "--no-keepalive", "--local-port"] {
        let ran = Home::new().run([option, "1", "http://a.test/"]);
        let line = format!("kuki: {option} is a flag of curl's that is not supported");
        assert_eq!((ran.status, ran.err.lines().next()), (2, Some(&*line)));
    }
}
