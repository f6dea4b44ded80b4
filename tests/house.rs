//! Owns the drawing of the house: which room of `src` may import which, and which words stay in which room.
//! Does not judge style; it reads imports and names as text, so that a wrong arrow fails before it is used.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

/// Each room with its floor and the rooms it may import (ARCHITECTURE.md).
const ROOMS: [(&str, u8, &[&str]); 12] = [
    ("cli", 1, &[]),
    ("commands", 4, &["cli", "cookie", "exchange", "formats", "lab", "output", "store", "sys", "transport"]),
    ("cookie", 1, &[]),
    ("exchange", 2, &["cookie"]),
    ("formats", 2, &["cookie"]),
    ("lab", 3, &[]),
    ("lib", 5, &["cli", "commands", "sys"]),
    ("main", 6, &[]),
    ("output", 3, &["cookie", "exchange", "formats"]),
    ("store", 3, &["cookie", "formats"]),
    ("sys", 0, &[]),
    ("transport", 3, &["exchange"]),
];

/// A file of `src`: where it is, what it says, and the same with comments and strings blotted out.
struct Source {
    path: String,
    text: String,
    code: String,
}

impl Source {
    fn new(path: &str, text: &str) -> Source {
        Source { path: path.to_owned(), text: text.to_owned(), code: mask(text) }
    }

    fn room(&self) -> &str {
        let inside = self.path.trim_start_matches("src/");
        inside.split('/').next().unwrap_or(inside).trim_end_matches(".rs")
    }

    /// The module inside its room: `jar` of `src/cookie/jar.rs`, `mod` of the room's front door.
    fn module(&self) -> &str {
        self.path.split('/').nth(2).unwrap_or("mod").trim_end_matches(".rs")
    }

    /// The code before the unit tests at the foot of the file.
    fn product(&self) -> &str {
        self.code.split("#[cfg(test)]").next().unwrap_or_default()
    }

    /// What a rule found, as `file:line: what`.
    fn at(&self, offset: usize, what: &str) -> String {
        format!("{}:{}: {what}", self.path, self.code[..offset].lines().count().max(1))
    }

    /// Every place of any of `words` as a whole.
    fn naming(&self, words: &[&str]) -> Vec<String> {
        words.iter().flat_map(|word| found(&self.code, word).map(|at| self.at(at, word))).collect()
    }
}

#[test]
fn every_room_is_in_the_table_and_every_room_of_the_table_stands() {
    let rooms: BTreeSet<_> = sources().iter().map(|source| source.room().to_owned()).collect();
    assert_eq!(rooms, ROOMS.iter().map(|(room, ..)| (*room).to_owned()).collect());
}

#[test]
fn every_arrow_of_the_table_goes_to_a_lower_floor() {
    let floor: BTreeMap<_, _> = ROOMS.iter().map(|(room, floor, _)| (*room, *floor)).collect();
    let climbing: Vec<_> = ROOMS
        .iter()
        .flat_map(|(room, own, allowed)| allowed.iter().map(move |other| (*room, *own, *other)))
        .filter(|(_, own, other)| floor.get(other).is_none_or(|floor| floor >= own))
        .collect();
    assert_eq!(climbing, []);
}

#[test]
fn every_import_between_rooms_is_an_arrow_of_the_table() {
    nothing(sources().iter().flat_map(wrong_arrows));
}

#[test]
fn no_path_climbs_out_of_a_module_by_super() {
    nothing(sources().iter().flat_map(|source| {
        let product = source.product();
        let upward = found(product, "super")
            .filter(|at| product[*at..].starts_with("super::super") || source.path.ends_with("/mod.rs"));
        upward.map(|at| source.at(at, "super leads out of the room; write the full path")).collect::<Vec<_>>()
    }));
}

