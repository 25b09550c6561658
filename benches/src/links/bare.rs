//! A loop of bare calls that makes what a plan wants and nothing else: no ledger, no check, no atomic change.

use std::collections::BTreeSet;
use std::ffi::CString;
use std::path::Path;

use bakehouse_runtime::Table;
use rustix::fd::OwnedFd;
use rustix::fs::{Mode, OFlags, mkdirat, open, readlinkat, symlinkat};
use rustix::io::Errno;

use crate::Result;

/// Everything that the loop passes to the kernel.
pub(super) struct Bare {
    /// Parents first.
    folders: Vec<CString>,
    links: Vec<Link>,
}

struct Link {
    path: CString,
    target: CString,
}

impl Bare {
    pub(super) fn of(table: Table<'_>) -> Result<Self> {
        let (mut folders, mut links) = (BTreeSet::new(), Vec::new());
        for link in table.links() {
            folders.extend(parents(link.public).map(<[u8]>::to_vec));
            links.push(Link {
                path: CString::new(link.public)?,
                target: CString::new(target(link.public, link.source))?,
            });
        }
        let folders = folders.into_iter().map(CString::new).collect::<Result<_, _>>()?;
        Ok(Self { folders, links })
    }

    /// Makes the folders and the links.
    pub(super) fn make(&self, public: &Path) -> Result<()> {
        self.make_folders(public)?;
        self.make_links(public)
    }

    pub(super) fn make_folders(&self, public: &Path) -> Result<()> {
        let public = handle(public)?;
        Ok(self.folders.iter().try_for_each(|folder| mkdirat(&public, folder, Mode::from_raw_mode(0o777)))?)
    }

    pub(super) fn make_links(&self, public: &Path) -> Result<()> {
        let public = handle(public)?;
        Ok(self.links.iter().try_for_each(|Link { path, target }| symlinkat(target, &public, path))?)
    }

    /// Reads each link, and makes those that are not there.
    ///
    /// # Errors
    /// If one has another target.
    pub(super) fn look(&self, public: &Path) -> Result<()> {
        let public = handle(public)?;
        let mut buffer = Vec::with_capacity(256);
        for Link { path, target } in &self.links {
            match readlinkat(&public, path, buffer) {
                Ok(found) if found == *target => buffer = found.into_bytes(),
                Ok(found) => return Err(format!("{path:?} leads to {found:?}").into()),
                Err(Errno::NOENT) => {
                    symlinkat(target, &public, path)?;
                    buffer = Vec::with_capacity(256);
                }
                Err(error) => return Err(error.into()),
            }
        }
        Ok(())
    }
}

fn handle(folder: &Path) -> Result<OwnedFd> {
    Ok(open(folder, OFlags::PATH | OFlags::DIRECTORY | OFlags::CLOEXEC, Mode::empty())?)
}

/// The folders that a path is in, without the public folder itself.
fn parents(path: &[u8]) -> impl Iterator<Item = &[u8]> {
    path.iter().enumerate().filter(|(_, byte)| **byte == b'/').map(|(at, _)| path.split_at(at).0)
}

/// What a link in a public folder beside `apps` leads to.
fn target(public: &[u8], source: &[u8]) -> Vec<u8> {
    let n_folders = parents(public).count() + 1;
    [&b"../".repeat(n_folders), b"apps/".as_slice(), source].concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_target_leads_out_of_each_folder() {
        assert_eq!(target(b"a", b"x/static"), b"../apps/x/static");
        assert_eq!(target(b"assets/x/1.svg", b"x/static/1.svg"), b"../../../apps/x/static/1.svg");
    }

    #[test]
    fn parents_come_from_the_top() {
        assert_eq!(parents(b"a/b/c").collect::<Vec<_>>(), [b"a".as_slice(), b"a/b"]);
        assert_eq!(parents(b"a").count(), 0);
    }
}
