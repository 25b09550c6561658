//! The byte layout that `bakehouse-codegen` writes and this crate reads. `docs/table-format.md` shows it with a hexdump.
//!
//! Everything is little-endian. A *word* is a `u32`; 64-bit numbers are two words, the low one first. The image is a
//! header, a directory of sections, and the sections, each at an offset that is a multiple of 8. A *text* is two words,
//! offset and length, into [`Section::Text`]; a *path* is the same into [`Section::Paths`]; a *list* is two words, the
//! index of its first word in [`Section::Lists`] and the number of its items.

/// The first eight bytes of every table.
pub const MAGIC: [u8; 8] = *b"bakehse\0";
/// The version of the format. A table of another version is refused.
pub const VERSION: u32 = 3;
/// The most segments of a pattern.
pub const MAX_SEGMENTS: usize = 64;
/// The most bytes of a pattern.
pub const MAX_PATTERN: usize = 16_000;
/// The most nodes and routes of the route index that one path may have looked at. A host of 10,000 apps with unlike
/// patterns needs a few dozen.
pub const MAX_PROBES: u32 = 65_536;
/// How many nodes of the route index may stand one behind the other: each tests something else of a path.
pub const MAX_DEPTH: usize = 512;
/// Stands where a word names no record.
pub const NONE: u32 = u32::MAX;
/// Where the content hash (XXH3, 64 bits, seed 0) is; it covers everything behind it.
pub const HASH_OFFSET: usize = 24;
/// Where the directory begins: for each [`Section`] in order, two words: offset and length in bytes.
pub const DIRECTORY_OFFSET: usize = 32;

/// The parts of a table, in the order of the directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[repr(usize)]
pub enum Section {
    /// UTF-8 that texts point into.
    Text,
    /// Bytes that paths point into; file names need not be UTF-8.
    Paths,
    /// One record of what holds for the whole host.
    Host,
    /// A record an app, sorted by slug.
    Apps,
    /// Words that lists point into.
    Lists,
    /// The displacements of the perfect hash over names: two words each.
    Displacements,
    /// Names (slugs and aliases) in the order of the perfect hash.
    Names,
    /// Where each route's record is in [`Section::Routes`]: those of one app together, a route's number being its place here.
    RouteOffsets,
    /// A record a route, of unequal lengths, in order of precedence.
    Routes,
    /// A bit for each literal pattern, see [`hash::note`](super::hash::note): most paths that are not one lack it. Empty
    /// where all patterns are literal.
    Filter,
    /// The nodes of the route index but for the root, each before those that it leads to.
    Nodes,
    /// The pilots of the perfect hashes of nodes: a byte each.
    Pilots,
    /// The slots of the perfect hashes of nodes.
    Slots,
    /// Lists of routes: how many, and their offsets in [`Section::Routes`], ascending.
    Leaves,
    /// The link plan, sorted by public path.
    Links,
    /// App numbers, every app behind all that it requires.
    LoadOrder,
    /// App numbers, each once: apps that were used most, for a host to load before they are needed. Empty without a profile.
    WarmUp,
    /// For each app a JSON object; a section of its own so that what `find` touches stays close together.
    Policies,
}

impl Section {
    /// Every section, in the order of the directory.
    pub const ALL: [Self; 18] = [
        Self::Text,
        Self::Paths,
        Self::Host,
        Self::Apps,
        Self::Lists,
        Self::Displacements,
        Self::Names,
        Self::RouteOffsets,
        Self::Routes,
        Self::Filter,
        Self::Nodes,
        Self::Pilots,
        Self::Slots,
        Self::Leaves,
        Self::Links,
        Self::LoadOrder,
        Self::WarmUp,
        Self::Policies,
    ];

    /// How many bytes one record of the section has; 1 for bytes.
    pub const fn record_len(self) -> usize {
        4 * match self {
            Self::Text | Self::Paths | Self::Filter | Self::Pilots | Self::Policies => return 1,
            Self::Host => host::WORDS,
            Self::Apps => app::WORDS,
            // Records of routes are as long as they say, a number of words.
            Self::Lists | Self::RouteOffsets | Self::Routes | Self::Leaves | Self::LoadOrder | Self::WarmUp => 1,
            Self::Displacements => 2,
            Self::Names => name::WORDS,
            Self::Nodes => node::WORDS,
            Self::Slots => slot::WORDS,
            Self::Links => link::WORDS,
        }
    }
}

/// Where the root of the route index is: a record as in [`Section::Nodes`]. It tests the whole path.
pub const ROOT_OFFSET: usize = DIRECTORY_OFFSET + Section::ALL.len() * 8;
/// Where the word of flags is, see [`flags`].
pub const FLAGS_OFFSET: usize = ROOT_OFFSET + node::WORDS * 4;
/// Where the word is that says what the hash of a literal path is made of, see [`Sample`](super::hash::Sample).
pub const SAMPLE_OFFSET: usize = FLAGS_OFFSET + 4;
/// Where the lengths of literal patterns are: 64 bits, of which bit `n` says that there is one whose path, without a slash at
/// its end, has a length that leaves `n` when divided by 64. Beside patterns of other kinds, a path of another length is
/// not looked up among them.
pub const LENGTHS_OFFSET: usize = SAMPLE_OFFSET + 4;
/// The length of all that comes before the first section.
pub const HEADER_LEN: usize = LENGTHS_OFFSET + 8;

