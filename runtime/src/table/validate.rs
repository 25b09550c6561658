//! The whole validation of a table from a file: after it, every read finds what it looks for.
//!
//! Works section by section, the ones that others point into first. What a record points at is looked up with checked
//! arithmetic, so that no byte string makes the validation itself panic. Nor does one make it slow: the lists of all
//! records together have no more items than there are, the nodes of the index are a tree, and names are short.
//! Nor does an altered table lose a literal pattern unseen: the path of each is looked up.

mod index;
mod literals;

use super::layout::{DIRECTORY_OFFSET, HASH_OFFSET, HEADER_LEN, MAGIC, Section, VERSION, app, flags, host, link, name};
use super::read::{Record, range};
use super::{Table, TableError};

type Checked = Result<(), TableError>;

pub(super) fn validate(table: Table<'_>) -> Checked {
    check_header(table)?;
    check_directory(table)?;
    check_shares(table)?;
    check_host(table)?;
    check_names(table)?;
    check_apps(table)?;
    let offsets = index::check_routes(table)?;
    index::check(table, &offsets)?;
    literals::check(table, &offsets)?;
    check_links(table)?;
    check_load_order(table)?;
    check_warm_up(table)
}

fn ensure(holds: bool, what: &'static str, idx: usize) -> Checked {
    if holds { Ok(()) } else { Err(TableError::malformed(what, idx)) }
}

fn check_header(table: Table<'_>) -> Checked {
    let (image, bytes) = (table.image, table.image.bytes);
    if !bytes.starts_with(&MAGIC) {
        return Err(TableError::not_a_table());
    }
    if bytes.len() < HEADER_LEN {
        return Err(TableError::length(HEADER_LEN as u64, bytes.len()));
    }
    if image.word_at(8) != VERSION {
        return Err(TableError::version(image.word_at(8)));
    }
    let len = image.double_at(16);
    if len != bytes.len() as u64 {
        return Err(TableError::length(len, bytes.len()));
    }
    let hashed = bytes.get(HASH_OFFSET + 8..).unwrap_or_default();
    if xxhash_rust::xxh3::xxh3_64(hashed) != table.hash() || image.word_at(12) as usize != Section::ALL.len() {
        return Err(TableError::altered());
    }
    Ok(())
}

fn check_directory(table: Table<'_>) -> Checked {
    let mut end = HEADER_LEN;
    for section in Section::ALL {
        let entry = DIRECTORY_OFFSET + section as usize * 8;
        let place = range(table.image.word_at(entry), table.image.word_at(entry + 4));
        let fits = place.start == end.next_multiple_of(8) && place.end <= table.image.bytes.len();
        ensure(fits && place.len().is_multiple_of(section.record_len()), "section", section as usize)?;
        end = place.end;
    }
    ensure(std::str::from_utf8(table.image.section(Section::Text)).is_ok(), "text", 0)?;
    ensure(std::str::from_utf8(table.image.section(Section::Policies)).is_ok(), "policies", 0)
}

/// Every record of a section with its number.
fn records(table: Table<'_>, section: Section) -> impl Iterator<Item = (usize, Record<'_>)> {
    (0..table.image.count(section)).map(move |idx| (idx, table.image.record(section, super::idx_u32(idx))))
}

/// Whether two words are an offset and a length inside the section, on character boundaries for a text.
fn is_inside(table: Table<'_>, section: Section, record: Record<'_>, word: usize) -> bool {
    is_place(table, section, record.word(word), record.word(word + 1))
}

fn is_place(table: Table<'_>, section: Section, offset: u32, len: u32) -> bool {
    let place = range(offset, len);
    let bytes = table.image.section(section);
    let on_boundary = |at: usize| bytes.get(at).is_none_or(|byte| section == Section::Paths || byte & 0xC0 != 0x80);
    place.end <= bytes.len() && on_boundary(place.start) && on_boundary(place.end)
}

