//! Owns a picture of a terminal: text with colours as an SVG.
//! Does not know any colours but those of `output/style`.

use std::fmt::Write;

const LINE: usize = 19;
const LETTER: f64 = 8.43;
const MARGIN: usize = 16;

/// The picture of what was typed and what came of it.
pub fn picture(text: &str) -> String {
    let plain = |line: &str| {
        line.split('\u{1b}').enumerate().map(|(at, piece)| bare(at, piece).chars().count()).sum()
    };
    let widest: usize = text.lines().map(plain).max().unwrap_or_default();
    let width = (widest as f64 * LETTER) as usize + 2 * MARGIN;
    let height = text.lines().count() * LINE + 2 * MARGIN;
    let mut svg = format!(
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{width}\" height=\"{height}\" role=\"img\">\n\
         <rect width=\"100%\" height=\"100%\" rx=\"8\" fill=\"#1c1f26\"/>\n\
         <g font-family=\"ui-monospace, Menlo, Consolas, 'DejaVu Sans Mono', monospace\" font-size=\"14\" fill=\"#d8dbe2\">\n"
    );
    for (number, line) in text.lines().enumerate() {
        let y = MARGIN + 13 + number * LINE;
        let _ = writeln!(svg, "<text x=\"{MARGIN}\" y=\"{y}\" xml:space=\"preserve\">{}</text>", spans(line));
    }
    svg + "</g>\n</svg>\n"
}

fn spans(line: &str) -> String {
    let mut spans = String::new();
    for (at, piece) in line.split('\u{1b}').enumerate() {
        let text = bare(at, piece).replace('&', "&amp;").replace('<', "&lt;");
        let codes = if at == 0 { "" } else { &piece[..piece.len() - bare(at, piece).len()] };
        match style(codes) {
            _ if text.is_empty() => {}
            Some(style) => spans.push_str(&format!("<tspan {style}>{text}</tspan>")),
            None => spans.push_str(&text),
        }
    }
    spans
}

/// The text without the colour in front.
fn bare(at: usize, piece: &str) -> &str {
    if at == 0 { piece } else { piece.split_once('m').expect("a colour ends").1 }
}

fn style(codes: &str) -> Option<&'static str> {
    Some(match codes {
        "[31m" => "fill=\"#ff7b72\"",
        "[32m" => "fill=\"#7ee787\"",
        "[36m" => "fill=\"#79c0ff\"",
        "[1m" => "font-weight=\"bold\"",
        "[2m" => "fill=\"#8b949e\"",
        "" | "[0m" => return None,
        other => panic!("there is no colour {other:?}"),
    })
}
