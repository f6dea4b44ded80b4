//! Owns the tests of https: which certificates are believed, what is offered, and who gets Secure cookies.
//! Does not test what https has in common with http.

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread;

use crate::stored;
use crate::support::server::{header, ok, redirect};
use crate::support::{Home, Ran};
use crate::tls_server::{Call, TlsServer, certificate_by, certificate_for, pair_for};

const NAME: &str = "secure.test";

fn server() -> TlsServer {
    TlsServer::start(NAME, |_| ok(""))
}

/// Asks the server by its own name, with its certificate at hand in `ca.pem`.
fn ask(home: &Home, server: &TlsServer, arguments: &[&str]) -> Ran {
    home.write("ca.pem", &server.certificate);
    let (resolve, url) = (server.resolve(NAME), server.url("/"));
    home.run(["--resolve", &resolve, &url].into_iter().chain(arguments.iter().copied()))
}

/// The exit status, the first line up to its detail, which is the library's, and the last line.
fn told(ran: &Ran) -> (i32, String, String) {
    let line = ran.err.lines().next().unwrap_or_default();
    let known = [" was not accepted: ", " failed: ", " cannot be read: "];
    let end = known.iter().find_map(|end| line.find(end).map(|at| at + end.len() - 2)).unwrap_or(line.len());
    (ran.status, line[..end].to_owned(), ran.err.lines().last().unwrap_or_default().to_owned())
}

fn refused(server: &TlsServer) -> (i32, String, String) {
    let line = format!("kuki: the certificate of {} was not accepted", server.url(""));
    (60, line, "hint: trust its issuer with --cacert FILE, or accept anything with -k".to_owned())
}

#[test]
fn a_certificate_from_the_named_file_is_believed() {
    let (home, server) = (Home::new(), server());
    let ran = ask(&home, &server, &["--cacert", "ca.pem"]);
    assert_eq!((ran.status, &*ran.out, &*ran.err), (0, "ok\n", ""));
}

#[test]
fn a_certificate_of_a_stranger_is_refused_before_anything_is_sent() {
    let (home, server) = (Home::new(), server());
    let roots = home.write("system.pem", certificate_for("root.test"));
    let resolve = server.resolve(NAME);
    let output = home
        .kuki(["-u", "ada:pw", "--resolve", &resolve, &server.url("/")])
        .env("SSL_CERT_FILE", roots)
        .output()
        .expect("the program starts");
    assert_eq!(told(&Ran::from(output)), refused(&server));
    assert_eq!(server.heard(), []);
}

#[test]
fn the_named_file_takes_the_place_of_the_systems_certificates() {
    let (home, server) = (Home::new(), server());
    home.write("other.pem", certificate_for(NAME));
    let roots = home.write("system.pem", &server.certificate);
    let resolve = server.resolve(NAME);
    let output = home
        .kuki(["--cacert", "other.pem", "--resolve", &resolve, &server.url("/")])
        .env("SSL_CERT_FILE", roots)
        .output()
        .expect("the program starts");
    assert_eq!(told(&Ran::from(output)).0, 60);
}

#[test]
fn any_certificate_is_accepted_when_that_is_asked_for() {
    let (home, server) = (Home::new(), server());
    for arguments in [&["-k"][..], &["--insecure"], &["--cacert", "missing.pem", "-k"]] {
        let ran = ask(&home, &server, arguments);
        assert_eq!((ran.status, &*ran.out, &*ran.err), (0, "ok\n", ""), "{arguments:?}");
    }
    home.write("other.pem", certificate_for(NAME));
    assert_eq!(ask(&home, &server, &["-k", "--no-insecure", "--cacert", "other.pem"]).status, 60);
}

