//! A folder of apps beside a public folder, and plans written by hand.

use std::fs;
use std::io::Read as _;
use std::path::{Path, PathBuf};

use bakehouse_runtime::AppId;
use bakehouse_runtime::link::{
    Cleaned, LinkError, LinkKind, LinkMode, LinkOptions, Place, PlannedLink, Report, clean, link, state_dir,
};
use tempfile::TempDir;

use crate::system::{inode, path, write_deep};

pub(crate) const AUTO: LinkOptions = mode(LinkMode::Auto);
pub(crate) const COPY: LinkOptions = mode(LinkMode::Copy);
pub(crate) const HARDLINK: LinkOptions = mode(LinkMode::Hardlink);

/// Everything in one mode, whatever the plan says.
pub(crate) const fn mode(mode: LinkMode) -> LinkOptions {
    LinkOptions { mode: Some(mode), require: false, dry_run: false, partial: false, defer_lazy: false }
}

/// Two apps with three assets.
pub(crate) fn zoom() -> Site {
    Site::new(&[("zoom/static/icon.svg", "icon"), ("zoom/static/img/1.png", "one"), ("meet/logo.svg", "meet")])
}

/// Their plan with a link for the whole folder.
pub(crate) fn folded() -> Vec<Planned> {
    vec![file("meet.svg", "meet/logo.svg"), folder("zoom", "zoom/static", &["icon.svg", "img/1.png"])]
}

/// Their plan with a link for each file.
pub(crate) fn unfolded() -> Vec<Planned> {
    vec![
        file("meet.svg", "meet/logo.svg"),
        file("zoom/icon.svg", "zoom/static/icon.svg"),
        file("zoom/img/1.png", "zoom/static/img/1.png"),
    ]
}

/// A planned link that owns its text. The app is the source's first name: `meet` or `zoom`.
#[derive(Debug, Clone)]
pub(crate) struct Planned {
    pub(crate) public: Vec<u8>,
    source: Vec<u8>,
    kind: LinkKind,
    mode: LinkMode,
    lazy: bool,
    files: Vec<Vec<u8>>,
}

pub(crate) fn file(public: impl AsRef<[u8]>, source: impl AsRef<[u8]>) -> Planned {
    let (public, source) = (public.as_ref().to_vec(), source.as_ref().to_vec());
    Planned { public, source, kind: LinkKind::File, mode: LinkMode::Auto, lazy: false, files: Vec::new() }
}

pub(crate) fn folder(public: &str, source: impl AsRef<[u8]>, files: &[&str]) -> Planned {
    let files = files.iter().map(|file| file.as_bytes().to_vec()).collect();
    Planned { kind: LinkKind::Folder, files, ..file(public, source) }
}

pub(crate) fn in_mode(plan: &[Planned], mode: LinkMode) -> Vec<Planned> {
    plan.iter().map(|planned| Planned { mode, ..planned.clone() }).collect()
}

/// The plan with every entry of `zoom` lazy.
pub(crate) fn lazy_zoom(plan: &[Planned]) -> Vec<Planned> {
    plan.iter().map(|planned| Planned { lazy: planned.is_zoom(), ..planned.clone() }).collect()
}

pub(crate) fn borrowed(plan: &[Planned]) -> Vec<PlannedLink<'_>> {
    plan.iter().map(Planned::borrow).collect()
}

impl Planned {
    pub(crate) fn is_zoom(&self) -> bool {
        self.source.starts_with(b"zoom")
    }

    fn borrow(&self) -> PlannedLink<'_> {
        PlannedLink {
            app: AppId(u32::from(self.is_zoom())),
            public: &self.public,
            source: &self.source,
            kind: self.kind,
            mode: self.mode,
            critical: false,
            lazy: self.lazy,
            files: self.files.iter().map(Vec::as_slice).collect(),
        }
    }
}

pub(crate) fn text(path: &[u8]) -> String {
    String::from_utf8_lossy(path).into_owned()
}

pub(crate) struct Site {
    apps: TempDir,
    /// Where the public folder is, if that is another file system.
    elsewhere: Option<TempDir>,
}

impl Site {
    pub(crate) fn new(sources: &[(&str, &str)]) -> Self {
        let site = Self { apps: TempDir::new().unwrap(), elsewhere: None };
        fs::create_dir(site.root()).unwrap();
        for (path, bytes) in sources {
            site.add_source(path.as_bytes(), bytes);
        }
        site
    }

    #[cfg(unix)]
    pub(crate) fn across_file_systems(sources: &[(&str, &str)]) -> Option<Self> {
        use std::os::unix::fs::MetadataExt as _;
        let elsewhere = TempDir::new_in("/dev/shm").ok()?;
        let site = Self { elsewhere: Some(elsewhere), ..Self::new(sources) };
        let device = |path: &Path| fs::metadata(path).unwrap().dev();
        (device(site.path()) != device(&site.root())).then_some(site)
    }

    pub(crate) fn add_source(&self, path: &[u8], bytes: &str) {
        write_deep(&self.root(), path, bytes);
    }

    pub(crate) fn path(&self) -> &Path {
        self.elsewhere.as_ref().unwrap_or(&self.apps).path()
    }

    pub(crate) fn root(&self) -> PathBuf {
        self.apps.path().join("apps")
    }

    pub(crate) fn public(&self) -> PathBuf {
        self.path().join("public")
    }

