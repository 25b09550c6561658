//! A site on disk: apps with assets, the tables of its host, and its public folders.
//!
//! ```text
//! apps/<slug>/app.toml, apps/<slug>/static/<file>   what is baked
//! shown/app-assets/<slug>/<file>                    hard links to the same files, as they are to appear: what peers are given
//! public-<number>/                                  where they appear, beside the apps as with any host
//! ```
//!
//! For minutes, ext4 does not use the inode of a deleted file again, and whoever makes a file looks past all of these,
//! which can take ten times as long as making it. So public folders stay until all is measured. Memory is smaller and
//! does not know the problem, so there they go at once. What others delete falls on all contenders.

use std::cell::Cell;
use std::fmt::{self, Write as _};
use std::fs;
use std::path::{Path, PathBuf};

use bakehouse_runtime::Table;
use rustix::fs::sync;
use tempfile::TempDir;

use super::bare::Bare;
use super::case::{Case, Layout};
use super::file_system::FileSystem;
use crate::host::{keep, slug, table};
use crate::{Result, Scale};

/// Where a site's assets appear in the public folder.
pub(super) const MOUNT: &str = "app-assets";
/// The assets as they are to appear.
pub(super) const SHOWN: &str = "shown";
/// An icon's size: whoever copies would take longer with larger files.
const FILE_BYTES: usize = 2_000;
/// What the first app gets later.
const ONE_MORE: &str = "one-more.svg";

/// How many files and apps a site has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Size {
    pub(crate) n_files: usize,
    pub(crate) n_apps: usize,
}

/// The smallest is as large as cal.com's.
pub(crate) const SIZES: [Size; 3] = [
    Size { n_files: 431, n_apps: 62 },
    Size { n_files: 10_000, n_apps: 1_000 },
    Size { n_files: 100_000, n_apps: 5_000 },
];

impl Size {
    pub(super) fn shrunk(self, scale: Scale) -> Self {
        Self { n_files: scale.size(self.n_files), n_apps: scale.size(self.n_apps) }
    }

    /// Each file as `<slug>/<file>`.
    fn files(self) -> impl Iterator<Item = String> {
        (0..self.n_files).map(move |number| format!("{}/{}.svg", slug(number % self.n_apps), number / self.n_apps))
    }
}

impl fmt::Display for Size {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} files in {} apps", self.n_files, self.n_apps)
    }
}

/// A site and the public folders in which it appears.
pub(super) struct Site {
    pub(super) size: Size,
    pub(super) home: Home,
    file_system: FileSystem,
    n_publics: Cell<usize>,
    _dir: TempDir,
}

impl Site {
    /// # Errors
    /// If it cannot be written or baked.
    pub(super) fn make(size: Size, parent: &Path, file_system: FileSystem) -> Result<Self> {
        let dir = tempfile::tempdir_in(parent)?;
        let root = dir.path();
        for number in 0..size.n_apps {
            write_app(root, &slug(number))?;
        }
        for (number, file) in size.files().enumerate() {
            let text = format!("<svg id=\"{number}\"/>");
            write_asset(root, &file, &format!("{text:FILE_BYTES$}"))?;
        }
        bake(root, Case::Cold)?;
        with_one_more(root, || bake(root, Case::OneMore))?;
        // What is written back later would disturb whoever is measured then.
        sync();
        Ok(Self { size, home: Home::open(root)?, file_system, n_publics: Cell::default(), _dir: dir })
    }

    /// Lets somebody work in an empty public folder.
    pub(super) fn with_public<T>(&self, work: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        let number = self.n_publics.get();
        self.n_publics.set(number + 1);
        let public = self.home.dir.join(format!("public-{number}"));
        fs::create_dir(&public)?;
        let done = work(&public);
        if self.file_system == FileSystem::TMPFS {
            fs::remove_dir_all(&public)?;
        }
        done
    }

    /// Lets somebody work while the first app has one more file.
    pub(super) fn with_one_more<T>(&self, work: impl FnOnce() -> Result<T>) -> Result<T> {
        with_one_more(&self.home.dir, work)
    }

    /// Reads each asset through a public folder.
    ///
    /// # Errors
    /// If one is not there or not what it should be.
    pub(super) fn check(&self, public: &Path, case: Case) -> Result<()> {
        let one_more = (case == Case::OneMore).then(one_more);
        for file in self.size.files().chain(one_more) {
            let [source, _] = places(&self.home.dir, &file);
            let found = public.join(MOUNT).join(&file);
            let bytes = fs::read(&found).map_err(|error| format!("{}: {error}", found.display()))?;
            if bytes != fs::read(source)? {
                return Err(format!("{} is not what its source is", found.display()).into());
            }
        }
        Ok(())
    }
}

/// The path of an asset below `apps`, and where it is shown.
fn places(root: &Path, file: &str) -> [PathBuf; 2] {
    let source = file.replacen('/', "/static/", 1);
    [root.join("apps").join(source), root.join(SHOWN).join(MOUNT).join(file)]
}

