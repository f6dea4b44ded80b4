//! Owns the reading of a body while it is sent, a chunk at a time.
//! Does not hold more of it than a few chunks: those on their way out, and one that is read ahead.

use std::collections::VecDeque;
use std::error::Error;
use std::fmt;
use std::fs::File;
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::vec;

use bytes::{Bytes, BytesMut};
use hyper::body::{Body as HttpBody, Frame, SizeHint};
use tokio::task::{JoinHandle, spawn_blocking};
use tokio::time::{Sleep, sleep};

use crate::exchange::body::{Body, Piece};
use crate::transport::flow::Outflow;

/// Two of them are as much as the stack takes before it has sent something, 417,792 octets, and no more.
const CHUNK: usize = 205 * 1024;

/// How many chunks are kept until the stack is done with the first of them, and its memory serves again.
const IN_USE: usize = 2;

/// Something of a body that could not be read to its end.
#[derive(Debug)]
pub struct UploadError {
    path: PathBuf,
    source: io::Error,
}

/// The stack's body for one of ours. What is all at hand goes out as it is.
pub fn body(body: &Body, stdin: Option<&Arc<File>>, flow: Option<Outflow>) -> reqwest::Body {
    match &*body.pieces {
        [] => reqwest::Body::default(),
        [Piece::Octets(octets)] if flow.is_none() => octets.clone().into(),
        _ => reqwest::Body::wrap(Upload {
            pieces: body.pieces.clone().into_iter(),
            stdin: stdin.cloned(),
            left: body.length(),
            reading: None,
            flow,
            rest: Bytes::new(),
            used: VecDeque::new(),
            wait: None,
        }),
    }
}

struct Upload {
    pieces: vec::IntoIter<Piece>,
    stdin: Option<Arc<File>>,
    /// Of the whole body, where its length is known.
    left: Option<u64>,
    reading: Option<Reading>,
    /// Where it is held to a speed.
    flow: Option<Outflow>,
    /// What was read, and is held back; and until when the first of it is.
    rest: Bytes,
    used: VecDeque<Bytes>,
    wait: Option<(usize, Pin<Box<Sleep>>)>,
}

/// How the next chunk of a file is read.
enum Reading {
    /// A plain file by whoever sends it, at the time: to hand its chunks from core to core takes longer than to read them.
    /// Where its disk hangs, everything hangs, as in curl.
    Here(Source),
    /// Anything else ahead of the time, on a thread that may wait; and so is every file opened.
    Elsewhere(JoinHandle<Result<(Source, Bytes), UploadError>>),
}

/// A file that is being read.
struct Source {
    file: Arc<File>,
    path: PathBuf,
    is_plain: bool,
    /// What is still to come of it, where its length was promised.
    left: Option<u64>,
}

/// A regular file of some length. One without, as in /proc, may keep its reader waiting.
fn is_plain(file: &File) -> bool {
    file.metadata().is_ok_and(|told| told.is_file() && told.len() > 0)
}

impl Source {
    fn open(path: PathBuf, from: u64, left: Option<u64>) -> Result<Source, UploadError> {
        let opened = File::open(&path).and_then(|mut file| {
            if from > 0 {
                file.seek(SeekFrom::Start(from))?;
            }
            Ok(file)
        });
        match opened {
            Ok(file) => Ok(Source { is_plain: is_plain(&file), file: Arc::new(file), path, left }),
            Err(source) => Err(UploadError { path, source }),
        }
    }

    /// The next chunk, which is empty at the end.
    fn read(mut self, mut chunk: BytesMut) -> Result<(Source, Bytes), UploadError> {
        let most = self.left.map_or(CHUNK, |left| usize::try_from(left).unwrap_or(CHUNK).min(CHUNK));
        chunk.resize(most, 0);
        let read = loop {
            match (&*self.file).read(&mut chunk) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                Err(source) => return Err(UploadError { path: self.path, source }),
                Ok(read) => break read,
            }
        };
        chunk.truncate(read);
        if let Some(left) = &mut self.left {
            if read == 0 && *left > 0 {
                let source = io::Error::new(io::ErrorKind::UnexpectedEof, "it became shorter meanwhile");
                return Err(UploadError { path: self.path, source });
            }
            *left -= read as u64;
        }
        Ok((self, chunk.freeze()))
    }
}

