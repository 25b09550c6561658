//! Bounds-checked reads of the image.

use super::layout::{DIRECTORY_OFFSET, ROOT_OFFSET, Section};

/// The image, and how to get at its sections. Reading where nothing is gives zeros and empty slices: a table has been
/// validated, or was baked and verified, before anything here is asked of it.
#[derive(Clone, Copy)]
pub(super) struct Image<'t> {
    pub(super) bytes: &'t [u8],
}

impl<'t> Image<'t> {
    pub(super) fn word_at(self, offset: usize) -> u32 {
        self.bytes.get(offset..).and_then(<[u8]>::first_chunk).map_or(0, |word| u32::from_le_bytes(*word))
    }

    /// The 64-bit number at an offset.
    pub(super) fn double_at(self, offset: usize) -> u64 {
        u64::from(self.word_at(offset)) | u64::from(self.word_at(offset + 4)) << 32
    }

    pub(super) fn section(self, section: Section) -> &'t [u8] {
        let entry = DIRECTORY_OFFSET + section as usize * 8;
        self.bytes.get(range(self.word_at(entry), self.word_at(entry + 4))).unwrap_or_default()
    }

    pub(super) fn count(self, section: Section) -> usize {
        let entry = DIRECTORY_OFFSET + section as usize * 8;
        self.word_at(entry + 4) as usize / section.record_len()
    }

    pub(super) fn record(self, section: Section, idx: u32) -> Record<'t> {
        let start = (idx as usize).saturating_mul(section.record_len());
        let behind = self.section(section).get(start..).unwrap_or_default();
        Record { image: self, words: behind.get(..section.record_len()).unwrap_or_default() }
    }

    /// The root of the route index.
    pub(super) fn root(self) -> Record<'t> {
        let words = self.bytes.get(ROOT_OFFSET..ROOT_OFFSET + Section::Nodes.record_len()).unwrap_or_default();
        Record { image: self, words }
    }

    /// A text; checked UTF-8 in a validated table.
    pub(super) fn text(self, offset: u32, len: u32) -> &'t str {
        std::str::from_utf8(self.text_bytes(offset, len)).unwrap_or_default()
    }

    pub(super) fn text_bytes(self, offset: u32, len: u32) -> &'t [u8] {
        self.section(Section::Text).get(range(offset, len)).unwrap_or_default()
    }

    /// The words of a list: its first word and how many items of `item_words` words it has.
    fn list(self, (start, n_items): (u32, u32), item_words: usize) -> &'t [u8] {
        let start = (start as usize).saturating_mul(4);
        let len = (n_items as usize).saturating_mul(item_words * 4);
        self.section(Section::Lists).get(start..start.saturating_add(len)).unwrap_or_default()
    }

    /// The items of a list of numbers.
    pub(super) fn numbers(self, list: (u32, u32)) -> impl ExactSizeIterator<Item = u32> + Clone + use<'t> {
        self.list(list, 1).as_chunks::<4>().0.iter().map(|word| u32::from_le_bytes(*word))
    }

    pub(super) fn path(self, offset: u32, len: u32) -> &'t [u8] {
        self.section(Section::Paths).get(range(offset, len)).unwrap_or_default()
    }
}

/// The bytes from `start` on, `len` of them.
pub(super) fn range(start: u32, len: u32) -> std::ops::Range<usize> {
    let start = start as usize;
    start..start.saturating_add(len as usize)
}

/// One record of a section.
#[derive(Clone, Copy)]
pub(crate) struct Record<'t> {
    image: Image<'t>,
    words: &'t [u8],
}

impl<'t> Record<'t> {
    /// Whether there is no such record.
    pub(super) fn is_empty(self) -> bool {
        self.words.is_empty()
    }

    pub(crate) fn word(self, idx: usize) -> u32 {
        self.words.get(idx * 4..).and_then(<[u8]>::first_chunk).map_or(0, |word| u32::from_le_bytes(*word))
    }

    pub(super) fn double(self, idx: usize) -> u64 {
        u64::from(self.word(idx)) | u64::from(self.word(idx + 1)) << 32
    }

    pub(super) fn text(self, idx: usize) -> &'t str {
        self.image.text(self.word(idx), self.word(idx + 1))
    }

    pub(crate) fn text_bytes(self, idx: usize) -> &'t [u8] {
        self.image.text_bytes(self.word(idx), self.word(idx + 1))
    }

    pub(super) fn path(self, idx: usize) -> &'t [u8] {
        self.image.path(self.word(idx), self.word(idx + 1))
    }

    pub(super) fn numbers(self, idx: usize) -> impl ExactSizeIterator<Item = u32> + Clone + use<'t> {
        self.image.numbers(self.pair(idx))
    }

    /// Two words, one behind the other.
    pub(super) fn pair(self, idx: usize) -> (u32, u32) {
        (self.word(idx), self.word(idx + 1))
    }

    pub(super) fn pairs(
        self,
        idx: usize,
    ) -> impl ExactSizeIterator<Item = (u32, u32)> + DoubleEndedIterator + Clone + use<'t> {
        self.image.list(self.pair(idx), 2).as_chunks::<8>().0.iter().map(|pair| {
            let both = u64::from_le_bytes(*pair);
            #[expect(clippy::cast_possible_truncation, reason = "the low and the high word, each 32 bits")]
            (both as u32, (both >> 32) as u32)
        })
    }

    pub(super) fn texts(self, idx: usize) -> impl ExactSizeIterator<Item = &'t str> + Clone + use<'t> {
        self.pairs(idx).map(move |(offset, len)| self.image.text(offset, len))
    }

    pub(super) fn paths(self, idx: usize) -> impl ExactSizeIterator<Item = &'t [u8]> + Clone + use<'t> {
        self.pairs(idx).map(move |(offset, len)| self.image.path(offset, len))
    }
}
