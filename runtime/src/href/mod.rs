//! Addresses on the host: what `route!` and `asset!` make of a pattern and of an asset's place.
//!
//! In the package that bakes, the macros know the table and give an [`Href`]. In an app's crate they know the app's own
//! manifest alone and give an [`AppRoute`] or an [`AppAsset`], which [`AppRecord`](crate::table::AppRecord) turns into one:
//! the prefix of patterns and the places of assets are the host's to decide.

mod encode;
mod error;
mod fill;
mod resolve;

use std::borrow::Cow;
use std::fmt;

pub use error::HrefError;
pub use fill::fill;

/// The path of a route or an asset on its host, percent-encoded, with a query where an asset's version is known.
///
/// ```
/// use bakehouse_runtime::href::Href;
///
/// const ICON: Href = Href::from_static("/app-assets/zoom/icon.svg?v=9a3f0c21d4e5b687");
/// assert_eq!(format!("<img src=\"{ICON}\">"), "<img src=\"/app-assets/zoom/icon.svg?v=9a3f0c21d4e5b687\">");
/// ```
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Href(Cow<'static, str>);

impl Href {
    /// An address that is known already, encoded as it has to be.
    pub const fn from_static(href: &'static str) -> Self {
        Self(Cow::Borrowed(href))
    }

    /// The address of a file at a place in the public folder: bytes as the file system has them, `/`-separated.
    ///
    /// ```
    /// use bakehouse_runtime::href::Href;
    ///
    /// assert_eq!(Href::of_public(b"app-assets/a b/100%.svg").as_str(), "/app-assets/a%20b/100%25.svg");
    /// ```
    pub fn of_public(public: &[u8]) -> Self {
        let mut href = String::with_capacity(public.len() + 1);
        href.push('/');
        encode::push_path(&mut href, public);
        Self(Cow::Owned(href))
    }

    /// With the hash of what the asset holds, by which a host knows that the address will never stand for anything else.
    #[must_use]
    pub fn with_version(self, version: &str) -> Self {
        Self(Cow::Owned(format!("{self}?v={version}")))
    }

    /// The address.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl AsRef<str> for Href {
    fn as_ref(&self) -> &str {
        self.as_str()
    }
}

impl From<Href> for String {
    fn from(href: Href) -> Self {
        href.0.into_owned()
    }
}

impl fmt::Display for Href {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A route of an app's own manifest, and what its params are to be: what `route!` makes in the app's crate.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AppRoute<const N: usize = 0> {
    pattern: &'static str,
    params: [(&'static str, String); N],
}

impl<const N: usize> AppRoute<N> {
    /// A route by its pattern, variables filled in, without what the host puts before it. `params` are names and values.
    pub const fn new(pattern: &'static str, params: [(&'static str, String); N]) -> Self {
        Self { pattern, params }
    }

    /// The pattern, variables filled in, without what the host puts before it.
    pub fn pattern(&self) -> &'static str {
        self.pattern
    }

    /// The address on a host that puts nothing before patterns, for tests.
    ///
    /// # Errors
    /// As [`fill`].
    pub fn href_without_prefix(&self) -> Result<Href, HrefError> {
        self.fill_in(self.pattern)
    }

    fn fill_in(&self, pattern: &str) -> Result<Href, HrefError> {
        let params = self.params.each_ref().map(|(name, value)| (*name, value.as_str()));
        fill(pattern, &params)
    }
}

/// An asset of an app's own manifest: what `asset!` makes in the app's crate.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct AppAsset {
    name: &'static str,
    source: &'static str,
    version: &'static str,
}

impl AppAsset {
    /// The asset `name` of its set. `source` is where it lies in the app's folder, `version` the hash of what it held
    /// when the app was compiled: 16 hexadecimal digits.
    pub const fn new(name: &'static str, source: &'static str, version: &'static str) -> Self {
        Self { name, source, version }
    }

    /// Its path in its set.
    pub fn name(self) -> &'static str {
        self.name
    }

    /// The hash of what it held when the app was compiled.
    pub fn version(self) -> &'static str {
        self.version
    }
}
