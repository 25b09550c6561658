//! What files hold, by hash: whether the version that an address names is what the file holds now.
//!
//! `asset!` puts the hash of an asset into its address. An answer to it may be kept for ever if, and only if, it has those
//! bytes, so the file is hashed; once for each state that it is in.

use std::collections::HashMap;
use std::fs::{File, Metadata};
use std::io::{self, Read as _, Seek as _};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use xxhash_rust::xxh3::Xxh3;

use super::place::Opened;

/// A file that changed less than this long ago may change again within the same tick of the file system's clock.
const SETTLED: Duration = Duration::from_secs(1);
/// How many hashes are remembered. All are forgotten when there would be more.
const MAX_KNOWN: usize = 65_536;
/// How much is hashed at once, in bytes.
const CHUNK: usize = 64 * 1024;

/// The version that the query of an address names: `v=` and the 16 hexadecimal digits of a hash.
pub(crate) fn wanted(query: Option<&str>) -> Option<u64> {
    let digits = query?.split('&').find_map(|pair| pair.strip_prefix("v="))?;
    let is_hash = digits.len() == 16 && digits.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    is_hash.then(|| u64::from_str_radix(digits, 16).ok()).flatten()
}

/// The hashes of files, by their paths below the public folder.
#[derive(Debug, Default)]
pub(crate) struct Versions {
    /// At most [`MAX_KNOWN`]: where case does not count, one file has many paths.
    known: Mutex<HashMap<Vec<u8>, (State, u64)>>,
}

impl Versions {
    /// The state of an open file if what it holds is the version `wanted`; it is read if its state is a new one.
    ///
    /// None for a file that changed just before `now`: another change might leave it in the same state.
    ///
    /// # Errors
    /// What the system says when the file can't be read.
    pub(crate) fn check(
        &self,
        relative: &[u8],
        opened: &mut Opened,
        wanted: u64,
        now: SystemTime,
    ) -> io::Result<Option<State>> {
        let state = State::of(&opened.metadata);
        if !state.is_settled(now) {
            return Ok(None);
        }
        if let Some(hash) = self.known(relative, state) {
            return Ok((hash == wanted).then_some(state));
        }
        let Some(hash) = hash(&mut opened.file, state)? else { return Ok(None) };
        self.remember(relative, state, hash);
        Ok((hash == wanted).then_some(state))
    }

    fn known(&self, relative: &[u8], state: State) -> Option<u64> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.get(relative).filter(|(known, _)| *known == state).map(|(_, hash)| *hash)
    }

    fn remember(&self, relative: &[u8], state: State, hash: u64) {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= MAX_KNOWN {
            known.clear();
        }
        known.insert(relative.to_vec(), (state, hash));
    }
}