/// What holds for every path.
pub mod flags {
    /// Bits 0 and 1: what a slash at the end of a path means (0 strict, 1 ignore, 2 redirect).
    pub const SLASHES: u32 = 3;
    /// Bit 2: the case of ASCII letters does not count.
    pub const CASE_INSENSITIVE: u32 = 4;
}

/// Words of the record in [`Section::Host`].
pub mod host {
    /// Text: the host's name.
    pub const NAME: usize = 0;
    /// Text: the default public folder, relative to the host manifest.
    pub const PUBLIC: usize = 2;
    /// No path has more nodes and routes of the route index looked at than this; at most
    /// [`MAX_PROBES`](super::MAX_PROBES).
    pub const PROBE_BOUND: usize = 4;
    /// 64 bits: the key of the perfect hash over names.
    pub const NAMES_KEY: usize = 5;
    /// 64 bits: the hash of the link plan.
    pub const LINKS_HASH: usize = 7;
    /// List of app numbers: the apps with code, in the load order.
    pub const WITH_CODE: usize = 9;
    /// The length of the record; the last word is zero.
    pub const WORDS: usize = 12;
}

/// Words of a record in [`Apps`](super::Section::Apps).
pub mod app {
    /// Text.
    pub const SLUG: usize = 0;
    /// Text.
    pub const NAME: usize = 2;
    /// Text: the app's folder, relative to the folder of the apps; empty where that is not UTF-8.
    pub const FOLDER: usize = 4;
    /// Text.
    pub const DESCRIPTION: usize = 6;
    /// Text.
    pub const PUBLISHER: usize = 8;
    /// Text: the path of the constructor; empty for an app without code.
    pub const ENTRY: usize = 10;
    /// List of texts.
    pub const ALIASES: usize = 12;
    /// List of texts.
    pub const CATEGORIES: usize = 14;
    /// List of app numbers.
    pub const REQUIRES: usize = 16;
    /// List of app numbers.
    pub const USES: usize = 18;
    /// The first route's number and how many follow.
    pub const ROUTES: usize = 20;
    /// List of link numbers.
    pub const LINKS: usize = 22;
    /// Offset and length in [`Policies`](super::Section::Policies).
    pub const POLICY: usize = 24;
    /// 64 bits: the hash of everything that the manifest says of the app.
    pub const HASH: usize = 26;
    /// Bit 0: core. Bit 1: enabled. Bit 2: has lazy assets.
    pub const FLAGS: usize = 28;
    /// How many segments of each of the app's patterns are what the host puts before them.
    pub const PREFIX: usize = 29;
    /// The length of the record.
    pub const WORDS: usize = 30;

    /// In [`FLAGS`]: loaded at start.
    pub const CORE: u32 = 1;
    /// In [`FLAGS`]: on unless the environment says otherwise.
    pub const ENABLED: u32 = 2;
    /// In [`FLAGS`]: some entry of the link plan that belongs to it is lazy.
    pub const LAZY: u32 = 4;
}

/// Words of a record in [`Names`](super::Section::Names).
pub mod name {
    /// Text: a slug or an alias, at most [`MAX_LEN`] bytes.
    pub const TEXT: usize = 0;
    /// The number of its app.
    pub const APP: usize = 2;
    /// The length of the record.
    pub const WORDS: usize = 3;

    /// The most bytes of a slug or an alias.
    pub const MAX_LEN: usize = 128;
}

/// Words of a record in [`Routes`](super::Section::Routes).
///
/// Behind them come, if its flags say so, the methods (64 bits, as [`Methods::bits`](crate::Methods::bits)) and the
/// preloads (a list of app numbers); then the [steps](super::step) of the pattern, a word each; then its text,
/// variables filled in, and zeros up to a whole number of words.
pub mod route {
    /// The route's number.
    pub const ID: usize = 0;
    /// The number of its app.
    pub const APP: usize = 1;
    /// Bit 0: it has methods; else it serves all. Bit 1: it has preloads. Bits 2 to 4: how many words come before the steps.
    /// Bits 5 to 17: how many steps there are. Bits 18 to 31: the length of the text.
    pub const SHAPE: usize = 2;
    /// How many words every record has.
    pub const WORDS: usize = 3;

    /// In [`SHAPE`]: two words of methods follow.
    pub const HAS_METHODS: u32 = 1;
    /// In [`SHAPE`]: a list of preloads follows.
    pub const HAS_PRELOAD: u32 = 2;
    /// In [`SHAPE`]: how far the number of words before the steps is shifted.
    pub const BEFORE_SHIFT: u32 = 2;
    /// The most words before the steps.
    pub const MAX_BEFORE: u32 = 7;
    /// In [`SHAPE`]: how far the number of steps is shifted.
    pub const STEPS_SHIFT: u32 = 5;
    /// The most steps.
    pub const MAX_STEPS: u32 = 0x1fff;
    /// In [`SHAPE`]: how far the length of the text is shifted.
    pub const LEN_SHIFT: u32 = 18;
}

