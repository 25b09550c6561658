//! The stamp: tells a run that nothing has changed since one that found everything in place, without a look at each link.
//!
//! It is a small file beside the ledger: a fingerprint of what was asked for, a list of the folders and copies on which the
//! answer depends (`watch`), and one hash of what the system said of them: device, number, size, and times to the
//! nanosecond. A folder's change time changes with every name in it, so that nothing can come, go or be replaced unseen.
//!
//! What changed just before could change again within the same tick of the file system's clock. So a stamp is taken only
//! when all that it depends on had rested for a while before the run looked (`rest`).

mod rest;
mod watch;

use std::fs::{self, File};
use std::io::{self, ErrorKind, Write as _};

use xxhash_rust::xxh3::xxh3_64;

use super::dir::{Dir, Seen};
use super::ledger::Files;
use super::made::{Made, entry};
use super::run::Run;
use super::scene::{Folders, Scene};
use super::survey::Survey;
use super::turn::Turn;
use super::{Outcome, Report};
use rest::Rest;
use watch::Watched;

const VERSION: &[u8] = b"bakehouse-stamp 1\n";

/// What is true as long as a stamp is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Stamp<'b> {
    /// The hash of what was asked for, and of which folders.
    asked: u64,
    /// The hash of what the system said of all that is watched.
    seen: u64,
    /// The places in the plan of the lazy entries that were left for later, four bytes each.
    deferred: &'b [u8],
    /// What is watched, as [`watch`] writes it.
    watched: &'b [u8],
}

/// The report of a run that has nothing to do, if the stamp says so. Without an answer, a whole look is needed, which
/// also says why if something can't be opened.
pub(super) fn unchanged(run: &Run<'_, '_>, folders: &Folders) -> Option<Report> {
    if run.options.partial {
        return None;
    }
    let bytes = fs::read(&folders.files.stamp).ok()?;
    let stamp = Stamp::parse(&bytes).filter(|stamp| stamp.asked == asked(run, folders))?;
    let public = Dir::open(run.place.public).ok()?;
    let root = Dir::open(run.place.root).ok()?;
    let seen = look_at_all(stamp.watched, &public, &root, &folders.files, &mut |_| {})?;
    (seen == stamp.seen).then(|| report(run, stamp.deferred))
}