#[test]
fn a_certificate_of_another_name_is_refused() {
    let (home, server) = (Home::new(), server());
    home.write("ca.pem", &server.certificate);
    let url = server.url("/").replace(NAME, "other.test");
    let ran = home.run(["--cacert", "ca.pem", "--resolve", &server.resolve("other.test"), &url]);
    let (status, line, hint) = refused(&server);
    assert_eq!(told(&ran), (status, line.replace(NAME, "other.test"), hint));
    assert_eq!(server.heard(), []);
}

#[test]
fn a_certificate_that_calls_itself_an_authority_is_believed_where_it_is_named_itself() {
    let (home, server) = (Home::new(), TlsServer::authority(NAME, 2100, |_| ok("")));
    let ran = ask(&home, &server, &["--cacert", "ca.pem"]);
    assert_eq!((ran.status, &*ran.out, &*ran.err), (0, "ok\n", ""));

    home.write("other.pem", certificate_for(NAME));
    let stranger = ask(&home, &server, &["--cacert", "other.pem"]);
    assert_eq!(stranger.status, 60);
    assert!(stranger.err.contains("it is an authority's own, and is not trusted itself"), "{stranger:?}");

    let url = server.url("/").replace(NAME, "other.test");
    let elsewhere = home.run(["--cacert", "ca.pem", "--resolve", &server.resolve("other.test"), &url]);
    assert_eq!(elsewhere.status, 60, "{elsewhere:?}");

    let expired = TlsServer::authority(NAME, 2001, |_| ok(""));
    let late = ask(&home, &expired, &["--cacert", "ca.pem"]);
    assert_eq!(late.status, 60, "{late:?}");
    assert!(late.err.contains("expired"), "{late:?}");
}

#[test]
fn a_file_of_certificates_that_gives_none_is_named() {
    let (home, server) = (Home::new(), server());
    home.write("empty.pem", "");
    home.write("text.pem", "no certificate here\n");
    for file in ["missing.pem", "empty.pem", "text.pem"] {
        let ran = ask(&home, &server, &["--cacert", file]);
        let line = ran.err.lines().next().unwrap_or_default();
        assert!(line.starts_with("kuki: the certificates to trust cannot be read: "), "{line}");
        assert!(line.contains(file), "{line}");
        assert_eq!(
            (ran.status, ran.err.lines().last()),
            (77, Some("hint: name a PEM file with --cacert FILE"))
        );
    }
}

/// Speaks plain HTTP to whoever says anything at all.
fn plain_server() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    let address = listener.local_addr().expect("a bound listener has an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let _ = stream.read(&mut [0; 4096]).expect("a greeting");
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n").expect("a reader");
    });
    address.to_string()
}

#[test]
fn a_server_without_tls_fails_in_the_handshake() {
    let (home, address) = (Home::new(), plain_server());
    let ran = home.run([format!("https://{address}/")]);
    let line = format!("kuki: the TLS handshake with https://{address} failed");
    assert_eq!(told(&ran), (35, line, "hint: does the server speak TLS on this port?".to_owned()));
}

#[test]
fn a_connection_that_is_closed_in_the_handshake_is_no_connection_that_was_refused() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    let address = listener.local_addr().expect("a bound listener has an address");
    thread::spawn(move || {
        let (mut stream, _) = listener.accept().expect("a client");
        let _ = stream.read(&mut [0; 4096]).expect("a greeting");
        drop(stream);
        // What was not read makes the system reset the connection.
        let (stream, _) = listener.accept().expect("a client");
        stream.peek(&mut [0]).expect("a greeting");
        drop(stream);
    });
    let home = Home::new();
    for _ in ["closed", "reset"] {
        let ran = home.run([format!("https://{address}/")]);
        let line = format!("kuki: the TLS handshake with https://{address} failed");
        assert_eq!(told(&ran), (35, line, "hint: does the server speak TLS on this port?".to_owned()));
    }
}

#[test]
fn a_url_without_a_scheme_is_https_unless_it_is_loopback() {
    let (home, address) = (Home::new(), plain_server());
    let port = address.rsplit(':').next().unwrap_or_default();
    let ran = home.run(["--resolve", &format!("site.test:{port}:127.0.0.1"), &format!("site.test:{port}/")]);
    let line = format!("kuki: the TLS handshake with https://site.test:{port} failed");
    assert_eq!(told(&ran).1, line);
}

