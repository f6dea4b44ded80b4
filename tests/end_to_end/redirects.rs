//! Owns the tests of redirects: cookies hop by hop, and what must not travel to another origin.
//! Does not test a single request; that is `request`.

use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

use crate::stored;
use crate::support::server::{Server, header, ok, redirect};
use crate::support::{Home, Ran};
use crate::tls_server::{Call, TlsServer};

const SECRETS: [&str; 8] =
    ["-u", "ada:pw", "-H", "X-Api-Key: k", "-H", "Cookie: hand=1", "-H", "Accept-Language: ko"];

/// Redirects by path, and says `ok` to any other.
fn routes(routes: impl IntoIterator<Item = (&'static str, Vec<u8>)>) -> Server {
    let routes: Vec<_> = routes.into_iter().collect();
    Server::start(move |request| {
        let found = routes.iter().find(|(path, _)| *path == target(request));
        found.map_or_else(|| ok(""), |(_, answer)| answer.clone())
    })
}

fn target(request: &str) -> &str {
    request.split(' ').nth(1).unwrap_or_default()
}

fn host(request: &str) -> &str {
    let host = header(request, "host").unwrap_or_default();
    host.split(':').next().unwrap_or_default()
}

/// Of each request, where it went and its header of this name.
fn seen(server: &Server, name: &str) -> Vec<String> {
    let tell = |request: &String| format!("{} {}", target(request), header(request, name).unwrap_or("-"));
    server.heard().iter().map(tell).collect()
}

/// What is left of the user's secrets in a request, and of what is harmless.
fn carried(request: &str) -> String {
    let names = ["authorization", "x-api-key", "cookie", "accept-language"];
    let carried = names.iter().filter(|name| header(request, name).is_some());
    carried.copied().collect::<Vec<_>>().join(" ")
}

const EVERYTHING: &str = "authorization x-api-key cookie accept-language";
const HARMLESS: &str = "accept-language";

/// Follows from a host's path, with every other name of the server resolved to it.
#[track_caller]
fn follow(home: &Home, server: &Server, from: &str, path: &str, more: &[&str]) -> Ran {
    let [a, b] = ["a.test", "b.test"].map(|host| server.resolve(host));
    let url = server.url_of(from, path);
    home.ok(["-L", "--resolve", &a, "--resolve", &b, &url].into_iter().chain(more.iter().copied()))
}

#[test]
fn the_cookies_of_each_hop_are_stored_before_the_next_is_built() {
    let home = Home::new();
    let server = routes([
        ("/one", redirect(302, "/two", "Set-Cookie: one=1; Path=/\nSet-Cookie: two=0; Path=/")),
        ("/two", redirect(302, "/three", "Set-Cookie: two=2; Path=/\nSet-Cookie: one=; Path=/; Max-Age=0")),
    ]);
    let ran = home.ok(["-L", &server.url("/one")]);
    assert_eq!(seen(&server, "cookie"), ["/one -", "/two one=1; two=0", "/three two=2"]);
    assert_eq!((&*ran.out, stored(&home)), ("ok\n", vec!["two=2 of 127.0.0.1".to_owned()]));
}

#[test]
fn each_hop_gets_the_cookies_of_its_own_url() {
    let home = Home::new();
    let server = Server::start(|request| {
        let port = header(request, "host").and_then(|host| host.split(':').nth(1)).unwrap_or_default();
        match (host(request), target(request)) {
            ("a.test", "/start") => {
                redirect(302, "/deep/er", "Set-Cookie: a=1\nSet-Cookie: deep=1; Path=/deep")
            }
            ("a.test", _) => redirect(302, &format!("http://b.test:{port}/deep/end"), "Set-Cookie: er=1"),
            _ => ok("Set-Cookie: b=1"),
        }
    });
    let _ = follow(&home, &server, "a.test", "/start", &[]);
    let _ = follow(&home, &server, "b.test", "/deep/", &[]);
    assert_eq!(seen(&server, "cookie"), ["/start -", "/deep/er deep=1; a=1", "/deep/end -", "/deep/ b=1"]);
}

#[test]
fn what_the_user_gave_stays_with_the_origin_on_the_way_within_it() {
    let home = Home::new();
    let server = routes([("/one", redirect(302, "/two", ""))]);
    let _ = follow(&home, &server, "a.test", "/one", &SECRETS);
    let carried: Vec<_> = server.heard().iter().map(|request| carried(request)).collect();
    assert_eq!(carried, [EVERYTHING, EVERYTHING]);
}

#[test]
fn what_the_user_gave_does_not_go_to_another_host_and_does_not_come_back() {
    let home = Home::new();
    let server = Server::start(|request| {
        let port = header(request, "host").and_then(|host| host.split(':').nth(1)).unwrap_or_default();
        match target(request) {
            "/away" => redirect(302, &format!("http://b.test:{port}/back"), "Set-Cookie: jar=1; Path=/"),
            "/back" => redirect(302, &format!("http://a.test:{port}/home"), ""),
            _ => ok(""),
        }
    });
    let _ = follow(&home, &server, "a.test", "/away", &SECRETS);
    let told: Vec<_> = server.heard().iter().map(|request| carried(request)).collect();
    assert_eq!(told, [EVERYTHING, HARMLESS, "cookie accept-language"]);
    assert_eq!(seen(&server, "cookie"), ["/away hand=1", "/back -", "/home jar=1"]);
}

#[test]
fn a_subdomain_and_a_parent_are_other_hosts() {
    for (from, to) in [("a.test", "www.a.test"), ("www.a.test", "a.test")] {
        let home = Home::new();
        let server = Server::start(move |request| {
            let port = header(request, "host").and_then(|host| host.split(':').nth(1)).unwrap_or_default();
            match target(request) {
                "/away" => redirect(307, &format!("http://{to}:{port}/"), ""),
                _ => ok(""),
            }
        });
        let more = ["--resolve".to_owned(), server.resolve("www.a.test")];
        let more: Vec<&str> = more.iter().map(|text| &**text).chain(SECRETS).collect();
        let _ = follow(&home, &server, from, "/away", &more);
        let told: Vec<_> = server.heard().iter().map(|request| carried(request)).collect();
        assert_eq!(told, [EVERYTHING, HARMLESS], "{from} to {to}");
    }
}

#[test]
fn another_port_is_another_origin_but_no_other_cookies() {
    let home = Home::new();
    let second = Server::saying("");
    let location = second.url("/there");
    let first = Server::start(move |_| redirect(302, &location, "Set-Cookie: jar=1; Path=/"));
    let _ = home.ok(["-L", &first.url("/")].into_iter().chain(SECRETS));
    let request = second.heard().pop().expect("a request");
    assert_eq!((&*carried(&request), header(&request, "cookie")), ("cookie accept-language", Some("jar=1")));
}

#[test]
fn another_scheme_is_another_origin() {
    let home = Home::new();
    let server = TlsServer::start("a.test", |call: &Call| match (call.scheme, target(&call.request)) {
        ("https", "/down") => {
            redirect(302, &format!("http://{}/", header(&call.request, "host").unwrap_or_default()), "")
        }
        _ => ok(""),
    });
    let ca = home.write("ca.pem", &server.certificate);
    let ca = ca.to_str().expect("a path of text").to_owned();
    let (resolve, url) = (server.resolve("a.test"), server.url("/down"));
    let arguments = ["-L", "--cacert", &ca, "--resolve", &resolve, &url];
    let _ = home.ok(arguments.into_iter().chain(SECRETS));
    let told: Vec<_> =
        server.heard().iter().map(|call| format!("{} {}", call.scheme, carried(&call.request))).collect();
    assert_eq!(told, [format!("https {EVERYTHING}"), format!("http {HARMLESS}")]);
}

#[test]
fn userinfo_in_a_location_is_nobody() {
    let home = Home::new();
    let server = Server::start(|request| {
        let host = header(request, "host").unwrap_or_default();
        match target(request) {
            "/one" => redirect(302, &format!("http://eve:x@{host}/two"), ""),
            _ => redirect(302, "file:///", ""),
        }
    });
    let nobody = home.run(["-L", &server.url("/one")]);
    let ada = home.run(["-L", "-u", "ada:pw", &server.url("/one")]);
    let basic = "Basic YWRhOnB3";
    let expected =
        ["/one -".to_owned(), "/two -".to_owned(), format!("/one {basic}"), format!("/two {basic}")];
    assert_eq!(seen(&server, "authorization"), expected);
    let two = server.url("/two");
    let line = format!("kuki: {two} redirects to a file: URL; only http and https are followed");
    assert_eq!([nobody, ada].map(|ran| ran.err.lines().next() == Some(&*line)), [true; 2]);
}

#[test]
fn no_hop_says_where_it_comes_from() {
    let home = Home::new();
    let server = routes([("/one?secret", redirect(302, "/two", ""))]);
    let _ = home.ok(["-L", &server.url("/one?secret")]);
    assert_eq!(seen(&server, "referer"), ["/one?secret -", "/two -"]);
}

#[test]
fn methods_and_bodies_change_as_in_browsers() {
    for (arguments, status, expected) in [
        (&["-d", "a=1"][..], 301, "GET /to - \"\""),
        (&["-d", "a=1"], 302, "GET /to - \"\""),
        (&["-d", "a=1"], 303, "GET /to - \"\""),
        (&["-d", "a=1"], 307, "POST /to application/x-www-form-urlencoded \"a=1\""),
        (&["-d", "a=1"], 308, "POST /to application/x-www-form-urlencoded \"a=1\""),
        (&["--json", "{}", "-X", "PUT"], 302, "PUT /to application/json \"{}\""),
        (&["--json", "{}", "-X", "PUT"], 303, "GET /to - \"\""),
        (&["-H", "Content-Type: text/x", "-d", "a"], 302, "GET /to - \"\""),
        (&["-X", "DELETE"], 307, "DELETE /to - \"\""),
        (&["-I"], 302, "HEAD /to - \"\""),
        (&["-I"], 303, "HEAD /to - \"\""),
    ] {
        let (home, server) = (Home::new(), routes([("/from", redirect(status, "/to", ""))]));
        let url = server.url("/from");
        let _ = home.ok(["-L", &url].into_iter().chain(arguments.iter().copied()));
        let [_, request] = &server.heard()[..] else { panic!("not two requests for {arguments:?} {status}") };
        let (head, body) = request.split_once("\r\n\r\n").expect("a whole head");
        let line = head.split(" HTTP/1.1").next().unwrap_or_default();
        let kind = header(request, "content-type").unwrap_or("-");
        assert_eq!(format!("{line} {kind} {body:?}"), expected, "{arguments:?} {status}");
    }
}

#[test]
fn a_body_that_was_dropped_does_not_come_back() {
    let home = Home::new();
    let server = routes([("/one", redirect(303, "/two", "")), ("/two", redirect(307, "/three", ""))]);
    let _ = home.ok(["-L", "-d", "secret=1", &server.url("/one")]);
    let last = server.heard().pop().expect("a request");
    assert!(last.starts_with("GET /three ") && !last.contains("secret"), "{last}");
}

#[test]
fn a_location_is_read_from_where_it_was_said() {
    for (location, expected) in [
        ("next", "/dir/next"),
        ("../up", "/up"),
        ("?q=1", "/dir/page?q=1"),
        ("/abs#frag", "/abs"),
        ("/\u{e9}", "/%C3%A9"),
    ] {
        let (home, server) = (Home::new(), routes([("/dir/page?old", redirect(302, location, ""))]));
        let _ = home.ok(["-L", &server.url("/dir/page?old")]);
        assert_eq!(seen(&server, "-")[1..], [format!("{expected} -")], "{location}");
    }
}

#[test]
fn a_location_may_leave_the_scheme_out() {
    let home = Home::new();
    let server = Server::start(|request| match target(request) {
        "/one" => redirect(302, &format!("//{}/two", header(request, "host").unwrap_or_default()), ""),
        _ => ok(""),
    });
    let _ = home.ok(["-L", &server.url("/one")]);
    assert_eq!(seen(&server, "-"), ["/one -", "/two -"]);
}

#[test]
fn without_being_told_to_follow_the_redirect_itself_is_the_answer() {
    let home = Home::new();
    let server = Server::start(|_| {
        b"HTTP/1.1 302 Found\r\nLocation: /two\r\nSet-Cookie: a=1\r\nContent-Length: 5\r\n\r\nthere".to_vec()
    });
    let ran = home.ok([server.url("/one")]);
    assert_eq!(
        (&*ran.out, server.heard().len(), stored(&home)),
        ("there", 1, vec!["a=1 of 127.0.0.1".to_owned()])
    );
}

#[test]
fn what_is_no_redirect_is_not_followed() {
    for status in [200, 201, 300, 304, 401] {
        let (home, server) = (Home::new(), routes([("/one", redirect(status, "/two", ""))]));
        let _ = home.ok(["-L", &server.url("/one")]);
        assert_eq!(server.heard().len(), 1, "{status}");
    }
}

/// How a chain that can't go on ends; its first hop's cookie is kept in any case.
#[track_caller]
fn ends(location: &str, status: i32, line: &str, hint: &str) {
    let home = Home::new();
    let location = location.to_owned();
    let server = Server::start(move |_| redirect(302, &location, "Set-Cookie: first=hop; Path=/"));
    let ran = home.run(["-L", &server.url("/from")]);
    let from = server.url("/from");
    let expected = format!("kuki: {}\nhint: {hint}\n", line.replace("FROM", &from));
    assert_eq!((ran.status, &*ran.out, &*ran.err), (status, "", &*expected));
    assert_eq!(stored(&home), ["first=hop of 127.0.0.1"]);
}

#[test]
fn a_redirect_to_another_protocol_is_refused() {
    let hint = "leave -L out to see the answer itself";
    for (location, scheme) in [("file:///etc/passwd", "file"), ("ftp://a.test/", "ftp"), ("data:,x", "data")]
    {
        let line = format!("FROM redirects to a {scheme}: URL; only http and https are followed");
        ends(location, 1, &line, hint);
    }
}

#[test]
fn a_location_that_is_no_url_is_refused() {
    let hint = "leave -L out to see the answer itself";
    ends("http://", 3, "FROM redirects to `http://`, which is not a URL", hint);
    ends("/a\tb", 3, "FROM redirects to `/a\\tb`, which is not a URL", hint);
}

#[test]
fn over_fifty_redirects_are_too_many() {
    let home = Home::new();
    let server = Server::start(|request| {
        let number: usize = target(request).trim_start_matches('/').parse().unwrap_or_default();
        redirect(302, &format!("/{}", number + 1), &format!("Set-Cookie: last={number}; Path=/"))
    });
    let ran = home.run(["-L", &server.url("/0")]);
    let err = "kuki: over 50 redirects\nhint: see where they lead with -v; --max-redirs NUMBER allows more\n";
    assert_eq!((ran.status, &*ran.err, server.heard().len()), (47, err, 51));
    assert_eq!(stored(&home), ["last=50 of 127.0.0.1"]);
}

#[test]
fn fifty_redirects_are_followed() {
    let home = Home::new();
    let server = Server::start(|request| {
        match target(request).trim_start_matches('/').parse::<usize>().unwrap_or_default() {
            50 => ok(""),
            number => redirect(302, &format!("/{}", number + 1), ""),
        }
    });
    assert_eq!(home.ok(["-L", &server.url("/0")]).out, "ok\n");
}

#[test]
fn a_location_with_a_control_octet_is_never_followed() {
    for octet in [0x01, 0x08, 0x1b, 0x7f] {
        let home = Home::new();
        let server = Server::start(move |request| match target(request) {
            "/from" => redirect(302, &format!("/to{}x", char::from(octet)), "Set-Cookie: a=1; Path=/"),
            _ => ok(""),
        });
        let _ = home.run(["-L", &server.url("/from")]);
        assert_eq!((seen(&server, "-"), stored(&home).len()), (vec!["/from -".to_owned()], 1), "{octet}");
    }
}

#[test]
fn cookies_that_came_before_a_hop_that_fails_are_kept() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    let address = listener.local_addr().expect("a bound listener has an address");
    drop(listener);
    let refusal = TcpStream::connect(address).expect_err("nobody listens there any more");
    let line = format!("could not connect to http://{address}: {refusal}");
    ends(&format!("http://{address}/"), 7, &line, "is the server running, and is the port right?");
}

