//! Turns: whoever changes a public folder holds the lock of its state, and nobody else does meanwhile.
//!
//! A holder writes who it is into the lock's file, and in the end that it is done. So a run that looked before it took its
//! turn knows whether another one was at work meanwhile, and one that waits in vain can say for whom.

#[cfg(not(windows))]
use std::fs::TryLockError;
use std::fs::{self, File};
use std::hash::{BuildHasher as _, RandomState};
use std::io::{self, ErrorKind, Read as _, Seek as _, Write as _};
#[cfg(windows)]
use std::os::windows::fs::OpenOptionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;
use std::time::{Duration, Instant};

/// How long a run waits for its turn. Linking takes milliseconds; whoever holds the lock this long is stuck.
pub(in crate::link) const LIMIT: Duration = Duration::from_secs(30);

/// How long a waiting run sleeps before it tries again, at most.
const PATIENCE: Duration = Duration::from_millis(20);

/// What a holder adds in the end.
const DONE: &str = "done\n";

/// A turn at changing a public folder. It ends when this is dropped, or its process dies.
#[derive(Debug)]
pub(in crate::link) struct Turn {
    /// Locked.
    file: File,
    path: PathBuf,
    /// What the one before wrote; empty if there was none.
    before: String,
}

impl Turn {
    /// What the last holder of the lock wrote; empty if there was none.
    pub(in crate::link) fn last(lock: &Path) -> io::Result<String> {
        match fs::read_to_string(lock) {
            Err(error) if error.kind() == ErrorKind::NotFound => Ok(String::new()),
            read => read,
        }
    }

    /// Takes the lock, and makes its file and the folder of that if they are missing.
    ///
    /// # Errors
    ///
    /// `TimedOut` if another process held it for `limit`; what the system says if it can't be made or has no locks.
    pub(in crate::link) fn take(lock: &Path, limit: Duration) -> io::Result<Self> {
        let began = Instant::now();
        let mut pause = Duration::from_millis(1);
        loop {
            match Self::try_take(lock) {
                Err(error) if error.kind() == ErrorKind::NotFound => {
                    fs::create_dir_all(lock.parent().unwrap_or(Path::new("")))?;
                    continue;
                }
                Err(error) => return Err(error),
                Ok(Some(turn)) => return Ok(turn),
                Ok(None) => {}
            }
            if began.elapsed() >= limit {
                return Err(held(lock));
            }
            thread::sleep(pause);
            pause = (pause * 2).min(PATIENCE);
        }
    }

    /// Takes the lock if that is free and its file is there or can be made in a folder that is there.
    pub(in crate::link) fn try_take(lock: &Path) -> io::Result<Option<Self>> {
        open_locked(lock)?.map_or(Ok(None), |file| Self::of(file, lock))
    }

    /// Whether nobody had a turn when the lock's file said `last`, nor since.
    pub(in crate::link) fn follows(&self, last: &str) -> bool {
        self.before == last && (last.is_empty() || last.ends_with(DONE))
    }

    /// Ends the turn and removes the lock's file; who waits for it makes a new one.
    #[cfg(not(windows))]
    pub(in crate::link) fn end_for_good(self) -> io::Result<()> {
        fs::remove_file(&self.path)
    }

    /// Ends the turn and removes the lock's file. Windows removes none that is held, so that it stays if somebody who waits
    /// is faster.
    #[cfg(windows)]
    pub(in crate::link) fn end_for_good(self) -> io::Result<()> {
        let lock = self.path.clone();
        drop(self);
        match fs::remove_file(lock) {
            Err(error) if is_held(&error) || error.kind() == ErrorKind::NotFound => Ok(()),
            removed => removed,
        }
    }

    /// A turn by `file`, which was opened and locked at `lock`; `None` if another process removed it meanwhile.
    fn of(mut file: File, lock: &Path) -> io::Result<Option<Self>> {
        let mut before = String::new();
        file.read_to_string(&mut before)?;
        if !before.is_empty() && !before.starts_with("process ") {
            return Err(io::Error::new(
                ErrorKind::InvalidData,
                "something that Bakehouse did not write is in its place",
            ));
        }
        let holder = format!("process {} {:016x}\n", std::process::id(), RandomState::new().hash_one(0));
        file.rewind()?;
        // Cut to its length afterwards: were it empty for a moment and this process killed then, it would say that nobody
        // ever had a turn.
        file.write_all(holder.as_bytes())?;
        if before.len() > holder.len() {
            file.set_len(holder.len() as u64)?;
        }
        // A lock on a file that is no longer at its place keeps nobody away.
        let is_in_place = Self::last(lock)? == holder;
        Ok(is_in_place.then(|| Self { file, path: lock.to_owned(), before }))
    }
}

