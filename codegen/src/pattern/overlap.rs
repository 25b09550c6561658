//! Whether two segments with literal text both match some text.

/// Whether a literal segment is one that the pieces of a mixed one match.
pub(crate) fn literal_meets_mixed(text: &str, pieces: &[String]) -> bool {
    meet(&literal(text).collect::<Vec<_>>(), &atoms(pieces))
}

/// Whether some segment matches the pieces of two mixed ones.
pub(crate) fn mixed_meet(a: &[String], b: &[String]) -> bool {
    meet(&atoms(a), &atoms(b))
}

/// One position of a mixed segment: a byte of a literal, or the place of a param.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Atom {
    Byte(u8),
    /// One byte or more.
    Any,
}

fn literal(text: &str) -> impl Iterator<Item = Atom> {
    text.bytes().map(Atom::Byte)
}

fn atoms(pieces: &[String]) -> Vec<Atom> {
    let mut atoms = Vec::new();
    for (idx, piece) in pieces.iter().enumerate() {
        if idx > 0 {
            atoms.push(Atom::Any);
        }
        atoms.extend(literal(piece));
    }
    atoms
}

/// Whether some text matches both sequences: a walk over pairs of positions, each pair looked at once.
///
/// A position is `2 * atom`, or `2 * atom + 1` inside an [`Atom::Any`] that has taken a byte and may take more.
fn meet(a: &[Atom], b: &[Atom]) -> bool {
    let (rows, columns) = (2 * a.len() + 1, 2 * b.len() + 1);
    let mut reached = vec![false; rows * columns];
    let mut open = vec![(0, 0)];
    while let Some((at_a, at_b)) = open.pop() {
        let Some(seen) = reached.get_mut(at_a * columns + at_b) else { continue };
        if std::mem::replace(seen, true) {
            continue;
        }
        if at_a + 1 == rows && at_b + 1 == columns {
            return true;
        }
        // Leaving an `Any` that has had its byte takes nothing.
        open.extend((at_a % 2 == 1).then_some((at_a + 1, at_b)));
        open.extend((at_b % 2 == 1).then_some((at_a, at_b + 1)));
        let (Some(atom_a), Some(atom_b)) = (a.get(at_a / 2), b.get(at_b / 2)) else { continue };
        if let (Atom::Byte(a), Atom::Byte(b)) = (atom_a, atom_b)
            && a != b
        {
            continue;
        }
        open.push((step(*atom_a, at_a), step(*atom_b, at_b)));
    }
    false
}

/// The position after the atom there took one byte.
fn step(atom: Atom, at: usize) -> usize {
    match atom {
        Atom::Byte(_) => at + 2,
        Atom::Any => at | 1,
    }
}