impl Upload {
    /// The next piece of what is held back, in its time.
    fn poll_rest(&mut self, context: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, UploadError>>> {
        let Some(flow) = &mut self.flow else {
            let whole = std::mem::take(&mut self.rest);
            return self.sent(whole);
        };
        if self.wait.is_none() {
            let (piece, wait) = flow.pace(self.rest.len());
            self.wait = Some((piece, Box::pin(sleep(wait))));
        }
        if let Some((_, wait)) = &mut self.wait {
            ready!(wait.as_mut().poll(context));
        }
        let piece = self.wait.take().map_or(self.rest.len(), |(piece, _)| piece);
        flow.sent(piece);
        let piece = self.rest.split_to(piece);
        self.sent(piece)
    }

    fn next(&mut self, source: Source) -> Reading {
        if source.is_plain {
            return Reading::Here(source);
        }
        let memory = self.spare();
        Reading::Elsewhere(spawn_blocking(|| source.read(memory)))
    }

    /// The next chunk of the file that is sent, if one is.
    fn poll_read(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<(Source, Bytes)>, UploadError>> {
        let read = match self.reading.take() {
            None => return Poll::Ready(Ok(None)),
            Some(Reading::Here(source)) => source.read(self.spare()),
            Some(Reading::Elsewhere(mut reading)) => match Pin::new(&mut reading).poll(context) {
                Poll::Ready(read) => {
                    let lost =
                        |error| UploadError { path: "the body".into(), source: io::Error::other(error) };
                    read.map_err(lost).flatten()
                }
                Poll::Pending => {
                    self.reading = Some(Reading::Elsewhere(reading));
                    return Poll::Pending;
                }
            },
        };
        Poll::Ready(read.map(Some))
    }

    /// Memory of a chunk that is gone, so that the system need not find new pages for each. New memory comes from here too,
    /// and not from the thread that reads, which would have a heap of its own for it.
    fn spare(&mut self) -> BytesMut {
        let gone = if self.used.len() < IN_USE { None } else { self.used.pop_front() };
        let memory = gone.and_then(|chunk| chunk.try_into_mut().ok());
        memory.unwrap_or_else(|| BytesMut::with_capacity(CHUNK))
    }

    fn sent(&mut self, chunk: Bytes) -> Poll<Option<Result<Frame<Bytes>, UploadError>>> {
        self.left = self.left.map(|left| left.saturating_sub(chunk.len() as u64));
        Poll::Ready(Some(Ok(Frame::data(chunk))))
    }
}

impl HttpBody for Upload {
    type Data = Bytes;
    type Error = UploadError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, UploadError>>> {
        loop {
            if !self.rest.is_empty() {
                return self.poll_rest(context);
            }
            if let Some((source, chunk)) = ready!(self.poll_read(context)?)
                && !chunk.is_empty()
            {
                self.reading = Some(self.next(source));
                self.used.push_back(chunk.clone());
                self.rest = chunk;
                continue;
            }
            match self.pieces.next() {
                None => return Poll::Ready(None),
                Some(Piece::Octets(octets)) if octets.is_empty() => {}
                Some(Piece::Octets(octets)) => self.rest = octets,
                Some(Piece::File { path, from, length }) => {
                    let memory = self.spare();
                    let read = move || Source::open(path, from, length)?.read(memory);
                    self.reading = Some(Reading::Elsewhere(spawn_blocking(read)));
                }
                Some(Piece::Stdin) => {
                    let path = PathBuf::from("standard input");
                    let Some(file) = self.stdin.clone() else {
                        let source = io::ErrorKind::NotConnected.into();
                        return Poll::Ready(Some(Err(UploadError { path, source })));
                    };
                    let source = Source { file, path, is_plain: false, left: None };
                    self.reading = Some(self.next(source));
                }
            }
        }
    }

    fn size_hint(&self) -> SizeHint {
        self.left.map_or_else(SizeHint::default, SizeHint::with_exact)
    }
}

impl Error for UploadError {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(&self.source)
    }
}

impl fmt::Display for UploadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} cannot be read: {}", self.path.display(), self.source)
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use http_body_util::BodyExt;
    use tokio::runtime::Builder;

    use super::*;

    /// What is sent of a file with this content that was promised to have this length.
    fn sent(content: &[u8], length: Option<u64>) -> Result<Vec<u8>, String> {
        sent_from(0, content, length)
    }

    fn sent_from(from: u64, content: &[u8], length: Option<u64>) -> Result<Vec<u8>, String> {
        let mut file = tempfile::NamedTempFile::new().expect("a temporary file");
        file.write_all(content).expect("room for it");
        let piece = Piece::File { path: file.path().to_owned(), from, length };
        let pieces = vec![Piece::octets("<"), piece, Piece::octets(">")];
        let body = body(&Body { pieces }, None, None);
        let runtime = Builder::new_current_thread().build().expect("a runtime");
        let collected = runtime.block_on(body.collect()).map_err(|error| {
            let text = error.source().expect("the stack only passes it on").to_string();
            text.replace(&file.path().display().to_string(), "FILE")
        });
        collected.map(|whole| whole.to_bytes().to_vec())
    }

    #[test]
    fn a_file_is_sent_in_chunks_up_to_the_length_that_was_promised() {
        let long = vec![b'x'; 3 * CHUNK + 1];
        let whole = [b"<", &*long, b">"].concat();
        assert_eq!(sent(&long, Some(long.len() as u64)), Ok(whole.clone()));
        assert_eq!(sent(&long, None), Ok(whole));
        assert_eq!(sent(b"grown", Some(2)), Ok(b"<gr>".to_vec()));
        assert_eq!(sent(b"", Some(0)), Ok(b"<>".to_vec()));
        assert_eq!(sent_from(2, b"abcd", Some(2)), Ok(b"<cd>".to_vec()));
    }

    #[test]
    fn only_a_file_of_some_length_is_plain() {
        let mut file = tempfile::tempfile().expect("a temporary file");
        assert!(!is_plain(&file));
        file.write_all(b"octets").expect("room for it");
        assert!(is_plain(&file));
        for path in ["/dev/zero", "/"] {
            assert!(!is_plain(&File::open(path).expect("it is always there")), "{path}");
        }
    }

    #[test]
    fn a_file_that_became_shorter_ends_the_request() {
        let expected = "FILE cannot be read: it became shorter meanwhile";
        assert_eq!(sent(b"abc", Some(4)), Err(expected.to_owned()));
    }
}
