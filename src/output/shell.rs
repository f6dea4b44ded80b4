//! Owns the quoting of words for a shell, where a command is shown that can be typed.
//! Does not run anything.

/// As a POSIX shell takes it.
pub fn quoted(word: &str) -> String {
    let plain = |letter: char| letter.is_ascii_alphanumeric() || "-_=./:@%+,".contains(letter);
    if !word.is_empty() && word.chars().all(plain) {
        return word.to_owned();
    }
    format!("'{}'", word.replace('\'', r"'\''"))
}

/// A command of such words; octets that are no text stay what they are.
pub fn line(words: &[Vec<u8>]) -> Vec<u8> {
    let words: Vec<Vec<u8>> = words
        .iter()
        .map(|word| match str::from_utf8(word) {
            Ok(text) => quoted(text).into_bytes(),
            Err(_) => {
                let parts: Vec<&[u8]> = word.split(|octet| *octet == b'\'').collect();
                [&b"'"[..], &parts.join(&br"'\''"[..]), b"'"].concat()
            }
        })
        .collect();
    words.join(&b' ')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_words_with_blanks_between() {
        assert_eq!(
            line(&[b"curl".to_vec(), b"it's".to_vec(), b"a'\xff".to_vec()]),
            b"curl 'it'\\''s' 'a'\\''\xff'"
        );
    }

    #[test]
    fn words_are_shown_as_a_shell_takes_them() {
        assert_eq!(quoted("-d"), "-d");
        assert_eq!(quoted("http://h/set?a=b&c"), "'http://h/set?a=b&c'");
        assert_eq!(quoted("it's"), r"'it'\''s'");
        assert_eq!(quoted(""), "''");
    }
}
