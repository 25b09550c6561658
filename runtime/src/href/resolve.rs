//! References of an app to its own routes and assets, resolved by the table that its host goes by.

use super::error::Kind;
use super::{AppAsset, AppRoute, Href, HrefError};
use crate::table::{AppRecord, LinkKind, PlannedLink, RouteRecord};

impl AppRecord<'_> {
    /// The address of a route of this app, behind what the host puts before patterns.
    ///
    /// # Errors
    /// If this table's app has no such route, or as [`fill`](super::fill).
    pub fn href<const N: usize>(self, route: &AppRoute<N>) -> Result<Href, HrefError> {
        let n_prefix = self.n_prefix_segments();
        let mut patterns = self.routes().map(RouteRecord::pattern);
        let pattern = patterns.find(|pattern| behind(pattern, n_prefix) == Some(route.pattern));
        let no_route = || Kind::NoRoute { app: self.slug().to_owned(), pattern: route.pattern.to_owned() };
        route.fill_in(pattern.ok_or_else(|| HrefError::new(no_route()))?)
    }

    /// The address of an asset of this app, with the version that the app was compiled with.
    ///
    /// # Errors
    /// If the link plan of this table does not have it.
    pub fn asset(self, asset: AppAsset) -> Result<Href, HrefError> {
        let source = [self.folder().as_bytes(), b"/", asset.source.as_bytes()].concat();
        let public = self.links().find_map(|link| public_of(&link, &source));
        let no_asset = || Kind::NoAsset { app: self.slug().to_owned(), source: asset.source.to_owned() };
        let public = public.ok_or_else(|| HrefError::new(no_asset()))?;
        Ok(Href::of_public(&public).with_version(asset.version))
    }
}

/// What stands behind so many segments of a pattern.
fn behind(pattern: &str, n_segments: usize) -> Option<&str> {
    let slash = pattern.match_indices('/').nth(n_segments)?.0;
    pattern.get(slash..)
}

/// The place in the public folder of a file below the folder of the apps; none if the link does not show it.
fn public_of(link: &PlannedLink<'_>, source: &[u8]) -> Option<Vec<u8>> {
    let below = source.strip_prefix(link.source)?;
    let is_shown = match link.kind {
        LinkKind::File => below.is_empty(),
        LinkKind::Folder => below.strip_prefix(b"/").is_some_and(|file| link.files.contains(&file)),
    };
    is_shown.then(|| [link.public, below].concat())
}
