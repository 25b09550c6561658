//! The apps of a host in a form that rules and plans are written against: defaults and variables filled in, names looked
//! up, assets scanned. It holds what is wrong as well as what is right; `check` tells them apart.

mod build;
mod names;
mod select;

use std::collections::HashMap;

use bakehouse_manifest::profile::{AppUse, Profile};
use bakehouse_manifest::{CargoPackage, Case, Mode, Reference, TrailingSlash};
use bakehouse_runtime::Methods;

pub(crate) use build::{AppText, DEFAULT_ROOT, build};
pub(crate) use names::{MAX_ALIAS_LEN, MAX_SLUG_LEN, is_alias, is_slug, nearest_slug};
pub(crate) use select::select;

use crate::pattern::{Pattern, PatternError};
use crate::scan::Assets;
use crate::source::{FileId, Place, Sources};

/// A value and the place it was written at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Placed<T> {
    /// The value.
    pub value: T,
    /// Its place.
    pub place: Place,
}

/// A host and its apps.
#[derive(Debug, Clone)]
pub struct Model {
    /// What the host manifest says.
    pub host: Host,
    /// The apps, sorted by slug, then by folder. The index of an app is its number.
    pub apps: Vec<App>,
    /// Slugs and aliases; of two apps that claim a name, the first has it.
    pub(crate) names: HashMap<String, usize>,
}

impl Model {
    /// The app with that slug or alias.
    pub fn resolve(&self, name: &str) -> Option<&App> {
        self.names.get(name).and_then(|idx| self.apps.get(*idx))
    }

    /// The number of the app with that slug or alias.
    pub(crate) fn number(&self, name: &str) -> Option<usize> {
        self.names.get(name).copied()
    }

    /// The app that a reference means.
    pub(crate) fn target(&self, reference: &AppRef) -> Option<usize> {
        self.number(&reference.name)
    }

    /// The numbers of the apps that each app requires.
    pub fn requires(&self) -> Vec<Vec<usize>> {
        self.apps.iter().map(|app| self.targets(&app.requires)).collect()
    }

    /// The numbers of the apps that each app uses.
    pub fn uses(&self) -> Vec<Vec<usize>> {
        self.apps.iter().map(|app| self.targets(&app.uses)).collect()
    }

    /// The numbers of the apps that references mean; those that name no app are left out.
    pub(crate) fn targets(&self, references: &[AppRef]) -> Vec<usize> {
        let mut targets: Vec<usize> = Vec::with_capacity(references.len());
        for target in references.iter().filter_map(|reference| self.target(reference)) {
            if !targets.contains(&target) {
                targets.push(target);
            }
        }
        targets
    }
}

/// What holds for the whole host.
#[derive(Debug, Clone)]
pub struct Host {
    /// The host manifest.
    pub file: FileId,
    /// Whether the host manifest could be read, and the apps be looked for as it says. What is missing otherwise is no
    /// mistake of its own.
    pub is_whole: bool,
    /// The host's name.
    pub name: String,
    /// The folder of the apps, relative to the manifest.
    pub root: Placed<String>,
    /// The public folder, relative to the manifest.
    pub public: Placed<String>,
    /// Places in the public folder that are given to all apps, as they are written.
    pub(crate) places: Vec<Placed<String>>,
    /// What stands before every pattern.
    pub prefix: Option<Placed<String>>,
    /// What a slash at the end of a path means.
    pub trailing_slash: TrailingSlash,
    /// Whether the case of ASCII letters counts.
    pub case: Case,
    /// Whether a whole folder may become one link.
    pub fold: bool,
    /// Apps that are loaded at start.
    pub core: Vec<AppRef>,
    /// What hosts recorded of their use.
    pub profile: Option<HostProfile>,
    /// The package that is built, where that is known.
    pub package: Option<CargoPackage>,
    /// Named choices of apps.
    pub selections: Vec<Selection>,
}

/// The profile that the host manifest names.
#[derive(Debug, Clone)]
pub struct HostProfile {
    /// The file, relative to the manifest.
    pub path: Placed<String>,
    /// What was recorded; none if the file is not there or can't be read.
    pub recorded: Option<Recorded>,
}

/// How the apps of a host were used.
#[derive(Debug, Clone, Default)]
pub struct Recorded {
    /// How many runs were recorded.
    pub runs: u64,
    /// The apps that were loaded or used, by the slugs that they have now; sorted.
    pub uses: Vec<AppUse>,
    /// The slugs of apps that the host does not have; sorted.
    pub unknown: Vec<String>,
}

/// A named choice of apps.
#[derive(Debug, Clone)]
pub struct Selection {
    /// Its name.
    pub name: Placed<String>,
    /// The apps; `@core` stands for the core apps.
    pub apps: Vec<AppRef>,
}