#[test]
fn http_2_is_offered_first_unless_only_http_1_is_wanted() {
    let (home, server) = (Home::new(), server());
    let arguments = [&["--cacert", "ca.pem"][..], &["--cacert", "ca.pem", "--http1.1"]];
    assert_eq!(arguments.map(|arguments| ask(&home, &server, arguments).status), [0, 0]);
    let offered: Vec<_> = server.heard().into_iter().map(|call| call.offered).collect();
    assert_eq!(offered, [vec!["h2".to_owned(), "http/1.1".to_owned()], vec!["http/1.1".to_owned()]]);
}

fn cookies(server: &TlsServer) -> Vec<String> {
    let tell = |call: &Call| format!("{} {}", call.scheme, header(&call.request, "cookie").unwrap_or("-"));
    server.heard().iter().map(tell).collect()
}

#[test]
fn a_secure_cookie_goes_over_https_only() {
    let home = Home::new();
    let server = TlsServer::start(NAME, |call| match call.scheme {
        "https" => ok("Set-Cookie: safe=1; Secure\nSet-Cookie: plain=1"),
        _ => ok(""),
    });
    let resolve = server.resolve(NAME);
    let _ = ask(&home, &server, &["--cacert", "ca.pem"]);
    let _ = ask(&home, &server, &["--cacert", "ca.pem"]);
    let _ = home.ok(["--resolve", &resolve, &server.plain_url("/")]);
    assert_eq!(cookies(&server), ["https -", "https safe=1; plain=1", "http plain=1"]);
}

#[test]
fn a_secure_cookie_stays_behind_when_a_redirect_leaves_https() {
    let home = Home::new();
    let server = TlsServer::start(NAME, |call| {
        let host = header(&call.request, "host").unwrap_or_default();
        match call.scheme {
            "https" => {
                redirect(302, &format!("http://{host}/"), "Set-Cookie: safe=1; Secure\nSet-Cookie: plain=1")
            }
            _ => ok("Set-Cookie: safe=stolen\nSet-Cookie: new=1; Secure"),
        }
    });
    let ran = ask(&home, &server, &["-L", "--cacert", "ca.pem"]);
    assert_eq!((ran.status, cookies(&server)), (0, vec!["https -".to_owned(), "http plain=1".to_owned()]));
    assert_eq!(stored(&home), ["plain=1 of secure.test", "safe=1 of secure.test"]);
}

/// Runs with these variables against the server.
fn with(home: &Home, server: &TlsServer, variables: &[(&str, &str)], arguments: &[&str]) -> Ran {
    let (resolve, url) = (server.resolve(NAME), server.url("/"));
    let mut command = home.kuki(["--resolve", &resolve, &url].into_iter().chain(arguments.iter().copied()));
    Ran::from(command.envs(variables.iter().copied()).output().expect("the program starts"))
}

