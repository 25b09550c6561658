//! Draws a diagnostic with the lines it is about, as rustc does.

use std::fmt::Write;
use std::path::Path;

use super::{Diagnostic, Label};
use crate::source::{FileId, Sources};

/// The diagnostic as text: what is wrong, each place with its line underlined, and the help. Ends in a line feed.
///
/// `folder` goes before the paths, which are relative to the host manifest's: the folder of that as seen from wherever the
/// reader is, so that the place can be opened from there.
pub fn render(diagnostic: &Diagnostic, sources: &Sources, folder: &Path) -> String {
    let message = printable(&diagnostic.message);
    let mut out = format!("{}[{}]: {message}\n", diagnostic.severity.name(), diagnostic.code);
    let gutter = diagnostic.labels.iter().map(|label| line_of(label, sources).to_string().len()).max().unwrap_or(1);
    let mut previous: Option<(FileId, usize)> = None;
    for label in &diagnostic.labels {
        let line = line_of(label, sources);
        match previous {
            Some((file, above)) if file == label.place.file && above < line => {
                if above + 1 < line {
                    out.push_str("...\n");
                }
            }
            _ => {
                let arrow = if previous.is_none() { "-->" } else { ":::" };
                let _ = writeln!(out, "{:gutter$}{arrow} {}", "", place_of(label, sources, folder));
                if !sources.file(label.place.file).text.is_empty() {
                    let _ = writeln!(out, "{:gutter$} |", "");
                }
            }
        }
        draw_line(&mut out, label, sources, gutter);
        previous = Some((label.place.file, line));
    }
    if !diagnostic.help.is_empty() {
        let _ = writeln!(out, "{:gutter$} |", "");
        let indent = format!("\n{:width$}", "", width = gutter + 9);
        let _ = writeln!(out, "{:gutter$} = help: {}", "", printable(&diagnostic.help).replace('\n', &indent));
    }
    out
}

fn line_of(label: &Label, sources: &Sources) -> usize {
    sources.position(label.place).line
}

/// Where a label is: path, line and column.
fn place_of(label: &Label, sources: &Sources, folder: &Path) -> String {
    let position = sources.position(label.place);
    let path = folder.join(&sources.file(label.place.file).path);
    format!("{}:{}:{}", path.display(), position.line, position.column)
}

/// Longer lines are cut on both sides of what is meant, in characters.
const MAX_SHOWN: usize = 200;

/// How much is left before what is meant in a line that is cut.
const SHOWN_BEFORE: usize = 40;

/// The part of a line that is shown, and how many characters of it stand before what is meant.
fn shown_part(line: &str, before: usize) -> (String, usize) {
    if line.chars().nth(MAX_SHOWN).is_none() {
        return (line.to_owned(), before);
    }
    let skipped = before.saturating_sub(SHOWN_BEFORE);
    let mut rest = line.chars().skip(skipped);
    let lead = if skipped > 0 { "..." } else { "" };
    let shown: String = rest.by_ref().take(MAX_SHOWN).collect();
    let tail = if rest.next().is_some() { "..." } else { "" };
    (format!("{lead}{shown}{tail}"), before - skipped + lead.len())
}

/// The line of a place, and under it what is meant. A place of more than one line is underlined to the end of its first.
fn draw_line(out: &mut String, label: &Label, sources: &Sources, gutter: usize) {
    let text = &sources.file(label.place.file).text;
    if text.is_empty() {
        return;
    }
    let position = sources.position(label.place);
    let line = text.lines().nth(position.line - 1).unwrap_or_default().trim_start_matches('\u{feff}');
    let (line, before) = shown_part(line, position.column - 1);
    let shown = printable(&line).replace('\t', "    ");
    let _ = writeln!(out, "{:>gutter$} | {shown}", position.line);
    let left = line.chars().count().saturating_sub(before).max(1);
    let before: usize = line.chars().take(before).map(shown_width).sum();
    let meant = sources.text(label.place).lines().next().unwrap_or_default();
    let width = meant.chars().take(left).map(shown_width).sum::<usize>().max(1);
    let _ = writeln!(
        out,
        "{:gutter$} | {:before$}{}{}{}",
        "",
        "",
        "^".repeat(width),
        if label.text.is_empty() { "" } else { " " },
        printable(&label.text)
    );
}

/// The text without what a terminal would obey: a manifest is somebody else's text.
fn printable(text: &str) -> String {
    text.replace(|c: char| c.is_control() && !matches!(c, '\t' | '\n'), "\u{fffd}")
}

/// How many columns a character takes on a terminal; only tabs are told from the rest.
fn shown_width(c: char) -> usize {
    if c == '\t' { 4 } else { 1 }
}
