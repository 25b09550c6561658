//! Before the survey: names that differ in case only, where the public folder's file system takes them for the same.
//!
//! Two such places in a plan can't both be had, and a record of a place that the plan spells differently now is that
//! place's own.

use std::borrow::Cow;
use std::io::ErrorKind;
use std::path::Path;

use crate::link::dir::Dir;
use crate::link::path::{folders_above, join, show};
use crate::link::scene::Scene;
use crate::link::state::ledger::{self, Ledger};
use crate::link::{Failure, PlannedLink};

/// Whether the file system of a public folder ignores case. Asked of the folder's own name, where that says something.
pub(in crate::link) fn is_ignored_in(public: &Path) -> bool {
    // Elsewhere folders that ignore case are too rare to be looked for in every run.
    if !cfg!(any(windows, target_vendor = "apple")) {
        return false;
    }
    let name = public.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let other = if name.to_lowercase() == name { name.to_uppercase() } else { name.to_lowercase() };
    if name == other {
        return true;
    }
    let is_same = Dir::open(&public.with_file_name(other)).and_then(|other| other.is_same(&Dir::open(public)?));
    // A dry run may meet a folder that is not there yet.
    is_same.unwrap_or_else(|error| error.kind() != ErrorKind::NotFound || !public.exists())
}

/// Spells the ledger's paths as the plan does. Says for each entry of the plan whether it can't be had, because another
/// has its place or stands on the way to it; nothing where case counts.
pub(in crate::link) fn settle(plan: &[PlannedLink<'_>], scene: &mut Scene) -> Vec<Option<Failure>> {
    if !scene.ignores_case {
        return Vec::new();
    }
    respell(&mut scene.old, plan);
    clashes(plan)
}

fn respell(ledger: &mut Ledger, plan: &[PlannedLink<'_>]) {
    let mut spellings = Spellings::default();
    for entry in plan {
        spellings.add_with_folders(entry.public);
        for file in &entry.files {
            spellings.add_with_folders(&join(entry.public, file));
        }
    }
    spellings.sort();
    for record in &mut ledger.records {
        if let Some(path) = spellings.respelled(&record.path) {
            record.path = path.into();
        }
    }
    ledger::sort(&mut ledger.records);
}

fn clashes(plan: &[PlannedLink<'_>]) -> Vec<Option<Failure>> {
    let mut spellings = Spellings::default();
    for entry in plan {
        spellings.add(entry.public);
    }
    spellings.sort();
    let clash = |entry: &PlannedLink<'_>| {
        let mut places = std::iter::once(entry.public).chain(folders_above(entry.public));
        let other = places.find_map(|place| spellings.other(place))?;
        Some(failure(entry.public, other))
    };
    plan.iter().map(clash).collect()
}

fn failure(path: &[u8], other: &[u8]) -> Failure {
    Failure {
        path: path.to_vec(),
        problem: format!("the plan also has `{}`, and this file system ignores case", show(other)),
        error: None,
        help: "give one of the assets another place with `to`, or name a public folder where case counts".to_owned(),
    }
}

/// Paths by what they are without regard to case.
#[derive(Default)]
struct Spellings {
    /// Folded, and as first spelled; sorted.
    all: Vec<(Vec<u8>, Vec<u8>)>,
}

impl Spellings {
    fn add(&mut self, path: &[u8]) {
        self.all.push((fold(path).into_owned(), path.to_vec()));
    }

    fn add_with_folders(&mut self, path: &[u8]) {
        for path in std::iter::once(path).chain(folders_above(path)) {
            self.add(path);
        }
    }

    /// Keeps the first of each in the order of bytes, which is the plan's.
    fn sort(&mut self) {
        self.all.sort_unstable();
        self.all.dedup_by(|next, first| next.0 == first.0);
    }

    /// How `path` is spelled, if that is different.
    fn other(&self, path: &[u8]) -> Option<&[u8]> {
        let found = self.all.binary_search_by(|(folded, _)| folded.as_slice().cmp(&fold(path))).ok()?;
        self.all.get(found).map(|(_, spelled)| spelled.as_slice()).filter(|spelled| *spelled != path)
    }

    /// `path` with the longest part of it that is spelled differently.
    fn respelled(&self, path: &[u8]) -> Option<Vec<u8>> {
        let mut parts = std::iter::once(path).chain(folders_above(path));
        parts.find_map(|part| Some([self.other(part)?, path.get(part.len()..)?].concat()))
    }
}

/// The same for all spellings. Every file system has rules of its own; what these miss is found when it is made.
fn fold(path: &[u8]) -> Cow<'_, [u8]> {
    match std::str::from_utf8(path) {
        Ok(text) => Cow::Owned(text.to_lowercase().into_bytes()),
        Err(_) => Cow::Borrowed(path),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::AppId;
    use crate::link::state::ledger::Record;
    use crate::link::{LinkKind, LinkMode};

    fn plan<'p>(paths: &[&'p str]) -> Vec<PlannedLink<'p>> {
        let planned = |path: &&'p str| PlannedLink {
            app: AppId(0),
            public: path.as_bytes(),
            source: b"a",
            kind: LinkKind::File,
            mode: LinkMode::Auto,
            critical: false,
            lazy: false,
            files: Vec::new(),
        };
        paths.iter().map(planned).collect()
    }

    #[test]
    fn of_two_places_that_differ_in_case_only_the_later_fails() {
        let cases: [(&[&str], &[&str]); 5] = [
            (&["Icon.svg", "icon.svg", "other"], &["icon.svg"]),
            (&["Ä", "ä"], &["ä"]),
            (&["App", "app/icon.svg"], &["app/icon.svg"]),
            (&["App/a", "app/b"], &[]),
            (&["App/a", "app/A"], &["app/A"]),
        ];
        for (paths, failing) in cases {
            let clashes = clashes(&plan(paths));
            let failed: Vec<_> = clashes.iter().flatten().map(|failure| show(&failure.path).into_owned()).collect();
            assert_eq!(failed, failing, "{paths:?}");
        }
    }

    #[test]
    fn what_the_ledger_has_is_spelled_as_in_the_plan() {
        let cases = [("ICON.svg", "icon.svg"), ("APP", "app"), ("APP/old", "app/old"), ("x/Y", "x/Y")];
        let plan = plan(&["app/new", "icon.svg"]);
        for (before, after) in cases {
            let record = Record::folder(before.as_bytes());
            let mut ledger = Ledger { records: vec![record], ..Ledger::default() };
            respell(&mut ledger, &plan);
            assert_eq!(show(&ledger.records[0].path), after);
        }
    }
}
