//! `asset-type`: the first bytes of an asset are of the kind that its extension promises. By the extension a host says
//! what it serves, and whoever goes by that gets something else.

use std::collections::BTreeMap;
use std::path::Path;

use super::{Asset, assets, kind};
use crate::diagnostics::Diagnostic;
use crate::model::Model;
use crate::scan;

pub(super) fn check(model: &Model, root: &Path, diagnostics: &mut Vec<Diagnostic>) {
    // Files of one set that are wrong in one way are told at once: they mostly came in one way.
    let mut wrong: BTreeMap<_, Vec<Asset<'_>>> = BTreeMap::new();
    for asset in assets(model) {
        let Some(promised) = extension(asset.source).and_then(kind::promised) else { continue };
        // What can't be read is told when it is linked.
        let Some(bytes) = scan::first_bytes(root, &asset.app.folder, asset.source, kind::N_BYTES) else { continue };
        let found = if bytes.is_empty() { Some("empty") } else { kind::found(&bytes) };
        if found != Some(promised) {
            let way = (asset.set.from.place, asset.app.slug.place, promised, found);
            wrong.entry(way).or_default().push(asset);
        }
    }
    diagnostics.extend(wrong.iter().filter_map(|((.., promised, found), assets)| wrong_kind(assets, promised, *found)));
}

fn extension(source: &[u8]) -> Option<&str> {
    let dot = source.iter().rposition(|byte| *byte == b'.')?;
    std::str::from_utf8(source.get(dot + 1..)?).ok()
}

fn wrong_kind(assets: &[Asset<'_>], promised: &str, found: Option<&str>) -> Option<Diagnostic> {
    let first = assets.first()?;
    let (path, slug) = (String::from_utf8_lossy(first.source), &first.app.slug.value);
    let found_there = found.unwrap_or("of no known kind");
    let message = match assets.len() {
        1 => format!("`{path}` of app `{slug}` has the name of {promised}, but is {found_there}"),
        n => format!("{n} files of app `{slug}`, such as `{path}`, have the name of {promised}, but are {found_there}"),
    };
    let help = match found.and_then(kind::extension) {
        Some(extension) => format!("use the extension `.{extension}`, here and where they are named"),
        None if found == Some("a Git LFS pointer") => "fetch the files themselves with `git lfs pull`".to_owned(),
        None => format!("put {promised} in its place"),
    };
    let help = if assets.len() == 1 { help.replace("they are", "it is") } else { help };
    Some(Diagnostic::warning("asset-type", first.set.from.place, message).help(help))
}
