//! Text to tree: runs the TOML parser and a format over its tree, and sees to it that one syntax error is one problem.

use toml::de::{DeTable, DeValue, Error};

use super::reader::Reader;
use super::table::Table;
use crate::{Problem, Span};

/// Parses `text`, reads its tree as a format, and gives what was read and all problems by place.
pub(super) fn read<M>(text: &str, format: impl FnOnce(Table<'_, '_>) -> M) -> (M, Vec<Problem>) {
    let (tree, errors) = DeTable::parse_recoverable(text);
    let tree = tree.into_inner();
    let mut reader = Reader { text, problems: Vec::new() };
    let manifest = format(Table::top(&tree, &mut reader));
    let mut problems = reader.problems;
    if !errors.is_empty() {
        let (syntax, shadows) = syntax_problems(text, &tree, errors);
        problems.retain(|it| it.code != "missing-key" && !shadows.iter().any(|shadow| shadow.touches(it.span)));
        problems.extend(syntax);
    }
    problems.sort_by_key(|it| it.span.start);
    dismantle(tree);
    (manifest, problems)
}

/// The part of a file in which nothing more is said after a syntax error, since what the parser made of it is a guess.
struct Shadow(Span);

impl Shadow {
    /// The line of the error, the value that it is in, and all that stands under a broken header.
    fn of(error: Span, text: &str, values: &[Span]) -> Self {
        let line = line_around(text, error.start);
        let mut end = line.end;
        if text.get(line.start..line.end).is_some_and(|line| line.trim_start().starts_with('[')) {
            end = next_header(text, line.end);
        }
        let around = values.iter().filter(|value| value.start <= error.start && error.start <= value.end);
        Self(Span { start: line.start, end: around.map(|value| value.end).fold(end, usize::max) })
    }

    fn touches(&self, span: Span) -> bool {
        self.0.start <= span.start && span.start <= self.0.end
    }
}

/// Makes problems of the parser's errors, leaving out those that only follow from an earlier one.
fn syntax_problems(text: &str, tree: &DeTable<'_>, errors: Vec<Error>) -> (Vec<Problem>, Vec<Shadow>) {
    let mut values = Vec::new();
    visit(tree, |value| values.push(value));
    let mut found: Vec<Problem> = errors.into_iter().map(|error| problem(text, &error)).collect();
    found.sort_by_key(|it| it.span.start);
    let mut shadows: Vec<Shadow> = Vec::new();
    found.retain(|it| {
        let repeats = shadows.last().is_some_and(|shadow| shadow.touches(it.span));
        if !repeats && it.code == "syntax" {
            shadows.push(Shadow::of(it.span, text, &values));
        }
        !repeats
    });
    (found, shadows)
}

fn problem(text: &str, error: &Error) -> Problem {
    let span = error.span().map(Span::from).unwrap_or_default();
    if error.message() == "duplicate key" {
        let key = text.get(span.start..span.end).unwrap_or_default();
        return Problem::new("duplicate-key", format!("`{key}` is given twice"), span, "keep one of the two");
    }
    let (message, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    let help = if message == "string values must be quoted" { "put the value in quotes" } else { "" };
    let label = if matches!(expected, "" | "nothing") { String::new() } else { format!("expected {expected}") };
    Problem { label, ..Problem::new("syntax", message, span, help) }
}

fn line_around(text: &str, at: usize) -> Span {
    let (before, after) = text.split_at_checked(at).unwrap_or((text, ""));
    Span {
        start: before.rfind('\n').map_or(0, |newline| newline + 1),
        end: after.find('\n').map_or(text.len(), |newline| at + newline),
    }
}

/// The end of the line before the next one that begins with a bracket.
fn next_header(text: &str, from: usize) -> usize {
    let mut end = from;
    for line in text.get(from..).unwrap_or_default().split_inclusive('\n').skip(1) {
        if line.trim_start().starts_with('[') {
            return end;
        }
        end += line.len();
    }
    text.len()
}

/// Calls `see` with the place of every value. Not recursive: dotted keys stand in each other thousands deep.
fn visit(tree: &DeTable<'_>, mut see: impl FnMut(Span)) {
    let mut rest: Vec<_> = tree.values().collect();
    while let Some(value) = rest.pop() {
        see(value.span().into());
        match value.get_ref() {
            DeValue::Table(table) => rest.extend(table.values()),
            DeValue::Array(items) => rest.extend(items.iter()),
            _ => {}
        }
    }
}

/// Drops a tree without recursion: the parser bounds how deep brackets stand in each other, but each of them may hold
/// a dotted key of its own, and dropping the product of the two overflows a thread's stack.
fn dismantle(tree: DeTable<'_>) {
    let mut rest: Vec<_> = tree.into_iter().map(|(_, value)| value).collect();
    while let Some(value) = rest.pop() {
        match value.into_inner() {
            DeValue::Table(table) => rest.extend(table.into_iter().map(|(_, value)| value)),
            DeValue::Array(items) => rest.extend(items),
            _ => {}
        }
    }
}
