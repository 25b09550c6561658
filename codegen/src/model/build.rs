//! Manifests to [`Model`].

use std::collections::HashMap;

use bakehouse_manifest::profile::{AppUse, Profile};
use bakehouse_manifest::{self as manifest, AppManifest, HostManifest, Spanned, Variables};
use bakehouse_runtime::{Method, Methods};

use super::names::{is_alias, slug_in_paths};
use super::{
    App, AppRef, AssetSet, Context, FileReference, Host, HostProfile, Model, Placed, Recorded, Route, Selection,
    is_plain_path,
};
use crate::pattern::Pattern;
use crate::scan::{self, Assets};
use crate::source::FileId;

/// The folder of the apps unless the host manifest names one.
pub(crate) const DEFAULT_ROOT: &str = "apps";
/// Where an app's assets go unless somebody says otherwise.
const DEFAULT_MOUNT: &str = "app-assets/$slug";

/// The manifest of one app, and where it was read.
pub(crate) struct AppText {
    /// The manifest.
    pub(crate) file: FileId,
    /// The app's folder below root.
    pub(crate) folder: String,
    /// The description, if the dialect reads one.
    pub(crate) description: Option<FileId>,
    /// What it says.
    pub(crate) manifest: AppManifest,
    /// The text, if something of it could not be read.
    pub(crate) unread: Option<String>,
}

/// Builds the model of a host.
pub(crate) fn build(ctx: &Context<'_>, file: FileId, host: &HostManifest, apps: Vec<AppText>) -> Model {
    let mut apps: Vec<App> = apps.into_iter().map(|text| app(ctx, file, host, text)).collect();
    apps.sort_by(|a, b| (&a.slug.value, &a.folder).cmp(&(&b.slug.value, &b.folder)));
    let mut names = HashMap::new();
    // A slug has its name before any alias has it.
    for (idx, app) in apps.iter().enumerate() {
        names.entry(app.slug.value.clone()).or_insert(idx);
    }
    for (idx, app) in apps.iter().enumerate() {
        for alias in &app.aliases {
            names.entry(alias.value.clone()).or_insert(idx);
        }
    }
    let mut model = Model { host: self::host(ctx, file, host), apps, names };
    if let (Some(profile), Some(recorded)) = (&mut model.host.profile, &ctx.profile) {
        profile.recorded = Some(recorded_of(recorded, &model.names, &model.apps));
    }
    model
}

/// What was recorded, by the slugs that the apps have now: one that was renamed keeps its old slug as an alias.
fn recorded_of(profile: &Profile, names: &HashMap<String, usize>, apps: &[App]) -> Recorded {
    let (mut known, mut unknown) = (Profile::default(), Vec::new());
    for used in &profile.apps {
        match names.get(&used.slug).and_then(|app| apps.get(*app)) {
            Some(app) => {
                let slug = app.slug.value.clone();
                known.add(Profile { runs: 0, apps: vec![AppUse { slug, ..used.clone() }] });
            }
            None => unknown.push(used.slug.clone()),
        }
    }
    Recorded { runs: profile.runs, uses: known.apps, unknown }
}

fn host(ctx: &Context<'_>, file: FileId, manifest: &HostManifest) -> Host {
    let or = |value: &Option<Spanned<String>>, default: &str| match value {
        Some(value) => placed(file, value),
        None => Placed { value: default.to_owned(), place: file.start() },
    };
    Host {
        file,
        is_whole: ctx.host_is_whole,
        name: or(&manifest.host.name, "host").value,
        root: or(&manifest.host.root, DEFAULT_ROOT),
        public: or(&manifest.assets.public, "public"),
        places: manifest
            .assets
            .mount
            .iter()
            .chain(manifest.assets.each.iter().filter_map(|set| set.to.as_ref()))
            .map(|place| placed(file, place))
            .collect(),
        prefix: manifest.routes.prefix.as_ref().map(|prefix| placed(file, prefix)),
        trailing_slash: manifest.routes.trailing_slash,
        case: manifest.routes.case,
        fold: manifest.assets.fold.as_ref().is_none_or(|fold| fold.value),
        core: references(file, &manifest.host.core),
        profile: manifest.host.profile.as_ref().map(|path| HostProfile { path: placed(file, path), recorded: None }),
        package: ctx.package.clone(),
        selections: manifest
            .select
            .iter()
            .map(|selection| Selection { name: placed(file, &selection.name), apps: references(file, &selection.apps) })
            .collect(),
    }
}