/// What a whole look would report.
fn report(run: &Run<'_, '_>, deferred: &[u8]) -> Report {
    let mut deferred = deferred.as_chunks().0.iter().map(|place| u32::from_le_bytes(*place)).peekable();
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
pub(super) fn renew(run: &Run<'_, '_>, survey: &Survey<'_, '_>, scene: &Scene, report: &Report) {
    let is_plain = report.notes.is_empty() && report.kept.is_empty() && report.is_fine();
    if is_plain && !run.options.partial {
        let _ = take(run, survey, scene);
    }
}

fn take(run: &Run<'_, '_>, survey: &Survey<'_, '_>, scene: &Scene) -> io::Result<()> {
    let files = &scene.files;
    let list = watch::list(run.plan, survey);
    let (public, root) = (Dir::open(run.place.public)?, Dir::open(run.place.root)?);
    let mut all = Vec::new();
    let Some(seen) = look_at_all(&list, &public, &root, files, &mut |seen| all.push(seen)) else { return Ok(()) };
    if !Rest::before(scene.began).is_enough_for(&all) {
        return Ok(());
    }
    let folders = Folders::of(run.place).map_err(io::Error::other)?;
    // Whoever has a turn is about to change what would be in the stamp.
    let Some(_turn) = Turn::try_take(&files.lock)? else { return Ok(()) };
    let mut file = File::create(&files.stamp)?;
    let clock = Dir::look_at(&files.stamp)?;
    let is_fit = clock.is_some_and(|clock| Rest::by_clock(scene.began, &clock).is_enough_for(&all));
    let deferred: Vec<u8> = survey.deferred.iter().flat_map(|place| place.to_le_bytes()).collect();
    let stamp = Stamp { asked: asked(run, &folders), seen, deferred: &deferred, watched: &list };
    let written = if is_fit { file.write_all(&stamp.to_bytes()) } else { Err(ErrorKind::ResourceBusy.into()) };
    written.inspect_err(|_| drop(fs::remove_file(&files.stamp)))
}

/// The hash of what the system says of everything in a list, and of the ledger, each of which `tell` is told. `None` if it
/// does not say.
fn look_at_all(list: &[u8], public: &Dir, root: &Dir, files: &Files, tell: &mut dyn FnMut(Seen)) -> Option<u64> {
    let mut all = Vec::with_capacity(list.len() * 2);
    let ledger = Dir::look_at(&files.ledger).ok()??;
    ledger.write_to(&mut all);
    tell(ledger);
    for watched in Watched::all(list) {
        let dir = if watched.is_public { public } else { root };
        match dir.look_below(watched.path).ok()? {
            Some(seen) => {
                seen.write_to(&mut all);
                tell(seen);
            }
            None => all.push(0),
        }
    }
    Some(xxh3_64(&all))
}

/// The hash of what a run is asked for, and of where its folders really are, on which the targets of links depend.
fn asked(run: &Run<'_, '_>, folders: &Folders) -> u64 {
    let mut all = Vec::with_capacity(run.plan.len() * 64);
    let mut add = |bytes: &[u8]| {
        all.extend((bytes.len() as u64).to_le_bytes());
        all.extend(bytes);
    };
    add(folders.public.as_os_str().as_encoded_bytes());
    add(folders.root.as_os_str().as_encoded_bytes());
    add(&run.hash.to_le_bytes());
    add(&[run.options.mode.map_or(u8::MAX, |mode| mode as u8), run.options.defer_lazy.into()]);
    for entry in run.plan {
        add(entry.public);
        add(entry.source);
        add((run.slug_of)(entry.app).as_bytes());
        add(&[entry.kind as u8, entry.mode as u8, entry.lazy.into()]);
        entry.files.iter().for_each(|file| add(file));
    }
    xxh3_64(&all)
}

impl<'b> Stamp<'b> {
    fn to_bytes(self) -> Vec<u8> {
        let mut body = Vec::with_capacity(self.watched.len() + self.deferred.len() + 24);
        body.extend(self.asked.to_le_bytes());
        body.extend(self.seen.to_le_bytes());
        body.extend((self.deferred.len() as u64).to_le_bytes());
        body.extend(self.deferred);
        body.extend(self.watched);
        [VERSION, &xxh3_64(&body).to_le_bytes(), &body].concat()
    }

    /// Reads a stamp back. One of another version, cut short or altered is none.
    fn parse(bytes: &'b [u8]) -> Option<Self> {
        let (hash, body) = bytes.strip_prefix(VERSION)?.split_first_chunk()?;
        let (asked, rest) = body.split_first_chunk()?;
        let (seen, rest) = rest.split_first_chunk()?;
        let (length, rest) = rest.split_first_chunk()?;
        let (deferred, watched) = rest.split_at_checked(u64::from_le_bytes(*length).try_into().ok()?)?;
        let (asked, seen) = (u64::from_le_bytes(*asked), u64::from_le_bytes(*seen));
        (u64::from_le_bytes(*hash) == xxh3_64(body)).then_some(Self { asked, seen, deferred, watched })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stamp_is_read_back_and_one_that_was_altered_or_cut_short_is_none() {
        let stamp = Stamp { asked: 1, seen: u64::MAX, deferred: &[1, 0, 0, 0], watched: b"pa/b\0r\0" };
        let bytes = stamp.to_bytes();
        assert_eq!(Stamp::parse(&bytes), Some(stamp));
        for idx in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[idx] ^= 1;
            assert_eq!((Stamp::parse(&altered), Stamp::parse(&bytes[..idx])), (None, None), "{idx}");
        }
    }
}