#[test]
fn files_of_one_room_import_each_other_without_a_circle() {
    let mut rooms: BTreeMap<String, Graph> = BTreeMap::new();
    for source in sources() {
        let graph = rooms.entry(source.room().to_owned()).or_default();
        let own = format!("crate::{}::", source.room());
        let others = children(source.product(), &own).into_iter().map(|(_, name)| name);
        graph.entry(source.module().to_owned()).or_default().extend(others);
    }
    let circles =
        rooms.iter().filter_map(|(room, graph)| Some(format!("{room}: {}", circle(graph)?.join(", "))));
    nothing(circles);
}

#[test]
fn async_stops_at_the_wall() {
    stays(&["tokio"], |source| ["transport", "lab", "commands"].contains(&source.room()));
}

#[test]
fn only_sys_and_main_see_the_environment() {
    stays_below("std::", |name| name == "env", |source| ["sys", "main"].contains(&source.room()));
}

#[test]
fn only_rooms_that_keep_files_see_the_file_system() {
    let keeps = |source: &Source| {
        ["store", "commands"].contains(&source.room())
            // A list of trusted roots, what is sent while it is read, and a standard stream as the file that it is.
            || ["src/transport/tls.rs", "src/transport/client.rs", "src/transport/upload.rs", "src/sys/stdio.rs"].contains(&source.path.as_str())
    };
    stays_below("std::", |name| name == "fs", keeps);
}

#[test]
fn only_sys_holds_the_standard_streams() {
    stays_below("io::", |name| name.starts_with("std"), |source| source.room() == "sys");
}

#[test]
fn only_the_clock_reads_the_clock() {
    stays(&["SystemTime::now", "Utc::now", "Local::now"], |source| source.path == "src/sys/clock.rs");
}

#[test]
fn nobody_prints_past_the_writers() {
    stays(&["print!", "println!", "eprint!", "eprintln!", "dbg!"], |_| false);
}

#[test]
fn the_cookie_rules_know_no_serialization() {
    stays(&["serde", "serde_json", "Serialize", "Deserialize"], |source| source.room() != "cookie");
}

#[test]
fn every_file_opens_with_what_it_owns_and_what_it_does_not() {
    nothing(sources().iter().filter_map(|source| {
        let opening: Vec<_> = source.text.lines().take_while(|line| line.starts_with("//! ")).collect();
        let says = opening.first().is_some_and(|line| line.starts_with("//! Owns "))
            && opening.iter().skip(1).any(|line| line.contains("Does not "));
        (!says).then(|| source.at(0, "open with `//! Owns …` and `//! Does not …`"))
    }));
}

#[test]
fn nothing_of_ours_is_imported_by_glob() {
    nothing(sources().iter().flat_map(globs));
}

/// The instruments on a sample: a guard that sees nothing would never fail.
#[test]
fn the_guard_sees_wrong_arrows_and_is_not_misled_by_text() {
    let sample = concat!(
        "//! crate::store in a comment\n",
        "use crate::{cookie::{jar, path}, store::file};\n",
        "use crate::lab::*;\n",
        "use super::*;\n",
        "const A: &str = \"crate::sys \\\" crate::sys\"; const B: char = '\"';\n",
        "/* crate::sys /* nested */ */ fn f<'a>(x: &'a str) { crate::output::style::f(x) }\n",
        "const C: &str = r#\"crate::sys \" crate::sys\"#;\n",
        "mod tests {\n    use super::*;\n}\n",
    );
    let source = Source::new("src/exchange/sample.rs", sample);
    let expected = [
        "src/exchange/sample.rs:2: exchange must not import store",
        "src/exchange/sample.rs:3: exchange must not import lab",
        "src/exchange/sample.rs:6: exchange must not import output",
    ];
    assert_eq!(wrong_arrows(&source), expected);
    let expected = ["src/exchange/sample.rs:3: a glob import", "src/exchange/sample.rs:4: a glob import"];
    assert_eq!(globs(&source), expected);
}

#[test]
fn the_guard_sees_a_circle_and_none_where_there_is_none() {
    let graph = |arrows: &[(&str, &str)]| {
        let mut graph = Graph::new();
        for (from, to) in arrows {
            graph.entry((*from).to_owned()).or_default().insert((*to).to_owned());
        }
        graph
    };
    let round = ["a", "b", "c"].map(str::to_owned).to_vec();
    assert_eq!(circle(&graph(&[("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")])), Some(round));
    assert_eq!(circle(&graph(&[("a", "b"), ("b", "c"), ("a", "c")])), None);
}

