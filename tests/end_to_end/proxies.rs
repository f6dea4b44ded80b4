//! Owns the tests of proxies: which request goes through which, who hears the login, and how a proxy fails.
//! Does not test the list of exceptions entry by entry; `transport/bypass.rs` does, on values.

use std::net::{SocketAddr, TcpListener};

use crate::proxy_server::Proxy;
use crate::stored;
use crate::support::server::{Server, header, ok, redirect};
use crate::support::{Home, Ran};
use crate::tls_server::TlsServer;

/// A port on which nobody listens.
fn closed() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port on loopback")
}

/// Runs with these variables.
fn with(home: &Home, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let mut command = home.kuki(arguments);
    Ran::from(command.envs(variables.iter().copied()).output().expect("the program starts"))
}

fn targets(server: &Server) -> Vec<String> {
    let target = |request: &String| request.split(' ').nth(1).unwrap_or_default().to_owned();
    server.heard().iter().map(target).collect()
}

#[test]
fn a_plain_request_is_handed_to_the_proxy_whole_and_its_cookies_are_the_hosts() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: a=1"));
    let proxy = server.address.to_string();
    for arguments in [
        ["-x", &proxy, "http://a.test/path?q=1"],
        ["--proxy", &format!("http://{proxy}/"), "http://a.test/path?q=1"],
    ] {
        assert_eq!(home.ok(arguments).out, "ok\n");
    }
    assert_eq!(targets(&server), ["http://a.test/path?q=1"; 2]);
    let heard = server.heard();
    assert_eq!(header(&heard[1], "host").zip(header(&heard[1], "cookie")), Some(("a.test", "a=1")));
    assert_eq!(stored(&home), ["a=1 of a.test"]);
}

#[test]
fn the_environment_names_proxies_as_it_does_for_curl() {
    let server = Server::saying("");
    let proxy = server.address.to_string();
    let gone = closed().to_string();
    for (variables, arguments, is_proxied) in [
        (&[("http_proxy", &*proxy)][..], &[][..], true),
        (&[("all_proxy", &proxy)], &[], true),
        (&[("ALL_PROXY", &proxy)], &[], true),
        (&[("http_proxy", &proxy), ("ALL_PROXY", &gone)], &[], true),
        (&[("HTTP_PROXY", &proxy)], &[], false),
        (&[("https_proxy", &proxy)], &[], false),
        (&[("http_proxy", "")], &[], false),
        (&[("http_proxy", &gone)], &["-x", &proxy], true),
        (&[("http_proxy", &proxy)], &["-x", ""], false),
        (&[("http_proxy", &proxy), ("no_proxy", "test")], &[], false),
        (&[("http_proxy", &proxy), ("NO_PROXY", "*")], &[], false),
        (&[("no_proxy", "a.test")], &["-x", &proxy], false),
        (&[("http_proxy", &proxy), ("no_proxy", "*")], &["--noproxy", ""], true),
        (&[("http_proxy", &proxy)], &["--noproxy", "b.test,a.test"], false),
    ] {
        // Without the proxy nobody answers.
        let home = Home::new();
        let port = closed().port();
        let (url, resolve) = (format!("http://a.test:{port}/"), format!("a.test:{port}:127.0.0.1"));
        let line: Vec<_> = arguments.iter().copied().chain(["--resolve", &resolve, &url]).collect();
        let ran = with(&home, variables, &line);
        assert_eq!(ran.status, if is_proxied { 0 } else { 7 }, "{variables:?} {arguments:?} {}", ran.err);
    }
}

#[test]
fn loopback_goes_through_a_proxy_like_any_other_host_and_is_not_taken_for_safe() {
    let (home, server) = (Home::new(), Server::saying("Set-Cookie: s=1; Secure\nSet-Cookie: a=1"));
    let proxy = server.address.to_string();
    let direct = server.url("/");
    let _ = home.ok([&direct]);
    assert_eq!(stored(&home).len(), 2);
    let _ = with(&home, &[("http_proxy", &proxy)], &["http://127.0.0.1:1/"]);
    let heard = server.heard();
    assert_eq!(targets(&server)[1], "http://127.0.0.1:1/");
    assert_eq!(header(&heard[1], "cookie"), Some("a=1"));
}

