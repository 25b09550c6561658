//! The plan as a table, in the layout of [`bakehouse_runtime::table::layout`].

use std::collections::HashMap;

use bakehouse_manifest::{Case, Mode, TrailingSlash, Variables};
use bakehouse_runtime::Methods;
use bakehouse_runtime::table::layout::{self, HASH_OFFSET, HEADER_LEN, MAGIC, NONE, Section, VERSION};
use bakehouse_runtime::table::step::{self, Step};
use xxhash_rust::xxh3::xxh3_64;

use crate::model::{App, Host, Model, Route};
use crate::plan::{Index, Link, Node, Pilots, Plan, Target, Test};

/// A table of 4 GiB or more, which its offsets cannot address.
#[derive(Debug)]
pub(crate) struct TooLarge;

/// Writes the table of a plan.
pub(crate) fn table(model: &Model, plan: &Plan) -> Result<Vec<u8>, TooLarge> {
    let mut writer = Writer::default();
    writer.apps(model, plan);
    let offsets = writer.routes(model, plan);
    writer.index(&plan.index, &offsets);
    writer.links(plan);
    writer.section(Section::LoadOrder, plan.load_order.iter().map(|app| word(*app)));
    writer.section(Section::WarmUp, plan.warm_up.iter().map(|app| word(*app)));
    let key = writer.names(model);
    writer.host(model, plan, key);
    writer.flags = flags(&model.host);
    writer.finish()
}

/// A number as a word. What does not fit makes the table too large, which `finish` tells.
fn word(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(NONE)
}

#[expect(clippy::cast_possible_truncation, reason = "the low and the high word")]
fn double(number: u64) -> [u32; 2] {
    [number as u32, (number >> 32) as u32]
}

#[derive(Default)]
struct Writer<'a> {
    sections: [Vec<u8>; Section::ALL.len()],
    /// The record of the route index's root.
    root: Vec<u32>,
    flags: u32,
    sample: u32,
    lengths: [u32; 2],
    /// Where each text is that was written before.
    texts: HashMap<&'a str, [u32; 2]>,
}

impl<'a> Writer<'a> {
    fn section(&mut self, section: Section, words: impl IntoIterator<Item = u32>) {
        self.sections[section as usize].extend(words.into_iter().flat_map(u32::to_le_bytes));
    }

    fn count(&self, section: Section) -> u32 {
        word(self.sections[section as usize].len() / section.record_len())
    }

    fn bytes(&mut self, section: Section, bytes: &[u8]) -> [u32; 2] {
        let offset = self.sections[section as usize].len();
        self.sections[section as usize].extend_from_slice(bytes);
        [word(offset), word(bytes.len())]
    }

    fn text(&mut self, text: &'a str) -> [u32; 2] {
        if let Some(known) = self.texts.get(text) {
            return *known;
        }
        let place = self.bytes(Section::Text, text.as_bytes());
        self.texts.insert(text, place);
        place
    }

    fn list(&mut self, n_items: usize, words: impl IntoIterator<Item = u32>) -> [u32; 2] {
        let start = self.count(Section::Lists);
        self.section(Section::Lists, words);
        [start, word(n_items)]
    }

    fn texts(&mut self, texts: impl IntoIterator<Item = &'a str>) -> [u32; 2] {
        let places: Vec<[u32; 2]> = texts.into_iter().map(|text| self.text(text)).collect();
        self.list(places.len(), places.concat())
    }

    fn numbers(&mut self, numbers: &[usize]) -> [u32; 2] {
        self.list(numbers.len(), numbers.iter().map(|number| word(*number)))
    }

