//! Writes a small table without the baker: just what these tests need.

use std::collections::BTreeMap;

use bakehouse_runtime::table::layout::{DIRECTORY_OFFSET, HEADER_LEN, MAGIC, NONE, Section, VERSION, app, host, link};
use bakehouse_runtime::{Method, Methods};

/// An app of the table.
#[derive(Clone, Default)]
pub(crate) struct App {
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    pub(crate) entry: &'static str,
    pub(crate) categories: &'static [&'static str],
    pub(crate) metadata: &'static str,
    pub(crate) routes: &'static [(&'static str, &'static [&'static str])],
    /// Public path, source, the files of a folder.
    pub(crate) links: &'static [(&'static str, &'static str, &'static [&'static str])],
    pub(crate) core: bool,
    pub(crate) off: bool,
}

#[derive(Default)]
struct Node {
    literals: BTreeMap<&'static str, usize>,
    param: Option<usize>,
    leaves: Vec<u32>,
    catch_alls: Vec<u32>,
}

#[derive(Default)]
struct Writer {
    sections: BTreeMap<usize, Vec<u8>>,
}

impl Writer {
    fn words(&mut self, section: Section, words: &[u32]) {
        let bytes = self.sections.entry(section as usize).or_default();
        bytes.extend(words.iter().flat_map(|word| word.to_le_bytes()));
    }

    fn count(&self, section: Section) -> u32 {
        let len = self.sections.get(&(section as usize)).map_or(0, Vec::len);
        u32::try_from(len / section.record_len()).unwrap()
    }

    fn bytes(&mut self, section: Section, text: &str) -> [u32; 2] {
        let bytes = self.sections.entry(section as usize).or_default();
        let at = u32::try_from(bytes.len()).unwrap();
        bytes.extend(text.as_bytes());
        [at, u32::try_from(text.len()).unwrap()]
    }

    fn list(&mut self, section: Section, texts: &[&str]) -> [u32; 2] {
        let words: Vec<u32> = texts.iter().flat_map(|text| self.bytes(section, text)).collect();
        let at = self.count(Section::Lists);
        self.words(Section::Lists, &words);
        [at, u32::try_from(texts.len()).unwrap()]
    }

    fn image(mut self) -> Vec<u8> {
        let mut image = vec![0; HEADER_LEN];
        image[..8].copy_from_slice(&MAGIC);
        image[8..12].copy_from_slice(&VERSION.to_le_bytes());
        for section in Section::ALL {
            while image.len() % 8 != 0 {
                image.push(0);
            }
            let bytes = self.sections.remove(&(section as usize)).unwrap_or_default();
            let entry = DIRECTORY_OFFSET + section as usize * 8;
            let (at, len) = (u32::try_from(image.len()).unwrap(), u32::try_from(bytes.len()).unwrap());
            image[entry..entry + 4].copy_from_slice(&at.to_le_bytes());
            image[entry + 4..entry + 8].copy_from_slice(&len.to_le_bytes());
            image.extend(bytes);
        }
        image
    }
}

/// The image of a table. `apps` must be sorted by slug; patterns have literals, params and catch-alls only.
pub(crate) fn bake(redirect: bool, apps: &[App]) -> Vec<u8> {
    let mut writer = Writer::default();
    let mut nodes = vec![Node::default()];
    let mut links: Vec<&str> = apps.iter().flat_map(|app| app.links.iter().map(|(public, ..)| *public)).collect();
    links.sort_unstable();
    for (idx, app) in (0..).zip(apps) {
        write_app(&mut writer, &mut nodes, idx, app, &links);
    }
    write_links(&mut writer, apps);
    write_nodes(&mut writer, &nodes);
    let slugs: Vec<&str> = apps.iter().map(|app| app.slug).collect();
    let names = phf_generator::generate_hash(&slugs);
    for (a, b) in &names.disps {
        writer.words(Section::Displacements, &[*a, *b]);
    }
    for idx in &names.map {
        let [at, len] = writer.bytes(Section::Text, slugs[*idx]);
        writer.words(Section::Names, &[at, len, u32::try_from(*idx).unwrap()]);
    }
    let mut record = [0; host::WORDS];
    record[host::NAME..][..2].copy_from_slice(&writer.bytes(Section::Text, "store"));
    record[host::FLAGS] = if redirect { 2 } else { 0 };
    record[host::NAMES_KEY..][..2].copy_from_slice(&halves(names.key));
    writer.words(Section::Host, &record);
    writer.image()
}

