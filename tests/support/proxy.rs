//! Owns a proxy for tests: CONNECT, SOCKS 4, 4a and 5 on one port, which leads to one address whatever it is asked for.
//! Does not forward plain requests; a server that hears them as a proxy does is enough for that.

use std::io::{self, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;

/// Listens on loopback until the test ends.
pub struct Proxy {
    pub address: SocketAddr,
    heard: Arc<Mutex<Vec<String>>>,
}

impl Proxy {
    /// Leads everybody to this address.
    pub fn to(upstream: SocketAddr) -> Proxy {
        Proxy::start(upstream, None)
    }

    /// Answers every CONNECT and every SOCKS 5 request by a refusal.
    pub fn refusing(status_line: &str) -> Proxy {
        Proxy::start(SocketAddr::from(([127, 0, 0, 1], 1)), Some(format!("HTTP/1.1 {status_line}\r\n\r\n")))
    }

    fn start(upstream: SocketAddr, refusal: Option<String>) -> Proxy {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a free port on loopback");
        let address = listener.local_addr().expect("a bound listener has an address");
        let heard = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&heard);
        thread::spawn(move || {
            for stream in listener.incoming() {
                let Ok(stream) = stream else { continue };
                let (log, refusal) = (Arc::clone(&log), refusal.clone());
                // A client that breaks off has heard enough.
                thread::spawn(move || serve(stream, upstream, refusal.as_deref(), &log));
            }
        });
        Proxy { address, heard }
    }

    /// What was asked for: a CONNECT's head, or `socks5 LOGIN HOST:PORT`.
    pub fn heard(&self) -> Vec<String> {
        self.heard.lock().expect("no test panics while it logs").clone()
    }
}

fn serve(
    mut stream: TcpStream,
    upstream: SocketAddr,
    refusal: Option<&str>,
    log: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut first = [0];
    stream.peek(&mut first)?;
    let (asked, yes, no) = match first {
        [5] => (socks5(&mut stream)?, vec![5, 0, 0, 1, 0, 0, 0, 0, 0, 0], vec![5, 2, 0, 1, 0, 0, 0, 0, 0, 0]),
        [4] => (socks4(&mut stream)?, vec![0, 90, 0, 0, 0, 0, 0, 0], vec![0, 91, 0, 0, 0, 0, 0, 0]),
        _ => (head(&mut stream)?, b"HTTP/1.1 200 OK\r\n\r\n".to_vec(), refusal.unwrap_or_default().into()),
    };
    log.lock().expect("no test panics while it logs").push(asked);
    if refusal.is_some() {
        return stream.write_all(&no);
    }
    let up = TcpStream::connect(upstream)?;
    stream.write_all(&yes)?;
    let (mut from, mut to) = (stream.try_clone()?, up.try_clone()?);
    thread::spawn(move || {
        let _ = io::copy(&mut from, &mut to);
        let _ = to.shutdown(Shutdown::Write);
    });
    io::copy(&mut &up, &mut stream)?;
    stream.shutdown(Shutdown::Both)
}

fn head(stream: &mut TcpStream) -> io::Result<String> {
    let mut octets = Vec::new();
    while !octets.ends_with(b"\r\n\r\n") {
        octets.push(octet(stream)?);
    }
    Ok(String::from_utf8_lossy(&octets).into_owned())
}

fn socks5(stream: &mut TcpStream) -> io::Result<String> {
    octet(stream)?;
    let count = octet(stream)?;
    let methods = octets(stream, count)?;
    let mut login = "-".to_owned();
    if methods.contains(&2) {
        stream.write_all(&[5, 2])?;
        octet(stream)?;
        let (user, password) = (counted(stream)?, counted(stream)?);
        login = format!("{user}:{password}");
        stream.write_all(&[1, 0])?;
    } else {
        stream.write_all(&[5, 0])?;
    }
    let host = match octets(stream, 4)?[3] {
        1 => address(&octets(stream, 4)?),
        3 => counted(stream)?,
        _ => format!("{:?}", octets(stream, 16)?),
    };
    let port = octets(stream, 2)?;
    Ok(format!("socks5 {login} {host}:{}", u16::from_be_bytes([port[0], port[1]])))
}

fn socks4(stream: &mut TcpStream) -> io::Result<String> {
    let request = octets(stream, 8)?;
    let user = terminated(stream)?;
    let is_named = request[4..7] == [0, 0, 0] && request[7] != 0;
    let host = if is_named { terminated(stream)? } else { address(&request[4..]) };
    Ok(format!("socks4 {user:?} {host}:{}", u16::from_be_bytes([request[2], request[3]])))
}

fn address(octets: &[u8]) -> String {
    octets.iter().map(u8::to_string).collect::<Vec<_>>().join(".")
}

fn octet(stream: &mut TcpStream) -> io::Result<u8> {
    Ok(octets(stream, 1)?[0])
}

fn octets(stream: &mut TcpStream, count: u8) -> io::Result<Vec<u8>> {
    let mut octets = vec![0; usize::from(count)];
    stream.read_exact(&mut octets)?;
    Ok(octets)
}

fn counted(stream: &mut TcpStream) -> io::Result<String> {
    let count = octet(stream)?;
    Ok(String::from_utf8_lossy(&octets(stream, count)?).into_owned())
}

fn terminated(stream: &mut TcpStream) -> io::Result<String> {
    let mut text = Vec::new();
    loop {
        match octet(stream)? {
            0 => return Ok(String::from_utf8_lossy(&text).into_owned()),
            octet => text.push(octet),
        }
    }
}