#[test]
fn as_many_redirects_are_followed_as_are_allowed() {
    for (arguments, status, asked) in [
        (&["-L", "--max-redirs", "0"][..], 47, 1),
        (&["-L", "--max-redirs", "2"], 47, 3),
        (&["-L", "--max-redirs", "60"], 0, 61),
        (&["-L", "--max-redirs", "-1"], 0, 61),
        (&["--max-redirs", "60"], 0, 1),
    ] {
        let home = Home::new();
        let server = Server::start(|request| {
            match target(request).trim_start_matches('/').parse::<usize>().unwrap_or_default() {
                60 => ok(""),
                number => redirect(302, &format!("/{}", number + 1), ""),
            }
        });
        let url = server.url("/0");
        let ran = home.run(arguments.iter().copied().chain([&*url]));
        assert_eq!((ran.status, server.heard().len()), (status, asked), "{arguments:?}");
    }
}

#[test]
fn a_trusted_redirect_takes_everything_along_to_another_host_but_not_its_cookies() {
    let home = Home::new();
    let server = Server::start(|request| {
        let port = header(request, "host").and_then(|host| host.split(':').nth(1)).unwrap_or_default();
        match target(request) {
            "/away" => redirect(302, &format!("http://b.test:{port}/there"), "Set-Cookie: jar=1; Path=/"),
            _ => ok(""),
        }
    });
    let secrets: Vec<&str> = ["--location-trusted"].into_iter().chain(SECRETS).collect();
    let _ = follow(&home, &server, "a.test", "/away", &secrets);
    let told: Vec<_> = server.heard().iter().map(|request| carried(request)).collect();
    assert_eq!(told, [EVERYTHING, EVERYTHING]);
    assert_eq!(seen(&server, "cookie"), ["/away hand=1", "/there hand=1"]);
}

