//! Links of cal.com's tree, against the bare calls that make and read the same links, and against copying.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;

use bakehouse_runtime::Table;
use bakehouse_runtime::link::{LinkMode, LinkOptions, Place, Report as Linked, link, state_dir};
use tempfile::TempDir;

use crate::figure::{Amount, Budget, Figure};
use crate::host::{keep, materialize, table};
use crate::measure::{Seconds, child_cpu, cpu, interleaved};
use crate::{Report, Result, Scale};

/// In memory, on Linux.
const TMPFS: &str = "/dev/shm";

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let dir = tempfile::tempdir()?;
    let manifest = if scale.outside { materialize("calcom", dir.path())? } else { Some(made_up(dir.path())?) };
    let Some(manifest) = manifest else {
        report.note("links are left out: there is no ../shared/corpora/calcom");
        return Ok(());
    };
    let root = dir.path().join("apps");
    let folded = Tree { root: &root, table: keep(table(&manifest)?)? };
    let unfolded = Tree { root: &root, table: keep(table(&without_folds(&manifest)?)?)? };
    let disk = std::env::temp_dir();
    for (parent, name, factor) in [(&*disk, "disk", 1.1), (Path::new(TMPFS), "tmpfs", 1.2)] {
        if parent.is_dir() {
            folded.cold(&format!("link cold, folded, {name}"), parent, factor, scale, report)?;
            unfolded.cold(&format!("link cold, file by file, {name}"), parent, factor, scale, report)?;
        }
    }
    folded.unchanged("link unchanged, folded, disk", &disk, 60e-6, scale, report)?;
    unfolded.unchanged("link unchanged, file by file, disk", &disk, 150e-6, scale, report)
}

/// A host that has a few assets.
fn made_up(dir: &Path) -> Result<PathBuf> {
    for app in ["one", "two", "three"] {
        let folder = dir.join("apps").join(app);
        fs::create_dir_all(folder.join("static/icons"))?;
        fs::write(folder.join("static/icon.svg"), app)?;
        fs::write(folder.join("static/icons/large.svg"), app)?;
        let assets = "[[assets]]\nfrom = \"static\"\n";
        fs::write(folder.join("app.toml"), format!("slug = {app:?}\nname = {app:?}\n{assets}"))?;
    }
    let manifest = dir.join("apps.manifest.toml");
    fs::write(&manifest, "[host]\nname = \"few\"\n[assets]\nmount = \"app-assets/$slug\"\n")?;
    Ok(manifest)
}

/// The same host, whose assets are linked file by file.
fn without_folds(manifest: &Path) -> Result<PathBuf> {
    let text = fs::read_to_string(manifest)?;
    let unfolded = manifest.with_file_name("unfolded.manifest.toml");
    fs::write(&unfolded, text.replace("[assets]\n", "[assets]\nfold = false\n"))?;
    Ok(unfolded)
}

/// A baked tree of apps.
#[derive(Clone, Copy)]
struct Tree<'a> {
    root: &'a Path,
    table: Table<'static>,
}

