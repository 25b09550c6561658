//! Judges a link or a file that was seen where the plan wants something: as it should be, ours to replace, or foreign.

use std::io;
use std::time::SystemTime;

use super::standing::{Leaf, Standing};
use crate::link::LinkMode;
use crate::link::dir::{Dir, Kind, Seen};
use crate::link::made::second_method;
use crate::link::path::split;
use crate::link::state::ledger::{Mark, Record, SourceStamp};
use crate::link::state::ours::is_ours;
use crate::link::target::Targets;
use crate::link::walk::Walk;

/// A link or a file that was seen where `leaf` should be.
pub(super) struct Sight<'s, 'p> {
    pub(super) leaf: &'s Leaf<'p>,
    pub(super) dir: &'s Dir,
    pub(super) name: &'s [u8],
    pub(super) seen: Seen,
    pub(super) source: Seen,
    pub(super) record: Option<&'s Record>,
}

impl Sight<'_, '_> {
    /// How a symlink stands; `None` if it is not ours. One that leads to the very source is, whoever made it.
    pub(super) fn symlink(&self, targets: &Targets) -> io::Result<Option<Standing>> {
        let target = self.dir.read_link(self.name)?;
        if !targets.is_target(&target, &self.leaf.public, &self.leaf.source) {
            if second_method(self.leaf).is_some() && target == targets.absolute(&self.leaf.source) {
                return Ok(Some(Standing::StandIn(Mark::Symlink { target: target.into() })));
            }
            return Ok(self.is_recorded()?.then_some(Standing::Ours));
        }
        let wanted = matches!(self.leaf.mode, LinkMode::Auto | LinkMode::Symlink);
        Ok(Some(if wanted { Standing::Same(Mark::Symlink { target: target.into() }) } else { Standing::Ours }))
    }

    /// How a file stands; `None` if it is not ours. Another name of the very source is, and where copies are asked for
    /// a file with the same bytes is taken over, so that a lost ledger does not stop the host.
    pub(super) fn file(&self, root: &mut Walk, began: SystemTime) -> io::Result<Option<Standing>> {
        let is_recorded = self.is_recorded()?;
        let wants_copy = self.leaf.mode == LinkMode::Copy;
        if self.is_source(root)? {
            let wanted = self.leaf.mode == LinkMode::Hardlink;
            return Ok(Some(if wanted { Standing::Same(Mark::hardlink(&self.seen)) } else { Standing::Ours }));
        }
        if !is_recorded && !wants_copy {
            return Ok(None);
        }
        Ok(match self.fresh_copy(root, began, is_recorded)? {
            Some(mark) if wants_copy => Some(Standing::Same(mark)),
            Some(mark) => Some(Standing::StandIn(mark)),
            None => is_recorded.then_some(Standing::Ours),
        })
    }

    /// Whether the file is another name of the very source.
    fn is_source(&self, root: &mut Walk) -> io::Result<bool> {
        if self.source.kind != Kind::File {
            return Ok(false);
        }
        let is_copy = self.record.is_some_and(|record| matches!(record.mark, Mark::Copy { .. }));
        match self.seen.is_same_file(&self.source) {
            Some(is_same) => Ok(is_same),
            // As good as the same: nothing is lost when it goes.
            None => Ok(!is_copy && self.seen.stamp == self.source.stamp && self.has_bytes_of_source(root)?),
        }
    }

    fn has_bytes_of_source(&self, root: &mut Walk) -> io::Result<bool> {
        let (folder, name) = split(&self.leaf.source);
        let source = root.reach(folder).map_err(|refused| refused.error)?;
        source.same_bytes(name, self.dir, self.name)
    }

    fn is_recorded(&self) -> io::Result<bool> {
        self.record.map_or(Ok(false), |record| is_ours(self.dir, self.name, &self.seen, &record.mark))
    }

    /// The mark of the file as a copy, if it is one and up to date.
    fn fresh_copy(&self, root: &mut Walk, began: SystemTime, is_recorded: bool) -> io::Result<Option<Mark>> {
        match self.record.filter(|_| is_recorded).map(|record| &record.mark) {
            Some(Mark::Copy { source: SourceStamp::Settled { stamp, .. }, .. }) if *stamp != self.source.stamp => {
                return Ok(None);
            }
            Some(mark @ Mark::Copy { source, .. }) if *source == SourceStamp::settled(&self.source) => {
                return Ok(Some(mark.clone()));
            }
            // Written to a moment before it was copied, its time set back, or only linked or renamed since.
            Some(Mark::Copy { .. }) | None => {}
            Some(_) => return Ok(None),
        }
        let is_same = self.source.kind == Kind::File
            && self.seen.stamp.size == self.source.stamp.size
            && self.has_bytes_of_source(root)?;
        Ok(is_same.then(|| Mark::copy(&self.seen, &self.source, began)))
    }
}
