//! `slash-twins`: where a slash at the end counts, no two patterns differ in nothing else. Half of the links to one of
//! them would end at the other. Told as a note within one app, which may well want the two.

use super::{Candidate, Routes};
use crate::diagnostics::{Diagnostic, Severity};

pub(super) fn check(routes: &Routes<'_>, diagnostics: &mut Vec<Diagnostic>) {
    for node in routes.tree.nodes.iter().filter(|node| !node.ends.is_empty()) {
        let slash = node.literals.iter().find(|(text, _)| text.is_empty());
        let Some(with) = slash.and_then(|(_, child)| routes.tree.nodes.get(*child)) else { continue };
        let candidate = |number: &usize| routes.candidates.get(*number);
        let pairs = node.ends.iter().flat_map(|a| with.ends.iter().map(move |b| (a, b)));
        let twins = pairs.filter_map(|(a, b)| Some((candidate(a)?, candidate(b)?)));
        let mut twins = twins.filter(|(a, b)| a.shares_a_method(b) && !a.is_same_matter(b));
        diagnostics.extend(twins.next().and_then(|(without, with)| told(without, with)));
    }
}

fn told(without: &Candidate<'_>, with: &Candidate<'_>) -> Option<Diagnostic> {
    let ((app, route), (other, slashed)) = (without.route?, with.route?);
    let message = format!("the patterns `{}` and `{}` differ in the slash at the end only", route.text, slashed.text);
    let mut diagnostic = Diagnostic::warning("slash-twins", slashed.place, message);
    if app.folder == other.folder {
        diagnostic.severity = Severity::Note;
    }
    let diagnostic = diagnostic
        .label(format!("of app `{}`", other.slug.value))
        .also(route.place, format!("of app `{}`", app.slug.value));
    Some(diagnostic.help("keep one of them; `trailing-slash = \"ignore\"` under `[routes]` has it serve both paths"))
}