fn wrong_arrows(source: &Source) -> Vec<String> {
    let room = source.room();
    let allowed = ROOMS.iter().find(|(name, ..)| *name == room).map_or(&[][..], |(_, _, allowed)| allowed);
    children(&source.code, "crate::")
        .into_iter()
        .filter(|(_, other)| other != room && !allowed.contains(&other.as_str()))
        .map(|(at, other)| source.at(at, &format!("{room} must not import {other}")))
        .collect()
}

/// Globs of our own rooms; `use super::*` is for the unit tests alone.
fn globs(source: &Source) -> Vec<String> {
    let ours = |line: &str| ["use crate::", "use super::", "use self::"].iter().any(|own| line.contains(own));
    let (mut offset, mut inside_tests, mut globs) = (0, false, Vec::new());
    for line in source.code.split_inclusive('\n') {
        inside_tests |= line.starts_with("mod tests");
        if ours(line) && line.contains("::*") && !(inside_tests && line.trim() == "use super::*;") {
            globs.push(source.at(offset + line.trim_end().len(), "a glob import"));
        }
        offset += line.len();
    }
    globs
}

#[track_caller]
fn stays(words: &[&str], at_home: impl Fn(&Source) -> bool) {
    nothing(sources().iter().filter(|source| !at_home(source)).flat_map(|source| source.naming(words)));
}

/// The same for the names behind a path, which may stand in a group.
#[track_caller]
fn stays_below(path: &str, is_meant: impl Fn(&str) -> bool, at_home: impl Fn(&Source) -> bool) {
    nothing(sources().iter().filter(|source| !at_home(source)).flat_map(|source| {
        let names = children(&source.code, path).into_iter().filter(|(_, name)| is_meant(name));
        names.map(|(at, name)| source.at(at, &format!("{path}{name}"))).collect::<Vec<_>>()
    }));
}

#[track_caller]
fn nothing(wrong: impl IntoIterator<Item = String>) {
    let wrong: Vec<_> = wrong.into_iter().collect();
    assert!(wrong.is_empty(), "out of place:\n{}", wrong.join("\n"));
}

fn sources() -> Vec<Source> {
    let mut sources = Vec::new();
    collect(Path::new(env!("CARGO_MANIFEST_DIR")), "src", &mut sources);
    assert!(sources.iter().any(|source| source.path == "src/main.rs"), "src was not found");
    sources
}

