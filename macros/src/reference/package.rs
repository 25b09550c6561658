//! Which package is being compiled, and what may be named in it: the environment and files to a [`Package`].

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::SystemTime;
use std::{env, fs};

use bakehouse_manifest::AppManifest;
use bakehouse_manifest::names::Names;
use bakehouse_manifest::native::parse_app;
use proc_macro2::Span;

use crate::expand::Error;

/// Written by `bakehouse_codegen::bake`.
const NAMES_FILE: &str = "bakehouse.names";
/// The manifest of an app, beside its `Cargo.toml`.
const MANIFEST: &str = "app.toml";

/// The package that is being compiled.
#[derive(Debug)]
pub(crate) enum Package {
    /// It bakes.
    Host {
        /// What was baked.
        names: Arc<Names>,
        /// The folder of the apps.
        root: PathBuf,
    },
    /// It is an app.
    App {
        /// Its own manifest.
        manifest: Box<AppManifest>,
        /// Its folder.
        folder: PathBuf,
    },
}

/// Why nothing may be named.
#[derive(Debug)]
pub(crate) struct Unknown {
    message: String,
    help: &'static str,
}

impl Unknown {
    pub(crate) fn at(self, span: Span) -> Error {
        Error { span, message: self.message, help: self.help.to_owned() }
    }
}

impl Package {
    /// The package for which rustc runs.
    pub(crate) fn here() -> Result<Self, Unknown> {
        let folder = |name| env::var_os(name).map(PathBuf::from);
        Self::of(&folder("CARGO_MANIFEST_DIR").unwrap_or_default(), folder("OUT_DIR").as_deref())
    }

    /// A package by its folder and that of what its build script wrote.
    pub(crate) fn of(package: &Path, out_dir: Option<&Path>) -> Result<Self, Unknown> {
        if let Some(names) = out_dir.map(|folder| folder.join(NAMES_FILE)).filter(|file| file.is_file()) {
            return host(package, &names);
        }
        let manifest = package.join(MANIFEST);
        if manifest.is_file() {
            return app(package, &manifest);
        }
        let message = "this package neither bakes apps nor is one, so that there is nothing to refer to".to_owned();
        let help = "bake in its build script, or put an `app.toml` beside its `Cargo.toml`";
        Err(Unknown { message, help })
    }
}

fn host(package: &Path, file: &Path) -> Result<Package, Unknown> {
    let Some(names) = read_once(file) else {
        let message = "what the build script of this package baked can't be read".to_owned();
        let help = "take `bakehouse-codegen` and `bakehouse-macros` in the same version";
        return Err(Unknown { message, help });
    };
    let root = package.join(&names.root);
    Ok(Package::Host { names, root })
}

/// What was read last: the file, when it was modified, and what it said.
type Read = (PathBuf, SystemTime, Arc<Names>);

/// Reads a file unless it was read for the reference before: of a large host, that takes some hundredths of a second. An
/// editor keeps this process for long and compiles more than one package in it.
fn read_once(file: &Path) -> Option<Arc<Names>> {
    static LAST: Mutex<Option<Read>> = Mutex::new(None);
    let modified = file.metadata().and_then(|metadata| metadata.modified()).ok()?;
    let mut last = LAST.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((_, _, names)) = last.as_ref().filter(|(path, time, _)| path == file && *time == modified) {
        return Some(Arc::clone(names));
    }
    let names = Arc::new(Names::read(&fs::read_to_string(file).ok()?)?);
    *last = Some((file.to_owned(), modified, Arc::clone(&names)));
    Some(names)
}

fn app(package: &Path, file: &Path) -> Result<Package, Unknown> {
    let text = fs::read_to_string(file).map_err(|error| Unknown {
        message: format!("`{MANIFEST}` of this package can't be read: {error}"),
        help: "see to it that it is a text file that you may read",
    })?;
    let (manifest, problems) = parse_app(&text);
    match problems.first() {
        None => Ok(Package::App { manifest: Box::new(manifest), folder: package.to_owned() }),
        Some(problem) => Err(Unknown {
            message: format!("`{MANIFEST}` of this package is wrong: {}", problem.message),
            help: "`bakehouse check` shows where",
        }),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_package_is() {
        let write = |folder: &tempfile::TempDir, name: &str, text: &str| {
            fs::write(folder.path().join(name), text).expect("writes a file");
        };
        let folders: [_; 5] = std::array::from_fn(|_| tempfile::tempdir().expect("makes a folder"));
        let [empty, app, wrong, baked, foreign] = &folders;
        write(app, MANIFEST, "slug = \"zoom\"\n");
        write(wrong, MANIFEST, "slugg = \"zoom\"\n");
        write(baked, NAMES_FILE, &Names { root: "apps".to_owned(), is_whole: true, ..Names::default() }.write());
        write(foreign, NAMES_FILE, "bakehouse names 0\n");
        let cases = [
            (empty, None, Err("this package neither bakes apps nor is one")),
            (empty, Some(empty), Err("this package neither bakes apps nor is one")),
            (app, None, Ok(None)),
            (app, Some(empty), Ok(None)),
            // A package that bakes may be an app of another host; what it baked is what it names.
            (app, Some(baked), Ok(Some(app.path().join("apps")))),
            (empty, Some(foreign), Err("what the build script of this package baked can't be read")),
            (wrong, None, Err("`app.toml` of this package is wrong: unknown key `slugg`")),
        ];
        for (package, out_dir, expected) in cases {
            let found = Package::of(package.path(), out_dir.map(tempfile::TempDir::path));
            match (found, expected) {
                (Ok(Package::App { .. }), Ok(None)) => {}
                (Ok(Package::Host { root, .. }), Ok(Some(expected))) => assert_eq!(root, expected),
                (Err(error), Err(expected)) => assert!(error.message.starts_with(expected), "{error:?}"),
                (found, expected) => panic!("{found:?} must be {expected:?}"),
            }
        }
    }
}
