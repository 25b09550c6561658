//! Bakes cal.com's tree where it is to be had, else the small host beside this file.

use std::error::Error;
use std::fs::{self, File};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use std::{env, io};

/// What writes the tree, relative to this package.
const CORPUS: &str = "../../../shared/corpora/calcom";

fn main() -> Result<(), Box<dyn Error>> {
    let tree = PathBuf::from(env::var_os("OUT_DIR").ok_or("`OUT_DIR` is not set")?).join("calcom");
    let corpus = Path::new(CORPUS);
    // A missing path would make every build bake again.
    if corpus.exists() {
        println!("cargo::rerun-if-changed={CORPUS}");
    }
    println!("cargo::rerun-if-changed=build.rs");
    match materialize(corpus, &tree) {
        Ok(()) => {
            let manifest = tree.join("apps.manifest.toml");
            println!("cargo::rustc-env=BAKED_MANIFEST={}", manifest.display());
            bakehouse_codegen::bake(manifest);
        }
        Err(error) => {
            println!("cargo::rustc-env=NOT_BAKED={}", error.to_string().replace('\n', " "));
            bakehouse_codegen::bake("small/apps.manifest.toml");
        }
    }
    Ok(())
}

fn materialize(corpus: &Path, tree: &Path) -> io::Result<()> {
    let script = corpus.join("materialize");
    let written = fs::metadata(&script)
        .and_then(|metadata| metadata.modified())
        .map_err(|error| io::Error::new(error.kind(), format!("`{}` cannot be read: {error}", script.display())))?;
    if tree.exists() {
        fs::remove_dir_all(tree)?;
    }
    let output = Command::new("python3")
        .arg(&script)
        .arg(tree)
        .output()
        .map_err(|error| io::Error::new(error.kind(), format!("`python3` cannot be started: {error}")))?;
    if !output.status.success() {
        let talk = String::from_utf8_lossy(&output.stderr);
        return Err(io::Error::other(format!("`{}` ended with {}: {talk}", script.display(), output.status)));
    }
    age(tree, written)
}

/// Makes the tree as old as what wrote it: a watched file that is newer than the start of the build script would make
/// the next build bake again.
fn age(path: &Path, time: SystemTime) -> io::Result<()> {
    if path.is_dir() {
        for entry in fs::read_dir(path)? {
            age(&entry?.path(), time)?;
        }
    }
    File::open(path)?.set_modified(time)
}
