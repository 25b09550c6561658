//! The pipeline: scan, parse, model, check, plan, emit.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use bakehouse_manifest::{AppManifest, Dialect, HostManifest, Problem, Spanned, calcom, native};
use bakehouse_runtime::Table;
use bakehouse_runtime::table::layout::MAX_VISITS;

use crate::check;
use crate::diagnostics::{self, Diagnostic, Severity};
use crate::emit;
use crate::model::{self, AppText, Model, is_plain_path};
use crate::plan::{self, Plan};
use crate::scan::{self, AppFolder, FolderGlobs, ReadError, Text};
use crate::source::{FileId, Sources};

/// The folder of the apps, unless the host manifest names another.
const DEFAULT_ROOT: &str = "apps";

/// What a compilation is asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A selection of the host manifest; everything if none.
    pub select: Option<String>,
}

/// What came of a host manifest.
#[derive(Debug)]
pub struct Compilation {
    /// The texts that were read.
    pub sources: Sources,
    /// What is wrong, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The folder of the apps.
    pub root: PathBuf,
    /// Every app that could be read, selected or not.
    pub model: Option<Arc<Model>>,
    /// What was baked; none if there was an error.
    pub baked: Option<Baked>,
}

/// What was baked.
#[derive(Debug)]
pub struct Baked {
    /// The selected apps.
    pub model: Arc<Model>,
    /// What was decided.
    pub plan: Plan,
    /// The table, read back and validated.
    pub table: Vec<u8>,
}

impl Compilation {
    /// How many diagnostics of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

/// Compiles a host manifest and all that it names. Never fails as a whole: what is wrong is in the diagnostics.
pub fn compile(manifest: &Path, options: &Options) -> Compilation {
    let mut compiler = Compiler { sources: Sources::default(), diagnostics: Vec::new() };
    let (model, root, baked) = compiler.run(manifest, options);
    let Compiler { sources, mut diagnostics } = compiler;
    diagnostics::sort(&mut diagnostics, &sources);
    Compilation { sources, diagnostics, root, model, baked }
}

struct Compiler {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
}

impl Compiler {
    fn run(&mut self, manifest: &Path, options: &Options) -> (Option<Arc<Model>>, PathBuf, Option<Baked>) {
        let folder = manifest.parent().unwrap_or(Path::new(""));
        let (file, host) = self.host(manifest);
        // An unreadable host manifest says nothing that further rules could be held against.
        let Some(host) = host else { return (None, folder.join(DEFAULT_ROOT), None) };
        let root_name = host.host.root.as_ref().map_or(DEFAULT_ROOT, |root| root.value.as_str());
        let root = folder.join(root_name);
        let has_root = is_plain_path(root_name);
        let apps = if has_root { self.apps(file, &host, root_name, &root) } else { Vec::new() };
        let ctx = model::Context {
            sources: &self.sources,
            root: &root,
            host_is_whole: has_root && !self.has_errors_in(file),
        };
        let model = Arc::new(model::build(&ctx, file, &host, apps));
        check::check(&model, &mut self.diagnostics);
        let baked = self.bake(file, &model, options);
        (Some(model), root, baked)
    }

    fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    fn has_errors_in(&self, file: FileId) -> bool {
        let is_error = |told: &&Diagnostic| told.severity == Severity::Error;
        self.diagnostics.iter().filter(is_error).any(|told| told.place().is_some_and(|place| place.file == file))
    }

    /// Takes in a text file; what is wrong with its bytes is told at it.
    fn add(&mut self, path: String, text: Text) -> (FileId, Option<String>) {
        match text {
            Text::Utf8(text) => (self.sources.add(path, text.clone()), Some(text)),
            Text::NotUtf8 { lossy, valid_up_to } => {
                let file = self.sources.add(path, lossy);
                let place = file.at((valid_up_to..valid_up_to + '\u{fffd}'.len_utf8()).into());
                let help = "save the file as UTF-8";
                self.diagnostics.push(Diagnostic::error("not-utf8", place, "file is not UTF-8").help(help));
                (file, None)
            }
            Text::Unreadable(error) => {
                let file = self.sources.add(path, String::new());
                self.unreadable(file, &error);
                (file, None)
            }
        }
    }

    fn unreadable(&mut self, file: FileId, error: &ReadError) {
        let message = format!("`{}` cannot be read: {}", error.path.display(), error.error);
        let help = match error.error.kind() {
            std::io::ErrorKind::NotFound => "check the path, and the folder from which it is taken",
            std::io::ErrorKind::PermissionDenied => "give the user who runs this the right to read it",
            std::io::ErrorKind::InvalidData => "rename it",
            _ => "put a readable file there",
        };
        self.diagnostics.push(Diagnostic::error("unreadable", file.start(), message).help(help));
    }

    fn problems(&mut self, file: FileId, problems: Vec<Problem>, severity: Severity) {
        self.diagnostics.extend(problems.into_iter().map(|problem| Diagnostic::problem(file, problem, severity)));
    }

