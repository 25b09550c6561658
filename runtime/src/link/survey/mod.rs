//! Phase 1: looks at everything that the plan and the ledger name, and finds every conflict before the first write.

pub(super) mod behind;
pub(super) mod case;
mod sight;
pub(super) mod source;
pub(super) mod standing;
pub(super) mod whose;

use std::borrow::Cow;

use super::dir::Seen;
use super::path::{self, below, folders_above, join};
use super::progress::{Observer, Phase};
use super::scene::Scene;
use super::state::ledger::{Mark, Record};
use super::state::stamp::Vouched;
use super::{LinkKind, LinkMode, LinkOptions, PlannedLink, Report};
use behind::look_behind;
use source::Listed;
use standing::{Leaf, Obstacle, Standing, View, view};

/// What is to be done, in the plan's order.
#[derive(Debug, Default)]
pub(super) struct Survey<'a, 'p> {
    pub(super) steps: Vec<Step<'a, 'p>>,
    /// What the ledger has and the plan no longer wants, so that it goes.
    pub(super) obsolete: Vec<Record>,
    /// The places in the plan of the lazy entries that are left for later.
    pub(super) deferred: Vec<u32>,
    /// The folders behind links to folders, below the folder of the apps.
    pub(super) behind: Vec<Vec<u8>>,
}

/// One thing to be made. A folder that is copied or hard-linked is several: itself, then its files.
#[derive(Debug)]
pub(super) struct Step<'a, 'p> {
    pub(super) entry: &'a PlannedLink<'p>,
    pub(super) leaf: Leaf<'p>,
    /// `None` if it can't be made, which the report says.
    pub(super) standing: Option<Standing>,
    /// How much of the leaf's path names what has to be made or replaced first.
    pub(super) anchor: usize,
    /// The source, if it was looked at.
    pub(super) source: Option<Seen>,
}

impl Step<'_, '_> {
    /// What has to be made or replaced first: the leaf itself, or the first folder on the way that is not there.
    pub(super) fn anchor(&self) -> &[u8] {
        self.leaf.public.get(..self.anchor).unwrap_or(&self.leaf.public)
    }

    /// Whether something of Bakehouse's is at the anchor.
    pub(super) fn replaces(&self) -> bool {
        match self.standing {
            Some(Standing::Behind) => true,
            Some(Standing::Ours | Standing::OurFolder | Standing::StandIn(_)) => self.anchor == self.leaf.public.len(),
            _ => false,
        }
    }

    /// Whether it is there as it should be.
    pub(super) fn stands(&self) -> bool {
        matches!(self.standing, Some(Standing::Same(_)))
    }

    /// Whether nothing at all is there.
    pub(super) fn is_missing(&self) -> bool {
        matches!(self.standing, Some(Standing::Missing))
    }

    /// Whether something has to be done about it.
    pub(super) fn is_to_be_made(&self) -> bool {
        !matches!(self.standing, None | Some(Standing::Same(_) | Standing::Folder))
    }
}

/// Looks at everything but what is vouched for. The report has the conflicts, and the failures as far as they can be known
/// already.
pub(super) fn survey<'a, 'p>(
    plan: &'a [PlannedLink<'p>],
    options: LinkOptions,
    scene: &mut Scene,
    mut vouched: Option<Vouched<'_>>,
    observer: &mut Observer<'_>,
) -> (Survey<'a, 'p>, Report) {
    let mut report = Report { planned: plan.len(), notes: std::mem::take(&mut scene.notes), ..Report::default() };
    let mut survey = Survey { steps: Vec::with_capacity(plan.len()), ..Survey::default() };
    let mut clashes = case::settle(plan, scene).into_iter();
    let mut listed = Listed::default();
    observer.begin(Phase::Looking, plan.len());
    for (place, entry) in plan.iter().enumerate() {
        observer.step();
        if let Some(Some(failure)) = clashes.next() {
            survey.steps.push(impossible(entry, leaf(entry, options), Obstacle::Failure(failure), &mut report));
            continue;
        }
        if let Some(vouched) = &mut vouched
            && let Some(mark) = vouched.mark(place, entry, scene)
        {
            survey.behind.extend(vouched.behind(entry));
            survey.steps.push(standing_step(entry, leaf(entry, options), mark));
            continue;
        }
        let first = survey.steps.len();
        let has_source = entry.kind == LinkKind::File && listed.has(place, plan, &mut scene.root);
        survey.entry(entry, options, has_source, scene, &mut report);
        if options.defer_lazy && entry.lazy && survey.steps.iter().skip(first).all(is_not_there) {
            survey.steps.truncate(first);
            survey.deferred.extend(u32::try_from(place));
            report.deferred += 1;
        }
    }
    survey.obsolete = Wanted::of(&survey.steps).obsolete(&scene.old.records, options.partial);
    (survey, report)
}