#[test]
fn a_request_over_https_goes_through_a_tunnel_that_hears_nothing_but_the_host() {
    let (home, server) = (Home::new(), TlsServer::start("a.test", |_| ok("Set-Cookie: a=1; Secure")));
    home.write("ca.pem", &server.certificate);
    let proxy = Proxy::to(server.address);
    let address = format!("ada:pw@{}", proxy.address);
    let arguments = ["--cacert", "ca.pem", "-H", "X-Secret: 1", "-u", "u:p", "https://a.test/path"];
    let ran = with(&home, &[("HTTPS_PROXY", &address)], &arguments);
    assert_eq!(
        (ran.status, &*ran.out, stored(&home)),
        (0, "ok\n", vec!["a=1 of a.test".to_owned()]),
        "{}",
        ran.err
    );
    let [connect] = &proxy.heard()[..] else { panic!("not one tunnel") };
    assert!(connect.starts_with("CONNECT a.test:443 HTTP/1.1\r\n"), "{connect}");
    assert_eq!(header(connect, "proxy-authorization"), Some("Basic YWRhOnB3"));
    assert!(!connect.contains("Secret") && header(connect, "authorization").is_none(), "{connect}");
    let [call] = &server.heard()[..] else { panic!("not one request") };
    assert_eq!(header(&call.request, "proxy-authorization"), None);
}

#[test]
fn the_proxys_login_goes_to_the_proxy_only_also_on_redirects() {
    let home = Home::new();
    let origin = Server::saying("");
    let location = origin.url("/there");
    let proxy = Server::start(move |_| redirect(302, &location, ""));
    let address = proxy.address.to_string();
    let _ = home.ok(["-L", "-x", &address, "-U", "ada:pw:x", "--noproxy", "127.0.0.1", "http://a.test/"]);
    let logins = [&proxy, &origin].map(|server| {
        let heard = server.heard();
        heard
            .iter()
            .map(|request| header(request, "proxy-authorization").map(str::to_owned))
            .collect::<Vec<_>>()
    });
    assert_eq!(logins, [vec![Some("Basic YWRhOnB3Ong=".to_owned())], vec![None]]);
}

#[test]
fn a_socks_proxy_is_told_a_name_or_an_address_as_its_kind_has_it() {
    let server = Server::saying("");
    let proxy = Proxy::to(server.address);
    let address = proxy.address.to_string();
    let resolve = "a.test:80:127.0.0.1";
    for (arguments, expected) in [
        (&["--socks5", &*address][..], "socks5 - 127.0.0.1:80"),
        (&["--socks5-hostname", &address], "socks5 - a.test:80"),
        (&["-x", &format!("socks5h://{address}"), "-U", "ada:p w"], "socks5 ada:p w a.test:80"),
        (&["-x", &format!("socks5://u:p@{address}")], "socks5 u:p 127.0.0.1:80"),
        (&["--socks4", &address], "socks4 \"\" 127.0.0.1:80"),
        (&["--socks4a", &address], "socks4 \"\" a.test:80"),
    ] {
        let home = Home::new();
        let ran = home.ok(arguments.iter().copied().chain(["--resolve", resolve, "http://a.test/"]));
        assert_eq!(ran.out, "ok\n");
        assert_eq!(proxy.heard().last().map(String::as_str), Some(expected));
    }
    let sent = server.heard();
    assert!(sent.iter().all(|request| request.starts_with("GET / HTTP/1.1\r\n")), "{sent:#?}");
    assert!(sent.iter().all(|request| header(request, "proxy-authorization").is_none()));
}

#[test]
fn https_goes_through_a_socks_proxy_too() {
    let (home, server) = (Home::new(), TlsServer::start("a.test", |_| ok("")));
    home.write("ca.pem", &server.certificate);
    let proxy = Proxy::to(server.address);
    let address = proxy.address.to_string();
    let ran = home.ok(["--cacert", "ca.pem", "--socks5-hostname", &address, "https://a.test/"]);
    assert_eq!((&*ran.out, proxy.heard()), ("ok\n", vec!["socks5 - a.test:443".to_owned()]));
}