    pub(crate) fn state(&self) -> PathBuf {
        state_dir(&self.public())
    }

    pub(crate) fn ledger(&self) -> PathBuf {
        self.state().join("public.ledger")
    }

    pub(crate) fn try_link(&self, plan: &[Planned], options: LinkOptions) -> Result<Report, LinkError> {
        let (root, public, state) = (self.root(), self.public(), self.state());
        let place = Place { root: &root, public: &public, state: &state };
        let slug_of = |app| if app == AppId(1) { "zoom" } else { "meet" };
        let report = link(&borrowed(plan), slug_of, 7, &place, &options)?;
        let standing = report.created + report.unchanged + report.replaced;
        let settled = standing + report.deferred;
        if report.conflicts.is_empty() {
            assert_eq!(report.entries.len(), standing);
            assert_eq!(report.methods.iter().map(|(_, count)| count).sum::<usize>(), standing);
            assert!(report.is_fine() == (settled == report.planned), "{report:?}");
        }
        Ok(report)
    }

    pub(crate) fn link(&self, plan: &[Planned], options: LinkOptions) -> Report {
        self.try_link(plan, options).unwrap()
    }

    pub(crate) fn settle(&self, plan: &[Planned]) -> Report {
        self.settle_with(plan, LinkOptions::default())
    }

    /// Carries out a plan, and checks what must be true after any run: everything is readable with its source's bytes,
    /// and a second run changes nothing and trusts the ledger.
    pub(crate) fn settle_with(&self, plan: &[Planned], options: LinkOptions) -> Report {
        let report = self.link(plan, options);
        assert!(report.is_fine(), "{report:?}");
        for planned in plan {
            self.check_bytes(planned);
        }
        let before = self.everything();
        let again = self.link(plan, options);
        assert_eq!((again.unchanged, again.removed, again.notes.len()), (plan.len(), 0, 0), "{again:?}");
        let without_ledger = |everything: Vec<String>| -> Vec<String> {
            // A copy of a file that had only just changed is settled by the second run.
            everything.into_iter().filter(|line| !line.contains(".bakehouse")).collect()
        };
        assert_eq!(without_ledger(self.everything()), without_ledger(before));
        report
    }

    fn check_bytes(&self, planned: &Planned) {
        let at = |base: PathBuf, below: &[u8]| base.join(path(below));
        let (public, source) = (at(self.public(), &planned.public), at(self.root(), &planned.source));
        if planned.kind == LinkKind::File {
            assert_eq!(fs::read(&public).unwrap(), fs::read(&source).unwrap(), "{}", public.display());
        }
        for file in &planned.files {
            assert_eq!(fs::read(at(public.clone(), file)).unwrap(), fs::read(at(source.clone(), file)).unwrap());
        }
    }

    pub(crate) fn clean(&self, only: &[&str]) -> Cleaned {
        let (root, public, state) = (self.root(), self.public(), self.state());
        clean(&Place { root: &root, public: &public, state: &state }, only).unwrap()
    }

    pub(crate) fn read(&self, path: &str) -> String {
        fs::read_to_string(self.public().join(path)).unwrap()
    }

    pub(crate) fn read_link(&self, path: &str) -> String {
        fs::read_link(self.public().join(path)).unwrap().to_str().unwrap().to_owned()
    }

    pub(crate) fn inode(&self, path: &str) -> u64 {
        inode(&self.public().join(path))
    }

    /// The names in the public folder, sorted; folders end in `/`, links are not followed.
    pub(crate) fn tree(&self) -> Vec<String> {
        let mut tree = Vec::new();
        if self.public().exists() {
            walk(&self.public(), &mut |path, is_folder| {
                let name =
                    path.strip_prefix(self.public()).unwrap().to_string_lossy().replace(std::path::MAIN_SEPARATOR, "/");
                tree.push(if is_folder { name + "/" } else { name });
            });
        }
        tree.sort();
        tree
    }

    /// All that there is, but for the file in which whoever has its turn writes that.
    pub(crate) fn everything_but_the_lock(&self) -> Vec<String> {
        self.everything().into_iter().filter(|line| !line.contains("public.lock")).collect()
    }

    /// All that there is, public folder, state and apps, with kind, inode, time and content.
    pub(crate) fn everything(&self) -> Vec<String> {
        let mut lines = Vec::new();
        for base in [self.apps.path(), self.path()] {
            walk(base, &mut |path, _| {
                let metadata = fs::symlink_metadata(path).unwrap();
                let target = fs::read_link(path).map(|target| target.into_os_string().into_encoded_bytes());
                let mut bytes = Vec::new();
                if metadata.is_file() {
                    fs::File::open(path).unwrap().read_to_end(&mut bytes).unwrap();
                }
                // On Windows it shows in a folder's time that a link was tried there and refused.
                let time = (cfg!(unix) || metadata.is_file()).then(|| metadata.modified().unwrap());
                lines.push(format!("{} {} {time:?} {:?} {bytes:?}", path.display(), inode(path), target.ok()));
            });
        }
        lines.sort();
        lines
    }
}

fn walk(folder: &Path, visit: &mut impl FnMut(&Path, bool)) {
    for entry in fs::read_dir(folder).unwrap() {
        let entry = entry.unwrap();
        let is_folder = entry.file_type().unwrap().is_dir();
        visit(&entry.path(), is_folder);
        if is_folder {
            walk(&entry.path(), visit);
        }
    }
}
