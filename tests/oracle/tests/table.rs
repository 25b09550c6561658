//! Any bytes are a table or an error; and what is a table can be read in every way without a panic or an endless loop.

use std::fs;
use std::sync::LazyLock;

use bakehouse_codegen::{Options, compile};
use bakehouse_oracle::host::told;
use bakehouse_oracle::property;
use bakehouse_runtime::find::{Found, Params};
use bakehouse_runtime::table::hash;
use bakehouse_runtime::table::layout::{
    DIRECTORY_OFFSET, FLAGS_OFFSET, HASH_OFFSET, HEADER_LEN, LENGTHS_OFFSET, MAGIC, MAX_DEPTH, NONE, ROOT_OFFSET,
    SAMPLE_OFFSET, Section, VERSION, app, flags, host, node, route, slot, target, test,
};
use bakehouse_runtime::{AppId, Method, RouteId, Table};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::Index;

const HOST: &str = r#"
[host]
name = "fuzzed"
core = ["video"]
profile = "profile.json"
[routes]
trailing-slash = "redirect"
case = "insensitive"
"#;

const VIDEO: &str = r#"
slug = "video"
name = "Video"
aliases = ["meet", "call"]
description = "Calls"
publisher = "Somebody"
categories = ["conferencing", "calls"]
requires = ["login"]
uses = ["calendar"]
entry = "video::app"
[[route]]
path = "/video/{id}"
preload = ["calendar"]
[[route]]
path = "/video/v{major}.{minor}/{*rest}"
methods = ["GET"]
[[route]]
path = "/video/v{version}/{name}:cancel"
methods = ["POST"]
[[assets]]
from = "static"
critical = ["icon.svg"]
[[assets]]
from = "one.txt"
to = "one.txt"
mode = "copy"
[metadata]
colour = "green"
"#;

const LOGIN: &str = r#"
slug = "login"
name = "Login"
entry = "login::app"
[[route]]
path = "/login/{{{provider}}}"
[[route]]
path = "/login/{{name}}"
[[route]]
path = "/login/back/"
methods = ["GET"]
[[route]]
path = "/login/back/"
methods = ["POST"]
[[route]]
path = "/Login/Out"
"#;

const CALENDAR: &str = r#"
slug = "calendar"
name = "Calendar"
uses = ["video"]
enabled = false
[[route]]
path = "/calendar/{*rest}"
[[route]]
path = "/calendar/{day}"
[[assets]]
from = "static"
lazy = true
mode = "symlink"
"#;

const PROFILE: &str = r#"{"version":1,"runs":1,"apps":[
{"slug":"login","runs":1,"early_runs":0,"first_use_us":9,"hits":2,"loads":1,"load_us":5,"why":[]},
{"slug":"zones","runs":1,"early_runs":0,"first_use_us":9,"hits":1,"loads":1,"load_us":5,"why":[]}]}"#;

/// So many literal paths that the perfect hash over them has buckets.
fn many_literal_paths() -> String {
    ('a'..='p').fold("slug = \"zones\"\nentry = \"zones::app\"\n".to_owned(), |app, name| {
        app + &format!("[[route]]\npath = \"/zones/{name}\"\n")
    })
}

/// A small table that has something in every section.
static TABLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let zones = many_literal_paths();
    let files = [
        ("apps.manifest.toml", HOST),
        ("profile.json", PROFILE),
        ("apps/video/app.toml", VIDEO),
        ("apps/video/static/icon.svg", "<svg/>"),
        ("apps/video/static/deep/a.txt", "a"),
        ("apps/video/one.txt", "1"),
        ("apps/login/app.toml", LOGIN),
        ("apps/calendar/app.toml", CALENDAR),
        ("apps/zones/app.toml", &zones),
        ("apps/calendar/static/icon.svg", "<svg/>"),
    ];
    for (path, text) in files {
        let path = folder.path().join(path);
        fs::create_dir_all(path.parent().expect("it is below the folder")).expect("a folder");
        fs::write(path, text).expect("a file");
    }
    let compilation = compile(&folder.path().join("apps.manifest.toml"), &Options::default());
    compilation.baked.as_ref().unwrap_or_else(|| panic!("{}", told(&compilation))).table.clone()
});