impl Tree<'_> {
    /// Links into a fresh folder below `parent`.
    fn cold(self, name: &str, parent: &Path, factor: f64, scale: Scale, report: &mut Report) -> Result<()> {
        let like = self.linked(parent, LinkOptions::default())?;
        let bare = Bare::of(&public(&like))?;
        let copied = self.linked(parent, LinkOptions { mode: Some(LinkMode::Copy), ..LinkOptions::default() })?;
        let budget = Budget::Within(factor);
        let [ours, theirs] =
            interleaved(scale.rounds, [&mut || self.time(parent), &mut || fresh(parent, |public| bare.make(public))])?;
        // Copying moves so many bytes that it would disturb the others.
        let [copy] = interleaved(scale.rounds.min(3), [&mut || copy(parent, &public(&copied))])?;
        let (ours, copy) = (Amount::Time(ours), Amount::Time(copy));
        report.figures.push(Figure::against(name, budget, ours, "bare symlink", Amount::Time(theirs)));
        report.figures.push(Figure::against(name, Budget::None, ours, "cp -r", copy));
        Ok(())
    }

    /// Links into a folder where all is in place already.
    fn unchanged(self, name: &str, parent: &Path, limit: f64, scale: Scale, report: &mut Report) -> Result<()> {
        let dir = self.linked(parent, LinkOptions::default())?;
        let bare = Bare::of(&public(&dir))?;
        let again = || {
            let (linked, time) = cpu(|| self.link(&public(&dir), LinkOptions::default()))?;
            let linked = linked?;
            if linked.unchanged != linked.planned {
                return Err(format!("{name}: {} of {} are unchanged", linked.unchanged, linked.planned).into());
            }
            Ok(time)
        };
        let [ours, theirs] = interleaved(scale.rounds, [&mut || again(), &mut || bare.read(&public(&dir))])?;
        let budget = Budget::AtMost(Amount::Time(limit));
        report.figures.push(Figure::against(name, budget, Amount::Time(ours), "readlink each", Amount::Time(theirs)));
        Ok(())
    }

    fn link(self, public: &Path, options: LinkOptions) -> Result<Linked> {
        let plan: Vec<_> = self.table.links().collect();
        let place = Place { root: self.root, public, state: &state_dir(public) };
        Ok(link(&plan, |app| self.table.app(app).slug(), self.table.links_hash(), &place, &options)?)
    }

    /// A folder in which everything is linked.
    fn linked(self, parent: &Path, options: LinkOptions) -> Result<TempDir> {
        let dir = tempfile::tempdir_in(parent)?;
        let linked = self.link(&public(&dir), options)?;
        if !linked.is_fine() || linked.created == 0 {
            return Err(format!("{} of {} could be linked", linked.created, linked.planned).into());
        }
        Ok(dir)
    }

    fn time(self, parent: &Path) -> Result<Seconds> {
        let dir = tempfile::tempdir_in(parent)?;
        let public = public(&dir);
        let (linked, time) = cpu(|| self.link(&public, LinkOptions::default()))?;
        if linked?.is_fine() { Ok(time) } else { Err("not everything could be linked".into()) }
    }
}

fn public(dir: &TempDir) -> PathBuf {
    dir.path().join("public")
}

/// The CPU time of making something in a folder that is not there yet.
fn fresh(parent: &Path, fill: impl FnOnce(&Path) -> std::io::Result<()>) -> Result<Seconds> {
    let dir = tempfile::tempdir_in(parent)?;
    let public = public(&dir);
    let (filled, time) = cpu(|| fill(&public))?;
    filled?;
    Ok(time)
}

fn copy(parent: &Path, from: &Path) -> Result<Seconds> {
    let dir = tempfile::tempdir_in(parent)?;
    child_cpu(Command::new("cp").arg("-r").arg(from).arg(public(&dir)))
}

/// What a plan came to, so that bare calls can make the same.
struct Bare {
    /// Parents first.
    folders: Vec<PathBuf>,
    /// Each link with its target.
    links: Vec<(PathBuf, OsString)>,
}

impl Bare {
    fn of(public: &Path) -> Result<Self> {
        let mut bare = Self { folders: Vec::new(), links: Vec::new() };
        for entry in walkdir::WalkDir::new(public).sort_by_file_name() {
            let entry = entry?;
            let path = entry.path().strip_prefix(public)?.to_owned();
            if entry.file_type().is_dir() {
                bare.folders.push(path);
            } else {
                bare.links.push((path, fs::read_link(entry.path())?.into_os_string()));
            }
        }
        Ok(bare)
    }

    fn make(&self, public: &Path) -> std::io::Result<()> {
        for folder in &self.folders {
            fs::create_dir(public.join(folder))?;
        }
        self.links.iter().try_for_each(|(path, target)| symlink(target, public.join(path)))
    }

    fn read(&self, public: &Path) -> Result<Seconds> {
        let (wrong, time) = cpu(|| {
            self.links
                .iter()
                .find(|(path, target)| fs::read_link(public.join(path)).is_ok_and(|found| found.as_os_str() != target))
        })?;
        wrong.map_or(Ok(time), |(path, _)| Err(format!("{} is another link now", path.display()).into()))
    }
}
