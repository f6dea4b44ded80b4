//! Owns the checks that a cookie from a file passes: the same as one from a response.
//! Does not check what depends on a request or on limits, which the file's owner may have changed.

use crate::cookie::prefix;
use crate::cookie::record::Cookie;
use crate::cookie::syntax;

/// Why no response could have set this cookie, if none could.
pub fn fault(cookie: &Cookie) -> Option<&'static str> {
    if ![&cookie.name, &cookie.value, &cookie.path].into_iter().all(|text| syntax::is_one_part(text)) {
        return Some("its name, value or path holds a control character, a `;` or white space at an end");
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
