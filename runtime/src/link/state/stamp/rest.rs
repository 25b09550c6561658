//! Whether something has rested for so long that its next change can't look like its last one.

use std::time::SystemTime;

use crate::link::dir::{Seen, nanoseconds};

/// A file system's clock ticks every ten milliseconds or faster.
const TICK: i128 = 20_000_000;

/// For times that have no part below a second, and for a file system whose clock is not known.
const COARSE: i128 = 3_000_000_000;

/// How long something must have rested before a run began.
#[derive(Debug, Clone, Copy)]
pub(super) struct Rest {
    /// When the run began, by this machine's clock in nanoseconds.
    began: i128,
    /// The file system whose clock is known; none where it is not needed yet.
    device: Option<i128>,
    /// How far its clock is behind this machine's.
    behind: i128,
}

impl Rest {
    /// As long as every file system has this machine's clock.
    pub(super) fn before(began: SystemTime) -> Self {
        Self { began: nanoseconds(began), device: None, behind: 0 }
    }

    /// By the clock of the file system on which a file was written just now.
    pub(super) fn by_clock(began: SystemTime, written: &Seen) -> Self {
        let behind = (nanoseconds(SystemTime::now()) - written.changed).max(0);
        Self { device: Some(written.device), behind, ..Self::before(began) }
    }

    /// Whether it is enough for everything that was seen since.
    pub(super) fn is_enough_for(self, all: &[Seen]) -> bool {
        all.iter().all(|seen| self.is_enough(seen))
    }

    /// Whether it is enough for something that was seen since.
    fn is_enough(self, seen: &Seen) -> bool {
        let is_fine = seen.changed % 1_000_000_000 != 0;
        let is_known = self.device.is_none_or(|device| device == seen.device);
        let needed = if is_fine && is_known { TICK + self.behind } else { COARSE };
        // Where the system numbers no files, it tells of no change time either, and what was changed can't be known.
        seen.inode != 0 && self.began - seen.changed >= needed
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, UNIX_EPOCH};

    use super::*;
    use crate::link::dir::{Kind, Stamp};

    fn seen(changed: i128) -> Seen {
        let stamp = Stamp { size: 0, modified: 0 };
        let kind = Kind::Folder;
        Seen { kind, stamp, changed, inode: 1, device: 1, has_other_names: false, owner: None }
    }

    #[test]
    fn what_changed_a_moment_before_has_not_rested() {
        let began = UNIX_EPOCH + Duration::from_secs(10);
        let cases = [
            (9_979_999_999, true),
            (9_980_000_001, false),
            (10_500_000_000, false), // after the run began
            (9_000_000_000, false),  // times without a part below a second tell little
            (7_000_000_000, true),
        ];
        for (changed, expected) in cases {
            assert_eq!(Rest::before(began).is_enough(&seen(changed)), expected, "{changed}");
        }
    }

    #[test]
    fn a_clock_that_is_behind_or_unknown_is_given_more_time() {
        let rest = Rest { began: 10_000_000_000, device: Some(1), behind: 500_000_000 };
        assert!(!rest.is_enough(&seen(9_500_000_001)) && rest.is_enough(&seen(9_400_000_001)));
        assert!(!rest.is_enough(&Seen { device: 2, ..seen(8_000_000_001) }));
        assert!(!rest.is_enough(&Seen { inode: 0, ..seen(1) }));
    }
}
