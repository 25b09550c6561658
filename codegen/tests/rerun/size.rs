//! What an app without code costs a binary: its bytes in the table, and nothing that rustc or the loader has to do.

use std::fs;
use std::path::Path;
use std::process::Command;

use super::project::{Build, PRINT_TABLE, Project};

fn rust_of(build: &Build) -> [String; 2] {
    ["bakehouse_table.rs", "bakehouse_registry.rs"]
        .map(|file| fs::read_to_string(build.out_dir().join(file)).expect("reads the generated Rust"))
}

/// How many relocations a program has; none, said aloud, on a system without `readelf`.
///
/// # Panics
///
/// In CI, which has it.
fn n_relocations(program: &Path) -> Option<usize> {
    match Command::new("readelf").arg("--relocs").arg("--wide").arg(program).output() {
        Ok(output) => {
            assert!(output.status.success(), "{output:?}");
            Some(String::from_utf8_lossy(&output.stdout).lines().filter(|line| line.contains(" R_")).count())
        }
        Err(error) => {
            assert!(std::env::var_os("CI").is_none(), "CI must have `readelf`: {error}");
            eprintln!("skipped: `readelf` cannot be started: {error}");
            None
        }
    }
}

#[test]
fn neither_rust_nor_relocations_grow_with_apps_without_code() {
    let project = Project::with_code("rerun-size", &PRINT_TABLE.replace("apps!(table)", "apps!()"));
    let small = project.build();
    assert_eq!(small.apps().len(), 2);
    let (rust, relocations) = (rust_of(&small), n_relocations(&small.executable()));
    assert_ne!(relocations, Some(0), "a program has some");

    for idx in 0..300 {
        let route = format!("[[route]]\npath = \"/app-{idx}/{{id}}\"\n");
        project.write(&format!("apps/app-{idx}/app.toml"), &format!("slug = \"app-{idx}\"\nname = \"App\"\n{route}"));
    }
    let large = project.build();
    assert_eq!(large.apps().len(), 302);
    assert_eq!(rust_of(&large), rust);
    assert_eq!(n_relocations(&large.executable()), relocations);
}
