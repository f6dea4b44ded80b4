//! Owns a server that says exactly what a test wants, octet by octet, and remembers what it was asked.
//! Does not know HTTP beyond where a request ends.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Listens on loopback until the test ends.
pub struct Server {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<Vec<u8>>>>,
}

impl Server {
    /// Answers each request with the octets that `answer` makes of it (its whole text, head and body), one request a
    /// connection, each on its own thread; then the connection is closed.
    pub fn start(answer: impl Fn(&str) -> Vec<u8> + Send + Sync + 'static) -> Server {
        Server::with(move |stream, request| {
            // A client that has heard enough may be gone.
            let _ = stream.write_all(&answer(request));
        })
    }

    /// Leaves the connection to the test after the request was read.
    pub fn with(converse: impl Fn(&mut TcpStream, &str) + Send + Sync + 'static) -> Server {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let (log, converse) = (Arc::clone(&heard), Arc::new(converse));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(mut stream) = stream else { continue };
                let (log, converse) = (Arc::clone(&log), Arc::clone(&converse));
                thread::spawn(move || {
                    let request = read_request(&mut stream);
                    let text = String::from_utf8_lossy(&request).into_owned();
                    log.lock().expect("no test panics while it logs").push(request);
                    converse(&mut stream, &text);
                });
            }
        });
        Server { address, heard }
    }

    /// A server that gives the same head lines, and `ok` as its body, to everybody.
    pub fn saying(head_lines: &str) -> Server {
        let answer = ok(head_lines);
        Server::start(move |_| answer.clone())
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// `--resolve`'s value that leads a host, on this server's port, here.
    pub fn resolve(&self, host: &str) -> String {
        format!("{host}:{}:127.0.0.1", self.address.port())
    }

    /// The URL of this server under another host's name.
    pub fn url_of(&self, host: &str, path: &str) -> String {
        format!("http://{host}:{}{path}", self.address.port())
    }

    /// The requests so far, head and body as text.
    pub fn heard(&self) -> Vec<String> {
        let heard = self.heard.lock().expect("no test panics while it logs");
        heard.iter().map(|request| String::from_utf8_lossy(request).into_owned()).collect()
    }

    /// The requests since this was asked last, octet by octet.
    pub fn taken(&self) -> Vec<Vec<u8>> {
        std::mem::take(&mut *self.heard.lock().expect("no test panics while it logs"))
    }
}

/// A complete answer with `ok` as its body; each of `head_lines` ends in CR LF or LF.
pub fn ok(head_lines: &str) -> Vec<u8> {
    let lines: String = head_lines.lines().map(|line| format!("{}\r\n", line.trim_end())).collect();
    format!("HTTP/1.1 200 OK\r\n{lines}Content-Length: 3\r\nConnection: close\r\n\r\nok\n").into_bytes()
}

/// A redirect.
pub fn redirect(status: u16, location: &str, head_lines: &str) -> Vec<u8> {
    let lines: String = head_lines.lines().map(|line| format!("{}\r\n", line.trim_end())).collect();
    format!(
        "HTTP/1.1 {status} Moved\r\nLocation: {location}\r\n{lines}Content-Length: 0\r\nConnection: close\r\n\r\n"
    )
    .into_bytes()
}

/// The value of a header in a request's text, if it is there.
pub fn header<'a>(request: &'a str, name: &str) -> Option<&'a str> {
    request.lines().take_while(|line| !line.is_empty()).find_map(|line| {
        let (found, value) = line.split_once(':')?;
        found.eq_ignore_ascii_case(name).then(|| value.trim())
    })
}

fn read_request(stream: &mut TcpStream) -> Vec<u8> {
    let mut octets = Vec::new();
    let mut piece = [0; 4096];
    loop {
        if is_whole(&octets) {
            return octets;
        }
        match stream.read(&mut piece) {
            Ok(count) if count > 0 => octets.extend_from_slice(&piece[..count]),
            _ => return octets,
        }
    }
}

fn is_whole(octets: &[u8]) -> bool {
    let Some(end) = octets.windows(4).position(|window| window == b"\r\n\r\n") else { return false };
    let (head, body) = (String::from_utf8_lossy(&octets[..end]), &octets[end + 4..]);
    if header(&head, "transfer-encoding") == Some("chunked") {
        return body == b"0\r\n\r\n" || body.ends_with(b"\r\n0\r\n\r\n");
    }
    let length = header(&head, "content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    body.len() >= length
}
