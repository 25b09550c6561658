//! Text to [`Pattern`], and by brute force whether one matches a path: rules 1, 2 and 4.

use std::cmp::{Ordering, Reverse};

/// A route pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Pattern {
    /// Its segments: what stands between slashes. `/` alone has one, which is empty.
    pub segments: Vec<Segment>,
}

/// A segment of a pattern: literal pieces with a param between each two.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Segment {
    /// The literal pieces, braces undone; one more than there are names. A bare param has two empty ones.
    pub pieces: Vec<Vec<u8>>,
    /// The names of the params.
    pub names: Vec<String>,
    /// Whether its one param takes the rest of the path.
    pub catch_all: bool,
}

/// What the params of a pattern took of a path: names and raw bytes.
pub type Params = Vec<(String, Vec<u8>)>;

impl Pattern {
    /// Parses a pattern.
    ///
    /// # Errors
    /// If it is none by rule 1, with the reason.
    pub fn parse(text: &str) -> Result<Self, String> {
        let rest = text.strip_prefix('/').ok_or("no slash at the start")?;
        let segments = rest.split('/').map(Segment::parse).collect::<Result<Vec<_>, _>>()?;
        let catch_all = segments.iter().position(|segment| segment.catch_all);
        if catch_all.is_some_and(|idx| idx + 1 != segments.len()) {
            return Err("a catch-all is the last segment".to_owned());
        }
        Ok(Self { segments })
    }

    /// The params if the pattern matches the whole path.
    pub fn cut(&self, path: &[u8], ignore_case: bool) -> Option<Params> {
        let mut rest = Some(path.strip_prefix(b"/")?);
        let mut params = Params::new();
        for segment in &self.segments {
            let text = rest?;
            let slash = if segment.catch_all { None } else { text.iter().position(|byte| *byte == b'/') };
            let (text, behind) = slash.map_or((text, None), |at| (&text[..at], Some(&text[at + 1..])));
            params.extend(segment.cut(text, ignore_case)?);
            rest = behind;
        }
        rest.is_none().then_some(params)
    }

    /// Whether the pattern matches the whole path.
    pub fn matches(&self, path: &[u8], ignore_case: bool) -> bool {
        self.cut(path, ignore_case).is_some()
    }

    /// Which of two patterns that match one path is preferred: `Less` if this one.
    pub fn precedence(&self, other: &Self, ignore_case: bool) -> Ordering {
        let ranks = |pattern: &Self| pattern.segments.iter().map(|it| it.rank(ignore_case)).collect::<Vec<_>>();
        ranks(self).cmp(&ranks(other))
    }

    /// The pattern with the names of its params erased, and in lower case if case does not count.
    #[must_use]
    pub fn erased(&self, ignore_case: bool) -> Self {
        let erase = |segment: &Segment| Segment {
            pieces: segment.folded_pieces(ignore_case),
            names: vec![String::new(); segment.names.len()],
            catch_all: segment.catch_all,
        };
        Self { segments: self.segments.iter().map(erase).collect() }
    }
}

/// The kind of a segment, in order of precedence.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Literal,
    /// The lengths of prefix and suffix, longer first, then all pieces in byte order.
    Mixed(Reverse<usize>, Reverse<usize>, Vec<Vec<u8>>),
    Param,
    CatchAll,
}