/// Words of a record in [`Nodes`](super::Section::Nodes).
///
/// A node tests something of a path and looks for its hash among the slots of a perfect hash; see [`hash`](super::hash).
/// The slot that has the hash's fingerprint leads on; where there is none, the path goes to [`REST`](node::REST). Every route
/// that a path may match is behind one of the two, or the node is one where the rest is searched in any case. So a wrong
/// slot, found by a hash that happens to be alike, costs time and never a route.
pub mod node {
    /// Bits 0 to 2: what is tested, a [`test`](super::test). Bit 3: [`ALWAYS`]. Bits 8 to 15: the number of the segment. Bits 16
    /// to 31: how many of its bytes.
    pub const TEST: usize = 0;
    /// The place of the first pilot in [`Pilots`](super::Section::Pilots); without buckets the pilot itself.
    pub const PILOTS: usize = 1;
    /// How many buckets the perfect hash has, a power of two; 0 if one pilot is for all.
    pub const BUCKETS: usize = 2;
    /// The first slot in [`Slots`](super::Section::Slots) and how many follow; at least one.
    pub const SLOTS: usize = 3;
    /// The *target* where no slot fits, or [`NONE`](super::NONE).
    pub const REST: usize = 5;
    /// The least offset of a route behind [`REST`]: what was found before it need not be searched for there.
    pub const FIRST: usize = 6;
    /// The length of the record; the last word is zero.
    pub const WORDS: usize = 8;

    /// In [`TEST`]: the rest is searched too where a slot fits.
    pub const ALWAYS: u32 = 8;
    /// In [`TEST`]: how far the number of the segment is shifted.
    pub const SEGMENT_SHIFT: u32 = 8;
    /// In [`TEST`]: how far the number of bytes is shifted.
    pub const BYTES_SHIFT: u32 = 16;
}

/// What a [`node`] tests. A segment that a path does not have has the hash [`ABSENT`](test::ABSENT).
pub mod test {
    /// The whole path.
    pub const PATH: u32 = 0;
    /// How many segments there are: the hash is that of the number.
    pub const COUNT: u32 = 1;
    /// A whole segment.
    pub const SEGMENT: u32 = 2;
    /// The first bytes of a segment; all if it has fewer.
    pub const PREFIX: u32 = 3;
    /// The last bytes of a segment; all if it has fewer.
    pub const SUFFIX: u32 = 4;
    /// The bits of a node's word that say which.
    pub const KIND: u32 = 7;
    /// The hash of a segment that is not there.
    pub const ABSENT: u64 = super::super::hash::number(u64::MAX);
}

/// Where a node leads: a word whose two low bits tell what the others are.
pub mod target {
    /// The offset of a record in [`Routes`](super::Section::Routes).
    pub const ROUTE: u32 = 0;
    /// The number of a node, shifted.
    pub const NODE: u32 = 1;
    /// The place of a list in [`Leaves`](super::Section::Leaves), shifted.
    pub const LEAF: u32 = 2;
    /// The bits that tell which.
    pub const TAG: u32 = 3;
    /// How far numbers and places are shifted.
    pub const SHIFT: u32 = 2;
}

/// Words of a record in [`Slots`](super::Section::Slots).
pub mod slot {
    /// The [fingerprint](super::super::hash::fingerprint) of the key.
    pub const FINGERPRINT: usize = 0;
    /// The target, or [`NONE`](super::NONE) in an empty slot.
    pub const TARGET: usize = 1;
    /// The length of the record.
    pub const WORDS: usize = 2;
}

/// Words of a record in [`Links`](super::Section::Links).
pub mod link {
    /// The number of its app.
    pub const APP: usize = 0;
    /// Path: its place in the public folder.
    pub const PUBLIC: usize = 1;
    /// Path: what it shows, relative to the folder of the apps.
    pub const SOURCE: usize = 3;
    /// List of paths: the files of a folder.
    pub const FILES: usize = 5;
    /// Bit 0: a folder. Bits 1 and 2: the mode (0 auto, 1 symlink, 2 hard link, 3 copy). Bit 3: critical. Bit 4: lazy.
    pub const FLAGS: usize = 7;
    /// The length of the record.
    pub const WORDS: usize = 8;

    /// In [`FLAGS`]: stands for a whole folder.
    pub const FOLDER: u32 = 1;
    /// In [`FLAGS`]: how far the mode is shifted.
    pub const MODE_SHIFT: u32 = 1;
    /// In [`FLAGS`]: in place before the host answers.
    pub const CRITICAL: u32 = 8;
    /// In [`FLAGS`]: made when the app loads or the asset is first asked for.
    pub const LAZY: u32 = 16;
}
