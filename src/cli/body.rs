//! Owns the arguments of what a request sends: data, and where in the request it goes.
//! Does not read it; it keeps the order of the command line across the options, on which the outcome depends.

use std::ffi::OsString;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

/// What was typed of a body.
#[derive(Debug, Default)]
pub struct BodyPart {
    /// All pieces of data, in their order.
    pub data: Vec<Data>,
    pub json: Vec<OsString>,
    pub get: bool,
    pub url_query: Vec<OsString>,
}

/// One piece of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    pub kind: DataKind,
    pub value: OsString,
}

/// How a piece of data is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DataKind {
    /// A file's line ends are no part of it.
    Ascii,
    /// A file is sent octet by octet.
    Binary,
    /// `@` means nothing.
    Raw,
    Urlencoded,
}

#[derive(Args, Debug)]
#[command(next_help_heading = "Body")]
struct BodyOptions {
    /// Send this body, or `@FILE` without its line ends, or `@-` for standard input (can be repeated)
    ///
    /// What is given by several of the data options is joined by `&`, in the order of the command line.
    #[arg(short, long, value_name = "DATA")]
    data: Vec<OsString>,

    /// The same as -d
    #[arg(long, value_name = "DATA")]
    data_ascii: Vec<OsString>,

    /// Send this body, or `@FILE` as it is (can be repeated)
    #[arg(long, value_name = "DATA")]
    data_binary: Vec<OsString>,

    /// Send this body, also if it begins with `@` (can be repeated)
    #[arg(long, value_name = "DATA")]
    data_raw: Vec<OsString>,

    /// Send this body percent-encoded: `CONTENT`, `=CONTENT`, `NAME=CONTENT`, `@FILE` or `NAME@FILE` (can be repeated)
    #[arg(long, value_name = "DATA")]
    data_urlencode: Vec<OsString>,

    /// Send this JSON, with the headers for it; `@FILE` and `@-` as with -d (can be repeated)
    #[arg(long, value_name = "DATA")]
    json: Vec<OsString>,

    /// Put the data into the URL's query, and send a GET
    #[arg(short = 'G', long)]
    get: bool,

    /// Add this to the URL's query, in the forms of --data-urlencode, or as it is behind a `+` (can be repeated)
    #[arg(long, value_name = "DATA")]
    url_query: Vec<OsString>,
}

impl BodyPart {
    pub fn augment_args(command: Command) -> Command {
        BodyOptions::augment_args(command)
    }
}

impl FromArgMatches for BodyPart {
    fn from_arg_matches(matches: &ArgMatches) -> Result<BodyPart, Error> {
        BodyPart::from_arg_matches_mut(&mut matches.clone())
    }

    fn from_arg_matches_mut(matches: &mut ArgMatches) -> Result<BodyPart, Error> {
        let places = |id: &str| matches.indices_of(id).into_iter().flatten().collect::<Vec<_>>();
        let places = ["data", "data_ascii", "data_binary", "data_raw", "data_urlencode"].map(places);
        let options = BodyOptions::from_arg_matches_mut(matches)?;
        let values = [
            (DataKind::Ascii, options.data),
            (DataKind::Ascii, options.data_ascii),
            (DataKind::Binary, options.data_binary),
            (DataKind::Raw, options.data_raw),
            (DataKind::Urlencoded, options.data_urlencode),
        ];
        let mut data: Vec<(usize, Data)> = Vec::new();
        for (places, (kind, values)) in places.into_iter().zip(values) {
            data.extend(places.into_iter().zip(values.into_iter().map(|value| Data { kind, value })));
        }
        data.sort_by_key(|(place, _)| *place);
        Ok(BodyPart {
            data: data.into_iter().map(|(_, data)| data).collect(),
            json: options.json,
            get: options.get,
            url_query: options.url_query,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = BodyPart::from_arg_matches(matches)?;
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn data_keeps_the_order_of_the_command_line_across_its_options() {
        let command = BodyPart::augment_args(Command::new("kuki"));
        let line =
            "kuki --data-raw=1 -d=2 --data-urlencode=3 -d=4 -G --data-ascii=5 --data-binary=6 --data-raw=7";
        let matches = command.try_get_matches_from(line.split(' ')).expect("a legal line");
        let part = BodyPart::from_arg_matches(&matches).expect("the tree's own matches");
        let data: Vec<_> =
            part.data.iter().map(|data| (data.kind, data.value.to_str().unwrap_or("?"))).collect();
        let expected = [
            (DataKind::Raw, "1"),
            (DataKind::Ascii, "2"),
            (DataKind::Urlencoded, "3"),
            (DataKind::Ascii, "4"),
            (DataKind::Ascii, "5"),
            (DataKind::Binary, "6"),
            (DataKind::Raw, "7"),
        ];
        assert_eq!((data, part.get), (expected.to_vec(), true));
    }
}