    fn host(&mut self, manifest: &Path) -> (FileId, Option<HostManifest>) {
        let name = manifest.file_name().unwrap_or(manifest.as_os_str()).to_string_lossy().into_owned();
        let (file, text) = self.add(name, scan::read_text(manifest));
        let host = text.map(|text| {
            let (host, problems) = native::parse_host(&text);
            self.problems(file, problems, Severity::Error);
            host
        });
        (file, host)
    }

    fn apps(&mut self, file: FileId, host: &HostManifest, root_name: &str, root: &Path) -> Vec<AppText> {
        // What a host manifest with problems seems not to say may be in what could not be read.
        let may_lack_root = host.host.root.is_none() && self.has_errors_in(file);
        let dialect = host.host.dialect.as_ref().map(|dialect| dialect.value).unwrap_or_default();
        let globs = self.globs(file, host, dialect);
        if !scan::is_folder(root) {
            if may_lack_root {
                return Vec::new();
            }
            let place = host.host.root.as_ref().map_or(file.start(), |root| file.of(root));
            let message = format!("there is no folder `{root_name}` of apps");
            let help = format!(
                "make it, or set `root` under `[host]` to the folder of the apps, relative to `{}`",
                self.sources.file(file).path
            );
            self.diagnostics.push(Diagnostic::error("missing-root", place, message).help(help));
            return Vec::new();
        }
        let folders = scan::app_folders(root, &globs);
        for error in &folders.errors {
            self.unreadable(file, error);
        }
        self.unused_globs(file, host, &folders.used);
        self.linked_folders(file, root_name, &folders.linked);
        let read = |folder: AppFolder| self.app(file, dialect, root_name, root, folder, &globs);
        folders.found.into_iter().filter_map(read).collect()
    }

    fn globs(&mut self, file: FileId, host: &HostManifest, dialect: Dialect) -> FolderGlobs {
        self.manifest_names(file, host);
        let texts = |list: Option<&[Spanned<String>]>, default: &str| match list {
            Some(list) => list.to_vec(),
            None => vec![Spanned::new(default.to_owned(), 0..0)],
        };
        let mut parse = |texts: Vec<Spanned<String>>| {
            let parsed = texts.into_iter().filter_map(|text| match glob::Pattern::new(&text.value) {
                Ok(glob) => Some(glob),
                Err(error) => {
                    let message = format!("`{}` is not a glob: {}", text.value, error.msg);
                    let help = "`*` stands for any text without `/`, `?` for a character, `[…]` for one of some";
                    self.diagnostics.push(Diagnostic::error("invalid-glob", file.of(&text), message).help(help));
                    None
                }
            });
            parsed.collect()
        };
        let default_names = match dialect {
            Dialect::Native => native::MANIFEST_NAMES,
            Dialect::Calcom => calcom::MANIFEST_NAMES,
        };
        FolderGlobs {
            apps: parse(texts(host.host.apps.as_deref(), "*")),
            exclude: parse(texts(host.host.exclude.as_deref(), "_*")),
            manifest_names: host.host.manifest_names.as_ref().map_or_else(
                || default_names.iter().map(|name| (*name).to_owned()).collect(),
                |names| names.iter().filter(|name| is_file_name(name)).map(|name| name.value.clone()).collect(),
            ),
        }
    }

    fn manifest_names(&mut self, file: FileId, host: &HostManifest) {
        for name in host.host.manifest_names.iter().flatten().filter(|name| !is_file_name(name)) {
            let message = format!("manifest name `{}` is not the name of a file", name.value);
            let help = "a manifest lies in the app's folder itself: write its name, without a path";
            self.diagnostics.push(Diagnostic::error("invalid-path", file.of(name), message).help(help));
        }
    }

    /// An app folder that is a link would be a silent gap.
    fn linked_folders(&mut self, file: FileId, root_name: &str, linked: &[String]) {
        for folder in linked {
            let message = format!("folder `{root_name}/{folder}` is a link, and links are not followed");
            let help = "put the folder itself there, or leave it out with `exclude`";
            self.diagnostics.push(Diagnostic::warning("linked-folder", file.start(), message).help(help));
        }
    }

    fn unused_globs(&mut self, file: FileId, host: &HostManifest, used: &[bool]) {
        for (glob, used) in host.host.apps.iter().flatten().zip(used) {
            if !used {
                let message = format!("no folder matches `{}`", glob.value);
                let help = "globs are matched against whole paths below `root`";
                self.diagnostics.push(Diagnostic::warning("unmatched-glob", file.of(glob), message).help(help));
            }
        }
    }

    fn app(
        &mut self,
        host_file: FileId,
        dialect: Dialect,
        root_name: &str,
        root: &Path,
        folder: AppFolder,
        globs: &FolderGlobs,
    ) -> Option<AppText> {
        let Some(name) = &folder.manifest else {
            self.no_manifest(host_file, root_name, &folder, globs);
            return None;
        };
        let app_folder = root.join(&folder.path);
        let path = format!("{root_name}/{}/{name}", folder.path);
        let (file, text) = self.add(path, scan::read_text(&app_folder.join(name)));
        // What cannot be read as text still is an app, so that whoever names it is not told that there is none.
        let is_read = text.is_some();
        let text = text.unwrap_or_default();
        let (manifest, description) = match dialect {
            Dialect::Native => {
                let (manifest, problems) = native::parse_app(&text);
                self.problems(file, problems, Severity::Error);
                (manifest, None)
            }
            Dialect::Calcom => self.calcom_app(root_name, &app_folder, &folder.path, name, file, &text),
        };
        let unread = (!is_read || self.has_errors_in(file)).then_some(text);
        Some(AppText { file, folder: folder.path, description, manifest, unread })
    }

