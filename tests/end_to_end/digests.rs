//! Owns the tests of logins that wait to be asked for: --digest, --anyauth and --basic.
//! Does not test where a login comes from; that is `logins`.

// A skipped test says so.
#![allow(clippy::print_stderr)]

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::{Command, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;

use crate::stored;
use crate::support::server::header;
use crate::support::{Home, Ran};

const MD5: &str = "Digest realm=\"lab\", nonce=\"n1\", qop=\"auth\"";
const SHA256: &str = "Digest realm=\"lab\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256";

/// A request, and which connection it came by.
#[derive(Clone, Debug)]
struct Asked {
    connection: usize,
    text: String,
}

impl Asked {
    fn authorization(&self) -> &str {
        header(&self.text, "authorization").unwrap_or("-")
    }

    /// Method, target, the kind of login, nonce and count, body.
    fn told(&self) -> String {
        let line = self.text.split(" HTTP/1.1").next().unwrap_or_default();
        let proof = self.authorization();
        let proof = match (parameter(proof, "nonce"), parameter(proof, "nc")) {
            (Some(nonce), count) => format!("{nonce}/{}", count.unwrap_or("-").trim_start_matches('0')),
            (None, _) => proof.split(' ').next().unwrap_or_default().to_owned(),
        };
        let body = self.text.split_once("\r\n\r\n").map_or("", |(_, body)| body);
        format!("{line} {proof} {body}").trim_end().to_owned()
    }
}

/// One parameter of a Digest answer, without its quotes.
fn parameter<'a>(proof: &'a str, name: &str) -> Option<&'a str> {
    let rest = proof.strip_prefix("Digest ")?;
    rest.split(", ").find_map(|pair| Some(pair.strip_prefix(name)?.strip_prefix('=')?.trim_matches('"')))
}

/// A server that keeps its connections open, and answers by what it was asked.
struct Keeper {
    address: SocketAddr,
    heard: Arc<Mutex<Vec<Asked>>>,
}

impl Keeper {
    fn start(answer: impl Fn(&str) -> String + Send + Sync + 'static) -> Keeper {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (log, answer) = (Arc::clone(&heard), Arc::new(answer));
        thread::spawn(move || {
            for (connection, stream) in listener.incoming().enumerate() {
                let Ok(stream) = stream else { continue };
                let (log, answer) = (Arc::clone(&log), Arc::clone(&answer));
                thread::spawn(move || converse(stream, connection, &log, &*answer));
            }
        });
        Keeper { address, heard }
    }

    /// Asks for a login, and believes whatever comes.
    fn asking(challenges: &'static str) -> Keeper {
        Keeper::start(move |request| match header(request, "authorization") {
            None => unauthorized(challenges),
            Some(_) => ok(),
        })
    }

    fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    fn heard(&self) -> Vec<Asked> {
        self.heard.lock().expect("no test panics while it logs").clone()
    }

    fn told(&self) -> Vec<String> {
        self.heard().iter().map(Asked::told).collect()
    }
}

fn converse(
    mut stream: TcpStream,
    connection: usize,
    log: &Mutex<Vec<Asked>>,
    answer: &dyn Fn(&str) -> String,
) {
    let (mut octets, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        while let Some(length) = whole(&octets) {
            let text = String::from_utf8_lossy(&octets[..length]).into_owned();
            octets.drain(..length);
            log.lock().expect("no test panics while it logs").push(Asked { connection, text: text.clone() });
            // A client that has heard enough may be gone.
            let _ = stream.write_all(answer(&text).as_bytes());
        }
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => octets.extend_from_slice(&piece[..count]),
            _ => return,
        }
    }
}

