//! What a plan may cost.

use std::cmp::Reverse;
use std::collections::HashSet;

use bakehouse_runtime::table::TableError;

use super::{Compiler, MAX_PROBES};
use crate::diagnostics::{Diagnostic, Label};
use crate::model::{App, Model};
use crate::plan::{Link, NoPerfectHash, Plan};
use crate::source::{FileId, Place};

/// How many routes are named of those that are too many.
const MAX_NAMED: usize = 3;

impl Compiler {
    pub(super) fn no_perfect_hash(&mut self, file: FileId, error: NoPerfectHash) {
        let help = "change any route; it would take a flaw of the hash, or somebody who means it, to meet this";
        self.diagnostics.push(Diagnostic::error("route-limit", file.start(), error.to_string()).help(help));
    }

    /// Names the first of the routes that one path may have looked at, one behind another.
    pub(super) fn too_many_probes(&mut self, file: FileId, model: &Model, plan: &Plan) {
        let numbers = plan.index.worst_way();
        let mut routes: Vec<(&App, Place)> = numbers.iter().filter_map(|number| placed(model, plan, *number)).collect();
        // A pattern that the host gives every app stands in one place.
        let mut seen = HashSet::new();
        routes.retain(|(_, place)| seen.insert(*place));
        let mut seen = HashSet::new();
        let (of_others, more): (Vec<_>, Vec<_>) =
            routes.into_iter().partition(|(app, _)| seen.insert(app.folder.as_str()));
        let message = format!(
            "a path could have {} nodes and routes of the route index looked at, but {MAX_PROBES} is the most",
            plan.index.probe_bound
        );
        let help = format!(
            "{} routes, of which some are shown, may be tried for one path; give them literal segments, or literal text at the \
             beginning or the end of a segment, in which they differ",
            numbers.len()
        );
        let mut diagnostic = Diagnostic::error("route-limit", file.start(), message).help(help);
        // One of each app first.
        diagnostic.labels = of_others.into_iter().chain(more).take(MAX_NAMED).map(of_app).collect();
        self.diagnostics.push(diagnostic);
    }
}

impl Compiler {
    /// Names the apps that take most of a table that is too large.
    pub(super) fn too_large(&mut self, file: FileId, model: &Model, plan: &Plan) {
        let mut sizes: Vec<(&App, usize)> = model.apps.iter().map(|app| (app, size_without_links(app))).collect();
        for link in &plan.links {
            if let Some((_, size)) = sizes.get_mut(link.app) {
                *size += size_of_link(link);
            }
        }
        sizes.sort_by_key(|(_, size)| Reverse(*size));
        let message = format!("the table would be larger than {} bytes", self.max_table);
        let help = "bake fewer apps, with a selection, or link whole folders rather than each of their files";
        let mut diagnostic = Diagnostic::error("table-size", file.start(), message).help(help);
        let largest = sizes.into_iter().take(MAX_NAMED);
        diagnostic.labels = largest
            .map(|(app, size)| {
                let text = format!(
                    "app `{}`: {} routes and {} asset sets, about {size} bytes",
                    app.slug.value,
                    app.routes.len(),
                    app.assets.len()
                );
                Label { place: app.slug.place, text }
            })
            .collect();
        self.diagnostics.push(diagnostic);
    }

    pub(super) fn not_read_back(&mut self, file: FileId, error: &TableError) {
        let message = format!("the table does not read back as it was written: {error}");
        let help = "this is a mistake of Bakehouse; report it with the manifests";
        self.diagnostics.push(Diagnostic::error("table-size", file.start(), message).help(help));
    }
}

/// About how many bytes of a table an app takes, but for its assets.
fn size_without_links(app: &App) -> usize {
    let texts = [&app.slug.value, &app.name, &app.folder, &app.description, &app.publisher, &app.metadata];
    let texts: usize = texts.into_iter().map(String::len).sum();
    app.routes.iter().map(|route| ROUTE_BYTES + route.text.len()).sum::<usize>() + texts
}

/// About how many bytes of a table an entry of the link plan takes.
fn size_of_link(link: &Link) -> usize {
    let files = link.files.iter().flatten().map(|file| FILE_BYTES + file.len());
    LINK_BYTES + link.public.len() + link.source.len() + files.sum::<usize>()
}

/// About what a route takes besides its pattern, a link besides its paths, and a file of a folder besides its name.
const ROUTE_BYTES: usize = 55;
const LINK_BYTES: usize = 36;
const FILE_BYTES: usize = 8;

fn of_app((app, place): (&App, Place)) -> Label {
    Label { place, text: format!("of app `{}`", app.slug.value) }
}

/// The app of a route, and where its pattern is written.
fn placed<'m>(model: &'m Model, plan: &Plan, number: usize) -> Option<(&'m App, Place)> {
    let planned = plan.routes.get(number)?;
    let app = model.apps.get(planned.app)?;
    Some((app, app.routes.get(planned.route)?.place))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
    use crate::compile::{MAX_TABLE, Options};
    use crate::source::Sources;

    #[test]
    fn a_table_that_is_too_large_names_the_largest_apps() {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/emit/native");
        let told = |max_table| {
            let mut compiler = Compiler { sources: Sources::default(), diagnostics: Vec::new(), max_table };
            let (.., baked) = compiler.run(&folder.join("apps.manifest.toml"), &folder, &Options::default());
            compiler.diagnostics.retain(|diagnostic| diagnostic.code == "table-size");
            (baked.map(|baked| baked.table.len()), compiler.diagnostics)
        };
        let (baked, diagnostics) = told(MAX_TABLE);
        let len = baked.expect("a table");
        assert_eq!(diagnostics, []);
        assert_eq!(told(len).0, Some(len));

        let (baked, diagnostics) = told(len - 1);
        let [diagnostic] = &*diagnostics else { panic!("{diagnostics:?}") };
        assert_eq!(baked, None);
        assert_eq!(diagnostic.message, format!("the table would be larger than {} bytes", len - 1));
        let named: Vec<Option<&str>> = diagnostic.labels.iter().map(|label| label.text.split('`').nth(1)).collect();
        assert_eq!(named, [Some("google-calendar"), Some("match"), Some("pages")]);
    }
}
