//! Owns which origins a command line asks, before any setting is made.
//! Does not complain: what can't be read is told by who needs it.

use std::ffi::{OsStr, OsString};
use std::os::unix::ffi::OsStrExt;

use url::Url;

use crate::cli::items::Item;
use crate::cli::request::RequestArgs;
use crate::commands::settings::addresses::Addresses;
use crate::commands::settings::protocols::Protocols;
use crate::commands::settings::target::{Aim, aim};

/// So many hosts of a glob are looked at.
const MOST: usize = 1000;

/// URLs that stand for all origins that are asked, and the items; `None` where they can't be read, or are too many to say.
pub fn aimed_at(args: &RequestArgs) -> Option<(Vec<Url>, Vec<Item>)> {
    let Aim { urls: typed, items, .. } = aim(args).ok()?;
    let mut urls = Vec::new();
    for typed in &typed {
        urls.extend(of_one(args, typed)?);
    }
    Some((urls, items))
}

fn of_one(args: &RequestArgs, typed: &OsString) -> Option<Vec<Url>> {
    let protocols = Protocols::read(&args.protocols).ok()?;
    let addresses = Addresses::read(args, std::slice::from_ref(typed), protocols).ok()?;
    // A glob in a path may stand for more than anybody can look at, but all of it is of one origin.
    let most = if args.several.globoff || has_one_origin(typed) { 1 } else { MOST + 1 };
    let urls = addresses.iter().take(most).map(|address| protocols.url(&address.url).ok());
    let urls = urls.collect::<Option<Vec<_>>>()?;
    (urls.len() <= MOST).then_some(urls)
}

/// Does no bracket or brace stand before the path?
fn has_one_origin(typed: &OsStr) -> bool {
    let octets = typed.as_bytes();
    let host = octets.windows(3).position(|window| window == b"://").map_or(0, |at| at + 3);
    let end =
        octets[host..].iter().position(|octet| b"/?#".contains(octet)).map_or(octets.len(), |at| host + at);
    !octets[..end].iter().any(|octet| b"[]{}\\".contains(octet))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_glob_before_the_path_may_be_of_several_origins() {
        for (typed, expected) in [
            ("http://a.test/[1-9]", true),
            ("a.test?{b,c}", true),
            ("http://{a,b}.test/", false),
            ("http://a.test:[1-9]", false),
            ("{http,https}://a.test/", false),
            ("http://[::1]/", false),
            ("a.test/?u=http://[1-2]", false),
        ] {
            assert_eq!(has_one_origin(OsStr::new(typed)), expected, "{typed}");
        }
    }
}