    fn apps(&mut self, model: &'a Model, plan: &'a Plan) {
        let core = model.targets(&model.host.core);
        let mut first_route = 0;
        let mut links = vec![Vec::new(); model.apps.len()];
        for (idx, link) in plan.links.iter().enumerate() {
            links[link.app].push(idx);
        }
        for (idx, app) in model.apps.iter().enumerate() {
            let entry = app.entry.as_ref().map_or("", |entry| entry.value.as_str());
            let texts = [&app.slug.value, &app.name, &app.folder, &app.description, &app.publisher, entry];
            let texts = texts.map(|text| self.text(text));
            let aliases = self.texts(app.aliases.iter().map(|alias| alias.value.as_str()));
            let categories = self.texts(app.categories.iter().map(String::as_str));
            let requires = self.numbers(&model.targets(&app.requires));
            let uses = self.numbers(&model.targets(&app.uses));
            let routes = [first_route, word(app.routes.len())];
            first_route += word(app.routes.len());
            let own_links = self.numbers(&links[idx]);
            let policy = self.bytes(Section::Policies, app.metadata.as_bytes());
            let hash = double(app_hash(model, app, links[idx].iter().map(|link| &plan.links[*link])));
            let is_lazy = links[idx].iter().any(|link| plan.links[*link].lazy);
            let flags = flag(core.contains(&idx), layout::app::CORE)
                | flag(app.enabled, layout::app::ENABLED)
                | flag(is_lazy, layout::app::LAZY);
            let lists = [
                aliases,
                categories,
                requires,
                uses,
                routes,
                own_links,
                policy,
                hash,
                [flags, n_prefix_segments(&model.host, app)],
            ];
            self.section(Section::Apps, texts.into_iter().chain(lists).flatten());
        }
    }

    /// Writes the records of routes in order of precedence; gives their offsets.
    fn routes(&mut self, model: &'a Model, plan: &'a Plan) -> Vec<u32> {
        let mut offsets = Vec::new();
        let mut by_number = vec![NONE; plan.routes.len()];
        for number in &plan.index.order {
            let planned = &plan.routes[*number];
            let offset = word(self.sections[Section::Routes as usize].len());
            if let Some(route) = model.apps.get(planned.app).and_then(|app| app.routes.get(planned.route)) {
                let preload = self.numbers(&model.targets(&route.preload));
                self.route([word(*number), word(planned.app)], route, preload);
            }
            offsets.push(offset);
            by_number[*number] = offset;
        }
        self.section(Section::RouteOffsets, by_number);
        offsets
    }

    fn route(&mut self, ids: [u32; 2], route: &Route, preload: [u32; 2]) {
        let steps: Vec<u32> = step::steps(&route.text).map(Step::encode).collect();
        let has_methods = route.methods != Methods::ALL;
        let has_preload = preload[1] > 0;
        let flags = flag(has_methods, layout::route::HAS_METHODS) | flag(has_preload, layout::route::HAS_PRELOAD);
        let n_pairs = usize::from(has_methods) + usize::from(has_preload);
        let before = word(layout::route::WORDS + 2 * n_pairs) << layout::route::BEFORE_SHIFT;
        let lens = word(steps.len()) << layout::route::STEPS_SHIFT | word(route.text.len()) << layout::route::LEN_SHIFT;
        self.section(Section::Routes, ids.into_iter().chain([flags | before | lens]));
        self.section(Section::Routes, double(route.methods.bits()).into_iter().filter(|_| has_methods));
        self.section(Section::Routes, preload.into_iter().filter(|_| has_preload));
        self.section(Section::Routes, steps);
        let bytes = &mut self.sections[Section::Routes as usize];
        bytes.extend_from_slice(route.text.as_bytes());
        bytes.resize(bytes.len().next_multiple_of(4), 0);
    }

    fn index(&mut self, index: &Index, offsets: &[u32]) {
        let leaves: Vec<u32> = index.leaves.iter().map(|leaf| self.leaf(leaf, offsets)).collect();
        let target = |target: Target| match target {
            Target::Route(place) => offsets[place] | layout::target::ROUTE,
            Target::Node(number) => word(number) << layout::target::SHIFT | layout::target::NODE,
            Target::Leaf(number) => leaves[number] << layout::target::SHIFT | layout::target::LEAF,
        };
        self.sample = index.sample.to_word();
        self.lengths = double(index.lengths);
        self.bytes(Section::Filter, &index.filter);
        self.root = self.node(&index.root, offsets, target).to_vec();
        for node in &index.nodes {
            let words = self.node(node, offsets, target);
            self.section(Section::Nodes, words);
        }
    }

    /// Writes the perfect hash of a node; gives its record.
    fn node(&mut self, node: &Node, offsets: &[u32], target: impl Fn(Target) -> u32) -> [u32; layout::node::WORDS] {
        let (pilots, n_buckets) = self.pilots(&node.slots.pilots);
        let [slots, n_slots] = [self.count(Section::Slots), word(node.slots.slots.len())];
        for slot in &node.slots.slots {
            let words = slot.map_or([0, NONE], |(fingerprint, to)| [fingerprint, target(to)]);
            self.section(Section::Slots, words);
        }
        let test = test(node.test) | flag(node.always, layout::node::ALWAYS);
        let rest = node.rest.map_or(NONE, target);
        let first = node.first_of_rest.map_or(NONE, |place| offsets[place]);
        [test, pilots, n_buckets, slots, n_slots, rest, first, 0]
    }

