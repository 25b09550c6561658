//! The byte layout that `bakehouse-codegen` writes and this crate reads. `docs/table-format.md` shows it with a hexdump.
//!
//! Everything is little-endian. A *word* is a `u32`; 64-bit numbers are two words, the low one first. The image is a
//! header, a directory of sections, and the sections, each at an offset that is a multiple of 8. A *text* is two words,
//! offset and length, into [`Section::Text`]; a *path* is the same into [`Section::Paths`]; a *list* is two words, the
//! index of its first word in [`Section::Lists`] and the number of its items.

/// The first eight bytes of every table.
pub const MAGIC: [u8; 8] = *b"bakehse\0";
/// The version of the format. A table of another version is refused.
pub const VERSION: u32 = 1;
/// The most segments of a pattern: the depth of the route index is the depth of a recursion.
pub const MAX_SEGMENTS: usize = 64;
/// The most nodes of the route index that one path may visit. A host of 10,000 apps with unlike patterns needs a few dozen.
pub const MAX_VISITS: u32 = 65_536;
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
    /// A record a route, those of one app together.
    Routes,
    /// The nodes of the route index; node 0 is the root.
    Nodes,
    /// Edges for literal segments; those of one node together, sorted by text.
    Literals,
    /// Edges for segments of literal text around params; those of one node together, in order of precedence.
    Mixed,
    /// Route numbers that end at a node.
    Leaves,
    /// The link plan, sorted by public path.
    Links,
    /// App numbers, every app behind all that it requires.
    LoadOrder,
    /// For each app a JSON object; a section of its own so that what `find` touches stays close together.
    Policies,
}

impl Section {
    /// Every section, in the order of the directory.
    pub const ALL: [Self; 15] = [
        Self::Text,
        Self::Paths,
        Self::Host,
        Self::Apps,
        Self::Lists,
        Self::Displacements,
        Self::Names,
        Self::Routes,
        Self::Nodes,
        Self::Literals,
        Self::Mixed,
        Self::Leaves,
        Self::Links,
        Self::LoadOrder,
        Self::Policies,
    ];

    /// How many bytes one record of the section has; 1 for bytes.
    pub const fn record_len(self) -> usize {
        4 * match self {
            Self::Text | Self::Paths | Self::Policies => return 1,
            Self::Host => host::WORDS,
            Self::Apps => app::WORDS,
            Self::Lists | Self::Leaves | Self::LoadOrder => 1,
            Self::Displacements => 2,
            Self::Names => name::WORDS,
            Self::Routes => route::WORDS,
            Self::Nodes => node::WORDS,
            Self::Literals => literal::WORDS,
            Self::Mixed => mixed::WORDS,
            Self::Links => link::WORDS,
        }
    }
}

/// The length of header and directory in bytes.
pub const HEADER_LEN: usize = DIRECTORY_OFFSET + Section::ALL.len() * 8;

/// Words of the record in [`Section::Host`].
pub mod host {
    /// Text: the host's name.
    pub const NAME: usize = 0;
    /// Text: the default public folder, relative to the host manifest.
    pub const PUBLIC: usize = 2;
    /// Bits 0 and 1: trailing slashes (0 strict, 1 ignore, 2 redirect). Bit 2: the case of ASCII letters does not count.
    pub const FLAGS: usize = 4;
    /// No path visits more nodes of the route index than this; at most [`MAX_VISITS`](super::MAX_VISITS).
    pub const VISIT_BOUND: usize = 5;
    /// 64 bits: the key of the perfect hash over names.
    pub const NAMES_KEY: usize = 6;
    /// 64 bits: the hash of the link plan.
    pub const LINKS_HASH: usize = 8;
    /// List of app numbers: the apps with code, in the load order.
    pub const WITH_CODE: usize = 10;
    /// The length of the record.
    pub const WORDS: usize = 12;

    /// In [`FLAGS`]: the case of ASCII letters does not count.
    pub const CASE_INSENSITIVE: u32 = 4;
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
    /// The length of the record; the last word is zero.
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
pub mod route {
    /// Text: the pattern, variables filled in.
    pub const PATTERN: usize = 0;
    /// The number of its app.
    pub const APP: usize = 2;
    /// List of app numbers.
    pub const PRELOAD: usize = 3;
    /// 64 bits: the methods, as [`Methods::bits`](crate::Methods::bits).
    pub const METHODS: usize = 5;
    /// The length of the record.
    pub const WORDS: usize = 7;
}

/// Words of a record in [`Nodes`](super::Section::Nodes).
pub mod node {
    /// The first edge in [`Literals`](super::Section::Literals) and how many follow.
    pub const LITERALS: usize = 0;
    /// The first edge in [`Mixed`](super::Section::Mixed) and how many follow.
    pub const MIXED: usize = 2;
    /// The node behind a param, or [`NONE`](super::NONE).
    pub const PARAM: usize = 4;
    /// Routes that end here: the first in [`Leaves`](super::Section::Leaves) and how many follow.
    pub const LEAVES: usize = 5;
    /// Routes whose catch-all begins here: likewise.
    pub const CATCH_ALLS: usize = 7;
    /// The length of the record.
    pub const WORDS: usize = 9;
}

/// Words of a record in [`Literals`](super::Section::Literals).
pub mod literal {
    /// Text: the segment; in lower case where case does not count.
    pub const TEXT: usize = 0;
    /// The node behind it.
    pub const NODE: usize = 2;
    /// The length of the record.
    pub const WORDS: usize = 3;
}

/// Words of a record in [`Mixed`](super::Section::Mixed).
pub mod mixed {
    /// List of texts: what stands before the first param, between each two, and behind the last; the first and the last
    /// may be empty.
    pub const PIECES: usize = 0;
    /// The node behind it.
    pub const NODE: usize = 2;
    /// The length of the record.
    pub const WORDS: usize = 3;
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
