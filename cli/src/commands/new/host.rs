//! `new host`: a package that bakes and serves, with one app.

use std::fs;
use std::path::Path;

use serde_json::json;

use super::{RUST, Template, app, check_name, shown, write};
use crate::commands::Ctx;
use crate::failure::{Failure, Outcome, Trouble, Verdict};

const TEMPLATES: &[Template] = &[
    ("Cargo.toml", include_str!("templates/host-cargo.toml")),
    ("apps.manifest.toml", include_str!("templates/apps.manifest.toml")),
    ("build.rs", include_str!("templates/build.rs")),
    ("src/main.rs", include_str!("templates/main.rs")),
    (".gitignore", include_str!("templates/gitignore")),
];

/// The first app of a host.
const APP: &str = "hello";

/// The crates that a host depends on, each with its folder in a checkout of Bakehouse.
const CRATES: [(&str, &str); 4] =
    [("bakehouse", "cli"), ("bakehouse-macros", "macros"), ("bakehouse-runtime", "runtime"), ("bakehouse-sdk", "sdk")];

pub(super) fn run(dir: &Path, checkout: Option<&Path>, ctx: &mut Ctx) -> Outcome {
    let name = name_of(dir)?;
    refuse_what_is_there(dir)?;
    let checkout = checkout.map(checkout_of).transpose()?;
    let lines = CRATES.map(|(name, folder)| dependency(name, folder, checkout.as_deref(), ""));
    let codegen = dependency("bakehouse-codegen", "codegen", checkout.as_deref(), ", features = [\"calcom\"]");
    let names = [("host", name), ("rust", RUST), ("dependencies", &lines.join("\n")), ("codegen", &codegen)];
    let mut files = write(dir, TEMPLATES, &names)?;
    files.extend(app::add(&dir.join("apps.manifest.toml"), "apps", APP)?.files);
    if ctx.out.is_json() {
        ctx.out.json(&json!({ "files": shown(&files) }))?;
        return Ok(Verdict::Fine);
    }
    for file in shown(&files) {
        ctx.out.line(format_args!("wrote {file}"))?;
    }
    ctx.out
        .line(format_args!("\ncargo run in `{}` serves it; http://127.0.0.1:4310/{APP}/you answers", dir.display()))?;
    Ok(Verdict::Fine)
}

/// The last part of the folder, after which the package is named.
fn name_of(dir: &Path) -> Result<&str, Failure> {
    let name = dir.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    check_name(name)?;
    if name == APP {
        let help = "name another folder";
        return Err(Trouble::new(format!("`{APP}` is the name of the first app")).help(help).call());
    }
    Ok(name)
}

fn refuse_what_is_there(dir: &Path) -> Result<(), Failure> {
    let is_free = match fs::read_dir(dir) {
        Ok(mut entries) => entries.next().is_none(),
        Err(_) => dir.symlink_metadata().is_err(),
    };
    let help = "name a folder that is not there, or is empty";
    if is_free { Ok(()) } else { Err(Trouble::new(format!("`{}` is there already", dir.display())).help(help).call()) }
}

/// A checkout of Bakehouse, by a path that holds from everywhere.
fn checkout_of(path: &Path) -> Result<String, Failure> {
    let help = "`--path` names a folder with the sources of Bakehouse";
    let wrong = || Trouble::new(format!("`{}` is no checkout of Bakehouse", path.display())).help(help);
    let real = path.canonicalize().map_err(|error| wrong().because(&error).call())?;
    let text = real.to_str().filter(|_| real.join("codegen/Cargo.toml").is_file()).ok_or_else(|| wrong().call())?;
    Ok(text.replace(std::path::MAIN_SEPARATOR, "/"))
}

fn dependency(name: &str, folder: &str, checkout: Option<&str>, more: &str) -> String {
    match (checkout, more) {
        (Some(checkout), _) => {
            let path = serde_json::Value::from(format!("{checkout}/{folder}"));
            format!("{name} = {{ path = {path}{more} }}")
        }
        (None, "") => format!("{name} = \"{}\"", env!("CARGO_PKG_VERSION")),
        (None, _) => format!("{name} = {{ version = \"{}\"{more} }}", env!("CARGO_PKG_VERSION")),
    }
}