    /// Writes a leaf; gives its place.
    fn leaf(&mut self, leaf: &[usize], offsets: &[u32]) -> u32 {
        let place = self.count(Section::Leaves);
        let words = leaf.iter().map(|place| offsets[*place]);
        self.section(Section::Leaves, [word(leaf.len())].into_iter().chain(words));
        place
    }

    /// Writes pilots; gives their place, or the one pilot, and the number of buckets.
    fn pilots(&mut self, pilots: &Pilots) -> (u32, u32) {
        match pilots {
            Pilots::One(pilot) => (*pilot, 0),
            Pilots::Each(pilots) => {
                let [place, n_buckets] = self.bytes(Section::Pilots, pilots);
                (place, n_buckets)
            }
        }
    }

    fn links(&mut self, plan: &Plan) {
        for link in &plan.links {
            let [public, public_len] = self.bytes(Section::Paths, &link.public);
            let [source, source_len] = self.bytes(Section::Paths, &link.source);
            let files = link.files.as_deref().unwrap_or_default();
            let places: Vec<[u32; 2]> = files.iter().map(|file| self.bytes(Section::Paths, file)).collect();
            let [first, n] = self.list(places.len(), places.concat());
            let words = [word(link.app), public, public_len, source, source_len, first, n, link_flags(link)];
            self.section(Section::Links, words);
        }
    }

    /// Writes the perfect hash over slugs and aliases, and gives its key.
    fn names(&mut self, model: &'a Model) -> u64 {
        let mut names: Vec<(&str, usize)> = model.names.iter().map(|(name, app)| (name.as_str(), *app)).collect();
        names.sort_unstable();
        let keys: Vec<&str> = names.iter().map(|(name, _)| *name).collect();
        let hash = phf_generator::generate_hash(&keys);
        self.section(Section::Displacements, hash.disps.iter().flat_map(|(first, second)| [*first, *second]));
        for idx in &hash.map {
            let (name, app) = names[*idx];
            let [offset, len] = self.text(name);
            self.section(Section::Names, [offset, len, word(app)]);
        }
        hash.key
    }

    fn host(&mut self, model: &'a Model, plan: &'a Plan, names_key: u64) {
        let name = self.text(&model.host.name);
        let public = self.text(&model.host.public.value);
        let links = plan.links.iter().fold(Fields::default(), Fields::link);
        let has_code = |app: &&usize| model.apps.get(**app).is_some_and(|app| app.entry.is_some());
        let with_code: Vec<usize> = plan.load_order.iter().filter(has_code).copied().collect();
        let with_code = self.numbers(&with_code);
        let bound = u32::try_from(plan.index.probe_bound).unwrap_or(NONE);
        let numbers = [double(names_key), double(links.hash()), with_code];
        let words = [name, public].into_iter().flatten().chain([bound]).chain(numbers.into_iter().flatten()).chain([0]);
        self.section(Section::Host, words);
    }

    fn finish(self) -> Result<Vec<u8>, TooLarge> {
        let mut table = vec![0; HEADER_LEN];
        for (idx, section) in self.sections.iter().enumerate() {
            table.resize(table.len().next_multiple_of(8), 0);
            let entry = layout::DIRECTORY_OFFSET + idx * 8;
            let offset = u32::try_from(table.len()).map_err(|_| TooLarge)?;
            let len = u32::try_from(section.len()).map_err(|_| TooLarge)?;
            table[entry..entry + 4].copy_from_slice(&offset.to_le_bytes());
            table[entry + 4..entry + 8].copy_from_slice(&len.to_le_bytes());
            table.extend_from_slice(section);
        }
        let len = table.len() as u64;
        for (at, word) in (layout::ROOT_OFFSET..)
            .step_by(4)
            .zip(self.root.iter().chain([&self.flags, &self.sample]).chain(&self.lengths))
        {
            table[at..at + 4].copy_from_slice(&word.to_le_bytes());
        }
        table[..8].copy_from_slice(&MAGIC);
        table[8..12].copy_from_slice(&VERSION.to_le_bytes());
        table[12..16].copy_from_slice(&word(Section::ALL.len()).to_le_bytes());
        table[16..24].copy_from_slice(&len.to_le_bytes());
        let hash = xxh3_64(&table[HASH_OFFSET + 8..]);
        table[HASH_OFFSET..HASH_OFFSET + 8].copy_from_slice(&hash.to_le_bytes());
        Ok(table)
    }
}

