//! Owns the layout of a page of judgements: a heading, then one fact a line, wrapped with what belongs to it below.
//! Does not know what the facts are about.

use std::ops::Range;
use std::rc::Rc;

use textwrap::{Options, WordSeparator, WordSplitter, wrap};
use unicode_width::UnicodeWidthStr;

use crate::output::caret::ShownLine;
use crate::output::style::{Meaning, Palette};

/// One fact: its word, whom it is about, what there is to say, and what stands below.
#[derive(Debug)]
pub struct Fact {
    pub word: &'static str,
    pub meaning: Meaning,
    pub subject: String,
    pub text: String,
    pub below: Vec<Below>,
}

#[derive(Debug)]
pub enum Below {
    /// A line of a header, with marks under a part of it.
    Line(Rc<ShownLine>, Option<Range<usize>>),
    Text(String),
}

/// For whom a page is laid out.
#[derive(Clone, Copy, Debug)]
pub struct Layout {
    pub palette: Palette,
    /// The width of the terminal, where there is one.
    pub columns: Option<usize>,
}

const INDENT: usize = 2;
/// The longest word has nine letters.
const WORD: usize = 10;
/// A longer subject does not push the others to the right.
const SUBJECT: usize = 24;
/// A name that is longer tells no more.
const LONGEST_SUBJECT: usize = 80;
/// Where there is no terminal, so much of a line is shown around its fault.
const LONGEST_LINE: usize = 200;
/// A terminal that is narrower has no room for columns.
const NARROW: usize = 60;

impl Fact {
    pub fn new(word: &'static str, meaning: Meaning, subject: String, text: String) -> Fact {
        let subject = match subject.char_indices().nth(LONGEST_SUBJECT) {
            Some((end, _)) => format!("{}…", &subject[..end]),
            None => subject,
        };
        Fact { word, meaning, subject, text, below: Vec::new() }
    }

    pub fn with(mut self, below: Below) -> Fact {
        self.below.push(below);
        self
    }
}

impl Layout {
    fn is_narrow(self) -> bool {
        self.columns.is_some_and(|columns| columns < NARROW)
    }

    /// Where what stands below a fact begins.
    fn below(self) -> usize {
        if self.is_narrow() { 2 * INDENT } else { INDENT + WORD }
    }
}

/// The heading and the facts, each line with its end.
pub fn render(heading: &str, facts: &[Fact], layout: Layout) -> String {
    let with_text = facts.iter().filter(|fact| !fact.text.is_empty());
    let subject = with_text.map(|fact| fact.subject.width().min(SUBJECT)).max().unwrap_or_default();
    let mut page = String::new();
    for line in wrapped(heading, "", &" ".repeat(INDENT), layout) {
        page.push_str(&layout.palette.paint(Meaning::Heading, &line));
        page.push('\n');
    }
    for fact in facts {
        page.push_str(&first(fact, subject, layout));
        fact.below.iter().for_each(|below| page.push_str(&beneath(below, layout)));
    }
    page
}

fn first(fact: &Fact, subject: usize, layout: Layout) -> String {
    let indent = " ".repeat(INDENT);
    let paint = |word: &str| layout.palette.paint(fact.meaning, word);
    let hanging = " ".repeat(layout.below());
    if layout.is_narrow() {
        let text = wrapped(&fact.text, &hanging, &hanging, layout);
        let head = format!("{} {}", fact.word, fact.subject);
        let mut lines = wrapped(head.trim_end(), &indent, &hanging, layout);
        if let Some(first) = lines.first_mut() {
            *first = first.replacen(fact.word, &paint(fact.word), 1);
        }
        return ended(lines.into_iter().chain(text));
    }
    let word = format!("{:<width$}", fact.word, width = WORD);
    let gap = subject.saturating_sub(fact.subject.width());
    let rest = match (fact.subject.is_empty(), fact.text.is_empty()) {
        (true, _) => fact.text.clone(),
        (false, true) => fact.subject.clone(),
        (false, false) => format!("{}{}  {}", fact.subject, " ".repeat(gap), fact.text),
    };
    let mut lines = wrapped(&rest, &format!("{indent}{word}"), &hanging, layout);
    if let Some(first) = lines.first_mut() {
        let painted = format!("{indent}{}", paint(&word));
        *first = painted + first.get(INDENT + WORD..).unwrap_or_default();
    }
    ended(lines)
}