fn placed(file: FileId, value: &Spanned<String>) -> Placed<String> {
    Placed { value: value.value.clone(), place: file.of(value) }
}

fn references(file: FileId, names: &[Spanned<String>]) -> Vec<AppRef> {
    names.iter().map(|name| AppRef { name: name.value.clone(), place: file.of(name) }).collect()
}

fn app(ctx: &Context<'_>, host_file: FileId, host: &HostManifest, text: AppText) -> App {
    let AppText { file, folder, description, manifest, unread } = text;
    let last_part = folder.rsplit('/').next().unwrap_or_default();
    let slug = match &manifest.slug {
        Some(slug) => placed(file, slug),
        None => Placed { value: last_part.to_owned(), place: file.start() },
    };
    let aliases: Vec<_> = manifest.aliases.iter().map(|alias| placed(file, alias)).collect();
    let in_paths = slug_in_paths(&slug.value);
    let mut names = vec![in_paths.as_str()];
    for alias in aliases.iter().map(|alias| alias.value.as_str()) {
        // One that is given twice, or that no path can have, is told of where it stands.
        if is_alias(alias) && !names.contains(&alias) {
            names.push(alias);
        }
    }
    let variables = Variables { slug: &in_paths, folder: &folder, names: &names };
    let routes = routes(ctx, host_file, host, file, &manifest, &variables);
    let assets = asset_sets(ctx, host_file, host, file, &manifest, &variables);
    App {
        file,
        has_slug: manifest.slug.is_some(),
        unread,
        name: manifest.name.map_or_else(|| slug.value.clone(), |name| name.value),
        description: manifest.description.map_or_else(String::new, |description| description.value),
        publisher: manifest.publisher.map_or_else(String::new, |publisher| publisher.value),
        categories: manifest.categories.iter().map(|category| category.value.clone()).collect(),
        requires: references(file, &manifest.requires),
        uses: references(file, &manifest.uses),
        entry: manifest.entry.as_ref().map(|entry| placed(file, entry)),
        enabled: manifest.enabled.is_none_or(|enabled| enabled.value),
        metadata: manifest.metadata.0,
        references: file_references(ctx, file, description, &folder, manifest.references, &assets),
        routes,
        assets,
        slug,
        folder,
        aliases,
    }
}

/// What stands before every pattern. A mistake in it is told once, not again for each pattern, which gets a stand-in.
fn prefix(host: &HostManifest) -> String {
    let text = host.routes.prefix.as_ref().map_or("", |prefix| prefix.value.as_str());
    if Pattern::is_prefix(text) {
        return text.to_owned();
    }
    let repaired = format!("/{}", text.trim_matches('/'));
    if Pattern::is_prefix(&repaired) { repaired } else { "/prefix".to_owned() }
}

/// The patterns that the host gives every app, then the app's own.
fn routes(
    ctx: &Context<'_>,
    host_file: FileId,
    host: &HostManifest,
    file: FileId,
    manifest: &AppManifest,
    variables: &Variables<'_>,
) -> Vec<Route> {
    let prefix = prefix(host);
    let each = host.routes.each.iter().map(|path| (host_file, path, None));
    let own = manifest.routes.iter().map(|route| (file, &route.path, Some(route)));
    let mut routes = Vec::new();
    for (file, path, route) in each.chain(own) {
        for text in variables.fill(&format!("{prefix}{}", path.value)) {
            let pattern = Pattern::parse(&text);
            let mut place = file.of(path);
            // A mistake is shown inside the text where that reads as the pattern does.
            if let Err(error) = &pattern
                && ctx.sources.text(place).get(1..).is_some_and(|inner| inner.starts_with(&text))
            {
                place.span.end = place.span.start + 1 + error.range.end;
                place.span.start += 1 + error.range.start;
            }
            routes.push(self::route(file, route, place, text, pattern));
        }
    }
    routes
}