/// How long the first whole request is.
fn whole(octets: &[u8]) -> Option<usize> {
    let text = String::from_utf8_lossy(octets);
    let (head, body) = text.split_once("\r\n\r\n")?;
    if header(head, "transfer-encoding") == Some("chunked") {
        return body.ends_with("0\r\n\r\n").then_some(octets.len());
    }
    let length = header(head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let whole = head.len() + 4 + length;
    (octets.len() >= whole).then_some(whole)
}

fn ok() -> String {
    "HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nok\n".to_owned()
}

/// Each line of `challenges` is a header of its own.
fn unauthorized(challenges: &str) -> String {
    let lines: String = challenges.lines().map(|line| format!("WWW-Authenticate: {line}\r\n")).collect();
    format!(
        "HTTP/1.1 401 Unauthorized\r\n{lines}Set-Cookie: asked=1; Path=/\r\nContent-Length: 3\r\n\r\nno\n"
    )
}

fn moved(location: &str, status: u16) -> String {
    format!("HTTP/1.1 {status} Moved\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n")
}

fn path(request: &str) -> &str {
    request.split(' ').nth(1).unwrap_or_default()
}

#[test]
fn a_login_is_proved_when_it_is_asked_for_on_the_same_connection() {
    let (home, server) = (Home::new(), Keeper::asking(SHA256));
    let ran = home.ok([
        "--digest",
        "-u",
        "ada:pw",
        "-i",
        "-v",
        "-w",
        "%{stderr}%{num_redirects} redirects",
        &server.url("/x?q=1"),
    ]);
    assert!(ran.err.ends_with("0 redirects"), "{}", ran.err);
    let [first, second] = &server.heard()[..] else { panic!("{:?}", server.heard()) };
    assert_eq!((first.authorization(), first.connection), ("-", second.connection));
    assert_eq!(parameter(second.authorization(), "uri"), Some("/x?q=1"));
    // Both heads are shown, and the cookie that came with the challenge is kept and sent.
    assert!(ran.out.starts_with("HTTP/1.1 401 ") && ran.out.ends_with("ok\n"), "{}", ran.out);
    assert_eq!(header(&second.text, "cookie"), Some("asked=1"));
    assert_eq!(stored(&home), ["asked=1 of 127.0.0.1"]);
    assert!(ran.err.contains("> Authorization: Digest … ("), "{}", ran.err);
    assert!(!ran.err.contains("response="), "{}", ran.err);
}

/// What Python makes of a request's own parameters; `None` without a Python.
fn checked(request: &str, user: &str, password: &str) -> Option<String> {
    const CHECK: &str = r#"
import hashlib, re, sys
method, uri, proof, user, password = [part.encode() for part in sys.argv[1:6]]
pairs = re.findall(rb'([a-z]+)=(?:"((?:[^"\\]|\\.)*)"|([^ ,]+))', proof)
found = {name: re.sub(rb'\\(.)', rb'\1', quoted) or bare for name, quoted, bare in pairs}
algorithm = found.get(b'algorithm', b'MD5').upper()
def H(*parts):
    made = hashlib.sha256 if algorithm.startswith(b'SHA-256') else hashlib.md5
    return made(b':'.join(parts)).hexdigest().encode()
secret = H(user, found[b'realm'], password)
if algorithm.endswith(b'-SESS'):
    secret = H(secret, found[b'nonce'], found[b'cnonce'])
names = (b'nonce', b'nc', b'cnonce', b'qop') if b'qop' in found else (b'nonce',)
response = H(secret, *[found[name] for name in names], H(method, uri))
name = H(user, found[b'realm']) if found.get(b'userhash') == b'true' else user
right = (found[b'username'], found[b'uri'], found[b'response']) == (name, uri, response)
print('right' if right else 'wrong %r' % found)
"#;
    let mut words = request.split(' ');
    let (method, uri) = (words.next()?, words.next()?);
    let proof = header(request, "authorization").unwrap_or_default();
    let mut command = Command::new("python3");
    command.args(["-c", CHECK, method, uri, proof, user, password]);
    let output = command.output().ok()?;
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8_lossy(&output.stdout).trim_end().to_owned())
}

const FORMS: [&str; 9] = [
    MD5,
    SHA256,
    "Digest realm=\"lab\", nonce=\"n1\", qop=\"auth\", algorithm=MD5-sess",
    "Digest realm=\"lab\", nonce=\"n1\", qop=\"auth-int, auth\", algorithm=SHA-256-sess",
    "Digest realm=\"lab\", nonce=\"n1\"",
    "Digest realm=\"a \\\"b\\\", c\", nonce=\"n=1,2\", opaque=\"o\\\\p\", qop=auth, stale=false, charset=UTF-8",
    "Digest realm=\"lab\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256, userhash=true",
    "Basic realm=\"x, y\", Digest realm=\"lab\", nonce=\"n1\", qop=\"auth\"",
    "Bearer\nDigest realm=lab, nonce=n1, qop=auth\nDigest realm=lab, nonce=n2, qop=auth, algorithm=SHA-256",
];

