//! Bakehouse's own manifests: the text of an `apps.manifest.toml` or an `app.toml` in, the typed manifest and every
//! problem of the file out, sorted by place.
//!
//! 1. `document`: text -> a tree with spans, and the syntax problems.
//! 2. `table`: a reader that takes known keys from a table, and reports the rest.
//! 3. `host`, `app`: the keys of the two formats.
//! 4. `metadata`: `[metadata]` -> JSON; `pictures`: the files of the app that it names.

mod app;
mod document;
mod host;
mod metadata;
mod pictures;
mod reader;
mod table;

use crate::{AppManifest, HostManifest, Problem};

/// Reads the manifest of a host.
///
/// What could not be read is left out of the manifest and told in the problems; without problems, it is complete.
pub fn parse_host(text: &str) -> (HostManifest, Vec<Problem>) {
    document::read(text, host::read)
}

/// Reads the manifest of an app.
///
/// What could not be read is left out of the manifest and told in the problems; without problems, it is complete.
pub fn parse_app(text: &str) -> (AppManifest, Vec<Problem>) {
    document::read(text, app::read)
}
