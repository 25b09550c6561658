//! Any texts as the manifests of a host: a table that is valid, or errors that can be drawn.

#![no_main]

use std::fs;

use bakehouse_codegen::diagnostics::{Severity, render};
use bakehouse_codegen::{Depth, Options, compile};
use bakehouse_runtime::Table;
use libfuzzer_sys::fuzz_target;

/// The files that the texts become; a text that is missing leaves its file out.
const FILES: [&str; 4] =
    ["apps.manifest.toml", "apps/zoom/app.toml", "apps/meet/app.toml", "apps/meet/static/icon.svg"];

fuzz_target!(|bytes: &[u8]| {
    let host = tempfile::tempdir().expect("a temporary folder");
    for app in ["apps/zoom", "apps/meet/static"] {
        fs::create_dir_all(host.path().join(app)).expect("a folder can be made");
    }
    for (file, text) in FILES.iter().zip(bytes.split(|byte| *byte == 0)) {
        fs::write(host.path().join(file), text).expect("a file can be written");
    }
    let options = Options { depth: Depth::AllBytes, ..Options::default() };
    let compilation = compile(&host.path().join(FILES[0]), &options);
    for diagnostic in &compilation.diagnostics {
        assert!(diagnostic.place().is_some(), "{diagnostic:?}");
        assert!(!render(diagnostic, &compilation.sources, host.path()).is_empty());
    }
    assert_eq!(compilation.count(Severity::Error) > 0, compilation.baked.is_none());
    if let Some(baked) = &compilation.baked {
        Table::parse(&baked.table).expect("what was baked is a table");
    }
});
