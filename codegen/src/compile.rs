//! The pipeline: scan, parse, model, check, plan, emit.

#[cfg(feature = "calcom")]
mod calcom;
mod folders;
mod levels;
mod limits;
mod profile;
mod read;

use std::path::{Path, PathBuf};
use std::sync::Arc;

use bakehouse_manifest::CargoPackage;
use bakehouse_runtime::Table;
use bakehouse_runtime::table::layout::MAX_PROBES;

use crate::check;
use crate::diagnostics::{self, Diagnostic, Severity};
use crate::emit;
use crate::model::{self, DEFAULT_ROOT, Model, is_plain_path};
use crate::plan::{self, Plan};
use crate::scan::{self, Text};
use crate::source::{FileId, Sources};

/// What a compilation is asked for.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// A selection of the host manifest; everything if none.
    pub select: Option<String>,
    /// How closely assets are looked at.
    pub depth: Depth,
    /// The folder of the package that is built; if none, that of the host manifest, if the package there bakes.
    pub package: Option<PathBuf>,
}

/// How closely assets are looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub enum Depth {
    /// At their names, as a build does; at their first bytes only if the host manifest denies `asset-type`.
    #[default]
    Names,
    /// At their first bytes.
    FirstBytes,
    /// At all bytes of those that could be equal.
    AllBytes,
}

impl Options {
    /// What the environment of this process asks for: `BAKEHOUSE_SELECT`, unless it is empty.
    pub fn from_env() -> Self {
        let select = std::env::var_os("BAKEHOUSE_SELECT").filter(|select| !select.is_empty());
        // What is not UTF-8 is no selection's name, and is told as such.
        Self { select: select.map(|select| select.to_string_lossy().into_owned()), ..Self::default() }
    }
}

/// What came of a host manifest.
#[derive(Debug)]
pub struct Compilation {
    /// The texts that were read.
    pub sources: Sources,
    /// What is wrong, sorted by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The folder of the host manifest, as it was named; the paths of the sources are relative to it.
    pub folder: PathBuf,
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
    /// The profile that the host manifest names, whether it is there or not.
    pub(crate) fn profile(&self) -> Option<PathBuf> {
        let profile = self.model.as_ref()?.host.profile.as_ref()?;
        is_plain_path(&profile.path.value).then(|| self.folder.join(&profile.path.value))
    }

    /// How many diagnostics of a severity there are.
    pub fn count(&self, severity: Severity) -> usize {
        self.diagnostics.iter().filter(|diagnostic| diagnostic.severity == severity).count()
    }
}

/// Compiles a host manifest and all that it names. Never fails as a whole: what is wrong is in the diagnostics.
pub fn compile(manifest: &Path, options: &Options) -> Compilation {
    let mut compiler = Compiler { sources: Sources::default(), diagnostics: Vec::new(), max_table: MAX_TABLE };
    let folder = manifest.parent().unwrap_or(Path::new(""));
    let (model, root, baked) = compiler.run(manifest, folder, options);
    let Compiler { sources, mut diagnostics, .. } = compiler;
    diagnostics::sort(&mut diagnostics, &sources);
    Compilation { sources, diagnostics, folder: folder.to_owned(), root, model, baked }
}

/// The package that is built, as far as its `Cargo.toml` can be read: cargo tells what is wrong with that.
fn package(folder: &Path, options: &Options) -> Option<CargoPackage> {
    let text = scan::read_text(&options.package.as_deref().unwrap_or(folder).join("Cargo.toml"));
    let Text::Utf8(text) = text else { return None };
    CargoPackage::parse(&text).filter(|package| options.package.is_some() || package.bakes)
}

struct Compiler {
    sources: Sources,
    diagnostics: Vec<Diagnostic>,
    /// The most bytes of a table.
    max_table: usize,
}

/// What the offsets of a table can address.
const MAX_TABLE: usize = u32::MAX as usize;

impl Compiler {
    fn run(
        &mut self,
        manifest: &Path,
        folder: &Path,
        options: &Options,
    ) -> (Option<Arc<Model>>, PathBuf, Option<Baked>) {
        let (file, host) = self.host(manifest);
        // An unreadable host manifest says nothing that further rules could be held against.
        let Some(host) = host else { return (None, folder.join(DEFAULT_ROOT), None) };
        let root_name = host.host.root.as_ref().map_or(DEFAULT_ROOT, |root| root.value.as_str());
        let root = folder.join(root_name);
        let has_root = is_plain_path(root_name);
        let profile = self.profile(file, &host, folder);
        let apps = if has_root { self.apps(file, &host, root_name, &root) } else { Vec::new() };
        let ctx = model::Context {
            sources: &self.sources,
            root: &root,
            profile,
            package: package(folder, options),
            host_is_whole: has_root && !self.has_errors_in(file, 0),
        };
        let model = Arc::new(model::build(&ctx, file, &host, apps));
        check::check(&model, &mut self.diagnostics);
        if options.depth >= Depth::FirstBytes || host.check.deny.iter().any(|code| code.value == check::ASSET_TYPE) {
            check::check_contents(&model, &root, &mut self.diagnostics);
        }
        if options.depth == Depth::AllBytes {
            check::check_deep(&model, &root, &mut self.diagnostics);
        }
        self.apply_levels(file, &host.check);
        let baked = self.bake(file, &model, options);
        (Some(model), root, baked)
    }

    fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(|diagnostic| diagnostic.severity == Severity::Error)
    }

    /// Whether a file has errors among what was told behind the first `n_told`.
    fn has_errors_in(&self, file: FileId, n_told: usize) -> bool {
        let is_error = |told: &&Diagnostic| told.severity == Severity::Error;
        let mut errors = self.diagnostics.iter().skip(n_told).filter(is_error);
        errors.any(|told| told.place().is_some_and(|place| place.file == file))
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
        let plan = match plan::plan(&model) {
            Ok(plan) => plan,
            Err(error) => {
                self.no_perfect_hash(file, error);
                return None;
            }
        };
        if plan.index.probe_bound > u64::from(MAX_PROBES) {
            self.too_many_probes(file, &model, &plan);
            return None;
        }
        let table = emit::table::table(&model, &plan).ok();
        let Some(table) = table.filter(|table| table.len() <= self.max_table) else {
            self.too_large(file, &model, &plan);
            return None;
        };
        if let Err(error) = Table::parse(&table) {
            self.not_read_back(file, &error);
            return None;
        }
        Some(Baked { model, plan, table })
    }

    fn unknown_selection(&mut self, file: FileId, model: &Model, wanted: &str) {
        let names = model.host.selections.iter().map(|selection| selection.name.value.as_str()).chain(["@core"]);
        let message = format!("`BAKEHOUSE_SELECT` asks for the selection `{wanted}`, which `[select]` does not have");
        let help = format!("it has `{}`", names.collect::<Vec<_>>().join("`, `"));
        self.diagnostics.push(Diagnostic::error("unknown-selection", file.start(), message).help(help));
    }
}
