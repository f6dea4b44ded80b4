//! Owns the listener and its connections: reads each request whole, has it answered, tells the ledger.
//! Does not know a route, and prints nothing: what the ledger does with an entry is its maker's business.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::{Duration, Instant};

use bytes::{Bytes, BytesMut};
use http::{Request, StatusCode};
use http_body_util::BodyExt;
use hyper::body::{Body, Incoming};
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};

use super::answer::{self, Answer};
use super::route;
use super::session::Sessions;

/// The practice server, bound and ready to serve.
pub struct Lab {
    listener: TcpListener,
}

impl Lab {
    /// Takes the address; port 0 takes any free port.
    pub async fn bind(address: SocketAddr) -> io::Result<Lab> {
        let listener = TcpListener::bind(address).await?;
        Ok(Lab { listener })
    }

    /// The address that was really taken.
    pub fn address(&self) -> io::Result<SocketAddr> {
        self.listener.local_addr()
    }

    /// Serves until the future is dropped; connections that are open then live as long as the runtime.
    pub async fn serve(self, ledger: impl Fn(&Entry) + Send + Sync + 'static) -> ! {
        let house = Arc::new(House { ledger, sessions: Sessions::default() });
        loop {
            match self.listener.accept().await {
                Ok((stream, _)) => {
                    tokio::spawn(converse(stream, Arc::clone(&house)));
                }
                // The peer went away, or files ran out: the pause keeps the latter from spinning.
                Err(_) => tokio::time::sleep(ACCEPT_PAUSE).await,
            }
        }
    }
}

/// A line of the ledger: one exchange, told when its answer sets out.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Entry {
    pub method: String,
    /// The path alone: a query may hold a secret.
    pub target: String,
    pub status: u16,
}

/// What all connections share.
struct House<L> {
    ledger: L,
    sessions: Sessions,
}

impl<L: Fn(&Entry)> House<L> {
    async fn exchange(&self, request: Request<Incoming>) -> Answer {
        let (head, body) = request.into_parts();
        let mut entry =
            Entry { method: head.method.as_str().to_owned(), target: head.uri.path().to_owned(), status: 0 };
        let answer = match whole(body).await {
            Ok(body) => {
                let request = Request::from_parts(head, body);
                route::answer(&request, &self.sessions, Instant::now())
            }
            Err(Cut::Broken) => answer::text(StatusCode::BAD_REQUEST, "the body broke off\n"),
            Err(Cut::TooLarge) => {
                answer::text(StatusCode::PAYLOAD_TOO_LARGE, format!("the body is over {BODY_LIMIT} octets\n"))
            }
        };
        entry.status = answer.status().as_u16();
        (self.ledger)(&entry);
        answer
    }
}

async fn converse<L>(stream: TcpStream, house: Arc<House<L>>)
where
    L: Fn(&Entry) + Send + Sync + 'static,
{
    // Refused only for a socket that is already dead, which the conversation finds out by itself.
    let _ = stream.set_nodelay(true);
    let service = service_fn(move |request| {
        let house = Arc::clone(&house);
        async move { Ok::<_, Infallible>(house.exchange(request).await) }
    });
    // A peer that breaks off or talks nonsense has had its 400 from hyper; there is nobody else to tell.
    let _ =
        http1::Builder::new().timer(TokioTimer::new()).serve_connection(TokioIo::new(stream), service).await;
}

/// Why a body is not there as a whole.
enum Cut {
    Broken,
    TooLarge,
}

/// The whole body. One that is too large is read on for a while and forgotten:
/// a client that is still writing when the connection closes would not see the 413.
async fn whole(mut body: Incoming) -> Result<Bytes, Cut> {
    if body.is_end_stream() {
        return Ok(Bytes::new());
    }
    let mut kept = BytesMut::new();
    let mut seen = 0;
    while let Some(frame) = body.frame().await {
        let Ok(data) = frame.map_err(|_| Cut::Broken)?.into_data() else {
            continue; // trailers
        };
        seen += data.len();
        if seen <= BODY_LIMIT {
            kept.extend_from_slice(&data);
        } else if seen > PATIENCE {
            break;
        }
    }
    if seen > BODY_LIMIT {
        return Err(Cut::TooLarge);
    }
    Ok(kept.freeze())
}