fn is_text(table: Table<'_>, record: Record<'_>, word: usize) -> bool {
    is_inside(table, Section::Text, record, word)
}

/// Whether a list is there: its first word and the number of its items, each of `item_words` words.
fn is_list(table: Table<'_>, (start, n_items): (u32, u32), item_words: usize) -> bool {
    let n_words = table.image.count(Section::Lists);
    let len = (n_items as usize).checked_mul(item_words);
    len.and_then(|len| len.checked_add(start as usize)).is_some_and(|end| end <= n_words)
}

/// Whether two words are a list of texts (or of paths).
fn is_list_of(table: Table<'_>, section: Section, record: Record<'_>, word: usize) -> bool {
    is_list(table, record.pair(word), 2)
        && record.pairs(word).all(|(offset, len)| is_place(table, section, offset, len))
}

fn is_list_of_numbers(table: Table<'_>, record: Record<'_>, word: usize, below: usize) -> bool {
    is_numbers(table, record.pair(word), below)
}

fn is_numbers(table: Table<'_>, list: (u32, u32), below: usize) -> bool {
    is_list(table, list, 1) && table.image.numbers(list).all(|number| (number as usize) < below)
}

/// Whether two words are the first record of a section and how many follow.
fn is_run(table: Table<'_>, section: Section, record: Record<'_>, word: usize) -> bool {
    range(record.word(word), record.word(word + 1)).end <= table.image.count(section)
}

/// The records of a section that hold a list: the word where, and how many words one item takes.
const SHARES: [(Section, usize, usize); 7] = [
    (Section::Host, host::WITH_CODE, 1),
    (Section::Apps, app::ALIASES, 2),
    (Section::Apps, app::CATEGORIES, 2),
    (Section::Apps, app::REQUIRES, 1),
    (Section::Apps, app::USES, 1),
    (Section::Apps, app::LINKS, 1),
    (Section::Links, link::FILES, 2),
];

/// No list belongs to two records: all together do not hold more than there are. Otherwise a small table could have every
/// reader walk one long list again and again.
fn check_shares(table: Table<'_>) -> Checked {
    let of_records = SHARES.into_iter().flat_map(|(section, word, item)| {
        records(table, section).map(move |(_, record)| (record.word(word + 1) as usize).saturating_mul(item))
    });
    let of_routes = table.routes().map(|route| route.preload_list().1 as usize);
    let taken = of_records.chain(of_routes).fold(0, usize::saturating_add);
    ensure(taken <= table.image.count(Section::Lists), "list", taken)
}

fn check_host(table: Table<'_>) -> Checked {
    ensure(table.image.count(Section::Host) == 1, "host", 0)?;
    let record = table.host();
    let texts = is_text(table, record, host::NAME) && is_text(table, record, host::PUBLIC);
    let known = flags::SLASHES | flags::CASE_INSENSITIVE;
    let flags = table.flags();
    ensure(texts && flags & !known == 0 && flags & flags::SLASHES != flags::SLASHES, "host", 0)
}

fn check_names(table: Table<'_>) -> Checked {
    for (idx, record) in records(table, Section::Names) {
        let is_name = is_text(table, record, name::TEXT) && record.word(name::TEXT + 1) as usize <= name::MAX_LEN;
        ensure(is_name && (record.word(name::APP) as usize) < table.n_apps(), "name", idx)?;
        let resolved = table.resolve(record.text(name::TEXT)).map(|app| app.id().0);
        ensure(resolved == Some(record.word(name::APP)), "name", idx)?;
    }
    Ok(())
}

