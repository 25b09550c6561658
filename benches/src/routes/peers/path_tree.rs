//! path-tree: `:name` up to one of `-.~/:`, `:name+` for a catch-all, and `\` before what stands for itself.

use path_tree::{Path, PathTree};

use crate::routes::contender::{Built, Contender, Peer};
use crate::routes::pattern::{Piece, pieces};
use crate::routes::set::Route;

impl Contender for PathTree<u32> {
    const NAME: &'static str = "path-tree";
    type Answer<'a> = Option<(&'a u32, Path<'a, 'a>)>;

    fn find<'a>(&'a self, path: &'a str) -> Self::Answer<'a> {
        self.find(path)
    }

    fn number(answer: &Self::Answer<'_>) -> Option<u32> {
        answer.as_ref().map(|(number, _)| **number)
    }

    fn each_param(answer: &Self::Answer<'_>, mut read: impl FnMut(&str, &[u8])) {
        if let Some((_, path)) = answer {
            path.params_iter().for_each(|(name, value)| read(name, value.as_bytes()));
        }
    }
}

impl Peer for PathTree<u32> {
    fn build(routes: &[Route]) -> Built<Self> {
        let mut n_inserted = 0;
        Built::of(routes, |tree: &mut Self, route| {
            let Some(pattern) = written(&route.pattern) else { return false };
            // The id of a pattern that is there already, whose number it then replaces, is a smaller one.
            let is_new = tree.insert(&pattern, route.number) == n_inserted;
            n_inserted += usize::from(is_new);
            is_new
        })
    }
}

fn written(pattern: &str) -> Option<String> {
    let mut text = String::new();
    let mut is_behind_param = false;
    for piece in pieces(pattern) {
        match &piece {
            // It has no way to write a backslash.
            Piece::Literal(literal) if literal.contains('\\') => return None,
            Piece::Literal(literal) => push_literal(&mut text, literal, is_behind_param),
            Piece::Param(name) => text.extend([":", name]),
            Piece::CatchAll(name) => text.extend([":", name, "+"]),
        }
        is_behind_param = matches!(piece, Piece::Param(_));
    }
    Some(text)
}

fn push_literal(text: &mut String, literal: &str, is_behind_param: bool) {
    for (at, byte) in literal.char_indices() {
        let is_special = matches!(byte, ':' | '+' | '*');
        // Else it would be one more letter of the name.
        let ends_name = at == 0 && is_behind_param && !matches!(byte, '/' | '-' | '.' | '~');
        if is_special || ends_name {
            text.push('\\');
        }
        text.push(byte);
    }
}
