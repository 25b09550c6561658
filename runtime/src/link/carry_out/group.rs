//! What changes at once: the steps of a survey that have to wait for the same thing to be made or replaced.

use std::collections::BTreeMap;

use crate::link::LinkMethod;
use crate::link::made::{Made, first_method};
use crate::link::state::ledger::Mark;
use crate::link::survey::Step;
use crate::link::survey::standing::{Leaf, Standing};

/// Steps whose places come into being at once: a tree that is not there, or one thing that is replaced.
#[derive(Debug)]
pub(super) struct Group<'p> {
    /// The first path on the way to all of them that has to be made or replaced.
    pub(super) anchor: Vec<u8>,
    /// Whether something of Bakehouse's making is there.
    pub(super) replaces: bool,
    /// The folders that were made in the stage, at the anchor or below it.
    pub(super) folders: Vec<Vec<u8>>,
    /// What was made in the stage.
    pub(super) built: Vec<Built<'p>>,
}

/// Something that was made, and the step that it was made for.
#[derive(Debug)]
pub(super) struct Built<'p> {
    /// The step's place in the survey.
    pub(super) step: usize,
    pub(super) leaf: Leaf<'p>,
    pub(super) method: LinkMethod,
    /// `None` for a real folder.
    pub(super) mark: Option<Mark>,
    pub(super) made: Made,
}

/// The steps of a survey that have something to be done about them, by place.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// Single links at names that are free: making one is atomic by itself.
    pub(super) direct: Vec<usize>,
    /// By anchor.
    pub(super) staged: BTreeMap<Vec<u8>, Vec<usize>>,
}

impl Groups {
    pub(super) fn of(steps: &[Step<'_, '_>]) -> Self {
        let mut groups = Self::default();
        for (idx, step) in steps.iter().enumerate().filter(|(_, step)| step.is_to_be_made()) {
            if is_direct(step) {
                groups.direct.push(idx);
            } else {
                groups.stage(step.anchor(), idx);
            }
        }
        groups
    }

    fn stage(&mut self, anchor: &[u8], idx: usize) {
        match self.staged.get_mut(anchor) {
            Some(idxs) => idxs.push(idx),
            None => drop(self.staged.insert(anchor.to_vec(), vec![idx])),
        }
    }
}

fn is_direct(step: &Step<'_, '_>) -> bool {
    matches!(step.standing, Some(Standing::Missing))
        && step.anchor == step.leaf.public.len()
        && !step.leaf.is_real_folder()
        && first_method(step.leaf.mode) != LinkMethod::Copy
}

impl<'p> Group<'p> {
    /// A group with nothing made for it yet; `step` is one of it.
    pub(super) fn at(step: &Step<'_, 'p>) -> Self {
        Self { anchor: step.anchor().to_vec(), replaces: step.replaces(), folders: Vec::new(), built: Vec::new() }
    }

    pub(super) fn add(&mut self, step: usize, leaf: Leaf<'p>, method: LinkMethod, mark: Mark, made: Made) {
        self.built.push(Built { step, leaf, method, mark: Some(mark), made });
    }

    pub(super) fn add_folder(&mut self, step: usize, leaf: Leaf<'p>, made: Made) {
        self.built.push(Built { step, leaf, method: made.method, mark: None, made });
    }
}
