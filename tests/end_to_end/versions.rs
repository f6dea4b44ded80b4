//! Owns the tests of the versions of HTTP that are asked for by name.
//! Does not test what is offered over TLS; that is `tls`.

use std::io::{self, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::thread;

use crate::support::Home;
use crate::support::server::Server;

#[test]
fn http_1_0_is_spoken_where_that_is_asked_for() {
    let server = Server::saying("");
    for option in ["-0", "--http1.0"] {
        let ran = Home::new().ok(["-v", option, &server.url("/path")]);
        assert!(ran.out == "ok\n" && ran.err.starts_with("> GET /path HTTP/1.0\n"), "{ran:#?}");
    }
    let heard = server.heard();
    assert!(heard.iter().all(|request| request.starts_with("GET /path HTTP/1.0\r\n")), "{heard:?}");
}

#[test]
fn http_2_over_plain_http_is_http_1_1_as_with_a_server_that_does_not_upgrade() {
    let server = Server::saying("");
    let _ = Home::new().ok(["--http2", &server.url("/")]);
    assert!(server.heard()[0].starts_with("GET / HTTP/1.1\r\n"));
}

/// Answers one request in HTTP/2, whatever it is, once its headers are in.
fn http2(mut stream: TcpStream) -> io::Result<()> {
    const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    const SETTINGS: &[u8] = &[0, 0, 0, 4, 0, 0, 0, 0, 0];
    const HEADERS: u8 = 1;
    let mut preface = [0; PREFACE.len()];
    stream.read_exact(&mut preface)?;
    if preface != PREFACE {
        return stream.write_all(b"HTTP/1.1 505 No\r\nContent-Length: 0\r\n\r\n");
    }
    stream.write_all(SETTINGS)?;
    loop {
        let mut head = [0; 9];
        stream.read_exact(&mut head)?;
        let [_, high, low, kind, ..] = head;
        stream.read_exact(&mut vec![0; usize::from(u16::from_be_bytes([high, low]))])?;
        if kind == HEADERS {
            break;
        }
    }
    // The head, a status of 200 and no more; then the body, and the end.
    stream.write_all(&[0, 0, 1, 1, 4, 0, 0, 0, 1, 0x88])?;
    stream.write_all(&[0, 0, 3, 0, 1, 0, 0, 0, 1, b'o', b'k', b'\n'])?;
    io::copy(&mut stream, &mut io::sink()).map(|_| ())
}

#[test]
fn http_2_is_spoken_at_once_where_that_is_known() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
    let url = format!("http://{}/", listener.local_addr().expect("a bound listener has an address"));
    thread::spawn(move || listener.incoming().flatten().for_each(|stream| drop(http2(stream))));
    let ran = Home::new().ok(["-i", "-v", "--http2-prior-knowledge", &url]);
    assert_eq!(ran.out, "HTTP/2 200 \r\n\r\nok\n");
    assert!(ran.err.starts_with("> GET / HTTP/2\n"), "{}", ran.err);
}
