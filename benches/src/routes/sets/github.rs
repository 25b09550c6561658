//! GitHub's routes, as matchit's own benchmark has them.

use std::fs;
use std::path::Path;

use super::{Planned, of_one_app};
use crate::Result;
use crate::host::corpus;
use crate::routes::set::Set;

pub(super) fn sets() -> Vec<Planned> {
    let file = corpus("routes/github_matchit.txt");
    file.map(|file| Planned::new("GitHub", move |name| set(name, &file))).into_iter().collect()
}

fn set(name: &str, file: &Path) -> Result<Set> {
    let patterns = fs::read_to_string(file)?.lines().map(str::to_owned).collect();
    Ok(of_one_app(name, "github", patterns)?.budget("matchit", 2.0))
}