#[test]
fn a_proxy_that_fails_is_named_with_curls_status() {
    let gone = closed();
    let refusing = Proxy::refusing("403 Forbidden");
    let closed_off = Proxy::refusing("407 Proxy Authentication Required");
    let no = |proxy: &Proxy| proxy.address.to_string();
    for (proxy, url, status, line) in [
        (
            format!("http://{gone}"),
            "http://a.test/",
            7,
            format!("could not connect to the proxy http://{gone}: "),
        ),
        (
            format!("http://{gone}"),
            "https://a.test/",
            7,
            format!("could not connect to the proxy http://{gone}: "),
        ),
        (
            format!("socks5h://{gone}"),
            "http://a.test/",
            7,
            format!("could not connect to the proxy socks5h://{gone}: Connection refused"),
        ),
        (
            format!("http://{}", no(&refusing)),
            "https://a.test/",
            56,
            format!("the proxy http://{} made no tunnel to https://a.test: unsuccessful", no(&refusing)),
        ),
        (
            format!("http://u:p@{}", no(&closed_off)),
            "https://a.test/",
            56,
            format!(
                "the proxy http://{} made no tunnel to https://a.test: proxy authorization required",
                no(&closed_off)
            ),
        ),
        (
            format!("socks5h://{}", no(&refusing)),
            "http://a.test/",
            97,
            format!("the proxy socks5h://{} did not connect to http://a.test: ", no(&refusing)),
        ),
        (
            "ftp://p.test".to_owned(),
            "http://a.test/",
            7,
            "-x: `ftp://p.test` is of a kind of proxy that".to_owned(),
        ),
        ("http://u:p@:1".to_owned(), "http://a.test/", 5, "-x: `:1` names no proxy".to_owned()),
    ] {
        let ran = Home::new().run(["-x", &proxy, url]);
        let lines: Vec<_> = ran.err.lines().collect();
        assert_eq!((ran.status, lines.len()), (status, 2), "{proxy} {ran:#?}");
        assert!(lines[0].starts_with(&format!("kuki: {line}")), "{lines:?}");
    }
}

#[test]
fn of_the_statuses_that_open_no_tunnel_only_a_missing_login_is_known() {
    for (status, expected) in [("403 Forbidden", "[]"), ("407 Proxy Authentication Required", "[407]")] {
        let proxy = Proxy::refusing(status);
        let proxy = format!("http://{}", proxy.address);
        let ran = Home::new().run(["-s", "-x", &proxy, "-w", "[%{http_connect}]", "https://a.test/"]);
        assert_eq!((ran.status, &*ran.out), (56, expected));
    }
}

#[test]
fn a_proxy_whose_name_nobody_knows_has_a_status_of_its_own() {
    for proxy in ["http://no-such-proxy.invalid:1", "socks5h://no-such-proxy.invalid:1"] {
        for url in ["http://a.test/", "https://a.test/"] {
            let ran = Home::new().run(["-m", "30", "-x", proxy, url]);
            // Where the resolver of this machine gives no answer, there is nothing to see.
            if ran.status != 28 {
                let line = format!("kuki: could not resolve the proxy {proxy}: ");
                assert!(ran.status == 5 && ran.err.starts_with(&line), "{ran:#?}");
            }
        }
    }
}

#[test]
fn two_proxies_at_once_are_refused() {
    let ran = Home::new().run(["-x", "p.test", "--socks5", "q.test", "http://a.test/"]);
    assert_eq!((ran.status, ran.err.lines().next()), (2, Some("kuki: -x and --socks5 name two proxies")));
}

#[test]
fn what_is_seen_of_a_proxy_is_told() {
    let seen =
        "%{http_connect} [%{proxy_ssl_verify_result}] [%{size_request}] %{remote_port} %{num_connects}";
    let (home, server) = (Home::new(), Server::saying(""));
    let proxy = server.address.to_string();
    let ran = home.ok(["-x", &proxy, "-o", "body", "-w", seen, "http://a.test/"]);
    assert_eq!(ran.out, format!("000 [] [] {} 1", server.address.port()));
    let port = closed().port().to_string();
    let ran = home.run(["-x", &format!("127.0.0.1:{port}"), "-w", seen, "https://a.test/"]);
    assert_eq!((ran.status, &*ran.out), (7, " [] []  0"), "{ran:?}");
}
