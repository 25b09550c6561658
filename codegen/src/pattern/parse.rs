//! Text to [`Pattern`].

use std::fmt;
use std::ops::Range;

use bakehouse_runtime::table::layout::{MAX_PATTERN, MAX_SEGMENTS};

use super::{Mixed, Pattern, Segment};

/// Why a text is no pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PatternError {
    /// What is wrong.
    pub message: String,
    /// What to do.
    pub help: String,
    /// The bytes of the pattern that it is about.
    pub range: Range<usize>,
}

impl fmt::Display for PatternError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for PatternError {}

fn error<T>(range: Range<usize>, message: impl Into<String>, help: impl Into<String>) -> Result<T, PatternError> {
    Err(PatternError { message: message.into(), help: help.into(), range })
}

impl Pattern {
    /// Whether a text can stand before patterns: empty, or a pattern without a slash or a catch-all at its end.
    pub(crate) fn is_prefix(text: &str) -> bool {
        let ends_right = |pattern: Self| !matches!(pattern.segments.last(), Some(Segment::CatchAll(_)));
        text.is_empty() || (!text.ends_with('/') && Self::parse(text).is_ok_and(ends_right))
    }

    /// Parses a pattern, variables filled in.
    ///
    /// # Errors
    /// If it does not begin with a slash, has a query or fragment, unbalanced braces, a param without a name or with one
    /// that another has, two params without text between them, a catch-all that is not the whole last segment, more than
    /// 64 segments, or more than 16,000 bytes.
    pub fn parse(text: &str) -> Result<Self, PatternError> {
        let Some(path) = text.strip_prefix('/') else {
            return error(
                0..text.len(),
                format!("pattern `{text}` does not begin with a slash"),
                format!("write `/{text}`"),
            );
        };
        if text.len() > MAX_PATTERN {
            let message = format!("pattern has {} bytes, but {MAX_PATTERN} is the most", text.len());
            return error(0..text.len(), message, "let params such as `{id}`, or a catch-all, take the place of text");
        }
        let mut segments = Vec::new();
        let mut start = 1;
        for segment in path.split('/') {
            segments.push(parse_segment(segment, start)?);
            start += segment.len() + 1;
            if matches!(segments.last(), Some(Segment::CatchAll(_))) && start <= text.len() {
                return error(
                    start - 1..text.len(),
                    "catch-all is not the last segment",
                    "a catch-all takes the whole rest of a path; nothing can follow it",
                );
            }
        }
        if segments.len() > MAX_SEGMENTS {
            let message = format!("pattern has {} segments, but {MAX_SEGMENTS} is the most", segments.len());
            return error(0..text.len(), message, "let a catch-all such as `{*rest}` take the end of it");
        }
        let pattern = Self { segments };
        check_names(&pattern, text)?;
        Ok(pattern)
    }
}

fn check_names(pattern: &Pattern, text: &str) -> Result<(), PatternError> {
    let mut seen: Vec<&str> = Vec::new();
    for name in pattern.params() {
        if seen.contains(&name) {
            let help = "give each param of a pattern a name of its own";
            return error(0..text.len(), format!("two params are named `{name}`"), help);
        }
        seen.push(name);
    }
    Ok(())
}

/// A part of a segment.
enum Part {
    Text(String),
    Param { name: String, range: Range<usize> },
}

fn parse_segment(segment: &str, offset: usize) -> Result<Segment, PatternError> {
    if let Some(at) = segment.bytes().position(|byte| matches!(byte, b'?' | b'#')) {
        let help = "a pattern matches the path alone, before the query";
        return error(offset + at..offset + segment.len(), "pattern has a query or fragment", help);
    }
    if !segment.bytes().any(|byte| matches!(byte, b'{' | b'}')) {
        return Ok(Segment::Literal(segment.to_owned()));
    }
    let parts = split_parts(segment, offset)?;
    let mut pieces = vec![String::new()];
    let mut params = Vec::new();
    let mut behind_param: Option<Range<usize>> = None;
    let n_parts = parts.len();
    for part in parts {
        match part {
            Part::Text(text) => {
                behind_param = None;
                if let Some(piece) = pieces.last_mut() {
                    *piece = text;
                }
            }
            Part::Param { name, range } => {
                if let Some(before) = behind_param {
                    let help = "put literal text between them, as in `{from}-{to}`, or make them two segments";
                    return error(before.start..range.end, "two params without text between them", help);
                }
                if let Some(name) = name.strip_prefix('*') {
                    return catch_all(name, n_parts, range);
                }
                check_name(&name, range.clone())?;
                params.push(name);
                pieces.push(String::new());
                behind_param = Some(range);
            }
        }
    }
    Ok(classify(pieces, params))
}

fn catch_all(name: &str, n_parts: usize, range: Range<usize>) -> Result<Segment, PatternError> {
    check_name(name, range.clone())?;
    if n_parts > 1 {
        let help = format!("write `/{{*{name}}}`, with nothing else in the segment");
        return error(range, "catch-all is not the whole segment", help);
    }
    Ok(Segment::CatchAll(name.to_owned()))
}

fn classify(mut pieces: Vec<String>, mut params: Vec<String>) -> Segment {
    if params.is_empty() {
        return Segment::Literal(pieces.pop().unwrap_or_default());
    }
    if params.len() == 1 && pieces.iter().all(String::is_empty) {
        return Segment::Param(params.pop().unwrap_or_default());
    }
    Segment::Mixed(Mixed { pieces, params })
}

fn check_name(name: &str, range: Range<usize>) -> Result<(), PatternError> {
    if name.is_empty() {
        return error(range, "param has no name", "write `{id}`, or `{{` and `}}` for braces");
    }
    if !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-')) {
        let help = "a param's name is made of ASCII letters, digits, `_` and `-`";
        return error(range, format!("param's name `{name}` is not valid"), help);
    }
    Ok(())
}

/// Splits a segment into texts, doubled braces made single, and params.
fn split_parts(segment: &str, offset: usize) -> Result<Vec<Part>, PatternError> {
    let mut parts = Vec::new();
    let mut text = String::new();
    let mut chars = segment.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        let doubled = chars.peek().is_some_and(|(_, next)| *next == c);
        match c {
            '{' | '}' if doubled => {
                chars.next();
                text.push(c);
            }
            '}' => {
                let help = "write `}}` for a brace that is meant as itself";
                return error(offset + at..offset + at + 1, "brace `}` closes nothing", help);
            }
            '{' => {
                let rest = segment.get(at + 1..).unwrap_or_default();
                let Some(len) = rest.find('}') else {
                    let help = "close it with `}`, or write `{{` for a brace that is meant as itself";
                    return error(offset + at..offset + segment.len(), "brace `{` is not closed", help);
                };
                if !text.is_empty() {
                    parts.push(Part::Text(std::mem::take(&mut text)));
                }
                let end = at + 1 + len;
                parts.push(Part::Param {
                    name: rest.get(..len).unwrap_or_default().to_owned(),
                    range: offset + at..offset + end + 1,
                });
                while chars.next_if(|(next, _)| *next <= end).is_some() {}
            }
            _ => text.push(c),
        }
    }
    if !text.is_empty() {
        parts.push(Part::Text(text));
    }
    Ok(parts)
}
