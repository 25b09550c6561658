//! Which folders hold an app: the globs of the host manifest, and what they took in.

use bakehouse_manifest::{Dialect, HostManifest, Spanned};

use super::Compiler;
use crate::diagnostics::Diagnostic;
use crate::model::is_plain_path;
use crate::scan::{AppFolder, FolderGlobs};
use crate::source::FileId;

impl Compiler {
    pub(super) fn globs(&mut self, file: FileId, host: &HostManifest, dialect: Dialect) -> FolderGlobs {
        self.manifest_names(file, host);
        let texts = |list: Option<&[Spanned<String>]>, default: &str| match list {
            Some(list) => list.to_vec(),
            None => vec![Spanned::new(default.to_owned(), 0..0)],
        };
        let mut parse = |texts: Vec<Spanned<String>>| {
            let parsed = texts.into_iter().filter_map(|text| match glob::Pattern::new(&text.value) {
                Ok(glob) => Some(glob),
                Err(error) => {
                    let message = format!("`{}` is not a glob: {}", text.value, error.msg);
                    let help = "`*` stands for any text without `/`, `?` for a character, `[…]` for one of some";
                    self.diagnostics.push(Diagnostic::error("invalid-glob", file.of(&text), message).help(help));
                    None
                }
            });
            parsed.collect()
        };
        FolderGlobs {
            apps: parse(texts(host.host.apps.as_deref(), "*")),
            exclude: parse(texts(host.host.exclude.as_deref(), "_*")),
            manifest_names: host.host.manifest_names.as_ref().map_or_else(
                || dialect.manifest_names().iter().map(|name| (*name).to_owned()).collect(),
                |names| names.iter().filter(|name| is_file_name(name)).map(|name| name.value.clone()).collect(),
            ),
        }
    }

    pub(super) fn manifest_names(&mut self, file: FileId, host: &HostManifest) {
        for name in host.host.manifest_names.iter().flatten().filter(|name| !is_file_name(name)) {
            let message = format!("manifest name `{}` is not the name of a file", name.value);
            let help = "a manifest lies in the app's folder itself: write its name, without a path";
            self.diagnostics.push(Diagnostic::error("invalid-path", file.of(name), message).help(help));
        }
    }

    /// An app folder that is a link would be a silent gap.
    pub(super) fn linked_folders(&mut self, file: FileId, root_name: &str, linked: &[String]) {
        for folder in linked {
            let message = format!("folder `{root_name}/{folder}` is a link, and links are not followed");
            let help = "put the folder itself there, or leave it out with `exclude`";
            self.diagnostics.push(Diagnostic::warning("linked-folder", file.start(), message).help(help));
        }
    }

    pub(super) fn unused_globs(&mut self, file: FileId, host: &HostManifest, used: &[bool]) {
        for (glob, used) in host.host.apps.iter().flatten().zip(used) {
            if !used {
                let message = format!("no folder matches `{}`", glob.value);
                let help = "globs are matched against whole paths below `root`";
                self.diagnostics.push(Diagnostic::warning("unmatched-glob", file.of(glob), message).help(help));
            }
        }
    }

    /// A folder without a manifest is no app, which is fine, unless a file in it looks like one with a slip in its name,
    /// or the host manifest names the folder itself.
    pub(super) fn no_manifest(&mut self, host_file: FileId, root_name: &str, folder: &AppFolder, globs: &FolderGlobs) {
        let wanted = globs.manifest_names.first().map_or("", String::as_str);
        if let Some(near) = bakehouse_manifest::nearest(wanted, folder.files.iter().map(String::as_str)) {
            let message = format!("folder `{root_name}/{}` has no `{wanted}`, only `{near}`", folder.path);
            let help = format!("rename it to `{wanted}`, or leave the folder out with `exclude`");
            self.diagnostics.push(Diagnostic::warning("no-manifest", host_file.start(), message).help(help));
        } else if globs.apps.iter().any(|glob| glob.as_str() == folder.path) {
            let message = format!("folder `{root_name}/{}` has no `{wanted}`", folder.path);
            let help = "add the manifest, or take the folder out of `apps`";
            self.diagnostics.push(Diagnostic::warning("no-manifest", host_file.start(), message).help(help));
        }
    }
}

fn is_file_name(name: &str) -> bool {
    is_plain_path(name) && !name.contains('/')
}
