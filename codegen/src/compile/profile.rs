//! Scan and parse: what hosts recorded of their use.

use std::io;
use std::path::Path;

use bakehouse_manifest::HostManifest;
use bakehouse_manifest::profile::Profile;

use super::Compiler;
use crate::diagnostics::Diagnostic;
use crate::model::is_plain_path;
use crate::scan::{self, Text};
use crate::source::FileId;

impl Compiler {
    /// The profile that the host manifest names. One that is not there yet is no mistake: it is recorded by what is baked.
    pub(super) fn profile(&mut self, file: FileId, host: &HostManifest, folder: &Path) -> Option<Profile> {
        // A path that leads elsewhere is told by its own rule.
        let path = host.host.profile.as_ref().filter(|path| is_plain_path(path))?;
        let place = file.of(path);
        let unusable = |why: String| {
            let message = format!("profile `{}` can't be used: {why}", path.value);
            let help = "delete it and record it anew with `serve --profile`, or take the key out";
            Diagnostic::error("profile-damaged", place, message).help(help)
        };
        let diagnostic = match scan::read_text(&folder.join(&path.value)) {
            Text::Utf8(text) => match Profile::parse(&text) {
                Ok(profile) => return Some(profile),
                Err(error) => {
                    let recorded = self.sources.add(path.value.clone(), text);
                    unusable(error.to_string()).also(recorded.at(error.span()), "here")
                }
            },
            Text::NotUtf8 { .. } => unusable("it is not UTF-8".to_owned()),
            Text::Unreadable(error) if error.error.kind() == io::ErrorKind::NotFound => {
                let message = format!("profile `{}` is not there yet", path.value);
                let help = format!("record it with `serve --profile {}`", path.value);
                Diagnostic::note("profile-missing", place, message).help(help)
            }
            Text::Unreadable(error) => unusable(error.error.to_string()),
        };
        self.diagnostics.push(diagnostic);
        None
    }
}
