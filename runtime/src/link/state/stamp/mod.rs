//! The stamp: tells a run that nothing has changed since one that found everything in place, without a look at each link.
//!
//! It is a small file beside the ledger: hashes of what was asked for (`asked`), and a list of the folders and copies on
//! which the answer depends (`watch`), each with a hash of what the system said of it: device, number, size, and times to
//! the nanosecond. A folder's change time changes with every name in it, so that nothing can come, go or be replaced
//! unseen. Where something did, the stamp still vouches for the rest (`vouch`).
//!
//! What changed just before could change again within the same tick of the file system's clock. So a stamp is taken only
//! when all that it depends on had rested for a while before the run looked (`rest`).

mod asked;
mod rest;
mod text;
mod vouch;
mod watch;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};
use std::path::Path;

use super::turn::Turn;
use crate::link::dir::{Dir, Seen};
use crate::link::made::{Made, entry};
use crate::link::run::Run;
use crate::link::scene::{Folders, Scene};
use crate::link::survey::Survey;
use crate::link::{Outcome, Report};
use asked::Asked;
use rest::Rest;
use text::{Line, Stamp};
use watch::{Base, List, Watched};

pub(in crate::link) use vouch::Vouched;

/// What a stamp says of a run.
pub(in crate::link) enum Answer<'b> {
    /// There is nothing to do.
    Unchanged(Report),
    /// Something has changed, or something else is asked for; what has not need not be looked at again.
    Changed(Vouched<'b>),
}

/// The bytes of the stamp, if a run may rely on one that there is.
pub(in crate::link) fn read(run: &Run<'_, '_>, folders: &Folders) -> Option<Vec<u8>> {
    if run.options.partial || run.options.dry_run { None } else { fs::read(&folders.files.stamp).ok() }
}

/// What the stamp says. Without an answer, a whole look is needed, which also says why if something can't be opened.
pub(in crate::link) fn ask<'b>(bytes: &'b [u8], run: &Run<'_, '_>, folders: &Folders) -> Option<Answer<'b>> {
    let asked = Asked::of(run, folders);
    let stamp = Stamp::parse(bytes).filter(|stamp| stamp.is_for(&asked))?;
    let eye = Eye::of(folders)?;
    let is_same = |line: Line<'_>| Some(eye.fingerprint(line.watched).ok()? == line.fingerprint);
    let are_same: Vec<bool> = stamp.lines().map(is_same).collect::<Option<_>>()?;
    if stamp.has_plan(&asked) && are_same.iter().all(|is_same| *is_same) {
        return Some(Answer::Unchanged(report(run, &stamp)));
    }
    // The ledger comes first, and says what stands where nothing has changed.
    let is_ledger_same = are_same.first().is_some_and(|is_same| *is_same);
    is_ledger_same.then(|| Answer::Changed(Vouched::by(&stamp, asked, &are_same)))
}

/// What a whole look would report.
fn report(run: &Run<'_, '_>, stamp: &Stamp<'_>) -> Report {
    let mut deferred = stamp.deferred().peekable();
    let mut report = Report { planned: run.plan.len(), deferred: deferred.len(), ..Report::default() };
    report.entries.reserve_exact(run.plan.len());
    for (place, planned) in (0..).zip(run.plan) {
        if deferred.next_if_eq(&place).is_none() {
            let mode = run.options.mode.unwrap_or(planned.mode);
            report.stands(entry(planned.public, Made::plain(mode, Outcome::Unchanged)));
        }
    }
    report
}

/// Takes a stamp after a look that found nothing to do, if everything has rested for long enough. Nothing is said if that
/// can't be had: the next run takes a whole look too, and all is well.
pub(in crate::link) fn renew(run: &Run<'_, '_>, survey: &Survey<'_, '_>, scene: &Scene, report: &Report) {
    let is_plain = report.notes.is_empty() && report.kept.is_empty() && report.is_fine();
    if is_plain && !run.options.partial {
        let _ = take(run, survey, scene);
    }
}

fn take(run: &Run<'_, '_>, survey: &Survey<'_, '_>, scene: &Scene) -> io::Result<()> {
    let (files, folders) = (&scene.files, Folders::of(run.place).map_err(io::Error::other)?);
    let Some(eye) = Eye::of(&folders) else { return Ok(()) };
    let (lines, all) = look_at_all(&List::of(run.plan, survey), &eye)?;
    if !Rest::before(scene.began).is_enough_for(&all) {
        return Ok(());
    }
    // Whoever has a turn is about to change what would be in the stamp.
    let Some(_turn) = Turn::try_take(&files.lock)? else { return Ok(()) };
    let mut file = File::create(&files.stamp)?;
    let clock = Dir::look_at(&files.stamp)?;
    let is_fit = clock.is_some_and(|clock| Rest::by_clock(scene.began, &clock).is_enough_for(&all));
    let stamp = text::write(&Asked::of(run, &folders), &survey.deferred, &lines);
    let written = if is_fit { file.write_all(&stamp) } else { Err(ErrorKind::ResourceBusy.into()) };
    written.inspect_err(|_| drop(fs::remove_file(&files.stamp)))
}

/// The lines of a stamp for a list and the ledger, and all that was seen.
fn look_at_all(list: &List, eye: &Eye<'_>) -> io::Result<(Vec<u8>, Vec<Seen>)> {
    let (mut lines, mut all) = (Vec::new(), Vec::new());
    let ledger = Watched { base: Base::Ledger, path: b"" };
    for watched in std::iter::once(ledger).chain(list.all()) {
        let seen = eye.look(watched)?;
        if seen.is_none() && watched == ledger {
            return Err(ErrorKind::NotFound.into());
        }
        let fingerprint = seen.map_or(0, |seen| seen.fingerprint());
        text::write_line(Line { watched, fingerprint }, &mut lines);
        all.extend(seen);
    }
    Ok((lines, all))
}

/// Looks at what is watched.
struct Eye<'f> {
    public: &'f Dir,
    root: &'f Dir,
    ledger: &'f Path,
}

impl<'f> Eye<'f> {
    /// None without a public folder.
    fn of(folders: &'f Folders) -> Option<Self> {
        let Folders { public_dir, root_dir, files, .. } = folders;
        public_dir.as_ref().map(|public| Self { public, root: root_dir, ledger: &files.ledger })
    }

    /// What the system says of it; nothing if it is not there.
    fn look(&self, watched: Watched<'_>) -> io::Result<Option<Seen>> {
        match watched.base {
            Base::Ledger => Dir::look_at(self.ledger),
            Base::Public => self.public.look_below(watched.path),
            Base::Root => self.root.look_below(watched.path),
        }
    }

    fn fingerprint(&self, watched: Watched<'_>) -> io::Result<u64> {
        Ok(self.look(watched)?.map_or(0, |seen| seen.fingerprint()))
    }
}
