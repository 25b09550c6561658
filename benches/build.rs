//! Bakes a host of ten declarative apps and one of ten thousand, whose tables are taken into the program that is started.

use std::error::Error;
use std::path::{Path, PathBuf};
use std::{env, fs};

use bakehouse_codegen::{Options, compile};

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=build.rs");
    let out = PathBuf::from(env::var_os("OUT_DIR").ok_or("`OUT_DIR` is not set")?);
    for (name, n_apps) in [("few", 10), ("many", 10_000)] {
        let folder = out.join(name);
        write_host(&folder, n_apps)?;
        let compilation = compile(&folder.join("apps.manifest.toml"), &Options::default());
        let baked = compilation.baked.ok_or_else(|| format!("`{name}` does not bake"))?;
        fs::write(out.join(format!("{name}.table")), baked.table)?;
        fs::remove_dir_all(folder)?;
    }
    Ok(())
}

fn write_host(folder: &Path, n_apps: usize) -> std::io::Result<()> {
    for number in 0..n_apps {
        let app = folder.join("apps").join(format!("app-{number}"));
        fs::create_dir_all(&app)?;
        let manifest = format!("slug = \"app-{number}\"\nname = \"App {number}\"\n[[route]]\npath = \"/apps/$slug\"\n");
        fs::write(app.join("app.toml"), manifest)?;
    }
    fs::write(folder.join("apps.manifest.toml"), "[host]\nname = \"bench\"\n")
}
