//! Manifests as they are written, before any rule is applied and any default is filled in.

use crate::{Problem, Span, Spanned};

/// `apps.manifest.toml`: the manifest of a host.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HostManifest {
    /// `[host]`
    pub host: HostSection,
    /// `[routes]`
    pub routes: RoutesSection,
    /// `[assets]`
    pub assets: AssetsSection,
    /// `[select]`, in the order of the file.
    pub select: Vec<Selection>,
    /// `[check]`
    pub check: CheckSection,
}

/// `[host]`: who the host is and where its apps are.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct HostSection {
    /// The host's name.
    pub name: Option<Spanned<String>>,
    /// The folder of the apps, relative to the manifest.
    pub root: Option<Spanned<String>>,
    /// Which folders below `root` hold an app, as globs over whole paths.
    pub apps: Option<Vec<Spanned<String>>>,
    /// Which of them to leave out.
    pub exclude: Option<Vec<Spanned<String>>>,
    /// Whether something of `apps` or `exclude` could not be read, so that nobody knows which folders hold an app.
    pub folders_unread: bool,
    /// Apps to load at start, by slug or alias.
    pub core: Vec<Spanned<String>>,
    /// How the apps' manifests are written.
    pub dialect: Option<Spanned<Dialect>>,
    /// The file names to look for in an app's folder; the first that exists wins.
    pub manifest_names: Option<Vec<Spanned<String>>>,
    /// What hosts recorded of their use, relative to the manifest.
    pub profile: Option<Spanned<String>>,
}

/// How the manifests of the apps are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Dialect {
    /// `app.toml`
    #[default]
    Native,
    /// `config.json` as cal.com's app store has it.
    Calcom,
}

impl Dialect {
    /// The file names to look for in an app's folder, unless the host's manifest names others.
    pub fn manifest_names(self) -> &'static [&'static str] {
        match self {
            Self::Native => &["app.toml"],
            Self::Calcom => &["config.json"],
        }
    }
}

/// `[routes]`: what holds for every pattern.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RoutesSection {
    /// Put before every pattern.
    pub prefix: Option<Spanned<String>>,
    /// Patterns that every app gets.
    pub each: Vec<Spanned<String>>,
    /// What a slash at the end of a path means.
    pub trailing_slash: TrailingSlash,
    /// Whether the case of ASCII letters counts.
    pub case: Case,
}

/// What a slash at the end of a path means.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TrailingSlash {
    /// A path with it is another path.
    #[default]
    Strict,
    /// A path that nothing matches is tried in its other form.
    Ignore,
    /// As `ignore`, but the answer sends the client to the pattern's form.
    Redirect,
}

/// Whether the case of ASCII letters in a path counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Case {
    /// It does.
    #[default]
    Sensitive,
    /// It does not.
    Insensitive,
}

/// `[assets]`: where links appear and how they are made.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AssetsSection {
    /// The public folder, relative to the manifest.
    pub public: Option<Spanned<String>>,
    /// An app's default place in it.
    pub mount: Option<Spanned<String>>,
    /// How links are made.
    pub mode: Option<Spanned<Mode>>,
    /// Whether a whole folder may become one link.
    pub fold: Option<Spanned<bool>>,
    /// Asset sets that every app which has the folder gets.
    pub each: Vec<AssetSet>,
}

/// How an asset comes into the public folder.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash)]
pub enum Mode {
    /// A symlink where the system can, else the next best thing.
    #[default]
    Auto,
    /// A symlink.
    Symlink,
    /// A hard link.
    Hardlink,
    /// A copy.
    Copy,
}

/// A line of `[select]`: a named choice of apps.
#[derive(Debug, Clone, PartialEq)]
pub struct Selection {
    /// Its name.
    pub name: Spanned<String>,
    /// Slugs, aliases and `@core`.
    pub apps: Vec<Spanned<String>>,
}

/// `[check]`: what the host makes of warnings and notes, by their codes.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct CheckSection {
    /// What is an error here.
    pub deny: Vec<Spanned<String>>,
    /// What is not told here.
    pub allow: Vec<Spanned<String>>,
}

/// The manifest of an app, whatever dialect it was written in.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct AppManifest {
    /// The app's name in paths.
    pub slug: Option<Spanned<String>>,
    /// The app's name for people.
    pub name: Option<Spanned<String>>,
    /// Other names of the app in paths.
    pub aliases: Vec<Spanned<String>>,
    /// A line about it.
    pub description: Option<Spanned<String>>,
    /// Who publishes it.
    pub publisher: Option<Spanned<String>>,
    /// What it is for.
    pub categories: Vec<Spanned<String>>,
    /// Apps that are loaded before it, by slug or alias.
    pub requires: Vec<Spanned<String>>,
    /// Apps it asks for when it needs them, by slug or alias.
    pub uses: Vec<Spanned<String>>,
    /// The path of its constructor; none for an app without code.
    pub entry: Option<Spanned<String>>,
    /// Whether it is on unless the environment says otherwise.
    pub enabled: Option<Spanned<bool>>,
    /// `[[route]]`, in the order of the file.
    pub routes: Vec<Route>,
    /// `[[assets]]`, in the order of the file.
    pub assets: Vec<AssetSet>,
    /// `[metadata]`: anything, handed on as it is.
    pub metadata: Metadata,
    /// Files of the app that the manifest or its description names; whoever checks looks whether they are there.
    pub references: Vec<Reference>,
    /// What a foreign manifest says that Bakehouse does not carry over, and why that is fine; told under `--verbose`.
    pub tolerated: Vec<Problem>,
}

/// A JSON object, as text: `{}` where there is nothing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Metadata(pub String);

impl Default for Metadata {
    fn default() -> Self {
        Self("{}".to_owned())
    }
}

/// `[[route]]`: a pattern that the app serves.
#[derive(Debug, Clone, PartialEq)]
pub struct Route {
    /// The pattern.
    pub path: Spanned<String>,
    /// The methods it serves; none means all.
    pub methods: Option<Vec<Spanned<String>>>,
    /// Apps loaded along with this one when the route is entered.
    pub preload: Vec<Spanned<String>>,
    /// Apps from whose patterns this one takes paths, knowingly.
    pub overrides: Vec<Spanned<String>>,
    /// Whether any app may take paths from it.
    pub yields: bool,
    /// The table's header.
    pub span: Span,
}

/// `[[assets]]`: a folder or a file of the app and where it goes.
#[derive(Debug, Clone, PartialEq)]
pub struct AssetSet {
    /// The folder or file, relative to the app's folder.
    pub from: Spanned<String>,
    /// Its place in the public folder; the host's mount if none.
    pub to: Option<Spanned<String>>,
    /// Files of the set that are in place before the host answers.
    pub critical: Vec<Spanned<String>>,
    /// Whether it is linked only when the app loads or the asset is first asked for.
    pub lazy: bool,
    /// How it is linked; the host's mode if none.
    pub mode: Option<Spanned<Mode>>,
    /// The table's header.
    pub span: Span,
}

/// A file that a manifest names.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// What names it, for the message: `` `logo` ``, `an item`, `an image`.
    pub what: &'static str,
    /// The file, relative to the app's folder.
    pub path: Spanned<String>,
    /// The file in the app's folder in which it is named: the manifest, which is meant by an empty text too, or
    /// `DESCRIPTION.md`.
    pub named_in: String,
    /// Whether any asset of the app with its last part as name will do, as for the icon of the store's pages.
    pub anywhere: bool,
}
