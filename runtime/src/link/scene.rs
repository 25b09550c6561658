//! Opens what a run works on: the two folders and the ledger, with what a run that was killed left to know.

use std::fs;
use std::io::{self, ErrorKind};
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use xxhash_rust::xxh3::xxh3_64;

use super::dir::Dir;
use super::error::Problem;
use super::path::show;
use super::state::ledger::{Files, Ledger, Next, Reading};
use super::state::recover::{Left, merge, recover};
use super::state::turn::Turn;
use super::survey::case;
use super::target::{Targets, canonical};
use super::walk::Walk;
use super::{LinkError, Place, folder_of, state_dir};

/// What a run works on.
#[derive(Debug)]
pub(super) struct Scene {
    pub(super) public: Walk,
    pub(super) root: Walk,
    pub(super) targets: Targets,
    /// What was made before; empty if that can't be known.
    pub(super) old: Ledger,
    pub(super) files: Files,
    /// What a run that was killed left behind; `old` has what came of it already.
    pub(super) left: Option<Left>,
    /// Whether there is no ledger at all, nor a run that was killed before it wrote one.
    pub(super) has_no_ledger: bool,
    /// Who held the lock last before the ledger was read.
    pub(super) last: String,
    /// The canonical public folder, for the next ledger.
    pub(super) public_path: Vec<u8>,
    /// Whether names that differ in case only are the same in the public folder.
    pub(super) ignores_case: bool,
    /// What to tell people about the ledger.
    pub(super) notes: Vec<String>,
    /// When the run began: what changed since, or just before, may change again unseen.
    pub(super) began: SystemTime,
}

impl Scene {
    /// Opens `place`, and makes the public folder unless the run is dry.
    pub(super) fn open(place: &Place<'_>, is_dry: bool) -> Result<Self, LinkError> {
        Self::open_at(place, is_dry, None)
    }

    /// Opens `place`, of which it may be known where it is.
    pub(super) fn open_at(place: &Place<'_>, is_dry: bool, known: Option<Folders>) -> Result<Self, LinkError> {
        let began = SystemTime::now();
        let is_there = |known: &Folders| is_dry || known.public_dir.is_some();
        let folders = known.filter(is_there).map_or_else(|| Folders::make(place, is_dry), Ok)?;
        let Folders { root: root_path, root_dir, public: public_path, public_dir, files } = folders;
        refuse_public_state(place, &public_path)?;
        // Read before anything else, so that a run which comes in between is noticed.
        let last = Turn::last(&files.lock).unwrap_or_default();
        let (old, mut notes) = read_ledger(&files.ledger, public_path.as_os_str().as_encoded_bytes())?;
        let has_no_ledger = old.is_none() && notes.is_empty();
        let next = read_next(&files.next, &mut notes)?;
        let mut public = Walk::new(public_dir);
        let mut old = old.unwrap_or_default();
        let left = next.map(|next| {
            let merged = merge(&mut public, &old, &next);
            Left { old: std::mem::replace(&mut old, merged), next }
        });
        Ok(Self {
            public,
            root: Walk::new(Some(root_dir)),
            targets: Targets::between(&public_path, &root_path),
            old,
            files,
            has_no_ledger: has_no_ledger && left.is_none(),
            left,
            last,
            public_path: public_path.into_os_string().into_encoded_bytes(),
            ignores_case: case::is_ignored_in(place.public),
            notes,
            began,
        })
    }

    /// Takes up what a killed run left. The lock is held.
    pub(super) fn recover(&mut self) -> Result<(), LinkError> {
        let Some(left) = self.left.take() else { return Ok(()) };
        let recovered = recover(&mut self.public, &self.files, &left);
        let (old, is_clear) = recovered.map_err(|error| LinkError::new(Problem::Recover, &self.files.next, error))?;
        self.old = old;
        self.notes.extend((!is_clear).then(|| left_in_stage(&left.next)));
        Ok(())
    }
}

/// What to tell people about a stage that could not be removed.
pub(super) fn left_in_stage(next: &Next) -> String {
    format!("`{}`, which a run that was killed left, holds something that Bakehouse did not make", show(&next.stage))
}

/// Opens the public folder; `None` if it does not exist.
pub(super) fn open_public(path: &Path) -> Result<Option<Dir>, LinkError> {
    match Dir::open(path) {
        Ok(dir) => Ok(Some(dir)),
        Err(error) if error.kind() == ErrorKind::NotFound => Ok(None),
        Err(error) => Err(LinkError::new(Problem::OpenPublic, path, error)),
    }
}

/// The folders of a run, where they really are, and the files of its state.
#[derive(Debug)]
pub(super) struct Folders {
    /// The canonical public folder.
    pub(super) public: PathBuf,
    /// `None` if it does not exist.
    pub(super) public_dir: Option<Dir>,
    /// The canonical folder of the apps.
    pub(super) root: PathBuf,
    pub(super) root_dir: Dir,
    pub(super) files: Files,
}

