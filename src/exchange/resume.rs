//! Owns going on behind what is there already: what is asked for, and whether an answer is the part that is missing.
//! Does not look at a file or write to one.

use std::error::Error;
use std::fmt;

use http::header::{CONTENT_LENGTH, CONTENT_RANGE};
use http::{HeaderMap, StatusCode};

use crate::exchange::coding::{self, Coding};
use crate::exchange::transport::Head;

/// What an answer is to somebody who has the first octets.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Part {
    /// The octets behind them.
    Missing {
        length: u64,
        /// Or else there is more to come behind these.
        is_last: bool,
    },
    /// There are no more.
    None,
}

/// Why an answer can't be put behind them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ResumeError {
    Coded { coding: Option<Coding> },
    Elsewhere { asked: u64, began: u64 },
    Longer { here: u64, there: u64 },
    NotAPart { status: StatusCode },
    Unplaced,
}

/// What the head says of the octets from `offset` on. `takes_codings` where codings were asked for by hand.
pub fn judge(head: &Head, offset: u64, takes_codings: bool) -> Result<Part, ResumeError> {
    match head.status {
        StatusCode::PARTIAL_CONTENT => part(&head.headers, offset, takes_codings),
        // The server must not say how much it has, and curl takes its word too.
        StatusCode::RANGE_NOT_SATISFIABLE => match total(&head.headers) {
            Some(there) if there < offset => Err(ResumeError::Longer { here: offset, there }),
            Some(there) if there > offset => Err(ResumeError::NotAPart { status: head.status }),
            _ => Ok(Part::None),
        },
        // As in curl: a whole answer that is as long as what is there already.
        StatusCode::OK if length(&head.headers) == Some(offset) => Ok(Part::None),
        status => Err(ResumeError::NotAPart { status }),
    }
}

fn part(headers: &HeaderMap, offset: u64, takes_codings: bool) -> Result<Part, ResumeError> {
    let (first, last, total) = range(headers).ok_or(ResumeError::Unplaced)?;
    if first != offset {
        return Err(ResumeError::Elsewhere { asked: offset, began: first });
    }
    match coding::chain(headers) {
        Ok(codings) if codings.is_empty() || takes_codings => {}
        Ok(codings) => return Err(ResumeError::Coded { coding: codings.last().copied() }),
        Err(_) if takes_codings => {}
        Err(_) => return Err(ResumeError::Coded { coding: None }),
    }
    Ok(Part::Missing { length: last - first + 1, is_last: total.is_none_or(|total| last + 1 == total) })
}

/// `bytes FIRST-LAST/TOTAL`, where TOTAL may be `*`; said once.
fn range(headers: &HeaderMap) -> Option<(u64, u64, Option<u64>)> {
    let (place, total) = content_range(headers)?;
    let (first, last) = place.split_once('-')?;
    let (first, last) = (first.parse().ok()?, last.parse::<u64>().ok().filter(|last| *last < u64::MAX)?);
    let total = if total == "*" { None } else { Some(total.parse().ok()?) };
    (first <= last && total.is_none_or(|total| last < total)).then_some((first, last, total))
}

/// `bytes */TOTAL`.
fn total(headers: &HeaderMap) -> Option<u64> {
    content_range(headers).filter(|(place, _)| *place == "*")?.1.parse().ok()
}

fn content_range(headers: &HeaderMap) -> Option<(&str, &str)> {
    let mut lines = headers.get_all(CONTENT_RANGE).iter();
    let line = lines.next().filter(|line| lines.all(|other| other == line))?.to_str().ok()?.trim();
    let (unit, range) = line.split_at_checked("bytes".len())?;
    let (place, total) = range.trim_start().split_once('/')?;
    unit.eq_ignore_ascii_case("bytes").then_some((place.trim(), total.trim()))
}

fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

impl Error for ResumeError {}