#[test]
fn flags_go_before_the_environment_and_its_variables_have_curls_order() {
    let (home, server) = (Home::new(), server());
    home.write("good.pem", &server.certificate);
    home.write("bad.pem", certificate_for(NAME));
    for (name, content) in [("good", server.certificate.clone()), ("bad", certificate_for(NAME))] {
        std::fs::create_dir(home.path().join(name)).expect("a fresh home");
        home.write(&format!("{name}/0123abcd.0"), content);
    }
    for (variables, arguments, status) in [
        (&[("SSL_CERT_FILE", "good.pem")][..], &[][..], 0),
        (&[("SSL_CERT_DIR", "good")], &[], 0),
        (&[("SSL_CERT_DIR", "bad:good")], &[], 0),
        (&[("SSL_CERT_FILE", "bad.pem"), ("SSL_CERT_DIR", "good")], &[], 0),
        (&[("CURL_CA_BUNDLE", "good.pem"), ("SSL_CERT_FILE", "bad.pem")], &[], 0),
        (&[("CURL_CA_BUNDLE", "bad.pem"), ("SSL_CERT_FILE", "good.pem")], &[], 60),
        (&[("CURL_CA_BUNDLE", "good.pem")], &["--cacert", "bad.pem"], 60),
        (&[("CURL_CA_BUNDLE", "good.pem")], &["--capath", "bad"], 60),
        (&[("CURL_CA_BUNDLE", "bad.pem")], &["--capath", "good"], 0),
        (&[], &["--capath", "good", "--cacert", "bad.pem"], 0),
        (&[("SSL_CERT_FILE", "missing.pem")], &[], 77),
        (&[("SSL_CERT_FILE", "missing.pem"), ("SSL_CERT_DIR", "good")], &[], 77),
        (&[("SSL_CERT_FILE", "good.pem"), ("SSL_CERT_DIR", "missing")], &[], 0),
        (&[("SSL_CERT_DIR", "missing:good")], &[], 0),
        (&[("SSL_CERT_DIR", "missing")], &[], 77),
        (&[], &["--capath", "missing"], 77),
        (&[("SSL_CERT_FILE", "missing.pem")], &["-k"], 0),
    ] {
        let ran = with(&home, &server, variables, arguments);
        assert_eq!(ran.status, status, "{variables:?} {arguments:?} {}", ran.err);
    }
}

#[test]
fn an_error_says_which_certificate_it_was_and_why() {
    let (home, server) = (Home::new(), server());
    home.write("ca.pem", &server.certificate);
    home.write("same.pem", certificate_for("other.test"));
    home.write("other.pem", certificate_by("Somebody"));
    let of = "(it is of `rcgen self signed cert`, issued by `rcgen self signed cert`)";
    for (file, why) in [
        ("other.pem", "nobody who is trusted has issued it"),
        ("same.pem", "whoever is trusted by its issuer's name has not signed it"),
    ] {
        let ran = ask(&home, &server, &["--cacert", file]);
        let why = format!("was not accepted: {why} {of}");
        assert!(ran.err.lines().next().is_some_and(|line| line.ends_with(&why)), "{}", ran.err);
    }
    let url = server.url("/").replace(NAME, "other.test");
    let ran = home.run(["--cacert", "ca.pem", "--resolve", &server.resolve("other.test"), &url]);
    let line = ran.err.lines().next().unwrap_or_default();
    assert!(line.contains("other.test") && line.contains(NAME) && line.ends_with(of), "{line}");
}

#[test]
fn a_certificate_is_shown_to_a_server_that_asks_for_one() {
    let (home, (certificate, key)) = (Home::new(), pair_for("ada.test"));
    let server = TlsServer::demanding(NAME, &certificate, |_| ok(""));
    home.write("ada.pem", &certificate);
    home.write("ada.key", &key);
    home.write("a:b.pem", format!("{key}{certificate}"));
    for arguments in
        [&["--cert", "ada.pem", "--key", "ada.key"][..], &["-E", "a\\:b.pem"], &["-E", "a\\:b.pem:password"]]
    {
        let ran = ask(&home, &server, &[&["--cacert", "ca.pem"], arguments].concat());
        assert_eq!((ran.status, &*ran.out), (0, "ok\n"), "{arguments:?} {}", ran.err);
    }
    assert_ne!(ask(&home, &server, &["--cacert", "ca.pem"]).status, 0);
    assert_eq!(server.heard().len(), 3);
}

