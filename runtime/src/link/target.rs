//! What the symlinks say: the way from a link's folder to its source, relative and short.

use std::cell::RefCell;
use std::io;
use std::path::{Component, Path, PathBuf};
use std::rc::Rc;

use super::path::join;

/// The way from the public folder to the folder of the apps. Both are canonical, because a link's target is resolved
/// from where the link really lies.
#[derive(Debug)]
pub(super) struct Targets {
    /// Up from the public folder and then down to the folder of the apps, with a slash behind it unless it is empty; an
    /// absolute path where no way up leads there (another drive).
    way: Vec<u8>,
    is_absolute: bool,
    /// The folder of the apps by its whole path, for links that can't be relative.
    root: Vec<u8>,
    /// Where a target is put together, so that it takes one allocation.
    buffer: RefCell<Vec<u8>>,
}

impl Targets {
    pub(super) fn between(public: &Path, root: &Path) -> Self {
        let from: Vec<Component<'_>> = public.components().collect();
        let to: Vec<Component<'_>> = root.components().collect();
        let shared = from.iter().zip(&to).take_while(|(one, other)| one == other).count();
        let whole = whole(root);
        let is_absolute = shared == 0;
        let down = if is_absolute { whole.clone() } else { bytes(to.into_iter().skip(shared)) };
        let up = if is_absolute { 0 } else { from.len() - shared };
        let slash: &[u8] = if down.is_empty() { b"" } else { b"/" };
        Self { way: [&b"../".repeat(up), &down, slash].concat(), is_absolute, root: whole, buffer: RefCell::default() }
    }

    /// The target of a link at `public` to `source`.
    pub(super) fn target(&self, public: &[u8], source: &[u8]) -> Rc<[u8]> {
        let mut target = self.buffer.borrow_mut();
        target.clear();
        for _ in 0..self.n_up(public) {
            target.extend_from_slice(b"../");
        }
        target.extend_from_slice(&self.way);
        target.extend_from_slice(source);
        target.as_slice().into()
    }

    /// Whether that is the target of a link at `public` to `source`.
    pub(super) fn is_target(&self, target: &[u8], public: &[u8], source: &[u8]) -> bool {
        let up = (0..self.n_up(public)).try_fold(target, |rest, _| rest.strip_prefix(b"../"));
        up.and_then(|rest| rest.strip_prefix(self.way.as_slice())) == Some(source)
    }

    /// How many folders up the public folder is from a link at `public`, if targets go up at all.
    fn n_up(&self, public: &[u8]) -> usize {
        if self.is_absolute { 0 } else { public.iter().map(|byte| usize::from(*byte == b'/')).sum() }
    }

    /// The target of a link to `source` that has to be a whole path.
    pub(super) fn absolute(&self, source: &[u8]) -> Vec<u8> {
        join(&self.root, source)
    }
}

impl Targets {
    /// The path below the folder of the apps to which a link in `folder` of the public folder leads, as far as names tell.
    pub(super) fn source_of(&self, public: &[u8], folder: &[u8], target: &[u8]) -> Option<Vec<u8>> {
        let is_absolute = target.starts_with(b"/");
        let above = if is_absolute { Vec::new() } else { join(public, folder) };
        let mut parts: Vec<&[u8]> = Vec::new();
        for part in above.split(|&byte| byte == b'/').chain(target.split(|&byte| byte == b'/')) {
            match part {
                b"" | b"." => {}
                b".." => drop(parts.pop()),
                name => parts.push(name),
            }
        }
        let path = [b"/".as_slice(), &parts.join(&b'/')].concat();
        path.strip_prefix(self.root.as_slice())?.strip_prefix(b"/").map(<[u8]>::to_vec)
    }
}

/// A canonical path as a link is read: Windows marks canonical paths as such, but not what a link leads to.
fn whole(path: &Path) -> Vec<u8> {
    let bytes = bytes(path.components());
    match (bytes.strip_prefix(b"//?/UNC/"), bytes.strip_prefix(b"//?/")) {
        (Some(share), _) => [b"//", share].concat(),
        (None, Some(path)) => path.to_vec(),
        (None, None) => bytes,
    }
}

