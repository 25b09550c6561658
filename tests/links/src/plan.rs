//! Input of a test: a few apps, and the table baked of their manifests.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use tempfile::TempDir;

use crate::{Run, Site};

/// The command under test, as a path to its binary.
#[derive(Debug, Clone, Copy)]
pub struct Program(pub &'static str);

/// An app of a test: what its manifest says of assets, and its files.
#[derive(Debug, Clone, Copy)]
pub struct App {
    /// Its slug and its folder.
    pub slug: &'static str,
    /// Its assets.
    pub assets: &'static [Asset],
    /// Its files, with their texts; paths are relative to its folder.
    pub files: &'static [(&'static str, &'static str)],
}

/// One `[[assets]]` of an app.
#[derive(Debug, Clone, Copy)]
pub struct Asset {
    /// A folder or file of the app.
    pub from: &'static str,
    /// Its place in the public folder.
    pub to: &'static str,
    /// How it comes there: `auto`, `symlink`, `hardlink` or `copy`.
    pub mode: &'static str,
}

/// A baked table, and the sources that it wants.
#[derive(Debug, Clone)]
pub struct Plan {
    /// The table file's bytes.
    pub table: Vec<u8>,
    /// The sources, relative to the folder of the apps, with their texts.
    pub sources: Vec<(PathBuf, &'static str)>,
}

impl Asset {
    /// An asset in the host's mode, which is `auto`.
    pub const fn auto(from: &'static str, to: &'static str) -> Self {
        Self { from, to, mode: "auto" }
    }

    /// The same asset in another mode.
    #[must_use]
    pub const fn by(self, mode: &'static str) -> Self {
        Self { mode, ..self }
    }
}

impl App {
    fn manifest(&self) -> String {
        let asset =
            |Asset { from, to, mode }: &Asset| format!("[[assets]]\nfrom = {from:?}\nto = {to:?}\nmode = {mode:?}\n");
        let assets = self.assets.iter().map(asset);
        format!("slug = {0:?}\nname = {0:?}\n{1}", self.slug, assets.collect::<String>())
    }
}

impl Program {
    /// Bakes a plan of `apps`.
    ///
    /// # Panics
    ///
    /// If the apps are not as the manifests want them.
    pub fn bake(self, apps: &[App]) -> Plan {
        self.bake_with(apps, &[])
    }

    /// Bakes a plan of `apps` that have more files than they say; paths are relative to the folder of the apps. For names
    /// that are no text, or that a test makes.
    ///
    /// # Panics
    ///
    /// If the apps are not as the manifests want them.
    pub fn bake_with(self, apps: &[App], more: &[(PathBuf, &'static str)]) -> Plan {
        let host = TempDir::new().expect("a temporary folder");
        write(&host.path().join("apps.manifest.toml"), "[host]\nname = \"site\"\nroot = \"apps\"\n");
        let mut sources = more.to_vec();
        for app in apps {
            write(&host.path().join("apps").join(app.slug).join("app.toml"), &app.manifest());
            sources.extend(app.files.iter().map(|(path, text)| (Path::new(app.slug).join(path), *text)));
        }
        for (path, text) in &sources {
            write(&host.path().join("apps").join(path), text);
        }
        let mut bake = Command::new(self.0);
        let run = Run::of(bake.args(["bake", "-o", "a.table"]).current_dir(host.path()));
        assert_eq!(run.code, Some(0), "{run}");
        Plan { table: fs::read(host.path().join("a.table")).expect("a table was baked"), sources }
    }

    /// A site with the sources of `plans` and nothing linked yet.
    ///
    /// # Panics
    ///
    /// If there is no temporary folder to make it in.
    pub fn site(self, plans: &[&Plan]) -> Site {
        Site::new(self, plans, TempDir::new().expect("a temporary folder"))
    }

    /// The same on another file system: in a folder that is there already.
    ///
    /// # Panics
    ///
    /// If it can't be made there.
    pub fn site_in(self, folder: &Path, plans: &[&Plan]) -> Site {
        Site::new(self, plans, TempDir::new_in(folder).expect("a temporary folder"))
    }
}

/// Writes a file and the folders that it lies in.
pub(crate) fn write(path: &Path, text: &str) {
    fs::create_dir_all(path.parent().expect("a file lies in a folder")).expect("a folder can be made");
    fs::write(path, text).expect("a file can be written");
}