/// Every way of giving something that is for one origin only; `URL` stands for the URL, `HOST` for its authority.
const WAYS: [&[&str]; 12] = [
    &["-u", "ada:pw", "URL"],
    &["http://ada:pw@HOST/away"],
    &["--oauth2-bearer", "token", "URL"],
    &["-H", "Authorization: Custom x", "URL"],
    &["-n", "URL"],
    &["--anyauth", "-u", "ada:pw", "URL"],
    &["--digest", "-u", "ada:pw", "URL"],
    &["-b", "hand=1", "URL"],
    &["-H", "cOOkie: hand=1", "URL"],
    &["-H", "X-Api-Key: k", "URL"],
    &["URL", "X-Api-Key:k"],
    &["-e", "http://a.test/secret", "URL"],
];

#[test]
fn nothing_that_was_given_for_one_origin_reaches_another_one_and_nothing_comes_back() {
    for (from, to) in [
        ("a.test", Some("b.test")),
        ("a.test", Some("www.a.test")),
        ("www.a.test", Some("a.test")),
        ("a.test", Some("a.test.b.test")),
        ("a.test", Some("ba.test")),
        ("a.test", None),
    ] {
        for way in WAYS {
            leaves_everything_behind(from, to, way);
        }
    }
}

/// Does a request carry anything of the user's?
fn is_given(request: &str) -> bool {
    ["authorization", "cookie", "x-api-key", "referer"].iter().any(|name| header(request, name).is_some())
}