impl Segment {
    fn parse(text: &str) -> Result<Self, String> {
        let mut segment = Self { pieces: vec![Vec::new()], names: Vec::new(), catch_all: false };
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            rest = segment.parse_next(text, first, rest)?;
        }
        Ok(segment)
    }

    /// Parses a pair of braces, a param, or else a character; gives what is left.
    fn parse_next<'a>(&mut self, text: &str, first: char, rest: &'a str) -> Result<&'a str, String> {
        if let Some(left) = rest.strip_prefix("{{").or_else(|| rest.strip_prefix("}}")) {
            self.push_literal(first);
            return Ok(left);
        }
        if let Some(behind) = rest.strip_prefix('{') {
            let (name, left) = behind.split_once('}').ok_or("a brace that is not closed")?;
            self.push_param(name, text == format!("{{{name}}}"))?;
            return Ok(left);
        }
        if first == '}' {
            return Err("a brace that was not opened".to_owned());
        }
        self.push_literal(first);
        Ok(&rest[first.len_utf8()..])
    }

    fn push_literal(&mut self, literal: char) {
        let piece = self.pieces.last_mut().expect("there always is a piece");
        piece.extend_from_slice(literal.encode_utf8(&mut [0; 4]).as_bytes());
    }

    fn push_param(&mut self, text: &str, is_alone: bool) -> Result<(), String> {
        let name = text.strip_prefix('*').unwrap_or(text);
        if name.is_empty() || !name.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte)) {
            return Err(format!("`{name}` is no name"));
        }
        self.catch_all |= text.starts_with('*');
        if self.catch_all && !is_alone {
            return Err("a catch-all beside other text".to_owned());
        }
        if !self.names.is_empty() && self.pieces.last().is_some_and(Vec::is_empty) {
            return Err("no literal text between two params".to_owned());
        }
        self.names.push(name.to_owned());
        self.pieces.push(Vec::new());
        Ok(())
    }

    /// The params if the segment matches the whole text.
    fn cut(&self, text: &[u8], ignore_case: bool) -> Option<Params> {
        let params = cut_pieces(&self.pieces, text, ignore_case)?;
        Some(self.names.iter().cloned().zip(params).collect())
    }

    fn rank(&self, ignore_case: bool) -> Rank {
        match (self.pieces.as_slice(), self.catch_all) {
            (_, true) => Rank::CatchAll,
            ([_], _) => Rank::Literal,
            ([prefix, suffix], _) if prefix.is_empty() && suffix.is_empty() => Rank::Param,
            ([prefix, .., suffix], _) => {
                Rank::Mixed(Reverse(prefix.len()), Reverse(suffix.len()), self.folded_pieces(ignore_case))
            }
            ([], _) => unreachable!("there always is a piece"),
        }
    }

    fn folded_pieces(&self, ignore_case: bool) -> Vec<Vec<u8>> {
        self.pieces.iter().map(|it| if ignore_case { it.to_ascii_lowercase() } else { it.clone() }).collect()
    }
}

/// What stands between the pieces: tries for every param each length of one byte or more, the shortest first and the
/// leftmost param outermost, so that the first cut that fits is the leftmost-shortest one.
fn cut_pieces(pieces: &[Vec<u8>], text: &[u8], ignore_case: bool) -> Option<Vec<Vec<u8>>> {
    let (piece, behind) = pieces.split_first()?;
    let (start, text) = text.split_at_checked(piece.len())?;
    if !(start == piece || ignore_case && start.eq_ignore_ascii_case(piece)) {
        return None;
    }
    if behind.is_empty() {
        return text.is_empty().then(Vec::new);
    }
    (1..=text.len()).find_map(|len| {
        let mut params = cut_pieces(behind, &text[len..], ignore_case)?;
        params.insert(0, text[..len].to_vec());
        Some(params)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pattern_follows_the_grammar() {
        let cases = [
            ("/", true),
            ("//a/", true),
            ("/v{n}/{a}-{b}/{*rest}", true),
            ("/{{{x}}}/}}", true),
            ("/{*rest}/a", false),
            ("/a{*rest}", false),
            ("/{a}{b}", false),
            ("/{}", false),
            ("/{*}", false),
            ("/{a", false),
            ("/a}", false),
            ("/{a/b}", false),
            ("a", false),
        ];
        for (text, expected) in cases {
            assert_eq!(Pattern::parse(text).is_ok(), expected, "{text}");
        }
    }

    #[test]
    fn params_are_cut_leftmost_shortest() {
        let cases: &[(&str, &str, Option<&[&str]>)] = &[
            ("/{base}...{head}", "/a....b", Some(&["a", ".b"])),
            ("/{a}-{b}", "/---", Some(&["-", "-"])),
            ("/{a}-{b}", "/--", None),
            ("/{a}-{b}-c", "/1-2-c-c", Some(&["1", "2-c"])),
            ("/{x}", "/", None),
            ("/{*rest}", "//", Some(&["/"])),
            ("/{*rest}", "/", None),
            ("/a/", "/a/", Some(&[])),
            ("/a/", "/a", None),
            ("/{{{x}}}", "/{{}}", Some(&["{}"])),
        ];
        for (pattern, path, expected) in cases {
            let params = Pattern::parse(pattern).unwrap().cut(path.as_bytes(), false);
            let params = params.map(|it| it.into_iter().map(|(_, raw)| String::from_utf8(raw).unwrap()));
            let expected = expected.map(|it| it.iter().map(|raw| (*raw).to_owned()).collect::<Vec<_>>());
            assert_eq!(params.map(Iterator::collect::<Vec<_>>), expected, "{pattern} {path}");
        }
    }
}
