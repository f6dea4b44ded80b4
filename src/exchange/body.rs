//! Owns what a request's body is: octets at hand, and files that are read while they are sent.
//! Does not open them; the transport does.

use std::path::{Path, PathBuf};

use bytes::Bytes;

/// A body as a description, which costs the same for a gigabyte as for an octet.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Body {
    pub pieces: Vec<Piece>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    Octets(Bytes),
    File {
        path: PathBuf,
        /// What lies before is not sent.
        from: u64,
        /// Of what is sent. `None` for what can be read only once and to its end, such as a pipe.
        length: Option<u64>,
    },
    /// Standard input, to its end.
    Stdin,
}

impl Body {
    /// How many octets it has, where that is known beforehand.
    pub fn length(&self) -> Option<u64> {
        self.pieces.iter().map(Piece::length).sum()
    }

    fn flush(&mut self, at_hand: &mut Vec<u8>) {
        if !at_hand.is_empty() {
            self.pieces.push(Piece::octets(std::mem::take(at_hand)));
        }
    }

    /// What can be read only once, so that the body can't be sent again.
    pub fn spent(&self) -> Option<&Path> {
        self.pieces.iter().find_map(|piece| match piece {
            Piece::Octets(_) | Piece::File { length: Some(_), .. } => None,
            Piece::File { path, length: None, .. } => Some(&**path),
            Piece::Stdin => Some(Path::new("standard input")),
        })
    }
}

impl Piece {
    pub fn octets(octets: impl Into<Bytes>) -> Piece {
        Piece::Octets(octets.into())
    }

    fn length(&self) -> Option<u64> {
        match self {
            Piece::Octets(octets) => Some(octets.len() as u64),
            Piece::File { length, .. } => *length,
            Piece::Stdin => None,
        }
    }
}

impl FromIterator<Piece> for Body {
    /// Octets that follow each other become one piece.
    fn from_iter<I: IntoIterator<Item = Piece>>(pieces: I) -> Body {
        let (mut body, mut at_hand) = (Body::default(), Vec::new());
        for piece in pieces {
            match piece {
                Piece::Octets(octets) => at_hand.extend_from_slice(&octets),
                other => {
                    body.flush(&mut at_hand);
                    body.pieces.push(other);
                }
            }
        }
        body.flush(&mut at_hand);
        body
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn octets_that_follow_each_other_become_one_piece() {
        let file = || Piece::File { path: "f".into(), from: 0, length: Some(1) };
        let body: Body =
            [Piece::octets("a"), Piece::octets("b"), file(), Piece::octets("c")].into_iter().collect();
        assert_eq!(body.pieces, [Piece::octets("ab"), file(), Piece::octets("c")]);
    }

    #[test]
    fn a_length_is_known_and_a_body_can_be_sent_again_unless_a_part_of_it_is_read_only_once() {
        let octets = || Piece::Octets(Bytes::from_static(b"abc"));
        let file = |length| Piece::File { path: "f".into(), from: 0, length };
        for (pieces, length, spent) in [
            (vec![], Some(0), None),
            (vec![octets(), file(Some(1 << 40)), octets()], Some((1 << 40) + 6), None),
            (vec![octets(), file(None)], None, Some("f")),
            (vec![Piece::Stdin], None, Some("standard input")),
        ] {
            let body = Body { pieces };
            assert_eq!((body.length(), body.spent()), (length, spent.map(Path::new)), "{body:?}");
        }
    }
}
