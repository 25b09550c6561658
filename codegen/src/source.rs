//! The texts that were read, and places in them.

use bakehouse_manifest::{Span, Spanned};

/// The number of a file in [`Sources`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FileId(u32);

/// A range of a file's text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file.
    pub file: FileId,
    /// The bytes in it.
    pub span: Span,
}

impl FileId {
    /// The place of a range in this file.
    pub fn at(self, span: Span) -> Place {
        Place { file: self, span }
    }

    /// The place of a value in this file.
    pub fn of<T>(self, value: &Spanned<T>) -> Place {
        self.at(value.span)
    }

    /// The beginning of the file, for what concerns it as a whole.
    pub fn start(self) -> Place {
        self.at(Span::default())
    }
}

/// A file as it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SourceFile {
    /// Its path relative to the host manifest's folder, `/`-separated.
    pub path: String,
    /// Its text; empty for a file that could not be read.
    pub text: String,
}

/// Every file that was read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sources {
    files: Vec<SourceFile>,
}

/// Where a place is, in a person's terms.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Position {
    /// The line, from 1.
    pub line: usize,
    /// The column in characters, from 1.
    pub column: usize,
}

impl Sources {
    pub(crate) fn add(&mut self, path: String, text: String) -> FileId {
        self.files.push(SourceFile { path, text });
        FileId(u32::try_from(self.files.len() - 1).unwrap_or(u32::MAX))
    }

    /// The file with that number.
    pub fn file(&self, id: FileId) -> &SourceFile {
        static NONE: SourceFile = SourceFile { path: String::new(), text: String::new() };
        self.files.get(id.0 as usize).unwrap_or(&NONE)
    }

    /// Every file, in the order of reading.
    pub fn files(&self) -> &[SourceFile] {
        &self.files
    }

    /// The text of a place.
    pub fn text(&self, place: Place) -> &str {
        self.file(place.file).text.get(place.span.start..place.span.end).unwrap_or_default()
    }

    /// The line and column where a place begins.
    pub fn position(&self, place: Place) -> Position {
        let text = &self.file(place.file).text;
        let before = text.get(..place.span.start).unwrap_or(text);
        let line_start = before.rfind('\n').map_or(0, |at| at + 1);
        // A byte order mark is no character that a person sees.
        let line = before.get(line_start..).unwrap_or_default().trim_start_matches('\u{feff}');
        Position { line: before.matches('\n').count() + 1, column: line.chars().count() + 1 }
    }
}
