//! The linker's signatures until it lands.
use bakehouse_runtime::AppId;
use bakehouse_runtime::link::{LinkMode, PlannedLink};
use std::collections::BTreeMap;
use std::fmt;
use std::path::{Path, PathBuf};
use std::time::Duration;
#[derive(Debug)]
pub struct LinkError;
impl fmt::Display for LinkError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no")
    }
}
impl std::error::Error for LinkError {}
#[derive(Debug, Default)]
pub struct Report {
    pub planned: usize,
    pub created: usize,
    pub unchanged: usize,
    pub replaced: usize,
    pub removed: usize,
    pub conflicts: Vec<LinkError>,
    pub failed: Vec<LinkError>,
    pub methods: BTreeMap<&'static str, usize>,
    pub elapsed: Duration,
}
pub struct Place<'a> {
    pub root: &'a Path,
    pub public: &'a Path,
    pub state: &'a Path,
}
#[derive(Default)]
pub struct LinkOptions {
    pub mode: Option<LinkMode>,
    pub require: bool,
    pub dry_run: bool,
}
pub fn link(
    plan: &[PlannedLink<'_>],
    _apps: impl Fn(AppId) -> &'static str,
    _hash: u64,
    place: &Place<'_>,
    _options: &LinkOptions,
) -> Result<Report, LinkError> {
    let mut n = 0;
    for l in plan {
        let to = place.public.join(std::str::from_utf8(l.public).unwrap());
        std::fs::create_dir_all(to.parent().unwrap()).unwrap();
        if std::os::unix::fs::symlink(
            std::fs::canonicalize(place.root).unwrap().join(std::str::from_utf8(l.source).unwrap()),
            to,
        )
        .is_ok()
        {
            n += 1;
        }
    }
    Ok(Report { planned: plan.len(), created: n, methods: BTreeMap::from([("symlink", n)]), ..Report::default() })
}
pub fn state_dir(public: &Path) -> PathBuf {
    public.parent().unwrap().join(".bakehouse")
}
