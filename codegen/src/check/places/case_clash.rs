//! `case-clash`: no two places in the public folder differ in the case of letters only. Where the file system does not
//! tell the two apart, as on Windows and macOS, one would be written over the other.

use std::collections::{HashMap, HashSet};

use super::slug_of;
use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::plan::links::{Placement, compare_paths, is_at_or_below};

pub(super) fn check(model: &Model, placements: &[Placement<'_>], diagnostics: &mut Vec<Diagnostic>) {
    // Only a path with a capital can differ from another in its case, and few have one.
    let capital = placements.iter().filter(|placement| has_capital(&placement.public));
    let mut spellings: HashMap<Vec<u8>, (&[u8], &Placement<'_>)> = HashMap::new();
    let mut told = HashSet::new();
    for placement in capital {
        for path in folders_and_file(&placement.public).filter(|path| has_capital(path)) {
            let folded = path.to_ascii_lowercase();
            let first = *spellings.entry(folded.clone()).or_insert((path, placement));
            let other = if first.0 == path { at_or_below(placements, &folded) } else { Some(first) };
            let Some(other) = other else { continue };
            if told.insert((other.1.place(), placement.place())) {
                diagnostics.push(clash(model, other, (path, placement)));
            }
            // What lies below two such folders clashes because they do.
            break;
        }
    }
}

type Spelling<'p> = (&'p [u8], &'p Placement<'p>);

fn has_capital(path: &[u8]) -> bool {
    path.iter().any(u8::is_ascii_uppercase)
}

/// The path of each folder on the way, then the path itself.
fn folders_and_file(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    let ends = path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| at);
    ends.chain([path.len()]).filter_map(|end| path.get(..end))
}

/// The first placement with exactly this spelling at or above it.
fn at_or_below<'p>(placements: &'p [Placement<'p>], path: &[u8]) -> Option<Spelling<'p>> {
    let idx = placements.partition_point(|placement| compare_paths(&placement.public, path).is_lt());
    let found = placements.get(idx).filter(|placement| is_at_or_below(&placement.public, path))?;
    Some((found.public.get(..path.len())?, found))
}

fn clash(model: &Model, first: Spelling<'_>, second: Spelling<'_>) -> Diagnostic {
    let text = |(path, _): Spelling<'_>| String::from_utf8_lossy(path).into_owned();
    let of = |(_, placement)| format!("of app `{}`", slug_of(model, placement));
    let message = format!(
        "the places `{}` and `{}` in the public folder differ in the case of letters only",
        text(first),
        text(second)
    );
    let diagnostic = Diagnostic::warning("case-clash", second.1.place(), message).label(of(second));
    let diagnostic =
        if first.1.place() == second.1.place() { diagnostic } else { diagnostic.also(first.1.place(), of(first)) };
    diagnostic.help("rename one: Windows and macOS take the two for one")
}
