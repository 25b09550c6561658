//! The pieces of a pattern, from which it is written in a peer's syntax.

/// A piece of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Piece<'p> {
    /// Text, slashes included, that stands for itself.
    Literal(String),
    /// A param, by its name.
    Param(&'p str),
    /// A param that takes the rest of the path.
    CatchAll(&'p str),
}

/// The pieces from the left; what follows a brace without a twin is lost, which no pattern of a table has.
pub(super) fn pieces(pattern: &str) -> Vec<Piece<'_>> {
    let (mut pieces, mut literal, mut rest) = (Vec::new(), String::new(), pattern);
    while let Some(at) = rest.find(['{', '}']) {
        let (before, brace) = rest.split_at(at);
        literal.push_str(before);
        if let Some(behind) = ["{{", "}}"].iter().find_map(|twins| brace.strip_prefix(twins)) {
            literal.extend(brace.chars().next());
            rest = behind;
            continue;
        }
        let Some((name, behind)) = brace.get(1..).and_then(|param| param.split_once('}')) else { return pieces };
        push_literal(&mut pieces, std::mem::take(&mut literal));
        pieces.push(name.strip_prefix('*').map_or(Piece::Param(name), Piece::CatchAll));
        rest = behind;
    }
    push_literal(&mut pieces, literal + rest);
    pieces
}

fn push_literal(pieces: &mut Vec<Piece<'_>>, literal: String) {
    if !literal.is_empty() {
        pieces.push(Piece::Literal(literal));
    }
}

/// Writes a pattern in another syntax: literal text as `literal` writes it, params and catch-alls between the texts given.
/// `None` where `literal` cannot write a text.
pub(super) fn translate(
    pattern: &str,
    literal: impl Fn(&str) -> Option<String>,
    param: [&str; 2],
    catch_all: [&str; 2],
) -> Option<String> {
    let written = |piece: Piece<'_>| match piece {
        Piece::Literal(text) => literal(&text),
        Piece::Param(name) => Some([param[0], name, param[1]].concat()),
        Piece::CatchAll(name) => Some([catch_all[0], name, catch_all[1]].concat()),
    };
    pieces(pattern).into_iter().map(written).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(pattern: &str, expect: &str) {
        let literal = |text: &str| (!text.contains('!')).then(|| text.to_uppercase());
        let written = translate(pattern, literal, ["<", ">"], ["<*", ">"]);
        assert_eq!(written.as_deref().unwrap_or("none"), expect, "{pattern}");
    }

    #[test]
    fn patterns_in_another_syntax() {
        check("/", "/");
        check("/a/{b}", "/A/<b>");
        check("/a/v{b}.x{c}/{*d}", "/A/V<b>.X<c>/<*d>");
        check("/{{a}}/{b}}}", "/{A}/<b>}");
        check("/{{{a}", "/{<a>");
        check("/!/{a}", "none");
    }
}
