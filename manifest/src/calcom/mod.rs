//! The manifests of cal.com's app store: an app's `config.json` and `DESCRIPTION.md` in, the same [`AppManifest`] as
//! from an `app.toml` out, and the problems of each file.
//!
//! | there | here |
//! |---|---|
//! | `slug`, `name`, `description`, `publisher` | the same |
//! | `categories`, and `category` | categories |
//! | the last part of the folder's path, of `dirName`, and `type` | aliases |
//! | `dependencies` | `requires` |
//! | `logo` | a reference to a file below `static/`; stays in the metadata, too |
//! | the folder `static/` | a set of assets |
//! | `items` and images of `DESCRIPTION.md` | references to files below `static/` |
//! | a key that is a comment (`"/*"`) | left out, and told in `tolerated` |
//! | any other key | metadata |
//!
//! 1. `json`: text -> a tree with places, values that a key wants, and JSON again for the metadata.
//! 2. `manifest`: the keys.
//! 3. `description`, `front_matter`, `html`: the files that a description shows.
//! 4. `place`: what a file's name means.

mod description;
mod front_matter;
mod html;
mod json;
mod manifest;
mod place;

use crate::{AppManifest, Problem};

/// The file in an app's folder that describes it for people.
pub const DESCRIPTION_NAME: &str = "DESCRIPTION.md";

/// Reads the manifest of an app, and what its description refers to.
///
/// - `folder`: the app's folder below the root of the apps, with `/` between its parts.
/// - `file_name`: the manifest's file name, for what it refers to.
/// - `text`: the manifest's text.
/// - `description`: the text of [`DESCRIPTION_NAME`], if there is one.
/// - `has_static`: whether the app has a folder `static`.
///
/// Gives the problems of the manifest and then those of the description, each sorted by place. What could not be read is
/// left out of the manifest and told in the problems; without problems, it is complete.
pub fn parse_app(
    folder: &str,
    file_name: &str,
    text: &str,
    description: Option<&str>,
    has_static: bool,
) -> (AppManifest, Vec<Problem>, Vec<Problem>) {
    let (mut manifest, problems) = manifest::read(folder, file_name, text, has_static);
    let (references, described) = description.map(|text| description::read(folder, text)).unwrap_or_default();
    manifest.references.extend(references);
    (manifest, problems, described)
}