#[test]
fn a_certificate_that_cannot_be_shown_is_refused_before_anything_is_sent() {
    let (home, (certificate, key), (_, other)) = (Home::new(), pair_for("ada.test"), pair_for("b.test"));
    home.write("cert.pem", &certificate);
    home.write("other.key", other);
    home.write("locked.key", key.replace("PRIVATE", "ENCRYPTED PRIVATE"));
    for (arguments, status, line) in [
        (
            &["-E", "missing.pem"][..],
            58,
            "missing.pem cannot be read: No such file or directory (os error 2)",
        ),
        (&["-E", "locked.key"], 58, "locked.key holds no certificate in PEM"),
        (&["-E", "cert.pem"], 58, "cert.pem holds no private key in PEM"),
        (
            &["-E", "cert.pem", "--key", "locked.key"],
            58,
            "the key in locked.key is protected by a password, and only plain keys can be used",
        ),
        (
            &["-E", "cert.pem", "--key", "other.key"],
            58,
            "the certificate in cert.pem and the key in other.key can't be used: ",
        ),
        (&["--key", "other.key"], 2, "--key needs a certificate"),
        (&["--tls-max", "1.0"], 2, "--tls-max: `1.0` is no version that is spoken here"),
        (&["--tls-max", "1.2", "--tlsv1.3"], 2, "--tlsv1.3 and --tls-max 1.2 leave no version of TLS"),
        (&["--http1.1", "--http2"], 2, "--http1.1 and --http2 name two versions of HTTP"),
    ] {
        let ran = home.run(arguments.iter().copied().chain(["https://a.test/"]));
        let lines: Vec<_> = ran.err.lines().collect();
        assert_eq!((ran.status, lines.len()), (status, 2), "{ran:#?}");
        assert!(lines[0].starts_with(&format!("kuki: {line}")), "{lines:?}");
    }
}

#[test]
fn versions_of_tls_are_bounded_on_both_sides() {
    let (home, server) = (Home::new(), server());
    for (arguments, version) in [
        (&[][..], "TLSv1_3"),
        (&["--tlsv1.2"], "TLSv1_3"),
        (&["--tlsv1.3"], "TLSv1_3"),
        (&["--tls-max", "1.2"], "TLSv1_2"),
        (&["--tls-max", "default"], "TLSv1_3"),
    ] {
        let ran = ask(&home, &server, &[&["--cacert", "ca.pem"], arguments].concat());
        let spoken = server.heard().pop().map(|call| call.version);
        assert_eq!((ran.status, spoken.as_deref()), (0, Some(version)), "{arguments:?} {}", ran.err);
    }
}

#[test]
fn keys_are_logged_where_the_environment_says_so() {
    let (home, server) = (Home::new(), server());
    home.write("ca.pem", &server.certificate);
    let ran = with(&home, &server, &[("SSLKEYLOGFILE", "keys.log")], &["--cacert", "ca.pem"]);
    let log = std::fs::read_to_string(home.path().join("keys.log")).unwrap_or_default();
    assert!(ran.status == 0 && log.contains("CLIENT_TRAFFIC_SECRET_0 "), "{log} {ran:#?}");
}

#[test]
fn what_is_seen_of_tls_is_told_and_its_parts_are_not_told_apart() {
    let (home, server) = (Home::new(), server());
    let seen = "%{num_certs} [%{ssl_verify_result}] [%{time_connect}%{time_appconnect}] %{remote_port}";
    let port = server.address.port();
    let ran = ask(&home, &server, &["--cacert", "ca.pem", "-o", "body", "-w", seen]);
    assert_eq!(ran.out, format!("1 [0] [] {port}"), "{ran:?}");
    // Nobody judged it.
    let ran = ask(&home, &server, &["-k", "-o", "body", "-w", seen]);
    assert_eq!(ran.out, format!("1 [] [] {port}"), "{ran:?}");
    let ran = ask(&home, &server, &["-w", seen]);
    assert_eq!((ran.status, &*ran.out), (60, "1 [] [] "), "{ran:?}");
    let ran = ask(&home, &server, &["-k", "-o", "body", "-w", "%{certs}"]);
    assert_eq!(ran.out.replace('\n', ""), server.certificate.replace(['\r', '\n'], ""));
}