#[test]
fn the_proof_is_the_one_that_another_program_computes() {
    for challenge in FORMS {
        for (user, password) in [("ada", "pw"), ("e\u{e9} \"q\" \\", "p:w\u{20ac}"), ("", "")] {
            let (home, server) = (Home::new(), Keeper::asking(challenge));
            let login = format!("{user}:{password}");
            let _ = home.ok(["--digest", "-u", &login, "-X", "PATCH", &server.url("/a%20b?c=d\"\\")]);
            let request = server.heard().pop().expect("a request");
            let Some(told) = checked(&request.text, user, password) else {
                eprintln!("skipped: there is no python3 to compute proofs");
                return;
            };
            assert_eq!(told, "right", "{challenge} {user}: {}", request.text);
        }
    }
}

#[test]
fn curl_sends_the_same_requests_in_the_same_order() {
    if Command::new("curl").arg("--version").stdout(Stdio::null()).status().is_err() {
        eprintln!("skipped: there is no curl to compare with");
        return;
    }
    let answer = |request: &str| {
        let proof = header(request, "authorization");
        match (path(request), proof) {
            ("/open", _) => ok(),
            ("/moved", Some(_)) => moved("/there", 302),
            ("/kept", Some(_)) => moved("/there", 307),
            ("/first", _) => moved("/there", 307),
            ("/error", _) => "HTTP/1.1 500 No\r\nContent-Length: 0\r\n\r\n".to_owned(),
            ("/stale", Some(proof)) if proof.contains("\"n1\"") => {
                unauthorized("Digest realm=\"lab\", nonce=\"n2\", qop=\"auth\", stale=true")
            }
            ("/basic", None) => unauthorized("Basic realm=\"lab\""),
            ("/wrong", _) | (_, None) => unauthorized(MD5),
            _ => ok(),
        }
    };
    for path in ["/x", "/open", "/moved", "/kept", "/first", "/error", "/stale", "/basic", "/wrong"] {
        for way in [&["--digest"][..], &["--anyauth"], &["--digest", "--basic"], &["--basic"]] {
            for more in [&[][..], &["-d", "a=1"], &["-I"], &["-X", "DELETE"], &["-T", "file"]] {
                let home = Home::new();
                home.write("file", "text");
                let (ours, theirs) = (Keeper::start(answer), Keeper::start(answer));
                let common = ["-L", "-s", "-u", "ada:pw"].iter().chain(way).chain(more);
                let ran = home.run(common.clone().copied().chain([&*ours.url(path)]));
                let mut curl = Command::new("curl");
                curl.args(["-q", "-H", "Expect:"])
                    .args(common)
                    .arg(theirs.url(path))
                    .current_dir(home.path());
                let curl = Ran::from(curl.output().expect("curl starts"));
                let told = |server: &Keeper| server.told();
                assert_eq!(
                    (told(&ours), ran.status),
                    (told(&theirs), curl.status),
                    "{path} {way:?} {more:?}"
                );
            }
        }
    }
}

#[test]
fn a_wrong_password_is_told_as_the_server_tells_it() {
    let server = Keeper::start(|_| unauthorized(MD5));
    let ran = Home::new().ok(["--digest", "-u", "ada:no", &server.url("/")]);
    assert_eq!((&*ran.out, server.told()), ("no\n", vec!["GET / -".to_owned(), "GET / n1/1".to_owned()]));
    let ran = Home::new().run(["--digest", "-f", "-u", "ada:no", &server.url("/")]);
    assert_eq!((ran.status, &*ran.out), (22, ""));
}

#[test]
fn a_server_that_always_finds_the_nonce_stale_is_left_alone() {
    let count = Mutex::new(0);
    let server = Keeper::start(move |_| {
        let mut count = count.lock().expect("no test panics while it counts");
        *count += 1;
        unauthorized(&format!("Digest realm=\"lab\", nonce=\"n{count}\", qop=\"auth\", stale=true"))
    });
    let _ = Home::new().ok(["--digest", "-u", "ada:pw", &server.url("/")]);
    assert_eq!(server.told(), ["GET / -", "GET / n1/1", "GET / n2/1"]);
}

#[test]
fn a_proof_goes_to_no_other_origin_and_does_not_come_back() {
    let other = Keeper::asking(MD5);
    let (there, host) = (other.url("/there"), other.address);
    let back = Arc::new(Mutex::new(String::new()));
    let home_url = Arc::clone(&back);
    let server = Keeper::start(move |request| match (path(request), header(request, "authorization")) {
        ("/away", Some(_)) => moved(&there, 307),
        (_, None) => unauthorized(MD5),
        _ => ok(),
    });
    *back.lock().expect("no panic") = server.url("/home");
    let ran = Home::new().ok(["-L", "-v", "--digest", "-u", "ada:pw", "-d", "a=1", &server.url("/away")]);
    assert_eq!(other.told(), ["POST /there - a=1"], "{host}");
    assert!(ran.err.contains("Authorization was given for another origin"), "{}", ran.err);
    let returning = Keeper::start(move |_| moved(&home_url.lock().expect("no panic"), 302));
    let away = returning.url("/");
    let leaving = Keeper::start(move |_| moved(&away, 302));
    let _ = Home::new().ok(["-L", "--digest", "-u", "ada:pw", &leaving.url("/")]);
    assert_eq!(server.told().last().map(String::as_str), Some("GET /home -"));
}

