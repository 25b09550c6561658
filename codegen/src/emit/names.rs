//! What `route!` and `asset!` may name, for the macros to read.

use bakehouse_manifest::names::{NamedAsset, Names};

use crate::model::Model;
use crate::plan::links::{Placement, placements};

/// The name of the file, beside the table.
pub(crate) const NAMES_FILE: &str = "bakehouse.names";

/// The routes and assets of what was baked, by the folder of the apps. Without a model, manifests are wrong.
pub(crate) fn names(root: &str, model: Option<&Model>) -> Names {
    let Some(model) = model else { return Names { root: root.to_owned(), ..Names::default() } };
    let routes = model.apps.iter().flat_map(|app| &app.routes).map(|route| route.text.clone()).collect();
    let mut placements = placements(model);
    // Of the places that one asset has, the first is where it is; they are in the order of places so far.
    placements.retain(|placement| placement.to == 0);
    placements.sort_by_key(|placement| placement.app);
    let assets = placements.iter().filter_map(|placement| named(model, placement)).collect();
    Names { root: root.to_owned(), is_whole: true, routes, assets }
}

/// None for what is not UTF-8, which no literal can name.
fn named(model: &Model, placement: &Placement<'_>) -> Option<NamedAsset> {
    let app = model.apps.get(placement.app)?;
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok();
    Some(NamedAsset {
        slug: app.slug.value.clone(),
        folder: app.folder.clone(),
        source: text(&placement.source)?,
        name: text(placement.name)?,
        public: text(&placement.public)?,
    })
}
