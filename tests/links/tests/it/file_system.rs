//! File systems of every kind, and folders that may not be written: links are made where that is possible, and where it is
//! not, that is told and nothing is half done.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use bakehouse_links::{Mount, Plan, Run, Site, Tree, is_unfinished, lacks};
use tempfile::TempDir;

use crate::common::{BAKEHOUSE, CHANGED, OFFICE, Settled, compare, is_true, office};
use crate::scenario::rest;

/// A folder in which something is mounted. The folder is dropped after the mount.
pub(crate) struct Place {
    mount: Mount,
    _dir: TempDir,
}

impl Place {
    /// Mounts by `mount OPTIONS`, which may name folders in the folder that it makes.
    pub(crate) fn new(options: impl FnOnce(&Path) -> Vec<String>) -> Option<Self> {
        let dir = TempDir::new().unwrap();
        let options = options(dir.path());
        let at = dir.path().join("mounted");
        fs::create_dir(&at).unwrap();
        let mount = Mount::new(&options.iter().map(String::as_str).collect::<Vec<_>>(), &at)?;
        Some(Self { mount, _dir: dir })
    }

    pub(crate) fn tmpfs(size: &str) -> Option<Self> {
        Self::new(|_| ["-t", "tmpfs", "-o", &format!("size={size}"), "bakehouse"].map(str::to_owned).to_vec())
    }

    pub(crate) fn path(&self) -> &Path {
        self.mount.path()
    }
}

/// The command with the public folder at `public`, and its ledger beside it.
fn with_public(site: &Site, plan: &Plan, word: &str, public: &Path) -> Command {
    let mut command = site.command(&["-m", &site.table(plan), word, "--format", "json", "--public"]);
    command.arg(public);
    if word == "link" {
        command.args(["--root", "apps"]);
    }
    command
}

/// Goes through a site's life: cold, unchanged, unfolded, folded, cleaned; each end as on the file system of the other tests.
#[track_caller]
pub(crate) fn live(site: &Site) {
    let fresh = office();
    for plan in [&OFFICE, &OFFICE, &CHANGED, &OFFICE] {
        fresh.link(plan).fine();
        site.link(plan).fine();
        assert_eq!(compare(site, &Settled::of(&fresh)), Ok(()));
        assert_eq!(is_true(site, plan), Ok(()));
    }
    site.clean(&OFFICE).fine();
    assert_eq!(site.tree(), Tree::default());
}

#[test]
fn tmpfs() {
    match Place::tmpfs("4m") {
        Some(place) => live(&BAKEHOUSE.site_in(place.path(), &[&OFFICE, &CHANGED])),
        None if Path::new("/dev/shm").is_dir() => {
            live(&BAKEHOUSE.site_in(Path::new("/dev/shm"), &[&OFFICE, &CHANGED]));
        }
        None => lacks("a tmpfs"),
    }
}

/// In a file on whatever file system the temporary folder is.
#[test]
fn ext4() {
    if !Path::new("/dev/loop-control").exists() {
        println!("skipped: this machine has no devices for files with file systems in them");
        return;
    }
    let image = |dir: &Path| {
        let image = dir.join("image");
        fs::File::create(&image).unwrap().set_len(8 << 20).unwrap();
        let made = Command::new("mkfs.ext4").arg("-q").arg(&image).status();
        if !made.is_ok_and(|status| status.success()) {
            lacks("`mkfs.ext4`");
        }
        ["-o", "loop", &image.display().to_string()].map(str::to_owned).to_vec()
    };
    if let Some(place) = Place::new(image) {
        live(&BAKEHOUSE.site_in(place.path(), &[&OFFICE, &CHANGED]));
    }
}

/// Lets a folder be read only, where it is, until the mount is dropped.
fn read_only(folder: &Path) -> Option<Mount> {
    let bind = Mount::new(&["--bind", &folder.display().to_string()], folder)?;
    let run = Run::of(Command::new("mount").args(["-o", "remount,bind,ro"]).arg(folder));
    if run.code != Some(0) {
        println!("skipped: nothing can be mounted again here: {run}");
        return None;
    }
    Some(bind)
}

