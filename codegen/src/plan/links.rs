//! The link plan: what should be in the public folder, whole folders as one link where that shows nothing else.

use std::cmp::Ordering;

use bakehouse_manifest::Mode;

use crate::model::{AssetSet, Model};
use crate::scan::Assets;
use crate::source::Place;

/// An entry of the link plan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Link {
    /// The number of its app.
    pub app: usize,
    /// Its place, relative to the public folder.
    pub public: Vec<u8>,
    /// What it shows, relative to the folder of the apps.
    pub source: Vec<u8>,
    /// How it is made.
    pub mode: Mode,
    /// In place before the host answers.
    pub critical: bool,
    /// Made when the app loads or the asset is first asked for.
    pub lazy: bool,
    /// For a folder, its files, relative to it; none for a file.
    pub files: Option<Vec<Vec<u8>>>,
}

/// One asset file and the place that a set wants for it.
#[derive(Debug, Clone)]
pub(crate) struct Placement<'a> {
    pub(crate) app: usize,
    pub(crate) set: &'a AssetSet,
    /// The number of the set's `to` that gave the place.
    pub(crate) to: usize,
    /// The place, relative to the public folder.
    pub(crate) public: Vec<u8>,
    /// The file, relative to the app's folder.
    pub(crate) source: Vec<u8>,
    /// Its path in the set; the name of a single file.
    pub(crate) name: &'a [u8],
    critical: bool,
}

impl Placement<'_> {
    /// Where the set is written.
    pub(crate) fn place(&self) -> Place {
        self.set.from.place
    }
}

/// Every asset of every app, sorted by public path, part by part.
pub(crate) fn placements(model: &Model) -> Vec<Placement<'_>> {
    let mut placements = Vec::new();
    for (app, it) in model.apps.iter().enumerate() {
        for set in &it.assets {
            for (to, place) in set.to.iter().enumerate() {
                place_set(&mut placements, app, set, to, &place.value);
            }
        }
    }
    placements
        .sort_by(|a, b| compare_paths(&a.public, &b.public).then_with(|| (a.app, &a.source).cmp(&(b.app, &b.source))));
    placements
}

fn place_set<'a>(placements: &mut Vec<Placement<'a>>, app: usize, set: &'a AssetSet, to_idx: usize, to: &str) {
    let is_critical = |path: &[u8]| set.critical.iter().any(|critical| critical.value.as_bytes() == path);
    match &set.found {
        Assets::Folder(folder) => placements.extend(folder.files.iter().map(|file| Placement {
            app,
            set,
            to: to_idx,
            public: join(to.as_bytes(), &file.path),
            source: file.source.clone(),
            name: &file.path,
            critical: is_critical(&file.path),
        })),
        Assets::File(source) => {
            let name = set.from.value.rsplit('/').next().unwrap_or_default().as_bytes();
            let public = if set.to_is_mount { join(to.as_bytes(), name) } else { to.as_bytes().to_vec() };
            let critical = is_critical(name);
            placements.push(Placement { app, set, to: to_idx, public, source: source.clone(), name, critical });
        }
        _ => {}
    }
}

fn join(folder: &[u8], name: &[u8]) -> Vec<u8> {
    [folder, b"/", name].concat()
}

pub(crate) fn parts(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.split(|byte| *byte == b'/')
}

pub(crate) fn compare_paths(a: &[u8], b: &[u8]) -> Ordering {
    parts(a).cmp(parts(b))
}

/// Plans the links of a model that has passed every check.
pub(super) fn links(model: &Model) -> Vec<Link> {
    let placements = placements(model);
    let mut links = Vec::new();
    plan_folder(model, &placements, 0, &mut links);
    links
}

/// Plans the placements that share the first `depth` parts of their public paths: all as one link where that is right,
/// else each of the next parts for itself.
fn plan_folder(model: &Model, placements: &[Placement<'_>], depth: usize, links: &mut Vec<Link>) {
    for group in placements.chunk_by(|a, b| parts(&a.public).nth(depth) == parts(&b.public).nth(depth)) {
        let Some(first) = group.first() else { continue };
        if parts(&first.public).nth(depth + 1).is_none() {
            links.extend(group.iter().map(|placement| file_link(model, placement)));
        } else if let Some(link) = fold(model, group, depth + 1) {
            links.push(link);
        } else {
            plan_folder(model, group, depth + 1, links);
        }
    }
}

fn file_link(model: &Model, placement: &Placement<'_>) -> Link {
    Link {
        app: placement.app,
        public: placement.public.clone(),
        source: app_path(model, placement.app, &placement.source),
        mode: placement.set.mode,
        critical: placement.critical,
        lazy: placement.set.lazy,
        files: None,
    }
}

fn app_path(model: &Model, app: usize, path: &[u8]) -> Vec<u8> {
    let folder = model.apps.get(app).map_or("", |app| app.folder.as_str());
    join(folder.as_bytes(), path)
}

/// One link for all placements below a public folder of `depth` parts, if that shows nothing else: all come from one set,
/// and nothing unplanned lies in the source folder. A set wants all files of its folder, so that none is missing.
fn fold(model: &Model, group: &[Placement<'_>], depth: usize) -> Option<Link> {
    let first = group.first()?;
    let Assets::Folder(folder) = &first.set.found else { return None };
    let one_set = group.iter().all(|it| std::ptr::eq(it.set, first.set) && it.to == first.to);
    let to = first.set.to.get(first.to)?;
    let n_to = parts(to.value.as_bytes()).count();
    if !model.host.fold || !one_set || depth < n_to {
        return None;
    }
    let public: Vec<&[u8]> = parts(&first.public).take(depth).collect();
    let below = public.get(n_to..)?.join(&b'/');
    let unplanned = folder.mixed.iter().any(|mixed| is_at_or_below(mixed, &below));
    let refused = folder.refused.iter().any(|(path, _)| is_at_or_below(path.as_bytes(), &below));
    if unplanned || refused {
        return None;
    }
    let public = public.join(&b'/');
    // No file of a folder without links lies elsewhere, so that the folder is the file's path less what is inside.
    let first_file = first.public.get(public.len()..)?;
    let source = first.source.strip_suffix(first_file)?;
    let files = group.iter().filter_map(|it| it.public.get(public.len() + 1..).map(<[u8]>::to_vec)).collect();
    Some(Link {
        app: first.app,
        source: app_path(model, first.app, source),
        mode: first.set.mode,
        critical: group.iter().any(|it| it.critical),
        lazy: first.set.lazy,
        files: Some(files),
        public,
    })
}

/// Whether a path is another or lies below it; all lie below the empty one.
pub(crate) fn is_at_or_below(path: &[u8], above: &[u8]) -> bool {
    above.is_empty() || path.strip_prefix(above).is_some_and(|rest| rest.is_empty() || rest.starts_with(b"/"))
}