fn halves(double: u64) -> [u32; 2] {
    [0, 32].map(|shift| u32::try_from(double >> shift & u64::from(u32::MAX)).unwrap())
}

fn write_app(writer: &mut Writer, nodes: &mut Vec<Node>, idx: u32, record: &App, links: &[&str]) {
    let mut words = [0; app::WORDS];
    for (at, text) in [
        (app::SLUG, record.slug),
        (app::NAME, record.name),
        (app::FOLDER, record.slug),
        (app::DESCRIPTION, record.description),
        (app::ENTRY, record.entry),
    ] {
        words[at..][..2].copy_from_slice(&writer.bytes(Section::Text, text));
    }
    words[app::CATEGORIES..][..2].copy_from_slice(&writer.list(Section::Text, record.categories));
    words[app::ROUTES] = writer.count(Section::Routes);
    words[app::ROUTES + 1] = u32::try_from(record.routes.len()).unwrap();
    for (pattern, methods) in record.routes {
        let route = writer.count(Section::Routes);
        insert(nodes, pattern, route);
        let methods: Methods = methods.iter().map(|name| Method::new(name)).collect();
        let methods = halves(if methods.is_empty() { Methods::ALL } else { methods }.bits());
        let [at, len] = writer.bytes(Section::Text, pattern);
        writer.words(Section::Routes, &[at, len, idx, 0, 0, methods[0], methods[1]]);
    }
    words[app::LINKS] = writer.count(Section::Lists);
    words[app::LINKS + 1] = u32::try_from(record.links.len()).unwrap();
    let own = |link: &&str| record.links.iter().any(|(public, ..)| public == link);
    let numbers: Vec<u32> = (0..).zip(links).filter(|(_, link)| own(link)).map(|(number, _)| number).collect();
    writer.words(Section::Lists, &numbers);
    let metadata = if record.metadata.is_empty() { "{}" } else { record.metadata };
    words[app::POLICY..][..2].copy_from_slice(&writer.bytes(Section::Policies, metadata));
    words[app::FLAGS] = u32::from(record.core) * app::CORE + u32::from(!record.off) * app::ENABLED;
    writer.words(Section::LoadOrder, &[idx]);
    writer.words(Section::Apps, &words);
}

fn write_links(writer: &mut Writer, apps: &[App]) {
    let each = |(idx, app): (u32, &App)| app.links.iter().map(move |link| (link.0, idx, *link)).collect::<Vec<_>>();
    let mut links: Vec<_> = (0..).zip(apps).flat_map(each).collect();
    links.sort_unstable();
    for (_, idx, (public, source, files)) in links {
        let public = writer.bytes(Section::Paths, public);
        let source = writer.bytes(Section::Paths, source);
        let list = writer.list(Section::Paths, files);
        let flags = if files.is_empty() { 0 } else { link::FOLDER };
        writer.words(Section::Links, &[idx, public[0], public[1], source[0], source[1], list[0], list[1], flags]);
    }
}

fn insert(nodes: &mut Vec<Node>, pattern: &'static str, route: u32) {
    let mut at = 0;
    for segment in pattern.trim_start_matches('/').split('/') {
        if segment.starts_with("{*") {
            return nodes[at].catch_alls.push(route);
        }
        let new = nodes.len();
        let next = if segment.starts_with('{') {
            *nodes[at].param.get_or_insert(new)
        } else {
            *nodes[at].literals.entry(segment).or_insert(new)
        };
        if next == new {
            nodes.push(Node::default());
        }
        at = next;
    }
    nodes[at].leaves.push(route);
}

fn write_nodes(writer: &mut Writer, nodes: &[Node]) {
    let idx = |idx: usize| u32::try_from(idx).unwrap();
    for node in nodes {
        let (literals, leaves) = (writer.count(Section::Literals), writer.count(Section::Leaves));
        for (text, next) in &node.literals {
            let [at, len] = writer.bytes(Section::Text, text);
            writer.words(Section::Literals, &[at, len, idx(*next)]);
        }
        writer.words(Section::Leaves, &node.leaves);
        writer.words(Section::Leaves, &node.catch_alls);
        let param = node.param.map_or(NONE, idx);
        let (n_leaves, n_catch_alls) = (idx(node.leaves.len()), idx(node.catch_alls.len()));
        writer.words(
            Section::Nodes,
            &[literals, idx(node.literals.len()), 0, 0, param, leaves, n_leaves, leaves + n_leaves, n_catch_alls],
        );
    }
}
