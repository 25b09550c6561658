//! Writes manifests for the apps that a test wants, and bakes them.

use std::fmt::Write as _;
use std::path::Path;

use bakehouse_codegen::{Options, compile};

/// An app: its manifest.
#[derive(Clone, Default)]
pub(crate) struct App {
    pub(crate) slug: &'static str,
    pub(crate) name: &'static str,
    pub(crate) description: &'static str,
    /// Empty for an app without code.
    pub(crate) entry: &'static str,
    pub(crate) categories: &'static [&'static str],
    /// The lines below `[metadata]`.
    pub(crate) metadata: &'static str,
    /// Patterns with their methods; none means all.
    pub(crate) routes: &'static [(&'static str, &'static [&'static str])],
    /// `from` and `to`.
    pub(crate) assets: &'static [(&'static str, &'static str)],
    /// `from` and `to` of lazy sets.
    pub(crate) lazy_assets: &'static [(&'static str, &'static str)],
    /// `from` and `to` of files that are critical.
    pub(crate) critical_assets: &'static [(&'static str, &'static str)],
    pub(crate) core: bool,
    /// The slugs of apps that it requires.
    pub(crate) requires: &'static [&'static str],
    pub(crate) off: bool,
}

impl App {
    fn manifest(&self) -> String {
        let Self { slug, name, description, categories, requires, off, .. } = self;
        let name = if name.is_empty() { slug } else { name };
        let mut text = format!(
            "slug = {slug:?}\nname = {name:?}\ndescription = {description:?}\ncategories = {categories:?}\nrequires = {requires:?}\nenabled = {}\n",
            !off
        );
        if !self.entry.is_empty() {
            writeln!(text, "entry = {:?}", self.entry).unwrap();
        }
        for (path, methods) in self.routes {
            writeln!(text, "[[route]]\npath = {path:?}").unwrap();
            if !methods.is_empty() {
                writeln!(text, "methods = {methods:?}").unwrap();
            }
        }
        let eager = self.assets.iter().map(|set| (set, false));
        for ((from, to), is_lazy) in eager.chain(self.lazy_assets.iter().map(|set| (set, true))) {
            writeln!(text, "[[assets]]\nfrom = {from:?}\nto = {to:?}\nlazy = {is_lazy}").unwrap();
        }
        for (from, to) in self.critical_assets {
            writeln!(text, "[[assets]]\nfrom = {from:?}\nto = {to:?}\ncritical = [{from:?}]").unwrap();
        }
        text + "[metadata]\n" + self.metadata
    }
}

/// The table of a host with these apps, whose folders are made below `dir` with their manifests in them. A `profile.json`
/// in `dir` is the host's.
pub(crate) fn bake(dir: &Path, routes_section: &str, apps: &[App]) -> Vec<u8> {
    for app in apps {
        let folder = dir.join("apps").join(app.slug);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::write(folder.join("app.toml"), app.manifest()).unwrap();
    }
    std::fs::create_dir_all(dir.join("apps")).unwrap();
    let core: Vec<&str> = apps.iter().filter(|app| app.core).map(|app| app.slug).collect();
    let profile = if dir.join("profile.json").exists() { "profile = \"profile.json\"\n" } else { "" };
    let manifest = format!("[host]\nname = \"store\"\ncore = {core:?}\n{profile}[routes]\n{routes_section}\n");
    std::fs::write(dir.join("apps.manifest.toml"), manifest).unwrap();
    let compilation = compile(&dir.join("apps.manifest.toml"), &Options::default());
    compilation.baked.unwrap_or_else(|| panic!("{:#?}", compilation.diagnostics)).table
}
