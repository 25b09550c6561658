//! Scan and parse: the texts of a host and its apps, read and told of where they are wrong.

use std::path::Path;

use bakehouse_manifest::{Dialect, HostManifest, Problem, Spanned, native};

use super::Compiler;
use crate::diagnostics::{Diagnostic, Severity};
use crate::model::AppText;
use crate::scan::{self, AppFolder, FolderGlobs, ReadError, Text};
use crate::source::FileId;

impl Compiler {
    /// Takes in a text file; what is wrong with its bytes is told at it.
    pub(super) fn add(&mut self, path: String, text: Text) -> (FileId, Option<String>) {
        match text {
            Text::Utf8(text) => (self.sources.add(path, text.clone()), Some(text)),
            Text::NotUtf8 { lossy, valid_up_to } => {
                let file = self.sources.add(path, lossy);
                let place = file.at((valid_up_to..valid_up_to + '\u{fffd}'.len_utf8()).into());
                let help = "save the file as UTF-8";
                self.diagnostics.push(Diagnostic::error("not-utf8", place, "file is not UTF-8").help(help));
                (file, None)
            }
            Text::Unreadable(error) => {
                let file = self.sources.add(path, String::new());
                self.unreadable(file, &error);
                (file, None)
            }
        }
    }

    pub(super) fn unreadable(&mut self, file: FileId, error: &ReadError) {
        let message = format!("`{}` cannot be read: {}", error.path.display(), error.error);
        let help = match error.error.kind() {
            std::io::ErrorKind::NotFound => "check the path, and the folder from which it is taken",
            std::io::ErrorKind::PermissionDenied => "give the user who runs this the right to read it",
            std::io::ErrorKind::InvalidData => "rename it",
            std::io::ErrorKind::FileTooLarge => "divide the app into several, or take out what is no manifest",
            _ => "put a readable file there",
        };
        self.diagnostics.push(Diagnostic::error("unreadable", file.start(), message).help(help));
    }

    pub(super) fn problems(&mut self, file: FileId, problems: Vec<Problem>, severity: Severity) {
        self.diagnostics.extend(problems.into_iter().map(|problem| Diagnostic::problem(file, problem, severity)));
    }

    pub(super) fn host(&mut self, manifest: &Path) -> (FileId, Option<HostManifest>) {
        let name = manifest.file_name().unwrap_or(manifest.as_os_str()).to_string_lossy().into_owned();
        let (file, text) = self.add(name, scan::read_text(manifest));
        let host = text.map(|text| {
            let (host, problems) = native::parse_host(&text);
            self.problems(file, problems, Severity::Error);
            host
        });
        (file, host)
    }

    pub(super) fn apps(&mut self, file: FileId, host: &HostManifest, root_name: &str, root: &Path) -> Vec<AppText> {
        // What a host manifest with problems seems not to say may be in what could not be read.
        let is_whole = !self.has_errors_in(file, 0);
        let dialect = host.host.dialect.as_ref().map(|dialect| dialect.value).unwrap_or_default();
        if dialect == Dialect::Native
            && let Some(name) = foreign_name(host)
        {
            if is_whole || host.host.dialect.is_some() {
                self.wrong_dialect(file, name);
            }
            return Vec::new();
        }
        if dialect == Dialect::Calcom && !cfg!(feature = "calcom") {
            self.missing_dialect(file, host);
            return Vec::new();
        }
        // A folder that was to be left out would be told as if it were an app.
        if host.host.folders_unread {
            return Vec::new();
        }
        let may_lack_root = !is_whole && host.host.root.is_none();
        let globs = self.globs(file, host, dialect);
        if !scan::is_folder(root) {
            if may_lack_root {
                return Vec::new();
            }
            let place = host.host.root.as_ref().map_or(file.start(), |root| file.of(root));
            let message = format!("there is no folder `{root_name}` of apps");
            let help = format!(
                "make it, or set `root` under `[host]` to the folder of the apps, relative to `{}`",
                self.sources.file(file).path
            );
            self.diagnostics.push(Diagnostic::error("missing-root", place, message).help(help));
            return Vec::new();
        }
        let folders = scan::app_folders(root, &globs);
        for error in &folders.errors {
            self.unreadable(file, error);
        }
        self.unused_globs(file, host, &folders.used);
        self.linked_folders(file, root_name, &folders.linked);
        let read = |folder: AppFolder| self.app(file, dialect, root_name, root, folder, &globs);
        folders.found.into_iter().filter_map(read).collect()
    }

    /// One mistake of the host manifest, where each app's manifest would be many.
    fn wrong_dialect(&mut self, file: FileId, name: &Spanned<String>) {
        let message = format!("manifest `{}` is JSON, but the native dialect reads TOML", name.value);
        let help = "set `dialect = \"calcom\"` under `[host]`";
        self.diagnostics.push(Diagnostic::error("wrong-dialect", file.of(name), message).help(help));
    }

    /// A build script that bakes native manifests need not compile what reads others.
    fn missing_dialect(&mut self, file: FileId, host: &HostManifest) {
        let place = host.host.dialect.as_ref().map_or(file.start(), |dialect| file.of(dialect));
        let help = "give the dependency `bakehouse-codegen` the feature `calcom`";
        let message = "the dialect `calcom` is left out of this build";
        self.diagnostics.push(Diagnostic::error("wrong-dialect", place, message).help(help));
    }

    fn app(
        &mut self,
        host_file: FileId,
        dialect: Dialect,
        root_name: &str,
        root: &Path,
        folder: AppFolder,
        globs: &FolderGlobs,
    ) -> Option<AppText> {
        let Some(name) = &folder.manifest else {
            self.no_manifest(host_file, root_name, &folder, globs);
            return None;
        };
        let app_folder = root.join(&folder.path);
        let path = format!("{root_name}/{}/{name}", folder.path);
        let n_told = self.diagnostics.len();
        let (file, text) = self.add(path, scan::read_text(&app_folder.join(name)));
        // What cannot be read as text still is an app, so that whoever names it is not told that there is none.
        let is_read = text.is_some();
        let text = text.unwrap_or_default();
        let (manifest, description) = match dialect {
            Dialect::Native => {
                let (manifest, problems) = native::parse_app(&text);
                self.problems(file, problems, Severity::Error);
                (manifest, None)
            }
            #[cfg(feature = "calcom")]
            Dialect::Calcom => self.calcom_app(root_name, &app_folder, &folder.path, name, file, &text),
            #[cfg(not(feature = "calcom"))]
            Dialect::Calcom => return None,
        };
        let has_errors = self.has_errors_in(file, n_told);
        let unread = (!is_read || has_errors).then_some(text);
        Some(AppText { file, folder: folder.path, description, manifest, unread })
    }
}

/// A file name of manifests that the native dialect cannot be meant for.
fn foreign_name(host: &HostManifest) -> Option<&Spanned<String>> {
    host.host.manifest_names.iter().flatten().find(|name| name.ends_with(".json"))
}
