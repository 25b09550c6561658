//! Routes to a host on the disk, and what compiling it gives.

use std::fmt::Write as _;
use std::fs;
use std::io;
use std::path::Path;

use bakehouse_codegen::diagnostics::{Severity, render};
use bakehouse_codegen::{Compilation, Options, compile};
use bakehouse_runtime::table::TrailingSlash;
use bakehouse_runtime::{Method, Methods};

use crate::find::{Route, Rules};
use crate::generate::Set;

/// An app of a host.
#[derive(Debug, Clone, Default)]
pub struct App {
    /// Its slug.
    pub slug: String,
    /// Its routes.
    pub routes: Vec<WrittenRoute>,
}

impl App {
    /// An app with the routes of a set. They yield, so that none clashes with another app or the host's own paths.
    pub fn of(slug: &str, set: &Set) -> Self {
        let written = |route: &Route| WrittenRoute {
            path: route.text.clone(),
            methods: route.methods,
            overrides: Vec::new(),
            yields: true,
        };
        Self { slug: slug.to_owned(), routes: set.routes.iter().map(written).collect() }
    }
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
    bake_in(tempfile::tempdir()?.path(), rules, apps)
}

/// Writes the host to that folder and compiles it.
///
/// # Errors
/// If the folder cannot be written.
pub fn bake_in(folder: &Path, rules: Rules, apps: &[App]) -> io::Result<Compilation> {
    let manifest = folder.join("apps.manifest.toml");
    fs::write(&manifest, host_manifest(rules))?;
    for app in apps {
        let app_folder = folder.join("apps").join(&app.slug);
        fs::create_dir_all(&app_folder)?;
        fs::write(app_folder.join("app.toml"), app_manifest(app))?;
    }
    Ok(compile(&manifest, &Options::default()))
}

/// The table of one app with the routes of a set; none if they branch more than the bake allows.
///
/// # Errors
/// If the folder cannot be written, or the bake finds anything else wrong with the routes.
pub fn table_in(folder: &Path, set: &Set) -> Result<Option<Vec<u8>>, String> {
    let compilation = bake_in(folder, set.rules, &[App::of("app", set)]).map_err(|error| error.to_string())?;
    match (&compilation.baked, errors(&compilation).as_slice()) {
        (Some(baked), []) => Ok(Some(baked.table.clone())),
        (None, ["route-limit"]) => Ok(None),
        _ => Err(told(&compilation)),
    }
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
        write!(text, "\n[[route]]\npath = \"{}\"\n", escaped(&route.path)).expect("a string takes all");
        if route.methods != Methods::ALL {
            let names: Vec<&str> = route.methods.iter().map(Method::name).collect();
            writeln!(text, "methods = {names:?}").expect("a string takes all");
        }
        writeln!(text, "overrides = {:?}\nyields = {}", route.overrides, route.yields).expect("a string takes all");
    }
    text
}

/// The pattern as TOML has it, with no variables in it.
fn escaped(pattern: &str) -> String {
    let escape = |c: char| match c {
        '$' => "$$".to_owned(),
        '"' | '\\' => format!("\\{c}"),
        _ if c.is_control() => format!("\\u{:04x}", u32::from(c)),
        _ => c.to_string(),
    };
    pattern.chars().map(escape).collect()
}
