//! Routes to a host on the disk, and what compiling it gives.

use std::fmt::Write as _;
use std::fs;
use std::io;

use bakehouse_codegen::diagnostics::{Severity, render};
use bakehouse_codegen::{Compilation, Options, compile};
use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Methods};

use crate::find::Rules;

/// An app of a host.
#[derive(Debug, Clone, Default)]
pub struct App {
    /// Its slug.
    pub slug: String,
    /// Its routes.
    pub routes: Vec<WrittenRoute>,
}

/// A route as a manifest has it.
#[derive(Debug, Clone)]
pub struct WrittenRoute {
    /// The pattern.
    pub path: String,
    /// The methods.
    pub methods: Methods,
    /// The apps from whose patterns it takes paths.
    pub overrides: Vec<String>,
    /// Whether any app may take paths from it.
    pub yields: bool,
}

/// Writes the host to a folder of its own and compiles it.
///
/// # Errors
/// If the folder cannot be written.
pub fn bake(rules: Rules, apps: &[App]) -> io::Result<Compilation> {
    let folder = tempfile::tempdir()?;
    let manifest = folder.path().join("apps.manifest.toml");
    fs::write(&manifest, host_manifest(rules))?;
    for app in apps {
        let app_folder = folder.path().join("apps").join(&app.slug);
        fs::create_dir_all(&app_folder)?;
        fs::write(app_folder.join("app.toml"), app_manifest(app))?;
    }
    Ok(compile(&manifest, &Options::default()))
}

/// The codes of all errors.
pub fn errors(compilation: &Compilation) -> Vec<&'static str> {
    let errors = compilation.diagnostics.iter().filter(|it| it.severity == Severity::Error);
    errors.map(|it| it.code).collect()
}

/// All diagnostics as a person sees them.
pub fn told(compilation: &Compilation) -> String {
    compilation.diagnostics.iter().map(|it| render(it, &compilation.sources, &compilation.folder)).collect()
}

fn host_manifest(rules: Rules) -> String {
    let case = if rules.ignore_case { "insensitive" } else { "sensitive" };
    let slash = match rules.slash {
        TrailingSlash::Strict => "strict",
        TrailingSlash::Ignore => "ignore",
        TrailingSlash::Redirect => "redirect",
    };
    format!("[host]\nname = \"oracle\"\n[routes]\ncase = \"{case}\"\ntrailing-slash = \"{slash}\"\n")
}

fn app_manifest(app: &App) -> String {
    let mut text = format!("slug = {0:?}\nname = {0:?}\n", app.slug);
    for route in &app.routes {
        // The patterns of the tests hold no quote and no backslash, so that these are TOML's quotes too.
        write!(text, "\n[[route]]\npath = \"{}\"\n", route.path.replace('$', "$$")).expect("a string takes all");
        if route.methods != Methods::ALL {
            let names: Vec<&str> = route.methods.iter().map(Method::name).collect();
            writeln!(text, "methods = {names:?}").expect("a string takes all");
        }
        writeln!(text, "overrides = {:?}\nyields = {}", route.overrides, route.yields).expect("a string takes all");
    }
    text
}