#[test]
fn a_trusted_origin_is_asked_anew_for_its_own_challenge() {
    let other = Keeper::asking("Digest realm=\"other\", nonce=\"o1\", qop=\"auth\"");
    let there = other.url("/there");
    let server = Keeper::start(move |request| match header(request, "authorization") {
        None => unauthorized(MD5),
        Some(_) => moved(&there, 302),
    });
    let _ = Home::new().ok(["--location-trusted", "--digest", "-u", "ada:pw", &server.url("/")]);
    assert_eq!(other.told(), ["GET /there -", "GET /there o1/1"]);
}

#[test]
fn a_body_that_can_be_read_only_once_is_not_sent_before_it_is_wanted() {
    let (home, server) = (Home::new(), Keeper::asking(MD5));
    home.write("file", "text");
    let upload = |way: &str| {
        let url = server.url("/");
        let mut command = home.kuki([way, "-u", "ada:pw", "-T", "-", &url]);
        let file = std::fs::File::open(home.path().join("file")).expect("it was just written");
        Ran::from(command.stdin(Stdio::from(file)).output().expect("the program starts"))
    };
    assert_eq!(upload("--digest").out, "ok\n");
    assert_eq!(server.told(), ["PUT / -", "PUT / n1/1 4\r\ntext\r\n0"]);
    let ran = upload("--anyauth");
    let expected = format!(
        "kuki: {} wants the body once more, but standard input can be read only once\n\
         hint: send it from a file; --digest without --anyauth asks before it sends it\n",
        server.url("/")
    );
    assert_eq!((ran.status, ran.err), (65, expected));
}

#[test]
fn without_a_login_or_with_a_header_by_hand_nothing_is_proved() {
    for more in
        [&[][..], &["-u", "ada:pw", "-H", "Authorization: mine"], &["-u", "ada:pw", "-H", "Authorization:"]]
    {
        let server = Keeper::start(|_| unauthorized(MD5));
        let url = server.url("/");
        let _ = Home::new().ok(["--digest", &url].iter().chain(more));
        assert_eq!(server.heard().len(), 1, "{more:?}");
    }
}

#[test]
fn a_netrc_and_a_url_give_logins_to_prove_too() {
    let server = Keeper::asking(MD5);
    let home = Home::new();
    home.write(".netrc", "machine 127.0.0.1 login bob password pw\n");
    let url = format!("http://eve:pw@{}/", server.address);
    let users = [&["-n", &server.url("/")][..], &[&url]].map(|arguments| {
        let _ = home.ok(["--digest"].iter().chain(arguments));
        let last = server.heard().pop().expect("a request");
        parameter(last.authorization(), "username").map(str::to_owned)
    });
    assert_eq!(users.map(Option::unwrap_or_default), ["bob", "eve"]);
}

#[test]
fn what_cannot_be_had_is_refused_by_name() {
    for (arguments, line) in [
        (&["--proxy-digest"][..], "--proxy-digest is a flag of curl's that is not supported"),
        (&["--digest", "--oauth2-bearer", "t"], "--oauth2-bearer can't go with --digest or --anyauth"),
        (&["--digest", "-u", "a\tb:c"], "the user's name holds a control character, which no header can"),
    ] {
        let ran = Home::new().run(arguments.iter().copied().chain(["http://127.0.0.1:1/"]));
        assert_eq!((ran.status, ran.err.lines().next()), (2, Some(&*format!("kuki: {line}"))), "{ran:?}");
    }
}

#[test]
fn a_challenge_without_an_end_costs_no_more_than_a_connection() {
    let server = Keeper::start(|request| match header(request, "authorization") {
        None => {
            let body = "x".repeat(1 << 20);
            let head = "HTTP/1.1 401 No\r\nWWW-Authenticate: Digest realm=r, nonce=n, qop=auth\r\nContent-Length: 99999999\r\n\r\n";
            format!("{head}{body}")
        }
        Some(_) => ok(),
    });
    assert_eq!(Home::new().ok(["--digest", "-u", "ada:pw", &server.url("/")]).out, "ok\n");
}