fn check_apps(table: Table<'_>) -> Checked {
    let (n_apps, n_links, mut next_route) = (table.n_apps(), table.n_links(), 0);
    let mut previous = "";
    for (idx, record) in records(table, Section::Apps) {
        let texts = [app::SLUG, app::NAME, app::FOLDER, app::DESCRIPTION, app::PUBLISHER, app::ENTRY];
        let holds = texts.iter().all(|word| is_text(table, record, *word))
            && is_list_of(table, Section::Text, record, app::ALIASES)
            && is_list_of(table, Section::Text, record, app::CATEGORIES)
            && is_list_of_numbers(table, record, app::REQUIRES, n_apps)
            && is_list_of_numbers(table, record, app::USES, n_apps)
            && is_list_of_numbers(table, record, app::LINKS, n_links)
            && is_run(table, Section::RouteOffsets, record, app::ROUTES)
            && is_inside(table, Section::Policies, record, app::POLICY)
            && record.word(app::FLAGS) < 8;
        ensure(holds, "app", idx)?;
        let slug = record.text(app::SLUG);
        ensure(slug.len() <= name::MAX_LEN, "app", idx)?;
        ensure(previous < slug && table.resolve(slug).is_some_and(|app| app.id().0 as usize == idx), "app", idx)?;
        ensure(record.word(app::ROUTES) == next_route, "app", idx)?;
        next_route += record.word(app::ROUTES + 1);
        previous = slug;
    }
    ensure(next_route as usize == table.n_routes(), "app", n_apps)
}

fn check_links(table: Table<'_>) -> Checked {
    let mut previous: &[u8] = b"";
    for (idx, record) in records(table, Section::Links) {
        let holds = (record.word(link::APP) as usize) < table.n_apps()
            && is_inside(table, Section::Paths, record, link::PUBLIC)
            && is_inside(table, Section::Paths, record, link::SOURCE)
            && is_list_of(table, Section::Paths, record, link::FILES)
            && record.word(link::FLAGS) < 32;
        ensure(holds, "link", idx)?;
        let public = record.path(link::PUBLIC);
        let safe = is_safe(public) && is_safe(record.path(link::SOURCE)) && record.paths(link::FILES).all(is_safe);
        ensure(safe && is_behind(previous, public), "link", idx)?;
        previous = public;
    }
    Ok(())
}

/// Whether a path is relative and stays inside: no empty part, no `.`, no `..`, no NUL.
fn is_safe(path: &[u8]) -> bool {
    path.split(|byte| *byte == b'/').all(|part| !matches!(part, b"" | b"." | b"..") && !part.contains(&0))
}

/// Whether `next` sorts behind `previous` and does not lie below it; parts are compared one by one.
fn is_behind(previous: &[u8], next: &[u8]) -> bool {
    let parts = |path| <[u8]>::split(path, |byte: &u8| *byte == b'/');
    let below = next.strip_prefix(previous).is_some_and(|rest| rest.first() == Some(&b'/'));
    previous.is_empty() || (parts(previous).lt(parts(next)) && !below)
}

fn check_load_order(table: Table<'_>) -> Checked {
    let with_code = table.load_order().filter(|app| table.app(*app).entry().is_some());
    let listed = is_list_of_numbers(table, table.host(), host::WITH_CODE, table.n_apps());
    ensure(listed && table.with_code().eq(with_code), "apps with code", 0)?;
    let mut seen = vec![false; table.n_apps()];
    ensure(table.load_order().len() == table.n_apps(), "load order", 0)?;
    for (idx, app) in table.load_order().enumerate() {
        let required = table.app(app).requires().all(|required| seen.get(required.0 as usize) == Some(&true));
        ensure(required && seen.get(app.0 as usize) == Some(&false), "load order", idx)?;
        if let Some(seen) = seen.get_mut(app.0 as usize) {
            *seen = true;
        }
    }
    Ok(())
}

/// Any apps, each once.
fn check_warm_up(table: Table<'_>) -> Checked {
    let mut seen = vec![false; table.n_apps()];
    for (idx, app) in table.warm_up().enumerate() {
        let seen = seen.get_mut(app.0 as usize).filter(|seen| !**seen);
        ensure(seen.map(|seen| *seen = true).is_some(), "warm-up", idx)?;
    }
    Ok(())
}