impl Drop for Turn {
    fn drop(&mut self) {
        // Without it, a run that looked meanwhile looks again: as it has to if this one could do nothing more.
        let _ = self.file.write_all(DONE.as_bytes());
    }
}

/// Opens and locks the file; `None` if another process has it.
#[cfg(not(windows))]
fn open_locked(lock: &Path) -> io::Result<Option<File>> {
    let file = File::options().read(true).write(true).create(true).truncate(false).open(lock)?;
    match file.try_lock() {
        Ok(()) => Ok(Some(file)),
        Err(TryLockError::WouldBlock) => Ok(None),
        Err(TryLockError::Error(error)) => Err(error),
    }
}

/// Opens the file as the only one who may write; `None` if another process has it. What Windows calls a lock would keep
/// the file from being read through any other handle, those of this process too.
#[cfg(windows)]
fn open_locked(lock: &Path) -> io::Result<Option<File>> {
    const FILE_SHARE_READ: u32 = 0x1;
    let mut options = File::options();
    options.read(true).write(true).create(true).truncate(false).share_mode(FILE_SHARE_READ);
    match options.open(lock) {
        Ok(file) => Ok(Some(file)),
        Err(error) if is_held(&error) => Ok(None),
        Err(error) => Err(error),
    }
}

#[cfg(windows)]
fn is_held(error: &io::Error) -> bool {
    const ERROR_SHARING_VIOLATION: i32 = 32;
    error.raw_os_error() == Some(ERROR_SHARING_VIOLATION)
}

/// Another process has the lock.
fn held(lock: &Path) -> io::Error {
    let holder = Turn::last(lock).unwrap_or_default();
    let who = match holder.split(' ').nth(1) {
        Some(id) => format!("process {id} holds it"),
        None => "another process holds it".to_owned(),
    };
    io::Error::new(ErrorKind::TimedOut, who)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};

    use super::*;

    #[test]
    fn one_at_a_time_has_a_turn_also_while_the_file_comes_and_goes() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("state/public.lock");
        let (inside, turns) = (AtomicUsize::new(0), AtomicUsize::new(0));
        thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for round in 0..50 {
                        let turn = Turn::take(&lock, LIMIT).unwrap();
                        assert_eq!(inside.fetch_add(1, Ordering::SeqCst), 0);
                        turns.fetch_add(1, Ordering::SeqCst);
                        inside.fetch_sub(1, Ordering::SeqCst);
                        if round % 3 == 0 {
                            turn.end_for_good().unwrap();
                        }
                    }
                });
            }
        });
        assert_eq!(turns.into_inner(), 400);
    }

    #[test]
    fn who_waits_in_vain_is_told_for_whom() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("public.lock");
        let held = Turn::take(&lock, LIMIT).unwrap();
        let error = Turn::take(&lock, Duration::ZERO).unwrap_err();
        assert_eq!(error.kind(), ErrorKind::TimedOut);
        assert_eq!(error.to_string(), format!("process {} holds it", std::process::id()));
        assert!(Turn::try_take(&lock).unwrap().is_none());
        drop(held);
        assert!(Turn::try_take(&lock).unwrap().is_some());
    }

    #[test]
    fn a_turn_knows_whether_another_was_in_between() {
        let folder = tempfile::tempdir().unwrap();
        let lock = folder.path().join("public.lock");
        let last = Turn::last(&lock).unwrap();
        assert!(Turn::take(&lock, LIMIT).unwrap().follows(&last));
        assert!(!Turn::take(&lock, LIMIT).unwrap().follows(&last));
        let last = Turn::last(&lock).unwrap();
        assert!(Turn::take(&lock, LIMIT).unwrap().follows(&last));
        let at_work = Turn::take(&lock, LIMIT).unwrap();
        let last = Turn::last(&lock).unwrap();
        drop(at_work);
        assert!(!Turn::take(&lock, LIMIT).unwrap().follows(&last));
    }
}