fn route(
    file: FileId,
    manifest: Option<&manifest::Route>,
    place: crate::source::Place,
    text: String,
    pattern: Result<Pattern, crate::pattern::PatternError>,
) -> Route {
    let methods = manifest.and_then(|route| route.methods.as_ref());
    let unknown = methods.into_iter().flatten().filter(|method| Method::known(&method.value).is_none());
    Route {
        place,
        text,
        pattern,
        methods: methods
            .map_or(Methods::ALL, |methods| methods.iter().filter_map(|name| Method::known(&name.value)).collect()),
        unknown_methods: unknown.map(|method| placed(file, method)).collect(),
        preload: manifest.map(|route| references(file, &route.preload)).unwrap_or_default(),
        overrides: manifest.map(|route| references(file, &route.overrides)).unwrap_or_default(),
        yields: manifest.is_some_and(|route| route.yields),
    }
}

fn asset_sets(
    ctx: &Context<'_>,
    host_file: FileId,
    host: &HostManifest,
    file: FileId,
    manifest: &AppManifest,
    variables: &Variables<'_>,
) -> Vec<AssetSet> {
    let folder = ctx.root.join(variables.folder);
    let own = manifest.assets.iter().map(|set| (file, set, true));
    let each = host.assets.each.iter().map(|set| (host_file, set, false));
    let mut sets = Vec::new();
    for (file, set, wanted) in own.chain(each) {
        let found =
            if is_plain_path(&set.from.value) { scan::assets(&folder, &set.from.value) } else { Assets::Missing };
        // What the host gives every app is for those that have the folder.
        if wanted || found != Assets::Missing || !is_plain_path(&set.from.value) {
            sets.push(asset_set(host_file, host, file, set, variables, found));
        }
    }
    sets
}

fn asset_set(
    host_file: FileId,
    host: &HostManifest,
    file: FileId,
    set: &manifest::AssetSet,
    variables: &Variables<'_>,
    found: Assets,
) -> AssetSet {
    let (to, place) = match (&set.to, &host.assets.mount) {
        (Some(to), _) => (to.value.as_str(), file.of(to)),
        (None, Some(mount)) => (mount.value.as_str(), host_file.of(mount)),
        (None, None) => (DEFAULT_MOUNT, file.of(&set.from)),
    };
    let mode = set.mode.as_ref().or(host.assets.mode.as_ref());
    AssetSet {
        from: placed(file, &set.from),
        to: variables.fill(to).into_iter().map(|value| Placed { value, place }).collect(),
        to_is_mount: set.to.is_none(),
        critical: set.critical.iter().map(|path| placed(file, path)).collect(),
        lazy: set.lazy,
        mode: mode.map(|mode| mode.value).unwrap_or_default(),
        found,
    }
}

fn file_references(
    ctx: &Context<'_>,
    file: FileId,
    description: Option<FileId>,
    folder: &str,
    references: Vec<manifest::Reference>,
    assets: &[AssetSet],
) -> Vec<FileReference> {
    let app_folder = ctx.root.join(folder);
    let manifest_name = ctx.sources.file(file).path.rsplit('/').next().unwrap_or_default().to_owned();
    let look_up = |reference: manifest::Reference| {
        let plain = is_plain_path(&reference.path.value);
        let path = &reference.path.value;
        let name = path.rsplit('/').next().unwrap_or_default();
        let scanned = assets.iter().any(|set| set.found.holds(&set.from.value, path))
            || (reference.anywhere && assets.iter().any(|set| set.found.has_name(name)));
        let exists = plain && (scanned || scan::is_file(&app_folder, path));
        let parent = reference.path.value.rsplit_once('/').map_or("", |(parent, _)| parent);
        let parent = app_folder.join(parent);
        let siblings = match plain && !exists {
            true if reference.anywhere => Some(assets.iter().flat_map(|set| set.found.file_names()).collect()),
            true if scan::is_folder(&parent) => Some(scan::file_names(&parent)),
            _ => None,
        };
        let named_here = reference.named_in.is_empty() || reference.named_in == manifest_name;
        let file = if named_here { file } else { description.unwrap_or(file) };
        FileReference { file, reference, exists, siblings }
    };
    references.into_iter().map(look_up).collect()
}
