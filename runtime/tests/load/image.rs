//! Writes small tables, those that no bake would write too. Each app has one route, `/<slug>`.

use std::collections::{HashMap, HashSet};

use bakehouse_runtime::table::hash;
use bakehouse_runtime::table::layout::{
    DIRECTORY_OFFSET, HEADER_LEN, LENGTHS_OFFSET, NONE, ROOT_OFFSET, Section, app, host, name, node, route, slot,
    target, test,
};
use bakehouse_runtime::{Method, Methods, Table};

/// What a manifest would say.
#[derive(Debug, Clone, Default)]
pub(crate) struct App {
    pub(crate) slug: &'static str,
    /// Empty for an app without code.
    pub(crate) entry: String,
    pub(crate) requires: &'static [&'static str],
    pub(crate) uses: &'static [&'static str],
    pub(crate) preload: &'static [&'static str],
    pub(crate) is_core: bool,
    pub(crate) is_disabled: bool,
    /// Says that some of its links are lazy; there are no links.
    pub(crate) has_lazy_links: bool,
    /// Stands for all that the manifest says besides: another number is another hash.
    pub(crate) hash: u32,
}

/// An app with the entry `<slug>::app`.
pub(crate) fn code(slug: &'static str) -> App {
    App { slug, entry: format!("{slug}::app"), ..App::default() }
}

/// The table of these apps, which have to be sorted by slug. A slug that none of them has is a number that none has.
pub(crate) fn table(apps: &[App]) -> Table<'static> {
    assert!(apps.is_sorted_by_key(|app| app.slug));
    let mut image = Image::default();
    image.write_apps(apps);
    image.write_names(apps);
    image.write_routes(apps);
    image.write_load_order(apps);
    Table::baked(image.finish().leak())
}

#[derive(Default)]
struct Image {
    /// In the order of [`Section::ALL`].
    sections: [Vec<u8>; Section::ALL.len()],
    /// The record of the route index's root.
    root: [u32; node::WORDS],
    /// See [`LENGTHS_OFFSET`].
    lengths: u64,
}

impl Image {
    fn write_apps(&mut self, apps: &[App]) {
        for (idx, spec) in apps.iter().enumerate() {
            let mut record = [0; app::WORDS];
            self.put(&mut record, app::SLUG, |image| image.text(spec.slug));
            self.put(&mut record, app::ENTRY, |image| image.text(&spec.entry));
            self.put(&mut record, app::REQUIRES, |image| image.list(apps, spec.requires));
            self.put(&mut record, app::USES, |image| image.list(apps, spec.uses));
            record[app::HASH] = spec.hash;
            record[app::ROUTES] = word(idx);
            record[app::ROUTES + 1] = 1;
            let core = if spec.is_core { app::CORE } else { 0 };
            let lazy = if spec.has_lazy_links { app::LAZY } else { 0 };
            record[app::FLAGS] = core | lazy | if spec.is_disabled { 0 } else { app::ENABLED };
            self.push(Section::Apps, &record);
        }
    }

    /// A perfect hash without displacement: of many keys, one that gives each slug a place of its own.
    fn write_names(&mut self, apps: &[App]) {
        let n_places = word(apps.len() * apps.len()).max(1);
        let place = |slug: &str, key| {
            let hashes = phf_shared::hash(slug, &key);
            phf_shared::displace(hashes.f1, hashes.f2, 0, 0) % n_places
        };
        let places = |key: u64| -> Vec<u32> { apps.iter().map(|app| place(app.slug, key)).collect() };
        let is_perfect = |key: &u64| places(*key).into_iter().collect::<HashSet<_>>().len() == apps.len();
        let key = (0..1_000_000).find(is_perfect).unwrap();
        let taken = by_place(places(key));
        for at in 0..n_places {
            let mut record = [0; name::WORDS];
            if let Some(&idx) = taken.get(&at) {
                self.put(&mut record, name::TEXT, |image| image.text(apps[idx].slug));
                record[name::APP] = word(idx);
            }
            self.push(Section::Names, &record);
        }
        self.push(Section::Displacements, &[0, 0]);
        let mut record = [0; host::WORDS];
        (record[host::NAMES_KEY], record[host::NAMES_KEY + 1]) = halves(key);
        self.put(&mut record, host::WITH_CODE, |image| image.with_code(apps));
        self.push(Section::Host, &record);
    }

    /// Records without steps, as the patterns are literal, and the root, whose slots lead to them.
    fn write_routes(&mut self, apps: &[App]) {
        let offsets: Vec<u32> = apps.iter().enumerate().map(|(idx, spec)| self.write_route(apps, idx, spec)).collect();
        self.push(Section::RouteOffsets, &offsets);
        self.write_root(apps, &offsets);
    }

    /// Gives the record's offset.
    fn write_route(&mut self, apps: &[App], idx: usize, spec: &App) -> u32 {
        let offset = self.sections[Section::Routes as usize].len();
        let pattern = pattern(spec);
        let mut record = [0; route::WORDS + 4];
        (record[route::ID], record[route::APP]) = (word(idx), word(idx));
        record[route::SHAPE] = route::HAS_METHODS
            | route::HAS_PRELOAD
            | 7 << route::BEFORE_SHIFT
            | word(pattern.len()) << route::LEN_SHIFT;
        self.put(&mut record, route::WORDS, |_| halves(Methods::from(Method::GET).bits()));
        self.put(&mut record, route::WORDS + 2, |image| image.list(apps, spec.preload));
        self.push(Section::Routes, &record);
        let section = &mut self.sections[Section::Routes as usize];
        section.extend(pattern.as_bytes());
        section.resize(section.len().next_multiple_of(4), 0);
        word(offset)
    }

