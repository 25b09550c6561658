//! Bytes to an image that has a table's header, and a table to all that can be read of it.

use std::sync::LazyLock;

use bakehouse_oracle::find::Rules;
use bakehouse_oracle::generate::store::store;
use bakehouse_oracle::host::{App, bake, told};
use bakehouse_runtime::find::{Found, Params};
use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::table::layout::{HASH_OFFSET, HEADER_LEN, MAGIC, Section, VERSION};
use bakehouse_runtime::{Method, Table};
use xxhash_rust::xxh3::xxh3_64;

/// A table with routes of every shape.
static TABLE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let rules = Rules { ignore_case: true, slash: TrailingSlash::Redirect };
    let apps: Vec<App> = store(rules, 2).iter().map(|(slug, set)| App::of(slug, set)).collect();
    let compilation = bake(rules, &apps).expect("a temporary folder can be written");
    let baked = compilation.baked.as_ref().unwrap_or_else(|| panic!("{}", told(&compilation)));
    baked.table.clone()
});

/// Paths that the table serves, or nearly.
const PATHS: [&[u8]; 12] = [
    b"",
    b"/",
    b"//",
    b"/app-0",
    b"/APP-1/",
    b"/api/app-0/v1.2/items/3",
    b"/api/v2/app-1/\xff:cancel",
    b"/webhooks/app-0-app-1",
    b"/files/app-0/a....b",
    b"/u/1/app-1/a/b/c/",
    b"/static/app-0/.svg",
    b"/deep/app-0/a/b/c/d/e/f/g/h/1/i/j/2/k/l/m",
];

/// The bytes with a header before them that says what it should.
pub fn with_header(bytes: &[u8]) -> Vec<u8> {
    let mut image = bytes.to_vec();
    image.resize(image.len().max(HEADER_LEN), 0);
    let len = image.len() as u64;
    image[..8].copy_from_slice(&MAGIC);
    image[8..12].copy_from_slice(&VERSION.to_le_bytes());
    image[12..16].copy_from_slice(&u32::try_from(Section::ALL.len()).unwrap_or_default().to_le_bytes());
    image[16..24].copy_from_slice(&len.to_le_bytes());
    mend_hash(&mut image);
    image
}

/// The table with some of its words altered: of every six bytes, two say which word, and four what it becomes.
pub fn altered(changes: &[u8]) -> Vec<u8> {
    let mut image = TABLE.clone();
    let n_words = image.len() / 4;
    for change in changes.chunks_exact(6) {
        let at = usize::from(u16::from_le_bytes([change[0], change[1]])) % n_words * 4;
        image[at..at + 4].copy_from_slice(&change[2..]);
    }
    mend_hash(&mut image);
    image
}

fn mend_hash(image: &mut [u8]) {
    let hash = xxh3_64(&image[HASH_OFFSET + 8..]);
    image[HASH_OFFSET..HASH_OFFSET + 8].copy_from_slice(&hash.to_le_bytes());
}

/// Reads all that a table has, up to `most` of each kind, and asks it for `path`.
pub fn read_all(table: Table<'_>, path: &[u8], most: usize) {
    let _ = format!("{table:?}{:?}{}{}", table.trailing_slash(), table.host_name(), table.public());
    for app in table.apps().take(most) {
        let _ = format!("{app:?}{:?}", app.aliases().chain(app.categories()).collect::<Vec<_>>());
        let _ =
            (app.requires().chain(app.uses()).count(), app.routes().len(), app.links().count(), app.metadata().len());
        for name in app.aliases().chain([app.slug()]) {
            let _ = table.resolve(name);
        }
    }
    for route in table.routes().take(most) {
        let _ = format!("{route:?}{:?}{}", route.methods(), route.app().slug());
        read_params(route.params(path));
    }
    for link in table.links().take(most) {
        let _ = format!("{link:?}");
    }
    let _ = table
        .load_order()
        .chain(table.with_code())
        .chain(table.warm_up())
        .take(most)
        .map(|app| table.app(app).slug().len())
        .sum::<usize>();
    for path in PATHS.into_iter().chain([path]) {
        ask(table, path);
    }
}

fn ask(table: Table<'_>, path: &[u8]) {
    for method in [Method::GET, Method::HEAD, Method::POST, Method::OTHER] {
        if let Found::Match(found) = table.find(method, path) {
            read_params(found.params());
        }
    }
    for route in table.candidates(path) {
        read_params(route.params(path));
    }
}

fn read_params(params: Params<'_, '_>) {
    let _ = params.clone().get("rest");
    for (_, param) in params {
        let _ = param.decode();
    }
}