    fn calcom_app(
        &mut self,
        root_name: &str,
        app_folder: &Path,
        folder: &str,
        name: &str,
        file: FileId,
        text: &str,
    ) -> (AppManifest, Option<FileId>) {
        let description = scan::read_optional_text(&app_folder.join(calcom::DESCRIPTION_NAME));
        let description =
            description.map(|text| self.add(format!("{root_name}/{folder}/{}", calcom::DESCRIPTION_NAME), text));
        let described = description.as_ref().and_then(|(_, text)| text.as_deref());
        let has_static = scan::is_folder(&app_folder.join("static"));
        let (manifest, problems, described) = calcom::parse_app(folder, name, text, described, has_static);
        self.problems(file, problems, Severity::Error);
        self.problems(file, manifest.tolerated.clone(), Severity::Note);
        let description = description.map(|(file, _)| file);
        if let Some(file) = description {
            self.problems(file, described, Severity::Error);
        }
        (manifest, description)
    }

    /// A folder without a manifest is no app, which is fine, unless a file in it looks like one with a slip in its name.
    fn no_manifest(&mut self, host_file: FileId, root_name: &str, folder: &AppFolder, globs: &FolderGlobs) {
        let wanted = globs.manifest_names.first().map_or("", String::as_str);
        if let Some(near) = bakehouse_manifest::nearest(wanted, folder.files.iter().map(String::as_str)) {
            let message = format!("folder `{root_name}/{}` has no `{wanted}`, only `{near}`", folder.path);
            let help = format!("rename it to `{wanted}`, or leave the folder out with `exclude`");
            self.diagnostics.push(Diagnostic::warning("no-manifest", host_file.start(), message).help(help));
        }
    }

    fn bake(&mut self, file: FileId, model: &Arc<Model>, options: &Options) -> Option<Baked> {
        if self.has_errors() {
            return None;
        }
        let selected = match &options.select {
            None => Ok(Arc::clone(model)),
            Some(wanted) => model::select(Model::clone(model), wanted).map(Arc::new),
        };
        let Ok(model) = selected else {
            self.unknown_selection(file, model, options.select.as_deref().unwrap_or_default());
            return None;
        };
        let plan = plan::plan(&model);
        if plan.index.visit_bound > u64::from(MAX_VISITS) {
            self.too_many_visits(&model, &plan);
            return None;
        }
        let table = emit::table::table(&model, &plan).ok();
        let Some(table) = table.filter(|table| Table::parse(table).is_ok()) else {
            let help = "bake fewer apps, or fewer assets file by file";
            let message = "table would be larger than 4 GiB, or does not read back as it was written";
            self.diagnostics.push(Diagnostic::error("table-size", file.start(), message).help(help));
            return None;
        };
        Some(Baked { model, plan, table })
    }

    fn unknown_selection(&mut self, file: FileId, model: &Model, wanted: &str) {
        let names = model.host.selections.iter().map(|selection| selection.name.value.as_str()).chain(["@core"]);
        let message = format!("`BAKEHOUSE_SELECT` asks for the selection `{wanted}`, which `[select]` does not have");
        let help = format!("it has `{}`", names.collect::<Vec<_>>().join("`, `"));
        self.diagnostics.push(Diagnostic::error("unknown-selection", file.start(), message).help(help));
    }

    /// Names the app that has the most patterns with params, where the branching comes from.
    fn too_many_visits(&mut self, model: &Model, plan: &Plan) {
        let mut n_routes: BTreeMap<usize, usize> = BTreeMap::new();
        for planned in &plan.routes {
            let route = model.apps.get(planned.app).and_then(|app| app.routes.get(planned.route));
            if route.is_some_and(|route| route.pattern.as_ref().is_ok_and(|pattern| pattern.params().next().is_some()))
            {
                *n_routes.entry(planned.app).or_default() += 1;
            }
        }
        let most = n_routes.into_iter().max_by_key(|(app, n)| (*n, std::cmp::Reverse(*app)));
        let Some((app, n)) = most.and_then(|(app, n)| Some((model.apps.get(app)?, n))) else { return };
        let place = app.routes.first().map_or(app.slug.place, |route| route.place);
        let bound = plan.index.visit_bound;
        let message = format!("a path could visit {bound} nodes of the route index, but {MAX_VISITS} is the most");
        let help = format!(
            "most branching comes from the {n} patterns with params of app `{}`; begin them with literal segments",
            app.slug.value
        );
        self.diagnostics.push(Diagnostic::error("route-limit", place, message).help(help));
    }
}

fn is_file_name(name: &str) -> bool {
    is_plain_path(name) && !name.contains('/')
}