    /// The perfect hash over paths: of many pilots, one that gives each path a slot of its own.
    fn write_root(&mut self, apps: &[App], offsets: &[u32]) {
        let n_slots = word(apps.len() * apps.len()).max(1);
        let paths: Vec<String> = apps.iter().map(pattern).collect();
        self.lengths = paths.iter().fold(0, |lengths, path| lengths | 1 << (path.len() % 64));
        let hashes: Vec<u64> =
            paths.iter().map(|path| hash::path(path.as_bytes(), false, hash::Sample::WHOLE)).collect();
        let places = |pilot| -> Vec<u32> { hashes.iter().map(|hash| hash::slot(*hash, pilot, n_slots)).collect() };
        let is_perfect = |pilot: &u32| places(*pilot).into_iter().collect::<HashSet<_>>().len() == apps.len();
        let pilot = (0..1_000_000).find(is_perfect).unwrap();
        let taken = by_place(places(pilot));
        for at in 0..n_slots {
            let mut record = [0; slot::WORDS];
            record[slot::TARGET] = NONE;
            if let Some(&idx) = taken.get(&at) {
                record[slot::FINGERPRINT] = hash::fingerprint(hashes[idx]);
                record[slot::TARGET] = offsets[idx] | target::ROUTE;
            }
            self.push(Section::Slots, &record);
        }
        self.root[node::TEST] = test::PATH | node::ALWAYS;
        // No buckets: the pilot is for all.
        self.root[node::PILOTS] = pilot;
        self.root[node::SLOTS + 1] = n_slots;
        (self.root[node::REST], self.root[node::FIRST]) = (NONE, NONE);
    }

    fn write_load_order(&mut self, apps: &[App]) {
        for idx in load_order(apps) {
            self.push(Section::LoadOrder, &[word(idx)]);
        }
    }

    fn with_code(&mut self, apps: &[App]) -> (u32, u32) {
        let with_code = load_order(apps).into_iter().map(|idx| &apps[idx]).filter(|app| !app.entry.is_empty());
        self.list(apps, &with_code.map(|app| app.slug).collect::<Vec<_>>())
    }

    fn put(&mut self, record: &mut [u32], at: usize, pair: impl FnOnce(&mut Self) -> (u32, u32)) {
        (record[at], record[at + 1]) = pair(self);
    }

    fn text(&mut self, text: &str) -> (u32, u32) {
        let bytes = &mut self.sections[Section::Text as usize];
        let offset = word(bytes.len());
        bytes.extend(text.as_bytes());
        (offset, word(text.len()))
    }

    fn list(&mut self, apps: &[App], slugs: &[&str]) -> (u32, u32) {
        let start = word(self.sections[Section::Lists as usize].len() / 4);
        for slug in slugs {
            let idx = apps.iter().position(|app| app.slug == *slug);
            self.push(Section::Lists, &[idx.map_or(NONE, word)]);
        }
        (start, word(slugs.len()))
    }

    fn push(&mut self, section: Section, record: &[u32]) {
        self.sections[section as usize].extend(record.iter().flat_map(|word| word.to_le_bytes()));
    }

    fn finish(self) -> Vec<u8> {
        let mut image = vec![0; HEADER_LEN];
        for (at, word) in (ROOT_OFFSET..).step_by(4).zip(self.root) {
            image[at..at + 4].copy_from_slice(&word.to_le_bytes());
        }
        image[LENGTHS_OFFSET..LENGTHS_OFFSET + 8].copy_from_slice(&self.lengths.to_le_bytes());
        for (idx, section) in self.sections.iter().enumerate() {
            let (entry, offset) = (DIRECTORY_OFFSET + idx * 8, word(image.len()));
            image[entry..entry + 4].copy_from_slice(&offset.to_le_bytes());
            image[entry + 4..entry + 8].copy_from_slice(&word(section.len()).to_le_bytes());
            image.extend(section);
            image.resize(image.len().next_multiple_of(8), 0);
        }
        image
    }
}

/// The app of each place that is taken.
fn by_place(places: Vec<u32>) -> HashMap<u32, usize> {
    places.into_iter().enumerate().map(|(idx, place)| (place, idx)).collect()
}

fn pattern(spec: &App) -> String {
    format!("/{}", spec.slug)
}

/// As a bake would, each app behind what it requires; in a circle, somewhere.
fn load_order(apps: &[App]) -> Vec<usize> {
    let mut order = Vec::new();
    let mut open: Vec<usize> = (0..apps.len()).collect();
    for _ in 0..=apps.len() {
        open.retain(|idx| {
            let is_free = apps[*idx].requires.iter().all(|slug| {
                let required = apps.iter().position(|app| app.slug == *slug);
                required.is_none_or(|required| order.contains(&required))
            });
            order.extend(is_free.then_some(*idx));
            !is_free
        });
    }
    order.into_iter().chain(open).collect()
}

fn word(number: usize) -> u32 {
    u32::try_from(number).unwrap()
}

fn halves(double: u64) -> (u32, u32) {
    let half = |bits: u64| u32::try_from(bits & u64::from(u32::MAX)).unwrap();
    (half(double), half(double >> 32))
}
