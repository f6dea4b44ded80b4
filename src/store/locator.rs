//! Owns which file a jar's name or path means.
//! Does not look at the file system, nor at the environment: the data directory comes in.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::{Path, PathBuf};

/// The extension of a named jar's file.
const EXTENSION: &str = "json";

/// A name is a file in the directory of jars; whatever holds a separator or ends like a jar's file is a path.
pub fn locate(name_or_path: &OsStr, jars: Option<&Path>) -> Result<PathBuf, &'static str> {
    let octets = name_or_path.as_bytes();
    if octets.is_empty() {
        return Err("the name is empty");
    }
    if octets.contains(&0) {
        return Err("the name holds a NUL");
    }
    if octets.starts_with(b"redis://") || octets.starts_with(b"rediss://") {
        return Err("jars in Redis are not in this release");
    }
    if octets.ends_with(b"/") {
        return Err("it ends in `/`, as a directory does");
    }
    if octets.contains(&b'/') || octets.ends_with(b".json") || is_cookies_txt(name_or_path) {
        return Ok(PathBuf::from(name_or_path));
    }
    if octets == b"." || octets == b".." {
        return Err("the name is a directory's");
    }
    let jars = jars.ok_or("there is no home directory for named jars; set HOME, or give a path")?;
    let mut file = jars.join(name_or_path).into_os_string();
    file.push(".");
    file.push(EXTENSION);
    Ok(PathBuf::from(file))
}

/// A jar in the format of other programs, used in its place.
pub fn is_cookies_txt(path: &OsStr) -> bool {
    path.as_bytes().ends_with(b".txt")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_lies_among_the_jars_and_a_path_is_itself() {
        for (given, expected) in [
            ("default", "/jars/default.json"),
            ("a b", "/jars/a b.json"),
            ("work.json", "work.json"),
            ("./work", "./work"),
            ("cookies.txt", "cookies.txt"),
            ("/tmp/x/j.json", "/tmp/x/j.json"),
        ] {
            assert_eq!(locate(OsStr::new(given), Some(Path::new("/jars"))), Ok(PathBuf::from(expected)));
        }
    }

    #[test]
    fn a_path_needs_no_home() {
        assert_eq!(locate(OsStr::new("./work.json"), None), Ok(PathBuf::from("./work.json")));
        assert!(locate(OsStr::new("work"), None).is_err());
    }

    #[test]
    fn what_names_no_file_is_refused() {
        for given in ["", ".", "..", "a\0b", "redis://h/1", "jars/", "/"] {
            assert!(locate(OsStr::new(given), Some(Path::new("/jars"))).is_err(), "{given:?}");
        }
    }
}
