//! The manifest formats of Bakehouse, read with the place of every value.
//!
//! A manifest is a file as somebody wrote it. This crate turns its text into typed structs whose values carry the byte
//! range they came from, and passes no judgement: what a value may be is decided by `bakehouse-codegen`, which sees all
//! manifests together. What cannot be represented at all (a syntax error, a number where a string belongs, an unknown
//! key) comes back as [`Problem`]s, all of a file at once.
//!
//! ```
//! let text = "slug = \"zoom\"\naliasses = [\"zoomvideo\"]";
//! let (manifest, problems) = bakehouse_manifest::native::parse_app(text);
//! assert_eq!(manifest.slug.expect("a slug").span.end, text.find('\n').expect("two lines"));
//! assert_eq!(problems[0].message, "unknown key `aliasses`");
//! assert_eq!(problems[0].help, "the nearest known key is `aliases`");
//! ```
//!
//! - [`HostManifest`]: `apps.manifest.toml`, one a host.
//! - [`AppManifest`]: one an app; read from `app.toml` by [`native`], from `config.json` by [`calcom`].
//! - [`Profile`](profile::Profile): what a host recorded of its use, for a bake to go by.

#[cfg(feature = "calcom")]
pub mod calcom;
mod cargo;
mod json;
pub mod names;
pub mod native;
mod nearest;
mod problem;
pub mod profile;
mod span;
mod types;
mod variables;

pub use cargo::CargoPackage;
pub use nearest::{certain, nearest};
pub use problem::{Fix, Problem};
pub use span::{Span, Spanned};
pub use types::{
    AppManifest, AssetSet, AssetsSection, Case, CheckSection, Dialect, HostManifest, HostSection, Metadata, Mode,
    Reference, Route, RoutesSection, Selection, TrailingSlash,
};
pub use variables::Variables;
