//! What `-m` means: the baked table, a host manifest, or a table file; and the table that comes of it.
//!
//! A table read from a file or compiled here is kept as long as the process lives, as a registry wants it. There is one a
//! run, but for `serve`, which reads again when it is told to.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use bakehouse_codegen::diagnostics::{Severity, render};
use bakehouse_codegen::{Compilation, Options, compile};
use bakehouse_runtime::Table;
use bakehouse_runtime::environment::Environment;
use bakehouse_runtime::link::state_dir;
use bakehouse_runtime::table::layout::MAGIC;
use bakehouse_sdk::Registry;

use crate::Store;
use crate::args::{Folders, Public};
use crate::commands::Ctx;
use crate::failure::{Failure, Trouble};
use crate::output::text::{count, say};

/// The host manifest that is taken without `-m` where no table is baked in.
const DEFAULT_MANIFEST: &str = "apps.manifest.toml";

/// What is worked on.
pub(crate) enum Source {
    /// The table in this binary.
    Baked(Store),
    /// A host manifest.
    Manifest(PathBuf),
    /// A table file and its bytes.
    TableFile(PathBuf, Vec<u8>),
}

/// A table, and where its folders are.
pub(crate) struct Target {
    pub(crate) table: Table<'static>,
    /// What is baked into this binary.
    store: Option<Store>,
    /// What the table's public folder is relative to.
    base: PathBuf,
    /// The folder of the apps, if that is known.
    root: Option<PathBuf>,
    /// How long it took to compile the table; zero if that was done before.
    pub(crate) compile_time: Duration,
}

/// Where links are made, and of what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Places {
    pub(crate) root: PathBuf,
    pub(crate) public: PathBuf,
    pub(crate) state: PathBuf,
}

/// Finds out what is worked on.
pub(crate) fn source(ctx: &Ctx) -> Result<Source, Failure> {
    match (&ctx.manifest, ctx.store) {
        (Some(path), _) => read(path),
        (None, Some(store)) => Ok(Source::Baked(store)),
        (None, None) => read_default(),
    }
}

fn read_default() -> Result<Source, Failure> {
    let path = Path::new(DEFAULT_MANIFEST);
    if path.exists() {
        return read(path);
    }
    let help = "name a host manifest or a table file with `-m`, or go to a folder that has one";
    Err(Trouble::new(format!("there is no `{DEFAULT_MANIFEST}` in this folder")).help(help).call())
}

/// Tells a table file from a host manifest by its first bytes.
fn read(path: &Path) -> Result<Source, Failure> {
    let fail = |error: io::Error| {
        let help = "name a host manifest or a table file that this user may read";
        Trouble::new(format!("failed to read `{}`", path.display())).because(&error).help(help).call()
    };
    let mut file = File::open(path).map_err(fail)?;
    let mut bytes = Vec::new();
    file.by_ref().take(MAGIC.len() as u64).read_to_end(&mut bytes).map_err(fail)?;
    if bytes != MAGIC {
        return Ok(Source::Manifest(path.to_owned()));
    }
    file.read_to_end(&mut bytes).map_err(fail)?;
    Ok(Source::TableFile(path.to_owned(), bytes))
}

/// The table to work on. A host manifest is compiled; if there are errors in it, they are told, and that is all.
pub(crate) fn open(ctx: &Ctx) -> Result<Target, Failure> {
    target(source(ctx)?, ctx.store)
}

/// The table that the file has by now, as [`open`] gives it.
pub(crate) fn open_again(path: &Path, store: Option<Store>) -> Result<Target, Failure> {
    target(read(path)?, store)
}

fn target(source: Source, store: Option<Store>) -> Result<Target, Failure> {
    let target = match source {
        Source::Baked(store) => baked(store),
        Source::Manifest(path) => compiled(&path)?,
        Source::TableFile(path, bytes) => from_file(&path, bytes)?,
    };
    Ok(Target { store, ..target })
}

pub(crate) fn baked(store: Store) -> Target {
    Target {
        table: store.registry.table(),
        store: Some(store),
        base: PathBuf::from(store.base),
        root: Some(PathBuf::from(store.root)),
        compile_time: Duration::ZERO,
    }
}

/// The table in this binary, looked at as closely as one from a file.
pub(crate) fn validated(store: Store) -> Result<(), Failure> {
    let table = Table::parse(store.registry.table().as_bytes());
    table.map(drop).map_err(|error| {
        let trouble = Trouble::new("the table in this binary can't be used").because(&error);
        trouble.help("build the binary again").problem()
    })
}

pub(crate) fn from_file(path: &Path, bytes: Vec<u8>) -> Result<Target, Failure> {
    let table = Table::parse(keep(bytes)).map_err(|error| {
        let help = "bake it again with `bake -o`";
        Trouble::new(format!("`{}` can't be used", path.display())).because(&error).help(help).problem()
    })?;
    Ok(Target { table, store: None, base: folder_of(path), root: None, compile_time: Duration::ZERO })
}

