//! Owns a table of text: aligned columns that fit a width, counting wide letters as two.
//! Does not know what the columns mean.

use unicode_width::UnicodeWidthStr;

use crate::output::style::{Meaning, Palette};

/// A column: its heading, and how soon it gives way when the table is too wide (0 never does).
#[derive(Clone, Copy, Debug)]
pub struct Column {
    pub heading: &'static str,
    pub gives_way: u8,
}

const GAP: usize = 2;
/// A column that gives way keeps at least so much.
const LEAST: usize = 6;

/// The table's lines, each with its end.
pub fn render(columns: &[Column], rows: &[Vec<String>], width: Option<usize>, palette: Palette) -> String {
    let natural: Vec<usize> = (0..columns.len())
        .map(|at| {
            let cells = rows.iter().map(|row| row[at].width());
            cells.chain([columns[at].heading.width()]).max().unwrap_or_default()
        })
        .collect();
    let widths = fit(columns, natural, width);
    let headings: Vec<String> = columns.iter().map(|column| column.heading.to_owned()).collect();
    let mut text = line(&headings, &widths, |cell| palette.paint(Meaning::Heading, cell));
    for row in rows {
        text.push_str(&line(row, &widths, str::to_owned));
    }
    text
}

fn line(cells: &[String], widths: &[usize], paint: impl Fn(&str) -> String) -> String {
    let mut text = String::new();
    let mut owed = 0;
    for (cell, width) in cells.iter().zip(widths) {
        let cell = shorten(cell, *width);
        if cell.is_empty() {
            owed += width + GAP;
            continue;
        }
        text.push_str(&" ".repeat(owed));
        text.push_str(&paint(&cell));
        owed = width.saturating_sub(cell.width()) + GAP;
    }
    text.push('\n');
    text
}

/// Takes what is too much from the columns that give way, the soonest first.
fn fit(columns: &[Column], mut widths: Vec<usize>, width: Option<usize>) -> Vec<usize> {
    let Some(width) = width else { return widths };
    let total = widths.iter().sum::<usize>() + GAP * columns.len().saturating_sub(1);
    let mut over = total.saturating_sub(width);
    let mut order: Vec<usize> = (0..columns.len()).filter(|at| columns[*at].gives_way > 0).collect();
    order.sort_by_key(|at| columns[*at].gives_way);
    for at in order {
        let least = LEAST.max(columns[at].heading.width()).min(widths[at]);
        let given = over.min(widths[at] - least);
        widths[at] -= given;
        over -= given;
    }
    widths
}

/// At most so wide, with `…` for what is missing.
fn shorten(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    // Letters can be wider together than one by one, so the whole is measured each time.
    let mut kept = text;
    while kept.width() >= width.max(1) {
        let mut letters = kept.chars();
        letters.next_back();
        kept = letters.as_str();
    }
    format!("{}…", kept.trim_end_matches('…'))
}

#[cfg(test)]
mod tests {
    use super::*;

    const COLUMNS: [Column; 3] = [
        Column { heading: "NAME", gives_way: 2 },
        Column { heading: "VALUE", gives_way: 1 },
        Column { heading: "END", gives_way: 0 },
    ];

    fn row(cells: [&str; 3]) -> Vec<String> {
        cells.map(str::to_owned).to_vec()
    }

    #[test]
    fn columns_line_up_also_with_wide_letters() {
        let rows = [row(["a", "x", "1"]), row(["쿠키", "", "2"])];
        let text = render(&COLUMNS, &rows, None, Palette::Plain);
        assert_eq!(text, "NAME  VALUE  END\na     x      1\n쿠키         2\n");
    }

    #[test]
    fn a_narrow_terminal_takes_from_the_columns_that_give_way() {
        let rows = [row(["a_long_name", "0123456789abcdef", "end"])];
        let text = render(&COLUMNS, &rows, Some(26), Palette::Plain);
        assert_eq!(text, "NAME         VALUE     END\na_long_name  0123456…  end\n");
        let text = render(&COLUMNS, &rows, Some(20), Palette::Plain);
        assert_eq!(text, "NAME     VALUE   END\na_long…  01234…  end\n");
    }

    #[test]
    fn letters_that_are_wider_together_are_cut_as_they_are_shown() {
        let rows = [row(["a", &"\u{2600}\u{fe0f}".repeat(60), "end"])];
        let text = render(&COLUMNS, &rows, Some(24), Palette::Plain);
        assert!(text.lines().all(|line| line.width() <= 24), "{text}");
        assert!(text.ends_with("…  end\n"), "{text}");
    }
}