fn flag(holds: bool, flag: u32) -> u32 {
    if holds { flag } else { 0 }
}

fn test(test: Test) -> u32 {
    let of_segment = |kind: u32, segment: usize, n: usize| {
        kind | word(segment) << layout::node::SEGMENT_SHIFT | word(n) << layout::node::BYTES_SHIFT
    };
    match test {
        Test::Path => layout::test::PATH,
        Test::Count => layout::test::COUNT,
        Test::Segment(segment) => of_segment(layout::test::SEGMENT, segment, 0),
        Test::Prefix(segment, n) => of_segment(layout::test::PREFIX, segment, n),
        Test::Suffix(segment, n) => of_segment(layout::test::SUFFIX, segment, n),
    }
}

/// How many segments the host's prefix has in the patterns of an app: `$folder` may stand for several.
fn n_prefix_segments(host: &Host, app: &App) -> u32 {
    let Some(prefix) = &host.prefix else { return 0 };
    let variables = Variables { slug: &app.slug.value, folder: &app.folder, names: &[&app.slug.value] };
    word(variables.fill(&prefix.value).iter().take(1).map(|filled| filled.matches('/').count()).sum())
}

fn flags(host: &Host) -> u32 {
    let slash = match host.trailing_slash {
        TrailingSlash::Strict => 0,
        TrailingSlash::Ignore => 1,
        TrailingSlash::Redirect => 2,
    };
    slash | flag(host.case == Case::Insensitive, layout::flags::CASE_INSENSITIVE)
}

fn link_flags(link: &Link) -> u32 {
    let mode = match link.mode {
        Mode::Auto => 0,
        Mode::Symlink => 1,
        Mode::Hardlink => 2,
        Mode::Copy => 3,
    };
    flag(link.files.is_some(), layout::link::FOLDER)
        | mode << layout::link::MODE_SHIFT
        | flag(link.critical, layout::link::CRITICAL)
        | flag(link.lazy, layout::link::LAZY)
}

/// Everything that the table says of an app, other apps by slug, so that it does not depend on their numbers.
fn app_hash<'a>(model: &Model, app: &App, links: impl Iterator<Item = &'a Link>) -> u64 {
    let slug = |idx: usize| model.apps.get(idx).map_or("", |app| app.slug.value.as_str());
    let entry = app.entry.as_ref().map_or("", |entry| entry.value.as_str());
    let aliases = app.aliases.iter().map(|alias| alias.value.as_str());
    let fields = Fields::default()
        .texts([&app.slug.value, &app.name, &app.folder, &app.description, &app.publisher, entry, &app.metadata])
        .texts(aliases)
        .texts(app.categories.iter().map(String::as_str))
        .texts(model.targets(&app.requires).into_iter().map(slug))
        .texts(model.targets(&app.uses).into_iter().map(slug))
        .number(u64::from(app.enabled));
    let route = |fields: Fields, route: &Route| {
        let fields = fields.bytes(route.text.as_bytes()).number(route.methods.bits());
        fields.texts(model.targets(&route.preload).into_iter().map(slug))
    };
    let fields = app.routes.iter().fold(fields, route);
    links.fold(fields, Fields::link).hash()
}

/// Fields put one behind another so that no two sequences of them give the same bytes.
#[derive(Default)]
struct Fields(Vec<u8>);

impl Fields {
    fn number(mut self, number: u64) -> Self {
        self.0.extend(number.to_le_bytes());
        self
    }

    fn bytes(self, bytes: &[u8]) -> Self {
        let mut fields = self.number(bytes.len() as u64);
        fields.0.extend_from_slice(bytes);
        fields
    }

    fn texts<'a>(self, texts: impl IntoIterator<Item = &'a str>) -> Self {
        let texts: Vec<&str> = texts.into_iter().collect();
        texts.iter().fold(self.number(texts.len() as u64), |fields, text| fields.bytes(text.as_bytes()))
    }

    fn link(self, link: &Link) -> Self {
        let files = link.files.as_deref().unwrap_or_default();
        let fields = self.bytes(&link.public).bytes(&link.source).number(u64::from(link_flags(link)));
        files.iter().fold(fields.number(files.len() as u64), |fields, file| fields.bytes(file))
    }

    fn hash(&self) -> u64 {
        xxh3_64(&self.0)
    }
}
