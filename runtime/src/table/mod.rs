//! The baked image, read in place: nothing is parsed, copied or allocated when a host starts.
//!
//! A table comes from the binary ([`Table::baked`]) or from a file ([`Table::parse`]), which is validated whole before
//! anything reads it. [`layout`] is the format; `bakehouse-codegen` writes it and reads every bake back.

mod error;
pub mod hash;
pub mod layout;
mod link;
mod read;
mod record;
pub mod step;
mod validate;

use std::fmt;

pub use error::TableError;
pub use link::{LinkKind, LinkMode, PlannedLink};
pub use record::{AppRecord, RouteRecord};

pub(crate) use read::Record;
pub(crate) use record::{Program, is_equal};

use self::layout::{HASH_OFFSET, Section, flags, host, name};
use self::read::Image;
use crate::{AppId, RouteId};

/// What a slash at the end of a path means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum TrailingSlash {
    /// A path with it is another path.
    Strict,
    /// A path that nothing matches is tried in its other form.
    Ignore,
    /// As `Ignore`, but the answer sends the client to the form that the pattern has.
    Redirect,
}

/// Bytes aligned as a table wants them; what generated code wraps `include_bytes!` in.
#[derive(Debug)]
#[repr(C, align(8))]
pub struct Aligned<T: ?Sized>(pub T);

/// A baked table: the apps of a host, their routes and the link plan.
#[derive(Clone, Copy)]
pub struct Table<'t> {
    image: Image<'t>,
}

impl Table<'static> {
    /// The table that a build script baked into this binary and read back when it did.
    ///
    /// Costs nothing: no byte is looked at. Every later read is bounds-checked, so that bytes which are no table give
    /// empty answers; for bytes of unknown origin there is [`Table::parse`].
    pub const fn baked(bytes: &'static [u8]) -> Self {
        Self { image: Image { bytes } }
    }
}

impl<'t> Table<'t> {
    /// The table in `bytes`, validated whole.
    ///
    /// # Errors
    /// If the bytes are not a table, are one of another format version, are cut short or altered, or are inconsistent.
    pub fn parse(bytes: &'t [u8]) -> Result<Self, TableError> {
        let table = Self { image: Image { bytes } };
        validate::validate(table)?;
        Ok(table)
    }

    /// The image itself.
    #[inline]
    pub fn as_bytes(self) -> &'t [u8] {
        self.image.bytes
    }

    /// The hash of the whole content.
    pub fn hash(self) -> u64 {
        self.image.double_at(HASH_OFFSET)
    }

    /// The host's name.
    pub fn host_name(self) -> &'t str {
        self.host().text(host::NAME)
    }

    /// The public folder that the manifest names, relative to the host manifest.
    pub fn public(self) -> &'t str {
        self.host().text(host::PUBLIC)
    }

    /// What a slash at the end of a path means.
    pub fn trailing_slash(self) -> TrailingSlash {
        match self.flags() & flags::SLASHES {
            0 => TrailingSlash::Strict,
            1 => TrailingSlash::Ignore,
            _ => TrailingSlash::Redirect,
        }
    }

    /// Whether the case of ASCII letters in a path does not count.
    pub fn ignores_case(self) -> bool {
        self.flags() & flags::CASE_INSENSITIVE != 0
    }

    /// No path has more nodes and routes of the route index looked at than this; see [`Table::probes`].
    pub fn probe_bound(self) -> u32 {
        self.host().word(host::PROBE_BOUND)
    }

    /// How many apps there are.
    pub fn n_apps(self) -> usize {
        self.image.count(Section::Apps)
    }

    /// Every app, sorted by slug.
    pub fn apps(self) -> impl ExactSizeIterator<Item = AppRecord<'t>> + Clone + use<'t> {
        (0..self.n_apps()).map(move |idx| self.app(AppId(idx_u32(idx))))
    }

    /// The app with a number of this table. A number of another table gives some app or an empty record, never a panic.
    pub fn app(self, id: AppId) -> AppRecord<'t> {
        AppRecord::new(self, id)
    }

    /// The app with that slug or alias.
    pub fn resolve(self, wanted: &str) -> Option<AppRecord<'t>> {
        let n_names = self.image.count(Section::Names);
        let n_displacements = u32::try_from(self.image.count(Section::Displacements)).unwrap_or(0);
        if n_names == 0 || n_displacements == 0 {
            return None;
        }
        let hashes = phf_shared::hash(wanted, &self.host().double(host::NAMES_KEY));
        let pair = self.image.record(Section::Displacements, hashes.g % n_displacements);
        let slot = phf_shared::displace(hashes.f1, hashes.f2, pair.word(0), pair.word(1)) % idx_u32(n_names);
        let found = self.image.record(Section::Names, slot);
        (found.text_bytes(name::TEXT) == wanted.as_bytes()).then(|| self.app(AppId(found.word(name::APP))))
    }

    /// How many routes there are.
    pub fn n_routes(self) -> usize {
        self.image.count(Section::RouteOffsets)
    }

    /// Every route, those of one app together.
    pub fn routes(self) -> impl ExactSizeIterator<Item = RouteRecord<'t>> + Clone + use<'t> {
        (0..self.n_routes()).map(move |idx| self.route(RouteId(idx_u32(idx))))
    }

    /// The route with a number of this table.
    pub fn route(self, id: RouteId) -> RouteRecord<'t> {
        RouteRecord::new(self, id)
    }

    /// How many entries the link plan has.
    pub fn n_links(self) -> usize {
        self.image.count(Section::Links)
    }

    /// The link plan, sorted by public path.
    pub fn links(self) -> impl ExactSizeIterator<Item = PlannedLink<'t>> + Clone + use<'t> {
        (0..self.n_links()).map(move |idx| link::planned_link(self, idx_u32(idx)))
    }

    /// The hash of the link plan alone; equal in two tables whose plans are equal.
    pub fn links_hash(self) -> u64 {
        self.host().double(host::LINKS_HASH)
    }

    /// Every app behind all that it requires.
    pub fn load_order(self) -> impl ExactSizeIterator<Item = AppId> + Clone + use<'t> {
        (0..self.image.count(Section::LoadOrder))
            .map(move |idx| AppId(self.image.record(Section::LoadOrder, idx_u32(idx)).word(0)))
    }

    /// The apps that were used most, those first that were used by more runs and more often; for a host to load before they
    /// are needed. None unless a profile was baked in.
    pub fn warm_up(self) -> impl ExactSizeIterator<Item = AppId> + Clone + use<'t> {
        (0..self.image.count(Section::WarmUp))
            .map(move |idx| AppId(self.image.record(Section::WarmUp, idx_u32(idx)).word(0)))
    }

    /// The apps that have code, each behind all that it requires.
    pub fn with_code(self) -> impl ExactSizeIterator<Item = AppId> + Clone + use<'t> {
        self.host().numbers(host::WITH_CODE).map(AppId)
    }

    fn flags(self) -> u32 {
        self.image.word_at(layout::FLAGS_OFFSET)
    }

    fn host(self) -> Record<'t> {
        self.image.record(Section::Host, 0)
    }

    pub(crate) fn section(self, section: Section) -> &'t [u8] {
        self.image.section(section)
    }
}

/// An index into a section, which a table keeps below 2^32.
fn idx_u32(idx: usize) -> u32 {
    u32::try_from(idx).unwrap_or(layout::NONE)
}

impl fmt::Debug for Table<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Table")
            .field("host", &self.host_name())
            .field("apps", &self.n_apps())
            .field("routes", &self.n_routes())
            .field("links", &self.n_links())
            .finish_non_exhaustive()
    }
}
