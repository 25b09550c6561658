//! `equal-assets`: no large asset is there many times over. What is equal costs room in every checkout, image and cache.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use xxhash_rust::xxh3::xxh3_128;

use super::{Asset, assets};
use crate::diagnostics::{Diagnostic, Label};
use crate::model::Model;
use crate::scan;

/// What is saved by less is not worth a line.
const MIN_SAVED: u64 = 64 * 1024;

/// The most copies that are shown.
const MAX_SHOWN: usize = 4;

pub(super) fn check(model: &Model, root: &Path, diagnostics: &mut Vec<Diagnostic>) {
    let mut seen = BTreeSet::new();
    let mut by_len: BTreeMap<u64, Vec<Asset<'_>>> = BTreeMap::new();
    for asset in assets(model).filter(|asset| seen.insert((&asset.app.folder, asset.source))) {
        if let Some(len) = scan::file_len(root, &asset.app.folder, asset.source) {
            by_len.entry(len).or_default().push(asset);
        }
    }
    for (len, assets) in by_len {
        // Only files of one length can be equal.
        if saved(len, assets.len()) < MIN_SAVED {
            continue;
        }
        let mut by_hash: BTreeMap<u128, Vec<Asset<'_>>> = BTreeMap::new();
        for asset in assets {
            if let Some(bytes) = scan::asset_bytes(root, &asset.app.folder, asset.source) {
                by_hash.entry(xxh3_128(&bytes)).or_default().push(asset);
            }
        }
        let equal = by_hash.values().filter(|equal| saved(len, equal.len()) >= MIN_SAVED);
        diagnostics.extend(equal.filter_map(|equal| told(len, equal)));
    }
}

fn saved(len: u64, n_equal: usize) -> u64 {
    len.saturating_mul(n_equal.saturating_sub(1) as u64)
}

fn told(len: u64, equal: &[Asset<'_>]) -> Option<Diagnostic> {
    let place = equal.first()?.set.from.place;
    let message = format!("{} assets are equal, so that {} bytes could be saved", equal.len(), saved(len, equal.len()));
    let mut diagnostic = Diagnostic::warning("equal-assets", place, message);
    let label = |asset: &Asset<'_>| Label {
        place: asset.set.from.place,
        text: format!("`{}` of app `{}`", String::from_utf8_lossy(asset.source), asset.app.slug.value),
    };
    diagnostic.labels = equal.iter().take(MAX_SHOWN).map(label).collect();
    Some(diagnostic.help("keep one of them and name that; `materialize --dedupe` ships each only once"))
}