const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
const BODY_LIMIT: usize = 1 << 20;
const PATIENCE: usize = 64 * BODY_LIMIT;

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpStream;
    use std::sync::mpsc;

    /// A client's end of a connection, and the ledger at the server's.
    struct Talk {
        stream: BufReader<TcpStream>,
        ledger: mpsc::Receiver<Entry>,
    }

    impl Talk {
        fn start() -> Talk {
            let (address_sender, address) = mpsc::channel();
            let (entry, ledger) = mpsc::channel();
            std::thread::spawn(move || {
                let mut builder = tokio::runtime::Builder::new_current_thread();
                let runtime = builder.enable_all().build().expect("a runtime");
                runtime.block_on(async {
                    let lab = Lab::bind(([127, 0, 0, 1], 0).into()).await.expect("a port");
                    let address = lab.address().expect("an address");
                    address_sender.send(address).expect("a test");
                    // The test may be over before its last entry arrives.
                    let ledger = move |new: &Entry| drop(entry.send(new.clone()));
                    lab.serve(ledger).await
                })
            });
            let stream = TcpStream::connect(address.recv().expect("bound")).expect("listening");
            let limit = Some(Duration::from_secs(20));
            stream.set_read_timeout(limit).expect("a limit above zero");
            let stream = BufReader::new(stream);
            Talk { stream, ledger }
        }

        fn send(&mut self, request: &[u8]) {
            self.stream.get_mut().write_all(request).expect("sent");
        }

        /// The next head, in lines, and its body.
        fn receive(&mut self, body: bool) -> (Vec<String>, String) {
            let lines = self.stream.by_ref().lines().map(|line| line.expect("a line"));
            let head: Vec<_> = lines.take_while(|line| !line.is_empty()).collect();
            let length = head.iter().find_map(|line| line.strip_prefix("content-length: "));
            let length = length.map_or(0, |length| length.parse().expect("a number"));
            let mut content = vec![0; if body { length } else { 0 }];
            self.stream.read_exact(&mut content).expect("a body");
            (head, String::from_utf8(content).expect("text"))
        }
    }

    #[test]
    fn one_connection_carries_many_exchanges() {
        let mut talk = Talk::start();
        talk.send(b"GET /whoami?pass=1 HTTP/1.1\r\nHost: a\r\n\r\n");
        let (head, body) = talk.receive(true);
        assert_eq!(head[0], "HTTP/1.1 401 Unauthorized");
        assert!(head.contains(&"content-type: application/json".to_owned()));
        assert!(head.contains(&"cache-control: no-store".to_owned()));
        assert_eq!(body, "{\"error\":\"no session\"}\n");

        talk.send(b"HEAD /redirect/0 HTTP/1.1\r\nHost: a\r\n\r\n");
        let (head, _) = talk.receive(false);
        assert!(head.contains(&"content-length: 8".to_owned()));

        talk.send(b"GET /status/204 HTTP/1.1\r\nHost: a\r\n\r\n");
        let (head, _) = talk.receive(true);
        assert_eq!(head[0], "HTTP/1.1 204 No Content");

        talk.send(b"GET /redirect/0 HTTP/1.1\r\nHost: a\r\n\r\n");
        assert_eq!(talk.receive(true).1, "arrived\n");
        let entry = Entry { method: "GET".to_owned(), target: "/whoami".to_owned(), status: 401 };
        assert_eq!(talk.ledger.recv(), Ok(entry), "without the query");
    }

    #[test]
    fn a_login_over_the_wire_is_known_afterwards() {
        let mut talk = Talk::start();
        let form = "user=ada&pass=lovelace";
        let length = form.len();
        talk.send(
            format!("POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n{form}").as_bytes(),
        );
        let (head, _) = talk.receive(true);
        let line = head.iter().find_map(|line| line.strip_prefix("set-cookie: "));
        let (sid, rest) = line.and_then(|line| line.split_once("; ")).expect("a cookie");
        assert_eq!(rest, "Path=/; HttpOnly; SameSite=Lax");

        talk.send(format!("GET /home HTTP/1.1\r\nHost: a\r\nCookie: {sid}\r\n\r\n").as_bytes());
        assert_eq!(talk.receive(true).1, "hello, ada\n");
    }

    #[test]
    fn octets_of_a_cookie_reach_the_wire_as_they_are() {
        let mut talk = Talk::start();
        talk.send(b"GET /set?a=%ff HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let mut answer = Vec::new();
        talk.stream.read_to_end(&mut answer).expect("an answer");
        let line = b"\r\nset-cookie: a=\xff\r\n";
        assert!(answer.windows(line.len()).any(|window| window == line));
    }

    #[test]
    fn a_body_over_the_limit_is_refused_after_it_was_sent() {
        let mut talk = Talk::start();
        let length = BODY_LIMIT + 1;
        talk.send(format!("PUT /echo HTTP/1.1\r\nHost: a\r\nContent-Length: {length}\r\n\r\n").as_bytes());
        talk.send(&vec![b'x'; length]);
        assert_eq!(talk.receive(true).0[0], "HTTP/1.1 413 Payload Too Large");
    }
}
