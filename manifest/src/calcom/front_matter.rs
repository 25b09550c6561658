//! The YAML between two lines `---` at the top of a description: the files that its `items` name.

use std::ops::Range;

use saphyr_parser::{Event, Parser, ScalarStyle, ScanError, Span as Marks};

use crate::{Problem, Span, Spanned};

/// The line before and after front matter.
const FENCE: &str = "---";

/// Where the front matter of a text is, and where its body begins.
pub(super) struct Parts {
    pub(super) front: Range<usize>,
    pub(super) body: usize,
}

/// Finds the front matter, empty where there is none.
///
/// # Errors
///
/// A text that opens front matter and never closes it.
pub(super) fn split(text: &str) -> Result<Parts, Problem> {
    let top = if text.starts_with('\u{feff}') { '\u{feff}'.len_utf8() } else { 0 };
    let mut lines = text.get(top..).unwrap_or_default().split_inclusive('\n');
    let mut at = top;
    let Some(opening) = lines.next().filter(|line| line.trim_end() == FENCE) else {
        return Ok(Parts { front: top..top, body: top });
    };
    at += opening.len();
    let start = at;
    for line in lines {
        if line.trim_end() == FENCE {
            return Ok(Parts { front: start..at, body: at + line.len() });
        }
        at += line.len();
    }
    let span = top..top + FENCE.len();
    Err(Problem::new("syntax", "the front matter is never closed", span, "end it with a line `---`"))
}

/// The strings in the list `items`, with their places in `text`, of which `front` is the YAML.
///
/// # Errors
///
/// YAML that cannot be parsed, or `items` that are no list.
pub(super) fn items(text: &str, front: Range<usize>) -> Result<Vec<Spanned<String>>, Problem> {
    let mut walk = Walk::new(text, front.clone());
    for event in Parser::new_from_str(text.get(front).unwrap_or_default()) {
        let (event, marks) = event.map_err(|error| walk.cursor.syntax(&error))?;
        match event {
            Event::MappingStart(..) | Event::SequenceStart(..) => {
                walk.node(&event, marks)?;
                walk.depth += 1;
            }
            Event::MappingEnd | Event::SequenceEnd => {
                walk.depth -= 1;
                walk.in_items &= walk.depth > 1;
            }
            Event::Scalar(..) | Event::Alias(_) => walk.node(&event, marks)?,
            Event::DocumentEnd => break,
            _ => {}
        }
    }
    Ok(walk.items)
}

/// Where in the YAML a walk over its events is.
struct Walk<'t> {
    cursor: Cursor<'t>,
    /// How many mappings and sequences are open.
    depth: usize,
    /// Whether the outermost one is a mapping.
    is_mapping: bool,
    /// Whether the next node in it is a value, and then, whether its key was `items`.
    value_of_items: Option<bool>,
    /// Whether the list `items` is open.
    in_items: bool,
    items: Vec<Spanned<String>>,
}

impl<'t> Walk<'t> {
    fn new(text: &'t str, front: Range<usize>) -> Self {
        let cursor = Cursor { text, start: front.start, chars: 0, at: front.start };
        Self { cursor, depth: 0, is_mapping: false, value_of_items: None, in_items: false, items: Vec::new() }
    }

    /// Takes a node: a scalar, an alias, or the start of a mapping or sequence.
    fn node(&mut self, node: &Event<'_>, marks: Marks) -> Result<(), Problem> {
        match (self.depth, node) {
            (0, _) => self.is_mapping = matches!(node, Event::MappingStart(..)),
            (1, _) if self.is_mapping => match self.value_of_items.take() {
                None => self.value_of_items = Some(matches!(node, Event::Scalar(key, ..) if key == "items")),
                Some(true) => self.open_items(node, marks)?,
                Some(false) => {}
            },
            (2, Event::Scalar(name, style, ..)) if self.in_items && !is_null(name, *style) => {
                let span = self.cursor.scalar(name, *style, marks);
                self.items.push(Spanned::new(name.to_string(), span));
            }
            _ => {}
        }
        Ok(())
    }

    fn open_items(&mut self, value: &Event<'_>, marks: Marks) -> Result<(), Problem> {
        let found = match value {
            Event::SequenceStart(..) => {
                self.in_items = true;
                return Ok(());
            }
            Event::Scalar(text, style, ..) if is_null(text, *style) => return Ok(()),
            Event::MappingStart(..) => "a mapping",
            _ => "a string",
        };
        let message = format!("`items` must be a list of files, but was {found}");
        Err(Problem::new(
            "wrong-type",
            message,
            self.cursor.span(marks),
            "put `- ` before each file, on lines of their own",
        ))
    }
}

/// Whether a scalar is YAML's null: nothing at all, or one of its names, without quotes.
fn is_null(text: &str, style: ScalarStyle) -> bool {
    style == ScalarStyle::Plain && matches!(text, "" | "~" | "null" | "Null" | "NULL")
}

/// Turns the parser's places, which count characters of the YAML, into bytes of the whole text.
struct Cursor<'t> {
    text: &'t str,
    start: usize,
    chars: usize,
    at: usize,
}

impl Cursor<'_> {
    /// Places mostly come in order, so that each walk goes on from the last.
    fn byte(&mut self, chars: usize) -> usize {
        if chars < self.chars {
            (self.chars, self.at) = (0, self.start);
        }
        let rest = self.text.get(self.at..).unwrap_or_default();
        self.at += rest.chars().take(chars - self.chars).map(char::len_utf8).sum::<usize>();
        self.chars = chars;
        self.at
    }

    fn span(&mut self, marks: Marks) -> Span {
        let start = self.byte(marks.start.index());
        let end = self.byte(marks.end.index());
        let written = self.text.get(start..end).unwrap_or_default();
        Span { start, end: start + written.trim_end().len() }
    }

    /// The span of a scalar; the parser's reaches over a comment after a quoted one.
    fn scalar(&mut self, value: &str, style: ScalarStyle, marks: Marks) -> Span {
        let span = self.span(marks);
        let quote = match style {
            ScalarStyle::SingleQuoted => "'",
            ScalarStyle::DoubleQuoted => "\"",
            _ => return span,
        };
        let written = self.text.get(span.start..).unwrap_or_default();
        let after = written.strip_prefix(quote).and_then(|rest| rest.strip_prefix(value)?.strip_prefix(quote));
        after.map_or(span, |rest| Span { start: span.start, end: span.start + written.len() - rest.len() })
    }

    fn syntax(&mut self, error: &ScanError) -> Problem {
        let at = self.byte(error.marker().index());
        Problem::new("syntax", error.info(), at..at, "make it valid YAML; what stands before it may be what is wrong")
    }
}
