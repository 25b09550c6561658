//! Records of a table: apps, routes and planned links.

use std::fmt;

use super::Table;
use super::layout::{NONE, Section, app, route};
use super::link::{PlannedLink, planned_link};
use super::read::Record;
use crate::{AppId, Methods, RouteId};

/// What the table says of an app.
#[derive(Clone, Copy)]
pub struct AppRecord<'t> {
    table: Table<'t>,
    id: AppId,
    record: Record<'t>,
}

impl<'t> AppRecord<'t> {
    pub(super) fn new(table: Table<'t>, id: AppId) -> Self {
        Self { table, id, record: table.image.record(Section::Apps, id.0) }
    }

    /// The table that has it.
    pub fn table(self) -> Table<'t> {
        self.table
    }

    /// Its number in this table.
    pub fn id(self) -> AppId {
        self.id
    }

    /// Its name in paths: 1 to 128 bytes of `[a-z0-9]` runs joined by single `-`, `_` or `.`.
    pub fn slug(self) -> &'t str {
        self.record.text(app::SLUG)
    }

    /// Its name for people.
    pub fn name(self) -> &'t str {
        self.record.text(app::NAME)
    }

    /// Its folder, `/`-separated, relative to the folder of the apps.
    pub fn folder(self) -> &'t str {
        self.record.text(app::FOLDER)
    }

    /// A line about it; empty if the manifest has none.
    pub fn description(self) -> &'t str {
        self.record.text(app::DESCRIPTION)
    }

    /// Who publishes it; empty if the manifest does not say.
    pub fn publisher(self) -> &'t str {
        self.record.text(app::PUBLISHER)
    }

    /// The path of its constructor; none for an app without code.
    pub fn entry(self) -> Option<&'t str> {
        Some(self.record.text(app::ENTRY)).filter(|entry| !entry.is_empty())
    }

    /// Its other names in paths, in the order of the manifest.
    pub fn aliases(self) -> impl ExactSizeIterator<Item = &'t str> + Clone + use<'t> {
        self.record.texts(app::ALIASES)
    }

    /// What it is for.
    pub fn categories(self) -> impl ExactSizeIterator<Item = &'t str> + Clone + use<'t> {
        self.record.texts(app::CATEGORIES)
    }

    /// The apps that its manifest says are loaded before it.
    pub fn requires(self) -> impl ExactSizeIterator<Item = AppId> + Clone + use<'t> {
        self.record.numbers(app::REQUIRES).map(AppId)
    }

    /// The apps that it asks for when it needs them.
    pub fn uses(self) -> impl ExactSizeIterator<Item = AppId> + Clone + use<'t> {
        self.record.numbers(app::USES).map(AppId)
    }

    /// Its routes, in the order of the manifest.
    pub fn routes(self) -> impl ExactSizeIterator<Item = RouteRecord<'t>> + Clone + use<'t> {
        let first = self.record.word(app::ROUTES);
        let end = first.saturating_add(self.record.word(app::ROUTES + 1));
        let end = end.max(first).min(u32::try_from(self.table.n_routes()).unwrap_or(u32::MAX));
        let table = self.table;
        (first as usize..end as usize).map(move |idx| table.route(RouteId(u32::try_from(idx).unwrap_or(NONE))))
    }

    /// How many segments at the beginning of each of its patterns are the prefix that the host manifest gives all apps.
    pub fn n_prefix_segments(self) -> usize {
        self.record.word(app::PREFIX) as usize
    }

    /// Its entries of the link plan.
    pub fn links(self) -> impl ExactSizeIterator<Item = PlannedLink<'t>> + Clone + use<'t> {
        let table = self.table;
        self.record.numbers(app::LINKS).map(move |idx| planned_link(table, idx))
    }

    /// `[metadata]` as a JSON object.
    pub fn metadata(self) -> &'t str {
        let range = super::read::range(self.record.word(app::POLICY), self.record.word(app::POLICY + 1));
        let bytes = self.table.image.section(Section::Policies).get(range).unwrap_or_default();
        std::str::from_utf8(bytes).unwrap_or_default()
    }

    /// The hash of everything that the manifest says of it; equal in two tables if nothing about the app changed.
    pub fn hash(self) -> u64 {
        self.record.double(app::HASH)
    }

    /// Whether it is loaded at start.
    pub fn is_core(self) -> bool {
        self.record.word(app::FLAGS) & app::CORE != 0
    }

    /// Whether some of its entries of the link plan are lazy.
    pub fn has_lazy_links(self) -> bool {
        self.record.word(app::FLAGS) & app::LAZY != 0
    }

    /// Whether it is on unless the environment says otherwise.
    pub fn is_enabled(self) -> bool {
        self.record.word(app::FLAGS) & app::ENABLED != 0
    }
}

impl fmt::Debug for AppRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AppRecord").field("id", &self.id).field("slug", &self.slug()).finish_non_exhaustive()
    }
}

/// What the table says of a route.
#[derive(Clone, Copy)]
pub struct RouteRecord<'t> {
    table: Table<'t>,
    /// The record and what follows it.
    bytes: &'t [u8],
}

impl<'t> RouteRecord<'t> {
    /// The route with a number of the table, or an empty record.
    pub(super) fn new(table: Table<'t>, id: RouteId) -> Self {
        let offset = table.image.record(Section::RouteOffsets, id.0);
        let bytes =
            if offset.is_empty() { None } else { table.section(Section::Routes).get(offset.word(0) as usize..) };
        Self { table, bytes: bytes.unwrap_or_default() }
    }