/// The hash of what an open file holds, which is left at its beginning; none if it left the state meanwhile.
fn hash(file: &mut File, state: State) -> io::Result<Option<u64>> {
    let mut hasher = Xxh3::new();
    let mut chunk = vec![0; CHUNK];
    loop {
        match file.read(&mut chunk) {
            Ok(0) => break,
            Ok(n) => hasher.update(chunk.get(..n).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    file.rewind()?;
    Ok(state.is_of(file)?.then(|| hasher.digest()))
}

/// What tells one state of a file from another.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct State {
    len: u64,
    modified: Option<SystemTime>,
    /// When anything about it changed, which nobody can set, since the epoch.
    changed: Option<Duration>,
    /// Device and number, where the system tells.
    identity: Option<(u64, u64)>,
}

impl State {
    pub(crate) fn of(metadata: &Metadata) -> Self {
        Self {
            len: metadata.len(),
            modified: metadata.modified().ok(),
            changed: changed(metadata),
            identity: identity(metadata),
        }
    }

    /// Whether an open file still is in this state.
    ///
    /// # Errors
    /// What the system says when it can't be looked at.
    pub(crate) fn is_of(self, file: &File) -> io::Result<bool> {
        Ok(Self::of(&file.metadata()?) == self)
    }

    /// Whether the file changed long enough before `now`.
    fn is_settled(self, now: SystemTime) -> bool {
        let changed = self.changed.map(|since_epoch| SystemTime::UNIX_EPOCH + since_epoch);
        let is_old = |time: SystemTime| now.duration_since(time).is_ok_and(|age| age >= SETTLED);
        self.modified.is_some_and(is_old) && changed.is_none_or(is_old)
    }
}

#[cfg(unix)]
fn changed(metadata: &Metadata) -> Option<Duration> {
    use std::os::unix::fs::MetadataExt as _;
    let seconds = u64::try_from(metadata.ctime()).ok()?;
    Some(Duration::new(seconds, u32::try_from(metadata.ctime_nsec()).ok()?))
}

#[cfg(not(unix))]
fn changed(_metadata: &Metadata) -> Option<Duration> {
    None
}

#[cfg(unix)]
#[expect(clippy::unnecessary_wraps, reason = "elsewhere the standard library tells no identity of a file")]
fn identity(metadata: &Metadata) -> Option<(u64, u64)> {
    use std::os::unix::fs::MetadataExt as _;
    Some((metadata.dev(), metadata.ino()))
}

#[cfg(not(unix))]
fn identity(_metadata: &Metadata) -> Option<(u64, u64)> {
    None
}

#[cfg(test)]
mod tests {
    use std::fs;

    use xxhash_rust::xxh3::xxh3_64;

    use super::*;

    /// A time by which whatever a test writes has settled.
    fn later() -> SystemTime {
        SystemTime::now() + Duration::from_secs(3600)
    }

    fn open(path: &std::path::Path) -> Opened {
        let file = File::open(path).unwrap();
        Opened { metadata: file.metadata().unwrap(), file }
    }

    #[test]
    fn a_version_is_sixteen_digits() {
        for (query, expected) in [
            (None, None),
            (Some(""), None),
            (Some("v=2"), None),
            (Some("v=00000000000000ff"), Some(255)),
            (Some("a=b&v=00000000000000ff&c"), Some(255)),
            (Some("v=00000000000000FF"), None),
            (Some("v=+0000000000000ff"), None),
            (Some("v=00000000000000ff0"), None),
            (Some("w=00000000000000ff"), None),
        ] {
            assert_eq!(wanted(query), expected, "{query:?}");
        }
    }

    #[test]
    fn only_what_the_file_holds_now_is_its_version() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("icon.svg");
        let versions = Versions::default();
        let check = |held: &str, now| {
            let mut opened = open(&path);
            let wanted = xxh3_64(held.as_bytes());
            let is_current = versions.check(b"icon.svg", &mut opened, wanted, now).unwrap().is_some();
            let mut text = String::new();
            opened.file.read_to_string(&mut text).unwrap();
            (is_current, text)
        };
        // Of the same length each, as an edit of a color is.
        fs::write(&path, "<red/>").unwrap();
        for _ in 0..2 {
            assert_eq!(check("<red/>", later()), (true, "<red/>".to_owned()));
            assert_eq!(check("<tan/>", later()), (false, "<red/>".to_owned()));
        }
        // Another file in its place.
        fs::write(dir.path().join("new"), "<tan/>").unwrap();
        fs::rename(dir.path().join("new"), &path).unwrap();
        assert_eq!(check("<red/>", later()), (false, "<tan/>".to_owned()));
        assert_eq!(check("<tan/>", later()), (true, "<tan/>".to_owned()));
        assert!(!check("<tan/>", SystemTime::UNIX_EPOCH).0, "it might change once more within the same tick");
    }

    #[test]
    fn a_long_file_is_hashed_whole() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("long");
        let bytes: Vec<u8> = (0..CHUNK * 2 + 7).map(|idx| u8::try_from(idx % 251).unwrap()).collect();
        fs::write(&path, &bytes).unwrap();
        let mut opened = open(&path);
        let state = Versions::default().check(b"long", &mut opened, xxh3_64(&bytes), later()).unwrap();
        let state = state.expect("it holds that");
        assert!(state.is_of(&opened.file).unwrap());
        fs::write(&path, "short").unwrap();
        assert!(!state.is_of(&opened.file).unwrap(), "what was sent may not be what was hashed");
    }
}