fn bytes<'c>(components: impl Iterator<Item = Component<'c>>) -> Vec<u8> {
    let path: PathBuf = components.collect();
    let bytes = path.into_os_string().into_encoded_bytes();
    if cfg!(windows) { bytes.into_iter().map(|byte| if byte == b'\\' { b'/' } else { byte }).collect() } else { bytes }
}

/// The canonical form of a folder, of which the last parts may not exist yet.
pub(super) fn canonical(path: &Path) -> io::Result<PathBuf> {
    match path.canonicalize() {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {
            let path = std::path::absolute(path)?;
            let (Some(above), Some(name)) = (path.parent(), path.file_name()) else { return Err(error) };
            Ok(canonical(above)?.join(name))
        }
        done => done,
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn the_source_behind_a_link_is_told_from_its_target() {
        let targets = Targets::between(Path::new("/srv/public"), Path::new("/srv/apps"));
        let cases: [(&str, &str, Option<&str>); 6] = [
            ("", "../apps/zoom/icon.svg", Some("zoom/icon.svg")),
            ("a/b", "../../../apps/./zoom", Some("zoom")),
            ("a", "/srv/apps/zoom", Some("zoom")),
            ("a", "../../apps-old/zoom", None),
            ("", "../apps", None),
            ("", "../../../../..", None),
        ];
        for (folder, target, expected) in cases {
            let source = targets.source_of(b"/srv/public", folder.as_bytes(), target.as_bytes());
            assert_eq!(source.as_deref(), expected.map(str::as_bytes), "{folder} {target}");
        }
    }

    #[test]
    fn targets_are_relative_and_short() {
        let cases = [
            ("/srv/public", "/srv/apps", "icon.svg", "zoom/icon.svg", "../apps/zoom/icon.svg"),
            ("/srv/public", "/srv/apps", "a/b/c", "zoom/static", "../../../apps/zoom/static"),
            ("/srv/apps/public", "/srv/apps", "a", "zoom/a", "../zoom/a"),
            ("/srv", "/srv/apps", "x/a", "zoom/a", "../apps/zoom/a"),
            ("/srv", "/srv", "a", "zoom/a", "zoom/a"),
            ("/var/www", "/home/me/apps", "a", "zoom/a", "../../home/me/apps/zoom/a"),
            ("/srv/app", "/srv/apps", "a", "b", "../apps/b"),
        ];
        for (public, root, place, source, expected) in cases {
            let targets = Targets::between(Path::new(public), Path::new(root));
            let target = targets.target(place.as_bytes(), source.as_bytes());
            assert_eq!(String::from_utf8_lossy(&target), expected, "{public} {root} {place}");
            assert!(targets.is_target(expected.as_bytes(), place.as_bytes(), source.as_bytes()), "{expected}");
            for other in [&expected[1..], &format!("{expected}x"), &format!("../{expected}"), "", source] {
                let is_it = targets.is_target(other.as_bytes(), place.as_bytes(), source.as_bytes());
                assert_eq!(is_it, other == expected, "{other} {public} {root} {place}");
            }
        }
    }
}

#[cfg(all(test, windows))]
mod tests {
    use super::*;

    #[test]
    fn targets_are_relative_on_one_drive_and_whole_across_two() {
        let cases = [
            (r"\\?\C:\srv\public", r"\\?\C:\srv\apps", "../apps/zoom/static", "C:/srv/apps/zoom/static"),
            (r"\\?\C:\srv\public", r"\\?\D:\apps", "D:/apps/zoom/static", "D:/apps/zoom/static"),
            (r"\\?\C:\srv\public", r"\\?\UNC\nas\it\apps", "//nas/it/apps/zoom/static", "//nas/it/apps/zoom/static"),
            (r"\\?\UNC\nas\it\public", r"\\?\UNC\nas\it\apps", "../apps/zoom/static", "//nas/it/apps/zoom/static"),
        ];
        for (public, root, target, absolute) in cases {
            let targets = Targets::between(Path::new(public), Path::new(root));
            assert_eq!(String::from_utf8_lossy(&targets.target(b"zoom", b"zoom/static")), target, "{public} {root}");
            assert_eq!(String::from_utf8_lossy(&targets.absolute(b"zoom/static")), absolute, "{public} {root}");
        }
    }
}