impl fmt::Display for ResumeError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            ResumeError::Coded { coding } => {
                let name = coding.map_or("not known", Coding::name);
                write!(f, "the part that came has a coding ({name}), and may not fit behind what is there")
            }
            ResumeError::Elsewhere { asked, began } => {
                write!(
                    f,
                    "the part that came begins at octet {began}, and not at {asked} as it was asked for"
                )
            }
            ResumeError::Longer { here, there } => {
                write!(f, "there are {here} octets here already, and the server has only {there}")
            }
            ResumeError::NotAPart { status } => {
                write!(
                    f,
                    "the server did not send the part that was asked for: it answered {}",
                    status.as_u16()
                )
            }
            ResumeError::Unplaced => f.write_str("the part that came does not say where it belongs"),
        }
    }
}

#[cfg(test)]
mod tests {
    use http::{HeaderName, HeaderValue, Version};

    use super::*;

    fn judged(status: u16, lines: &[(&'static str, &'static str)]) -> Result<Part, ResumeError> {
        let lines = lines
            .iter()
            .map(|(name, value)| (HeaderName::from_static(name), HeaderValue::from_static(value)));
        let mut headers = HeaderMap::new();
        lines.for_each(|(name, value)| {
            headers.append(name, value);
        });
        let status = StatusCode::from_u16(status).expect("a status");
        judge(&Head { version: Version::HTTP_11, status, reason: None, headers }, 5, false)
    }

    #[test]
    fn a_part_fits_if_it_begins_where_it_was_asked_for() {
        let of = |range| judged(206, &[("content-range", range)]);
        let missing = |length, is_last| Ok(Part::Missing { length, is_last });
        for (range, expected) in [
            ("bytes 5-19/20", missing(15, true)),
            ("Bytes  5-19/*", missing(15, true)),
            ("bytes 5-18/20", missing(14, false)),
            ("bytes 5-5/6", missing(1, true)),
            ("bytes 4-19/20", Err(ResumeError::Elsewhere { asked: 5, began: 4 })),
            ("bytes 0-19/20", Err(ResumeError::Elsewhere { asked: 5, began: 0 })),
            ("bytes 5-4/20", Err(ResumeError::Unplaced)),
            ("bytes 5-20/20", Err(ResumeError::Unplaced)),
            ("bytes 5-18446744073709551615/*", Err(ResumeError::Unplaced)),
            ("bytes -5/20", Err(ResumeError::Unplaced)),
            ("bytes */20", Err(ResumeError::Unplaced)),
            ("items 5-19/20", Err(ResumeError::Unplaced)),
            ("byte", Err(ResumeError::Unplaced)),
            ("", Err(ResumeError::Unplaced)),
        ] {
            assert_eq!(of(range), expected, "{range}");
        }
        let twice = [("content-range", "bytes 5-19/20"), ("content-range", "bytes 0-19/20")];
        assert_eq!(judged(206, &twice), Err(ResumeError::Unplaced));
        assert_eq!(judged(206, &[("content-type", "multipart/byteranges")]), Err(ResumeError::Unplaced));
        let coded = [("content-range", "bytes 5-19/20"), ("content-encoding", "gzip")];
        assert_eq!(judged(206, &coded), Err(ResumeError::Coded { coding: Some(Coding::Gzip) }));
    }

    #[test]
    fn an_answer_that_is_no_part_is_the_end_or_an_error() {
        let not = |status| Err(ResumeError::NotAPart { status: StatusCode::from_u16(status).expect("one") });
        for (status, lines, expected) in [
            (416, &[][..], Ok(Part::None)),
            (416, &[("content-range", "bytes */5")], Ok(Part::None)),
            (416, &[("content-range", "bytes */4")], Err(ResumeError::Longer { here: 5, there: 4 })),
            (416, &[("content-range", "bytes */6")], not(416)),
            (200, &[], not(200)),
            (200, &[("content-length", "5")], Ok(Part::None)),
            (200, &[("content-length", "6")], not(200)),
            (404, &[("content-length", "5")], not(404)),
            (302, &[], not(302)),
        ] {
            assert_eq!(judged(status, lines), expected, "{status} {lines:?}");
        }
    }
}