fn beneath(below: &Below, layout: Layout) -> String {
    let indent = " ".repeat(layout.below());
    let quiet = |line: String| layout.palette.paint(Meaning::Quiet, &line);
    let room = layout.columns.map(|columns| columns.saturating_sub(indent.len()));
    match below {
        Below::Text(text) => {
            let hanging = format!("{indent}  ");
            ended(wrapped(text, &indent, &hanging, layout).into_iter().map(quiet))
        }
        Below::Line(line, Some(part)) => {
            let [text, marks] = line.marked(part, room.or(Some(LONGEST_LINE)));
            let marks = marks.replacen('^', "\u{0}^", 1);
            let (ahead, marks) = marks.split_once('\u{0}').unwrap_or(("", ""));
            let marks = layout.palette.paint(Meaning::Bad, marks);
            format!("{indent}{text}\n{indent}{ahead}{marks}\n")
        }
        Below::Line(line, None) => {
            ended(wrapped(&line.text, &indent, &indent, layout).into_iter().map(quiet))
        }
    }
}

fn wrapped(text: &str, first: &str, others: &str, layout: Layout) -> Vec<String> {
    if text.is_empty() {
        return Vec::new();
    }
    let Some(columns) = layout.columns else { return vec![format!("{first}{text}")] };
    let options = Options::new(columns.max(others.len() + 8))
        .initial_indent(first)
        .subsequent_indent(others)
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation);
    wrap(text, options).into_iter().map(|line| line.into_owned()).collect()
}

fn ended(lines: impl IntoIterator<Item = String>) -> String {
    lines.into_iter().map(|line| line + "\n").collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::redact::Secrets;

    fn facts() -> Vec<Fact> {
        let line = ShownLine::of(b"theme=dark; Domain=example.com; Path=/", Secrets::Revealed);
        let reason = "domain-mismatch: Domain=example.com does not cover 127.0.0.1";
        vec![
            Fact::new("stored", Meaning::Good, "a".to_owned(), "127.0.0.1 (host only)  /".to_owned()),
            Fact::new("refused", Meaning::Bad, "theme".to_owned(), reason.to_owned())
                .with(Below::Line(Rc::new(line), Some(12..30)))
                .with(Below::Text("fix: leave Domain out, or set this cookie from example.com".to_owned())),
        ]
    }

    #[test]
    fn facts_stand_in_columns_with_what_belongs_to_them_below() {
        let layout = Layout { palette: Palette::Plain, columns: None };
        assert_eq!(
            render("POST http://127.0.0.1/", &facts(), layout),
            "POST http://127.0.0.1/
  stored    a      127.0.0.1 (host only)  /
  refused   theme  domain-mismatch: Domain=example.com does not cover 127.0.0.1
            theme=dark; Domain=example.com; Path=/
                        ^^^^^^^^^^^^^^^^^^
            fix: leave Domain out, or set this cookie from example.com
"
        );
    }

    #[test]
    fn a_narrow_terminal_gets_every_word_and_no_column() {
        let layout = Layout { palette: Palette::Plain, columns: Some(42) };
        let page = render("POST http://127.0.0.1/a-long-path/that/goes/on", &facts(), layout);
        assert!(page.lines().all(|line| line.width() <= 42), "{page}");
        assert!(page.contains("\n    theme=dark; Domain=example.com; Path=/\n"), "{page}");
        assert!(page.contains("\n                ^^^^^^^^^^^^^^^^^^\n"), "{page}");
        for width in 1..90 {
            let page = render("GET /", &facts(), Layout { palette: Palette::Plain, columns: Some(width) });
            let bare: String = page.split_whitespace().collect();
            for text in ["domain-mismatch:", "leaveDomainout", "refused"] {
                assert!(bare.contains(text), "{width} {page}");
            }
        }
    }

    #[test]
    fn what_is_endless_is_shown_around_its_fault() {
        let (line, name) = ("x".repeat(5000), "n".repeat(5000));
        let shown = ShownLine::of(line.as_bytes(), Secrets::Revealed);
        let fact = Fact::new("refused", Meaning::Bad, name, "too-large".to_owned());
        let facts = [fact.with(Below::Line(Rc::new(shown), Some(0..5000)))];
        let page = render("GET /", &facts, Layout { palette: Palette::Plain, columns: None });
        assert!(page.lines().all(|line| line.width() <= 220), "{page}");
    }

    #[test]
    fn colours_change_nothing_but_colours() {
        let plain = render("x", &facts(), Layout { palette: Palette::Plain, columns: Some(70) });
        let painted = render("x", &facts(), Layout { palette: Palette::Colour, columns: Some(70) });
        let bare: String = painted
            .split('\u{1b}')
            .enumerate()
            .map(|(at, piece)| if at == 0 { piece } else { piece.split_once('m').expect("a colour").1 })
            .collect();
        assert_eq!(bare, plain);
    }
}