#[test]
fn the_table_itself_is_one() {
    let table = Table::parse(&TABLE).unwrap();
    for section in Section::ALL {
        assert!(word(&TABLE, DIRECTORY_OFFSET + section as usize * 8 + 4) > 0, "{section:?} is empty");
    }
    assert!(read_all(table) > 0);
}

#[test]
fn random_bytes_are_no_table() {
    let bytes = (any::<bool>(), vec(any::<u8>(), 0..600));
    property(300, &bytes, |(is_begun, mut bytes)| {
        if is_begun {
            begin(&mut bytes);
        }
        prop_assert!(Table::parse(&bytes).is_err());
        // What was never validated may be empty, but is read in bounds too.
        let _ = read_all(Table::baked(bytes.leak()));
        Ok(())
    });
}

#[test]
fn a_table_cut_short_is_an_error() {
    for len in 0..TABLE.len() {
        assert!(Table::parse(&TABLE[..len]).is_err(), "{len} bytes");
        let mut mended = TABLE[..len].to_vec();
        if len >= HEADER_LEN {
            begin(&mut mended);
            assert!(Table::parse(&mended).is_err(), "{len} bytes with a header that fits");
        }
    }
    assert!(Table::parse(&[&TABLE[..], b"\0"].concat()).is_err());
}

#[test]
fn a_table_with_an_altered_byte_is_an_error() {
    for at in 0..TABLE.len() {
        let mut altered = TABLE.clone();
        altered[at] ^= 1 << (at % 8);
        assert!(Table::parse(&altered).is_err(), "byte {at}");
    }
}

/// Every word is altered in every way that could matter, and the content hash made to fit.
#[test]
fn a_table_with_an_altered_word_can_be_read_or_is_an_error() {
    let mut n_tables = 0;
    for at in (8..TABLE.len() & !3).step_by(4) {
        let word = word(&TABLE, at);
        let steps = [word.wrapping_sub(1), word.wrapping_add(1), word.wrapping_add(2), word ^ 1 << 31];
        for value in [0, 1, 2, 5, 1 << 31, i32::MAX.unsigned_abs(), u32::MAX - 1, u32::MAX].into_iter().chain(steps) {
            n_tables += usize::from(altered(&[(at, value)]));
        }
    }
    assert!(n_tables > 0, "no altered table got past the hash");
}

#[test]
fn a_table_with_altered_words_can_be_read_or_is_an_error() {
    let value = prop_oneof![0..64u32, any::<u32>(), (0..40u32).prop_map(|n| u32::MAX - n)];
    property(1000, &vec((any::<Index>(), value), 1..4), |changes| {
        // The root, the flags and the lengths are in the header.
        let place = |at: Index| ROOT_OFFSET + at.index((TABLE.len() - ROOT_OFFSET) / 4) * 4;
        altered(&changes.into_iter().map(|(at, value)| (place(at), value)).collect::<Vec<_>>());
        Ok(())
    });
}

/// Whether the table with those words is one; if so, it was read whole, and its literal patterns were found.
fn altered(changes: &[(usize, u32)]) -> bool {
    let mut bytes = TABLE.clone();
    for (at, value) in changes {
        bytes[*at..at + 4].copy_from_slice(&value.to_le_bytes());
    }
    mend_hash(&mut bytes);
    let Ok(table) = Table::parse(&bytes) else { return false };
    read_all(table);
    let (path, n_probes) =
        PATHS.map(|path| (path, table.probes(path))).into_iter().max_by_key(|it| it.1).expect("a path");
    assert!(n_probes <= table.probe_bound(), "{n_probes} probes for {} with {changes:?}", path.escape_ascii());
    for route in table.routes().filter(|route| !route.pattern().contains(['{', '}'])) {
        let found = table.candidates(route.pattern().as_bytes());
        assert!(found.iter().any(|it| it.id() == route.id()), "{route:?} is lost with {changes:?}");
    }
    true
}