impl<'a, 'p> Survey<'a, 'p> {
    /// Adds the steps of one entry, of whose source it may be known already that it is there.
    fn entry(
        &mut self,
        entry: &'a PlannedLink<'p>,
        options: LinkOptions,
        mut has_source: bool,
        scene: &mut Scene,
        report: &mut Report,
    ) {
        let mut leaf = leaf(entry, options);
        if leaf.kind == LinkKind::Folder
            && !leaf.is_real_folder()
            // Why a source can't be looked at, its step says.
            && let Ok(behind) = look_behind(&mut scene.root, entry)
        {
            report.notes.extend(behind.remark(entry));
            self.behind.extend(behind.folders);
            // A link for the whole folder would show something that the plan does not have.
            leaf.by_file = behind.unplanned.is_some();
            has_source = true;
        }
        let is_real_folder = leaf.is_real_folder();
        let mode = leaf.mode;
        let step = step(entry, leaf, has_source, scene, report);
        let is_possible = step.standing.is_some();
        self.steps.push(step);
        if is_real_folder && is_possible {
            for leaf in files(entry, mode) {
                self.steps.push(self::step(entry, leaf, false, scene, report));
            }
        }
    }

    /// The steps of one entry after the other.
    pub(super) fn by_entry(&self) -> impl Iterator<Item = &[Step<'a, 'p>]> {
        self.steps.chunk_by(|one, next| std::ptr::eq(one.entry, next.entry))
    }
}

/// Whether nothing of Bakehouse's making is there. A real folder says nothing: anybody may have made it.
fn is_not_there(step: &Step<'_, '_>) -> bool {
    matches!(step.standing, Some(Standing::Missing | Standing::Behind | Standing::Folder))
}

/// The leaf that an entry is, in the mode that counts.
fn leaf<'p>(entry: &PlannedLink<'p>, options: LinkOptions) -> Leaf<'p> {
    Leaf {
        public: Cow::Borrowed(entry.public),
        source: Cow::Borrowed(entry.source),
        kind: entry.kind,
        mode: options.mode.unwrap_or(entry.mode),
        by_file: false,
    }
}

/// The files of a folder, one by one.
pub(super) fn files<'p>(entry: &PlannedLink<'p>, mode: LinkMode) -> Vec<Leaf<'p>> {
    let leaf = |file: &&[u8]| Leaf {
        public: Cow::Owned(join(entry.public, file)),
        source: Cow::Owned(join(entry.source, file)),
        kind: LinkKind::File,
        mode,
        by_file: false,
    };
    entry.files.iter().map(leaf).collect()
}

/// Looks at one leaf, of whose source it may be known already that it is there.
fn step<'a, 'p>(
    entry: &'a PlannedLink<'p>,
    leaf: Leaf<'p>,
    has_source: bool,
    scene: &mut Scene,
    report: &mut Report,
) -> Step<'a, 'p> {
    // Whoever copies has to know the source itself.
    let has_source = has_source && leaf.is_linked();
    match view(scene, &leaf, has_source) {
        Ok(View { standing, anchor, source }) => Step { entry, leaf, standing: Some(standing), anchor, source },
        Err(obstacle) => impossible(entry, leaf, obstacle, report),
    }
}

/// The step of a link that stands.
fn standing_step<'a, 'p>(entry: &'a PlannedLink<'p>, leaf: Leaf<'p>, mark: Mark) -> Step<'a, 'p> {
    Step { entry, anchor: leaf.public.len(), leaf, standing: Some(Standing::Same(mark)), source: None }
}

/// The step of something that can't be made.
fn impossible<'a, 'p>(
    entry: &'a PlannedLink<'p>,
    leaf: Leaf<'p>,
    obstacle: Obstacle,
    report: &mut Report,
) -> Step<'a, 'p> {
    match obstacle {
        Obstacle::Conflict(conflict) => report.conflicts_with(conflict),
        Obstacle::Failure(failure) => report.failed.push(failure),
    }
    let anchor = leaf.public.len();
    Step { entry, leaf, standing: None, anchor, source: None }
}

/// The paths that the plan wants.
struct Wanted<'s> {
    /// All of them, sorted.
    all: Vec<&'s [u8]>,
    /// Those that will be a link or a file, sorted; what the ledger has below them goes with the step itself.
    single: Vec<&'s [u8]>,
    /// Those that will be a real folder, sorted.
    folders: Vec<&'s [u8]>,
}

impl<'s> Wanted<'s> {
    fn of(steps: &'s [Step<'_, '_>]) -> Self {
        let (mut all, mut folders, mut single) = (Vec::with_capacity(steps.len()), Vec::new(), Vec::new());
        for step in steps {
            let path = &*step.leaf.public;
            let is_folder = step.standing.is_some() && step.leaf.is_real_folder();
            if is_folder {
                folders.push(path);
            } else {
                single.push(path);
            }
            all.push(path);
        }
        for list in [&mut all, &mut single, &mut folders] {
            path::sort(list);
        }
        Self { all, single, folders }
    }

    /// The records that go because nothing wants them. When the plan is only a part, these are the ones that stand on
    /// the way to something wanted, or in a folder that the plan has whole.
    fn obsolete(&self, records: &[Record], is_partial: bool) -> Vec<Record> {
        let has = |list: &[&[u8]], path: &[u8]| list.binary_search(&path).is_ok();
        let is_above = |path: &[u8]| !below(&self.all, path, |path| path).is_empty();
        let is_obsolete = |record: &&Record| {
            let path = &*record.path;
            !record.is_folder()
                && !has(&self.all, path)
                && !folders_above(path).any(|folder| has(&self.single, folder))
                && (!is_partial || is_above(path) || folders_above(path).any(|folder| has(&self.folders, folder)))
        };
        records.iter().filter(is_obsolete).cloned().collect()
    }
}