#[test]
fn a_site_that_is_read_only() {
    for linked in [false, true] {
        let site = office();
        fs::create_dir(site.public()).unwrap();
        if linked {
            // Twice, with a rest, so that nothing is left to be noted.
            site.link(&OFFICE).fine();
            rest();
            site.link(&OFFICE).fine();
        }
        let before = site.everything();
        let Some(_mount) = read_only(&site.path("")) else { return };
        let (run, changed, clean) = (site.link(&OFFICE), site.link(&CHANGED), site.clean(&OFFICE));
        assert!(run.is_civil() && changed.is_civil() && clean.is_civil(), "{run}\n{changed}\n{clean}");
        // What is there already needs nothing to be written.
        assert_eq!(run.code, Some(i32::from(!linked)), "{run}");
        assert!(changed.code == Some(1) && changed.stderr.contains("Read-only file system"), "{changed}");
        assert_eq!(site.everything().difference(&before), "");
    }
}

/// The ledger can be written, what it is about can't.
#[test]
fn a_public_folder_that_is_read_only() {
    let site = office();
    site.link(&OFFICE).fine();
    let before = site.tree();
    let Some(_mount) = read_only(&site.public()) else { return };
    let (run, changed, clean) = (site.link(&OFFICE), site.link(&CHANGED), site.clean(&OFFICE));
    assert!(run.is_civil() && changed.is_civil() && clean.is_civil(), "{run}\n{changed}\n{clean}");
    assert_eq!(run.count("unchanged"), run.count("planned"), "{run}");
    assert!(changed.code == Some(1) && changed.stderr.contains("Read-only file system"), "{changed}");
    assert!(clean.stderr.contains("Read-only file system"), "{clean}");
    assert_eq!(site.tree().difference(&before), "");
}

/// Until there is room for everything, each run ends with a cause, and what stands is what should; then all stands.
#[test]
fn a_disk_that_is_full() {
    let Some(place) = Place::tmpfs("256k") else { return };
    let site = office();
    site.link(&OFFICE).fine();
    let expected = site.assets();
    let public = place.path().join("public");
    let run = |word| Run::of(&mut with_public(&site, &OFFICE, word, &public));
    let mut ends = Vec::new();
    for pages in (0..=64).rev() {
        fill(&place.path().join("filler"), pages * 4096);
        let run = run("link");
        let found = Tree::as_read(&public);
        let third = found.iter().find(|(path, bytes)| expected.get(*path) != Some(*bytes));
        assert!(run.is_civil() && third.is_none(), "{third:?}: {run}");
        assert!(run.code == Some(1) || found == expected, "{run}");
        ends.push(run.code);
    }
    assert!(ends.first() == Some(&Some(1)) && ends.last() == Some(&Some(0)), "{ends:?}: {}", run("link"));
    let again = run("link").fine();
    assert_eq!(again.count("unchanged"), again.count("planned"), "{again}");
    let left: Vec<_> = Tree::of(place.path()).0.into_keys().filter(|path| is_unfinished(path)).collect();
    assert!(left.is_empty(), "{left:?} is left");
    run("clean").fine();
    assert_eq!(Tree::of(&public), Tree::default());
}

/// Makes a file as long as that, or as long as there is room for.
fn fill(path: &Path, bytes: usize) {
    let _ = fs::write(path, vec![0; bytes]);
}

/// Links lead from one device to another; a hard link there falls to a copy, which is told.
#[test]
fn two_devices() {
    let Some(place) = Place::tmpfs("4m") else { return };
    let site = office();
    let public = place.path().join("public");
    for (plan, fallbacks) in [(&OFFICE, true), (&CHANGED, true), (&OFFICE, true)] {
        let run = Run::of(with_public(&site, plan, "link", &public).arg("--verbose")).fine();
        let reasons = run.json()["entries"].to_string();
        assert_eq!(reasons.contains("copy: hardlink failed: "), fallbacks, "{run}");
        site.link(plan).fine();
        assert_eq!(Tree::as_read(&public), site.assets(), "{run}");
        let again = Run::of(&mut with_public(&site, plan, "link", &public)).fine();
        assert_eq!(again.count("unchanged"), again.count("planned"), "{again}");
        let required = Run::of(with_public(&site, plan, "link", &public).arg("--require"));
        assert!(required.code == Some(1) && required.stderr.contains("real/hard"), "{required}");
    }
    Run::of(&mut with_public(&site, &OFFICE, "clean", &public)).fine();
    assert_eq!(Tree::of(&public), Tree::default());
}