fn word(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

/// Puts a header before the bytes that says what it should.
fn begin(bytes: &mut Vec<u8>) {
    if bytes.len() < HEADER_LEN {
        bytes.resize(HEADER_LEN, 0);
    }
    let len = bytes.len() as u64;
    bytes[..8].copy_from_slice(&MAGIC);
    bytes[8..12].copy_from_slice(&VERSION.to_le_bytes());
    bytes[12..16].copy_from_slice(&u32::try_from(Section::ALL.len()).expect("a few").to_le_bytes());
    bytes[16..24].copy_from_slice(&len.to_le_bytes());
    mend_hash(bytes);
}

fn mend_hash(bytes: &mut [u8]) {
    let hash = xxhash_rust::xxh3::xxh3_64(&bytes[HASH_OFFSET + 8..]);
    bytes[HASH_OFFSET..HASH_OFFSET + 8].copy_from_slice(&hash.to_le_bytes());
}

/// Reads all that can be read of a table; gives how much that was. Nothing may claim to hold more than the bytes could.
fn read_all(table: Table<'_>) -> usize {
    let most = table.as_bytes().len();
    let mut n_read = format!("{table:?}{}{}{:?}", table.host_name(), table.public(), table.trailing_slash()).len();
    n_read += usize::from(table.ignores_case()) + usize::from(table.hash() ^ table.links_hash() == 0);
    let ids = [AppId(0), AppId(1 << 31), AppId(u32::MAX)];
    for app in table.apps().take(most).chain(ids.map(|id| table.app(id))) {
        let texts = [app.slug(), app.name(), app.folder(), app.description(), app.publisher(), app.metadata()];
        n_read += texts.iter().map(|text| text.len()).sum::<usize>() + app.entry().map_or(0, str::len);
        let lens = [app.aliases().len(), app.categories().len(), app.requires().len(), app.uses().len()];
        assert!(lens.into_iter().chain([app.routes().len(), app.links().len()]).all(|len| len <= most));
        n_read += app.aliases().chain(app.categories()).map(str::len).sum::<usize>();
        n_read += app.requires().chain(app.uses()).map(|other| table.app(other).slug().len()).sum::<usize>();
        n_read += app.links().map(|link| format!("{link:?}").len()).sum::<usize>();
        n_read += usize::from(app.is_core())
            + usize::from(app.is_enabled())
            + usize::from(app.has_lazy_links())
            + usize::from(app.hash() == 0);
        n_read += format!("{app:?}").len() + table.resolve(app.slug()).map_or(0, |app| app.name().len());
        n_read += app.routes().map(|route| route.pattern().len()).sum::<usize>();
    }
    let ids = [RouteId(0), RouteId(1 << 31), RouteId(u32::MAX)];
    for route in table.routes().take(most).chain(ids.map(|id| table.route(id))) {
        n_read += format!("{route:?}{:?}{:?}", route.methods(), route.app().id()).len();
        n_read += route.preload().map(|app| table.app(app).slug().len()).sum::<usize>();
        n_read += PATHS.iter().map(|path| params(route.params(path))).sum::<usize>();
    }
    n_read += table.links().take(most).map(|link| link.files.len() + link.public.len()).sum::<usize>();
    n_read += table
        .load_order()
        .chain(table.with_code())
        .chain(table.warm_up())
        .take(most)
        .map(|app| table.app(app).slug().len())
        .sum::<usize>();
    n_read += ["video", "meet", "", "nothing"].iter().filter_map(|name| table.resolve(name)).count();
    n_read += PATHS.iter().map(|path| table.candidates(path).len() + table.probes(path) as usize).sum::<usize>();
    let methods = [Method::GET, Method::HEAD, Method::POST, Method::OTHER];
    n_read + PATHS.iter().flat_map(|path| methods.map(|method| read_found(&table.find(method, path)))).sum::<usize>()
}

const PATHS: [&[u8]; 20] = [
    b"",
    b"/",
    b"//",
    b"/video/1",
    b"/VIDEO/1/",
    b"/video/v1.2/a/b",
    b"/video/v1.2/",
    b"/video/v1/\xff:cancel",
    b"/video/v/:cancel",
    b"/login/{x}",
    b"/login/back",
    b"/login/back/",
    b"/login/{name}",
    b"/login/out",
    b"/calendar/a%2Fb/%ff",
    b"/calendar//",
    b"/////////////////////////////////////////////////////////////////////////////////",
    b"video",
    b"/zones/a",
    b"/ZONES/p/",
];

fn read_found(found: &Found<'_, '_>) -> usize {
    match found {
        Found::Match(found) => params(found.params()) + found.app().slug().len() + found.route().pattern().len(),
        other => format!("{other:?}").len(),
    }
}

fn params(params: Params<'_, '_>) -> usize {
    let debug = format!("{params:?}").len();
    let named = params.get("rest").map_or(0, |param| param.raw().len());
    debug + named
}

#[test]
fn an_index_deeper_than_any_walk_may_be_is_an_error() {
    let n_deepest = u32::try_from(MAX_DEPTH).expect("a few");
    for (n_nodes, expected) in [(0, true), (2, true), (n_deepest, true), (n_deepest + 1, false), (200_000, false)] {
        let bytes = with_chain_of_nodes(n_nodes);
        let table = Table::parse(&bytes);
        assert_eq!(table.is_ok(), expected, "{n_nodes} nodes: {table:?}");
        if let Ok(table) = table {
            assert_eq!(table.probes(b"/a/b"), n_nodes + 1, "every node is come to");
            assert_eq!(table.find(Method::GET, b"/a/b"), Found::Nothing);
        }
    }
}

/// Otherwise a path could have more looked at than the bound says, or what was never checked.
#[test]
fn an_index_that_is_no_tree_of_tests_is_an_error() {
    let root = ROOT_OFFSET;
    let child = record(Section::Nodes, 0, node::WORDS);
    let rest = word(&TABLE, root + node::REST * 4);
    assert_eq!(rest & target::TAG, target::NODE, "literal patterns and others");
    let literal = record(Section::Slots, literal_slot(target::ROUTE), slot::WORDS) + slot::TARGET * 4;
    let bound = record(Section::Host, 0, host::WORDS) + host::PROBE_BOUND * 4;
    let no_rest = [(root + node::REST * 4, NONE), (root + node::FIRST * 4, NONE)];
    for (what, changes) in [
        ("the root tests the whole path", &[(root + node::TEST * 4, test::COUNT | node::ALWAYS)][..]),
        ("the rest of the root is always searched", &[(root + node::TEST * 4, test::PATH)]),
        ("no other node tests the whole path", &[(child + node::TEST * 4, test::PATH)]),
        ("a literal path leads to no node", &[(literal, rest), no_rest[0], no_rest[1]]),
        ("a literal path leads to the beginning of a route", &[(literal, word(&TABLE, literal) + 4)]),
        ("a node leads on, not back", &[(child + node::REST * 4, target::NODE)]),
        ("a node leads to one that is there", &[(root + node::REST * 4, 99 << target::SHIFT | target::NODE)]),
        ("slots are of one node", &[(child + node::SLOTS * 4, 0)]),
        ("pilots are there", &[(root + node::PILOTS * 4, word(&TABLE, root + node::PILOTS * 4) + 1)]),
        ("the rest begins where it begins", &[(root + node::FIRST * 4, 0)]),
    ] {
        for n_probes in 0..100 {
            assert!(!altered(&[changes, &[(bound, n_probes)]].concat()), "{what}, bound {n_probes}");
        }
    }
    let recorded = word(&TABLE, bound);
    let accepted: Vec<u32> = (0..100).filter(|n_probes| altered(&[(bound, *n_probes)])).collect();
    assert_eq!(accepted, [recorded]);
}

/// Whatever the root's slots are altered to, no literal pattern is lost: that could not be told from one never baked.
#[test]
fn a_literal_pattern_that_its_path_does_not_lead_to_is_an_error() {
    let of_slot = |number: usize| record(Section::Slots, number, slot::WORDS);
    let (single, listed) = (of_slot(literal_slot(target::ROUTE)), of_slot(literal_slot(target::LEAF)));
    let leaf = (word(&TABLE, listed + slot::TARGET * 4) >> target::SHIFT) as usize;
    let leaf = record(Section::Leaves, leaf, 1);
    assert_eq!(word(&TABLE, leaf), 2, "two routes of one literal pattern");
    let lengths = word(&TABLE, LENGTHS_OFFSET);
    let n_words = section_bytes(Section::Filter).len() / 4;
    let words = (0..n_words).map(|idx| record(Section::Filter, idx, 1));
    let filter = words.into_iter().find(|at| word(&TABLE, *at) != 0).expect("the bit of a literal pattern");
    let (flags, sample) = (word(&TABLE, FLAGS_OFFSET), word(&TABLE, SAMPLE_OFFSET));
    assert_eq!(sample >> 24, 1, "the bytes at one place tell these paths apart");
    let bound = record(Section::Host, 0, host::WORDS) + host::PROBE_BOUND * 4;
    for (what, changes) in [
        ("its length is noted", vec![(LENGTHS_OFFSET, lengths & (lengths - 1))]),
        ("no other length is noted", vec![(LENGTHS_OFFSET + 4, 1 << 31)]),
        ("its bit is in the filter", vec![(filter, 0)]),
        ("no other bit is in the filter", vec![(filter, u32::MAX)]),
        ("what is hashed of it", vec![(SAMPLE_OFFSET, 0)]),
        ("where the hashed bytes are", vec![(SAMPLE_OFFSET, sample ^ 2)]),
        ("what is hashed is known", vec![(SAMPLE_OFFSET, sample | 1 << 25)]),
        ("its slot leads to a route", vec![(single + slot::TARGET * 4, NONE)]),
        ("its slot has its fingerprint", vec![(single, !word(&TABLE, single))]),
        ("its slot leads to it", vec![(single + slot::TARGET * 4, word(&TABLE, leaf + 4))]),
        ("its slot leads to all of its routes", vec![(listed + slot::TARGET * 4, word(&TABLE, leaf + 4))]),
        ("upper case is as it was hashed", vec![(FLAGS_OFFSET, flags & !flags::CASE_INSENSITIVE)]),
    ] {
        for n_probes in 0..100 {
            assert!(!altered(&[&changes[..], &[(bound, n_probes)]].concat()), "{what}, bound {n_probes}");
        }
    }
    assert!(altered(&[(FLAGS_OFFSET, flags ^ flags::SLASHES)]), "what a slash means is the host's to say");
}

/// The first slot of a literal path that leads to a target of this kind.
fn literal_slot(kind: u32) -> usize {
    let slots = section_bytes(Section::Slots);
    let target = |record: &[u8]| word(record, slot::TARGET * 4);
    let mut slots = slots.chunks_exact(slot::WORDS * 4).map(target);
    slots.position(|target| target != NONE && target & target::TAG == kind).expect("such a literal path")
}

/// Otherwise a small table could have every app list a million others.
#[test]
fn a_list_that_two_apps_share_is_an_error() {
    let video = record(Section::Apps, 2, app::WORDS) + app::ALIASES * 4;
    let login = record(Section::Apps, 1, app::WORDS) + app::CATEGORIES * 4;
    let list = [word(&TABLE, video), word(&TABLE, video + 4)];
    assert_eq!((list[1], word(&TABLE, login + 4)), (2, 0), "two aliases, no categories");
    assert!(altered(&[(login, list[0])]), "an empty list may stand anywhere");
    assert!(!altered(&[(login, list[0]), (login + 4, list[1])]));
}

#[test]
fn a_route_that_another_app_claims_is_an_error() {
    let offset = word(&TABLE, record(Section::RouteOffsets, 0, 1));
    let route = word(&TABLE, DIRECTORY_OFFSET + Section::Routes as usize * 8) as usize + offset as usize;
    let app = route + route::APP * 4;
    assert_eq!(word(&TABLE, app), 0);
    assert!(!altered(&[(app, 1)]));
}

#[test]
fn an_app_that_is_warmed_up_twice_or_is_not_there_is_an_error() {
    let [first, second] = [0, 1].map(|idx| record(Section::WarmUp, idx, 1));
    let (login, zones) = (word(&TABLE, first), word(&TABLE, second));
    assert_eq!((login, zones), (1, 3), "the app that was used more often is the first");
    assert!(altered(&[(first, zones), (second, login)]), "any order is one");
    assert!(!altered(&[(second, login)]));
    assert!(!altered(&[(second, 4)]));
}

/// Where a record is in the table.
fn record(section: Section, idx: usize, n_words: usize) -> usize {
    word(&TABLE, DIRECTORY_OFFSET + section as usize * 8) as usize + idx * n_words * 4
}

/// The table with a chain of nodes without routes behind the root, in place of the nodes that were there. A path of two
/// segments goes through all of them, by a slot of each, and what is besides the slot is searched too.
fn with_chain_of_nodes(n_nodes: u32) -> Vec<u8> {
    let mut sections: Vec<Vec<u8>> = Section::ALL.iter().map(|section| section_bytes(*section)).collect();
    let mut header = TABLE[..HEADER_LEN].to_vec();
    let words = |words: &[u32]| words.iter().flat_map(|word| word.to_le_bytes()).collect::<Vec<u8>>();
    let next = |idx: u32| if idx < n_nodes { idx << target::SHIFT | target::NODE } else { NONE };
    let n_literal_slots = word(&header, ROOT_OFFSET + (node::SLOTS + 1) * 4);
    let node = |idx: u32| {
        let mut record = [0; node::WORDS];
        record[node::TEST] = node::ALWAYS | test::COUNT;
        (record[node::SLOTS], record[node::SLOTS + 1]) = (n_literal_slots + idx, 1);
        (record[node::REST], record[node::FIRST]) = (NONE, NONE);
        words(&record)
    };
    let fingerprint = hash::fingerprint(hash::number(2));
    let slot = |idx: u32| words(&[fingerprint, next(idx + 1)]);
    let slots = &mut sections[Section::Slots as usize];
    slots.truncate(n_literal_slots as usize * slot::WORDS * 4);
    slots.extend((0..n_nodes).flat_map(slot));
    sections[Section::Nodes as usize] = (0..n_nodes).flat_map(node).collect();
    for (at, word) in [(node::REST, next(0)), (node::FIRST, NONE)] {
        header[ROOT_OFFSET + at * 4..][..4].copy_from_slice(&word.to_le_bytes());
    }
    // The root, the two routes of one literal pattern, and the chain.
    let bound = host::PROBE_BOUND * 4;
    sections[Section::Host as usize][bound..bound + 4].copy_from_slice(&(n_nodes + 3).to_le_bytes());
    image(header, &sections)
}

fn section_bytes(section: Section) -> Vec<u8> {
    let entry = DIRECTORY_OFFSET + section as usize * 8;
    let (start, len) = (word(&TABLE, entry) as usize, word(&TABLE, entry + 4) as usize);
    TABLE[start..start + len].to_vec()
}

/// A table of those sections, with that root, those flags and those lengths of literal patterns.
fn image(header: Vec<u8>, sections: &[Vec<u8>]) -> Vec<u8> {
    let mut bytes = header;
    for (idx, section) in sections.iter().enumerate() {
        bytes.resize(bytes.len().next_multiple_of(8), 0);
        let entry = DIRECTORY_OFFSET + idx * 8;
        let place = [bytes.len(), section.len()].map(|word| u32::try_from(word).expect("a small table"));
        bytes[entry..entry + 4].copy_from_slice(&place[0].to_le_bytes());
        bytes[entry + 4..entry + 8].copy_from_slice(&place[1].to_le_bytes());
        bytes.extend_from_slice(section);
    }
    begin(&mut bytes);
    bytes
}
