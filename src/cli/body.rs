//! Owns the arguments of what a request sends: data, and where in the request it goes.
//! Does not read it; it keeps the order of the command line across the options, on which the outcome depends.

use std::ffi::OsString;

use clap::{ArgMatches, Args, Command, Error, FromArgMatches};

/// What was typed of a body.
#[derive(Debug, Default)]
pub struct BodyPart {
    /// All pieces of data, in their order.
    pub data: Vec<Data>,
    /// All fields of a form, in their order.
    pub form: Vec<FormField>,
    pub upload: Option<OsString>,
    pub json: Vec<OsString>,
    pub get: bool,
    pub url_query: Vec<OsString>,
    pub urlencoded: bool,
    pub multipart: bool,
}

/// One piece of data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Data {
    pub kind: DataKind,
    pub value: OsString,
}

/// One field of a form.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FormField {
    /// All of it is content: `@`, `<` and `;` mean nothing.
    pub is_literal: bool,
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

    /// Send a form of parts: `NAME=CONTENT`, `NAME=@FILE` or `NAME=<FILE`, and `;type=…`, `;filename=…` (can be repeated)
    ///
    /// `@FILE` is sent as a file with its name, `<FILE` as if its content had been typed. A content or a file name that
    /// holds a `;` is quoted: `NAME="a;b"`.
    #[arg(short = 'F', long, value_name = "FIELD")]
    form: Vec<OsString>,

    /// Send a form of parts with this content, whatever it begins with or holds (can be repeated)
    #[arg(long, value_name = "NAME=CONTENT")]
    form_string: Vec<OsString>,

    /// Send this file by PUT; `-` is standard input, sent as it comes
    ///
    /// The name of the file is added to a URL that ends in a `/`.
    #[arg(short = 'T', long, value_name = "FILE")]
    upload_file: Option<OsString>,

    /// Put the data into the URL's query, and send a GET
    #[arg(short = 'G', long)]
    get: bool,

    /// Add this to the URL's query, in the forms of --data-urlencode, or as it is behind a `+` (can be repeated)
    #[arg(long, value_name = "DATA")]
    url_query: Vec<OsString>,

    /// Send the items behind the URL as a form instead of JSON; with files among them it is one of parts
    #[arg(long)]
    urlencoded: bool,

    /// Send the items behind the URL as a form of parts
    #[arg(long)]
    multipart: bool,
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
        let data_places =
            ["data", "data_ascii", "data_binary", "data_raw", "data_urlencode"].map(|id| places(matches, id));
        let form_places = ["form", "form_string"].map(|id| places(matches, id));
        let options = BodyOptions::from_arg_matches_mut(matches)?;
        let data = |kind| move |value| Data { kind, value };
        let data = [
            made(options.data, data(DataKind::Ascii)),
            made(options.data_ascii, data(DataKind::Ascii)),
            made(options.data_binary, data(DataKind::Binary)),
            made(options.data_raw, data(DataKind::Raw)),
            made(options.data_urlencode, data(DataKind::Urlencoded)),
        ];
        let field = |is_literal| move |value| FormField { is_literal, value };
        let form = [made(options.form, field(false)), made(options.form_string, field(true))];
        Ok(BodyPart {
            data: in_order(data_places, data),
            form: in_order(form_places, form),
            upload: options.upload_file,
            json: options.json,
            get: options.get,
            url_query: options.url_query,
            urlencoded: options.urlencoded,
            multipart: options.multipart,
        })
    }

    fn update_from_arg_matches(&mut self, matches: &ArgMatches) -> Result<(), Error> {
        *self = BodyPart::from_arg_matches(matches)?;
        Ok(())
    }
}

/// Where on the command line the values of this option stand.
fn places(matches: &ArgMatches, id: &str) -> Vec<usize> {
    matches.indices_of(id).into_iter().flatten().collect()
}

fn made<T>(values: Vec<OsString>, make: impl Fn(OsString) -> T) -> Vec<T> {
    values.into_iter().map(make).collect()
}

/// What several options say, as it stands on the command line.
fn in_order<const N: usize, T>(places: [Vec<usize>; N], values: [Vec<T>; N]) -> Vec<T> {
    let each = places.into_iter().zip(values).flat_map(|(places, values)| places.into_iter().zip(values));
    let mut all: Vec<(usize, T)> = each.collect();
    all.sort_by_key(|(place, _)| *place);
    all.into_iter().map(|(_, value)| value).collect()
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
