//! The rules about what is in assets. They read files, which costs more than all other rules, so a build has them only if
//! the host asks for them.

mod asset_type;
mod equal_assets;
mod kind;

use std::path::Path;

use crate::diagnostics::Diagnostic;
use crate::model::{App, AssetSet, Model};
use crate::scan::Assets;

/// An asset as it lies in an app's folder.
#[derive(Clone, Copy)]
struct Asset<'m> {
    app: &'m App,
    set: &'m AssetSet,
    /// Where it really lies, relative to the app's folder.
    source: &'m [u8],
}

/// What a rule about contents is named by where a host asks for it.
pub(crate) const ASSET_TYPE: &str = "asset-type";

/// Looks at the first bytes of every asset.
pub(crate) fn check(model: &Model, root: &Path, diagnostics: &mut Vec<Diagnostic>) {
    asset_type::check(model, root, diagnostics);
}

/// Looks at every byte of the assets that could be equal.
pub(crate) fn check_deep(model: &Model, root: &Path, diagnostics: &mut Vec<Diagnostic>) {
    equal_assets::check(model, root, diagnostics);
}

fn assets(model: &Model) -> impl Iterator<Item = Asset<'_>> {
    let sets = model.apps.iter().flat_map(|app| app.assets.iter().map(move |set| (app, set)));
    sets.flat_map(|(app, set)| {
        let sources: Vec<&[u8]> = match &set.found {
            Assets::File(source) => vec![source],
            Assets::Folder(folder) => folder.files.iter().map(|file| file.source.as_slice()).collect(),
            _ => Vec::new(),
        };
        sources.into_iter().map(move |source| Asset { app, set, source })
    })
}