fn collect(project: &Path, below: &str, sources: &mut Vec<Source>) {
    let mut names: Vec<_> = fs::read_dir(project.join(below))
        .expect("a readable folder")
        .map(|entry| entry.expect("a readable entry").file_name().into_string().expect("a plain name"))
        .collect();
    names.sort();
    for path in names.into_iter().map(|name| format!("{below}/{name}")) {
        if project.join(&path).is_dir() {
            collect(project, &path, sources);
        } else if path.ends_with(".rs") {
            let text = fs::read_to_string(project.join(&path)).expect("a readable file");
            sources.push(Source::new(&path, &text));
        }
    }
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Where `word` stands as a whole.
fn found<'a>(code: &'a str, word: &'a str) -> impl Iterator<Item = usize> + 'a {
    let open_end = !word.ends_with(is_word);
    code.match_indices(word).map(|(at, _)| at).filter(move |at| {
        let (before, after) = (code[..*at].chars().next_back(), code[at + word.len()..].chars().next());
        !before.is_some_and(is_word) && (open_end || !after.is_some_and(is_word))
    })
}

/// The names right behind a path, also those of a group: `cookie` and `store` for `crate::{cookie::jar, store}`.
fn children(code: &str, path: &str) -> Vec<(usize, String)> {
    let mut names = Vec::new();
    for at in found(code, path) {
        let rest = &code[at + path.len()..];
        let Some(group) = rest.strip_prefix('{') else {
            names.push((at, rest.chars().take_while(|c| is_word(*c)).collect()));
            continue;
        };
        let (mut depth, mut name, mut taken) = (0, String::new(), false);
        for c in group.chars() {
            match c {
                '}' if depth == 0 => break,
                '{' => depth += 1,
                '}' => depth -= 1,
                ',' if depth == 0 => {
                    names.push((at, std::mem::take(&mut name)));
                    taken = false;
                }
                c if depth == 0 && is_word(c) && !taken => name.push(c),
                ':' => taken = true,
                _ => {}
            }
        }
        names.push((at, name));
    }
    names.retain(|(_, name)| !name.is_empty());
    names
}

type Graph = BTreeMap<String, BTreeSet<String>>;

/// Takes away what leads nowhere until nothing does; what is left lies on a circle, or leads to one.
fn circle(graph: &Graph) -> Option<Vec<String>> {
    let mut graph = graph.clone();
    loop {
        let known: BTreeSet<_> = graph.keys().cloned().collect();
        graph
            .iter_mut()
            .for_each(|(name, others)| others.retain(|other| known.contains(other) && other != name));
        let reached: BTreeSet<_> = graph.values().flatten().cloned().collect();
        let before = graph.len();
        graph.retain(|name, others| !others.is_empty() && reached.contains(name));
        if graph.len() == before {
            return (!graph.is_empty()).then(|| graph.into_keys().collect());
        }
    }
}

/// Blots out comments, strings and characters, so that what is left has the same lines and offsets.
fn mask(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(c) = rest.chars().next() {
        let hidden = match c {
            '/' if rest.starts_with("//") => rest.find('\n').unwrap_or(rest.len()),
            '/' if rest.starts_with("/*") => comment(rest),
            '"' => 1 + string(&rest[1..]),
            'r' if !out.ends_with(is_word) || out.ends_with('b') => raw_string(rest),
            '\'' => character(rest),
            _ => 0,
        };
        let step = if hidden == 0 { c.len_utf8() } else { hidden };
        let (taken, further) = rest.split_at(step);
        if hidden == 0 {
            out.push_str(taken);
        } else {
            out.extend(taken.bytes().map(|octet| if octet == b'\n' { '\n' } else { ' ' }));
        }
        rest = further;
    }
    out
}

/// How long a comment between `/*` and `*/` is, with those inside it.
fn comment(text: &str) -> usize {
    let (mut depth, mut at) = (0, 0);
    while at < text.len() {
        match text.as_bytes()[at..] {
            [b'/', b'*', ..] => (depth, at) = (depth + 1, at + 2),
            [b'*', b'/', ..] => (depth, at) = (depth - 1, at + 2),
            _ => at += 1,
        }
        if depth == 0 {
            return at;
        }
    }
    text.len()
}

/// How long a string is behind its first quote.
fn string(text: &str) -> usize {
    let mut escaped = false;
    let end = text.bytes().position(|octet| {
        let ends = octet == b'"' && !escaped;
        escaped = octet == b'\\' && !escaped;
        ends
    });
    end.map_or(text.len(), |at| at + 1)
}

/// How long `r"…"` or `r#"…"#` is; nothing where the letter begins a word.
fn raw_string(text: &str) -> usize {
    let hashes = text[1..].bytes().take_while(|octet| *octet == b'#').count();
    if !text[1 + hashes..].starts_with('"') {
        return 0;
    }
    let inside = 2 + hashes;
    let end = format!("\"{}", "#".repeat(hashes));
    text[inside..].find(&end).map_or(text.len(), |at| inside + at + end.len())
}

/// How long a character in quotes is; nothing for a lifetime.
fn character(text: &str) -> usize {
    let mut chars = text[1..].chars();
    match (chars.next(), chars.next()) {
        (Some('\\'), Some(second)) => {
            let from = 2 + second.len_utf8();
            text[from..].find('\'').map_or(0, |at| from + at + 1)
        }
        (Some(first), Some('\'')) => first.len_utf8() + 2,
        _ => 0,
    }
}