impl Folders {
    pub(super) fn of(place: &Place<'_>) -> Result<Self, LinkError> {
        let fail = |problem, path| move |error| LinkError::new(problem, path, error);
        let root_dir = Dir::open(place.root).map_err(fail(Problem::OpenRoot, place.root))?;
        let root = whole_path(Some(&root_dir), place.root).map_err(fail(Problem::OpenRoot, place.root))?;
        let public_dir = open_public(place.public)?;
        let public = whole_path(public_dir.as_ref(), place.public).map_err(fail(Problem::OpenPublic, place.public))?;
        let files = files(place, &public)?;
        Ok(Self { public, public_dir, root, root_dir, files })
    }

    /// Makes the public folder unless the run is dry.
    fn make(place: &Place<'_>, is_dry: bool) -> Result<Self, LinkError> {
        let fail = |problem, path| move |error| LinkError::new(problem, path, error);
        // What is wrong with the folder of the apps is said before anything is made.
        Dir::open(place.root).map_err(fail(Problem::OpenRoot, place.root))?;
        if !is_dry {
            fs::create_dir_all(place.public).map_err(fail(Problem::MakePublic, place.public))?;
        }
        Self::of(place)
    }
}

/// The canonical path of a folder, of which the last parts may not exist yet.
fn whole_path(dir: Option<&Dir>, path: &Path) -> io::Result<PathBuf> {
    let known = dir.and_then(|dir| dir.whole_path().ok());
    known.map_or_else(|| canonical(path), Ok)
}

/// The ledger and the files beside it, in the state folder, named after the public folder. `public` is that, canonical.
///
/// Folders elsewhere may have the same name, so only a state folder beside the public folder gets that name alone; a
/// tree that is moved as a whole keeps its ledger then.
pub(super) fn files(place: &Place<'_>, public: &Path) -> Result<Files, LinkError> {
    // `.` and `..` have a name that only the system knows, and `/` has none.
    let mut name = place.public.file_name().or(public.file_name()).unwrap_or("_".as_ref()).to_owned();
    // Most often that is to be seen, and the system need not be asked.
    if place.state != state_dir(place.public) && !is_beside(place)? {
        name.push(format!("-{:016x}", xxh3_64(public.as_os_str().as_encoded_bytes())));
    }
    name.push(".ledger");
    Ok(Files::beside(place.state.join(name)))
}

fn is_beside(place: &Place<'_>) -> Result<bool, LinkError> {
    let fail = |error| LinkError::new(Problem::ReadLedger, place.state, error);
    let state = canonical(place.state).map_err(fail)?;
    let beside = canonical(&folder_of(place.public).join(".")).map_err(fail)?;
    Ok(state.parent() == Some(&beside))
}

/// Refuses a state folder that lies in the public folder. `public` is that, canonical.
pub(super) fn refuse_public_state(place: &Place<'_>, public: &Path) -> Result<(), LinkError> {
    let state = canonical(place.state).map_err(|error| LinkError::new(Problem::ReadLedger, place.state, error))?;
    if state.starts_with(public) {
        let why = "it would lie in the public folder, where everybody could read it";
        let error = io::Error::new(ErrorKind::InvalidInput, why);
        return Err(LinkError::new(Problem::PlaceLedger, place.state, error));
    }
    Ok(())
}

/// Reads the ledger, if there is one that can be trusted, and says what a person should know about it.
pub(super) fn read_ledger(path: &Path, public: &[u8]) -> Result<(Option<Ledger>, Vec<String>), LinkError> {
    let reading = Ledger::read(path).map_err(|error| LinkError::new(Problem::ReadLedger, path, error))?;
    Ok(match reading {
        Reading::Missing => (None, Vec::new()),
        Reading::Intact(ledger) if ledger.public == public => (Some(ledger), Vec::new()),
        Reading::Intact(ledger) => {
            // Each record is compared with what is there before it counts, so a moved folder keeps its ledger.
            let before = show(&ledger.public).into_owned();
            (
                Some(ledger),
                vec![format!("the ledger `{}` was written when the public folder was `{before}`", path.display())],
            )
        }
        Reading::Damaged(why) => {
            let what = "nothing that it named is taken away, and what stands where the plan wants it is taken over";
            (None, vec![format!("the ledger `{}` is not used, because {why}; {what}", path.display())])
        }
    })
}

/// Reads what a run that was killed left. One that is cut short was killed before its first change.
pub(super) fn read_next(path: &Path, notes: &mut Vec<String>) -> Result<Option<Next>, LinkError> {
    let reading = Next::read(path).map_err(|error| LinkError::new(Problem::ReadLedger, path, error))?;
    Ok(match reading {
        Reading::Missing => None,
        Reading::Intact(next) => Some(next),
        Reading::Damaged(why) => {
            notes.push(format!("the next ledger `{}`, which a run left, is not used, because {why}", path.display()));
            Some(Next { ledger: Ledger::default(), stage: Vec::new() })
        }
    })
}