/// The command as a user who owns nothing; none where this user can't become another.
fn as_nobody(command: &Command) -> Option<Command> {
    let mut other = Command::new("setpriv");
    other.args(["--reuid=65534", "--regid=65534", "--clear-groups"]);
    let works = Command::new("setpriv").args(other.get_args()).arg("true").output().is_ok_and(|it| it.status.success());
    if !works {
        lacks("`setpriv`, or the right to become another user");
        return None;
    }
    other.arg(command.get_program()).args(command.get_args()).env_clear();
    other.current_dir(command.get_current_dir()?);
    Some(other)
}

fn open_to_all(folder: &Path) {
    fs::set_permissions(folder, fs::Permissions::from_mode(0o755)).unwrap();
}

#[test]
fn a_folder_of_another_user() {
    for linked in [false, true] {
        let site = office();
        open_to_all(site.dir());
        fs::create_dir(site.public()).unwrap();
        if linked {
            site.link(&OFFICE).fine();
        }
        let before = site.everything();
        for command in [site.link_command(&OFFICE), site.link_command(&CHANGED), site.clean_command(&OFFICE)] {
            let Some(mut command) = as_nobody(&command) else { return };
            let program = program_for_all(&site);
            command = replace_program(&command, &program);
            let run = Run::of(&mut command);
            assert!(run.is_civil(), "{run}");
            let is_done = run.code == Some(0);
            assert!(is_done || run.stderr.contains("Permission denied"), "{run}");
            assert!(is_done || run.stderr.contains("help: "), "{run}");
            assert_eq!(site.everything().difference(&before), "", "{run}");
        }
    }
}

/// A copy of the program, which may lie where only its owner may look. Another process makes it: one that has a file open
/// to write it can't run it, and a process that a test beside this one starts just then would have it open too.
fn program_for_all(site: &Site) -> PathBuf {
    let program = site.beside("command");
    let made = Command::new("install").args(["-m", "755"]).args([BAKEHOUSE.0.as_ref(), program.as_os_str()]).status();
    assert!(made.unwrap().success());
    program
}

/// The same `setpriv`, of another copy of the program.
fn replace_program(command: &Command, program: &Path) -> Command {
    let mut replaced = Command::new(command.get_program());
    let args = command.get_args().map(|arg| if arg == BAKEHOUSE.0 { program.as_os_str() } else { arg });
    replaced.args(args).env_clear().current_dir(command.get_current_dir().unwrap());
    replaced
}

/// A folder in the public folder belongs to somebody else: what goes elsewhere is linked all the same.
#[test]
fn a_folder_of_another_user_in_the_public_folder() {
    let site = office();
    open_to_all(site.dir());
    fs::create_dir_all(site.public().join("shared/icons")).unwrap();
    for path in ["", "public"] {
        std::os::unix::fs::chown(site.path(path), Some(65534), Some(65534)).unwrap_or_default();
    }
    let program = program_for_all(&site);
    let Some(command) = as_nobody(&site.link_command(&OFFICE)) else { return };
    let run = Run::of(&mut replace_program(&command, &program));
    assert!(run.code == Some(1) && run.stderr.contains("failed: `shared/icons/"), "{run}");
    assert!(run.stderr.contains("which belongs to user 0"), "{run}");
    assert_eq!(run.count("failed"), 2, "{run}");
    assert!(site.public().join("app-assets/zoom/icon.svg").exists(), "{run}");
    assert_eq!(fs::read_dir(site.public().join("shared/icons")).unwrap().count(), 0);
}
