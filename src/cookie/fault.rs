//! Owns the checks that a cookie from a file passes: the same as one from a response.
//! Does not check what depends on a request or on limits, which the file's owner may have changed.

use crate::cookie::path;
use crate::cookie::prefix;
use crate::cookie::record::Cookie;
use crate::cookie::syntax;

/// Why no response could have set this cookie, if none could.
pub fn fault(cookie: &Cookie) -> Option<&'static str> {
    if ![&cookie.name, &cookie.value].into_iter().all(|text| syntax::is_one_part(text)) {
        return Some("its name or value holds a control character, a `;` or white space at an end");
    }
    if !syntax::is_clean(&cookie.path) {
        return Some("its path holds a control character or white space at an end");
    }
    if cookie.path.len() > path::LONGEST {
        return Some("its path is over 1024 octets");
    }
    if cookie.name.contains(&b'=') {
        return Some("its name holds a `=`");
    }
    if cookie.name.is_empty() && cookie.value.is_empty() {
        return Some("it has neither a name nor a value");
    }
    if !cookie.path.starts_with(b"/") {
        return Some("its path does not begin with `/`");
    }
    prefix::check(cookie).err().map(|_| "its attributes do not keep what the prefix of its name demands")
}