/// The name by which one app speaks of another.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRef {
    /// A slug or an alias.
    pub name: String,
    /// Its place.
    pub place: Place,
}

/// An app.
#[derive(Debug, Clone)]
pub struct App {
    /// Its manifest.
    pub file: FileId,
    /// Its slug; that of a manifest without one is its folder's name.
    pub slug: Placed<String>,
    /// Whether the manifest has a slug.
    pub has_slug: bool,
    /// The text of a manifest of which something could not be read, and which may say what else is missed: a slug, or a
    /// name that somebody uses. Empty if there is no text.
    pub(crate) unread: Option<String>,
    /// Its name for people; the slug if the manifest has none.
    pub name: String,
    /// Its folder below root, `/`-separated.
    pub folder: String,
    /// Its other names.
    pub aliases: Vec<Placed<String>>,
    /// A line about it.
    pub description: String,
    /// Who publishes it.
    pub publisher: String,
    /// What it is for.
    pub categories: Vec<String>,
    /// Apps loaded before it.
    pub requires: Vec<AppRef>,
    /// Apps that it asks for.
    pub uses: Vec<AppRef>,
    /// The path of its constructor.
    pub entry: Option<Placed<String>>,
    /// Whether it is on unless the environment says otherwise.
    pub enabled: bool,
    /// Its routes: the host's for each app first, then its own.
    pub routes: Vec<Route>,
    /// Its asset sets: its own first, then the host's for each app.
    pub assets: Vec<AssetSet>,
    /// `[metadata]` as a JSON object.
    pub metadata: String,
    /// Files of the app that something names.
    pub references: Vec<FileReference>,
}

impl App {
    /// Whether nothing of the manifest was left out as unreadable. What is missing from one that is not whole is no
    /// mistake of its own.
    pub fn is_whole(&self) -> bool {
        self.unread.is_none()
    }

    /// Whether somebody who uses a name may mean this app, though it could not be read that it has the name.
    pub(crate) fn may_be_called(&self, name: &str) -> bool {
        let unread = |text: &String| text.is_empty() || names::holds_name(text, name);
        !self.has_slug || self.unread.as_ref().is_some_and(unread)
    }
}

/// A file that a manifest or a description names.
#[derive(Debug, Clone)]
pub struct FileReference {
    /// The file in which it is named.
    pub file: FileId,
    /// What is named.
    pub reference: Reference,
    /// Whether it is there.
    pub exists: bool,
    /// What stands in its folder instead, if it is not there; none if there is no such folder.
    pub siblings: Option<Vec<String>>,
}

/// A route of an app.
#[derive(Debug, Clone)]
pub struct Route {
    /// Where its pattern is written.
    pub place: Place,
    /// The pattern, prefix and variables filled in.
    pub text: String,
    /// The pattern parsed.
    pub pattern: Result<Pattern, PatternError>,
    /// The methods it serves.
    pub methods: Methods,
    /// Methods that are none.
    pub unknown_methods: Vec<Placed<String>>,
    /// Apps loaded along with it.
    pub preload: Vec<AppRef>,
    /// Apps from whose patterns it takes paths.
    pub overrides: Vec<AppRef>,
    /// Whether any app may take paths from it.
    pub yields: bool,
}

/// An asset set of an app.
#[derive(Debug, Clone)]
pub struct AssetSet {
    /// The folder or file, relative to the app's folder.
    pub from: Placed<String>,
    /// Its places in the public folder, variables filled in; more than one only through `$name`.
    pub to: Vec<Placed<String>>,
    /// Whether `to` is a folder that the mount gave, in which a single file keeps its name.
    pub to_is_mount: bool,
    /// Files that are in place before the host answers, relative to `from`.
    pub critical: Vec<Placed<String>>,
    /// Whether it is linked when the app loads or the asset is first asked for.
    pub lazy: bool,
    /// How it is linked.
    pub mode: Mode,
    /// What the scan found.
    pub(crate) found: Assets,
}

/// Whether a path is relative, stays inside, and has no part that means another: what every path in a manifest must be.
pub(crate) fn is_plain_path(path: &str) -> bool {
    !path.contains(['\\', '\0']) && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
}

/// What the texts are read against.
pub(crate) struct Context<'a> {
    pub(crate) sources: &'a Sources,
    /// The folder of the apps on this machine.
    pub(crate) root: &'a std::path::Path,
    /// What the profile says that the host manifest names.
    pub(crate) profile: Option<Profile>,
    /// The package that is built, where that is known.
    pub(crate) package: Option<CargoPackage>,
    /// Whether the apps could be looked for as the host manifest says.
    pub(crate) host_is_whole: bool,
}