/// A chain away from a host and back; `None` is the same host at another port.
#[track_caller]
fn leaves_everything_behind(from: &'static str, to: Option<&'static str>, way: &[&str]) {
    let home = Home::new();
    home.write(".netrc", format!("machine {from} login ada password pw\n"));
    let back = Arc::new(Mutex::new(String::new()));
    let goes_back = Arc::clone(&back);
    let other = Server::start(move |_| redirect(307, &goes_back.lock().expect("no panic"), ""));
    let elsewhere = other.url_of(from, "/there");
    let server = Server::start(move |request| {
        let own = header(request, "host").and_then(|host| host.split(':').nth(1)).unwrap_or_default();
        let away = to.map_or_else(|| elsewhere.clone(), |to| format!("http://{to}:{own}/there"));
        match target(request) {
            "/away" if is_given(request) => redirect(307, &away, ""),
            // Digest and its like show what they have only when they are asked.
            "/away" => b"HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=r, nonce=n, qop=auth\r\n\
                Content-Length: 0\r\nConnection: close\r\n\r\n"
                .to_vec(),
            "/there" => redirect(307, &format!("http://{from}:{own}/home"), ""),
            _ => ok(""),
        }
    });
    *back.lock().expect("no panic") = server.url_of(from, "/home");
    let authority = format!("{from}:{}", server.address.port());
    let url = server.url_of(from, "/away");
    let mut arguments = vec!["-L".to_owned(), "--resolve".to_owned(), other.resolve(from)];
    for host in [Some(from), to].into_iter().flatten() {
        arguments.extend(["--resolve".to_owned(), server.resolve(host)]);
    }
    arguments.extend(way.iter().map(|word| word.replace("URL", &url).replace("HOST", &authority)));
    let _ = home.ok(&arguments);
    let all: Vec<String> = server.heard().into_iter().chain(other.heard()).collect();
    let given: Vec<&str> =
        all.iter().filter(|request| is_given(request)).map(|request| target(request)).collect();
    let is_home = all.iter().any(|request| target(request) == "/home");
    assert!(is_home && given == ["/away"], "{from} {to:?} {way:?}: {all:#?}");
}

