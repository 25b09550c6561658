//! A table that a build script baked answers as the command does, which bakes when it is called.

use std::env;
use std::path::Path;

use bakehouse_baked::store::{BASE, ROOT, TABLE};
use bakehouse_baked::{MANIFEST, WHY_NOT};
use bakehouse_codegen::{Options, compile};
use bakehouse_runtime::find::{Found, RawParam};
use bakehouse_runtime::table::AppRecord;
use bakehouse_runtime::{Method, Table};

/// The host manifest; none, said aloud, where there is no tree to ask.
///
/// # Panics
///
/// In CI, which has the tree.
fn manifest() -> Option<&'static Path> {
    if MANIFEST.is_none() {
        let why = WHY_NOT.unwrap_or_default();
        assert!(env::var_os("CI").is_none(), "CI must have cal.com's tree: {why}");
        eprintln!("skipped: cal.com's tree was not baked: {why}");
    }
    MANIFEST.map(Path::new)
}

fn spellings(app: AppRecord<'static>) -> impl Iterator<Item = &'static str> {
    [app.slug()].into_iter().chain(app.aliases())
}

#[test]
fn the_table_is_what_a_bake_at_run_time_gives() {
    let Some(manifest) = manifest() else { return };
    let compilation = compile(manifest, &Options::default());
    let baked = compilation.baked.as_ref().expect("bakes");
    assert!(TABLE.as_bytes() == baked.table, "must be the same bytes");
    assert!(Table::parse(TABLE.as_bytes()).is_ok(), "is valid");
    assert_eq!(Some(Path::new(BASE)), manifest.parent());
    assert_eq!(Path::new(ROOT), compilation.root);
}

#[test]
fn every_spelling_of_every_app_resolves_and_is_served() {
    if manifest().is_none() {
        return;
    }
    assert_eq!(TABLE.n_apps(), 105);
    for app in TABLE.apps() {
        let folder = app.folder().rsplit('/').next().expect("is a path");
        assert!(spellings(app).any(|name| name == folder), "`{folder}` is a spelling of `{}`", app.slug());
        for name in spellings(app) {
            assert_eq!(TABLE.resolve(name).map(AppRecord::id), Some(app.id()), "`{name}`");
            let path = format!("/api/integrations/{name}/add");
            let Found::Match(found) = TABLE.find(Method::GET, path.as_bytes()) else { panic!("nobody serves {path}") };
            assert_eq!(found.app().id(), app.id(), "{path}");
            assert_eq!(found.params().get("rest").map(RawParam::raw), Some(&b"add"[..]), "{path}");
        }
    }
}

#[test]
fn every_folder_of_an_app_is_there() {
    if manifest().is_none() {
        return;
    }
    for app in TABLE.apps() {
        assert!(Path::new(ROOT).join(app.folder()).is_dir(), "`{}`", app.slug());
    }
}