/// The table of a file that is a table file, not a host manifest.
pub(crate) fn table_file(path: &Path) -> Result<Table<'static>, Failure> {
    let bytes = std::fs::read(path).map_err(|error| {
        let help = "name a table file that this user may read";
        Trouble::new(format!("failed to read `{}`", path.display())).because(&error).help(help).call()
    })?;
    Ok(from_file(path, bytes)?.table)
}

/// Compiles a host manifest, or what `BAKEHOUSE_SELECT` selects of it.
pub(crate) fn compile_manifest(path: &Path) -> Compilation {
    compile(path, &Options::from_env())
}

/// Keeps the bytes of a table for good: those of an equal one, if there was one before.
fn keep(bytes: Vec<u8>) -> &'static [u8] {
    static KEPT: Mutex<Vec<&[u8]>> = Mutex::new(Vec::new());
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let known = kept.iter().copied().find(|known| *known == bytes);
    known.unwrap_or_else(|| {
        let bytes = bytes.leak();
        kept.push(bytes);
        bytes
    })
}

fn compiled(path: &Path) -> Result<Target, Failure> {
    let began = Instant::now();
    let compilation = compile_manifest(path);
    let Compilation { baked: Some(baked), root, .. } = compilation else {
        return Err(tell_errors(&compilation));
    };
    // The compiler has read its table back and found it valid.
    let table = Table::baked(keep(baked.table));
    let compile_time = began.elapsed();
    Ok(Target { table, store: None, base: folder_of(path), root: Some(root), compile_time })
}

/// Says the errors of a compilation, and how many there are.
pub(crate) fn tell_errors(compilation: &Compilation) -> Failure {
    for error in compilation.diagnostics.iter().filter(|diagnostic| diagnostic.severity == Severity::Error) {
        say(render(error, &compilation.sources, &compilation.folder));
    }
    say(count(compilation.count(Severity::Error), "error"));
    Failure::Told
}

/// What the environment says, held against a table.
pub(crate) fn environment(table: Table<'_>) -> Result<Environment, Failure> {
    Environment::read(table).map_err(|error| {
        let help = format!("correct or unset: {}", error.problems().collect::<Vec<_>>().join("; "));
        Trouble::new("the environment has values that can't be used").help(help).call()
    })
}

fn folder_of(file: &Path) -> PathBuf {
    file.parent().unwrap_or(Path::new("")).to_owned()
}

/// Whether one folder is the other or lies in it, wherever links on the way lead. Links would then be made among the
/// sources, or the sources be served; manifests may not say so either.
pub(crate) fn are_nested(one: &Path, other: &Path) -> bool {
    let (Some(one), Some(other)) = (real(one), real(other)) else { return false };
    one.starts_with(&other) || other.starts_with(&one)
}

/// Whether both are one folder, or would be if they were made.
pub(crate) fn is_same(one: &Path, other: &Path) -> bool {
    real(one).is_some_and(|one| real(other) == Some(one))
}

/// Where a folder really is, or would be if it were made; none if even that can't be said.
fn real(path: &Path) -> Option<PathBuf> {
    let path = std::path::absolute(path).ok()?;
    path.ancestors().find_map(|above| {
        let real = above.canonicalize().ok()?;
        Some(real.join(path.strip_prefix(above).ok()?))
    })
}

impl Target {
    /// The registry of this binary, whatever the table is; one without code if the binary has none.
    pub(crate) fn registry(&self) -> &'static Registry {
        match self.store {
            Some(store) => store.registry,
            None => Box::leak(Box::new(Registry::new(self.table, &[], &[]))),
        }
    }

    /// What the environment says, held against the table.
    pub(crate) fn environment(&self) -> Result<Environment, Failure> {
        environment(self.table)
    }

    /// Where the apps are and where links go.
    pub(crate) fn places(&self, folders: &Folders, environment: &Environment) -> Result<Places, Failure> {
        let root = self.root(folders.root.as_ref(), environment)?;
        let (public, state) = self.public(&folders.public);
        if are_nested(&root, &public) {
            let (public, root) = (public.display(), root.display());
            let message = format!("public folder `{public}` and the folder of the apps `{root}` lie in one another");
            let help = "name a public folder beside the folder of the apps with `--public`";
            return Err(Trouble::new(message).help(help).call());
        }
        Ok(Places { root, public, state })
    }

    /// Where the apps are.
    pub(crate) fn root(&self, typed: Option<&PathBuf>, environment: &Environment) -> Result<PathBuf, Failure> {
        typed.or(environment.root.as_ref()).or(self.root.as_ref()).cloned().ok_or_else(|| {
            let help = "name it with `--root` or `BAKEHOUSE_ROOT`";
            Trouble::new("a table file does not say where the folder of the apps is").help(help).call()
        })
    }

    /// The public folder, and the folder of its ledger.
    pub(crate) fn public(&self, typed: &Public) -> (PathBuf, PathBuf) {
        let public = typed.public.clone().unwrap_or_else(|| self.base.join(self.table.public()));
        let state = typed.state.clone().unwrap_or_else(|| state_dir(&public));
        (public, state)
    }
}
