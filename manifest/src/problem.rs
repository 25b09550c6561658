//! What a manifest's text cannot be read as.

use crate::Span;
use crate::nearest::certain;

/// Something in one file that cannot be read, with its place and the repair.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// A stable name for the kind of problem: `syntax`, `unknown-key`, `wrong-type`, `unknown-value`, `missing-key`,
    /// `duplicate-key`, `reserved-key`; in `tolerated` also `comment-key`.
    pub code: &'static str,
    /// What is wrong: lowercase, no final period, the user's text in backticks.
    pub message: String,
    /// What the label at the place says; empty for none.
    pub label: String,
    /// Where.
    pub span: Span,
    /// What to do; empty where nothing is certain.
    pub help: String,
    /// What is to be written instead, where that is certain.
    pub fix: Option<Box<Fix>>,
}

/// A name that is written wrong, and how it is written right. That the name is meant is certain.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// As it is written; once at the place of the problem.
    pub wrong: String,
    /// As it is to be written.
    pub right: String,
}

impl Fix {
    /// For a name that is one of the known ones but for how it is written.
    pub fn of<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Option<Box<Self>> {
        let right = certain(wrong, known)?.to_owned();
        Some(Box::new(Self { wrong: wrong.to_owned(), right }))
    }
}

impl Problem {
    /// A problem without a label.
    pub(crate) fn new(
        code: &'static str,
        message: impl Into<String>,
        span: impl Into<Span>,
        help: impl Into<String>,
    ) -> Self {
        Self { code, message: message.into(), label: String::new(), span: span.into(), help: help.into(), fix: None }
    }
}