fn one_more() -> String {
    format!("{}/{ONE_MORE}", slug(0))
}

fn write_app(root: &Path, slug: &str) -> Result<()> {
    fs::create_dir_all(root.join("apps").join(slug).join("static"))?;
    fs::create_dir_all(root.join(SHOWN).join(MOUNT).join(slug))?;
    let manifest = format!("slug = {slug:?}\nname = {slug:?}\n[[assets]]\nfrom = \"static\"\n");
    Ok(fs::write(root.join("apps").join(slug).join("app.toml"), manifest)?)
}

fn write_asset(root: &Path, file: &str, text: &str) -> Result<()> {
    let [source, shown] = places(root, file);
    fs::write(&source, text)?;
    Ok(fs::hard_link(source, shown)?)
}

fn with_one_more<T>(root: &Path, work: impl FnOnce() -> Result<T>) -> Result<T> {
    write_asset(root, &one_more(), "<svg id=\"one more\"/>")?;
    let done = work();
    places(root, &one_more()).into_iter().try_for_each(fs::remove_file)?;
    done
}

fn bake(root: &Path, case: Case) -> Result<()> {
    for layout in Layout::ALL {
        let mut manifest = format!("[host]\nname = \"site\"\n[assets]\nmount = \"{MOUNT}/$slug\"\n");
        writeln!(manifest, "fold = {}", layout == Layout::Folded)?;
        let path = root.join("apps.manifest.toml");
        fs::write(&path, manifest)?;
        fs::write(root.join(table_name(layout, case)), table(&path)?)?;
    }
    Ok(())
}

fn table_name(layout: Layout, case: Case) -> String {
    let when = if case == Case::OneMore { "later" } else { "first" };
    format!("{layout}, {when}.table")
}

/// A site as contenders have it; a child process opens it again.
pub(super) struct Home {
    pub(super) dir: PathBuf,
    folded: Plans,
    file_by_file: Plans,
}

struct Plans {
    first: Plan,
    later: Plan,
}

/// What is to be made.
pub(super) struct Plan {
    pub(super) table: Table<'static>,
    pub(super) bare: Bare,
}

impl Home {
    /// # Errors
    /// If the tables are not there.
    pub(super) fn open(dir: &Path) -> Result<Self> {
        let plan = |layout, case| -> Result<Plan> {
            let table = keep(fs::read(dir.join(table_name(layout, case)))?)?;
            Ok(Plan { bare: Bare::of(table)?, table })
        };
        let plans = |layout| -> Result<Plans> {
            Ok(Plans { first: plan(layout, Case::Cold)?, later: plan(layout, Case::OneMore)? })
        };
        let [folded, file_by_file] = [plans(Layout::Folded)?, plans(Layout::FileByFile)?];
        Ok(Self { dir: dir.to_owned(), folded, file_by_file })
    }

    pub(super) fn plan(&self, layout: Layout, case: Case) -> &Plan {
        let plans = match layout {
            Layout::Folded => &self.folded,
            Layout::FileByFile => &self.file_by_file,
        };
        if case == Case::OneMore { &plans.later } else { &plans.first }
    }

    /// The assets as they are to appear, below a folder of the mount's name.
    pub(super) fn shown(&self) -> PathBuf {
        self.dir.join(SHOWN)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn assets_that_do_not_appear_are_found() {
        let dir = tempfile::tempdir().unwrap();
        let file_system = FileSystem::of(dir.path()).unwrap();
        let site = Site::make(Size { n_files: 5, n_apps: 2 }, dir.path(), file_system).unwrap();
        for layout in Layout::ALL {
            let bare = |case| &site.home.plan(layout, case).bare;
            let appears = |public: &Path| {
                assert!(site.check(public, Case::Cold).is_err(), "{layout}: nothing is there");
                bare(Case::Cold).make(public)?;
                site.check(public, Case::Cold)?;
                site.with_one_more(|| {
                    let is_there = site.check(public, Case::OneMore).is_ok();
                    assert_eq!(is_there, layout == Layout::Folded, "{layout}: one more file");
                    bare(Case::OneMore).look(public)?;
                    site.check(public, Case::OneMore)
                })
            };
            site.with_public(appears).unwrap();
        }
    }

    #[test]
    fn an_asset_with_other_bytes_is_found() {
        let dir = tempfile::tempdir().unwrap();
        let file_system = FileSystem::of(dir.path()).unwrap();
        let site = Site::make(Size { n_files: 2, n_apps: 1 }, dir.path(), file_system).unwrap();
        let is_found = |public: &Path| {
            site.home.plan(Layout::FileByFile, Case::Cold).bare.make(public)?;
            let file = public.join(MOUNT).join(slug(0)).join("1.svg");
            fs::remove_file(&file)?;
            fs::write(&file, "another")?;
            Ok(site.check(public, Case::Cold).is_err())
        };
        assert!(site.with_public(is_found).unwrap());
    }
}