    /// The route whose record begins there.
    #[inline]
    pub(crate) fn at(table: Table<'t>, bytes: &'t [u8]) -> Self {
        Self { table, bytes }
    }

    /// Its number in this table.
    #[inline]
    pub fn id(self) -> RouteId {
        RouteId(self.word(route::ID))
    }

    /// Its pattern, variables filled in.
    pub fn pattern(self) -> &'t str {
        std::str::from_utf8(self.program().text).unwrap_or_default()
    }

    /// The app that serves it.
    pub fn app(self) -> AppRecord<'t> {
        self.table.app(AppId(self.word(route::APP)))
    }

    /// The methods that it serves.
    #[inline]
    pub fn methods(self) -> Methods {
        if self.word(route::SHAPE) & route::HAS_METHODS == 0 {
            return Methods::ALL;
        }
        Methods::from_bits(u64::from(self.word(route::WORDS)) | u64::from(self.word(route::WORDS + 1)) << 32)
    }

    /// The apps that are loaded along with its own when it is entered.
    pub fn preload(self) -> impl ExactSizeIterator<Item = AppId> + Clone + use<'t> {
        self.table.image.numbers(self.preload_list()).map(AppId)
    }

    /// The first word of the list of its preloads, and their number.
    pub(super) fn preload_list(self) -> (u32, u32) {
        if self.word(route::SHAPE) & route::HAS_PRELOAD == 0 {
            return (0, 0);
        }
        // They come last of the words before the steps.
        self.words_before_steps().checked_sub(2).map_or((0, 0), |at| (self.word(at), self.word(at + 1)))
    }

    /// The table that has it.
    pub fn table(self) -> Table<'t> {
        self.table
    }

    #[inline]
    pub(super) fn word(self, idx: usize) -> u32 {
        self.bytes.get(idx * 4..).and_then(<[u8]>::first_chunk).map_or(0, |word| u32::from_le_bytes(*word))
    }

    #[inline]
    fn words_before_steps(self) -> usize {
        (self.word(route::SHAPE) >> route::BEFORE_SHIFT & route::MAX_BEFORE) as usize
    }

    /// The steps of the pattern, its text, and the text with what follows it.
    #[inline]
    pub(crate) fn program(self) -> Program<'t> {
        let shape = self.word(route::SHAPE);
        let behind = self.bytes.get(self.words_before_steps() * 4..).unwrap_or_default();
        let n_steps = (shape >> route::STEPS_SHIFT & route::MAX_STEPS) as usize;
        let (steps, behind) = behind.split_at_checked(n_steps * 4).unwrap_or_default();
        let text = behind.get(..(shape >> route::LEN_SHIFT) as usize).unwrap_or_default();
        Program { steps: steps.as_chunks().0, text, behind }
    }

    /// Whether the pattern is that text, without anything to be said of it, and the route serves all methods.
    #[inline]
    pub(crate) fn is_plainly(self, path: &[u8]) -> bool {
        const BEFORE: usize = route::WORDS * 4;
        // A shape that is nothing but a length.
        let plain = route::WORDS << route::BEFORE_SHIFT | path.len() << route::LEN_SHIFT;
        let text = self.bytes.get(BEFORE..BEFORE + path.len());
        self.word(route::SHAPE) as usize == plain && text.is_some_and(|text| is_equal(text, path))
    }

    /// The record of its app.
    pub(super) fn app_record(self) -> Record<'t> {
        self.table.image.record(Section::Apps, self.word(route::APP))
    }

    /// Whether all that it says it has is there.
    pub(super) fn is_whole(self) -> bool {
        let shape = self.word(route::SHAPE);
        let Program { steps, text, .. } = self.program();
        let n_pairs = (shape & (route::HAS_METHODS | route::HAS_PRELOAD)).count_ones() as usize;
        let is_whole = self.words_before_steps() == route::WORDS + 2 * n_pairs
            && steps.len() == (shape >> route::STEPS_SHIFT & route::MAX_STEPS) as usize
            && text.len() == (shape >> route::LEN_SHIFT) as usize;
        is_whole && self.len() <= self.bytes.len()
    }

    /// How many bytes the record takes.
    pub(super) fn len(self) -> usize {
        let Program { steps, text, .. } = self.program();
        ((self.words_before_steps() + steps.len()) * 4 + text.len()).next_multiple_of(4)
    }
}

/// What a pattern is compared by.
#[derive(Clone, Copy)]
pub(crate) struct Program<'t> {
    pub(crate) steps: &'t [[u8; 4]],
    pub(crate) text: &'t [u8],
    /// The text and what follows it, so that more may be read at once than it has.
    pub(crate) behind: &'t [u8],
}

/// Whether two texts of one length are equal. Most are so short that a call of `memcmp` takes longer than this.
#[inline]
pub(crate) fn is_equal(a: &[u8], b: &[u8]) -> bool {
    let (Some((first_a, last_a)), Some((first_b, last_b))) = (ends(a), ends(b)) else {
        return a == b;
    };
    let differ = (first_a ^ first_b) | (last_a ^ last_b);
    // Those in between too, if there are any.
    differ == 0 && (a.len() <= 32 || a == b)
}

/// The first and the last sixteen bytes.
#[inline]
fn ends(bytes: &[u8]) -> Option<(u128, u128)> {
    Some((u128::from_ne_bytes(*bytes.first_chunk()?), u128::from_ne_bytes(*bytes.last_chunk()?)))
}

impl fmt::Debug for RouteRecord<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RouteRecord").field("id", &self.id()).field("pattern", &self.pattern()).finish_non_exhaustive()
    }
}