#[test]
fn a_trusted_redirect_takes_no_host_header_to_another_host() {
    let home = Home::new();
    let server = Server::start(|request| {
        let port = header(request, "x-port").unwrap_or_default();
        match target(request) {
            "/away" => redirect(302, &format!("http://b.test:{port}/there"), ""),
            "/there" => redirect(302, &format!("http://a.test:{port}/back"), ""),
            _ => ok(""),
        }
    });
    let port = format!("X-Port: {}", server.address.port());
    let more = ["--location-trusted", "-H", "Host: by.hand", "-H", &port];
    let _ = follow(&home, &server, "a.test", "/away", &more);
    let there = format!("/there b.test:{}", server.address.port());
    assert_eq!(seen(&server, "host"), ["/away by.hand".to_owned(), there, "/back by.hand".to_owned()]);
}

#[test]
fn a_post_stays_a_post_after_the_statuses_that_are_named() {
    for (option, keeping) in [("--post301", 301), ("--post302", 302), ("--post303", 303)] {
        for status in [301, 302, 303] {
            let (home, server) = (Home::new(), routes([("/from", redirect(status, "/to", ""))]));
            let _ = home.ok(["-L", option, "-d", "a=1", &server.url("/from")]);
            let last = server.heard().pop().expect("a request");
            let is_kept = last.starts_with("POST /to ") && last.ends_with("a=1");
            assert_eq!(is_kept, status == keeping, "{option} {status}: {last}");
        }
    }
}
