//! Links of cal.com's tree, against the bare calls that make and read the same links, and against copying.
//!
//! For minutes, ext4 does not use the inode of a deleted file again, and whoever makes a file looks past all of these,
//! which can take ten times as long as making it. So nothing is deleted here between the rounds. What others delete
//! falls on all contenders, and drowns their difference; tmpfs does not know it.

use std::ffi::OsString;
use std::fs;
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Duration;

use bakehouse_runtime::Table;
use bakehouse_runtime::link::{LinkMode, LinkOptions, Place, Report as Linked, link, state_dir};

use crate::figure::{Amount, Budget, Figure};
use crate::host::{keep, materialize, table};
use crate::measure::{Seconds, child_cpu, cpu, interleaved};
use crate::{Report, Result, Scale};

/// In memory, on Linux.
const TMPFS: &str = "/dev/shm";

pub(crate) fn measure(scale: Scale, report: &mut Report) -> Result<()> {
    let limits = [Some(60e-6), Some(150e-6)];
    on("disk", &std::env::temp_dir(), 1.1, limits, scale, report)?;
    report.note(
        "links on disk: on ext4, files that were deleted minutes ago, by an earlier run too, slow all contenders",
    );
    if Path::new(TMPFS).is_dir() {
        on("tmpfs", Path::new(TMPFS), 1.2, [None; 2], scale, report)?;
    }
    Ok(())
}

/// Measures in a folder of one file system. `limits` are of a run that has nothing to do, folded and file by file.
fn on(
    name: &str,
    parent: &Path,
    factor: f64,
    limits: [Option<f64>; 2],
    scale: Scale,
    report: &mut Report,
) -> Result<()> {
    let dir = tempfile::tempdir_in(parent)?;
    let manifest = if scale.outside { materialize("calcom", dir.path())? } else { Some(made_up(dir.path())?) };
    let Some(manifest) = manifest else {
        report.note(format!("links on {name} are left out: there is no ../shared/corpora/calcom"));
        return Ok(());
    };
    let tree = |name, manifest| {
        Ok::<_, Box<dyn std::error::Error>>(Tree { name, dir: dir.path(), table: keep(table(manifest)?)? })
    };
    let folded = tree(format!("folded, {name}"), &manifest)?;
    let unfolded = tree(format!("file by file, {name}"), &without_folds(&manifest)?)?;
    for (tree, limit) in [&folded, &unfolded].into_iter().zip(limits) {
        tree.cold(factor, scale, report)?;
        if let Some(limit) = limit {
            tree.unchanged(limit, scale, report)?;
        }
    }
    // Copying moves so many bytes that it would disturb the others.
    unfolded.copied(scale, report)
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

/// A baked tree of apps. Public folders lie beside it, as they do with a host, so that targets are as short as there.
struct Tree<'a> {
    name: String,
    dir: &'a Path,
    table: Table<'static>,
}

impl Tree<'_> {
    /// Links into a folder that is not there yet.
    fn cold(&self, factor: f64, scale: Scale, report: &mut Report) -> Result<()> {
        let bare = Bare::of(&self.linked(LinkOptions::default())?)?;
        let [ours, theirs] =
            interleaved(scale.rounds, [&mut || self.time(), &mut || self.fresh(|public| bare.make(public))])?;
        let (ours, theirs) = (Amount::Time(ours), Amount::Time(theirs));
        let name = format!("link cold, {}", self.name);
        report.figures.push(Figure::against(name, Budget::Within(factor), ours, "bare symlink", theirs));
        Ok(())
    }

    /// Links into a folder where all is in place already.
    fn unchanged(&self, limit: f64, scale: Scale, report: &mut Report) -> Result<()> {
        let public = self.linked(LinkOptions::default())?;
        // What has only just changed is looked at one by one, until it has rested for some ticks of the clock.
        thread::sleep(Duration::from_millis(100));
        self.link(&public, LinkOptions::default())?;
        let bare = Bare::of(&public)?;
        let mut again = || {
            let (linked, time) = cpu(|| self.link(&public, LinkOptions::default()))?;
            let linked = linked?;
            if linked.unchanged != linked.planned {
                return Err(format!("{} of {} are unchanged", linked.unchanged, linked.planned).into());
            }
            Ok(time)
        };
        let [ours, theirs] = interleaved(scale.rounds, [&mut again, &mut || bare.read(&public)])?;
        let budget = Budget::AtMost(Amount::Time(limit));
        let name = format!("link unchanged, {}", self.name);
        report.figures.push(Figure::against(name, budget, Amount::Time(ours), "readlink each", Amount::Time(theirs)));
        Ok(())
    }

    /// Links, and copies what the links show.
    fn copied(&self, scale: Scale, report: &mut Report) -> Result<()> {
        let copied = self.linked(LinkOptions { mode: Some(LinkMode::Copy), ..LinkOptions::default() })?;
        let mut copy = || child_cpu(Command::new("cp").arg("-r").arg(&copied).arg(self.public()?));
        let [ours, theirs] = interleaved(scale.rounds.min(5), [&mut || self.time(), &mut copy])?;
        let name = format!("link cold against copying, {}", self.name);
        report.figures.push(Figure::against(name, Budget::None, Amount::Time(ours), "cp -r", Amount::Time(theirs)));
        Ok(())
    }

    fn link(&self, public: &Path, options: LinkOptions) -> Result<Linked> {
        let plan: Vec<_> = self.table.links().collect();
        let place = Place { root: &self.dir.join("apps"), public, state: &state_dir(public) };
        Ok(link(&plan, |app| self.table.app(app).slug(), self.table.links_hash(), &place, &options)?)
    }

    /// A folder in which everything is linked.
    fn linked(&self, options: LinkOptions) -> Result<PathBuf> {
        let public = self.public()?;
        let linked = self.link(&public, options)?;
        if !linked.is_fine() || linked.created == 0 {
            return Err(format!("{} of {} could be linked", linked.created, linked.planned).into());
        }
        Ok(public)
    }

    /// A public folder that is not there yet. It goes with the tree.
    fn public(&self) -> Result<PathBuf> {
        Ok(tempfile::tempdir_in(self.dir)?.keep().join("public"))
    }

    fn time(&self) -> Result<Seconds> {
        self.fresh(|public| {
            let linked = self.link(public, LinkOptions::default())?;
            if linked.is_fine() { Ok(()) } else { Err("not everything could be linked".into()) }
        })
    }

    /// The CPU time of making a public folder.
    fn fresh(&self, make: impl FnOnce(&Path) -> Result<()>) -> Result<Seconds> {
        let public = self.public()?;
        let (done, time) = cpu(|| make(&public))?;
        done?;
        Ok(time)
    }
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

    fn make(&self, public: &Path) -> Result<()> {
        for folder in &self.folders {
            fs::create_dir(public.join(folder))?;
        }
        self.links.iter().try_for_each(|(path, target)| Ok(symlink(target, public.join(path))?))
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
