//! Text to tree: runs the TOML parser and a format over its tree, and sees to it that one syntax error is one problem.

use toml::de::{DeTable, DeValue, Error};

use super::reader::Reader;
use super::table::Table;
use crate::{Problem, Span};

/// Parses `text`, reads its tree as a format, and gives what was read and all problems by place.
pub(super) fn read<M>(text: &str, format: impl FnOnce(Table<'_, '_>) -> M) -> (M, Vec<Problem>) {
    let (tree, errors) = DeTable::parse_recoverable(text);
    let tree = tree.into_inner();
    let (syntax, shadows) = syntax_problems(text, &tree, errors);
    let mut reader = Reader { text, shadows, problems: Vec::new() };
    let manifest = format(Table::top(&tree, &mut reader));
    let Reader { shadows, mut problems, .. } = reader;
    // A key may only seem to be missing, since its line could not be read.
    problems.retain(|it| syntax.is_empty() || (it.code != "missing-key" && !shadows.hide(it.span)));
    problems.extend(syntax);
    problems.sort_by_key(|it| it.span.start);
    dismantle(tree);
    (manifest, problems)
}

/// The parts of a file in which nothing more is said after a syntax error, and nothing is read, since what the parser made
/// of them is a guess. They come in order, and each ends after the one before it.
#[derive(Default)]
pub(super) struct Shadows(Vec<Span>);

impl Shadows {
    fn hide(&self, span: Span) -> bool {
        let after = self.0.partition_point(|shadow| shadow.start <= span.start);
        after.checked_sub(1).and_then(|idx| self.0.get(idx)).is_some_and(|shadow| span.start <= shadow.end)
    }

    /// Whether some of a value is in one of them.
    pub(super) fn touch(&self, value: Span) -> bool {
        self.0.iter().any(|shadow| value.start <= shadow.end && shadow.start <= value.end)
    }

    /// Adds the line of an error, the value that it is in, which ends at `reach`, and all under a broken header.
    fn push(&mut self, text: &str, error: Span, reach: usize) {
        let line = line_around(text, error.start);
        let is_header = text.get(line.start..line.end).is_some_and(|line| line.trim_start().starts_with('['));
        let end = if is_header { next_header(text, line.end) } else { line.end };
        self.0.push(Span { start: line.start, end: end.max(reach) });
    }
}

/// Makes problems of the parser's errors, leaving out those that only follow from an earlier one.
fn syntax_problems(text: &str, tree: &DeTable<'_>, errors: Vec<Error>) -> (Vec<Problem>, Shadows) {
    let mut values = value_spans(tree).into_iter().peekable();
    let mut problems: Vec<Problem> = errors.into_iter().map(|error| problem(text, &error)).collect();
    problems.sort_by_key(|it| it.span.start);
    let mut shadows = Shadows::default();
    // The end of the outermost value that began so far; one that ended before the error reaches nowhere.
    let mut reach = 0;
    problems.retain(|it| {
        while let Some(value) = values.next_if(|value| value.start <= it.span.start) {
            reach = reach.max(value.end);
        }
        let is_first = !shadows.hide(it.span);
        if is_first && it.code == "syntax" {
            shadows.push(text, it.span, reach);
        }
        is_first
    });
    (problems, shadows)
}

fn problem(text: &str, error: &Error) -> Problem {
    let span = error.span().map(Span::from).unwrap_or_default();
    if error.message() == "duplicate key" {
        let key = text.get(span.start..span.end).unwrap_or_default();
        return Problem::new("duplicate-key", format!("`{key}` is given twice"), span, "keep one of the two");
    }
    if error.message().contains("recurs") {
        return Problem::new("syntax", "values stand too deep in one another", span, "take some of the levels out");
    }
    let (message, expected) = error.message().split_once(", expected ").unwrap_or((error.message(), ""));
    // A word such as `integrations` is taken for the beginning of `inf`.
    if message == UNQUOTED || (message == "invalid float" && is_word(text, span)) {
        let label = "expected literal string".to_owned();
        return Problem { label, ..Problem::new("syntax", UNQUOTED, span, "put the value in quotes") };
    }
    let (label, help) = match expected {
        "" | "nothing" => (String::new(), "make it valid TOML; what stands before it may be what is wrong".to_owned()),
        _ => (format!("expected {expected}"), format!("put {expected} there")),
    };
    Problem { label, ..Problem::new("syntax", message, span, help) }
}

/// What the parser says of a string without quotes.
const UNQUOTED: &str = "string values must be quoted";

fn is_word(text: &str, span: Span) -> bool {
    text.get(span.start..span.end).is_some_and(|it| it.starts_with(|c: char| c.is_ascii_alphabetic()))
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

/// The place of every value, by its start. Not recursive: dotted keys stand in each other thousands deep.
fn value_spans(tree: &DeTable<'_>) -> Vec<Span> {
    let mut spans = Vec::new();
    let mut rest: Vec<_> = tree.values().collect();
    while let Some(value) = rest.pop() {
        spans.push(value.span().into());
        match value.get_ref() {
            DeValue::Table(table) => rest.extend(table.values()),
            DeValue::Array(items) => rest.extend(items.iter()),
            _ => {}
        }
    }
    spans.sort_unstable();
    spans
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
